//! Sealing and finding what is known of a person.

use kernel::{AppError, CitizenNo, Entropy, error::Broken};
use seal::{DataKey, LookUpHash, LookUpKeys, MasterKeys, Nonce};
use serde::{Deserialize, Serialize};

use crate::{
    record::{Facts, PersonRecord},
    situation::Situation,
    store::person,
};

/// What numbers are hashed as: apart from the hashes of every other table.
const NUMBER_FIELD: &str = "register.citizen_no";
/// What the loaded content is hashed as.
const CONTENT_FIELD: &str = "register.content";

/// The keys that protect the register of persons.
#[derive(Debug, Clone)]
pub struct Keys {
    /// Wraps the data key.
    pub master: MasterKeys,
    /// Finds a person without decrypting anything.
    pub look_up: LookUpKeys,
}

/// The data key at work.
#[derive(Debug)]
pub(crate) struct Vault {
    pub(crate) data_key: DataKey,
    pub(crate) look_up: LookUpKeys,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Sealed {
    number: String,
    facts: Facts,
}

impl Vault {
    /// The hash of a number to store.
    pub(crate) fn hash(&self, number: &CitizenNo) -> LookUpHash {
        self.look_up.hash(NUMBER_FIELD, number.reveal())
    }

    /// The hashes of a number to search for.
    pub(crate) fn hashes(&self, number: &CitizenNo) -> impl Iterator<Item = Vec<u8>> + use<> {
        let hashes = self.look_up.hashes(NUMBER_FIELD, number.reveal());
        hashes.into_iter().map(|found| found.hash.to_vec())
    }

    /// Tells whether two records say the same, without telling what.
    pub(crate) fn content_hash(&self, record: &PersonRecord) -> Result<Vec<u8>, AppError> {
        let facts = serde_json::to_value(&record.facts).map_err(broken)?;
        let text = seal::canonical_json(&facts);
        let hash = self.look_up.hash(CONTENT_FIELD, &text);
        Ok(hash.hash.to_vec())
    }

    /// A new row of a record.
    pub(crate) fn row(
        &self,
        record: &PersonRecord,
        ordinal: i64,
        entropy: &mut dyn Entropy,
    ) -> Result<person::Model, AppError> {
        let hash = self.hash(&record.number);
        let number_hash = hash.hash.to_vec();
        Ok(person::Model {
            hash_key: i32::from(hash.key_id.0),
            ordinal,
            situation: Situation::of(&record.facts).as_str().to_owned(),
            loaded_hash: self.content_hash(record)?,
            sealed: self.seal(record, &number_hash, entropy)?,
            number_hash,
            version: 1,
        })
    }

    /// Seals a record for its row.
    pub(crate) fn seal(
        &self,
        record: &PersonRecord,
        number_hash: &[u8],
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, AppError> {
        let sealed = Sealed {
            number: record.number.reveal().to_owned(),
            facts: record.facts.clone(),
        };
        let plain = serde_json::to_vec(&sealed).map_err(broken)?;
        let nonce = Nonce::random(entropy);
        self.data_key
            .seal(&plain, &context(number_hash), &nonce)
            .map_err(broken)
    }

    /// The record of a row.
    pub(crate) fn open(&self, row: &person::Model) -> Result<PersonRecord, AppError> {
        let plain = self
            .data_key
            .open(&row.sealed, &context(&row.number_hash))
            .map_err(broken)?;
        let sealed: Sealed = serde_json::from_slice(&plain).map_err(broken)?;
        Ok(PersonRecord {
            number: sealed.number.parse().map_err(broken)?,
            facts: sealed.facts,
        })
    }
}

/// Where sealed bytes belong.
fn context(number_hash: &[u8]) -> Vec<u8> {
    [b"register_person.sealed ".as_slice(), number_hash].concat()
}

fn broken(fault: impl std::error::Error + Send + Sync + 'static) -> AppError {
    Broken::caused("a register record", fault).into()
}
