//! Registers of other bodies, and the demo city's stand-in for them.
//!
//! [`Registers`] is the adapter behind [`kernel::ports::Registers`]: population, insurance,
//! employment, benefit, card (by citizen number), enterprise and licence (by credit code). What it
//! knows of a person is sealed under a data key and found by a look-up hash; what it knows of an
//! enterprise is public. It owns the tables `register_*`.
//!
//! It also owns the generator of the demo city's people and employers ([`population`]), which is
//! pure: the same parameters give the same city everywhere. Results of cases come back as jobs
//! ([`jobs`]), because a register of another body is never written in the transaction of a case.
//!
//! Never here: what a case asks or why. A bureau with real registers writes another adapter.

mod adapter;
mod dictionary;
mod feedback;
mod load;
mod outage;
pub mod population;
mod record;
mod sample;
mod situation;
mod store;
mod vault;

pub use adapter::Registers;
pub use feedback::{jobs, subscriptions};
pub use load::RecordsLoaded;
pub use outage::Outage;
pub use record::{EmployerRecord, Facts, PersonRecord};
pub use situation::{EmployerSituation, Situation};
pub use vault::Keys;
