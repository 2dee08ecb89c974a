//! Counting a legal period to its last day.

use std::fmt;

use jiff::ToSpan;
use kernel::{
    Date,
    item::{Period, PeriodUnit},
};
use serde::{Deserialize, Serialize};

use crate::{Calendar, edition::next_day};

/// The last day of a period. At a counter it ends with the office's service day, for electronic
/// acts at 24:00 (Civil Code art. 203).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// The day.
    pub on: Date,
    /// It depends on a day of a year whose notice is not published, and may still move.
    pub provisional: bool,
}

/// `2024-02-21`, or `2027-02-19⇥provisional`.
impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.provisional {
            "\tprovisional"
        } else {
            ""
        };
        write!(f, "{}{mark}", self.on)
    }
}

/// The last day of a period that starts on `start`.
///
/// The start day is not counted (Civil Code art. 201). Working days count if the calendar says so
/// (Licensing Law art. 82). Months end on the same day number, or on the last day of the month
/// where it has none (art. 202). A last day that is a rest day moves to the next working day
/// (art. 203).
pub fn deadline(start: Date, period: Period, calendar: &Calendar) -> Deadline {
    count_out(start, period, calendar, |_| false)
}

/// [`deadline`] with days that do not count because the clock is suspended.
pub(crate) fn count_out(
    start: Date,
    period: Period,
    calendar: &Calendar,
    suspended: impl Fn(Date) -> bool,
) -> Deadline {
    let mut on = start;
    let mut provisional = false;
    let mut is_working = |day: Date| {
        let known = calendar.day(day);
        provisional |= known.provisional;
        known.is_working()
    };
    let mut left = length(start, period);
    while left > 0 && on < Date::MAX {
        on = next_day(on);
        if suspended(on) {
            continue;
        }
        let counts = period.unit != PeriodUnit::WorkingDays || is_working(on);
        left -= u32::from(counts);
    }
    while (suspended(on) || !is_working(on)) && on < Date::MAX {
        on = next_day(on);
    }
    Deadline { on, provisional }
}

/// How many days have to count: working days for a period in working days, else calendar days.
/// A period in months is as many calendar days long as lie between its start and its end, so that
/// each suspended day moves it by one day.
pub(crate) fn length(start: Date, period: Period) -> u32 {
    if period.unit != PeriodUnit::Months {
        return u32::from(period.n);
    }
    let end = start.saturating_add(i64::from(period.n).months());
    let days = start.duration_until(end).as_hours() / 24;
    u32::try_from(days).unwrap_or(0)
}
