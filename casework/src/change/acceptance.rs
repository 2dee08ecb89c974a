//! Receipt and acceptance: which clocks run from which day.

use flow::Stage;
use kernel::{
    AppError, Timestamp, codes,
    item::{CaseKind, ClockStart, Period},
};
use serde_json::json;

use super::Change;
use crate::{
    clock::{ClockKind, DueClock},
    event::{AcceptMode, CaseEvent, NoticeKind},
};

impl Change<'_> {
    /// The clocks that receipt starts.
    pub fn receipt_clocks(&self) -> Vec<DueClock> {
        let limits = &self.model.edition.facts.limits;
        vec![self.clock(ClockKind::Acceptance, limits.acceptance)]
    }

    /// Whether the time to accept has passed without a word: then silence has accepted
    /// (行政许可法 art. 32(4)), whether or not its job has run.
    pub fn is_silent(&self) -> bool {
        self.case.is_silent(self.now)
    }

    /// Refuses what may be said only within the time to accept.
    ///
    /// # Errors
    /// `E1231` when silence has accepted.
    pub fn expect_in_time(&self) -> Result<(), AppError> {
        if self.is_silent() {
            return Err(AppError::refused(&codes::E1231));
        }
        Ok(())
    }

    /// Accepts: clocks, notice, flow. Acceptance by silence counts from the day the complete set
    /// was received.
    ///
    /// # Errors
    /// Broken only.
    pub fn accept(&mut self, mode: AcceptMode) -> Result<(), AppError> {
        let today = self.now.day();
        let complete = self.case.complete_at.map_or(today, Timestamp::day);
        let accepted_on = match mode {
            AcceptMode::Deemed => complete,
            AcceptMode::Regular | AcceptMode::Automatic => today,
        };
        let limits = &self.model.edition.facts.limits;
        let statutory_from = match limits.start {
            ClockStart::Received => complete,
            ClockStart::Accepted => accepted_on,
        };
        let start = |kind, from, period: Option<Period>| {
            period.map(|period| DueClock::start(kind, from, period, &self.calendar))
        };
        let promised = start(ClockKind::Promised, accepted_on, limits.promised);
        let statutory = start(ClockKind::Statutory, statutory_from, limits.statutory);
        let due = |clock: &Option<DueClock>| clock.as_ref().map(|clock| clock.due_on);
        let provisional =
            |clock: &Option<DueClock>| clock.as_ref().is_some_and(|at| at.provisional);
        let (promised_on, statutory_on) = (due(&promised), due(&statutory));
        let facts = json!({
            "mode": mode, "accepted_on": accepted_on, "promised_on": promised_on,
            "statutory_on": statutory_on, "basis": limits.statutory_basis,
            "promised_provisional": provisional(&promised),
            "statutory_provisional": provisional(&statutory),
        });
        // 即办件 needs no paper of acceptance.
        let notice_id = match self.model.edition.facts.kind {
            CaseKind::Instant => None,
            CaseKind::Promised => Some(self.issue(NoticeKind::AcceptNotice, facts, None)?),
        };
        let intake = self.case.task_at(Stage::Intake);
        let token = intake.and_then(|task| task.opened.token);
        let acceptor = match mode {
            AcceptMode::Regular => self.performer.map(|who| who.staff),
            AcceptMode::Deemed | AcceptMode::Automatic => None,
        };
        self.emit(CaseEvent::Accepted {
            mode,
            acceptor,
            accepted_on,
            promised_on,
            statutory_on,
            clocks: promised.into_iter().chain(statutory).collect(),
            notice_id,
        })?;
        if let Some(party) = self.other.take() {
            self.notify_other(party)?;
        }
        match token {
            Some(token) => self.complete(token, json!({ "accepted": true })),
            None => self.start_flow(),
        }
    }
}
