//! A person becomes known, or gets a mobile number, a password, a consent.

use kernel::{
    AppError, CitizenNo, DivisionCode, Private, Refusal, Timestamp, codes,
    ids::{Id as _, PersonId},
    ports::Question,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Command, Envelope, Loads, Work, key};

use crate::{
    Identity,
    people::{self, AccountName, ELECTRONIC_SERVICE},
    session::lane_of,
    store::{account, consent, lookup, person, person_key},
    vault::{self, CITIZEN_NO, MOBILE, Vault},
};

/// Times a lost race is run again before the caller is told.
const ATTEMPTS: usize = 3;

/// What is to be true of a person afterwards.
#[derive(Clone)]
pub(crate) struct Wanted {
    pub name: String,
    pub number: CitizenNo,
    pub mobile: Option<String>,
    pub password: Option<Password>,
    pub electronic_service: Option<bool>,
}

impl Wanted {
    /// Only that he is known, under this name and number.
    pub(crate) fn known_as(name: &str, number: CitizenNo) -> Self {
        Self {
            name: name.to_owned(),
            number,
            mobile: None,
            password: None,
            electronic_service: None,
        }
    }
}

/// A password to set.
#[derive(Clone)]
pub(crate) enum Password {
    /// For a person whom we meet for the first time. Who is known already may have cases: a name
    /// and a number prove nothing, so his account needs a proof.
    New(String),
    /// For the account, existing or not.
    Any(String),
}

/// Who asks whether a name and a number belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Teller {
    /// A colleague, with the card before him.
    Staff,
    /// Anybody else.
    Other,
}

/// Refuses a name that the population register does not know under this number. Staff are told when
/// it does not know the number at all; to others that would say who lives here.
///
/// # Errors
/// `E1113`, to staff `E1120` for a number that the register does not know.
pub(crate) async fn check_register(
    context: &Identity,
    (name, number): (&str, &CitizenNo),
    teller: Teller,
    now: Timestamp,
) -> Result<(), AppError> {
    let question = Question {
        register: "population".to_owned(),
        subject: Private::new(number.reveal().to_owned()),
    };
    let answers = context.registers().ask(&[question], now).await?;
    let known = answers
        .first()
        .and_then(|answer| answer.facts.reveal().get("name")?.as_str());
    match known {
        Some(known) if known == name => Ok(()),
        None if teller == Teller::Staff => Err(AppError::refused(&codes::E1120)),
        _ => Err(Refusal::new(&codes::E1113)
            .field("/name", &codes::E1113)
            .into()),
    }
}

