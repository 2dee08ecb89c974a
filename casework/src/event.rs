//! What can happen to a case. A stable format: variants and fields are added, never changed.

mod kind;
mod paper;
mod recorded;

use flow::{ElementId, Stage, TokenId};
use kernel::{
    Date, OrgPath, Timestamp,
    ids::{MaterialId, NoticeId, StaffId, TaskId},
    item::{CaseKind, Words},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::{
    paper::NoticeKind,
    recorded::{ActedBy, Recorded},
};
use crate::{
    apply::scan::Scan,
    case::{Opening, Party},
    clock::{ClockKind, DueClock},
};

/// How acceptance came about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AcceptMode {
    /// By a clerk.
    Regular,
    /// By silence (行政许可法 art. 32(4)): from the day of receipt.
    Deemed,
    /// By the rules of an instant item.
    Automatic,
}

/// What a correction notice asks for: a material of the closed list, or a field of the form.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A material by its id in the item.
    Material(String),
    /// A field by its key.
    Field(String),
}

/// A task that was opened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OpenedTask {
    /// The task.
    pub task_id: TaskId,
    /// The token that waits for it; none while the flow has not begun (an instant item whose
    /// papers are incomplete).
    pub token: Option<TokenId>,
    /// The node of the flow.
    pub node: ElementId,
    /// The stage of the case.
    pub stage: Stage,
    /// The permission its performer needs.
    pub permission: String,
    /// The post it is offered to.
    pub post: String,
    /// Where it is done (the name `org` belongs to the case).
    pub task_org: OrgPath,
    /// How many different persons must confirm it.
    pub people: u8,
    /// Earlier nodes whose performers may not do it.
    pub exclude: Vec<ElementId>,
}

/// What another edition changes of how a draft was opened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Moved {
    /// The edition.
    pub edition: i32,
    /// The name of the item.
    pub name: Words,
    /// Instant or promised.
    pub kind: CaseKind,
    /// The organisation that handles it (the name `org` belongs to the case).
    pub handled_in: OrgPath,
}

