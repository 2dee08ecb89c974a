//! How much of a clock is used, for early warnings and for people.

use kernel::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Calendar,
    clock::Clock,
    deadline::{Deadline, length},
    edition::count_days,
};

/// Where a clock stands at the end of a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Standing {
    /// The last day of the period; for a suspended clock as if it were resumed now.
    pub deadline: Deadline,
    /// Since when it is suspended, if it is.
    pub suspended_since: Option<Date>,
    /// Days that have counted: working days for a period in working days, else calendar days.
    /// Never more than `total`.
    pub used: u32,
    /// Days the period is long, in the unit of `used`.
    pub total: u32,
    /// Working days from now to the deadline, that day included; 0 once it has come.
    pub working_days_left: u32,
    /// Working days since the deadline; 0 until it has passed.
    pub working_days_over: u32,
}

impl Standing {
    pub(crate) fn of(clock: &Clock, today: Date, calendar: &Calendar) -> Self {
        let deadline = clock.deadline(today, calendar);
        let now = today.max(clock.start());
        let counts = |day| {
            !clock.is_suspended_on(day, today)
                && (!clock.counts_working_days() || calendar.is_working_day(day))
        };
        let works = |day| !clock.is_suspended_on(day, today) && calendar.is_working_day(day);
        let total = length(clock.start(), clock.whole_period());
        // The days past the deadline would only be counted to be cut off again.
        let through = now.min(deadline.on);
        Self {
            deadline,
            suspended_since: clock.suspended_since(),
            used: count_days(clock.start(), through, counts).min(total),
            total,
            working_days_left: count_days(now, deadline.on, works),
            working_days_over: calendar.working_days(deadline.on, today),
        }
    }

    /// Days that still have to count, in the unit of `used`.
    pub fn left(&self) -> u32 {
        self.total.saturating_sub(self.used)
    }

    /// How much is used, in whole percent, rounded down.
    pub fn used_percent(&self) -> u32 {
        let percent = u64::from(self.used) * 100;
        percent
            .checked_div(u64::from(self.total))
            .map_or(100, |percent| u32::try_from(percent).unwrap_or(100))
    }
}
