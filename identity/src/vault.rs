//! The keys of personal values, and what is done with them.
//!
//! Name, number, mobile and e-mail address of a person are sealed under a data key of his own, which a master key
//! wraps: destroying `person_key` erases him. Numbers are found by their look-up hashes alone.

use std::sync::Arc;

use kernel::{
    Entropy, Timestamp,
    error::Broken,
    ids::{DataKeyId, Id as _, PersonId},
};
use seal::{DataKey, Digest, LookUpHash, LookUpKeys, MasterKeys, Nonce, WrappedKey};

use crate::store::{lookup, person, person_key};

/// The field name of citizen numbers in look-ups.
pub(crate) const CITIZEN_NO: &str = "citizen_no";
/// The field name of mobile numbers in look-ups.
pub(crate) const MOBILE: &str = "mobile";
/// The field name under which e-mail addresses are sealed; nobody is looked up by one.
pub(crate) const EMAIL: &str = "email";

/// Master keys and look-up keys. Cheap to clone; prints nothing of them.
#[derive(Clone, Debug)]
pub struct Vault {
    keys: Arc<Keys>,
}

#[derive(Debug)]
struct Keys {
    master: MasterKeys,
    look_up: LookUpKeys,
}

/// The values of a person that are sealed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Values {
    pub name: String,
    pub number: String,
    pub mobile: Option<String>,
    pub email: Option<String>,
}

impl Vault {
    /// A vault with these keys.
    pub fn new(master: MasterKeys, look_up: LookUpKeys) -> Self {
        Self {
            keys: Arc::new(Keys { master, look_up }),
        }
    }

    /// The keys that wrap data keys.
    pub fn master_keys(&self) -> &MasterKeys {
        &self.keys.master
    }

    /// The keys that hash numbers for look-up.
    pub fn look_up_keys(&self) -> &LookUpKeys {
        &self.keys.look_up
    }

    /// A keyed digest of something personal that must be recognised but never guessed, such as a
    /// body with a password: a plain digest could be tried out offline.
    pub(crate) fn blind(&self, purpose: &str, value: &str) -> Digest {
        self.keys.look_up.hash(purpose, value).hash
    }

    /// The hashes to search a value by, under all keys.
    pub(crate) fn hashes(&self, field: &str, value: &str) -> Vec<LookUpHash> {
        self.keys.look_up.hashes(field, value)
    }

    /// The row that finds a person by a value.
    pub(crate) fn look_up_row(&self, field: &str, value: &str, person: PersonId) -> lookup::Model {
        look_up_row(field, &self.keys.look_up.hash(field, value), person)
    }

    /// A fresh data key for a person, with its row.
    pub(crate) fn new_key(
        &self,
        person: PersonId,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<(DataKey, person_key::Model), Broken> {
        let key = DataKey::generate(DataKeyId::new(now, entropy), entropy);
        let wrapped = self
            .keys
            .master
            .wrap(&key, &Nonce::random(entropy))
            .map_err(|fault| Broken::caused("a data key cannot be wrapped", fault))?;
        let row = person_key::Model {
            person_id: person.uuid(),
            key_id: key.id().uuid(),
            wrapped: wrapped.as_bytes().to_vec(),
        };
        Ok((key, row))
    }

    /// The data key of a person.
    pub(crate) fn key(&self, row: &person_key::Model) -> Result<DataKey, Broken> {
        let wrapped = WrappedKey::from_bytes(row.wrapped.clone());
        self.keys
            .master
            .unwrap(DataKeyId::from_uuid(row.key_id), &wrapped)
            .map_err(|fault| Broken::caused("the data key of a person cannot be unwrapped", fault))
    }

    /// The values of a person.
    pub(crate) fn open(
        &self,
        row: &person::Model,
        key: &person_key::Model,
    ) -> Result<Values, Broken> {
        let person = PersonId::from_uuid(row.person_id);
        let key = self.key(key)?;
        let optional = |sealed: &Option<Vec<u8>>, field| {
            let opened = sealed
                .as_ref()
                .map(|sealed| open(&key, sealed, person, field));
            opened.transpose()
        };
        Ok(Values {
            name: open(&key, &row.name_sealed, person, "name")?,
            number: open(&key, &row.number_sealed, person, CITIZEN_NO)?,
            mobile: optional(&row.mobile_sealed, MOBILE)?,
            email: optional(&row.email_sealed, EMAIL)?,
        })
    }
}

/// The row that finds a person by this hash.
pub(crate) fn look_up_row(field: &str, hash: &LookUpHash, person: PersonId) -> lookup::Model {
    lookup::Model {
        hash: hash.hash.to_vec(),
        field: field.to_owned(),
        key_id: i64::from(hash.key_id.0),
        person_id: person.uuid(),
    }
}

/// The key of that row.
pub(crate) fn look_up_key(field: &str, hash: &LookUpHash) -> store::Key {
    store::key!(hash.hash.to_vec(), field, i64::from(hash.key_id.0))
}

/// Seals one value of a person. `field` ties it to its column and row.
pub(crate) fn seal_value(
    key: &DataKey,
    person: PersonId,
    field: &str,
    value: &str,
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, Broken> {
    let nonce = Nonce::random(entropy);
    key.seal(value.as_bytes(), &place(person, field), &nonce)
        .map_err(|fault| Broken::caused("a value cannot be sealed", fault))
}

fn open(key: &DataKey, sealed: &[u8], person: PersonId, field: &str) -> Result<String, Broken> {
    let plain = key.open(sealed, &place(person, field)).map_err(|fault| {
        Broken::caused(format!("person {person}: {field} cannot be opened"), fault)
    })?;
    String::from_utf8(plain.to_vec())
        .map_err(|_| Broken::new(format!("person {person}: {field} is no text")))
}

fn place(person: PersonId, field: &str) -> Vec<u8> {
    [
        b"person",
        person.uuid().as_bytes().as_slice(),
        field.as_bytes(),
    ]
    .concat()
}
