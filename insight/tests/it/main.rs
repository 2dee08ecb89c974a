//! What is counted and who is told, on both databases.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails at that line"
)]

mod board;
mod common;
mod counting;
mod live;
mod operation;
