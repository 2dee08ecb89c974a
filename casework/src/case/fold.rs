//! How events change a case.

use flow::Stage;
use kernel::Timestamp;

use super::{Case, Channel, Correction, DoesNotFit, Task};
use crate::{
    clock::ClockKind,
    event::{ActedBy, CaseEvent, NoticeKind, Recorded},
    state::State,
};

impl Case {
    /// Takes an event in.
    ///
    /// # Errors
    /// The event does not fit the state.
    pub fn apply(&mut self, recorded: &Recorded, at: Timestamp) -> Result<(), DoesNotFit> {
        let kind = recorded.event.kind();
        if let Some(next) = self.next_state(&recorded.event)
            && next != self.state
        {
            if !self.state.may_become(next) {
                return Err(DoesNotFit {
                    kind,
                    state: self.state,
                });
            }
            self.state = next;
        }
        if !self.take(&recorded.event, at) {
            return Err(DoesNotFit {
                kind,
                state: self.state,
            });
        }
        if let Some(ActedBy { staff, person }) = recorded.by {
            self.people.insert(staff, person);
        }
        if let Some(flow) = &recorded.flow {
            self.flow = Some(flow.clone());
        }
        self.version += 1;
        if !recorded.event.is_record() {
            self.seen_from = self.version;
        }
        Ok(())
    }

    fn next_state(&self, event: &CaseEvent) -> Option<State> {
        Some(match event {
            CaseEvent::Submitted { .. } => State::Submitted,
            CaseEvent::Received { .. } | CaseEvent::Insisted => State::Received,
            CaseEvent::PreReturned { .. } => State::PreReturned,
            CaseEvent::PrePassed => State::PrePassed,
            CaseEvent::CorrectionNoticed { .. } => State::Correcting,
            CaseEvent::CorrectionSupplied { .. } => State::Corrected,
            CaseEvent::Accepted { .. } => State::Accepted,
            CaseEvent::NotAccepted { .. } => State::NotAccepted,
            CaseEvent::NotRequired { .. } => State::NotRequired,
            CaseEvent::TaskOpened(task) => match task.stage {
                Stage::Intake => return None,
                Stage::Review | Stage::SecondReview | Stage::SiteCheck => State::Reviewing,
                Stage::Decide => State::Deciding,
                Stage::Make => State::Making,
                // T19: a denial waits to be served as what it is.
                Stage::HandOut if self.state == State::Denied => return None,
                Stage::HandOut => State::Ready,
            },
            CaseEvent::Granted(_) => State::Granted,
            CaseEvent::Denied(_) => State::Denied,
            CaseEvent::Ready { .. } if self.state == State::Denied => return None,
            CaseEvent::Ready { .. } => State::Ready,
            CaseEvent::Delivered { .. } => State::Delivered,
            CaseEvent::Withdrawn { .. } => State::Withdrawn,
            CaseEvent::Lapsed { .. } => State::Lapsed,
            _ => return None,
        })
    }

    /// Changes everything but the state; `false` when the event refers to what is not there.
    fn take(&mut self, event: &CaseEvent, at: Timestamp) -> bool {
        match event {
            CaseEvent::Drafted(_) => return false,
            CaseEvent::EditionChanged(to) => self.move_to(to),
            CaseEvent::DataSaved { data_version, .. } => self.data_version = *data_version,
            CaseEvent::FileAttached { material_id, slot } => self.attach(*material_id, slot, at),
            CaseEvent::FileRemoved { material_id }
            | CaseEvent::FileScanned {
                material_id,
                virus: Some(_),
                ..
            } => self.detach(*material_id),
            CaseEvent::FilesOrdered { slot, files } => self.order(slot, files),
            CaseEvent::FileScanned { .. } => {}
            CaseEvent::Checked {
                text_id,
                outcome,
                rule,
                ..
            } => {
                self.checks = Some(*text_id);
                self.assessed = Some((outcome.clone(), rule.clone()));
            }
            CaseEvent::NoticeServed { notice_id, how, on } => {
                return self.served(*notice_id, how, self.arrived_at(*on, at));
            }
            CaseEvent::ClockRecomputed { clock, new, .. } => return self.recounted(*clock, new),
            CaseEvent::ConsentWithdrawn => self.electronic = false,
            _ => return self.take_receipt(event, at),
        }
        true
    }

