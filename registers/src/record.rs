//! What the registers know of one subject.

use std::collections::BTreeMap;

use kernel::{CitizenNo, CreditCode};
use serde_json::Value;

/// Facts by the name of their register; a register that is not there knows nothing.
pub type Facts = BTreeMap<String, Value>;

/// A person in the registers.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonRecord {
    /// His number.
    pub number: CitizenNo,
    /// What is known of him.
    pub facts: Facts,
}

/// An enterprise in the registers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EmployerRecord {
    /// Its code.
    pub code: CreditCode,
    /// What is known of it.
    pub facts: Facts,
}

/// Facts are personal values: they are not printed.
impl std::fmt::Debug for PersonRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonRecord(***)")
    }
}

/// The value of one fact; null when it is unknown.
pub(crate) fn fact<'f>(facts: &'f Facts, register: &str, name: &str) -> &'f Value {
    static UNKNOWN: Value = Value::Null;
    let known = facts.get(register).and_then(|known| known.get(name));
    known.unwrap_or(&UNKNOWN)
}
