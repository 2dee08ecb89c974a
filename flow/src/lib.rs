//! Flows: models in BPMN 2.0 (OMG formal/2013-12-09, ISO/IEC 19510), read, checked and executed.
//!
//! [`Definition::read`] takes a model or tells all of its faults. [`start`] and [`step`] move tokens
//! over it: they take a [`State`] and an [`Input`] and give the next state and [`Effect`]s for the
//! caller to carry out. There is no clock, no randomness and no IO; who may do a task, and what a
//! service answers, is the caller's business.
//!
//! Invariants:
//! - a state at rest has tokens, each of which waits for something that an [`Input`] can bring, or
//!   it has none and the run has ended;
//! - a token is never lost: what cannot go on is an incident that a person resolves;
//! - the same definition, state, input and time give the same result, so that a run can be
//!   repeated from its inputs;
//! - a stored state carries the number of its format and is upgraded when it is read.
//!
//! Executed are start and end events without trigger, user, service and business-rule tasks,
//! exclusive gateways and sequence flows. Every other part of a model that would change what
//! happens is a fault, so that no model runs otherwise than drawn; parts that only describe
//! (diagram, lanes, documentation, data objects, extensions of others) stay in the kept file.
//!
//! Tasks carry attributes of the namespace `https://yici.example/bpmn`: `stage`, `permission`,
//! `post`, `org`, `people`, `exclude` on user tasks, `service` on service tasks, `decision` on
//! business-rule tasks.

mod condition;
mod definition;
mod fault;
mod graph;
mod ids;
mod io;
pub mod limits;
mod read;
mod stage;
mod state;
mod step;
#[cfg(test)]
mod tests;
mod xml;

pub use definition::{Definition, Flow, Node, NodeKind, UserTask};
pub use fault::{Fault, FaultKind};
pub use ids::{ElementId, ScopeId, TokenId};
pub use io::{Effect, Input, StepFault};
pub use stage::{NotAStage, Stage};
pub use state::{FORMAT, Reason, State, StateFault, Token, Wait};
pub use step::{start, step};
