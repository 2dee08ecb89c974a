//! SQL of the tables of this context.

pub(crate) mod query;
pub(crate) mod rows;

pub(crate) use rows::{cursor, daily, item, late, open};
