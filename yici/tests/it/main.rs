//! The program as its callers meet it: over HTTP, on both databases, and killed under load.

#![expect(clippy::unwrap_used, reason = "a failing test says where")]

mod apart;
mod audit;
mod bad_input;
mod binary;
mod client;
mod clocks;
mod colleagues;
mod commands;
mod correction_clocks;
mod crash;
mod drafts;
mod examples;
mod floors;
mod fuzz;
mod golden;
mod harness;
mod incidents;
mod installations;
mod nodes;
mod portal;
mod privacy;
mod repetition;
mod replay;
mod roles;
mod separation;
mod service;
mod sight;
mod simulated;
mod statements;
mod story;
mod uploads;
mod watched;
