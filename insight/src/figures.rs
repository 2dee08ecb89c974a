//! Figures and the numbers they are made of. Pure.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    satisfaction::Satisfaction,
    store::query::{LateCount, OpenCount, Sums},
};

/// A rate and what it is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Share {
    /// How many.
    pub numerator: i64,
    /// Of how many.
    pub denominator: i64,
}

/// The numbers behind the rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Basis {
    /// Decided in time, of those decided.
    pub on_time: Share,
    /// Decided with at most one visit, of those decided.
    pub one_visit: Share,
    /// Decided on instant items, of those decided.
    pub instant: Share,
    /// Working days from receipt to decision, of those decided.
    pub working_days: Share,
}

/// The key figures of some days.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, ToSchema)]
pub struct Figures {
    /// Cases received.
    pub received: i64,
    /// Cases accepted.
    pub accepted: i64,
    /// Cases closed (办结).
    pub closed: i64,
    /// Results delivered.
    pub delivered: i64,
    /// Cases past their day and not closed, at the end of the days.
    pub overdue_now: i64,
    /// 按时办结率
    pub on_time_rate: Option<f64>,
    /// 最多跑一次率
    pub one_visit_rate: Option<f64>,
    /// 即办率
    pub instant_rate: Option<f64>,
    /// Mean of the stars given in the thirty days before; none of too few.
    pub rating_mean: Option<f64>,
    /// Ratings given in these days; zero of too few.
    pub rated: i64,
    /// 主动评价率 of these days; none of too few.
    pub rating_rate: Option<f64>,
    /// The numbers behind the rates.
    pub basis: Basis,
}

impl Share {
    /// The quotient; none of nothing.
    pub fn rate(self) -> Option<f64> {
        let exact = |number: i64| i32::try_from(number).map_or(f64::INFINITY, f64::from);
        (self.denominator > 0).then(|| exact(self.numerator) / exact(self.denominator))
    }
}

impl Sums {
    /// Ratings by stars, one star first.
    pub(crate) fn stars(&self) -> [i64; 5] {
        [
            self.stars_1,
            self.stars_2,
            self.stars_3,
            self.stars_4,
            self.stars_5,
        ]
        .map(Option::unwrap_or_default)
    }

    /// The numbers behind the rates.
    pub(crate) fn basis(&self) -> Basis {
        let decided = self.granted.unwrap_or_default() + self.denied.unwrap_or_default();
        let of_decided = |numerator: Option<i64>| Share {
            numerator: numerator.unwrap_or_default(),
            denominator: decided,
        };
        Basis {
            on_time: of_decided(self.on_time),
            one_visit: of_decided(self.one_visit),
            instant: of_decided(self.instant),
            working_days: of_decided(self.working_days_sum),
        }
    }

    /// The figures, with the cases overdue at the end and the ratings before.
    pub(crate) fn figures(&self, overdue_now: i64, ratings: Satisfaction) -> Figures {
        let basis = self.basis();
        Figures {
            received: self.received.unwrap_or_default(),
            accepted: self.accepted.unwrap_or_default(),
            closed: self.closed.unwrap_or_default(),
            delivered: self.delivered.unwrap_or_default(),
            overdue_now,
            on_time_rate: basis.on_time.rate(),
            one_visit_rate: basis.one_visit.rate(),
            instant_rate: basis.instant.rate(),
            rating_mean: ratings.mean(),
            rated: ratings.rated(),
            rating_rate: ratings.rate(),
            basis,
        }
    }
}

/// How many cases were overdue at the end of a day: past their day and not closed by then.
pub(crate) fn overdue_on(day: &str, open: &[OpenCount], late: &[LateCount]) -> i64 {
    let still = open
        .iter()
        .filter(|count| count.is_overdue(day))
        .map(|count| count.cases);
    let closed_later = late
        .iter()
        .filter(|count| count.due_on.as_str() < day && count.closed_on.as_str() > day)
        .map(|count| count.cases);
    still.chain(closed_later).sum()
}

impl OpenCount {
    /// Whether these cases are overdue on a day.
    pub(crate) fn is_overdue(&self, day: &str) -> bool {
        !self.waiting && self.due_on.as_deref().is_some_and(|due| due < day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_of_nothing_is_no_rate() {
        let figures = Sums::default().figures(0, Satisfaction::default());
        assert_eq!(figures, Figures::default());
    }

    #[test]
    fn rates_are_made_of_the_numbers_beside_them() {
        let sums = Sums {
            closed: Some(5),
            granted: Some(3),
            denied: Some(1),
            on_time: Some(3),
            ..Sums::default()
        };
        let figures = sums.figures(2, Satisfaction::default());
        assert_eq!(figures.on_time_rate, Some(0.75));
        assert_eq!((figures.rated, figures.overdue_now), (0, 2));
        let share = |numerator, denominator| Share {
            numerator,
            denominator,
        };
        assert_eq!(figures.basis.on_time, share(3, 4));
    }

    #[test]
    fn a_case_is_overdue_from_the_day_after_its_last_day_until_it_is_closed() {
        let open = |due: Option<&str>, waiting| OpenCount {
            org: String::new(),
            due_on: due.map(ToOwned::to_owned),
            waiting,
            cases: 1,
        };
        let open = [
            open(Some("2026-03-02"), false),
            open(Some("2026-03-02"), true),
            open(None, false),
        ];
        let late = [LateCount {
            due_on: "2026-03-01".to_owned(),
            closed_on: "2026-03-03".to_owned(),
            cases: 1,
        }];
        let on = |day| overdue_on(day, &open, &late);
        assert_eq!(
            [
                on("2026-03-01"),
                on("2026-03-02"),
                on("2026-03-03"),
                on("2026-03-04")
            ],
            [0, 1, 1, 1]
        );
    }
}