    fn take_receipt(&mut self, event: &CaseEvent, at: Timestamp) -> bool {
        match event {
            CaseEvent::Submitted {
                number,
                electronic,
                promises,
                clocks,
                subject,
            } => {
                self.numbered(number, *electronic, promises);
                self.subject = self.subject.or(*subject);
                self.asked_at = Some(at);
                // Amended after a pre-return it was received all the same when it first came.
                self.received_at = self.received_at.or(Some(at));
                self.complete_at = Some(at);
                self.pre_return = None;
                self.start_clocks(clocks, at);
            }
            CaseEvent::Received {
                number,
                received_at,
                electronic,
                promises,
                clocks,
                notice_id,
                subject,
            } => {
                self.numbered(number, *electronic, promises);
                self.subject = self.subject.or(*subject);
                if self.opening.channel == Channel::Window {
                    self.come(at.day());
                }
                self.asked_at = self.asked_at.or(Some(at));
                self.received_at = Some(*received_at);
                self.complete_at = Some(*received_at);
                self.stop(ClockKind::PreReview, at);
                self.start_clocks(clocks, at);
                self.issue(*notice_id, NoticeKind::Receipt, at);
            }
            CaseEvent::PreReturned { notice_id, targets } => {
                self.stop(ClockKind::PreReview, at);
                self.issue(Some(*notice_id), NoticeKind::PreReturn, at);
                self.supplied.clear();
                self.pre_told.extend(targets.iter().cloned());
                self.pre_return = Some(Correction {
                    notice_id: *notice_id,
                    targets: targets.clone(),
                    due_on: None,
                });
            }
            CaseEvent::Insisted => self.pre_return = None,
            CaseEvent::PrePassed => self.stop(ClockKind::PreReview, at),
            _ => return self.take_acceptance(event, at),
        }
        true
    }

    fn take_acceptance(&mut self, event: &CaseEvent, at: Timestamp) -> bool {
        match event {
            CaseEvent::CorrectionNoticed {
                notice_id,
                targets,
                due_on,
                clocks,
            } => {
                self.take_back_refusal();
                self.stop(ClockKind::Acceptance, at);
                self.start_clocks(clocks, at);
                self.issue(Some(*notice_id), NoticeKind::CorrectionNotice, at);
                self.supplied.clear();
                self.corrections.push(Correction {
                    notice_id: *notice_id,
                    targets: targets.clone(),
                    due_on: Some(*due_on),
                });
            }
            CaseEvent::CorrectionSupplied {
                clocks,
                text_id,
                at_window,
            } => {
                if *at_window {
                    self.come(at.day());
                }
                self.corrected(clocks, *text_id, at);
            }
            CaseEvent::Accepted {
                mode,
                acceptor,
                accepted_on,
                clocks,
                notice_id,
                ..
            } => {
                self.take_back_refusal();
                self.stop(ClockKind::PreReview, at);
                self.stop(ClockKind::Acceptance, at);
                self.accepted_on = Some(*accepted_on);
                self.accept_mode = Some(*mode);
                self.acceptor = *acceptor;
                self.start_clocks(clocks, at);
                self.issue(*notice_id, NoticeKind::AcceptNotice, at);
                self.close_stage(Stage::Intake, *acceptor);
            }
            CaseEvent::NotAccepted { notice_id, .. } => {
                self.over(*notice_id, NoticeKind::RefuseAcceptance, at);
            }
            CaseEvent::NotRequired { notice_id, .. } => {
                self.over(*notice_id, NoticeKind::NotRequired, at);
            }
            CaseEvent::Withdrawn { notice_id } => self.over(*notice_id, NoticeKind::Withdrawal, at),
            CaseEvent::Lapsed { notice_id } => self.over(*notice_id, NoticeKind::Lapse, at),
            _ => return self.take_refusal(event, at),
        }
        true
    }

