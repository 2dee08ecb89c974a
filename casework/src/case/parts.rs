//! The pieces of a change: files, clocks, papers, the decision.

use flow::Stage;
use kernel::{
    Date, Timestamp,
    ids::{MaterialId, NoticeId},
};
use uuid::Uuid;

use super::{Attached, Case, IssuedNotice};
use crate::{
    clock::{ClockKind, DueClock},
    event::{Decision, Moved, NoticeKind},
};

impl Case {
    pub(super) fn attach(&mut self, material_id: MaterialId, slot: &str, at: Timestamp) {
        if self.state.needs_applicant() {
            self.supplied.push(material_id);
        }
        self.files.push(Attached {
            material_id,
            slot: slot.to_owned(),
            at,
        });
    }

    /// Takes a file away; one taken away again was not supplied.
    pub(super) fn detach(&mut self, material: MaterialId) {
        self.files.retain(|file| file.material_id != material);
        self.supplied.retain(|supplied| *supplied != material);
    }

    /// Puts the files of a material in order; the others stay where they are.
    pub(super) fn order(&mut self, slot: &str, order: &[MaterialId]) {
        let place = |file: &Attached| order.iter().position(|id| *id == file.material_id);
        let mut sorted: Vec<Attached> = self.files.clone();
        sorted.retain(|file| file.slot == slot);
        sorted.sort_by_key(place);
        let mut sorted = sorted.into_iter();
        for file in self.files.iter_mut().filter(|file| file.slot == slot) {
            if let Some(next) = sorted.next() {
                *file = next;
            }
        }
    }

    /// Another edition of the item holds for the draft.
    pub(super) fn move_to(&mut self, to: &Moved) {
        let opening = &mut self.opening;
        opening.edition = to.edition;
        opening.name = to.name.clone();
        opening.kind = to.kind;
        opening.org = to.handled_in.clone();
    }

    /// The applicant is at a window; whatever he does there on one day is one visit.
    pub(super) fn come(&mut self, day: Date) {
        if self.came_on != Some(day) {
            self.visits = self.visits.saturating_add(1);
            self.came_on = Some(day);
        }
    }

    pub(super) fn numbered(&mut self, number: &str, electronic: bool, promises: &[String]) {
        self.number = Some(number.to_owned());
        self.electronic = electronic;
        self.promises = promises.to_vec();
    }

    pub(super) fn decided(
        &mut self,
        decision: &Decision,
        paper: NoticeKind,
        at: Timestamp,
    ) -> bool {
        self.decided_at = Some(at);
        self.decision = Some(decision.clone());
        self.stop(ClockKind::Promised, at);
        self.stop(ClockKind::Statutory, at);
        self.stop(ClockKind::Answer, at);
        self.start_clocks(&decision.clocks, at);
        self.issue(Some(decision.notice_id), paper, at);
        self.opinions
            .extend(decision.text_id.map(|text| (Stage::Decide, text)));
        match (decision.task_id, decision.decider) {
            (Some(task), Some(decider)) => self.close(task, decider),
            _ => decision.by_rule.is_some(),
        }
    }

    pub(super) fn served(&mut self, notice: NoticeId, how: &str, at: Timestamp) -> bool {
        let known = self.notices.iter_mut().find(|n| n.notice_id == notice);
        let Some(known) = known else { return false };
        known.served = Some((at, how.to_owned()));
        true
    }

    /// When something reached the applicant: the day of the return receipt, noted later, counts
    /// from its beginning, but not before there was a decision to send.
    pub(super) fn arrived_at(&self, on: Option<Date>, noted_at: Timestamp) -> Timestamp {
        match on {
            Some(day) if day < noted_at.day() => {
                let start = Timestamp::start_of(day);
                self.decided_at.map_or(start, |decided| decided.max(start))
            }
            _ => noted_at,
        }
    }

    pub(super) fn recounted(&mut self, kind: ClockKind, new: &DueClock) -> bool {
        let running = self
            .clocks
            .iter_mut()
            .find(|clock| clock.clock == kind && clock.runs());
        let Some(running) = running else { return false };
        *running = new.clone();
        if let (ClockKind::Correction, Some(notice)) = (kind, self.corrections.last_mut()) {
            notice.due_on = Some(new.due_on);
        }
        true
    }

    pub(super) fn corrected(&mut self, clocks: &[DueClock], remark: Option<Uuid>, at: Timestamp) {
        self.opinions
            .extend(remark.map(|text| (Stage::Intake, text)));
        self.stop(ClockKind::Correction, at);
        self.complete_at = Some(at);
        self.start_clocks(clocks, at);
    }

    pub(super) fn over(&mut self, notice: NoticeId, kind: NoticeKind, at: Timestamp) {
        self.stop_all(at);
        self.tasks.clear();
        self.refusal = None;
        self.issue(Some(notice), kind, at);
    }

    pub(super) fn issue(&mut self, notice: Option<NoticeId>, kind: NoticeKind, at: Timestamp) {
        self.notices.extend(notice.map(|notice_id| IssuedNotice {
            notice_id,
            kind,
            at,
            served: None,
        }));
    }

    pub(super) fn start_clocks(&mut self, clocks: &[DueClock], at: Timestamp) {
        for clock in clocks {
            self.stop(clock.clock, at);
            self.clocks.push(clock.clone());
        }
    }

    pub(super) fn stop(&mut self, kind: ClockKind, at: Timestamp) {
        for clock in self
            .clocks
            .iter_mut()
            .filter(|clock| clock.clock == kind && clock.runs())
        {
            clock.stopped_at = Some(at);
        }
    }

    pub(super) fn stop_all(&mut self, at: Timestamp) {
        for clock in self.clocks.iter_mut().filter(|clock| clock.runs()) {
            clock.stopped_at = Some(at);
        }
    }
}
