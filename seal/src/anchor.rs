//! Signed anchors: the ends of all audit chains, kept outside the database.
//!
//! The anchor file has one anchor a line, as canonical JSON ([`crate::canonical_json`]):
//!
//! ```text
//! {"at":"2026-03-02T01:00:00Z","before":"<64 letters>","format":1,"heads":[{"hash":"<64 letters>",
//!  "lane":1,"seq":17}],"key":"<fingerprint, 16 letters>","signature":"<128 letters>"}
//! ```
//!
//! (on one line). `before` is the SM3 of the line before, without its line end; on the first line
//! that of the empty text. The signature is SM2 over the line without its signature. Nobody
//! without the secret key can add, change or drop a line that is not the last without being found;
//! what was truncated *after* the last line that is left cannot be known from the file alone.

mod verify;

use kernel::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Digest, SignFault, Signature, SigningKey, canonical_json, chain::Link, hex, sm3};

pub use verify::{AnchorCheck, AnchorFinding, AnchorReport};

const FORMAT: u8 = 1;

/// The ends of all chains at one moment, signed.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    format: u8,
    at: Timestamp,
    #[serde(with = "hex::array")]
    before: Digest,
    heads: Vec<Link>,
    key: String,
    signature: Signature,
}

impl Anchor {
    /// Signs the ends of all chains, sorted by lane. `line_before` is the last line of the file
    /// without its line end, none for an empty file.
    pub fn sign(
        at: Timestamp,
        mut heads: Vec<Link>,
        line_before: Option<&str>,
        key: &SigningKey,
    ) -> Result<Self, SignFault> {
        heads.sort_by_key(|head| head.lane);
        let mut anchor = Self {
            format: FORMAT,
            at,
            before: sm3(line_before.unwrap_or_default().as_bytes()),
            heads,
            key: key.verifying_key().fingerprint(),
            signature: Signature([0; 64]),
        };
        anchor.signature = key.sign(&anchor.signed_bytes())?;
        Ok(anchor)
    }

    /// When it was made.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The ends of all chains, by lane.
    pub fn heads(&self) -> &[Link] {
        &self.heads
    }

    /// The line of the file, without its line end.
    pub fn to_line(&self) -> String {
        let mut fields = self.signed_fields();
        fields["signature"] = json!(self.signature);
        canonical_json(&fields)
    }

    fn signed_bytes(&self) -> Vec<u8> {
        canonical_json(&self.signed_fields()).into_bytes()
    }

    fn signed_fields(&self) -> Value {
        json!({
            "format": self.format,
            "at": self.at,
            "before": hex::encode(&self.before),
            "heads": self.heads,
            "key": self.key,
        })
    }
}