/// Makes it true, whether the person is known already or not.
pub(crate) async fn save(
    context: &Identity,
    envelope: Envelope,
    wanted: Wanted,
) -> Result<PersonId, AppError> {
    let number = AccountName::Number(wanted.number.clone());
    let mut attempts = 0;
    loop {
        attempts += 1;
        let known = people::find(context, &number).await?;
        let old_mobile = match known {
            Some(id) => people::card_of(context, id)
                .await?
                .and_then(|card| card.mobile),
            None => None,
        };
        let command = SavePerson {
            vault: context.vault().clone(),
            bureau: context.city(),
            person: known.unwrap_or_else(|| PersonId::new(envelope.now, &mut context.entropy())),
            is_known: known.is_some(),
            old_mobile: old_mobile.map(Private::into_revealed),
            wanted: wanted.clone(),
        };
        match context.kit().run(envelope.clone(), command).await {
            Ok(saved) => return Ok(saved.person),
            // Somebody else was faster; another node's row shows as a row that exists already.
            Err(error)
                if attempts < ATTEMPTS
                    && (error.code() == codes::E1010.id
                        || (known.is_none() && error.code() == codes::E1111.id)) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Who it was.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Saved {
    person: PersonId,
}

struct SavePerson {
    vault: Vault,
    bureau: DivisionCode,
    person: PersonId,
    is_known: bool,
    old_mobile: Option<String>,
    wanted: Wanted,
}

impl SavePerson {
    /// Who has this value now.
    fn holder(
        &self,
        work: &Work<'_>,
        field: &str,
        value: &str,
    ) -> Result<Option<PersonId>, AppError> {
        for hash in self.vault.hashes(field, value) {
            if let Some(row) = work.get::<lookup::Model>(&vault::look_up_key(field, &hash))? {
                return Ok(Some(PersonId::from_uuid(row.person_id)));
            }
        }
        Ok(None)
    }

    /// The person's rows, new or as they stand. A race that somebody else won is `E1010`.
    fn person(&self, work: &mut Work<'_>) -> Result<(person::Model, seal::DataKey), AppError> {
        let id = self.person;
        let holder = self.holder(work, CITIZEN_NO, self.wanted.number.reveal())?;
        if holder != self.is_known.then_some(id) {
            return Err(AppError::refused(&codes::E1010));
        }
        if self.is_known {
            let row = work.require::<person::Model>(&key!(id.uuid()))?.clone();
            let key = work.require::<person_key::Model>(&key!(id.uuid()))?;
            let key = self.vault.key(key)?;
            return Ok((row, key));
        }
        let now = work.now();
        let entropy = work.entropy();
        let (key, key_row) = self.vault.new_key(id, now, entropy)?;
        let number = self.wanted.number.reveal();
        let row = person::Model {
            person_id: id.uuid(),
            name_sealed: vault::seal_value(&key, id, "name", &self.wanted.name, entropy)?,
            number_sealed: vault::seal_value(&key, id, CITIZEN_NO, number, entropy)?,
            mobile_sealed: None,
            email_sealed: None,
            created_us: now.as_micros(),
            version: 0,
        };
        work.put(key_row)?;
        work.put(self.vault.look_up_row(CITIZEN_NO, number, id))?;
        Ok((row, key))
    }

    fn set_mobile(
        &self,
        work: &mut Work<'_>,
        row: &mut person::Model,
        key: &seal::DataKey,
        mobile: &str,
    ) -> Result<bool, AppError> {
        match self.holder(work, MOBILE, mobile)? {
            Some(holder) if holder == self.person => return Ok(false),
            Some(_) => {
                let refusal = Refusal::new(&codes::E1111).field("/mobile", &codes::E1111);
                return Err(refusal.into());
            }
            None => {}
        }
        for hash in self
            .old_mobile
            .iter()
            .flat_map(|m| self.vault.hashes(MOBILE, m))
        {
            work.remove::<lookup::Model>(vault::look_up_key(MOBILE, &hash));
        }
        let sealed = vault::seal_value(key, self.person, MOBILE, mobile, work.entropy())?;
        row.mobile_sealed = Some(sealed);
        work.put(self.vault.look_up_row(MOBILE, mobile, self.person))?;
        Ok(true)
    }

    /// Refuses a new account for whom we know already: he has one, or has to prove who he is.
    fn check_new(&self, work: &Work<'_>) -> Result<(), AppError> {
        if !self.is_known || !matches!(self.wanted.password, Some(Password::New(_))) {
            return Ok(());
        }
        let account = work.get::<account::Model>(&key!(self.person.uuid()))?;
        Err(AppError::refused(match account {
            Some(_) => &codes::E1111,
            None => &codes::E1118,
        }))
    }

    fn set_password(&self, work: &mut Work<'_>, password: &Password) -> Result<(), AppError> {
        let (Password::New(hash) | Password::Any(hash)) = password;
        work.put(account::Model {
            person_id: self.person.uuid(),
            password_hash: hash.clone(),
            changed_us: work.now().as_micros(),
            one_time_until_us: None,
        })
    }
}

impl Command for SavePerson {
    type Out = Saved;
    const NAME: &'static str = "person.save";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.person.to_string()
    }

    fn lane(&self) -> u64 {
        // The same number meets in the same lane, known or not.
        let hash = self.vault.blind(CITIZEN_NO, self.wanted.number.reveal());
        hash.first_chunk()
            .map_or(0, |head| u64::from_be_bytes(*head))
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        let mobiles = [&self.wanted.mobile, &self.old_mobile];
        let mobiles = mobiles
            .into_iter()
            .flatten()
            .map(|mobile| (MOBILE, mobile.as_str()));
        for (field, value) in mobiles.chain([(CITIZEN_NO, self.wanted.number.reveal())]) {
            for hash in self.vault.hashes(field, value) {
                loads.row::<lookup::Model>(vault::look_up_key(field, &hash));
            }
        }
        let id = self.person.uuid();
        loads.row::<person::Model>(key!(id));
        loads.row::<person_key::Model>(key!(id));
        loads.row::<account::Model>(key!(id));
        loads.row::<consent::Model>(key!(id, ELECTRONIC_SERVICE));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Saved, AppError> {
        let (mut row, key) = self.person(work)?;
        self.check_new(work)?;
        let mut happened = Vec::new();
        if !self.is_known {
            happened.push(("person.enrolled", json!({})));
        }
        if let Some(mobile) = &self.wanted.mobile
            && self.set_mobile(work, &mut row, &key, mobile)?
        {
            happened.push(("person.mobile_changed", json!({})));
        }
        if let Some(password) = &self.wanted.password {
            self.set_password(work, password)?;
            happened.push(("person.account_opened", json!({})));
        }
        if let Some(agreed) = self.wanted.electronic_service
            && set_consent(work, self.person, agreed)?
        {
            happened.push(("person.electronic_service", json!({"agreed": agreed})));
        }
        for (kind, body) in happened {
            row.version += 1;
            work.emit("person", row.person_id, row.version, kind, body);
        }
        work.put(row)?;
        Ok(Saved {
            person: self.person,
        })
    }
}

/// Sets the declared consent to electronic service; tells whether that changed anything.
pub(crate) fn set_consent(
    work: &mut Work<'_>,
    person: PersonId,
    agreed: bool,
) -> Result<bool, AppError> {
    let key = key!(person.uuid(), ELECTRONIC_SERVICE);
    let before = work.get::<consent::Model>(&key)?.map(|row| row.agreed);
    if before.unwrap_or(false) == agreed {
        return Ok(false);
    }
    work.put(consent::Model {
        person_id: person.uuid(),
        kind: ELECTRONIC_SERVICE.to_owned(),
        agreed,
        since_us: work.now().as_micros(),
    })?;
    Ok(true)
}

/// A consent is given or taken back.
pub(crate) struct Consent {
    pub bureau: DivisionCode,
    pub person: PersonId,
    pub agreed: bool,
}

/// The version of a person afterwards.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct PersonVersion {
    pub version: i64,
}

impl Command for Consent {
    type Out = PersonVersion;
    const NAME: &'static str = "person.electronic_service";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.person.to_string()
    }

    fn lane(&self) -> u64 {
        lane_of(self.person.uuid())
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<person::Model>(key!(self.person.uuid()));
        loads.row::<consent::Model>(key!(self.person.uuid(), ELECTRONIC_SERVICE));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<PersonVersion, AppError> {
        let mut row = work
            .require::<person::Model>(&key!(self.person.uuid()))?
            .clone();
        if set_consent(work, self.person, self.agreed)? {
            row.version += 1;
            let body = json!({"agreed": self.agreed});
            let (id, version) = (row.person_id, row.version);
            work.emit("person", id, version, "person.electronic_service", body);
            work.put(row.clone())?;
        }
        Ok(PersonVersion {
            version: row.version,
        })
    }
}
