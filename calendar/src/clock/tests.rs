use jiff::civil::date;

use super::*;
use crate::parse_period;

fn calendar() -> Calendar {
    let tsv = include_str!("../../../packs/yunchuan/holidays.tsv");
    Calendar::read(1, tsv).unwrap()
}

fn clock(start: Date, period: &str) -> Clock {
    Clock::new(start, parse_period(period).unwrap())
}

/// Accepted on Monday 2026-03-02 with 20 working days, stopped from the 10th to the 20th.
fn suspended() -> Clock {
    let mut clock = clock(date(2026, 3, 2), "20wd");
    clock.suspend(date(2026, 3, 10), &calendar()).unwrap();
    clock
}

#[test]
fn a_suspension_moves_the_deadline_by_its_working_days() {
    let calendar = calendar();
    let plain = clock(date(2026, 3, 2), "20wd");
    let day = date(2026, 3, 10);
    assert_eq!(plain.deadline(day, &calendar).on, date(2026, 3, 30));

    let mut clock = suspended();
    let standing = clock.standing(day, &calendar);
    assert_eq!((standing.used, standing.left()), (6, 14));
    assert_eq!(standing.suspended_since, Some(day));

    clock.resume(date(2026, 3, 20)).unwrap();
    let standing = clock.standing(date(2026, 3, 20), &calendar);
    assert_eq!((standing.used, standing.left()), (6, 14));
    assert_eq!(standing.deadline.on, date(2026, 4, 10));
    assert!(!standing.deadline.provisional);
    assert_eq!(standing.suspended_since, None);
}

#[test]
fn a_suspended_clock_uses_nothing_and_never_expires() {
    let calendar = calendar();
    let clock = suspended();
    for today in [date(2026, 3, 20), date(2026, 4, 30), date(2026, 9, 1)] {
        let standing = clock.standing(today, &calendar);
        assert_eq!((standing.used, standing.working_days_left), (6, 14));
        assert!(!clock.is_overdue(today, &calendar));
    }
}

#[test]
fn calendar_days_and_months_move_by_every_suspended_day_and_then_roll() {
    let calendar = calendar();
    for (period, before, after) in [
        ("15cd", date(2026, 6, 16), date(2026, 6, 22)),
        ("1mon", date(2026, 7, 1), date(2026, 7, 6)),
    ] {
        let mut clock = clock(date(2026, 6, 1), period);
        assert_eq!(clock.deadline(clock.start(), &calendar).on, before);
        clock.suspend(date(2026, 6, 5), &calendar).unwrap();
        clock.resume(date(2026, 6, 10)).unwrap();
        // 15 + 5 days end on 2026-06-21, the last day of 端午; one month and 5 days on 07-06.
        assert_eq!(clock.deadline(clock.start(), &calendar).on, after);
    }
}

#[test]
fn an_extension_counts_on_from_the_period() {
    let calendar = calendar();
    let mut decision = clock(date(2026, 2, 13), "20wd");
    let last_day = date(2026, 3, 19);
    assert_eq!(decision.deadline(last_day, &calendar).on, last_day);
    let ten = parse_period("10wd").unwrap();
    decision.extend(ten, last_day, &calendar).unwrap();
    assert_eq!(decision.deadline(last_day, &calendar).on, date(2026, 4, 2));
    assert_eq!(
        decision.extend(ten, last_day, &calendar),
        Err(ClockRefusal::AlreadyExtended { on: last_day })
    );
}

#[test]
fn an_expired_clock_is_neither_extended_nor_suspended() {
    let calendar = calendar();
    let mut late = clock(date(2026, 2, 13), "20wd");
    let deadline = date(2026, 3, 19);
    let expired = Err(ClockRefusal::Expired { deadline });
    let day = date(2026, 3, 20);
    assert!(late.is_overdue(day, &calendar));
    assert!(!late.is_overdue(deadline, &calendar));
    assert_eq!(
        late.extend(parse_period("10wd").unwrap(), day, &calendar),
        expired
    );
    assert_eq!(late.suspend(day, &calendar), expired);
    assert_eq!(late, clock(date(2026, 2, 13), "20wd"));
}

