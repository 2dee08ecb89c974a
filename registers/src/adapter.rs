//! The adapter: opening it, and answering questions.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use kernel::{
    AppError, CitizenNo, DivisionCode, Private, Timestamp,
    caller::Actor,
    codes,
    error::Broken,
    ids::{DataKeyId, Id as _, RequestId},
    ports::{self, Answer, Question, RegisterAnswer},
};
use seal::{DataKey, MasterKeys, Nonce, WrappedKey};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Command, Envelope, Executor, Loads, Store, Work, key, system::SeededEntropy};

use crate::{
    Keys, Outage,
    dictionary::{self, LICENCE, POPULATION, Register, Subject},
    record::Facts,
    store::{self as tables, register_key},
    vault::Vault,
};

/// The demo city's registers. Cheap to clone.
#[derive(Clone)]
pub struct Registers {
    pub(crate) store: Store,
    pub(crate) executor: Executor,
    pub(crate) vault: Arc<Vault>,
    pub(crate) bureau: DivisionCode,
    outage: Outage,
}

impl Registers {
    /// Opens the registers of a city; the first time a data key is made for them.
    ///
    /// # Errors
    /// Broken when the database does not answer, or its data key is under another master key.
    pub async fn open(
        store: &Store,
        executor: &Executor,
        keys: Keys,
        bureau: DivisionCode,
        now: Timestamp,
        seed: [u8; 32],
    ) -> Result<Self, AppError> {
        if tables::key(store).await?.is_none() {
            let master = keys.master.clone();
            let command = MakeKey { bureau, master };
            executor.run(envelope(now, seed), command).await?;
        }
        let row = tables::key(store).await?;
        let row = row.ok_or_else(|| Broken::new("the data key of the registers was not kept"))?;
        let id = DataKeyId::from_uuid(row.key_id);
        let data_key = keys
            .master
            .unwrap(id, &WrappedKey::from_bytes(row.wrapped))
            .map_err(|fault| Broken::caused("the data key of the registers", fault))?;
        Ok(Self {
            store: store.clone(),
            executor: executor.clone(),
            vault: Arc::new(Vault {
                data_key,
                look_up: keys.look_up,
            }),
            bureau,
            outage: Outage::default(),
        })
    }

    /// The switch that makes the registers unreachable.
    pub const fn outage(&self) -> &Outage {
        &self.outage
    }

    async fn answers(
        &self,
        questions: &[Question],
        now: Timestamp,
    ) -> Result<Vec<RegisterAnswer>, AppError> {
        if self.outage.is_on() {
            return Err(AppError::refused(&codes::E1226));
        }
        let mut asked = Vec::with_capacity(questions.len());
        for question in questions {
            let register = dictionary::find(&question.register).ok_or_else(|| {
                Broken::new(format!("there is no register {}", question.register))
            })?;
            asked.push((
                register,
                question.subject.reveal().trim().to_ascii_uppercase(),
            ));
        }
        let persons = self.persons(&asked).await?;
        let enterprises = self.enterprises(&asked).await?;
        let answers = asked.into_iter().map(|(register, subject)| {
            let known = match register.subject {
                Subject::Person => persons.get(&subject),
                Subject::Enterprise => enterprises.get(&subject),
            };
            answer(register, &subject, known, now)
        });
        Ok(answers.collect())
    }

