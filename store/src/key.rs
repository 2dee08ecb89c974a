//! Primary keys as comparable values: they order locks and find rows in a batch.

use std::fmt;

use sea_orm::Value;
use uuid::Uuid;

/// One part of a key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum KeyPart {
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
    /// An id.
    Uuid(Uuid),
    /// A hash.
    Bytes(Vec<u8>),
}

/// A whole primary key; the distribution column is the first part.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key(pub Vec<KeyPart>);

impl Key {
    /// Joins the parts.
    pub fn of(parts: impl IntoIterator<Item = KeyPart>) -> Self {
        Self(parts.into_iter().collect())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, part) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("/")?;
            }
            match part {
                KeyPart::Int(number) => write!(f, "{number}")?,
                KeyPart::Text(text) => f.write_str(text)?,
                KeyPart::Uuid(id) => write!(f, "{id}")?,
                KeyPart::Bytes(bytes) => {
                    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
                }
            }
        }
        Ok(())
    }
}

impl From<i64> for KeyPart {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}
impl From<i32> for KeyPart {
    fn from(number: i32) -> Self {
        Self::Int(number.into())
    }
}
impl From<&str> for KeyPart {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for KeyPart {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<Uuid> for KeyPart {
    fn from(id: Uuid) -> Self {
        Self::Uuid(id)
    }
}
impl From<Vec<u8>> for KeyPart {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}
impl From<kernel::DivisionCode> for KeyPart {
    fn from(code: kernel::DivisionCode) -> Self {
        Self::Text(code.to_string())
    }
}

/// Reads a key part from a database value; `None` for kinds that are never part of a key.
pub(crate) fn part_of(value: Value) -> Option<KeyPart> {
    match value {
        Value::Int(Some(number)) => Some(KeyPart::Int(number.into())),
        Value::BigInt(Some(number)) => Some(KeyPart::Int(number)),
        Value::String(Some(text)) => Some(KeyPart::Text(text)),
        Value::Uuid(Some(id)) => Some(KeyPart::Uuid(id)),
        Value::Bytes(Some(bytes)) => Some(KeyPart::Bytes(bytes)),
        _ => None,
    }
}

/// The database value of a key part. `int4` columns compare well with 64-bit parameters.
pub(crate) fn value_of(part: &KeyPart) -> Value {
    match part {
        KeyPart::Int(number) => Value::BigInt(Some(*number)),
        KeyPart::Text(text) => Value::String(Some(text.clone())),
        KeyPart::Uuid(id) => Value::Uuid(Some(*id)),
        KeyPart::Bytes(bytes) => Value::Bytes(Some(bytes.clone())),
    }
}

/// `store::key!(bureau, case_id)`: a [`Key`] of anything that is a [`KeyPart`].
#[macro_export]
macro_rules! key {
    ($($part:expr),+ $(,)?) => { $crate::Key::of([$($crate::KeyPart::from($part)),+]) };
}
