//! An event as it is written.

use kernel::ids::{PersonId, StaffId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use super::CaseEvent;
use crate::case::Case;

/// The natural person behind an account, as he first acts in a case: who has two accounts is one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ActedBy {
    /// His account.
    pub staff: StaffId,
    /// Who he is.
    pub person: PersonId,
}

/// A written event and the state of the flow after it.
#[derive(Clone, PartialEq, Debug)]
pub struct Recorded {
    /// What happened.
    pub event: CaseEvent,
    /// Who acted, if he is known as a citizen and acts in this case for the first time.
    pub by: Option<ActedBy>,
    /// The flow after it, when it moved.
    pub flow: Option<flow::State>,
}

impl Recorded {
    /// The body in the log: the event, what every listener needs to know of the case, the flow.
    pub fn body(&self, case: &Case) -> Value {
        let mut body = match serde_json::to_value(&self.event) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        let person = |id: PersonId| json!({ "person": id });
        let owner = match case.opening.employer {
            Some(employer) => json!({ "employer": employer, "agent": case.opening.person }),
            None => person(case.opening.person),
        };
        body.insert("case_no".to_owned(), json!(case.number));
        body.insert("item".to_owned(), json!(case.opening.item));
        body.insert("edition".to_owned(), json!(case.opening.edition));
        body.insert("name".to_owned(), json!(case.opening.name));
        body.insert("kind".to_owned(), json!(case.opening.kind));
        body.insert("org".to_owned(), json!(case.opening.org));
        body.insert("channel".to_owned(), json!(case.opening.channel));
        if let Some(hall) = &case.opening.hall {
            body.insert("hall".to_owned(), json!(hall));
        }
        body.insert("state".to_owned(), json!(case.state));
        body.insert("notify".to_owned(), json!(case.opening.person));
        body.insert("owner".to_owned(), owner);
        body.insert("electronic".to_owned(), json!(case.electronic));
        if let Some(other) = case.other.as_ref()
            && self.event.concerns_other_party()
        {
            body.insert("other_party".to_owned(), json!(other.party));
            body.insert("electronic".to_owned(), json!(other.electronic));
        }
        if let Some(roster) = case.opening.roster {
            body.insert("roster".to_owned(), json!(roster));
        }
        if let Some(by) = &self.by {
            body.insert("by".to_owned(), json!(by));
        }
        if let Some(flow) = &self.flow {
            body.insert("flow".to_owned(), json!(flow));
        }
        Value::Object(body)
    }

    /// Reads a body back.
    pub fn from_body(body: &Value) -> Result<Self, serde_json::Error> {
        let event = serde_json::from_value(body.clone())?;
        let by = part(body, "by")?;
        let flow = part(body, "flow")?;
        Ok(Self { event, by, flow })
    }
}

/// A part of a body that may be missing.
fn part<T: DeserializeOwned>(body: &Value, name: &str) -> Result<Option<T>, serde_json::Error> {
    body.get(name)
        .cloned()
        .map(serde_json::from_value)
        .transpose()
}
