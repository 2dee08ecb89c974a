//! Which days are looked at. Pure.

use kernel::{AppError, Date, Refusal, codes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    fold::{monday_of, month_of},
    scope::{days_before, days_from},
    store::Grain,
};

/// Days of a period at most: a year and a day, so that a year can be set beside the one before.
pub(crate) const PERIOD_DAYS_MAX: usize = 366;
/// Days to the day that today stands beside.
const WEEK: i32 = 7;

/// A period by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub enum Span {
    /// Today.
    #[serde(rename = "today")]
    Today,
    /// Seven days, today included.
    #[serde(rename = "7")]
    Days7,
    /// Thirty days, today included.
    #[default]
    #[serde(rename = "30")]
    Days30,
    /// Ninety days, today included.
    #[serde(rename = "90")]
    Days90,
    /// This month so far.
    #[serde(rename = "month")]
    Month,
    /// The days given beside it.
    #[serde(rename = "own")]
    Own,
}

/// Days from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    pub first: Date,
    pub last: Date,
}

/// A part of a period as rows of counters hold it: from one day, week or month to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub grain: Grain,
    pub first: String,
    pub last: String,
}

impl Period {
    /// The period that is asked for, seen from a day.
    ///
    /// # Errors
    /// `E1921` for days of one's own that are missing, turned round, still to come, or too many.
    pub(crate) fn of(
        span: Span,
        own: (Option<Date>, Option<Date>),
        today: Date,
    ) -> Result<Self, AppError> {
        let until_today = |first| Self { first, last: today };
        Ok(match span {
            Span::Today => until_today(today),
            Span::Days7 => until_today(days_before(today, 6)),
            Span::Days30 => until_today(days_before(today, 29)),
            Span::Days90 => until_today(days_before(today, 89)),
            Span::Month => until_today(today.first_of_month()),
            Span::Own => match own {
                (Some(first), Some(last)) if first <= last && last <= today => {
                    let earliest = days_before(last, days_max() - 1);
                    if first < earliest {
                        return Err(wrong());
                    }
                    Self { first, last }
                }
                _ => return Err(wrong()),
            },
        })
    }

    /// What it stands beside: the same day a week before, the same days of the month before, or as
    /// many days just before.
    pub(crate) fn before(self, span: Span) -> Self {
        match span {
            Span::Today => {
                let day = days_before(self.last, WEEK);
                Self {
                    first: day,
                    last: day,
                }
            }
            Span::Month => {
                let end = days_before(self.first, 1);
                let first = end.first_of_month();
                let length = days_from(self.first, self.last).len();
                let same = days_from(first, end).into_iter().nth(length - 1);
                Self {
                    first,
                    last: same.unwrap_or(end),
                }
            }
            _ => {
                let last = days_before(self.first, 1);
                let length = days_from(self.first, self.last).len();
                let first = i32::try_from(length).map_or(last, |n| days_before(last, n - 1));
                Self { first, last }
            }
        }
    }

    /// The same days and those before, until there are so many.
    pub(crate) fn with_at_least(self, days: i32) -> Self {
        Self {
            first: self.first.min(days_before(self.last, days - 1)),
            last: self.last,
        }
    }

    /// Whole months, the whole weeks beside them, and the days beside these.
    pub(crate) fn stretches(self) -> Vec<Stretch> {
        let mut parts: Vec<Stretch> = Vec::new();
        let mut at = self.first;
        while at <= self.last {
            let (grain, end) = self.longest_from(at);
            let name = match grain {
                Grain::ItemMonth => month_of(at),
                _ => at.to_string(),
            };
            match parts.last_mut().filter(|part| part.grain == grain) {
                Some(part) => part.last = name,
                None => parts.push(Stretch {
                    grain,
                    first: name.clone(),
                    last: name,
                }),
            }
            match end.tomorrow() {
                Ok(next) => at = next,
                Err(_) => break,
            }
        }
        parts
    }

