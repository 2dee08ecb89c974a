//! What follows from an act beside its events: the one place an applicant has, and timers.

use kernel::Timestamp;
use serde_json::json;
use store::{NewJob, Work};

use super::{ACCEPTANCE_DUE, ANSWER_DUE, Act, CORRECTION_DUE};
use crate::{case::Case, clock::ClockKind};

/// What an act does with the one place an applicant has for an item.
pub(crate) struct Place {
    /// It must be free.
    pub needed: bool,
    /// The case stands there from now on.
    pub taken: bool,
    /// The case leaves it.
    pub freed: bool,
}

pub(crate) fn place<A: Act>(before: &Case, after: &Case) -> Place {
    let needed = A::OPENS && before.number.is_none() && after.number.is_some();
    let closed = after.state.is_closed();
    Place {
        needed,
        taken: needed && !closed,
        freed: before.number.is_some() && !before.state.is_closed() && closed,
    }
}

/// Queues a job for the end of each limit after which the law or the rule book acts.
pub(super) fn timers(before: &Case, after: &Case, work: &mut Work<'_>) {
    for clock in &after.clocks {
        let kind = match clock.clock {
            ClockKind::Acceptance => ACCEPTANCE_DUE,
            ClockKind::Correction => CORRECTION_DUE,
            ClockKind::Answer => ANSWER_DUE,
            _ => continue,
        };
        if clock.runs() && !before.clocks.contains(clock) {
            let payload = json!({ "v": 1, "bureau": after.bureau, "case": after.id });
            work.job(NewJob::at(kind, payload, Timestamp::end_of(clock.due_on)));
        }
    }
}