#[test]
fn the_ledger_refuses_what_is_out_of_order() {
    let calendar = calendar();
    let start = date(2026, 3, 2);
    let mut clock = clock(start, "20wd");
    assert_eq!(clock.resume(start), Err(ClockRefusal::NotSuspended));
    assert_eq!(
        clock.suspend(date(2026, 3, 1), &calendar),
        Err(ClockRefusal::TooEarly { reached: start })
    );
    let since = date(2026, 3, 10);
    clock.suspend(since, &calendar).unwrap();
    assert_eq!(
        clock.suspend(date(2026, 3, 11), &calendar),
        Err(ClockRefusal::AlreadySuspended { since })
    );
    assert_eq!(
        clock.resume(date(2026, 3, 9)),
        Err(ClockRefusal::TooEarly { reached: since })
    );
    let reached = date(2026, 3, 20);
    clock.resume(reached).unwrap();
    assert_eq!(
        clock.suspend(date(2026, 3, 19), &calendar),
        Err(ClockRefusal::TooEarly { reached })
    );
    for by in ["10cd", "1mon"] {
        assert_eq!(
            clock.extend(parse_period(by).unwrap(), reached, &calendar),
            Err(ClockRefusal::WrongExtension)
        );
    }
}

#[test]
fn working_days_left_and_over_count_around_the_deadline() {
    let calendar = calendar();
    let clock = clock(date(2026, 9, 18), "5wd");
    let at = |day| clock.standing(day, &calendar);
    // 2026-09-20 is a worked Sunday; the deadline is Thursday the 24th.
    assert_eq!(at(date(2026, 9, 1)).working_days_left, 5);
    assert_eq!(at(date(2026, 9, 20)).working_days_left, 4);
    assert_eq!(at(date(2026, 9, 20)).used_percent(), 20);
    assert_eq!(at(date(2026, 9, 23)).working_days_left, 1);
    assert_eq!(at(date(2026, 9, 24)).used_percent(), 100);
    assert_eq!(at(date(2026, 9, 24)).working_days_left, 0);
    assert_eq!(at(date(2026, 9, 27)).working_days_over, 0);
    assert_eq!(at(date(2026, 9, 29)).working_days_over, 2);
    assert_eq!(at(date(2026, 9, 29)).used, 5);
}

#[test]
fn a_clock_is_stored_and_read_back() {
    let mut clock = suspended();
    let calendar = calendar();
    let by = parse_period("10wd").unwrap();
    clock.extend(by, date(2026, 3, 11), &calendar).unwrap();
    let json = serde_json::to_string(&clock).unwrap();
    assert_eq!(
        json,
        r#"{"start":"2026-03-02","period":{"n":20,"unit":"wd"},"extension":{"on":"2026-03-11","by":{"n":10,"unit":"wd"}},"suspensions":[{"from":"2026-03-10","to":null}]}"#
    );
    assert_eq!(serde_json::from_str::<Clock>(&json).unwrap(), clock);
}

#[test]
fn a_stored_clock_with_an_impossible_ledger_is_refused() {
    for ledger in [
        r#""suspensions":[{"from":"2026-03-01","to":null}]"#,
        r#""suspensions":[{"from":"2026-03-10","to":"2026-03-09"}]"#,
        r#""suspensions":[{"from":"2026-03-10","to":null},{"from":"2026-03-11","to":null}]"#,
        r#""extension":{"on":"2026-03-03","by":{"n":1,"unit":"mon"}}"#,
    ] {
        let json = format!(r#"{{"start":"2026-03-02","period":{{"n":20,"unit":"wd"}},{ledger}}}"#);
        assert!(serde_json::from_str::<Clock>(&json).is_err(), "{ledger}");
    }
}
