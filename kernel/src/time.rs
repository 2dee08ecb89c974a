//! Time: instants are UTC microseconds, days are Beijing days.

use std::{fmt, str::FromStr};

pub use jiff::civil::Date;
use jiff::{civil, tz::Offset};
use serde::{Deserialize, Serialize};

/// Legal time of the whole country, UTC+8 without summer time since 1992.
pub const BEIJING: Offset = Offset::constant(8);

/// An instant: microseconds since 1970-01-01T00:00:00Z. Printed as RFC 3339 in UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant this many microseconds after 1970-01-01T00:00:00Z.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970-01-01T00:00:00Z: the form kept in the database.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// This instant moved by `seconds`, saturating at the ends of time.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// This instant moved by days of 24 hours.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(86_400))
    }

    /// Whole seconds from `earlier` to this instant (negative when it is later).
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0) / 1_000_000
    }

    /// The day on the calendar in Beijing.
    pub fn day(self) -> Date {
        self.beijing().date()
    }

    /// Date and wall time in Beijing.
    pub fn beijing(self) -> civil::DateTime {
        BEIJING.to_datetime(self.jiff())
    }

    /// The instant of a date and wall time in Beijing.
    pub fn from_beijing(at: civil::DateTime) -> Self {
        BEIJING
            .to_timestamp(at)
            .map_or(Self(0), |at| Self(at.as_microsecond()))
    }

    /// The first instant of a day in Beijing.
    pub fn start_of(day: Date) -> Self {
        Self::from_beijing(day.at(0, 0, 0, 0))
    }

    /// The first instant after a day in Beijing: an electronic act is in time before it
    /// (Civil Code art. 160, 203).
    pub fn end_of(day: Date) -> Self {
        Self::start_of(day).plus_seconds(24 * 60 * 60)
    }

    fn jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.jiff(), f)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = jiff::Error;
    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.parse::<jiff::Timestamp>()
            .map(|at| Self(at.as_microsecond()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// Where "now" comes from: the system clock in production, a fake one in tests and simulation.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_beijing() {
        let late: Timestamp = "2026-03-02T15:59:59Z".parse().unwrap();
        assert_eq!(late.day(), civil::date(2026, 3, 2));
        assert_eq!(late.plus_seconds(1).day(), civil::date(2026, 3, 3));
        assert_eq!(
            Timestamp::start_of(civil::date(2026, 3, 3)),
            late.plus_seconds(1)
        );
    }

    #[test]
    fn an_instant_prints_as_rfc_3339_and_parses_back() {
        let at = Timestamp::from_micros(1_771_000_000_000_000);
        assert_eq!(at.to_string(), "2026-02-13T16:26:40Z");
        assert_eq!(at.to_string().parse::<Timestamp>().unwrap(), at);
    }
}
