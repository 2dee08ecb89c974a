//! Figures and the numbers they are made of. Pure.

use serde::Serialize;
use utoipa::ToSchema;

use crate::store::{
    Counters, WITHIN_DAYS,
    query::{DueCount, LateCount},
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
    /// Decided within the limit of the law, of those decided that have one.
    pub within_law: Share,
    /// Delivered with at most one visit, of those delivered.
    pub one_visit: Share,
    /// Decided on instant items, of those decided.
    pub instant: Share,
    /// Decided after corrections had been asked for, of those decided.
    pub corrected: Share,
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
    /// Of these, with a decision on the matter.
    pub decided: i64,
    /// Results delivered.
    pub delivered: i64,
    /// 按时办结率
    pub on_time_rate: Option<f64>,
    /// 法定期限内办结率
    pub within_law_rate: Option<f64>,
    /// 最多跑一次率
    pub one_visit_rate: Option<f64>,
    /// 即办率
    pub instant_rate: Option<f64>,
    /// 补正率
    pub corrected_rate: Option<f64>,
    /// Working days from receipt to decision, on the average.
    pub mean_working_days: Option<f64>,
    /// Working days within which half of the decisions came; none of nothing, past sixty, or of a group.
    pub median_working_days: Option<i64>,
    /// Working days within which nine of ten decisions came; none of nothing, past sixty, or of a group.
    pub p90_working_days: Option<i64>,
    /// Cases that are open: now for a group, at the end of the days for all.
    pub open: i64,
    /// Of these, past their day.
    pub overdue: i64,
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

impl Counters {
    /// Cases with a decision on the matter.
    pub(crate) const fn decided(&self) -> i64 {
        self.granted + self.denied
    }

    /// The numbers behind the rates.
    pub(crate) fn basis(&self) -> Basis {
        let of_decided = |numerator: i64| Share {
            numerator,
            denominator: self.decided(),
        };
        Basis {
            on_time: of_decided(self.on_time),
            within_law: Share {
                numerator: self.within_law,
                denominator: self.limited,
            },
            one_visit: Share {
                numerator: self.one_visit,
                denominator: self.delivered,
            },
            instant: of_decided(self.instant),
            corrected: of_decided(self.corrected),
            working_days: of_decided(self.working_days_sum),
        }
    }

    /// The figures, with the open cases and those past their day.
    pub(crate) fn figures(&self, open: i64, overdue: i64) -> Figures {
        let basis = self.basis();
        Figures {
            received: self.received,
            accepted: self.accepted,
            closed: self.closed,
            decided: self.decided(),
            delivered: self.delivered,
            on_time_rate: basis.on_time.rate(),
            within_law_rate: basis.within_law.rate(),
            one_visit_rate: basis.one_visit.rate(),
            instant_rate: basis.instant.rate(),
            corrected_rate: basis.corrected.rate(),
            mean_working_days: basis.working_days.rate(),
            median_working_days: self.within(50),
            p90_working_days: self.within(90),
            open,
            overdue,
            basis,
        }
    }

    /// Working days within which so many of a hundred decisions came, as far as days are told apart.
    fn within(&self, percent: i64) -> Option<i64> {
        let decided = self.decided();
        let mut so_far = 0;
        let mut paces = WITHIN_DAYS.iter().zip(self.paces());
        let found = paces.find(|(_, cases)| {
            so_far += cases;
            so_far * 100 >= decided * percent
        });
        found.filter(|_| decided > 0).map(|(days, _)| *days)
    }
}

/// How many cases were overdue at the end of a day: past their day and not closed by then.
pub(crate) fn overdue_on(day: &str, open: &[DueCount], late: &[LateCount]) -> i64 {
    let still = open
        .iter()
        .filter(|count| !count.due_on.is_empty() && *count.due_on < *day)
        .map(|count| count.cases);
    let closed_later = late
        .iter()
        .filter(|count| *count.due_on < *day && *count.closed_on > *day)
        .map(|count| count.cases);
    still.chain(closed_later).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_of_nothing_is_no_rate() {
        assert_eq!(Counters::default().figures(0, 0), Figures::default());
    }

    #[test]
    fn rates_are_made_of_the_numbers_beside_them() {
        let sums = Counters {
            closed: 5,
            granted: 3,
            denied: 1,
            on_time: 3,
            limited: 2,
            within_law: 1,
            ..Counters::default()
        };
        let figures = sums.figures(7, 2);
        assert_eq!(
            (figures.on_time_rate, figures.within_law_rate),
            (Some(0.75), Some(0.5))
        );
        assert_eq!((figures.decided, figures.open, figures.overdue), (4, 7, 2));
        let share = |numerator, denominator| Share {
            numerator,
            denominator,
        };
        assert_eq!(figures.basis.on_time, share(3, 4));
    }

    #[test]
    fn half_and_nine_of_ten_came_within_days_that_are_told_apart() {
        let mut sums = Counters::default();
        for days in [0, 0, 1, 1, 1, 2, 4, 4, 12, 70] {
            sums.granted += 1;
            sums.pace(days);
        }
        let figures = sums.figures(0, 0);
        assert_eq!(figures.median_working_days, Some(1));
        assert_eq!(figures.p90_working_days, Some(15));
        // Two of eleven took longer than any number that is told.
        sums.granted += 1;
        sums.pace(99);
        assert_eq!(sums.figures(0, 0).p90_working_days, None);
    }

    #[test]
    fn a_case_is_overdue_from_the_day_after_its_last_day_until_it_is_closed() {
        let open = |due: &str| DueCount {
            due_on: due.to_owned(),
            cases: 1,
        };
        let open = [open("2026-03-02"), open("")];
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
