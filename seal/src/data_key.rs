//! Envelope encryption: a data key for each case or person, wrapped by a master key.
//!
//! Only wrapped data keys are stored. Whoever destroys a wrapped key has erased everything sealed
//! under it, wherever its copies are.
//!
//! ```text
//! sealed bytes  = 1 | data key id (16) | nonce (12) | ciphertext | tag (16)
//! wrapped key   = 1 | master key id (2, big endian) | nonce (12) | ciphertext (16) | tag (16)
//! ```

use std::{fmt, str::FromStr};

use kernel::{
    Entropy,
    ids::{DataKeyId, Id as _},
};
use zeroize::Zeroizing;

use crate::{
    KeyFileFault, KeyId, Nonce, OpenFault, TooLong,
    cipher::{self, KEY_LEN, NONCE_LEN},
    ring::{Ring, Secret, random_secret},
};

const LABEL: &str = "yici-master-key-1";
const FORM: &str = "yici-master-key-1 <id> <32 hexadecimal letters>";
const FORMAT: u8 = 1;
/// Keep the two uses of SM4 apart: what was sealed as one never opens as the other.
const DATA_CONTEXT: &[u8] = b"yici data 1";
const WRAP_CONTEXT: &[u8] = b"yici data key 1";

/// A key that encrypts the sensitive fields and uploads of one case or person.
pub struct DataKey {
    id: DataKeyId,
    key: Secret<KEY_LEN>,
}

impl DataKey {
    /// A fresh key.
    pub fn generate(id: DataKeyId, entropy: &mut dyn Entropy) -> Self {
        Self {
            id,
            key: random_secret(entropy),
        }
    }

    /// Its id.
    pub fn id(&self) -> DataKeyId {
        self.id
    }

    /// Encrypts and authenticates `plain`. The associated data `aad` says where it belongs (such as
    /// table, column and row); the same must be given to open it.
    pub fn seal(&self, plain: &[u8], aad: &[u8], nonce: &Nonce) -> Result<Vec<u8>, TooLong> {
        let mut header = vec![FORMAT];
        header.extend_from_slice(self.id.uuid().as_bytes());
        header.extend_from_slice(&nonce.0);
        let aad = [DATA_CONTEXT, self.id.uuid().as_bytes(), aad].concat();
        cipher::seal(&self.key, nonce, plain, &aad, header)
    }

    /// Decrypts what [`DataKey::seal`] made, if nothing of it was changed.
    pub fn open(&self, sealed: &[u8], aad: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenFault> {
        let (id, rest) = split_data(sealed)?;
        if id != self.id {
            return Err(OpenFault::OtherKey);
        }
        let (nonce, sealed) = rest
            .split_first_chunk::<NONCE_LEN>()
            .ok_or(OpenFault::Malformed)?;
        let aad = [DATA_CONTEXT, self.id.uuid().as_bytes(), aad].concat();
        cipher::open(&self.key, nonce, sealed, &aad)
    }

    /// The data key that sealed bytes ask for.
    pub fn id_of(sealed: &[u8]) -> Result<DataKeyId, OpenFault> {
        split_data(sealed).map(|(id, _)| id)
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataKey({}, ***)", self.id)
    }
}

fn split_data(sealed: &[u8]) -> Result<(DataKeyId, &[u8]), OpenFault> {
    let (&[FORMAT], rest) = sealed.split_first_chunk().ok_or(OpenFault::Malformed)? else {
        return Err(OpenFault::Malformed);
    };
    let (id, rest) = rest.split_first_chunk().ok_or(OpenFault::Malformed)?;
    Ok((DataKeyId::from_uuid(uuid::Uuid::from_bytes(*id)), rest))
}

/// A data key under a master key: the form that is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct WrappedKey(Vec<u8>);

impl WrappedKey {
    /// A wrapped key as it was stored.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The master key that wraps it.
    pub fn master_key_id(&self) -> Result<KeyId, OpenFault> {
        self.split().map(|(id, _)| id)
    }

    fn split(&self) -> Result<(KeyId, &[u8]), OpenFault> {
        match self.0.split_first_chunk::<3>() {
            Some((&[FORMAT, high, low], rest)) => {
                Ok((KeyId(u16::from_be_bytes([high, low])), rest))
            }
            _ => Err(OpenFault::Malformed),
        }
    }
}

impl fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WrappedKey(***)")
    }
}

/// The master keys: the current one wraps, the earlier ones still unwrap.
///
/// As text (a key file) one line per key: `yici-master-key-1 <id> <32 hexadecimal letters>`.
#[derive(Clone)]
pub struct MasterKeys(Ring<KEY_LEN>);

impl MasterKeys {
    /// A ring with one fresh key.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        Self(Ring::generate(entropy))
    }

    /// Adds a fresh key, from now on the current one.
    pub fn rotate(&mut self, entropy: &mut dyn Entropy) {
        self.0.rotate(entropy);
    }

    /// The key that wraps; data keys under another one wait to be unwrapped and
    /// wrapped again.
    pub fn current_id(&self) -> KeyId {
        self.0.current().0
    }

    /// Wraps a data key under the current master key.
    pub fn wrap(&self, data_key: &DataKey, nonce: &Nonce) -> Result<WrappedKey, TooLong> {
        let (id, master) = self.0.current();
        let mut header = vec![FORMAT];
        header.extend_from_slice(&id.0.to_be_bytes());
        header.extend_from_slice(&nonce.0);
        let aad = wrap_aad(id, data_key.id);
        let plain = data_key.key.as_ref();
        cipher::seal(master, nonce, plain, &aad, header).map(WrappedKey)
    }

    /// The data key `id` again. A key wrapped under another id is refused.
    pub fn unwrap(&self, id: DataKeyId, wrapped: &WrappedKey) -> Result<DataKey, OpenFault> {
        let (master_id, rest) = wrapped.split()?;
        let master = self
            .0
            .get(master_id)
            .ok_or(OpenFault::NoMasterKey(master_id))?;
        let (nonce, sealed) = rest
            .split_first_chunk::<NONCE_LEN>()
            .ok_or(OpenFault::Malformed)?;
        let plain = cipher::open(master, nonce, sealed, &wrap_aad(master_id, id))?;
        let mut key = Zeroizing::new([0; KEY_LEN]);
        if plain.len() != KEY_LEN {
            return Err(OpenFault::Malformed);
        }
        key.copy_from_slice(&plain);
        Ok(DataKey { id, key })
    }

    /// The text of the key file.
    pub fn to_text(&self) -> Zeroizing<String> {
        self.0.to_text(LABEL)
    }
}

impl FromStr for MasterKeys {
    type Err = KeyFileFault;

    fn from_str(text: &str) -> Result<Self, KeyFileFault> {
        Ring::read(text, LABEL, FORM).map(Self)
    }
}

impl fmt::Debug for MasterKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

fn wrap_aad(master: KeyId, data_key: DataKeyId) -> Vec<u8> {
    [
        WRAP_CONTEXT,
        &master.0.to_be_bytes(),
        data_key.uuid().as_bytes(),
    ]
    .concat()
}
