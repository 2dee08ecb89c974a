//! An edition of an item, compiled once: form, rules and flow ready to run.

use std::{
    collections::BTreeMap,
    sync::{Arc, RwLock},
};

use flow::Definition;
use forms::Form;
use kernel::{
    AppError, CitizenNo, DivisionCode, OrgPath, Refusal, codes,
    error::Broken,
    item::{ItemCode, ItemEdition, Material, MaterialSource},
    ports::Items,
};
use rules::{Decisions, Expression};
use serde_json::Value;

use crate::derived::DerivedRegister;

/// A compiled edition. It never changes.
#[derive(Debug)]
pub struct Model {
    /// The published standard.
    pub edition: Arc<ItemEdition>,
    /// The form.
    pub form: Form,
    /// The decisions.
    pub rules: Decisions,
    /// The flow.
    pub flow: Definition,
    pub(crate) derived: Vec<DerivedRegister>,
    needed: BTreeMap<String, Expression>,
}

impl Model {
    fn compile(edition: Arc<ItemEdition>) -> Result<Self, AppError> {
        let code = &edition.facts.code;
        let broken = |part: &str, fault: String| {
            AppError::from(Broken::new(format!(
                "{code} edition {}: {part}: {fault}",
                edition.edition
            )))
        };
        let form = Form::load(&edition.form).map_err(|f| broken("form", format!("{f:?}")))?;
        let rules =
            Decisions::load(&edition.rules).map_err(|f| broken("rules", format!("{f:?}")))?;
        let flow = Definition::read(&edition.flow).map_err(|f| broken("flow", format!("{f:?}")))?;
        let derived = DerivedRegister::all_of(&edition).map_err(|f| broken("derived", f))?;
        let mut needed = BTreeMap::new();
        for material in &edition.facts.materials {
            if let Some(text) = &material.needed_when {
                let condition =
                    Expression::parse(text).map_err(|f| broken("needed_when", format!("{f:?}")))?;
                needed.insert(material.id.clone(), condition);
            }
        }
        Ok(Self {
            edition,
            form,
            rules,
            flow,
            derived,
            needed,
        })
    }

    /// The material with this id on the closed list.
    pub fn material(&self, id: &str) -> Option<&Material> {
        self.edition
            .facts
            .materials
            .iter()
            .find(|material| material.id == id)
    }

    /// The organisation of an agency that handles the item.
    ///
    /// # Errors
    /// Broken when the edition names no path.
    pub fn handled_in(&self, bureau: DivisionCode) -> Result<OrgPath, AppError> {
        let org = format!("{bureau}/{}", self.edition.facts.handled_by);
        org.parse()
            .map_err(|fault| Broken::caused(format!("org {org}"), fault).into())
    }

    /// The citizen number in a field of the form, however it was typed.
    pub fn citizen_no(&self, field: &str, form: &Value) -> Option<CitizenNo> {
        let text = self.form.text_of(field, form.get(field)?)?;
        text.parse().ok()
    }

    /// Whether a material is asked of this applicant: condition over the form. A condition that
    /// cannot be answered yet does not ask.
    pub fn is_needed(&self, material: &Material, form: &Value) -> bool {
        self.needed
            .get(&material.id)
            .is_none_or(|condition| condition.test(form).unwrap_or(false))
    }

    /// Materials that must be there and are not: neither file, nor promise, nor a register that
    /// knows the answer. A shared material is asked for only where its register knows nothing.
    pub fn missing<'a>(
        &'a self,
        form: &'a Value,
        registers: &'a Value,
        supplied: &'a [String],
        promised: &'a [String],
    ) -> impl Iterator<Item = &'a Material> {
        self.edition.facts.materials.iter().filter(move |material| {
            material.required
                && !covered(material, registers)
                && self.is_needed(material, form)
                && !supplied.contains(&material.id)
                && !(material.promise_allowed && promised.contains(&material.id))
        })
    }
}

/// Whether a register stands in for a material. Where the item names none, the bureau looks it up by
/// itself: what is shared is never asked for.
pub(crate) fn covered(material: &Material, registers: &Value) -> bool {
    let knows = |register: &String| {
        let answer = registers.get(register);
        answer.is_some_and(|answer| !answer.is_null())
    };
    material.source == MaterialSource::Shared && material.register.as_ref().is_none_or(knows)
}

/// New applications are taken.
///
/// # Errors
/// `E1213` when the item is unknown or no longer offered, `E1043` while it is suspended.
pub(crate) fn check_offered(items: &dyn Items, code: &ItemCode) -> Result<(), AppError> {
    if let Some(suspension) = items.suspension(code) {
        return Err(suspension.refusal().into());
    }
    match items.current(code) {
        Some(_) => Ok(()),
        None => Err(Refusal::new(&codes::E1213).into()),
    }
}

/// Compiled editions by item and number.
#[derive(Default)]
pub struct Models(RwLock<BTreeMap<(ItemCode, i32), Arc<Model>>>);

impl Models {
    /// The compiled edition, if it was used before.
    pub fn known(&self, code: &ItemCode, edition: i32) -> Option<Arc<Model>> {
        let map = self.0.read().ok()?;
        map.get(&(code.clone(), edition)).cloned()
    }

    /// The compiled edition; compiled at first use.
    ///
    /// # Errors
    /// Broken when the edition is missing or does not compile: it was checked when it was loaded.
    pub fn get(
        &self,
        items: &dyn Items,
        code: &ItemCode,
        edition: i32,
    ) -> Result<Arc<Model>, AppError> {
        if let Some(model) = self.known(code, edition) {
            return Ok(model);
        }
        let published = items.edition(code, edition).ok_or_else(|| {
            Broken::new(format!("{code} edition {edition} is not in the catalogue"))
        })?;
        let model = Arc::new(Model::compile(published)?);
        if let Ok(mut map) = self.0.write() {
            map.insert((code.clone(), edition), Arc::clone(&model));
        }
        Ok(model)
    }

    /// The edition for new cases.
    ///
    /// # Errors
    /// `E1213` when the item is unknown or no longer offered, `E1043` while it is suspended.
    pub fn current(&self, items: &dyn Items, code: &ItemCode) -> Result<Arc<Model>, AppError> {
        check_offered(items, code)?;
        self.in_force(items, code)
    }

    /// The edition in force, for applications that were made before a suspension.
    ///
    /// # Errors
    /// `E1213` when the item is unknown or no longer offered.
    pub fn in_force(&self, items: &dyn Items, code: &ItemCode) -> Result<Arc<Model>, AppError> {
        let edition = items
            .current(code)
            .ok_or_else(|| Refusal::new(&codes::E1213))?
            .edition;
        self.get(items, code, edition)
    }
}