    /// What is known of every person asked about, by the number as it was asked.
    async fn persons(
        &self,
        asked: &[(&'static Register, String)],
    ) -> Result<BTreeMap<String, Facts>, AppError> {
        let mut wanted: BTreeMap<Vec<u8>, String> = BTreeMap::new();
        for (_, subject) in asked
            .iter()
            .filter(|(one, _)| one.subject == Subject::Person)
        {
            if let Ok(number) = subject.parse::<CitizenNo>() {
                let hashes = self.vault.hashes(&number);
                wanted.extend(hashes.map(|hash| (hash, subject.clone())));
            }
        }
        let hashes: Vec<Vec<u8>> = wanted.keys().cloned().collect();
        let mut known = BTreeMap::new();
        for row in tables::persons(&self.store, &hashes).await? {
            let facts = self.vault.open(&row)?.facts;
            if let Some(subject) = wanted.get(&row.number_hash) {
                known.insert(subject.clone(), facts);
            }
        }
        Ok(known)
    }

    async fn enterprises(
        &self,
        asked: &[(&'static Register, String)],
    ) -> Result<BTreeMap<String, Facts>, AppError> {
        let codes: BTreeSet<String> = asked
            .iter()
            .filter(|(one, _)| one.subject == Subject::Enterprise)
            .map(|(_, subject)| subject.clone())
            .collect();
        let codes: Vec<String> = codes.into_iter().collect();
        let mut known = BTreeMap::new();
        for row in tables::enterprises(&self.store, &codes).await? {
            let facts = serde_json::from_str(&row.facts)
                .map_err(|fault| Broken::caused("facts of an enterprise", fault))?;
            known.insert(row.code, facts);
        }
        Ok(known)
    }
}

fn answer(
    register: &Register,
    subject: &str,
    known: Option<&Facts>,
    now: Timestamp,
) -> RegisterAnswer {
    let mut facts = known.map_or(Value::Null, |known| match known.get(register.name) {
        Some(facts) => facts.clone(),
        // An enterprise without a licence is known to have none.
        None if register.name == LICENCE => json!({ "dispatch": null }),
        None => Value::Null,
    });
    if let (POPULATION, Some(facts)) = (register.name, facts.as_object_mut()) {
        facts.insert("citizen_no".to_owned(), subject.into());
    }
    RegisterAnswer {
        register: register.name.to_owned(),
        source: register.source.to_owned(),
        at: now,
        digest: seal::sm3_hex(seal::canonical_json(&facts).as_bytes()),
        facts: Private::new(facts),
    }
}

impl ports::Registers for Registers {
    fn ask<'a>(
        &'a self,
        questions: &'a [Question],
        now: Timestamp,
    ) -> Answer<'a, Vec<RegisterAnswer>> {
        Box::pin(self.answers(questions, now))
    }
}

/// The circumstances of a command of the registers themselves.
pub(crate) fn envelope(now: Timestamp, seed: [u8; 32]) -> Envelope {
    let mut entropy = SeededEntropy::new(seed);
    Envelope {
        actor: Actor::System("registers".to_owned()),
        request: RequestId::new(now, &mut entropy),
        station: None,
        now,
        seed: entropy.seed(),
        idempotency: None,
        lease: None,
    }
}

struct MakeKey {
    bureau: DivisionCode,
    master: MasterKeys,
}

#[derive(Serialize, Deserialize)]
struct KeyMade {
    key_id: DataKeyId,
}

impl Command for MakeKey {
    type Out = KeyMade;
    const NAME: &'static str = "registers.make_key";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        "registers".to_owned()
    }

    fn lane(&self) -> u64 {
        0
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<register_key::Model>(key!(1_i32));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<KeyMade, AppError> {
        if let Some(row) = work.get::<register_key::Model>(&key!(1_i32))? {
            let key_id = DataKeyId::from_uuid(row.key_id);
            return Ok(KeyMade { key_id });
        }
        let key_id: DataKeyId = work.id();
        let data_key = DataKey::generate(key_id, work.entropy());
        let nonce = Nonce::random(work.entropy());
        let wrapped = self
            .master
            .wrap(&data_key, &nonce)
            .map_err(|fault| Broken::caused("wrap the data key of the registers", fault))?;
        work.put(register_key::Model {
            slot: 1,
            key_id: key_id.uuid(),
            wrapped: wrapped.as_bytes().to_vec(),
        })?;
        Ok(KeyMade { key_id })
    }
}
