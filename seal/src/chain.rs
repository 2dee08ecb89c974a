//! The audit chain: every entry holds the digest of the one before it.
//!
//! Each lane has a chain of its own, numbered 1, 2, 3, … without gaps. The digest of an entry is
//!
//! ```text
//! SM3( 1 | digest of the entry before (32) | number (8) | for each field: length (8), bytes )
//! ```
//!
//! with numbers and lengths in big endian; before the first entry stands
//! `SM3("yici audit chain 1" | lane (8))`, so that an entry can neither change its place nor its
//! lane. A chain alone proves nothing about its end: see [`crate::anchor`].

mod verify;

use serde::{Deserialize, Serialize};
use sm3::{Digest as _, Sm3};

use crate::{Digest, hex};

pub use verify::{ChainCheck, ChainFinding, ChainReport, FINDINGS_MAX, check_chain};

const FORMAT: u8 = 1;
const GENESIS: &[u8] = b"yici audit chain 1";

/// The end of one chain: what the next entry is linked to, and what an anchor holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The chain.
    pub lane: i64,
    /// The number of its last entry; 0 before the first.
    pub seq: i64,
    /// The digest of its last entry.
    #[serde(with = "hex::array")]
    pub hash: Digest,
}

impl Link {
    /// The chain of a lane before its first entry.
    pub fn start(lane: i64) -> Self {
        let mut hasher = Sm3::new_with_prefix(GENESIS);
        hasher.update(lane.to_be_bytes());
        Self {
            lane,
            seq: 0,
            hash: hasher.finalize().into(),
        }
    }

    /// The chain with one more entry, which has the number and the digest of the result.
    #[must_use]
    pub fn add<'a>(&self, fields: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let seq = self.seq.saturating_add(1);
        Self {
            lane: self.lane,
            seq,
            hash: link(&self.hash, seq, fields),
        }
    }
}

/// The digest of the entry number `seq` with these fields, after the entry with the digest
/// `before`.
pub fn link<'a>(before: &Digest, seq: i64, fields: impl IntoIterator<Item = &'a [u8]>) -> Digest {
    let mut hasher = Sm3::new_with_prefix([FORMAT]);
    hasher.update(before);
    hasher.update(seq.to_be_bytes());
    for field in fields {
        // A length in memory has at most 64 bits.
        let length = u64::try_from(field.len()).unwrap_or(u64::MAX);
        hasher.update(length.to_be_bytes());
        hasher.update(field);
    }
    hasher.finalize().into()
}
