//! How messages reach people, on both databases.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails at that line"
)]

mod arrival;
mod common;
mod endpoints;
mod pack;
mod sending;
