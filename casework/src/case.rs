//! The case: a fold over its events. Pure: no IO, no clock, no randomness.

use std::collections::BTreeMap;

use flow::{ElementId, Stage};
use kernel::{
    Date, DivisionCode, OrgPath, Timestamp,
    ids::{CaseId, EmployerId, MaterialId, NoticeId, PersonId, StaffId, TaskId},
    item::{CaseKind, ItemCode, Words},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    clock::{ClockKind, DueClock},
    event::{AcceptMode, CaseEvent, Decision, NoticeKind, OpenedTask, Recorded, Target},
    state::State,
};

/// By which way the application came.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 网上
    Online,
    /// 窗口
    Window,
}

/// What is fixed when a draft is opened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Opening {
    /// The item.
    pub item: ItemCode,
    /// The edition it is handled under, to the end.
    pub edition: i32,
    /// Its name, kept for lists.
    pub name: Words,
    /// Instant or promised.
    pub kind: CaseKind,
    /// The organisation that handles it.
    pub org: OrgPath,
    /// On line or over the counter.
    pub channel: Channel,
    /// The applicant, or the agent who acts for the enterprise: he is told.
    #[serde(rename = "notify")]
    pub person: PersonId,
    /// The enterprise that applies, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employer: Option<EmployerId>,
    /// Who opened it at the counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_by: Option<StaffId>,
}

/// An open task of a case.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Task {
    /// As it was opened.
    #[serde(flatten)]
    pub opened: OpenedTask,
    /// When.
    pub opened_at: Timestamp,
    /// Who holds it.
    pub holder: Option<StaffId>,
    /// Who has confirmed it so far.
    pub confirmed: Vec<StaffId>,
}

/// A paper the case has issued.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct IssuedNotice {
    /// The paper.
    pub notice_id: NoticeId,
    /// What it is.
    pub kind: NoticeKind,
    /// When it was issued.
    pub at: Timestamp,
    /// When and how it was served.
    pub served: Option<(Timestamp, String)>,
}

/// A correction notice or a pre-return.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Correction {
    /// The notice.
    pub notice_id: NoticeId,
    /// What it asks for.
    pub targets: Vec<Target>,
    /// The applicant's time ends; none for a pre-return.
    pub due_on: Option<Date>,
}

/// A file attached to a material.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Attached {
    /// The file.
    pub material_id: MaterialId,
    /// The material it belongs to.
    pub slot: String,
    /// When.
    pub at: Timestamp,
}

/// A case as its events made it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// The handling agency.
    pub bureau: DivisionCode,
    /// Number of events so far.
    pub version: i64,
    /// What was fixed at the start.
    pub opening: Opening,
    /// Where it stands.
    pub state: State,
    /// 办件编号
    pub number: Option<String>,
    /// For asking without an account.
    pub query_code: Option<String>,
    /// When the draft was opened.
    pub opened_at: Timestamp,
    /// The legal time of receipt; an application on line is received when it is submitted.
    pub received_at: Option<Timestamp>,
    /// When the complete set was there: receipt, or the last corrections.
    pub complete_at: Option<Timestamp>,
    /// The legal day of acceptance.
    pub accepted_on: Option<Date>,
    /// How it was accepted.
    pub accept_mode: Option<AcceptMode>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// When the result reached the applicant.
    pub delivered_at: Option<Timestamp>,
    /// Who accepted it.
    pub acceptor: Option<StaffId>,
    /// Who reviewed it (all reviews).
    pub reviewers: Vec<StaffId>,
    /// What the last reviewer proposed.
    pub proposal: Option<String>,
    /// The decision.
    pub decision: Option<Decision>,
    /// Whether the applicant agreed to electronic service in this case.
    pub electronic: bool,
    /// Version of the form data.
    pub data_version: i64,
    /// The row with register answers and checks.
    pub checks: Option<Uuid>,
    /// What the table of the item said, and by which row.
    pub assessed: Option<(String, String)>,
    /// Files.
    pub files: Vec<Attached>,
    /// Materials for which a written promise stands in (告知承诺).
    pub promises: Vec<String>,
    /// Clocks, oldest first.
    pub clocks: Vec<DueClock>,
    /// Correction notices, oldest first.
    pub corrections: Vec<Correction>,
    /// The open pre-return, if any.
    pub pre_return: Option<Correction>,
    /// Files supplied since the last correction notice.
    pub supplied: Vec<String>,
    /// Papers issued.
    pub notices: Vec<IssuedNotice>,
    /// The site check's record and who confirmed it.
    pub site_check: Option<(Uuid, Vec<StaffId>)>,
    /// The sealed texts of opinions, by stage.
    pub opinions: Vec<(Stage, Uuid)>,
    /// Open tasks.
    pub tasks: Vec<Task>,
    /// Who did which node of the flow.
    pub performers: BTreeMap<ElementId, Vec<StaffId>>,
    /// The run of the flow.
    pub flow: Option<flow::State>,
    /// Times the applicant had to come.
    pub visits: u8,
}

