//! A form that was read.

use jsonschema::Validator;
use kernel::Lang;
use serde_json::{Map, Value, json};

use crate::{
    fault::Fault,
    field::{Field, read_fields},
    read::{Faults, join, join_index},
    schema::{Types, compile},
    value::{is_empty, shape_faults, tidy},
    visible::order,
};

/// The format of the document that this crate reads.
const FORMAT: u64 = 1;

/// A form. `Send + Sync`: one serves all requests.
#[derive(Debug)]
pub struct Form {
    pub(crate) fields: Vec<Field>,
    pub(crate) order: Vec<usize>,
    pub(crate) validator: Validator,
    view: Value,
}

impl Form {
    /// Reads a form document. Tells all its faults at once, with JSON pointers into the document.
    pub fn load(document: &Value) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        let form = read(document, &mut faults);
        match form {
            Some(form) if faults.0.is_empty() => Ok(form),
            _ => Err(faults.0),
        }
    }

    /// What the browser needs: the document without `prefill`, which only the registers answer.
    pub const fn view(&self) -> &Value {
        &self.view
    }

    /// The keys of the fields, in the order of the document.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.key.as_str())
    }

    /// What a field is called; none for an unknown key.
    pub fn label(&self, key: &str, lang: Lang) -> Option<&str> {
        let (zh, en) = &self.field(key)?.label;
        Some(match lang {
            Lang::Zh => zh,
            Lang::En => en,
        })
    }

    /// What the registers know: the value of each `prefill` that has one and fits its field.
    /// `registers` holds one object for each register, `{"population": {..}, ..}`.
    pub fn prefill(&self, registers: &Value) -> Map<String, Value> {
        let mut facts = Map::new();
        for field in &self.fields {
            let answer = field
                .prefill
                .as_ref()
                .map(|prefill| prefill.eval(registers));
            if let Some(Ok(value)) = answer {
                let value = tidy(field, &value);
                if !is_empty(&value) && shape_faults(field, &value, "").is_empty() {
                    facts.insert(field.key.clone(), value);
                }
            }
        }
        facts
    }

    /// Parts data into what may be kept plainly and what must be encrypted.
    pub fn split(&self, data: &Map<String, Value>) -> (Map<String, Value>, Map<String, Value>) {
        let secret = |key: &str| self.field(key).is_some_and(|field| field.sensitive);
        data.clone().into_iter().partition(|(key, _)| !secret(key))
    }

    /// Puts together what [`Form::split`] parted, in the order of the fields.
    pub fn join(
        &self,
        mut plain: Map<String, Value>,
        mut sensitive: Map<String, Value>,
    ) -> Map<String, Value> {
        let mut whole = Map::new();
        for field in &self.fields {
            let key = field.key.as_str();
            if let Some(value) = sensitive
                .shift_remove(key)
                .or_else(|| plain.shift_remove(key))
            {
                whole.insert(key.to_owned(), value);
            }
        }
        whole.extend(plain);
        whole.extend(sensitive);
        whole
    }

    /// The text of a field as it is kept, however it was typed; none for an unknown key or another
    /// kind of value.
    pub fn text_of(&self, key: &str, value: &Value) -> Option<String> {
        match tidy(self.field(key)?, value) {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }
}

fn read(document: &Value, faults: &mut Faults) -> Option<Form> {
    let top = faults.object(
        Some(document),
        "",
        &["format", "schema", "fields", "layout"],
    )?;
    if top.get("format").and_then(Value::as_u64) != Some(FORMAT) {
        faults.add("/format", format!("the format is {FORMAT}"));
    }
    let schema = top.get("schema");
    let types = Types::read(schema, faults)?;
    let fields = read_fields(top.get("fields"), &types, faults);
    let keys: Vec<&String> = top
        .get("fields")
        .and_then(Value::as_object)
        .map_or_else(Vec::new, |fields| fields.keys().collect());
    check_layout(top.get("layout"), &keys, faults);
    let order = order(&fields, faults);
    if !faults.0.is_empty() {
        return None;
    }
    Some(Form {
        validator: compile(schema?, faults)?,
        view: view(top),
        fields,
        order,
    })
}

fn check_layout(value: Option<&Value>, keys: &[&String], faults: &mut Faults) {
    let mut placed: Vec<&str> = Vec::new();
    for (index, section) in faults.array(value, "/layout").iter().enumerate() {
        let pointer = join_index("/layout", index);
        let Some(section) = faults.object(Some(section), &pointer, &["section", "fields"]) else {
            continue;
        };
        faults.words(section.get("section"), &join(&pointer, "section"));
        let pointer = join(&pointer, "fields");
        for (index, field) in faults
            .array(section.get("fields"), &pointer)
            .iter()
            .enumerate()
        {
            let pointer = join_index(&pointer, index);
            match faults.text(Some(field), &pointer) {
                Some(key) if !keys.iter().any(|known| *known == key) => {
                    faults.add(&pointer, format!("there is no field `{key}`"));
                }
                Some(key) if placed.contains(&key) => {
                    faults.add(&pointer, format!("`{key}` stands in the layout twice"));
                }
                Some(key) => placed.push(key),
                None => {}
            }
        }
    }
    for key in keys.iter().filter(|key| !placed.contains(&key.as_str())) {
        faults.add(
            &join("/fields", key),
            "the field is in no section of the layout",
        );
    }
}

fn view(top: &Map<String, Value>) -> Value {
    let mut view = json!(top);
    let fields = view.get_mut("fields").and_then(Value::as_object_mut);
    for field in fields.into_iter().flat_map(Map::values_mut) {
        if let Some(field) = field.as_object_mut() {
            field.shift_remove("prefill");
        }
    }
    view
}
