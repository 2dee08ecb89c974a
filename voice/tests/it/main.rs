//! How services are rated, on both databases.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails at that line"
)]

mod common;
mod giving;
mod looking;
mod pack;
