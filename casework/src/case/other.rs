//! The other party of a case: told when it is accepted, heard before it is decided, served the
//! decision (工伤保险条例 art. 19, 20).

use flow::Stage;
use kernel::{
    Date, OrgPath, Timestamp,
    caller::{CanDeliver, Permission as _},
    ids::{EmployerId, Id as _, MaterialId, NoticeId, PersonId, StaffId},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Case;
use crate::{
    clock::{ClockKind, DueClock},
    event::{CaseEvent, NoticeKind},
};

/// A person or an enterprise.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// 自然人
    Person(PersonId),
    /// 用人单位
    Employer(EmployerId),
}

impl Party {
    /// Its id without its kind.
    pub fn uuid(self) -> Uuid {
        match self {
            Self::Person(person) => person.uuid(),
            Self::Employer(employer) => employer.uuid(),
        }
    }
}

/// What it said.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PartyAnswer {
    /// When.
    pub at: Timestamp,
    /// Whether it agrees with the applicant.
    pub agrees: bool,
    /// Its words, sealed.
    pub text_id: Option<Uuid>,
}

/// The other party of a case and how far it has come.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OtherParty {
    /// Who.
    pub party: Party,
    /// Its notice.
    pub notice_id: NoticeId,
    /// When the notice was issued.
    pub notified_at: Timestamp,
    /// Whether it agreed to electronic service in this case.
    pub electronic: bool,
    /// Evidence it has uploaded.
    pub files: Vec<MaterialId>,
    /// What it said, once.
    pub answer: Option<PartyAnswer>,
    /// When its time passed without a word.
    pub silent_at: Option<Timestamp>,
    /// Its copy of the decision.
    pub decision_id: Option<NoticeId>,
    /// Since when its copy of the decision is there.
    pub decided_at: Option<Timestamp>,
    /// When the case ended without a decision.
    pub released_at: Option<Timestamp>,
    /// Who served its papers by hand or by mail.
    pub served_by: Vec<StaffId>,
}

/// A paper of the other party that has to be served by hand or by mail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ToServe {
    /// The paper.
    pub notice_id: NoticeId,
    /// Since when.
    pub since: Timestamp,
}

impl OtherParty {
    fn named(party: Party, notice_id: NoticeId, at: Timestamp) -> Self {
        Self {
            party,
            notice_id,
            notified_at: at,
            electronic: false,
            files: Vec::new(),
            answer: None,
            silent_at: None,
            decision_id: None,
            decided_at: None,
            released_at: None,
            served_by: Vec::new(),
        }
    }
}

impl Case {
    /// When and how a paper was served.
    pub fn service_of(&self, notice: NoticeId) -> Option<&(Timestamp, String)> {
        let mut notices = self.notices.iter();
        let found = notices.find(|known| known.notice_id == notice);
        found.and_then(|known| known.served.as_ref())
    }

    /// Whether the other party may still speak: there is one, it has said nothing, and its time has
    /// not passed or has not begun. Its time counts from the service of its notice.
    pub fn awaits_answer(&self, now: Timestamp) -> bool {
        self.other.as_ref().is_some_and(|other| {
            let said = other.answer.is_some() || other.silent_at.is_some();
            let passed = self
                .last(ClockKind::Answer)
                .is_some_and(|clock| clock.is_overdue(now));
            !said && !passed && !self.state.is_closed()
        })
    }

    /// Whether the time to answer has passed without a word.
    pub fn is_unanswered(&self, now: Timestamp) -> bool {
        let open = |other: &OtherParty| other.answer.is_none() && other.silent_at.is_none();
        let due = self.running(ClockKind::Answer);
        self.other.as_ref().is_some_and(open) && due.is_some_and(|clock| clock.is_overdue(now))
    }

