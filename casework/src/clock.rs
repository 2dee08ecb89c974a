//! The clocks of a case: which limit runs until when, and when it stopped (domain §1.6).

use calendar::{Calendar, deadline};
use kernel::{Date, Timestamp, item::Period};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which limit a clock measures.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// Promise for the examination of an application on line.
    PreReview,
    /// Time to accept, refuse or tell all corrections; then silence accepts.
    Acceptance,
    /// The applicant's time for corrections.
    Correction,
    /// 承诺时限
    Promised,
    /// 法定时限
    Statutory,
    /// Time to hand out the result.
    Delivery,
    /// The other party's time to answer.
    Answer,
}

/// A clock with its date.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DueClock {
    /// Which limit.
    pub clock: ClockKind,
    /// The day that is not counted (民法典 art. 201).
    pub start: Date,
    /// The limit.
    pub period: Period,
    /// The last day.
    pub due_on: Date,
    /// Whether a year without a published holiday notice was needed to count.
    pub provisional: bool,
    /// The edition of the calendar that counted.
    pub calendar: i32,
    /// When it stopped.
    pub stopped_at: Option<Timestamp>,
}

impl DueClock {
    /// A clock that starts on a day.
    pub fn start(clock: ClockKind, start: Date, period: Period, calendar: &Calendar) -> Self {
        let due = deadline(start, period, calendar);
        Self {
            clock,
            start,
            period,
            due_on: due.on,
            provisional: due.provisional,
            calendar: calendar.edition(),
            stopped_at: None,
        }
    }

    /// The same clock counted with another edition of the calendar; none when nothing changes. Applicant
    /// and other party were served the last day of their own time: it never moves to an earlier one.
    pub fn recount(&self, calendar: &Calendar) -> Option<Self> {
        let mut again = Self {
            stopped_at: self.stopped_at,
            ..Self::start(self.clock, self.start, self.period, calendar)
        };
        if matches!(self.clock, ClockKind::Correction | ClockKind::Answer) {
            again.due_on = again.due_on.max(self.due_on);
        }
        let same = again.due_on == self.due_on && again.provisional == self.provisional;
        (!same && self.stopped_at.is_none()).then_some(again)
    }

    /// Whether the limit had passed when the clock stopped, or has passed by now. An electronic
    /// act is in time until the end of the last day (民法典 art. 160, 203).
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.stopped_at.unwrap_or(now) >= Timestamp::end_of(self.due_on)
    }

    /// Whether it still runs.
    pub const fn runs(&self) -> bool {
        self.stopped_at.is_none()
    }
}

#[cfg(test)]
mod tests {
    use calendar::Calendar;
    use kernel::{
        Timestamp,
        item::{Period, PeriodUnit},
    };
    use proptest::prelude::*;

    use super::{ClockKind, DueClock};
    use crate::tests::{calendar, day};

    fn five_days(from: &str) -> DueClock {
        let period = Period {
            n: 5,
            unit: PeriodUnit::WorkingDays,
        };
        DueClock::start(ClockKind::Acceptance, day(from), period, &calendar())
    }

    #[test]
    fn the_last_day_counts_to_its_end() {
        let clock = five_days("2026-03-02");
        assert_eq!(clock.due_on, day("2026-03-09"));
        let end = Timestamp::end_of(clock.due_on);
        assert!(!clock.is_overdue(end.plus_seconds(-1)));
        assert!(clock.is_overdue(end));
    }

    #[test]
    fn a_clock_that_stopped_in_time_stays_in_time() {
        let mut clock = five_days("2026-03-02");
        clock.stopped_at = Some(Timestamp::start_of(day("2026-03-09")));
        assert!(!clock.is_overdue(Timestamp::start_of(day("2027-01-01"))));
        assert!(!clock.runs());
    }

    #[test]
    fn a_clock_is_counted_again_only_while_it_runs_and_only_when_its_day_moves() {
        let clock = five_days("2026-03-02");
        assert_eq!(clock.recount(&calendar()), None);
        let moved = crate::tests::text("holidays.tsv") + "2026-03-05\toff\t清明节\n";
        let moved = Calendar::read(2, &moved).unwrap();
        let again = clock.recount(&moved).unwrap();
        assert_eq!((again.due_on, again.calendar), (day("2026-03-10"), 2));
        let stopped = DueClock {
            stopped_at: Some(Timestamp::start_of(day("2026-03-03"))),
            ..clock
        };
        assert_eq!(stopped.recount(&moved), None);
    }

    proptest! {
        #[test]
        fn a_longer_limit_never_ends_earlier(n in 1_u16..60, after in 0_i64..300, unit in 0..3) {
            let unit = [
                PeriodUnit::WorkingDays,
                PeriodUnit::CalendarDays,
                PeriodUnit::Months,
            ][usize::try_from(unit).unwrap()];
            let from = Timestamp::start_of(day("2026-01-01")).plus_seconds(after * 86_400).day();
            let clock = |n| {
                DueClock::start(ClockKind::Statutory, from, Period { n, unit }, &calendar())
            };
            let (short, long) = (clock(n), clock(n + 1));
            prop_assert!(short.due_on > from);
            prop_assert!(long.due_on >= short.due_on);
            prop_assert!(!short.is_overdue(Timestamp::start_of(short.due_on)));
        }
    }
}