    fn take_refusal(&mut self, event: &CaseEvent, at: Timestamp) -> bool {
        match event {
            CaseEvent::RefusalProposed {
                task_id,
                performer,
                notice,
                ground,
                text_id,
            } => self.refusal_proposed(*task_id, *performer, *notice, ground.as_ref(), *text_id),
            CaseEvent::RefusalSentBack {
                task_id, text_id, ..
            } => self.refusal_sent_back(*task_id, *text_id),
            _ => self.take_task(event, at),
        }
    }

    fn take_task(&mut self, event: &CaseEvent, at: Timestamp) -> bool {
        match event {
            CaseEvent::TaskOpened(task) => {
                self.tasks.push(Task {
                    opened: task.as_ref().clone(),
                    opened_at: at,
                    holder: None,
                    confirmed: Vec::new(),
                    given: false,
                });
                true
            }
            CaseEvent::TaskClaimed { task_id, holder } => self.hold(*task_id, Some(*holder)),
            CaseEvent::TaskReassigned {
                task_id,
                holder,
                text_id,
            } => self.hold(*task_id, Some(*holder)) && self.given(*task_id, text_id.is_some()),
            CaseEvent::TaskReleased { task_id } => self.hold(*task_id, None),
            CaseEvent::StepDone {
                task_id,
                stage,
                performer,
                proposal,
                text_id,
            } => {
                if matches!(stage, Stage::Review | Stage::SecondReview) {
                    self.reviewers.push(*performer);
                    self.proposal.clone_from(proposal);
                }
                self.opinions.extend(text_id.map(|text| (*stage, text)));
                self.close(*task_id, *performer)
            }
            CaseEvent::SiteChecked {
                task_id,
                performer,
                text_id,
            } => self.site_checked(*task_id, *performer, *text_id),
            CaseEvent::ReturnedToReview {
                task_id,
                performer,
                text_id,
            } => {
                self.opinions
                    .extend(text_id.map(|text| (Stage::Decide, text)));
                self.returns = self.returns.saturating_add(1);
                self.close(*task_id, *performer)
            }
            CaseEvent::Made { task_id, performer } => self.close(*task_id, *performer),
            _ => self.take_result(event, at),
        }
    }

    fn take_result(&mut self, event: &CaseEvent, at: Timestamp) -> bool {
        match event {
            CaseEvent::Granted(decision) => self.decided(decision, NoticeKind::Grant, at),
            CaseEvent::Denied(decision) => self.decided(decision, NoticeKind::Deny, at),
            CaseEvent::Delivered {
                method,
                notice_id,
                on,
            } => {
                let arrived_at = self.arrived_at(*on, at);
                self.delivered_at = Some(arrived_at);
                self.stop_all(arrived_at);
                // Whoever held the task has handed it out; what arrived by itself nobody did.
                if notice_id.is_some() {
                    self.handed_out_by = self.task_at(Stage::HandOut).and_then(|task| task.holder);
                }
                self.tasks.clear();
                self.issue(*notice_id, NoticeKind::DeliveryReceipt, at);
                if method == "counter" {
                    self.come(arrived_at.day());
                }
                true
            }
            CaseEvent::OtherPartyNotified { .. }
            | CaseEvent::OtherPartyServed { .. }
            | CaseEvent::OtherPartyFileAttached { .. }
            | CaseEvent::OtherPartyFileRemoved { .. }
            | CaseEvent::OtherPartyAnswered { .. }
            | CaseEvent::OtherPartySilent
            | CaseEvent::OtherPartyDecided { .. }
            | CaseEvent::OtherPartyReleased => self.take_other(event, at),
            // Events without an effect on the state: they stand in the log for readers.
            _ => true,
        }
    }
}
