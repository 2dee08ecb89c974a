//! Rules: FEEL expressions and DMN decision tables (OMG DMN 1.3–1.5), evaluated over JSON.
//!
//! The only crate that names `dsntk`. It is pure: no clock, no randomness, no network. What FEEL
//! offers beyond that is refused when a text is loaded, never when a case is decided:
//!
//! - `external` functions (Java, PMML), functions defined in a text, business knowledge models and
//!   imports: the first reach the network, the others can call themselves without end;
//! - `now()` and `today()`: time is a fact of the scope, such as a variable `today`;
//! - work without a bound: text size, nesting, iterations and lists are limited (see [`limits`]).
//!
//! Names are words in any script (`月收入`, `leave_date`). A name of several words must be
//! declared when the expression is parsed. Dates enter as JSON text and are read by the rule:
//! `date(leave_date)`. Results leave as JSON: dates, times and durations as ISO 8601 text, whole
//! numbers as integers.
//!
//! A variable that is missing or null makes the comparisons that begin with it null, not false, so
//! that [`Expression::test`] tells what is missing instead of answering. `x = null` asks for it.
//! In a cell of a decision table null equals no value; `not("a")` holds for it.
//!
//! [`Expression`] and [`Decisions`] are `Send + Sync`; each evaluation has a scope of its own, so
//! many tasks share one behind an `Arc` without a lock.

mod check;
mod condition;
mod convert;
mod decisions;
mod expression;
mod fault;
mod flat;
mod guard;
mod lex;
pub mod limits;
mod model;
mod table;
#[cfg(test)]
mod tests;
mod tree;

pub use decisions::{Decisions, Outcome, Over, RuleHit};
pub use expression::Expression;
pub use fault::{EvalFault, Fault};
