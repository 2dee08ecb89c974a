//! Months: the shortest time that a list of ratings tells apart.

use std::{fmt, str::FromStr};

use kernel::{Date, Timestamp};
use serde::{Deserialize, Deserializer, de::Error as _};

/// A month in Beijing, written `2026-03`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(Date);

impl Month {
    /// The month of a day.
    pub fn of(day: Date) -> Self {
        Self(day.first_of_month())
    }

    /// Its first day.
    pub fn first(self) -> Date {
        self.0
    }

    /// Its last day.
    pub fn last(self) -> Date {
        self.0.last_of_month()
    }

    /// Its first moment.
    pub(crate) fn start(self) -> Timestamp {
        Timestamp::start_of(self.0)
    }

    /// The month before it.
    pub(crate) fn before(self) -> Self {
        Self::of(self.0.yesterday().unwrap_or(self.0))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

/// A text that is no month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoMonth;

impl fmt::Display for NoMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a month is written like 2026-03")
    }
}

impl FromStr for Month {
    type Err = NoMonth;

    fn from_str(text: &str) -> Result<Self, NoMonth> {
        let month = format!("{text}-01")
            .parse()
            .map(Self)
            .map_err(|_| NoMonth)?;
        // Years are written in one way only: the texts are compared.
        if month.to_string() == text {
            Ok(month)
        } else {
            Err(NoMonth)
        }
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_as_they_are_written_and_know_their_days() {
        let march: Month = "2026-03".parse().unwrap();
        assert_eq!(march.to_string(), "2026-03");
        assert_eq!(
            (march.first().to_string(), march.last().to_string()),
            ("2026-03-01".into(), "2026-03-31".into())
        );
        assert_eq!(march.before().to_string(), "2026-02");
        for wrong in [
            "2026-3",
            "2026-13",
            "2026-03-01",
            "",
            "20260301",
            "+002026-03",
        ] {
            assert_eq!(wrong.parse::<Month>(), Err(NoMonth), "{wrong}");
        }
    }
}
