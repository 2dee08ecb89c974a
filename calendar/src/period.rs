//! Legal periods as text: `5wd`, `60cd`, `3mon`.

use kernel::item::{Period, PeriodUnit};

/// A text is not a legal period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAPeriod {
    /// It does not begin with a number.
    #[error("a period begins with a number, as in 5wd, 60cd or 3mon")]
    NoNumber,
    /// The number is 0.
    #[error("a period is at least 1 long")]
    Zero,
    /// The number is larger than a period can hold.
    #[error("a period is at most {} long", u16::MAX)]
    TooLong,
    /// The unit is unknown.
    #[error(
        "the unit of a period is wd, cd or mon (working days, calendar days, months), not “{unit}”"
    )]
    UnknownUnit {
        /// The text after the number.
        unit: String,
    },
}

/// Reads a period: a number without sign, then at once `wd`, `cd` or `mon`.
pub fn parse_period(text: &str) -> Result<Period, NotAPeriod> {
    let digits = text
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    if number.is_empty() {
        return Err(NotAPeriod::NoNumber);
    }
    let unit = match unit {
        "wd" => PeriodUnit::WorkingDays,
        "cd" => PeriodUnit::CalendarDays,
        "mon" => PeriodUnit::Months,
        other => return Err(NotAPeriod::UnknownUnit { unit: other.into() }),
    };
    match number.parse() {
        Ok(0) => Err(NotAPeriod::Zero),
        Ok(n) => Ok(Period { n, unit }),
        Err(_) => Err(NotAPeriod::TooLong),
    }
}

/// The text that [`parse_period`] reads.
pub fn period_text(period: Period) -> String {
    let unit = match period.unit {
        PeriodUnit::WorkingDays => "wd",
        PeriodUnit::CalendarDays => "cd",
        PeriodUnit::Months => "mon",
    };
    format!("{}{unit}", period.n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_parses_and_prints_back() {
        for text in ["5wd", "60cd", "3mon", "65535wd"] {
            assert_eq!(parse_period(text).map(period_text), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_wrong_with_a_period_is_said() {
        let unit = |unit: &str| NotAPeriod::UnknownUnit { unit: unit.into() };
        for (text, wanted) in [
            ("", NotAPeriod::NoNumber),
            ("wd", NotAPeriod::NoNumber),
            ("-5wd", NotAPeriod::NoNumber),
            ("0wd", NotAPeriod::Zero),
            ("65536cd", NotAPeriod::TooLong),
            ("99999999999999999999mon", NotAPeriod::TooLong),
            ("5", unit("")),
            ("5 wd", unit(" wd")),
            ("5工作日", unit("工作日")),
            ("5WD", unit("WD")),
        ] {
            assert_eq!(parse_period(text), Err(wanted), "{text}");
        }
    }
}