/// An event does not fit the state: a fault of ours, found before it is written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} does not fit a case in state {}", state.as_str())]
pub struct DoesNotFit {
    /// The event.
    pub kind: String,
    /// The state.
    pub state: State,
}

impl Case {
    /// A case from its first event.
    pub fn open(id: CaseId, bureau: DivisionCode, opening: Opening, at: Timestamp) -> Self {
        let visits = u8::from(opening.channel == Channel::Window);
        Self {
            id,
            bureau,
            version: 1,
            opening,
            state: State::Draft,
            number: None,
            query_code: None,
            opened_at: at,
            received_at: None,
            complete_at: None,
            accepted_on: None,
            accept_mode: None,
            decided_at: None,
            delivered_at: None,
            acceptor: None,
            reviewers: Vec::new(),
            proposal: None,
            decision: None,
            electronic: false,
            data_version: 0,
            checks: None,
            assessed: None,
            files: Vec::new(),
            promises: Vec::new(),
            clocks: Vec::new(),
            corrections: Vec::new(),
            pre_return: None,
            supplied: Vec::new(),
            notices: Vec::new(),
            site_check: None,
            opinions: Vec::new(),
            tasks: Vec::new(),
            performers: BTreeMap::new(),
            flow: None,
            visits,
        }
    }

    /// The state a case has after all these events, oldest first; none without a first one.
    ///
    /// # Errors
    /// An event that does not fit: the log was tampered with, or read by an older program.
    pub fn replay(
        id: CaseId,
        bureau: DivisionCode,
        events: impl IntoIterator<Item = (Recorded, Timestamp)>,
    ) -> Result<Option<Self>, DoesNotFit> {
        let mut case: Option<Self> = None;
        for (recorded, at) in events {
            match (&mut case, &recorded.event) {
                (None, CaseEvent::Drafted(opening)) => {
                    case = Some(Self::open(id, bureau, opening.as_ref().clone(), at));
                }
                (Some(case), _) => case.apply(&recorded, at)?,
                (None, event) => {
                    return Err(DoesNotFit {
                        kind: event.kind(),
                        state: State::Draft,
                    });
                }
            }
        }
        Ok(case)
    }

