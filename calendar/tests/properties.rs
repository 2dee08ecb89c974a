//! Laws that every deadline keeps.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use calendar::{Calendar, Clock, deadline};
use jiff::{ToSpan, civil::date};
use kernel::{
    Date,
    item::{Period, PeriodUnit},
};
use proptest::prelude::*;

fn calendar() -> Calendar {
    let tsv = include_str!("../../packs/yunchuan/holidays.tsv");
    Calendar::read(1, tsv).unwrap()
}

/// Any day from 2018 to 2028: published years and years without notice on both sides.
fn day() -> impl Strategy<Value = Date> {
    (0_i64..4_018).prop_map(|offset| date(2018, 1, 1).saturating_add(offset.days()))
}

fn unit() -> impl Strategy<Value = PeriodUnit> {
    prop_oneof![
        Just(PeriodUnit::WorkingDays),
        Just(PeriodUnit::CalendarDays),
        Just(PeriodUnit::Months),
    ]
}

fn period() -> impl Strategy<Value = Period> {
    (unit(), 1_u16..90).prop_map(|(unit, n)| Period { n, unit })
}

fn working_days(n: u16) -> Period {
    Period {
        n,
        unit: PeriodUnit::WorkingDays,
    }
}

proptest! {
    #[test]
    fn a_deadline_is_a_working_day_after_the_start(start in day(), period in period()) {
        let calendar = calendar();
        let found = deadline(start, period, &calendar);
        prop_assert!(found.on > start);
        prop_assert!(calendar.is_working_day(found.on));
    }

    #[test]
    fn a_longer_period_or_a_later_start_never_ends_earlier(
        start in day(), period in period(), more in 0_u16..30, later in 0_i64..30,
    ) {
        let calendar = calendar();
        let found = deadline(start, period, &calendar).on;
        let longer = Period { n: period.n + more, ..period };
        prop_assert!(deadline(start, longer, &calendar).on >= found);
        prop_assert!(deadline(start.saturating_add(later.days()), period, &calendar).on >= found);
    }

    #[test]
    fn n_working_days_lie_between_start_and_deadline(start in day(), n in 1_u16..90) {
        let calendar = calendar();
        let found = deadline(start, working_days(n), &calendar);
        prop_assert_eq!(calendar.working_days(start, found.on), u32::from(n));
    }

    #[test]
    fn calendar_days_are_never_cut_short(start in day(), n in 1_u16..400) {
        let calendar = calendar();
        let last = start.saturating_add(i64::from(n).days());
        let period = Period { n, unit: PeriodUnit::CalendarDays };
        let found = deadline(start, period, &calendar).on;
        prop_assert!(found >= last);
        // Only rest days lie between the last day and the day it moved to.
        prop_assert!(found == last || !calendar.is_working_day(last));
        prop_assert_eq!(calendar.working_days(last, found), u32::from(found != last));
    }

    #[test]
    fn a_suspension_moves_working_days_by_exactly_what_it_covers(
        start in day(), n in 1_u16..60, stop in 0_i64..80, length in 0_i64..60,
    ) {
        let calendar = calendar();
        let mut clock = Clock::new(start, working_days(n));
        let before = clock.deadline(start, &calendar).on;
        let from = start.saturating_add(stop.days());
        prop_assume!(from < before);
        let to = from.saturating_add(length.days());
        clock.suspend(from, &calendar).unwrap();
        clock.resume(to).unwrap();
        let after = clock.deadline(to, &calendar).on;
        prop_assert_eq!(
            calendar.working_days(before, after),
            calendar.working_days(from, to)
        );
    }

    #[test]
    fn a_suspension_never_brings_a_deadline_nearer(
        start in day(), period in period(), stop in 0_i64..80, length in 0_i64..60,
    ) {
        let calendar = calendar();
        let mut clock = Clock::new(start, period);
        let before = clock.deadline(start, &calendar).on;
        let from = start.saturating_add(stop.days());
        prop_assume!(from <= before);
        clock.suspend(from, &calendar).unwrap();
        clock.resume(from.saturating_add(length.days())).unwrap();
        prop_assert!(clock.deadline(start, &calendar).on >= before);
    }

    #[test]
    fn used_and_left_add_up_and_only_grow_or_shrink(
        start in day(), n in 1_u16..60, stop in 0_i64..80, length in 0_i64..60,
    ) {
        let calendar = calendar();
        let mut clock = Clock::new(start, working_days(n));
        let from = start.saturating_add(stop.days());
        if clock.suspend(from, &calendar).is_ok() {
            clock.resume(from.saturating_add(length.days())).unwrap();
        }
        let mut used = 0;
        for offset in 0..200_i64 {
            let today = start.saturating_add(offset.days());
            let standing = clock.standing(today, &calendar);
            prop_assert!(standing.used >= used);
            prop_assert_eq!(standing.left(), standing.working_days_left);
            prop_assert_eq!(standing.left() == 0, today >= standing.deadline.on);
            used = standing.used;
        }
    }

    #[test]
    fn extending_equals_a_longer_period(start in day(), period in period(), more in 1_u16..30) {
        let calendar = calendar();
        let mut clock = Clock::new(start, period);
        clock.extend(Period { n: more, ..period }, start, &calendar).unwrap();
        let whole = Period { n: period.n + more, ..period };
        prop_assert_eq!(clock.deadline(start, &calendar), deadline(start, whole, &calendar));
    }

    #[test]
    fn a_deadline_is_provisional_when_it_lies_in_a_year_without_notice(
        start in day(), period in period(),
    ) {
        let calendar = calendar();
        let found = deadline(start, period, &calendar);
        let published = |day: Date| (2020..=2026).contains(&day.year());
        if !published(found.on) {
            prop_assert!(found.provisional);
        }
        if published(start) && published(found.on) {
            prop_assert!(!found.provisional);
        }
    }
}
