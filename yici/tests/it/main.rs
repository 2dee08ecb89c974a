//! The program as its callers meet it: over HTTP, on both databases, and killed under load.

#![expect(clippy::unwrap_used, reason = "a failing test says where")]

mod apart;
mod audit;
mod bad_input;
mod binary;
mod case_list;
mod client;
mod clocks;
mod colleagues;
mod commands;
mod correction_clocks;
mod crash;
mod derived;
mod drafts;
mod drill;
mod examples;
mod filled;
mod floors;
mod fuzz;
mod golden;
mod guides;
mod harness;
mod incidents;
mod installations;
mod nodes;
mod parties;
mod parts;
mod portal;
mod privacy;
mod repetition;
mod replay;
mod roles;
mod rosters;
mod scanned;
mod separation;
mod service;
mod sight;
mod simulated;
mod standards;
mod statements;
mod story;
mod uploads;
mod watched;
