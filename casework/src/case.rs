//! The case: a fold over its events. Pure: no IO, no clock, no randomness.

mod fold;
mod other;
mod parts;
mod tasks;

use std::collections::{BTreeMap, BTreeSet};

use flow::{ElementId, Stage, Token, Wait};
use kernel::{
    Date, DivisionCode, OrgPath, Timestamp,
    ids::{CaseId, EmployerId, MaterialId, NoticeId, PersonId, RosterId, StaffId, TaskId},
    item::{CaseKind, ItemCode, Words},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub(crate) use self::other::answer_clock;
pub use self::other::{OtherParty, Party, PartyAnswer, ToServe};
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
    /// The edition it is handled under: the one in force when it was submitted or received.
    pub edition: i32,
    /// Its name, kept for lists.
    pub name: Words,
    /// Instant or promised.
    pub kind: CaseKind,
    /// The organisation that handles it.
    pub org: OrgPath,
    /// On line or over the counter.
    pub channel: Channel,
    /// The organisation of the clerk who opened it at a counter: the hall to which the applicant came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hall: Option<OrgPath>,
    /// The applicant, or the agent who acts for the enterprise: he is told.
    #[serde(rename = "notify")]
    pub person: PersonId,
    /// The enterprise that applies, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employer: Option<EmployerId>,
    /// Who opened it at the counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_by: Option<StaffId>,
    /// The roster it is a row of, if it came with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roster: Option<RosterId>,
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
    /// Whether a supervisor put it into these hands, with a reason.
    #[serde(default)]
    pub given: bool,
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

/// A refusal of acceptance that waits for its second signature (T5).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ProposedRefusal {
    /// Which paper it becomes.
    pub kind: NoticeKind,
    /// The prepared ground, if one was used.
    pub ground: Option<String>,
    /// Its words, sealed.
    pub text_id: Option<Uuid>,
    /// Who refused.
    pub by: StaffId,
    /// What the task of intake needed before, and needs again when this goes back.
    pub permission: String,
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
    /// The version since which only records of the system came: that a paper was served, that a
    /// date was counted again. Whoever has seen this version or a later one has seen the case.
    pub seen_from: i64,
    /// What was fixed at the start.
    pub opening: Opening,
    /// Where it stands.
    pub state: State,
    /// 办件编号
    pub number: Option<String>,
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
    /// Who handed it out, where somebody did.
    #[serde(default)]
    pub handed_out_by: Option<StaffId>,
    /// Who accepted it.
    pub acceptor: Option<StaffId>,
    /// Who reviewed it (all reviews).
    pub reviewers: Vec<StaffId>,
    /// What the last reviewer proposed.
    pub proposal: Option<String>,
    /// How often a decider sent it back to review.
    #[serde(default)]
    pub returns: u8,
    /// A refusal of acceptance that waits for its second signature.
    #[serde(default)]
    pub refusal: Option<ProposedRefusal>,
    /// The decision.
    pub decision: Option<Decision>,
    /// Whether the applicant agreed to electronic service in this case.
    pub electronic: bool,
    /// When he was last asked.
    pub asked_at: Option<Timestamp>,
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
    /// The person whom it is about, where there may be one open case about him.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Uuid>,
    /// Clocks, oldest first.
    pub clocks: Vec<DueClock>,
    /// Correction notices, oldest first.
    pub corrections: Vec<Correction>,
    /// The open pre-return, if any.
    pub pre_return: Option<Correction>,
    /// Everything that pre-returns have asked for.
    pub pre_told: BTreeSet<Target>,
    /// Files supplied since the last correction notice or pre-return.
    pub supplied: Vec<MaterialId>,
    /// Papers issued.
    pub notices: Vec<IssuedNotice>,
    /// The site check's record and who confirmed it.
    pub site_check: Option<(Uuid, Vec<StaffId>)>,
    /// The sealed texts of opinions, by stage; at intake the applicant's remarks on corrections.
    pub opinions: Vec<(Stage, Uuid)>,
    /// Open tasks.
    pub tasks: Vec<Task>,
    /// The natural persons behind the accounts of those who acted, where they are known.
    pub people: BTreeMap<StaffId, PersonId>,
    /// Who did which node of the flow.
    pub performers: BTreeMap<ElementId, Vec<StaffId>>,
    /// The run of the flow.
    pub flow: Option<flow::State>,
    /// Days on which the applicant came to a window.
    pub visits: u8,
    /// The last of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came_on: Option<Date>,
    /// The other party, once it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<OtherParty>,
}

/// An event does not fit the state: a fault of ours, found before it is written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} does not fit a case in state {}", state.as_str())]
pub struct DoesNotFit {
    /// The event.
    pub kind: &'static str,
    /// The state.
    pub state: State,
}

