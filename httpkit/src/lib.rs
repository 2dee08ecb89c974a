//! The HTTP side that every context shares: who calls, what he sends, what he is told.
//!
//! Owns the extractors ([`Authorised`], [`Act`], [`Input`], [`Params`], [`Filter`]), problem
//! documents (RFC 9457), the request middleware (number, log line, metrics, panics), places for what
//! a node holds only so much of, and the helpers for lists and versions. It knows no business and no
//! table.

pub mod act;
pub mod caller;
pub mod check;
pub mod extract;
pub mod kit;
pub mod layer;
pub mod part;
mod patience;
pub mod places;
pub mod problem;
mod refused;
pub mod reply;
pub mod send;
pub mod upload;

pub use act::{Act, Keyed};
pub use caller::{Authorised, ClientAddress};
pub use check::Faults;
pub use extract::{Filter, Input, Params};
pub use kit::Kit;
pub use patience::Patience;
pub use places::{Place, Places};
pub use problem::{Problem, ProblemDocument, Refusals};
pub use reply::{Rows, Versioned};

/// What a handler returns.
pub type Reply<T> = Result<T, Problem>;
