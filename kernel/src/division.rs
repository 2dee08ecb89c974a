//! Administrative divisions, GB/T 2260: six digits, province, city, county.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A six-digit division code. It also names the handling agency (`bureau`) of that division.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DivisionCode(u32);

/// A text is not six digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a division code has six digits")]
pub struct NotADivisionCode;

impl DivisionCode {
    /// The code as a number, for compact keys.
    pub const fn number(self) -> u32 {
        self.0
    }
}

impl FromStr for DivisionCode {
    type Err = NotADivisionCode;
    fn from_str(text: &str) -> Result<Self, NotADivisionCode> {
        if text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            text.parse().map(Self).map_err(|_| NotADivisionCode)
        } else {
            Err(NotADivisionCode)
        }
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl fmt::Debug for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for DivisionCode {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DivisionCode {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}
