//! How the executor, jobs, events and audit behave, on both databases.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails at that line"
)]

mod audit;
mod common;
mod content;
mod executor;
mod faults;
mod find;
mod idempotency;
mod jobs;
mod log;
mod migrate;
