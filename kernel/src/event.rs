//! The envelope of everything that happens.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{caller::Actor, division::DivisionCode, time::Timestamp};

/// One event, written once, in the transaction that changes the state.
///
/// `body` carries references, versions and digests, never personal values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The agency (distribution column).
    pub bureau: DivisionCode,
    /// What kind of thing it happened to, such as `case`.
    pub stream: String,
    /// To which one.
    pub id: Uuid,
    /// 1, 2, 3, … within the stream, equal to the version after it.
    pub seq: i64,
    /// What happened, such as `case.accepted`. A stable format: new kinds are added, none changed.
    pub kind: String,
    /// When, by the clock of the request.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// What to remember about it.
    pub body: Value,
}

/// What colleagues weigh among themselves before there is a result.
const INTERNAL: [&str; 6] = [
    "case.checked",
    "case.incident",
    "case.incident_retried",
    "case.refusal_proposed",
    "case.refusal_sent_back",
    "case.returned_to_review",
];

/// Whether a kind of event stays among colleagues: the one list by which pages, live or not, tell
/// citizens what happens to their cases.
pub fn is_internal(kind: &str) -> bool {
    kind.starts_with("case.task_")
        || kind.starts_with("case.other_party_file_")
        || INTERNAL.contains(&kind)
}
