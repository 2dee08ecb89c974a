//! How rules behave, seen from outside.

mod decisions;
mod expression;
