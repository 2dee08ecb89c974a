//! Checking the entries of a chain, in the order of their numbers, page by page.

use std::collections::BTreeMap;

use super::{Link, link};
use crate::Digest;

/// Findings that a report lists. A table that was wiped or rewritten has as many as entries; the
/// first thousand tell where to look, and the count tells the rest.
pub const FINDINGS_MAX: usize = 1_000;

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainFinding {
    /// The digest of an entry does not fit its fields and the entry before it.
    #[error("lane {lane}: entry {seq} was changed")]
    Changed {
        /// The chain.
        lane: i64,
        /// The entry.
        seq: i64,
    },
    /// Entries are missing.
    #[error("lane {lane}: entries are missing between {after} and {next}")]
    Gap {
        /// The chain.
        lane: i64,
        /// The last entry before the gap.
        after: i64,
        /// The first entry after it.
        next: i64,
    },
    /// An entry stands behind one with a higher number, or twice.
    #[error("lane {lane}: entry {seq} stands after entry {after}")]
    Reordered {
        /// The chain.
        lane: i64,
        /// The highest entry before it.
        after: i64,
        /// The entry.
        seq: i64,
    },
    /// The chain is sound, but it is not the one that was anchored.
    #[error("lane {lane}: up to entry {seq} the chain is not the one that was anchored")]
    Rewritten {
        /// The chain.
        lane: i64,
        /// The anchored entry.
        seq: i64,
    },
    /// The chain ends before an anchored entry.
    #[error("lane {lane}: the chain ends with entry {last}, entry {anchored} was anchored")]
    Truncated {
        /// The chain.
        lane: i64,
        /// Its last entry; 0 when none is left.
        last: i64,
        /// The last anchored entry.
        anchored: i64,
    },
}

/// What a check of one chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainReport {
    /// Entries read.
    pub entries: u64,
    /// The end of the chain as it stands now.
    pub end: Link,
    /// The first [`FINDINGS_MAX`] findings.
    pub findings: Vec<ChainFinding>,
    /// All findings.
    pub findings_count: u64,
}

/// A check in progress. Entries are given in the order of the table.
#[derive(Debug)]
pub struct ChainCheck<'a> {
    anchored: &'a BTreeMap<i64, Digest>,
    end: Link,
    base: Base,
    entries: u64,
    findings: Vec<ChainFinding>,
    findings_count: u64,
}

/// What the next entry may be linked to.
#[derive(Debug)]
enum Base {
    /// To this digest.
    Known(Digest),
    /// The entry before it is faulty: to the digest stored there or to the one it should have, so
    /// that one changed entry is one finding.
    Either(Digest, Digest),
    /// The entry before it is missing.
    Unknown,
}

impl<'a> ChainCheck<'a> {
    /// Begins after `start`: [`Link::start`], or the end of an archived part. `anchored` has the
    /// digests of this lane that signed anchors hold, by number of the entry.
    pub fn new(start: Link, anchored: &'a BTreeMap<i64, Digest>) -> Self {
        Self {
            anchored,
            end: start,
            base: Base::Known(start.hash),
            entries: 0,
            findings: Vec::new(),
            findings_count: 0,
        }
    }

    /// Checks the next entry: its number, its fields and its digest as they are stored.
    pub fn push<'f>(
        &mut self,
        seq: i64,
        fields: impl IntoIterator<Item = &'f [u8]> + Clone,
        hash: &[u8],
    ) {
        self.entries += 1;
        let (lane, after) = (self.end.lane, self.end.seq);
        if seq <= after {
            self.find(ChainFinding::Reordered { lane, after, seq });
            return;
        }
        if seq - 1 > after {
            let next = seq;
            self.find(ChainFinding::Gap { lane, after, next });
            self.base = Base::Unknown;
        }
        self.base = self.check_digest(seq, fields, hash);
        self.end.seq = seq;
        self.end.hash = hash.try_into().unwrap_or_default();
        if self.anchored.get(&seq).is_some_and(|anchor| anchor != hash) {
            self.find(ChainFinding::Rewritten { lane, seq });
        }
    }

    /// Ends the check after the last entry.
    pub fn finish(mut self) -> ChainReport {
        let lane = self.end.lane;
        let last = self.end.seq;
        if let Some((&anchored, _)) = self.anchored.last_key_value()
            && anchored > last
        {
            self.find(ChainFinding::Truncated {
                lane,
                last,
                anchored,
            });
        }
        ChainReport {
            entries: self.entries,
            end: self.end,
            findings: self.findings,
            findings_count: self.findings_count,
        }
    }

    fn check_digest<'f>(
        &mut self,
        seq: i64,
        fields: impl IntoIterator<Item = &'f [u8]> + Clone,
        hash: &[u8],
    ) -> Base {
        let stored: Result<Digest, _> = hash.try_into();
        let wanted = match &self.base {
            Base::Known(before) => vec![link(before, seq, fields)],
            Base::Either(one, other) => {
                vec![link(one, seq, fields.clone()), link(other, seq, fields)]
            }
            Base::Unknown => Vec::new(),
        };
        match (stored, wanted.first()) {
            (Ok(stored), None) => Base::Known(stored),
            (Ok(stored), Some(_)) if wanted.contains(&stored) => Base::Known(stored),
            (stored, wanted) => {
                let lane = self.end.lane;
                self.find(ChainFinding::Changed { lane, seq });
                match (stored, wanted) {
                    (Ok(stored), Some(wanted)) => Base::Either(stored, *wanted),
                    (Err(_), Some(wanted)) => Base::Known(*wanted),
                    (_, None) => Base::Unknown,
                }
            }
        }
    }

    fn find(&mut self, finding: ChainFinding) {
        self.findings_count += 1;
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding);
        }
    }
}

/// Checks a whole chain that is in memory: number, fields and digest of each entry.
pub fn check_chain<'f, Fields>(
    start: Link,
    anchored: &BTreeMap<i64, Digest>,
    entries: impl IntoIterator<Item = (i64, Fields, &'f [u8])>,
) -> ChainReport
where
    Fields: IntoIterator<Item = &'f [u8]> + Clone,
{
    let mut check = ChainCheck::new(start, anchored);
    for (seq, fields, hash) in entries {
        check.push(seq, fields, hash);
    }
    check.finish()
}
