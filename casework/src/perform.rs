//! How use cases run their acts, over HTTP, from a job or from the simulator.

use httpkit::{Act as Write, Keyed, act::Repetition};
use kernel::{AppError, Caller, caller::Permission, codes, item::Words};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use store::Envelope;
use uuid::Uuid;

use crate::{
    change::Assessment,
    command::{Act, Acted},
    desk::{Casework, Seen, seal_with},
    store as rows,
    views::opened_words,
};

/// How an act was asked for: the version seen, and how to recognise a repetition.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The version the caller has seen; none when he acts on whatever is there.
    pub version: Option<i64>,
    /// How to recognise a repetition; none outside HTTP.
    pub repetition: Option<Repetition>,
}

impl Asked {
    /// Over HTTP, with the version the caller has seen.
    ///
    /// # Errors
    /// `E1009` when he did not say which.
    pub fn over_http<T>(write: &Write<T>) -> Result<Self, AppError> {
        Ok(Self {
            version: Some(write.version()?),
            repetition: Some(write.repetition.clone()),
        })
    }

    /// Over HTTP, without a JSON body; `body` is what makes a repetition the same request.
    pub fn keyed(keyed: &Keyed, body: Vec<u8>) -> Self {
        Self {
            version: keyed.version,
            repetition: Some(keyed.repetition(body)),
        }
    }

    /// Over HTTP, where the version does not matter.
    pub fn unversioned<T>(write: &Write<T>) -> Self {
        Self {
            version: None,
            repetition: Some(write.repetition.clone()),
        }
    }
}

impl Casework {
    /// The circumstances of a command of this caller.
    pub(crate) fn envelope<P>(&self, caller: &Caller<P>, asked: &Asked) -> Envelope {
        match &asked.repetition {
            Some(repetition) => self.kit.envelope(caller, repetition),
            None => self.kit.envelope_of(caller),
        }
    }

