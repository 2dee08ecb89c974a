//! One change of a case: acts add events, the flow runs on, and the case follows. Pure: the
//! executor gives time and random values, and writes what comes out.

mod acceptance;
mod decision;
mod other;
mod papers;
mod run;

use std::sync::Arc;

use calendar::Calendar;
use flow::Stage;
use kernel::{
    AppError, Entropy, OrgPath, Refusal, Timestamp,
    caller::Grant,
    codes,
    error::Broken,
    ids::{Id, NoticeId},
    item::{Period, Risk, Words},
};
use serde_json::Value;
use uuid::Uuid;

pub(crate) use self::other::applicant_kind;
pub use self::{
    decision::{Denial, Verdict},
    other::Service,
    papers::case_series,
};
use crate::{
    case::{Case, Party, Task},
    clock::{ClockKind, DueClock},
    event::{ActedBy, CaseEvent, NoticeKind, Recorded},
    model::Model,
    separation::{self, Performer},
    state::State,
};

/// What the rules of the item said, prepared before the command.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// `grant` or `review`.
    pub outcome: String,
    /// The row of the table.
    pub rule: String,
    /// SM3 of answers and checks as they are sealed.
    pub digest: String,
    /// Answers and checks, sealed under the case's key.
    pub sealed: Vec<u8>,
    /// What a decision on it grants, in the words of its paper, sealed; none where the rules
    /// compute nothing.
    pub granted: Option<Vec<u8>>,
    /// Who the other party is, where the item has one: it is told when the case is accepted.
    pub other: Option<Party>,
    /// The key of the one open case that there may be about a person, where the item is about one.
    pub subject: Option<Uuid>,
}

/// A paper to write.
#[derive(Clone, Debug, PartialEq)]
pub struct NewNotice {
    /// Its id.
    pub id: NoticeId,
    /// What it is.
    pub kind: NoticeKind,
    /// 文号, for those that have one.
    pub number: Option<String>,
    /// What stands in it: references, dates and prepared words, no personal values.
    pub facts: Value,
    /// Words a person wrote, sealed.
    pub sealed: Option<Vec<u8>>,
}

/// A sealed text to keep.
#[derive(Clone, Debug, PartialEq)]
pub struct NewText {
    /// Its id.
    pub id: Uuid,
    /// What it is, such as `opinion` or `checks`.
    pub kind: &'static str,
    /// The text, sealed under the case's key.
    pub sealed: Vec<u8>,
}

/// Gives the next gap-free number of a series.
pub trait Numbers {
    /// The next number of `series`; the series must have been declared.
    ///
    /// # Errors
    /// Broken when it was not declared.
    fn next(&mut self, series: &str) -> Result<i64, AppError>;
}

/// One change at work.
pub struct Change<'a> {
    /// The case as it is by now.
    pub case: Case,
    /// Its item.
    pub model: Arc<Model>,
    /// The calendar in force.
    pub calendar: Arc<Calendar>,
    /// The time of the request.
    pub now: Timestamp,
    /// Random values.
    pub entropy: &'a mut dyn Entropy,
    /// Numbers of cases and papers.
    pub numbers: &'a mut dyn Numbers,
    /// Who acts, if staff.
    pub performer: Option<Performer>,
    /// What he may do, and where.
    pub grants: Option<Arc<[Grant]>>,
    /// What the rules said, if they were asked.
    pub assessment: Option<Assessment>,
    /// What they let a published rule grant, sealed.
    pub granted: Option<Vec<u8>>,
    /// Who the other party is, if the item has one and it was found.
    pub other: Option<Party>,
    /// The abbreviation of the agency in document numbers.
    pub mark: &'a str,
    /// What happened so far.
    pub events: Vec<(i64, Recorded)>,
    /// Papers to write.
    pub notices: Vec<NewNotice>,
    /// Texts to keep.
    pub texts: Vec<NewText>,
}