/// What happened to a case.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "event")]
pub enum CaseEvent {
    /// A draft was opened.
    #[serde(rename = "case.drafted")]
    Drafted(Box<Opening>),
    /// The draft was moved to the edition in force.
    #[serde(rename = "case.edition_changed")]
    EditionChanged(Box<Moved>),
    /// The form was saved.
    #[serde(rename = "case.data_saved")]
    DataSaved {
        /// Version of the data row.
        data_version: i64,
        /// SM3 of the sealed data.
        digest: String,
    },
    /// A file was attached to a material.
    #[serde(rename = "case.file_attached")]
    FileAttached {
        /// The file.
        material_id: MaterialId,
        /// The material it belongs to.
        slot: String,
    },
    /// A file was taken away.
    #[serde(rename = "case.file_removed")]
    FileRemoved {
        /// The file.
        material_id: MaterialId,
    },
    /// The files of a material were put in order.
    #[serde(rename = "case.files_ordered")]
    FilesOrdered {
        /// The material they belong to.
        slot: String,
        /// All of them.
        files: Vec<MaterialId>,
    },
    /// The scanner answered for a file that waited for it; one with a virus is gone.
    #[serde(rename = "case.file_scanned")]
    FileScanned {
        /// The file.
        material_id: MaterialId,
        /// What is known of it now.
        scan: Scan,
        /// The virus, if one was found.
        virus: Option<String>,
    },
    /// The applicant submitted on line.
    #[serde(rename = "case.submitted")]
    Submitted {
        /// The number of the case, given with the first submission.
        number: String,
        /// Whether results may be served electronically.
        electronic: bool,
        /// Materials for which a written promise stands in.
        promises: Vec<String>,
        /// Clocks started.
        clocks: Vec<DueClock>,
        /// The person whom it is about, where there may be one open case about him.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<Uuid>,
    },
    /// The application was received.
    #[serde(rename = "case.received")]
    Received {
        /// The number of the case, if it was not submitted on line.
        number: String,
        /// The legal time of receipt.
        received_at: Timestamp,
        /// Whether results may be served electronically.
        electronic: bool,
        /// Materials for which a written promise stands in.
        promises: Vec<String>,
        /// Clocks started.
        clocks: Vec<DueClock>,
        /// The receipt, if one is given.
        notice_id: Option<NoticeId>,
        /// The person whom it is about, where there may be one open case about him.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<Uuid>,
    },
    /// Pre-review found something and told all of it.
    #[serde(rename = "case.pre_returned")]
    PreReturned {
        /// The notice.
        notice_id: NoticeId,
        /// What it asks for.
        targets: Vec<Target>,
    },
    /// The applicant insisted on his application as it is.
    #[serde(rename = "case.insisted")]
    Insisted,
    /// Pre-review found nothing.
    #[serde(rename = "case.pre_passed")]
    PrePassed,
    /// Corrections were asked for, all at once.
    #[serde(rename = "case.correction_noticed")]
    CorrectionNoticed {
        /// The notice.
        notice_id: NoticeId,
        /// What it asks for.
        targets: Vec<Target>,
        /// The applicant's time ends.
        due_on: Date,
        /// Clocks started.
        clocks: Vec<DueClock>,
    },
    /// The applicant supplied corrections.
    #[serde(rename = "case.correction_supplied")]
    CorrectionSupplied {
        /// Clocks started.
        clocks: Vec<DueClock>,
        /// The applicant's sealed remark, if he wrote one.
        text_id: Option<Uuid>,
        /// Whether he came to a window for it.
        #[serde(default)]
        at_window: bool,
    },
    /// The application was accepted.
    #[serde(rename = "case.accepted")]
    Accepted {
        /// How.
        mode: AcceptMode,
        /// Who accepted, if a person.
        acceptor: Option<StaffId>,
        /// The legal day of acceptance.
        accepted_on: Date,
        /// 承诺期限
        promised_on: Option<Date>,
        /// 法定期限
        statutory_on: Option<Date>,
        /// Clocks started.
        clocks: Vec<DueClock>,
        /// The notice of acceptance, if one is given.
        notice_id: Option<NoticeId>,
    },
    /// A clerk refused acceptance; a second signature is still needed.
    #[serde(rename = "case.refusal_proposed")]
    RefusalProposed {
        /// The task of intake.
        task_id: TaskId,
        /// Who refused.
        performer: StaffId,
        /// Which paper it becomes.
        notice: NoticeKind,
        /// The prepared ground, if one was used.
        ground: Option<String>,
        /// Reason, article and where to go instead, sealed.
        text_id: Option<Uuid>,
    },
    /// The second signature was not given: back to the window.
    #[serde(rename = "case.refusal_sent_back")]
    RefusalSentBack {
        /// The task of intake.
        task_id: TaskId,
        /// Who sent it back.
        performer: StaffId,
        /// The sealed reason.
        text_id: Option<Uuid>,
    },
    /// Acceptance was refused.
    #[serde(rename = "case.not_accepted")]
    NotAccepted {
        /// The notice.
        notice_id: NoticeId,
        /// The prepared ground, if one was used.
        ground: Option<String>,
    },
    /// Nothing of the kind is needed by law.
    #[serde(rename = "case.not_required")]
    NotRequired {
        /// The notice.
        notice_id: NoticeId,
        /// The prepared ground, if one was used.
        ground: Option<String>,
    },
    /// The rules were asked.
    #[serde(rename = "case.checked")]
    Checked {
        /// The row that keeps answers and checks, sealed.
        text_id: Uuid,
        /// SM3 of that row.
        digest: String,
        /// What the table says: `grant` or `review`.
        outcome: String,
        /// The row of the table.
        rule: String,
    },
    /// A task was opened.
    #[serde(rename = "case.task_opened")]
    TaskOpened(Box<OpenedTask>),
    /// A task was claimed.
    #[serde(rename = "case.task_claimed")]
    TaskClaimed {
        /// The task.
        task_id: TaskId,
        /// Who holds it now.
        holder: StaffId,
    },
    /// A task was given back.
    #[serde(rename = "case.task_released")]
    TaskReleased {
        /// The task.
        task_id: TaskId,
    },
    /// A task was given to somebody else.
    #[serde(rename = "case.task_reassigned")]
    TaskReassigned {
        /// The task.
        task_id: TaskId,
        /// Who holds it now.
        holder: StaffId,
        /// The sealed reason, if one was written.
        text_id: Option<Uuid>,
    },
    /// A person finished a stage (review, making; decisions have events of their own).
    #[serde(rename = "case.step_done")]
    StepDone {
        /// The task.
        task_id: TaskId,
        /// The stage.
        stage: Stage,
        /// Who did it.
        performer: StaffId,
        /// What the reviewer proposes: `grant` or `deny`.
        proposal: Option<String>,
        /// The sealed opinion.
        text_id: Option<Uuid>,
    },
    /// A site check was recorded; it counts when enough persons have confirmed it.
    #[serde(rename = "case.site_checked")]
    SiteChecked {
        /// The task.
        task_id: TaskId,
        /// Who recorded or confirmed it.
        performer: StaffId,
        /// The sealed record, when it was written.
        text_id: Option<Uuid>,
    },
    /// The decider sent the case back to review.
    #[serde(rename = "case.returned_to_review")]
    ReturnedToReview {
        /// The task.
        task_id: TaskId,
        /// Who decided.
        performer: StaffId,
        /// The sealed reason.
        text_id: Option<Uuid>,
    },
    /// Granted.
    #[serde(rename = "case.granted")]
    Granted(Box<Decision>),
    /// Denied.
    #[serde(rename = "case.denied")]
    Denied(Box<Decision>),
    /// A draft was thrown away, with its key.
    #[serde(rename = "case.discarded")]
    Discarded,
    /// A certificate was made.
    #[serde(rename = "case.made")]
    Made {
        /// The task.
        task_id: TaskId,
        /// Who made it.
        performer: StaffId,
    },
    /// The result waits to be collected or to arrive.
    #[serde(rename = "case.ready")]
    Ready {
        /// `electronic` or `counter`.
        how: String,
    },
    /// A notice reached the applicant; the date of service.
    #[serde(rename = "case.notice_served")]
    NoticeServed {
        /// The notice.
        notice_id: NoticeId,
        /// `electronic`, `counter` or `mail`.
        how: String,
        /// The day on the return receipt, if it came by mail.
        #[serde(default)]
        on: Option<Date>,
    },
    /// The applicant took his consent to electronic service back: papers are served on paper from now
    /// on.
    #[serde(rename = "case.consent_withdrawn")]
    ConsentWithdrawn,
    /// The result reached the applicant.
    #[serde(rename = "case.delivered")]
    Delivered {
        /// `electronic`, `counter` or `mail`.
        method: String,
        /// The delivery receipt, if one is kept on paper.
        notice_id: Option<NoticeId>,
        /// The day on the return receipt, if it came by mail.
        #[serde(default)]
        on: Option<Date>,
    },
    /// The applicant withdrew.
    #[serde(rename = "case.withdrawn")]
    Withdrawn {
        /// The confirmation.
        notice_id: NoticeId,
    },
    /// The corrections never came.
    #[serde(rename = "case.lapsed")]
    Lapsed {
        /// The notice.
        notice_id: NoticeId,
    },
    /// A date was counted anew because the calendar changed.
    #[serde(rename = "case.clock_recomputed")]
    ClockRecomputed {
        /// Which clock.
        clock: ClockKind,
        /// The date before.
        old: Date,
        /// The clock as it is now.
        new: DueClock,
        /// Whether it is the date that the applicant goes by.
        #[serde(default)]
        shown: bool,
    },
    /// The flow cannot go on without a person.
    #[serde(rename = "case.incident")]
    Incident {
        /// Where.
        node: ElementId,
        /// Why, without personal values.
        reason: String,
    },
    /// A supervisor let the flow try again where it could not go on.
    #[serde(rename = "case.incident_retried")]
    IncidentRetried {
        /// Where.
        node: ElementId,
    },
    /// The other party was told of the case and asked to answer.
    #[serde(rename = "case.other_party_notified")]
    OtherPartyNotified {
        /// Who.
        party: Party,
        /// Its notice.
        notice_id: NoticeId,
    },
    /// A paper reached the other party; with its notice its time begins.
    #[serde(rename = "case.other_party_served")]
    OtherPartyServed {
        /// The paper.
        notice_id: NoticeId,
        /// `electronic`, `counter` or `mail`.
        how: String,
        /// The day on the return receipt, if it came by mail.
        on: Option<Date>,
        /// Whether it agreed to electronic service from now on.
        agreed: bool,
        /// Who served it, if a colleague did.
        performer: Option<StaffId>,
        /// The delivery receipt, if one is kept on paper.
        receipt: Option<NoticeId>,
        /// Clocks started.
        clocks: Vec<DueClock>,
    },
    /// The other party uploaded evidence.
    #[serde(rename = "case.other_party_file_attached")]
    OtherPartyFileAttached {
        /// The file.
        material_id: MaterialId,
    },
    /// The other party took a piece of evidence away again.
    #[serde(rename = "case.other_party_file_removed")]
    OtherPartyFileRemoved {
        /// The file.
        material_id: MaterialId,
    },
    /// The other party answered.
    #[serde(rename = "case.other_party_answered")]
    OtherPartyAnswered {
        /// Whether it agrees with the applicant.
        agrees: bool,
        /// Its words, sealed.
        text_id: Option<Uuid>,
        /// Whether it agreed to electronic service from now on.
        agreed: bool,
    },
    /// The other party's time passed without a word.
    #[serde(rename = "case.other_party_silent")]
    OtherPartySilent,
    /// The other party has its own copy of the decision.
    #[serde(rename = "case.other_party_decided")]
    OtherPartyDecided {
        /// The copy.
        notice_id: NoticeId,
    },
    /// The case ended without a decision: the other party need not answer any more.
    #[serde(rename = "case.other_party_released")]
    OtherPartyReleased,
}

/// A decision.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Decision {
    /// The task, if a person decided.
    pub task_id: Option<TaskId>,
    /// Who decided, if a person.
    pub decider: Option<StaffId>,
    /// The rule and edition that decided, otherwise.
    pub by_rule: Option<String>,
    /// The prepared ground of a denial, if one was used.
    pub ground: Option<String>,
    /// The notice.
    pub notice_id: NoticeId,
    /// The sealed opinion.
    pub text_id: Option<Uuid>,
    /// Whether it was within the promise.
    pub on_time: bool,
    /// Working days from receipt to decision.
    pub working_days: u32,
    /// Whether corrections were asked for.
    pub corrected: bool,
    /// Days on which the applicant came to a window until then.
    pub visits: u8,
    /// Clocks started.
    pub clocks: Vec<DueClock>,
}