impl Case {
    /// A case from its first event.
    pub fn open(id: CaseId, bureau: DivisionCode, opening: Opening, at: Timestamp) -> Self {
        Self {
            id,
            bureau,
            version: 1,
            seen_from: 1,
            opening,
            state: State::Draft,
            number: None,
            opened_at: at,
            received_at: None,
            complete_at: None,
            accepted_on: None,
            accept_mode: None,
            decided_at: None,
            delivered_at: None,
            handed_out_by: None,
            acceptor: None,
            reviewers: Vec::new(),
            proposal: None,
            returns: 0,
            refusal: None,
            decision: None,
            electronic: false,
            asked_at: None,
            data_version: 0,
            checks: None,
            assessed: None,
            files: Vec::new(),
            promises: Vec::new(),
            subject: None,
            clocks: Vec::new(),
            corrections: Vec::new(),
            pre_return: None,
            pre_told: BTreeSet::new(),
            supplied: Vec::new(),
            notices: Vec::new(),
            site_check: None,
            opinions: Vec::new(),
            tasks: Vec::new(),
            people: BTreeMap::new(),
            performers: BTreeMap::new(),
            flow: None,
            visits: 0,
            came_on: None,
            other: None,
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

    /// Whether somebody who has seen this version knows all that people did to the case.
    pub const fn was_seen_at(&self, version: i64) -> bool {
        version >= self.seen_from && version <= self.version
    }

    /// Whether form and papers may change: while the applicant has the case, and at a window also
    /// after receipt, until something is said about acceptance.
    pub fn is_filled_in(&self) -> bool {
        let at_window = self.opening.channel == Channel::Window;
        self.state == State::Draft
            || self.state.needs_applicant()
            || (at_window && self.state == State::Received)
    }

    /// Who fills it in at a window: whoever opened it there, until it is received. The applicant has
    /// no part in it before.
    pub fn filled_in_by(&self) -> Option<StaffId> {
        self.opening
            .opened_by
            .filter(|_| self.state == State::Draft)
    }

    /// Where its flow cannot go on without a person.
    pub fn incident(&self) -> Option<&Token> {
        let mut tokens = self.flow.iter().flat_map(flow::State::tokens);
        tokens.find(|token| matches!(token.wait, Wait::Incident(_)))
    }

    /// The running clock of this kind.
    pub fn running(&self, kind: ClockKind) -> Option<&DueClock> {
        self.clocks
            .iter()
            .find(|clock| clock.clock == kind && clock.runs())
    }

    /// Whether the time to accept has passed without a word.
    pub fn is_silent(&self, now: Timestamp) -> bool {
        let due = self.running(ClockKind::Acceptance);
        due.is_some_and(|clock| clock.is_overdue(now))
    }

    /// The open task of this stage.
    pub fn task_at(&self, stage: Stage) -> Option<&Task> {
        self.tasks.iter().find(|task| task.opened.stage == stage)
    }

    /// The open task with this id.
    pub fn task(&self, id: TaskId) -> Option<&Task> {
        self.tasks.iter().find(|task| task.opened.task_id == id)
    }

    /// Whether a decider may send it back to review (T15): once by himself, and again where a
    /// supervisor has given him the decision.
    pub fn may_return(&self) -> bool {
        self.returns == 0 || self.task_at(Stage::Decide).is_some_and(|task| task.given)
    }

    /// The day by which the applicant hears the result: promise, or the law where there is none.
    pub fn expected(&self) -> Option<&DueClock> {
        self.last(ClockKind::Promised)
            .or_else(|| self.last(ClockKind::Statutory))
    }

    /// The last clock of a kind, whether or not it still runs.
    pub fn last(&self, kind: ClockKind) -> Option<&DueClock> {
        self.clocks.iter().rfind(|clock| clock.clock == kind)
    }

    /// The running clock by whose day the applicant goes now: his own time for corrections, the
    /// answer to what he submitted, or the result. Others measure colleagues only.
    pub fn shown(&self) -> Option<&DueClock> {
        match self.state {
            State::Submitted => self
                .running(ClockKind::PreReview)
                .or_else(|| self.running(ClockKind::Acceptance)),
            State::Correcting => self.running(ClockKind::Correction),
            _ => self.expected().filter(|clock| clock.runs()),
        }
    }

    /// Whether something was supplied for this material since it was last asked for.
    pub fn supplies(&self, slot: &str) -> bool {
        let new = |file: &&Attached| self.supplied.contains(&file.material_id);
        self.files.iter().filter(new).any(|file| file.slot == slot)
    }

    /// The notice that carries the result.
    pub fn result_notice(&self) -> Option<NoticeId> {
        self.decision.as_ref().map(|decision| decision.notice_id)
    }
}
