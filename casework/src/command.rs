//! The one command shape of casework: load the case, let an act decide, write what came out.

mod after;

use std::{collections::BTreeMap, sync::Arc};

use calendar::Calendar;
use httpkit::Versioned;
use kernel::{
    AppError, Caller, DivisionCode, Entropy, Refusal, Timestamp,
    caller::{Grant, Permission, Principal},
    codes,
    error::Broken,
    ids::{CaseId, Id as _},
    item::ItemFacts,
};
use serde::{Deserialize, Serialize};
use store::{Command, Envelope, Loads, Work, key, system::SeededEntropy};
use utoipa::ToSchema;
use uuid::Uuid;

pub(crate) use self::after::place;
use self::after::timers;
use crate::{
    case::Case,
    change::{Assessment, Change, NewNotice, NewText, Numbers, case_series},
    desk::{Casework, Seen},
    event::{NoticeKind, Recorded},
    model::Model,
    project,
    separation::Performer,
    state::State,
    store::{counter, data, file, hand, material, notice, open, text, upload},
};

/// Job that accepts by silence when the time to accept has passed.
pub const ACCEPTANCE_DUE: &str = "casework.acceptance_due";
/// Job that ends a case whose corrections never came.
pub const CORRECTION_DUE: &str = "casework.correction_due";
/// Job that notes that the other party said nothing in its time.
pub const ANSWER_DUE: &str = "casework.answer_due";

/// One act on a case. Pure: it looks at the change and adds to it, or refuses.
pub trait Act: Send + Sync + 'static {
    /// The name in audit, logs and metrics, such as `case.accept`.
    const NAME: &'static str;
    /// Papers it may issue: their series are locked.
    const NOTICES: &'static [NoticeKind] = &[];
    /// Whether it may give the case its number and open it.
    const OPENS: bool = false;
    /// Whether a colleague who does it has handled the case (办过); to take up a task is not yet that.
    const HANDLES: bool = true;

    /// What the audit entry says of it: see [`Command::outcome`].
    fn outcome(&self) -> &'static str {
        "done"
    }

    /// Rows beside the case that [`Act::write`] looks at.
    fn declare(&self, _bureau: DivisionCode, _case: CaseId, _loads: &mut Loads<'_>) {}

    /// Decides.
    ///
    /// # Errors
    /// What it refuses.
    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError>;

    /// Rows beside the case that it writes (data, files); they refer to the case as it is after.
    fn write(&self, _case: &Case, _work: &mut Work<'_>) -> Result<(), AppError> {
        Ok(())
    }
}

/// What a caller learns of an act: where the case stands now. Pages read the rest again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Acted {
    /// The case.
    pub case_id: CaseId,
    /// Its version, for `If-Match`.
    pub version: i64,
    /// Its state.
    pub state: State,
    /// 办件编号, once it has one.
    pub case_no: Option<String>,
}

impl Acted {
    pub(crate) fn of(case: &Case) -> Self {
        Self {
            case_id: case.id,
            version: case.version,
            state: case.state,
            case_no: case.number.clone(),
        }
    }

    /// With its version as `ETag`.
    pub(crate) const fn tagged(self) -> Versioned<Self> {
        Versioned(self.version, self)
    }
}

/// An act on a case, ready for the executor.
pub(crate) struct OnCase<A> {
    pub bureau: DivisionCode,
    pub case: CaseId,
    /// The version the caller has seen; jobs have none.
    pub version: Option<i64>,
    pub performer: Option<Performer>,
    pub grants: Option<Arc<[Grant]>>,
    pub model: Arc<Model>,
    pub calendar: Arc<Calendar>,
    pub mark: String,
    pub now: Timestamp,
    pub assessment: Option<Assessment>,
    pub owner: Uuid,
    pub series: Vec<String>,
    pub act: A,
}

impl Casework {
    /// An act of a caller on a case he sees.
    pub(crate) fn on<A: Act, P: Permission>(
        &self,
        caller: &Caller<P>,
        seen: &Seen,
        envelope: &Envelope,
        version: Option<i64>,
        act: A,
    ) -> Result<OnCase<A>, AppError> {
        let (performer, grants) = match caller.principal() {
            Principal::Staff(staff) => (
                Some(seen.performer(staff.staff, staff.person)),
                Some(Arc::clone(&staff.grants)),
            ),
            _ => (None, None),
        };
        Ok(OnCase {
            performer,
            grants,
            ..self.by_system(seen, envelope, version, act)?
        })
    }

