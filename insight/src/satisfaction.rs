//! What ratings come to: thirty whole days or whole months together, and nothing of too few. One
//! day's ratings, set beside the cases closed on it, would say who gave them.

use kernel::Date;

use crate::{figures::Share, period::Period, scope::days_before, store::Counters};

/// Days taken together; the last is yesterday.
const DAYS: i32 = 30;
/// Of fewer ratings nothing is told.
const RATINGS_MIN: i64 = 10;

/// Ratings and closed cases of some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Satisfaction {
    /// Ratings by stars, one star first.
    stars: [i64; 5],
    closed: i64,
}

impl Satisfaction {
    /// Of sums over thirty days, or over whole months.
    pub(crate) fn of(sums: Counters) -> Self {
        let stars = sums.stars();
        let enough = stars.iter().sum::<i64>() >= RATINGS_MIN;
        Self {
            stars: if enough { stars } else { [0; 5] },
            closed: sums.closed,
        }
    }

    /// Ratings by stars, one star first; none of too few.
    pub(crate) const fn stars(&self) -> [i64; 5] {
        self.stars
    }

    /// Ratings given.
    pub(crate) fn rated(&self) -> i64 {
        self.stars.iter().sum()
    }

    /// Mean of the stars.
    pub(crate) fn mean(&self) -> Option<f64> {
        let share = Share {
            numerator: (1..)
                .zip(self.stars)
                .map(|(star, count)| star * count)
                .sum(),
            denominator: self.rated(),
        };
        share.rate()
    }

    /// 主动评价率
    pub(crate) fn rate(&self) -> Option<f64> {
        let rated = self.rated();
        let share = Share {
            numerator: rated,
            denominator: self.closed,
        };
        share.rate().filter(|_| rated > 0)
    }
}

/// The thirty days before a day.
pub(crate) fn days_before_day(day: Date) -> Period {
    Period {
        first: days_before(day, DAYS),
        last: days_before(day, 1),
    }
}

/// The months whose ratings are told for a period: those of it that are over, or the last that is.
/// The month that runs would tell one day of two answers.
pub(crate) fn months_of(period: Period, today: Date) -> Period {
    let over = days_before(today.first_of_month(), 1);
    let last = period.last.last_of_month().min(over);
    Period {
        first: period.first.first_of_month().min(last.first_of_month()),
        last,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(stars_5: i64) -> Satisfaction {
        Satisfaction::of(Counters {
            stars_5,
            stars_1: 2,
            closed: 40,
            ..Counters::default()
        })
    }

    #[test]
    fn thirty_days_up_to_yesterday_count() {
        let days = days_before_day("2026-03-02".parse().unwrap());
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(
            (days.first, days.last),
            (day("2026-01-31"), day("2026-03-01"))
        );
        let found = given(9);
        assert_eq!((found.stars(), found.rated()), ([2, 0, 0, 0, 9], 11));
        assert_eq!(
            (found.mean(), found.rate()),
            (Some(47.0 / 11.0), Some(11.0 / 40.0))
        );
    }

    #[test]
    fn of_too_few_nothing_is_told() {
        let found = given(7);
        assert_eq!((found.stars(), found.rated()), ([0; 5], 0));
        assert_eq!((found.mean(), found.rate()), (None, None));
    }

    #[test]
    fn only_months_that_are_over_are_told() {
        let period = |first: &str, last: &str| Period {
            first: first.parse().unwrap(),
            last: last.parse().unwrap(),
        };
        let today = "2026-03-15".parse().unwrap();
        for (asked, told) in [
            // This month alone: the last that is over.
            (("2026-03-15", "2026-03-15"), ("2026-02-01", "2026-02-28")),
            (("2025-12-16", "2026-03-15"), ("2025-12-01", "2026-02-28")),
            // No part of a month: whoever asks for other days gets the same month.
            (("2026-01-03", "2026-01-09"), ("2026-01-01", "2026-01-31")),
        ] {
            let found = months_of(period(asked.0, asked.1), today);
            assert_eq!(found, period(told.0, told.1), "{asked:?}");
        }
    }
}
