//! Ids: one newtype per thing, a UUIDv7 inside, a visible prefix outside (`case_01J…`).
//!
//! The printed form is the prefix, an underscore and 26 letters of Crockford's base 32, which sort
//! like the bytes. This file is the only registry of ids; a prefix is never reused.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{entropy::Entropy, time::Timestamp};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const TEXT_LEN: usize = 26;

/// A text is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {prefix}_…")]
pub struct NotAnId {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

fn encode(id: Uuid) -> String {
    let mut value = id.as_u128();
    let mut letters = [b'0'; TEXT_LEN];
    for slot in letters.iter_mut().rev() {
        let index = usize::try_from(value & 31).unwrap_or(0);
        *slot = ALPHABET.get(index).copied().unwrap_or(b'0');
        value >>= 5;
    }
    letters.iter().copied().map(char::from).collect()
}

fn decode(text: &str) -> Option<Uuid> {
    if text.len() != TEXT_LEN {
        return None;
    }
    let mut value: u128 = 0;
    for (position, letter) in text.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|known| *known == letter)?;
        // 26 letters carry 130 bits: the first may only use the lower three of its five.
        if position == 0 && digit > 7 {
            return None;
        }
        value = (value << 5) | u128::try_from(digit).ok()?;
    }
    Some(Uuid::from_u128(value))
}

/// What all ids have in common.
pub trait Id: Copy + Eq + std::hash::Hash + fmt::Display + Send + Sync + 'static {
    /// The visible prefix, without the underscore.
    const PREFIX: &'static str;
    /// Wraps the raw value as it stands in the database.
    fn from_uuid(id: Uuid) -> Self;
    /// The raw value as it stands in the database.
    fn uuid(self) -> Uuid;
    /// A new id: UUIDv7 of `now` (milliseconds) with random bits from `entropy`.
    fn new(now: Timestamp, entropy: &mut dyn Entropy) -> Self {
        let (millis, random) = (millis_of(now), random(entropy));
        Self::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
    /// A new id as of [`Id::new`]; of several made at one time, that with the smaller number stands
    /// first (RFC 9562 §6.2, a counter in the first random bits: up to 4,096 keep their order).
    fn numbered(now: Timestamp, number: u16, entropy: &mut dyn Entropy) -> Self {
        let (millis, mut random) = (millis_of(now), random(entropy));
        let [high, low] = number.min(0x0FFF).to_be_bytes();
        (random[0], random[1]) = (high, low);
        Self::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

fn millis_of(now: Timestamp) -> u64 {
    u64::try_from(now.as_micros() / 1_000).unwrap_or(0)
}

fn random(entropy: &mut dyn Entropy) -> [u8; 10] {
    let mut random = [0; 10];
    entropy.fill(&mut random);
    random
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(Uuid);

            impl Id for $name {
                const PREFIX: &'static str = $prefix;
                fn from_uuid(id: Uuid) -> Self { Self(id) }
                fn uuid(self) -> Uuid { self.0 }
            }
            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, "{}_{}", $prefix, encode(self.0))
                }
            }
            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Display::fmt(self, f) }
            }
            impl FromStr for $name {
                type Err = NotAnId;
                fn from_str(text: &str) -> Result<Self, NotAnId> {
                    text.strip_prefix(concat!($prefix, "_"))
                        .and_then(decode)
                        .map(Self)
                        .ok_or(NotAnId { prefix: $prefix })
                }
            }
            impl utoipa::PartialSchema for $name {
                fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                    crate::schema::pattern(concat!("^", $prefix, "_[0-7][0-9a-hjkmnp-tv-z]{25}$"))
                }
            }
            impl utoipa::ToSchema for $name {}
            impl Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                    s.collect_str(self)
                }
            }
            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                    let text = String::deserialize(d)?;
                    text.parse().map_err(serde::de::Error::custom)
                }
            }
        )*
        /// Every prefix in use; a test keeps them apart.
        pub const PREFIXES: &[&str] = &[$($prefix),*];
    };
}

ids! {
    /// 办件: one application being handled.
    CaseId = "case";
    /// One piece of work in a case that a person does.
    TaskId = "task";
    /// 材料: one uploaded or shared paper of a case.
    MaterialId = "mat";
    /// 上传: one file on its way to a case, in parts; its material is born with the same number.
    UploadId = "upload";
    /// 文书: one notice or certificate issued in a case.
    NoticeId = "notice";
    /// 名册: applications for many people, made with one spreadsheet.
    RosterId = "roster";
    /// 自然人: a natural person.
    PersonId = "person";
    /// 用人单位: an enterprise or another employer.
    EmployerId = "employer";
    /// A staff member of an agency.
    StaffId = "staff";
    /// 导出: a list of cases that left the house as a spreadsheet.
    ExportId = "export";
    /// One absence of a staff member (AB岗).
    AbsenceId = "absence";
    /// A signed-in browser or terminal.
    SessionId = "session";
    /// One message in a person's message box.
    MessageId = "msg";
    /// One delivery attempt of a message over SMS or e-mail.
    DispatchId = "send";
    /// One job: work that runs later.
    JobId = "job";
    /// One rating (好差评).
    RatingId = "rating";
    /// One request, as it stands in logs and problem documents.
    RequestId = "req";
    /// One entry of the audit log.
    AuditId = "audit";
    /// A data key that encrypts the sensitive fields of one case or person.
    DataKeyId = "key";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_prints_and_parses_back() {
        let id = CaseId::from_uuid(Uuid::from_u128(0x0190_a1b2_c3d4_7e5f_8a9b_0c1d_2e3f_4a5b));
        let text = id.to_string();
        assert!(text.starts_with("case_"));
        assert_eq!(text.parse::<CaseId>(), Ok(id));
        assert_eq!(
            CaseId::from_uuid(Uuid::max()).to_string().parse(),
            Ok(CaseId(Uuid::max()))
        );
    }

    #[test]
    fn another_kind_a_short_text_and_too_many_bits_are_refused() {
        let text = TaskId::from_uuid(Uuid::nil()).to_string();
        assert!(text.parse::<CaseId>().is_err());
        assert!("case_".parse::<CaseId>().is_err());
        assert!("case_zzzzzzzzzzzzzzzzzzzzzzzzzz".parse::<CaseId>().is_err());
        assert!("case_0000000000000000000000000U".parse::<CaseId>().is_err());
    }

    #[test]
    fn numbered_ids_of_one_time_stand_in_the_order_of_their_numbers() {
        struct Noise(u8);
        impl Entropy for Noise {
            fn fill(&mut self, bytes: &mut [u8]) {
                self.0 = self.0.wrapping_mul(151).wrapping_add(77);
                bytes.fill(self.0);
            }
        }
        let mut noise = Noise(1);
        let now = Timestamp::from_micros(1_772_000_000_000_000);
        let ids: Vec<JobId> = (0..0x1000)
            .map(|number| JobId::numbered(now, number, &mut noise))
            .collect();
        assert!(ids.is_sorted_by(|earlier, later| earlier < later));
        assert!(ids.iter().all(|id| id.uuid().get_version_num() == 7));
        assert!(JobId::numbered(now, 0x2000, &mut noise) > ids[0x0FFE]);
    }

    #[test]
    fn prefixes_are_unique() {
        let mut seen = std::collections::BTreeSet::new();
        assert!(PREFIXES.iter().all(|prefix| seen.insert(prefix)));
    }
}