    /// Runs a use case once: see [`httpkit::Kit::once`].
    pub(crate) fn once<'a, T: DeserializeOwned + 'a, P>(
        &'a self,
        caller: &'a Caller<P>,
        asked: &'a Asked,
        act: impl Future<Output = Result<T, AppError>> + 'a,
    ) -> impl Future<Output = Result<T, AppError>> + 'a {
        // A use case with all that it asks is large: it is moved once.
        let act = Box::pin(act);
        async move {
            match &asked.repetition {
                Some(repetition) => self.kit.once(caller, repetition, act).await,
                None => act.await,
            }
        }
    }

    /// Runs an act of a caller.
    pub(crate) async fn perform<A: Act, P: Permission>(
        &self,
        caller: &Caller<P>,
        asked: &Asked,
        seen: &Seen,
        act: A,
        assessment: Option<Assessment>,
    ) -> Result<Acted, AppError> {
        let envelope = self.envelope(caller, asked);
        let mut command = self.on(caller, seen, &envelope, asked.version, act)?;
        command.assessment = assessment;
        self.kit.run(envelope, command).await
    }

    /// The newest form of a case, whole, with what the registers said.
    pub(crate) async fn form_of(&self, seen: &Seen) -> Result<FormData, AppError> {
        let version = seen.case.data_version;
        let Some(row) = rows::newest_data(&self.kit.store, &seen.file, version).await? else {
            return Ok(FormData::default());
        };
        let sealed = self.open(&seen.file, &row.sealed)?;
        FormData::unpack(&row.plain, &sealed, seen)
    }

    /// Seals form data for storing.
    pub(crate) fn pack_form(&self, seen: &Seen, data: &FormData) -> Result<PackedForm, AppError> {
        let key = self.key_of(&seen.file)?;
        data.pack(&seen.model.form, |plain| {
            seal_with(&key, seen.file.case_id, plain, &mut self.entropy())
        })
    }

    /// Asks the rules of the item about a case as it stands.
    ///
    /// # Errors
    /// `E1226` when a register does not answer; broken when the rules cannot be evaluated.
    pub(crate) fn assess(&self, seen: &Seen, data: &FormData) -> Result<Assessment, AppError> {
        let case = &seen.case;
        let received = case.received_at.unwrap_or_else(|| self.now()).day();
        let input = json!({
            "form": data.form,
            "registers": data.registers,
            "case": {
                "item": case.opening.item,
                "channel": case.opening.channel,
                "applicant": if case.opening.employer.is_some() { "enterprise" } else { "person" },
                "received_on": received,
                "today": self.now().day(),
            },
            "materials": case.files.iter().map(|file| &file.slot).chain(&case.promises).collect::<Vec<_>>(),
        });
        let Ruled {
            checks,
            outcome,
            benefit,
        } = ruled(&seen.model, &input)?;
        let text = |key: &str, otherwise: &str| {
            outcome
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or(otherwise)
                .to_owned()
        };
        let kept = json!({ "checks": checks, "outcome": outcome, "benefit": benefit, "sources": data.sources });
        let sealed = self.seal(&seen.file, kept.to_string().as_bytes())?;
        // Over the sealed bytes: a digest of the values themselves could be guessed.
        let digest = seal::sm3_hex(&sealed);
        Ok(Assessment {
            granted: self.seal_granted(seen, benefit.as_ref())?,
            outcome: text("outcome", "review"),
            rule: text("rule", ""),
            other: None,
            subject: None,
            digest,
            sealed,
        })
    }

    /// The key of the one open case that there may be about a person of the form, where the item says
    /// so.
    pub(crate) fn subject_of(&self, seen: &Seen, form: &Value) -> Option<Uuid> {
        let facts = &seen.model.edition.facts;
        let mut fields = facts.one_open_about.iter().filter(|_| facts.one_open_case);
        let number = fields.find_map(|field| seen.model.citizen_no(field, form))?;
        let employer = seen.case.opening.employer;
        Some(self.parts.subjects.subject(employer, &number))
    }

    /// What a decision to grant gives, sealed for its paper: the benefit as the rules assessed it when
    /// they were asked. Nothing is computed anew.
    pub(crate) async fn granted(&self, seen: &Seen) -> Result<Option<Vec<u8>>, AppError> {
        let assessed = self.assessed(seen).await?;
        self.seal_granted(seen, assessed.get("benefit"))
    }

    /// What the rules said when they were asked, from the sealed row; null before.
    pub(crate) async fn assessed(&self, seen: &Seen) -> Result<Value, AppError> {
        let Some(id) = seen.case.checks else {
            return Ok(Value::Null);
        };
        match rows::text_of(&self.kit.store, &seen.file, id).await? {
            Some(row) => opened_words(self, seen, &row.sealed),
            None => Ok(Value::Null),
        }
    }

    fn seal_granted(
        &self,
        seen: &Seen,
        benefit: Option<&Value>,
    ) -> Result<Option<Vec<u8>>, AppError> {
        match benefit.filter(|benefit| !benefit.is_null()) {
            Some(benefit) => self.seal_words(seen, &json!({ "benefit": benefit })),
            None => Ok(None),
        }
    }

    /// Seals words a person wrote.
    pub(crate) fn seal_json(&self, seen: &Seen, words: &Value) -> Result<Vec<u8>, AppError> {
        self.seal(&seen.file, words.to_string().as_bytes())
    }

    /// Seals words a person wrote, if he wrote any.
    pub(crate) fn seal_words(
        &self,
        seen: &Seen,
        words: &Value,
    ) -> Result<Option<Vec<u8>>, AppError> {
        if words.is_null() {
            return Ok(None);
        }
        self.seal(&seen.file, words.to_string().as_bytes())
            .map(Some)
    }
}

/// What the rules of an item say.
pub(crate) struct Ruled {
    pub checks: Value,
    pub outcome: Value,
    /// What is granted, where the rules assess it.
    pub benefit: Option<Value>,
}