    /// An act of the system.
    pub(crate) fn by_system<A: Act>(
        &self,
        seen: &Seen,
        envelope: &Envelope,
        version: Option<i64>,
        act: A,
    ) -> Result<OnCase<A>, AppError> {
        let case = &seen.case;
        Ok(OnCase {
            bureau: case.bureau,
            case: case.id,
            version,
            performer: None,
            grants: None,
            model: Arc::clone(&seen.model),
            calendar: self.calendar(),
            mark: self.agency(case.bureau)?.mark.clone(),
            now: envelope.now,
            assessment: None,
            owner: project::owner(case),
            series: series_of::<A>(case, &seen.model.edition.facts, envelope.now),
            act,
        })
    }
}

/// The series of numbers an act may draw from. Who accepts tells the other party, where the item has one.
pub(crate) fn series_of<A: Act>(case: &Case, item: &ItemFacts, now: Timestamp) -> Vec<String> {
    let year = now.day().year();
    let tells = A::NOTICES.contains(&NoticeKind::AcceptNotice) && !item.other_parties.is_empty();
    let told = tells.then_some(NoticeKind::OtherPartyNotice);
    let kinds = A::NOTICES.iter().copied().chain(told);
    let mut series: Vec<String> = kinds.map(|kind| kind.series(year)).collect();
    if A::OPENS && case.number.is_none() {
        series.push(case_series(case, now));
    }
    series
}

/// The counters of a batch, read before the decision and written after it.
pub(crate) struct Counters(pub BTreeMap<String, i64>);

impl Numbers for Counters {
    fn next(&mut self, series: &str) -> Result<i64, AppError> {
        let last = self
            .0
            .get_mut(series)
            .ok_or_else(|| Broken::new(format!("series {series} was not declared")))?;
        *last += 1;
        Ok(*last)
    }
}

impl<A: Act> OnCase<A> {
    /// Of whom there may be one open case: of the person whom it is about, or of the applicant.
    fn open_key(&self, subject: Option<Uuid>) -> store::Key {
        key!(
            self.bureau,
            subject.unwrap_or(self.owner),
            self.model.edition.facts.code.as_str()
        )
    }

    fn one_open_case(&self) -> bool {
        A::OPENS && self.model.edition.facts.one_open_case
    }

    fn counters(&self, work: &Work<'_>) -> Result<Counters, AppError> {
        let mut counters = BTreeMap::new();
        for series in &self.series {
            let row = work.get::<counter::Model>(&key!(self.bureau, series.as_str()))?;
            counters.insert(series.clone(), row.map_or(0, |row| row.value));
        }
        Ok(Counters(counters))
    }
}

impl<A: Act> Command for OnCase<A> {
    type Out = Acted;
    const NAME: &'static str = A::NAME;

    fn outcome(&self) -> &'static str {
        self.act.outcome()
    }

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.case.to_string()
    }

    /// Acts that draw numbers of one agency would wait for each other's counters in any lane. The code
    /// of a city ends in 00.
    fn lane(&self) -> u64 {
        if self.series.is_empty() {
            self.case.uuid().as_u64_pair().1
        } else {
            (self.bureau.number() / 100).into()
        }
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<file::Model>(key!(self.bureau, self.case.uuid()));
        if self.one_open_case() {
            let subject = self.assessment.as_ref().and_then(|found| found.subject);
            loads.row::<open::Model>(self.open_key(subject));
        }
        for series in &self.series {
            loads.row::<counter::Model>(key!(self.bureau, series.as_str()));
        }
        self.act.declare(self.bureau, self.case, loads);
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Acted, AppError> {
        let row = work
            .require::<file::Model>(&key!(self.bureau, self.case.uuid()))?
            .clone();
        let before: Case = serde_json::from_str(&row.body)
            .map_err(|fault| Broken::caused(format!("body of {}", self.case), fault))?;
        if self.version.is_some_and(|seen| !before.was_seen_at(seen)) {
            return Err(AppError::refused(&codes::E1010));
        }
        let mut seed = [0; 32];
        work.entropy().fill(&mut seed);
        let mut counters = self.counters(work)?;
        let given = counters.0.clone();
        let done = self.act_on(&before, &mut SeededEntropy::new(seed), &mut counters)?;
        // An act that found nothing to do leaves no trace.
        if done.events.is_empty() {
            return Ok(Acted::of(&before));
        }
        for (series, value) in counters.0 {
            if given.get(&series) != Some(&value) {
                let bureau = self.bureau.to_string();
                work.put(counter::Model {
                    bureau,
                    series,
                    value,
                })?;
            }
        }
        let case = &done.case;
        self.open_or_close(&before, case, work)?;
        timers(&before, case, work);
        for (seq, recorded) in &done.events {
            let kind = recorded.event.kind();
            work.emit("case", case.id.uuid(), *seq, kind, recorded.body(case));
        }
        self.act.write(case, work)?;
        project::tasks(&before, case, &row, &self.model, self.now, work)?;
        let acted = Acted::of(case);
        work.put(project::file(case, row, self.now)?)?;
        self.keep(case, done.notices, done.texts, work);
        self.remember_hand(work)?;
        Ok(acted)
    }
}

