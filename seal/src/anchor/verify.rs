//! Checking the lines of an anchor file.

use std::collections::BTreeMap;

use super::{Anchor, FORMAT};
use crate::{Digest, VerifyingKey, chain::FINDINGS_MAX, sm3};

/// A line of the anchor file that cannot be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnchorFinding {
    /// It is not an anchor as [`Anchor::to_line`] writes it.
    #[error("line {line} is not an anchor")]
    Malformed {
        /// Line of the file, from 1.
        line: u64,
    },
    /// It was signed by a key that is not among the known ones.
    #[error("line {line} is signed by the unknown key {key}")]
    UnknownKey {
        /// Line of the file, from 1.
        line: u64,
        /// The fingerprint on the line.
        key: String,
    },
    /// Its signature does not fit.
    #[error("line {line} was changed: its signature does not fit")]
    BadSignature {
        /// Line of the file, from 1.
        line: u64,
    },
    /// It does not follow the line before it: a line was changed, dropped, added or moved.
    #[error("line {line} does not follow the line before it")]
    Unlinked {
        /// Line of the file, from 1.
        line: u64,
    },
    /// Its time or a chain in it lies before the anchor before it, or a chain has vanished.
    #[error("line {line} goes back behind the anchor before it")]
    WentBack {
        /// Line of the file, from 1.
        line: u64,
    },
}

/// What a check of the anchor file found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AnchorReport {
    /// Lines read.
    pub lines: u64,
    /// The last anchor that can be trusted.
    pub last: Option<Anchor>,
    /// The digests that trusted anchors hold: by lane, then by number of the entry. Every lane of
    /// it must be checked, also one that the table no longer has.
    pub anchored: BTreeMap<i64, BTreeMap<i64, Digest>>,
    /// The first findings, at most as many as a chain report lists.
    pub findings: Vec<AnchorFinding>,
    /// All findings.
    pub findings_count: u64,
}

/// A check in progress. Lines are given in the order of the file, without their ends.
#[derive(Debug)]
pub struct AnchorCheck<'a> {
    keys: &'a [VerifyingKey],
    before: Digest,
    report: AnchorReport,
}

impl<'a> AnchorCheck<'a> {
    /// Begins a check with the keys that may have signed: the present one and earlier ones.
    pub fn new(keys: &'a [VerifyingKey]) -> Self {
        Self {
            keys,
            before: sm3(&[]),
            report: AnchorReport::default(),
        }
    }

    /// Checks the next line.
    pub fn push(&mut self, text: &str) {
        self.report.lines += 1;
        let line = self.report.lines;
        match self.read(line, text) {
            Ok(anchor) => {
                // A line that was signed by us is evidence even where its neighbours are not.
                if anchor.before != self.before {
                    self.find(AnchorFinding::Unlinked { line });
                }
                if self
                    .report
                    .last
                    .as_ref()
                    .is_some_and(|last| goes_back(last, &anchor))
                {
                    self.find(AnchorFinding::WentBack { line });
                }
                self.keep(anchor);
            }
            Err(finding) => self.find(finding),
        }
        self.before = sm3(text.as_bytes());
    }

    /// Ends the check after the last line.
    pub fn finish(self) -> AnchorReport {
        self.report
    }

    fn read(&self, line: u64, text: &str) -> Result<Anchor, AnchorFinding> {
        let anchor: Anchor = serde_json::from_str(text)
            .ok()
            .filter(|anchor: &Anchor| anchor.format == FORMAT && anchor.to_line() == text)
            .ok_or(AnchorFinding::Malformed { line })?;
        let mut keys = self.keys.iter();
        let Some(key) = keys.find(|key| key.fingerprint() == anchor.key) else {
            let key = anchor.key;
            return Err(AnchorFinding::UnknownKey { line, key });
        };
        if !key.verifies(&anchor.signed_bytes(), &anchor.signature) {
            return Err(AnchorFinding::BadSignature { line });
        }
        Ok(anchor)
    }

    fn keep(&mut self, anchor: Anchor) {
        for head in anchor.heads.iter().filter(|head| head.seq > 0) {
            let lane = self.report.anchored.entry(head.lane).or_default();
            // The first anchor of an entry stands; a later one that differs is a finding already.
            lane.entry(head.seq).or_insert(head.hash);
        }
        self.report.last = Some(anchor);
    }

    fn find(&mut self, finding: AnchorFinding) {
        self.report.findings_count += 1;
        if self.report.findings.len() < FINDINGS_MAX {
            self.report.findings.push(finding);
        }
    }
}

fn goes_back(last: &Anchor, next: &Anchor) -> bool {
    let is_behind = |head: &crate::chain::Link| {
        let found = next.heads.iter().find(|other| other.lane == head.lane);
        found.is_none_or(|other| {
            other.seq < head.seq || (other.seq == head.seq && other.hash != head.hash)
        })
    };
    next.at < last.at || last.heads.iter().any(is_behind)
}
