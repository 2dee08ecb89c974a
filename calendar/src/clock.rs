//! A clock of a case: a period that runs, with the ledger of its suspensions and its extension.

use kernel::{
    Date,
    item::{Period, PeriodUnit},
};
use serde::{Deserialize, Serialize};

use crate::{
    Calendar,
    deadline::{Deadline, count_out},
    standing::Standing,
};

/// The one extension of a clock (Licensing Law art. 42).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// The day it was approved.
    pub on: Date,
    /// What it adds to the period.
    pub by: Period,
}

/// Time that does not count (Licensing Law art. 45): the days after `from`, up to and including
/// `to`. The day `from` itself counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suspension {
    /// The day the clock was stopped.
    pub from: Date,
    /// The day it was started again; none while it stands.
    pub to: Option<Date>,
}

/// A running legal or promised period.
///
/// Its ledger only grows: the suspensions are in order, do not overlap, and only the last may be
/// open. A clock read back from storage is checked for this.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Clock {
    start: Date,
    period: Period,
    extension: Option<Extension>,
    suspensions: Vec<Suspension>,
}

/// Why an entry is not allowed in the ledger of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClockRefusal {
    /// It is suspended already.
    #[error("the clock is suspended since {since}")]
    AlreadySuspended {
        /// Since this day.
        since: Date,
    },
    /// It is not suspended.
    #[error("the clock is not suspended")]
    NotSuspended,
    /// The entry lies before the start or before the last entry of the ledger.
    #[error("the ledger of the clock has reached {reached} already")]
    TooEarly {
        /// The day of the last entry, or the start.
        reached: Date,
    },
    /// The period has ended.
    #[error("the clock expired on {deadline}")]
    Expired {
        /// Its last day.
        deadline: Date,
    },
    /// It has been extended already.
    #[error("the clock was extended on {on} already")]
    AlreadyExtended {
        /// The day of the extension.
        on: Date,
    },
    /// The extension is of another unit than the period, or nothing long.
    #[error("an extension is at least one unit of the period long")]
    WrongExtension,
}

impl Clock {
    /// A clock that starts on `start`; that day is not counted.
    pub fn new(start: Date, period: Period) -> Self {
        Self {
            start,
            period,
            extension: None,
            suspensions: Vec::new(),
        }
    }

    /// The day it started.
    pub fn start(&self) -> Date {
        self.start
    }

    /// The period without its extension.
    pub fn period(&self) -> Period {
        self.period
    }

    /// The extension, if it has one.
    pub fn extension(&self) -> Option<Extension> {
        self.extension
    }

    /// All suspensions in order.
    pub fn suspensions(&self) -> &[Suspension] {
        &self.suspensions
    }

    /// The day since when it is suspended, if it is.
    pub fn suspended_since(&self) -> Option<Date> {
        self.suspensions
            .last()
            .filter(|last| last.to.is_none())
            .map(|last| last.from)
    }

    /// Stops the clock: the days after `on` do not count until it is resumed.
    pub fn suspend(&mut self, on: Date, calendar: &Calendar) -> Result<(), ClockRefusal> {
        if let Some(since) = self.suspended_since() {
            return Err(ClockRefusal::AlreadySuspended { since });
        }
        self.check_reached(on)?;
        self.check_running(on, calendar)?;
        self.suspensions.push(Suspension { from: on, to: None });
        Ok(())
    }

    /// Starts the clock again: the days after `on` count.
    pub fn resume(&mut self, on: Date) -> Result<(), ClockRefusal> {
        self.suspended_since().ok_or(ClockRefusal::NotSuspended)?;
        self.check_reached(on)?;
        if let Some(last) = self.suspensions.last_mut() {
            last.to = Some(on);
        }
        Ok(())
    }

    /// Makes the period longer, once, before it has ended.
    pub fn extend(
        &mut self,
        by: Period,
        on: Date,
        calendar: &Calendar,
    ) -> Result<(), ClockRefusal> {
        if let Some(earlier) = self.extension {
            return Err(ClockRefusal::AlreadyExtended { on: earlier.on });
        }
        self.check_extension(by)?;
        self.check_reached(on)?;
        self.check_running(on, calendar)?;
        self.extension = Some(Extension { on, by });
        Ok(())
    }

    /// The last day of the period. While the clock is suspended this is the day it would be if the
    /// clock were resumed on `today`; otherwise `today` does not matter.
    pub fn deadline(&self, today: Date, calendar: &Calendar) -> Deadline {
        count_out(self.start, self.whole_period(), calendar, |day| {
            self.is_suspended_on(day, today)
        })
    }

    /// Whether the period has ended before the day `today`.
    pub fn is_overdue(&self, today: Date, calendar: &Calendar) -> bool {
        today > self.deadline(today, calendar).on
    }

    /// Where the clock stands at the end of the day `today`.
    pub fn standing(&self, today: Date, calendar: &Calendar) -> Standing {
        Standing::of(self, today, calendar)
    }

    /// The period with its extension.
    pub(crate) fn whole_period(&self) -> Period {
        let more = self.extension.map_or(0, |extension| extension.by.n);
        Period {
            n: self.period.n.saturating_add(more),
            unit: self.period.unit,
        }
    }

    /// Whether a day does not count; an open suspension reaches to `today`.
    pub(crate) fn is_suspended_on(&self, day: Date, today: Date) -> bool {
        self.suspensions
            .iter()
            .any(|stop| stop.from < day && day <= stop.to.unwrap_or(today))
    }

    pub(crate) fn counts_working_days(&self) -> bool {
        self.period.unit == PeriodUnit::WorkingDays
    }

    fn check_extension(&self, by: Period) -> Result<(), ClockRefusal> {
        if by.unit != self.period.unit || by.n == 0 {
            return Err(ClockRefusal::WrongExtension);
        }
        Ok(())
    }

    fn check_reached(&self, on: Date) -> Result<(), ClockRefusal> {
        let last = self.suspensions.last();
        let reached = last.map_or(self.start, |last| last.to.unwrap_or(last.from));
        if on < reached {
            return Err(ClockRefusal::TooEarly { reached });
        }
        Ok(())
    }

    fn check_running(&self, on: Date, calendar: &Calendar) -> Result<(), ClockRefusal> {
        let deadline = self.deadline(on, calendar).on;
        if on > deadline {
            return Err(ClockRefusal::Expired { deadline });
        }
        Ok(())
    }
}

/// A clock as it is stored.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    start: Date,
    period: Period,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    extension: Option<Extension>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    suspensions: Vec<Suspension>,
}

impl From<Clock> for Stored {
    fn from(clock: Clock) -> Self {
        Self {
            start: clock.start,
            period: clock.period,
            extension: clock.extension,
            suspensions: clock.suspensions,
        }
    }
}

impl TryFrom<Stored> for Clock {
    type Error = ClockRefusal;

    fn try_from(stored: Stored) -> Result<Self, ClockRefusal> {
        let mut clock = Self::new(stored.start, stored.period);
        for stop in stored.suspensions {
            if let Some(since) = clock.suspended_since() {
                return Err(ClockRefusal::AlreadySuspended { since });
            }
            clock.check_reached(stop.from)?;
            clock.suspensions.push(Suspension {
                from: stop.from,
                to: None,
            });
            if let Some(to) = stop.to {
                clock.resume(to)?;
            }
        }
        if let Some(extension) = stored.extension {
            clock.check_extension(extension.by)?;
            clock.extension = stored.extension;
        }
        Ok(clock)
    }
}

#[cfg(test)]
mod tests;
