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

    /// The same clock counted with another edition of the calendar; none when nothing changes.
    pub fn recount(&self, calendar: &Calendar) -> Option<Self> {
        let again = Self {
            stopped_at: self.stopped_at,
            ..Self::start(self.clock, self.start, self.period, calendar)
        };
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