/// What an act made of a case.
pub(crate) struct Done {
    pub case: Case,
    pub events: Vec<(i64, Recorded)>,
    pub notices: Vec<NewNotice>,
    pub texts: Vec<NewText>,
}

impl<A: Act> OnCase<A> {
    /// Lets the act decide. Pure.
    pub(crate) fn act_on(
        &self,
        before: &Case,
        entropy: &mut dyn Entropy,
        numbers: &mut dyn Numbers,
    ) -> Result<Done, AppError> {
        let mut change = Change {
            case: before.clone(),
            model: Arc::clone(&self.model),
            calendar: Arc::clone(&self.calendar),
            now: self.now,
            entropy,
            numbers,
            performer: self.performer,
            grants: self.grants.clone(),
            assessment: self.assessment.clone(),
            granted: None,
            other: self.assessment.as_ref().and_then(|found| found.other),
            mark: &self.mark,
            events: Vec::new(),
            notices: Vec::new(),
            texts: Vec::new(),
        };
        self.act.decide(&mut change)?;
        let Change {
            case,
            events,
            notices,
            texts,
            ..
        } = change;
        Ok(Done {
            case,
            events,
            notices,
            texts,
        })
    }

    /// Keeps the row that allows one open case per applicant and item.
    fn open_or_close(
        &self,
        before: &Case,
        after: &Case,
        work: &mut Work<'_>,
    ) -> Result<(), AppError> {
        if !self.model.edition.facts.one_open_case {
            return Ok(());
        }
        let place = place::<A>(before, after);
        let key = self.open_key(after.subject);
        // Also one that is granted at once stands beside no other.
        if place.needed
            && let Some(other) = work.get::<open::Model>(&key)?
        {
            let personal = after.subject.is_some() && after.opening.employer.is_none();
            return Err(if personal {
                AppError::refused(&codes::E1235)
            } else {
                // It is the same applicant's: whoever acts for him here may see it.
                let other = CaseId::from_uuid(other.case_id);
                Refusal::new(&codes::E1205).about_case(other).into()
            });
        }
        if place.taken {
            work.put(open::Model {
                bureau: self.bureau.to_string(),
                owner_id: after.subject.unwrap_or(self.owner),
                item: self.model.edition.facts.code.to_string(),
                case_id: self.case.uuid(),
            })?;
        } else if place.freed {
            work.remove::<open::Model>(key);
        }
        Ok(())
    }

    /// Notes that the colleague who acts has handled the case, and when last.
    fn remember_hand(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        let Some(performer) = self.performer.filter(|_| A::HANDLES) else {
            return Ok(());
        };
        work.put(hand::Model {
            bureau: self.bureau.to_string(),
            staff_id: performer.staff.uuid(),
            case_id: self.case.uuid(),
            at_us: self.now.as_micros(),
        })
    }

    fn keep(&self, case: &Case, notices: Vec<NewNotice>, texts: Vec<NewText>, work: &mut Work<'_>) {
        let (bureau, case_id, at_us) = (
            case.bureau.to_string(),
            case.id.uuid(),
            self.now.as_micros(),
        );
        for paper in notices {
            work.append(notice::Model {
                bureau: bureau.clone(),
                case_id,
                notice_id: paper.id.uuid(),
                kind: project::word(&paper.kind),
                number: paper.number,
                facts: paper.facts.to_string(),
                sealed: paper.sealed,
                at_us,
            });
        }
        for words in texts {
            work.append(text::Model {
                bureau: bureau.clone(),
                case_id,
                text_id: words.id,
                kind: words.kind.to_owned(),
                sealed: words.sealed,
                at_us,
            });
        }
    }
}

/// Rows that acts of applicants write beside the case.
pub(crate) fn data_row(case: &Case, plain: String, sealed: Vec<u8>, now: Timestamp) -> data::Model {
    data::Model {
        bureau: case.bureau.to_string(),
        case_id: case.id.uuid(),
        version: case.data_version,
        plain,
        sealed,
        at_us: now.as_micros(),
    }
}

/// Tables that acts touch, named here so that their rows are the same everywhere.
pub(crate) type MaterialRow = material::Model;
pub(crate) type UploadRow = upload::Model;