    /// The paper of the other party that waits to be served by hand or by mail: what it has not
    /// confirmed on line, and what does not arrive electronically.
    pub fn to_serve(&self) -> Option<ToServe> {
        let other = self
            .other
            .as_ref()
            .filter(|other| other.released_at.is_none())?;
        let paper = |notice_id, since| {
            let waits = self.service_of(notice_id).is_none();
            waits.then_some(ToServe { notice_id, since })
        };
        let notice = paper(other.notice_id, other.notified_at);
        notice.or_else(|| match (other.decision_id, other.decided_at) {
            (Some(decision), Some(since)) if !other.electronic => paper(decision, since),
            _ => None,
        })
    }

    /// Where papers of the other party are served by hand or by mail.
    pub fn serving_org(&self) -> Option<OrgPath> {
        format!("{}/delivery", self.bureau).parse().ok()
    }

    /// Whether a permission in an organisation serves them.
    pub fn is_served_by(&self, may: impl Fn(&str, &OrgPath) -> bool) -> bool {
        let org = self.serving_org();
        self.to_serve().is_some() && org.is_some_and(|org| may(CanDeliver::NAME, &org))
    }

    /// Whether who does the work of a stage must have heard the other party.
    pub const fn hears_first(stage: Stage) -> bool {
        matches!(stage, Stage::Review | Stage::SecondReview | Stage::Decide)
    }

    /// What happened to the other party; `false` where there is none.
    pub(super) fn take_other(&mut self, event: &CaseEvent, at: Timestamp) -> bool {
        if let CaseEvent::OtherPartyNotified { party, notice_id } = event {
            self.issue(Some(*notice_id), NoticeKind::OtherPartyNotice, at);
            let fits = self.other.is_none();
            self.other = Some(OtherParty::named(*party, *notice_id, at));
            return fits;
        }
        self.take_service(event, at);
        let Some(other) = self.other.as_mut() else {
            return false;
        };
        match event {
            CaseEvent::OtherPartyServed {
                agreed, performer, ..
            } => {
                other.electronic |= *agreed;
                other.served_by.extend(*performer);
            }
            CaseEvent::OtherPartyFileAttached { material_id } => other.files.push(*material_id),
            CaseEvent::OtherPartyFileRemoved { material_id } => {
                other.files.retain(|file| file != material_id);
            }
            CaseEvent::OtherPartyAnswered {
                agrees,
                text_id,
                agreed,
            } => {
                other.electronic |= *agreed;
                other.answer = Some(PartyAnswer {
                    at,
                    agrees: *agrees,
                    text_id: *text_id,
                });
                self.stop(ClockKind::Answer, at);
            }
            CaseEvent::OtherPartySilent => {
                other.silent_at = Some(at);
                self.stop(ClockKind::Answer, at);
            }
            CaseEvent::OtherPartyDecided { notice_id } => {
                other.decision_id = Some(*notice_id);
                other.decided_at = Some(at);
                self.issue(Some(*notice_id), NoticeKind::OtherPartyDecision, at);
            }
            CaseEvent::OtherPartyReleased => other.released_at = Some(at),
            _ => {}
        }
        true
    }

    /// How a paper reached the other party.
    fn take_service(&mut self, event: &CaseEvent, at: Timestamp) {
        if let CaseEvent::OtherPartyServed {
            notice_id,
            how,
            on,
            clocks,
            receipt,
            ..
        } = event
        {
            self.issue(*receipt, NoticeKind::OtherPartyReceipt, at);
            self.served_other(*notice_id, how, *on, at);
            self.start_clocks(clocks, at);
        }
    }

    /// The day of the return receipt counts from its beginning, but not before the paper was there.
    fn served_other(&mut self, notice: NoticeId, how: &str, on: Option<Date>, at: Timestamp) {
        if let Some(known) = self.notices.iter_mut().find(|one| one.notice_id == notice) {
            let day = on.filter(|day| *day < at.day());
            let served_at = day.map_or(at, |day| Timestamp::start_of(day).max(known.at));
            known.served = Some((served_at, how.to_owned()));
        }
    }
}

/// The clock of an answer: from the day the notice was served.
pub(crate) fn answer_clock(
    on: Date,
    period: kernel::item::Period,
    calendar: &calendar::Calendar,
) -> DueClock {
    DueClock::start(ClockKind::Answer, on, period, calendar)
}
