//! SQL of the tables of this context.

mod counters;
pub(crate) mod query;
pub(crate) mod rows;

pub(crate) use counters::{Counters, WITHIN_DAYS};
pub(crate) use rows::{Grain, cursor, item};
