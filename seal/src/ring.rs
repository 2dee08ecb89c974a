//! A ring of symmetric keys with ids: one seals, the older ones still open.
//!
//! Its file has one key a line, `<label> <id> <key in hexadecimal>`; empty lines and lines that
//! begin with `#` are skipped. The key with the highest id is the current one: a rotation adds a
//! line.

use std::{collections::BTreeMap, fmt};

use kernel::Entropy;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{KeyFileFault, hex};

/// The number of a key in its ring: 1, 2, 3, …
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyId(pub u16);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// `N` secret bytes, wiped when dropped.
pub(crate) type Secret<const N: usize> = Zeroizing<[u8; N]>;

/// Fresh secret bytes.
pub(crate) fn random_secret<const N: usize>(entropy: &mut dyn Entropy) -> Secret<N> {
    let mut secret = Zeroizing::new([0; N]);
    entropy.fill(secret.as_mut());
    secret
}

/// Keys of `N` bytes; there is always a current one.
#[derive(Clone)]
pub(crate) struct Ring<const N: usize> {
    current: (KeyId, Secret<N>),
    previous: BTreeMap<KeyId, Secret<N>>,
}

impl<const N: usize> Ring<N> {
    pub(crate) fn generate(entropy: &mut dyn Entropy) -> Self {
        Self {
            current: (KeyId(1), random_secret(entropy)),
            previous: BTreeMap::new(),
        }
    }

    /// Adds a fresh key and makes it the current one. The last id is never exceeded: a ring that
    /// has come there stays as it is.
    pub(crate) fn rotate(&mut self, entropy: &mut dyn Entropy) {
        let Some(next) = self.current.0.0.checked_add(1) else {
            return;
        };
        let fresh = (KeyId(next), random_secret(entropy));
        let (id, secret) = std::mem::replace(&mut self.current, fresh);
        self.previous.insert(id, secret);
    }

    pub(crate) fn current(&self) -> (KeyId, &Secret<N>) {
        (self.current.0, &self.current.1)
    }

    pub(crate) fn get(&self, id: KeyId) -> Option<&Secret<N>> {
        if id == self.current.0 {
            return Some(&self.current.1);
        }
        self.previous.get(&id)
    }

    /// All keys, the current one first, then from the newest to the oldest.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (KeyId, &Secret<N>)> {
        let previous = self.previous.iter().rev().map(|(id, secret)| (*id, secret));
        std::iter::once(self.current()).chain(previous)
    }

    pub(crate) fn read(text: &str, label: &str, form: &'static str) -> Result<Self, KeyFileFault> {
        let mut keys = BTreeMap::new();
        for (line, text) in (1..).zip(text.lines()) {
            let text = text.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let (id, secret) = read_line(text, label).ok_or(KeyFileFault::Form { line, form })?;
            if keys.insert(id, secret).is_some() {
                return Err(KeyFileFault::Twice { line, id });
            }
        }
        let current = keys.pop_last().ok_or(KeyFileFault::Empty)?;
        Ok(Self {
            current,
            previous: keys,
        })
    }

    pub(crate) fn to_text(&self, label: &str) -> Zeroizing<String> {
        let mut lines = Zeroizing::new(String::new());
        for (id, secret) in self.iter() {
            let key = Zeroizing::new(hex::encode(secret.as_ref()));
            let line = Zeroizing::new(format!("{label} {id} {}\n", *key));
            lines.push_str(&line);
        }
        lines
    }
}

fn read_line<const N: usize>(text: &str, label: &str) -> Option<(KeyId, Secret<N>)> {
    let mut words = text.split(' ');
    let (found, id, key) = (words.next()?, words.next()?, words.next()?);
    let id: u16 = id.parse().ok()?;
    let bytes = Zeroizing::new(hex::decode(key)?);
    let mut secret = Zeroizing::new([0; N]);
    let is_whole = found == label && id > 0 && words.next().is_none() && bytes.len() == N;
    if !is_whole {
        return None;
    }
    secret.copy_from_slice(&bytes);
    Some((KeyId(id), secret))
}
