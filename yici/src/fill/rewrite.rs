//! Texts of a row with other ids and other days. Pure.

use kernel::{
    Date,
    ids::{CaseId, Id as _},
};
use uuid::Uuid;

/// Letters of a printed id behind its prefix.
const ID_LETTERS: usize = 26;
/// Kinds of ids that a copy has of its own; people and staff stay who they are.
const OWN: [&str; 4] = ["case", "task", "notice", "mat"];

/// How a copy differs from its model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shift {
    /// Mixed into every id; another one for each copy.
    pub salt: u64,
    /// Days by which everything happens later.
    pub days: i64,
}

impl Shift {
    /// The id that stands in the copy for one of the model; its time moves with the days.
    pub(crate) fn id(self, id: Uuid) -> Uuid {
        const LOW: u128 = (1 << 80) - 1;
        /// The bits of a UUIDv7 behind its variant.
        const FREE: u64 = (1 << 62) - 1;
        let value = id.as_u128();
        let millis = i64::try_from(value >> 80).unwrap_or(0) + self.days * 86_400_000;
        let time = u128::try_from(millis).unwrap_or(0) << 80;
        Uuid::from_u128(time | ((value & LOW) ^ u128::from(self.salt & FREE)))
    }

    /// An instant in microseconds.
    pub(crate) const fn micros(self, at: i64) -> i64 {
        at + self.days * 86_400_000_000
    }

    /// A day; what is none stays.
    pub(crate) fn day(self, day: &str) -> String {
        let moved = day.parse::<Date>().ok().and_then(|day| {
            day.checked_add(jiff::Span::new().try_days(self.days).ok()?)
                .ok()
        });
        moved.map_or_else(|| day.to_owned(), |day| day.to_string())
    }

    /// A text, such as the body of a case, in which ids and days stand printed.
    pub(crate) fn text(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let (mut rest, mut before) = (text, None);
        while let Some(letter) = rest.chars().next() {
            let taken = match letter {
                '_' => self.printed(&out, rest),
                '0'..='9' | 'a'..='f' => self.digits(before, rest),
                _ => None,
            };
            let (new, length) = taken.unwrap_or_else(|| (letter.to_string(), letter.len_utf8()));
            out.push_str(&new);
            let (gone, left) = rest.split_at(length);
            (before, rest) = (gone.chars().last(), left);
        }
        out
    }

    /// A printed id behind its prefix.
    fn printed(self, out: &str, rest: &str) -> Option<(String, usize)> {
        let prefix = OWN.iter().find(|kind| out.ends_with(*kind))?;
        let letters = rest.get(1..=ID_LETTERS)?;
        let id: CaseId = format!("case_{letters}").parse().ok()?;
        let new = CaseId::from_uuid(self.id(id.uuid())).to_string();
        let ends = out.len() - prefix.len();
        // `mat` ends other words too: a prefix stands at the beginning of a text.
        let begins = !out[..ends].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        begins.then(|| (new["case".len()..].to_owned(), 1 + ID_LETTERS))
    }

    /// A day, or a raw id.
    fn digits(self, before: Option<char>, rest: &str) -> Option<(String, usize)> {
        if before.is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '-') {
            return None;
        }
        let raw = rest.get(..36).filter(|raw| raw.as_bytes()[8] == b'-');
        if let Some(id) = raw.and_then(|raw| Uuid::try_parse(raw).ok()) {
            return Some((self.id(id).to_string(), 36));
        }
        let day = rest.get(..10)?;
        let shape = |(at, byte): (usize, u8)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        };
        let is_day = day.bytes().enumerate().all(shape) && self.days != 0;
        is_day.then(|| (self.day(day), 10))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIFT: Shift = Shift {
        salt: 0x1234_5678_9ABC_DEF0,
        days: -7,
    };

    #[test]
    fn a_copy_has_ids_and_days_of_its_own_and_the_people_of_its_model() {
        let case = CaseId::from_uuid(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_002A));
        let letters = &case.to_string()["case".len()..];
        let raw = case.uuid();
        let text = format!(
            r#"{{"id":"case{letters}","task":"task{letters}","by":"staff{letters}","at":"2026-03-09T01:02:03Z","on":"2026-03-09","text":"{raw}","no":"2026030900"}}"#
        );
        let new = CaseId::from_uuid(SHIFT.id(raw)).to_string()["case".len()..].to_owned();
        let raw = SHIFT.id(raw);
        assert_eq!(
            SHIFT.text(&text),
            format!(
                r#"{{"id":"case{new}","task":"task{new}","by":"staff{letters}","at":"2026-03-02T01:02:03Z","on":"2026-03-02","text":"{raw}","no":"2026030900"}}"#
            )
        );
        assert_eq!(raw.get_version_num(), 7);
    }

    #[test]
    fn two_copies_share_no_id() {
        let id = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_002A);
        let other = Shift { salt: 1, ..SHIFT };
        assert_ne!(SHIFT.id(id), other.id(id));
        assert_ne!(SHIFT.id(id), id);
    }
}