    /// Takes an event in.
    ///
    /// # Errors
    /// The event does not fit the state.
    pub fn apply(&mut self, recorded: &Recorded, at: Timestamp) -> Result<(), DoesNotFit> {
        let kind = || recorded.event.kind();
        if let Some(next) = self.next_state(&recorded.event)
            && next != self.state
        {
            if !self.state.may_become(next) {
                return Err(DoesNotFit {
                    kind: kind(),
                    state: self.state,
                });
            }
            self.state = next;
        }
        if !self.take(&recorded.event, at) {
            return Err(DoesNotFit {
                kind: kind(),
                state: self.state,
            });
        }
        if let Some(flow) = &recorded.flow {
            self.flow = Some(flow.clone());
        }
        self.version += 1;
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
            CaseEvent::DataSaved { data_version, .. } => self.data_version = *data_version,
            CaseEvent::FileAttached { material_id, slot } => self.attach(*material_id, slot, at),
            CaseEvent::FileRemoved { material_id } => {
                self.files.retain(|file| file.material_id != *material_id);
            }
            CaseEvent::Submitted {
                number,
                query_code,
                electronic,
                promises,
                clocks,
            } => {
                self.numbered(number, query_code, *electronic);
                self.promises.clone_from(promises);
                self.received_at = Some(at);
                self.complete_at = Some(at);
                self.pre_return = None;
                self.start_clocks(clocks, at);
            }
            CaseEvent::Received {
                number,
                query_code,
                received_at,
                electronic,
                promises,
                clocks,
                notice_id,
            } => {
                self.numbered(number, query_code, *electronic);
                self.promises.clone_from(promises);
                self.received_at = Some(*received_at);
                self.complete_at = Some(*received_at);
                self.stop(ClockKind::PreReview, at);
                self.start_clocks(clocks, at);
                self.issue(*notice_id, NoticeKind::Receipt, at);
            }
            CaseEvent::PreReturned { notice_id, targets } => {
                self.stop(ClockKind::PreReview, at);
                self.issue(Some(*notice_id), NoticeKind::PreReturn, at);
                self.pre_return = Some(Correction {
                    notice_id: *notice_id,
                    targets: targets.clone(),
                    due_on: None,
                });
            }
            CaseEvent::Insisted => self.pre_return = None,
            CaseEvent::PrePassed => self.stop(ClockKind::PreReview, at),
            CaseEvent::CorrectionNoticed {
                notice_id,
                targets,
                due_on,
                clocks,
            } => {
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
            CaseEvent::CorrectionSupplied { clocks } => {
                self.stop(ClockKind::Correction, at);
                self.complete_at = Some(at);
                self.start_clocks(clocks, at);
            }
            CaseEvent::Accepted {
                mode,
                acceptor,
                accepted_on,
                clocks,
                notice_id,
                ..
            } => {
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
            CaseEvent::Checked {
                text_id,
                outcome,
                rule,
                ..
            } => {
                self.checks = Some(*text_id);
                self.assessed = Some((outcome.clone(), rule.clone()));
            }
            CaseEvent::TaskOpened(task) => self.tasks.push(Task {
                opened: task.as_ref().clone(),
                opened_at: at,
                holder: None,
                confirmed: Vec::new(),
            }),
            _ => return self.take_task(event, at),
        }
        true
    }

    fn take_task(&mut self, event: &CaseEvent, at: Timestamp) -> bool {
        match event {
            CaseEvent::TaskClaimed { task_id, holder }
            | CaseEvent::TaskReassigned {
                task_id, holder, ..
            } => {
                return self.hold(*task_id, Some(*holder));
            }
            CaseEvent::TaskReleased { task_id } => return self.hold(*task_id, None),
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
                return self.close(*task_id, *performer);
            }
            CaseEvent::SiteChecked {
                task_id,
                performer,
                text_id,
            } => {
                return self.site_checked(*task_id, *performer, *text_id);
            }
            CaseEvent::ReturnedToReview {
                task_id,
                performer,
                text_id,
            } => {
                self.opinions
                    .extend(text_id.map(|text| (Stage::Decide, text)));
                return self.close(*task_id, *performer);
            }
            CaseEvent::Granted(decision) | CaseEvent::Denied(decision) => {
                return self.decided(decision, matches!(event, CaseEvent::Granted(_)), at);
            }
            CaseEvent::Made { task_id, performer } => return self.close(*task_id, *performer),
            CaseEvent::NoticeServed { notice_id, how } => {
                let Some(notice) = self.notices.iter_mut().find(|n| n.notice_id == *notice_id)
                else {
                    return false;
                };
                notice.served = Some((at, how.clone()));
            }
            CaseEvent::Delivered {
                method, notice_id, ..
            } => {
                self.delivered_at = Some(at);
                self.stop_all(at);
                self.tasks.clear();
                self.issue(*notice_id, NoticeKind::DeliveryReceipt, at);
                if method == "counter" {
                    self.visits = self.visits.saturating_add(1);
                }
            }
            CaseEvent::Withdrawn { notice_id } => self.over(*notice_id, NoticeKind::Withdrawal, at),
            CaseEvent::Lapsed { notice_id } => self.over(*notice_id, NoticeKind::Lapse, at),
            CaseEvent::ClockRecomputed { clock, new, .. } => {
                let running = self
                    .clocks
                    .iter_mut()
                    .find(|c| c.clock == *clock && c.runs());
                let Some(running) = running else { return false };
                *running = new.clone();
            }
            // Events without an effect on the state: they stand in the log for readers.
            _ => {}
        }
        true
    }

    fn attach(&mut self, material_id: MaterialId, slot: &str, at: Timestamp) {
        if self.state == State::Correcting {
            self.supplied.push(slot.to_owned());
        }
        self.files.push(Attached {
            material_id,
            slot: slot.to_owned(),
            at,
        });
    }

    fn numbered(&mut self, number: &str, query_code: &str, electronic: bool) {
        self.number = Some(number.to_owned());
        self.query_code = Some(query_code.to_owned());
        self.electronic = electronic;
    }

    fn decided(&mut self, decision: &Decision, granted: bool, at: Timestamp) -> bool {
        self.decided_at = Some(at);
        self.decision = Some(decision.clone());
        self.stop(ClockKind::Promised, at);
        self.stop(ClockKind::Statutory, at);
        self.start_clocks(&decision.clocks, at);
        let kind = if granted {
            NoticeKind::Grant
        } else {
            NoticeKind::Deny
        };
        self.issue(Some(decision.notice_id), kind, at);
        self.opinions
            .extend(decision.text_id.map(|text| (Stage::Decide, text)));
        match (decision.task_id, decision.decider) {
            (Some(task), Some(decider)) => self.close(task, decider),
            _ => decision.by_rule.is_some(),
        }
    }

