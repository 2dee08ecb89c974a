//! Loading records: what is there already as it was loaded stays as it is, with everything that
//! came back from cases since.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use kernel::{AppError, DivisionCode, Timestamp, error::Broken};
use serde::{Deserialize, Serialize};
use store::{Command, Loads, Work, key, system::SeededEntropy};

use crate::{
    EmployerRecord, EmployerSituation, PersonRecord, Registers,
    adapter::envelope,
    store::{self as tables, enterprise, person},
    vault::Vault,
};

/// Records in one command: large enough to share a commit, small enough to let others in between.
const RECORDS_PER_COMMAND: usize = 250;

/// What loading changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RecordsLoaded {
    /// Persons that were new or different.
    pub people: usize,
    /// Enterprises that were new or different.
    pub employers: usize,
}

impl Registers {
    /// Loads people and enterprises; their order here is the order of candidates.
    ///
    /// # Errors
    /// Broken when the database does not answer.
    pub async fn load(
        &self,
        people: Vec<PersonRecord>,
        employers: Vec<EmployerRecord>,
        now: Timestamp,
        seed: [u8; 32],
    ) -> Result<RecordsLoaded, AppError> {
        let mut seeds = SeededEntropy::new(seed);
        let mut loaded = RecordsLoaded::default();
        let people = self.new_people(people).await?;
        for part in people.chunks(RECORDS_PER_COMMAND) {
            let command = LoadPeople {
                bureau: self.bureau,
                vault: Arc::clone(&self.vault),
                records: part.to_vec(),
            };
            let done = self
                .executor
                .run(envelope(now, seeds.seed()), command)
                .await?;
            loaded.people += done.people;
        }
        let employers = self.new_employers(employers).await?;
        for part in employers.chunks(RECORDS_PER_COMMAND) {
            let command = LoadEmployers {
                bureau: self.bureau,
                rows: part.to_vec(),
            };
            let done = self
                .executor
                .run(envelope(now, seeds.seed()), command)
                .await?;
            loaded.employers += done.employers;
        }
        Ok(loaded)
    }

    /// The records that are not there yet as they are, with their place.
    async fn new_people(
        &self,
        people: Vec<PersonRecord>,
    ) -> Result<Vec<(i64, PersonRecord)>, AppError> {
        let hashes: Vec<Vec<u8>> = people
            .iter()
            .flat_map(|record| self.vault.hashes(&record.number))
            .collect();
        let loaded = tables::loaded_persons(&self.store, &hashes).await?;
        let loaded: BTreeMap<Vec<u8>, Vec<u8>> = loaded.into_iter().collect();
        let mut new = Vec::new();
        for (ordinal, record) in (0..).zip(people) {
            let content = self.vault.content_hash(&record)?;
            let mut hashes = self.vault.hashes(&record.number);
            let same = hashes.any(|hash| loaded.get(&hash) == Some(&content));
            if !same {
                new.push((ordinal, record));
            }
        }
        Ok(new)
    }

    async fn new_employers(
        &self,
        employers: Vec<EmployerRecord>,
    ) -> Result<Vec<enterprise::Model>, AppError> {
        let mut rows = Vec::with_capacity(employers.len());
        for (ordinal, record) in (0..).zip(employers) {
            rows.push(enterprise_row(&record, ordinal)?);
        }
        let codes: Vec<String> = rows.iter().map(|row| row.code.clone()).collect();
        let known = tables::enterprises(&self.store, &codes).await?;
        let known: BTreeSet<(String, String)> = known
            .into_iter()
            .map(|row| (row.code, row.loaded_digest))
            .collect();
        rows.retain(|row| !known.contains(&(row.code.clone(), row.loaded_digest.clone())));
        Ok(rows)
    }
}

fn enterprise_row(record: &EmployerRecord, ordinal: i64) -> Result<enterprise::Model, AppError> {
    let facts = serde_json::to_value(&record.facts)
        .map_err(|fault| Broken::caused("facts of an enterprise", fault))?;
    let facts = seal::canonical_json(&facts);
    Ok(enterprise::Model {
        code: record.code.as_str().to_owned(),
        ordinal,
        situation: EmployerSituation::of(&record.facts).as_str().to_owned(),
        loaded_digest: seal::sm3_hex(facts.as_bytes()),
        facts,
        version: 1,
    })
}

struct LoadPeople {
    bureau: DivisionCode,
    vault: Arc<Vault>,
    records: Vec<(i64, PersonRecord)>,
}

impl Command for LoadPeople {
    type Out = RecordsLoaded;
    const NAME: &'static str = "registers.load_people";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        let first = self.records.first().map_or(0, |(ordinal, _)| *ordinal);
        format!("registers/people/{first}")
    }

    fn lane(&self) -> u64 {
        0
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        for (_, record) in &self.records {
            for hash in self.vault.hashes(&record.number) {
                loads.row::<person::Model>(key!(hash));
            }
        }
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<RecordsLoaded, AppError> {
        for (ordinal, record) in &self.records {
            let mut row = self.vault.row(record, *ordinal, work.entropy())?;
            for hash in self.vault.hashes(&record.number) {
                let Some(before) = work.get::<person::Model>(&key!(hash))? else {
                    continue;
                };
                // A row under an earlier look-up key keeps its hash.
                row.version = before.version + 1;
                row.hash_key = before.hash_key;
                row.number_hash.clone_from(&before.number_hash);
                row.sealed = self.vault.seal(record, &row.number_hash, work.entropy())?;
                break;
            }
            work.put(row)?;
        }
        Ok(RecordsLoaded {
            people: self.records.len(),
            employers: 0,
        })
    }
}

struct LoadEmployers {
    bureau: DivisionCode,
    rows: Vec<enterprise::Model>,
}

impl Command for LoadEmployers {
    type Out = RecordsLoaded;
    const NAME: &'static str = "registers.load_employers";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        let first = self.rows.first().map_or("", |row| row.code.as_str());
        format!("registers/enterprises/{first}")
    }

    fn lane(&self) -> u64 {
        0
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        for row in &self.rows {
            loads.row::<enterprise::Model>(key!(row.code.as_str()));
        }
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<RecordsLoaded, AppError> {
        for row in &self.rows {
            let before = work.get::<enterprise::Model>(&key!(row.code.as_str()))?;
            let version = before.map_or(0, |before| before.version) + 1;
            work.put(enterprise::Model {
                version,
                ..row.clone()
            })?;
        }
        Ok(RecordsLoaded {
            people: 0,
            employers: self.rows.len(),
        })
    }
}