    /// The longest span that begins on a day of it, reaches into no month that is whole, and ends
    /// within it.
    fn longest_from(self, day: Date) -> (Grain, Date) {
        let end_of_month = day.last_of_month();
        if day == day.first_of_month() && end_of_month <= self.last {
            return (Grain::ItemMonth, end_of_month);
        }
        let sunday = (0..6).fold(day, |day, _| day.tomorrow().unwrap_or(day));
        let next_is_whole = end_of_month < sunday && sunday.last_of_month() <= self.last;
        if day == monday_of(day) && sunday <= self.last && !next_is_whole {
            return (Grain::ItemWeek, sunday);
        }
        (Grain::ItemDay, day)
    }
}

fn days_max() -> i32 {
    i32::try_from(PERIOD_DAYS_MAX).unwrap_or(i32::MAX)
}

fn wrong() -> AppError {
    Refusal::new(&codes::E1921)
        .with("max", PERIOD_DAYS_MAX.to_string())
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn period(first: &str, last: &str) -> Period {
        Period {
            first: day(first),
            last: day(last),
        }
    }

    #[test]
    fn each_period_stands_beside_one_that_can_be_compared() {
        let today = day("2026-03-31");
        let of = |span| {
            let period = Period::of(span, (None, None), today).unwrap();
            (period, period.before(span))
        };
        let same = period("2026-03-31", "2026-03-31");
        assert_eq!(of(Span::Today), (same, period("2026-03-24", "2026-03-24")));
        let week = period("2026-03-25", "2026-03-31");
        assert_eq!(of(Span::Days7), (week, period("2026-03-18", "2026-03-24")));
        assert_eq!(of(Span::Days30).0, period("2026-03-02", "2026-03-31"));
        assert_eq!(of(Span::Days90).1.last, day("2025-12-31"));
        // February has no 31st: the month of March stands beside all of it.
        let month = period("2026-03-01", "2026-03-31");
        assert_eq!(of(Span::Month), (month, period("2026-02-01", "2026-02-28")));
    }

    #[test]
    fn days_of_ones_own_are_in_order_over_and_not_more_than_a_year() {
        let today = day("2026-03-31");
        let own = |first: &str, last: &str| {
            Period::of(Span::Own, (Some(day(first)), Some(day(last))), today)
        };
        assert!(own("2025-03-31", "2026-03-31").is_ok());
        for (first, last) in [
            ("2025-03-30", "2026-03-31"),
            ("2026-03-02", "2026-03-01"),
            ("2026-03-31", "2026-04-01"),
        ] {
            assert!(own(first, last).is_err(), "{first} {last}");
        }
        assert!(Period::of(Span::Own, (None, Some(today)), today).is_err());
    }

    #[test]
    fn a_period_is_read_as_months_weeks_and_days_and_no_day_twice() {
        use Grain::{ItemDay, ItemMonth, ItemWeek};
        let told = |first: &str, last: &str| -> Vec<(Grain, String, String)> {
            let parts = period(first, last).stretches().into_iter();
            parts
                .map(|part| (part.grain, part.first, part.last))
                .collect()
        };
        let part = |grain, first: &str, last: &str| (grain, first.to_owned(), last.to_owned());
        assert_eq!(
            told("2025-12-27", "2026-03-17"),
            [
                // A week that reached into a whole month would count its days twice.
                part(ItemDay, "2025-12-27", "2025-12-31"),
                part(ItemMonth, "2026-01", "2026-02"),
                part(ItemDay, "2026-03-01", "2026-03-01"),
                part(ItemWeek, "2026-03-02", "2026-03-09"),
                part(ItemDay, "2026-03-16", "2026-03-17"),
            ]
        );
        assert_eq!(
            told("2026-03-22", "2026-04-05"),
            [
                part(ItemDay, "2026-03-22", "2026-03-22"),
                part(ItemWeek, "2026-03-23", "2026-03-30"),
            ]
        );
    }
}
