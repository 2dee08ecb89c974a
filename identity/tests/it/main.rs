//! How people sign in, act and are managed, on both databases.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails at that line"
)]

mod agents;
mod http;
mod people;
mod privacy;
mod refused;
mod resets;
mod sessions;
mod sign_in;
mod staff;
mod world;
