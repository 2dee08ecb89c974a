//! The generated rest of the demo city: people and employers with everything that the registers
//! know of them. Everything generated is fictional.
//!
//! [`generate`] is pure. One stream of random values, from one seed, gives employers first and
//! then people, so that the same parameters give the same city everywhere.

mod draw;
mod employers;
mod insurance;
mod params;
mod people;

use std::collections::BTreeSet;

use kernel::{CitizenNo, CreditCode, Private};
use store::system::SeededEntropy;

use crate::{EmployerRecord, PersonRecord};
pub use params::{ParamsFault, Population};

/// What exists already and is not generated again.
#[derive(Debug, Clone, Default)]
pub struct Named {
    /// Numbers of named people.
    pub numbers: BTreeSet<CitizenNo>,
    /// Names of named people and staff.
    pub names: BTreeSet<String>,
    /// Codes of named enterprises.
    pub codes: BTreeSet<CreditCode>,
    /// Names of named enterprises.
    pub employer_names: BTreeSet<String>,
    /// Mobile numbers of named people.
    pub mobiles: BTreeSet<String>,
}

/// A generated citizen.
#[derive(Debug, Clone)]
pub struct Citizen {
    /// What the registers know.
    pub record: PersonRecord,
    /// His name.
    pub name: Private<String>,
    /// His mobile number.
    pub mobile: Option<Private<String>>,
    /// Whether he has an account on the portal.
    pub account: bool,
    /// Whether he agreed to electronic service.
    pub electronic_service: bool,
    /// Enterprises he may act for.
    pub agent_of: Vec<CreditCode>,
}

/// A generated city.
#[derive(Debug, Clone)]
pub struct City {
    /// Its people.
    pub people: Vec<Citizen>,
    /// Its employers.
    pub employers: Vec<EmployerRecord>,
}

/// Generates the people and employers that the parameters describe.
pub fn generate(params: &Population, seed: u64, named: &Named) -> City {
    let mut whole = [0; 32];
    whole[..8].copy_from_slice(&seed.to_le_bytes());
    let mut entropy = SeededEntropy::new(whole);
    let firms = employers::generate(params, named, &mut entropy);
    let mut people = people::generate(params, named, &firms, &mut entropy);
    employers::appoint_agents(params, &firms, &mut people, &mut entropy);
    City {
        people,
        employers: firms.into_iter().map(|firm| firm.record).collect(),
    }
}