impl Change<'_> {
    /// The person whom the application is about, where there may be one open case about him.
    pub(crate) fn subject(&self) -> Option<Uuid> {
        self.assessment.as_ref().and_then(|found| found.subject)
    }

    /// Adds an event, and takes it in.
    ///
    /// # Errors
    /// Broken when it does not fit: acts check before they emit.
    pub fn emit(&mut self, event: CaseEvent) -> Result<(), AppError> {
        self.record(Recorded {
            event,
            by: self.newly_known(),
            flow: None,
        })
    }

    /// The person who acts, unless the case knows already who is behind his account.
    fn newly_known(&self) -> Option<ActedBy> {
        let Performer { staff, person, .. } = self.performer?;
        let person = person.filter(|person| self.case.people.get(&staff) != Some(person))?;
        Some(ActedBy { staff, person })
    }

    fn record(&mut self, recorded: Recorded) -> Result<(), AppError> {
        self.case
            .apply(&recorded, self.now)
            .map_err(|fault| Broken::caused("an act emitted an event that does not fit", fault))?;
        self.events.push((self.case.version, recorded));
        Ok(())
    }

    /// Refuses unless the case is in one of these states.
    ///
    /// # Errors
    /// `E1201` with the state in words.
    pub fn expect_state(&self, allowed: &[State]) -> Result<(), AppError> {
        if allowed.contains(&self.case.state) {
            return Ok(());
        }
        Err(Refusal::new(&codes::E1201)
            .worded("state", self.case.state.words())
            .into())
    }

    /// Refuses unless form and papers may change now.
    ///
    /// # Errors
    /// `E1201` with the state in words.
    pub fn expect_filled_in(&self) -> Result<(), AppError> {
        if self.case.is_filled_in() {
            return Ok(());
        }
        self.expect_state(&[])
    }

    /// The open task of a stage, in the hands of the performer. A task that nobody holds is claimed
    /// with the act.
    ///
    /// # Errors
    /// `E1201` without such a task, `E1102` outside his organisations, `E1210` when a colleague
    /// holds it, or what separation says.
    pub fn held_task(&mut self, stage: Stage) -> Result<Task, AppError> {
        let task =
            self.case.task_at(stage).cloned().ok_or_else(|| {
                Refusal::new(&codes::E1201).worded("state", self.case.state.words())
            })?;
        self.claimable(&task)?;
        let who = self.acting()?;
        if task.holder.is_none() {
            let task_id = task.opened.task_id;
            self.emit(CaseEvent::TaskClaimed {
                task_id,
                holder: who.staff,
            })?;
        }
        Ok(task)
    }

    /// Refuses unless the performer may do this task and nobody else holds it.
    ///
    /// # Errors
    /// `E1102`, `E1210`, or what separation says.
    pub fn claimable(&self, task: &Task) -> Result<(), AppError> {
        let who = self.acting()?;
        if !self.may(&task.opened.permission, &task.opened.task_org) {
            return Err(AppError::refused(&codes::E1102));
        }
        separation::check(&self.case, self.risk(), task, who)?;
        if task.holder.is_some_and(|holder| holder != who.staff) {
            let colleague = Words {
                zh: "同事".to_owned(),
                en: "A colleague".to_owned(),
            };
            return Err(Refusal::new(&codes::E1210)
                .worded("holder", colleague)
                .into());
        }
        Ok(())
    }

    /// Whether the performer holds a permission for work of an organisation.
    pub fn may(&self, permission: &str, org: &OrgPath) -> bool {
        let grants = self.grants.as_deref().unwrap_or_default();
        grants
            .iter()
            .any(|grant| grant.permission == permission && grant.org.contains(org))
    }

    /// The risk that counts for separation.
    pub fn risk(&self) -> Risk {
        self.model.edition.facts.counted_risk()
    }

    /// The staff member who acts.
    ///
    /// # Errors
    /// `E1102` when it is no staff member.
    pub fn acting(&self) -> Result<Performer, AppError> {
        self.performer
            .ok_or_else(|| AppError::refused(&codes::E1102))
    }

    /// A new id.
    pub fn id<I: Id>(&mut self) -> I {
        I::new(self.now, self.entropy)
    }

    /// A clock from today.
    pub fn clock(&self, kind: ClockKind, period: Period) -> DueClock {
        DueClock::start(kind, self.now.day(), period, &self.calendar)
    }
}
