//! The calendar against the State Council's notices and the counting rules.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use calendar::{Calendar, DayKind, deadline, parse_period, table};
use jiff::civil::date;
use kernel::Date;

const HOLIDAYS: &str = include_str!("../../packs/yunchuan/holidays.tsv");
const VECTORS: &str = include_str!("data/clock-vectors.tsv");

fn calendar() -> Calendar {
    Calendar::read(1, HOLIDAYS).unwrap()
}

fn rows(tsv: &str) -> impl Iterator<Item = Vec<&str>> {
    tsv.lines().skip(1).map(|line| line.split('\t').collect())
}

fn add(calendar: &Calendar, start: &str, period: &str) -> String {
    let start: Date = start.parse().unwrap();
    deadline(start, parse_period(period).unwrap(), calendar).to_string()
}

#[test]
fn every_row_of_the_notices_is_what_the_calendar_says() {
    let calendar = calendar();
    let mut seen = 0;
    for row in rows(HOLIDAYS) {
        let day = calendar.day(row[0].parse().unwrap());
        assert_eq!(day.kind.as_str(), row[1], "{}", row[0]);
        assert_eq!(day.name, Some(row[2]), "{}", row[0]);
        assert!(!day.provisional, "{}", row[0]);
        seen += 1;
    }
    assert_eq!(seen, 254);
}

#[test]
fn every_clock_vector_holds() {
    let calendar = calendar();
    let mut seen = 0;
    for row in rows(VECTORS) {
        let period = format!("{}{}", row[2], row[1]);
        assert_eq!(add(&calendar, row[0], &period), row[3], "{row:?}");
        seen += 1;
    }
    assert_eq!(seen, 60);
}

#[test]
fn each_published_year_has_its_working_days() {
    let calendar = calendar();
    let years: Vec<i16> = calendar.published_years().collect();
    assert_eq!(years, [2020, 2021, 2022, 2023, 2024, 2025, 2026]);
    for (year, wanted) in years.into_iter().zip([249, 250, 249, 249, 251, 248, 248]) {
        let eve = date(year - 1, 12, 31);
        let found = calendar.working_days(eve, date(year, 12, 31));
        assert_eq!(found, wanted, "{year}");
    }
}

#[test]
fn months_end_on_the_same_day_number_or_the_last_of_the_month_and_roll() {
    let calendar = calendar();
    // 2024-05-08 is an ordinary Wednesday.
    assert_eq!(add(&calendar, "2024-02-08", "3mon"), "2024-05-08");
    // The end of February is a Saturday, and worked; a year later it is a Friday.
    assert_eq!(add(&calendar, "2026-01-31", "1mon"), "2026-02-28");
    assert_eq!(add(&calendar, "2025-01-31", "1mon"), "2025-02-28");
    // 2024-08-31 is a Saturday.
    assert_eq!(add(&calendar, "2024-05-31", "3mon"), "2024-09-02");
    // A leap day, and a month end in 国庆.
    assert_eq!(add(&calendar, "2024-01-30", "1mon"), "2024-02-29");
    assert_eq!(add(&calendar, "2026-09-01", "1mon"), "2026-10-08");
}

#[test]
fn a_date_in_a_year_without_notice_is_provisional() {
    let calendar = calendar();
    let new_year = calendar.day(date(2027, 1, 1));
    assert_eq!((new_year.kind, new_year.name), (DayKind::Off, Some("元旦")));
    assert!(new_year.provisional);
    for off in [date(2027, 2, 5), date(2027, 6, 9), date(2027, 9, 15)] {
        assert_eq!(calendar.day(off).kind, DayKind::Off, "{off}");
    }
    // Nobody knows yet which weekends will be worked.
    let weekend = calendar.day(date(2027, 2, 14));
    assert_eq!((weekend.kind, weekend.name), (DayKind::Off, None));

    assert_eq!(add(&calendar, "2026-12-24", "5wd"), "2026-12-31");
    assert_eq!(
        add(&calendar, "2026-12-25", "5wd"),
        "2027-01-04\tprovisional"
    );
    assert_eq!(
        add(&calendar, "2026-12-02", "60cd"),
        "2027-02-01\tprovisional"
    );
    assert_eq!(
        add(&calendar, "2027-02-04", "1wd"),
        "2027-02-09\tprovisional"
    );
}

#[test]
fn calendar_days_depend_only_on_the_days_around_their_end() {
    let lines = HOLIDAYS.lines().filter(|line| !line.starts_with("2025"));
    let tsv = lines.collect::<Vec<_>>().join("\n");
    let calendar = Calendar::read(2, &tsv).unwrap();
    assert_eq!(calendar.edition(), 2);
    assert_eq!(add(&calendar, "2024-12-30", "400cd"), "2026-02-03");
    assert_eq!(
        add(&calendar, "2024-12-30", "3wd"),
        "2025-01-03\tprovisional"
    );
}

#[test]
fn without_any_notice_every_date_is_provisional_and_none_is_refused() {
    let calendar = Calendar::default();
    assert_eq!(calendar.edition(), 0);
    for (start, period, wanted) in [
        ("2026-02-13", "5wd", "2026-02-26\tprovisional"),
        ("2019-09-30", "1cd", "2019-10-04\tprovisional"),
        ("1987-06-30", "10wd", "1987-07-14\tprovisional"),
        ("2150-12-31", "1wd", "2151-01-04\tprovisional"),
        ("9999-12-31", "65535wd", "9999-12-31\tprovisional"),
    ] {
        assert_eq!(add(&calendar, start, period), wanted);
    }
}

#[test]
fn the_table_has_one_line_for_every_day() {
    let calendar = calendar();
    let lines: Vec<String> = table(&calendar, 2020, 2026).collect();
    assert_eq!(lines.len(), 2557);
    assert_eq!(lines[0], "2020-01-01\toff");
    assert_eq!(lines[1], "2020-01-02\twork");
    assert_eq!(lines[2556], "2026-12-31\twork");
    assert!(lines.contains(&"2026-01-04\twork".to_owned()));
    let next: Vec<String> = table(&calendar, 2027, 2027).collect();
    assert_eq!(next.len(), 365);
    assert_eq!(next[0], "2027-01-01\toff\tprovisional");
    assert_eq!(table(&calendar, 9999, i16::MAX).count(), 365);
    assert_eq!(table(&calendar, 2027, 2026).count(), 0);
}
