//! What ratings come to: thirty whole days together, and nothing of too few. One day's ratings, set
//! beside the cases closed on it, would say who gave them.

use kernel::Date;

use crate::{figures::Share, scope::days_before, store::query::Sums};

/// Days taken together; the last is yesterday.
pub(crate) const DAYS: i32 = 30;
/// Of fewer ratings nothing is told.
const RATINGS_MIN: i64 = 10;

/// Ratings and closed cases of thirty days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Satisfaction {
    /// Ratings by stars, one star first.
    stars: [i64; 5],
    closed: i64,
}

impl Satisfaction {
    /// Of the thirty days before a day, from sums by day.
    pub(crate) fn before(day: Date, sums: &[Sums]) -> Self {
        let (first, day) = (days_before(day, DAYS).to_string(), day.to_string());
        let mut all = Self::default();
        for sums in sums {
            if first <= sums.label && sums.label < day {
                for (sum, count) in all.stars.iter_mut().zip(sums.stars()) {
                    *sum += count;
                }
                all.closed += sums.closed.unwrap_or_default();
            }
        }
        if all.stars.iter().sum::<i64>() < RATINGS_MIN {
            all.stars = [0; 5];
        }
        all
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

#[cfg(test)]
mod tests {
    use super::*;

    fn day(label: &str, stars_5: i64) -> Sums {
        Sums {
            label: label.to_owned(),
            stars_5: Some(stars_5),
            stars_1: Some(1),
            closed: Some(20),
            ..Sums::default()
        }
    }

    #[test]
    fn thirty_days_up_to_yesterday_count() {
        let sums = [
            day("2026-01-30", 50),
            day("2026-01-31", 4),
            day("2026-03-01", 5),
            day("2026-03-02", 50),
        ];
        let today = "2026-03-02".parse().unwrap();
        let found = Satisfaction::before(today, &sums);
        assert_eq!((found.stars(), found.rated()), ([2, 0, 0, 0, 9], 11));
        assert_eq!(
            (found.mean(), found.rate()),
            (Some(47.0 / 11.0), Some(11.0 / 40.0))
        );
    }

    #[test]
    fn of_too_few_nothing_is_told() {
        let found = Satisfaction::before("2026-03-02".parse().unwrap(), &[day("2026-03-01", 8)]);
        assert_eq!((found.stars(), found.rated()), ([0; 5], 0));
        assert_eq!((found.mean(), found.rate()), (None, None));
    }
}
