//! The program as its callers meet it: over HTTP, on both databases, and killed under load.

#![expect(clippy::unwrap_used, reason = "a failing test says where")]

mod bad_input;
mod client;
mod clocks;
mod colleagues;
mod examples;
mod fuzz;
mod golden;
mod harness;
mod replay;
mod roles;
mod separation;
mod statements;
mod story;