/// Asks the rules of an item.
///
/// # Errors
/// Broken when they cannot be evaluated.
pub(crate) fn ruled(model: &crate::model::Model, input: &Value) -> Result<Ruled, AppError> {
    let rules = &model.rules;
    let mut over = rules.over(input);
    let mut decide = |name: &str| {
        let decided = over.decide(name).map(|outcome| outcome.value);
        decided.map_err(|fault| {
            let code = &model.edition.facts.code;
            kernel::error::Broken::caused(format!("decision {name} of {code}"), fault)
        })
    };
    let checks = decide("checks")?;
    let outcome = decide("outcome")?;
    let benefit = if rules.names().any(|name| name == "benefit") {
        Some(decide("benefit")?)
    } else {
        None
    };
    Ok(Ruled {
        checks,
        outcome,
        benefit,
    })
}

/// The data of a form with what the registers said.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct FormData {
    /// What the applicant gave.
    pub form: Value,
    /// What the registers know of the form's fields.
    pub facts: serde_json::Map<String, Value>,
    /// Whole answers, for the rules.
    pub registers: Value,
    /// Which register said it, and when.
    pub sources: Vec<Value>,
}

/// Form data as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PackedForm {
    pub plain: String,
    pub sealed: Vec<u8>,
}

impl PackedForm {
    /// The digest events refer to.
    pub(crate) fn digest(&self) -> String {
        seal::sm3_hex(&self.sealed)
    }
}

impl FormData {
    /// The form with the facts in their places: what pages show and rules see.
    pub(crate) fn whole(&self, model: &crate::model::Model) -> Value {
        model
            .form
            .normalise(&self.form, &Value::Object(self.facts.clone()))
    }

    fn pack(
        &self,
        form: &forms::Form,
        seal: impl Fn(&[u8]) -> Result<Vec<u8>, AppError>,
    ) -> Result<PackedForm, AppError> {
        let fields = self.form.as_object().cloned().unwrap_or_default();
        let (plain, secret) = form.split(&fields);
        let hidden = json!({
            "form": secret, "facts": self.facts, "registers": self.registers, "sources": self.sources,
        });
        Ok(PackedForm {
            plain: Value::Object(plain).to_string(),
            sealed: seal(hidden.to_string().as_bytes())?,
        })
    }

    fn unpack(plain: &str, sealed: &[u8], seen: &Seen) -> Result<Self, AppError> {
        let broken = |fault| kernel::error::Broken::caused("form data of a case", fault);
        let plain: serde_json::Map<String, Value> = serde_json::from_str(plain).map_err(broken)?;
        let mut hidden: serde_json::Map<String, Value> =
            serde_json::from_slice(sealed).map_err(broken)?;
        let mut object = |key: &str| match hidden.remove(key) {
            Some(Value::Object(fields)) => fields,
            _ => serde_json::Map::new(),
        };
        let secret = object("form");
        let facts = object("facts");
        let registers = Value::Object(object("registers"));
        let sources = match hidden.remove("sources") {
            Some(Value::Array(sources)) => sources,
            _ => Vec::new(),
        };
        let form = Value::Object(seen.model.form.join(plain, secret));
        Ok(Self {
            form,
            facts,
            registers,
            sources,
        })
    }
}

/// Refuses an applicant who is not of the kind the item serves.
pub(crate) fn serves(
    model: &crate::model::Model,
    kind: kernel::item::ApplicantKind,
) -> Result<(), AppError> {
    if model.edition.facts.applicants.contains(&kind) {
        return Ok(());
    }
    let words = match model.edition.facts.applicants.first() {
        Some(kernel::item::ApplicantKind::Enterprise) => ("用人单位", "enterprises"),
        _ => ("个人", "natural persons"),
    };
    let words = Words {
        zh: words.0.to_owned(),
        en: words.1.to_owned(),
    };
    Err(kernel::Refusal::new(&codes::E1220)
        .worded("applicant", words)
        .into())
}
