//! The calendar as text, for people and for comparison with other calendars.

use jiff::civil::date;
use kernel::Date;

use crate::{Calendar, edition::next_day};

/// One line for every day of the years `first` to `last` (both included): the date, a tab, and
/// `off` or `work`. A provisional day has a third column that says so.
pub fn table(calendar: &Calendar, first: i16, last: i16) -> impl Iterator<Item = String> + '_ {
    let years = first.max(Date::MIN.year())..=last.min(Date::MAX.year());
    years.flat_map(move |year| {
        let days = std::iter::successors(Some(date(year, 1, 1)), move |day| {
            let next = next_day(*day);
            (next != *day && next.year() == year).then_some(next)
        });
        days.map(|day| line(calendar, day))
    })
}

fn line(calendar: &Calendar, day: Date) -> String {
    let known = calendar.day(day);
    let mark = if known.provisional {
        "\tprovisional"
    } else {
        ""
    };
    format!("{day}\t{}{mark}", known.kind.as_str())
}
