//! What a command is to the executor.

use kernel::{AppError, DivisionCode, Timestamp, caller::Actor, ids::RequestId};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    idempotency::Idempotency,
    jobs::Lease,
    work::{Loads, Work},
};

/// One change that somebody asked for.
///
/// `declare` names the rows it needs; `decide` looks at them and says what becomes of them. Both
/// may run several times and must do the same each time: time, ids and random values come from
/// the [`Work`], which takes them from the [`Envelope`].
pub trait Command: Send + Sync + 'static {
    /// What the caller learns: references and versions, never personal values, because it is kept
    /// for idempotent repetition.
    type Out: Serialize + DeserializeOwned + Send + 'static;

    /// The stable name in audit, logs and metrics, such as `case.accept`.
    const NAME: &'static str;

    /// Whether it leaves an audit entry. Only the product's own book-keeping does not: counting,
    /// and signs of life of sessions.
    const AUDITED: bool = true;

    /// What the audit entry says of it: `done`, or the code of a refusal that is recorded.
    fn outcome(&self) -> &'static str {
        "done"
    }

    /// The agency that acts; the audit entry stands under it.
    fn bureau(&self) -> DivisionCode;

    /// What it is about, as it stands in the audit entry: a printed id.
    fn subject(&self) -> String;

    /// Spreads commands over lanes: equal for commands that lock the same rows, as far as that is
    /// known; those that meet in different lanes wait for each other.
    fn lane(&self) -> u64;

    /// Names every row the decision looks at.
    fn declare(&self, loads: &mut Loads<'_>);

    /// Decides: changes rows, emits events and jobs, or refuses. A refusal changes nothing.
    fn decide(&self, work: &mut Work<'_>) -> Result<Self::Out, AppError>;
}

/// The circumstances of a command, fixed before it runs.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// Who asks.
    pub actor: Actor,
    /// The request it came with.
    pub request: RequestId,
    /// Window or terminal, if any.
    pub station: Option<String>,
    /// The time of the request.
    pub now: Timestamp,
    /// Seed of every id and random value of this command.
    pub seed: [u8; 32],
    /// How to recognise a repetition.
    pub idempotency: Option<Idempotency>,
    /// The job this command completes, if it runs for one.
    pub lease: Option<Lease>,
}
