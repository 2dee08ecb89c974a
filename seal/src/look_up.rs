//! Look-up hashes: finding an encrypted number without decrypting anything.
//!
//! A hash is HMAC-SM3 under a look-up key over the name of the field, a zero byte and the
//! normalised value. The name keeps the hashes of different fields apart, so that two columns
//! cannot be matched against each other. During a rotation a row keeps its hash under the old key
//! until it is rewritten; a search asks for the hashes under all keys.

use std::{fmt, str::FromStr};

use hmac::{Hmac, KeyInit, Mac};
use kernel::Entropy;
use sm3::Sm3;
use zeroize::Zeroizing;

use crate::{
    Digest, KeyFileFault, KeyId,
    ring::{Ring, Secret},
};

const LABEL: &str = "yici-look-up-key-1";
const FORM: &str = "yici-look-up-key-1 <id> <64 hexadecimal letters>";

/// The look-up hash of a value and the key it was made with.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LookUpHash {
    /// The key.
    pub key_id: KeyId,
    /// HMAC-SM3.
    pub hash: Digest,
}

/// The look-up keys: the current one and those of earlier rotations.
///
/// As text (a key file) one line per key: `yici-look-up-key-1 <id> <64 hexadecimal letters>`.
#[derive(Clone)]
pub struct LookUpKeys(Ring<32>);

impl LookUpKeys {
    /// A ring with one fresh key.
    pub fn generate(entropy: &mut dyn Entropy) -> Self {
        Self(Ring::generate(entropy))
    }

    /// Adds a fresh key, from now on the current one.
    pub fn rotate(&mut self, entropy: &mut dyn Entropy) {
        self.0.rotate(entropy);
    }

    /// The key that new hashes are made with; rows under another one wait to be rewritten.
    pub fn current_id(&self) -> KeyId {
        self.0.current().0
    }

    /// The hash to store: of a normalised value, under the current key. `field` names what kind of
    /// value it is, such as `citizen_no`.
    pub fn hash(&self, field: &str, value: &str) -> LookUpHash {
        let (key_id, key) = self.0.current();
        hash(key_id, key, field, value)
    }

    /// The hash under the oldest key: it stays the same through rotations, for rows that are found by
    /// it alone and are not rewritten.
    pub fn lasting(&self, field: &str, value: &str) -> Digest {
        let last = self.0.iter().last();
        let (key_id, key) = last.unwrap_or_else(|| self.0.current());
        hash(key_id, key, field, value).hash
    }

    /// The hashes to search for: under the current key first, then under the earlier ones.
    pub fn hashes(&self, field: &str, value: &str) -> Vec<LookUpHash> {
        let keys = self.0.iter();
        keys.map(|(key_id, key)| hash(key_id, key, field, value))
            .collect()
    }

    /// The text of the key file.
    pub fn to_text(&self) -> Zeroizing<String> {
        self.0.to_text(LABEL)
    }
}

impl FromStr for LookUpKeys {
    type Err = KeyFileFault;

    fn from_str(text: &str) -> Result<Self, KeyFileFault> {
        Ring::read(text, LABEL, FORM).map(Self)
    }
}

impl fmt::Debug for LookUpKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

fn hash(key_id: KeyId, key: &Secret<32>, field: &str, value: &str) -> LookUpHash {
    // The key as one whole block, filled up with zeros, as HMAC does itself.
    let mut block = Zeroizing::new([0; 64]);
    block[..32].copy_from_slice(key.as_ref());
    let mut mac = Hmac::<Sm3>::new((&*block).into());
    mac.update(field.as_bytes());
    mac.update(&[0]);
    mac.update(value.as_bytes());
    LookUpHash {
        key_id,
        hash: mac.finalize().into_bytes().into(),
    }
}