    fn site_checked(&mut self, task: TaskId, performer: StaffId, text: Option<Uuid>) -> bool {
        let Some(open) = self
            .tasks
            .iter_mut()
            .find(|open| open.opened.task_id == task)
        else {
            return false;
        };
        open.confirmed.push(performer);
        let by = open.confirmed.clone();
        let enough = by.len() >= usize::from(open.opened.people);
        match (&mut self.site_check, text) {
            (_, Some(text)) => self.site_check = Some((text, by.clone())),
            (Some((_, confirmed)), None) => confirmed.clone_from(&by),
            (None, None) => return false,
        }
        if enough {
            for who in by {
                self.performed(task, who);
            }
            self.tasks.retain(|open| open.opened.task_id != task);
        } else {
            return self.hold(task, None);
        }
        true
    }

    fn hold(&mut self, task: TaskId, holder: Option<StaffId>) -> bool {
        match self
            .tasks
            .iter_mut()
            .find(|open| open.opened.task_id == task)
        {
            Some(open) => {
                open.holder = holder;
                true
            }
            None => false,
        }
    }

    fn performed(&mut self, task: TaskId, performer: StaffId) {
        if let Some(open) = self.tasks.iter().find(|open| open.opened.task_id == task) {
            self.performers
                .entry(open.opened.node.clone())
                .or_default()
                .push(performer);
        }
    }

    fn close(&mut self, task: TaskId, performer: StaffId) -> bool {
        let there = self.tasks.iter().any(|open| open.opened.task_id == task);
        self.performed(task, performer);
        self.tasks.retain(|open| open.opened.task_id != task);
        there
    }

    fn close_stage(&mut self, stage: Stage, performer: Option<StaffId>) {
        let tasks: Vec<TaskId> = self
            .tasks
            .iter()
            .filter(|open| open.opened.stage == stage)
            .map(|open| open.opened.task_id)
            .collect();
        for task in tasks {
            if let Some(performer) = performer {
                self.performed(task, performer);
            }
            self.tasks.retain(|open| open.opened.task_id != task);
        }
    }

    fn over(&mut self, notice: NoticeId, kind: NoticeKind, at: Timestamp) {
        self.stop_all(at);
        self.tasks.clear();
        self.issue(Some(notice), kind, at);
    }

    fn issue(&mut self, notice: Option<NoticeId>, kind: NoticeKind, at: Timestamp) {
        self.notices.extend(notice.map(|notice_id| IssuedNotice {
            notice_id,
            kind,
            at,
            served: None,
        }));
    }

    fn start_clocks(&mut self, clocks: &[DueClock], at: Timestamp) {
        for clock in clocks {
            self.stop(clock.clock, at);
            self.clocks.push(clock.clone());
        }
    }

    fn stop(&mut self, kind: ClockKind, at: Timestamp) {
        for clock in self
            .clocks
            .iter_mut()
            .filter(|clock| clock.clock == kind && clock.runs())
        {
            clock.stopped_at = Some(at);
        }
    }

    fn stop_all(&mut self, at: Timestamp) {
        for clock in self.clocks.iter_mut().filter(|clock| clock.runs()) {
            clock.stopped_at = Some(at);
        }
    }

    /// The running clock of this kind.
    pub fn running(&self, kind: ClockKind) -> Option<&DueClock> {
        self.clocks
            .iter()
            .find(|clock| clock.clock == kind && clock.runs())
    }

    /// The open task of this stage.
    pub fn task_at(&self, stage: Stage) -> Option<&Task> {
        self.tasks.iter().find(|task| task.opened.stage == stage)
    }

    /// The open task with this id.
    pub fn task(&self, id: TaskId) -> Option<&Task> {
        self.tasks.iter().find(|task| task.opened.task_id == id)
    }

    /// The day by which the applicant hears the result: promise, or the law where there is none.
    pub fn expected(&self) -> Option<&DueClock> {
        let last = |kind| self.clocks.iter().rfind(|clock| clock.clock == kind);
        last(ClockKind::Promised).or_else(|| last(ClockKind::Statutory))
    }

    /// The notice that carries the result.
    pub fn result_notice(&self) -> Option<NoticeId> {
        self.decision.as_ref().map(|decision| decision.notice_id)
    }
}
