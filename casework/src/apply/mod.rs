//! What applicants do: open, fill in, submit, insist, supply, withdraw.

pub mod attach;
pub mod discard;
pub mod insist;
mod left;
pub mod open;
pub mod order;
pub(crate) mod other;
pub(crate) mod renew;
pub mod save;
pub mod scan;
pub mod show;
pub mod submit;
pub mod supply;
pub mod upload;
pub mod withdraw;

pub use left::files_without_case;
