//! From rows to cases: each is opened and submitted by the use cases of every other application, in
//! the name of the agent who confirmed. A row knows its case before there is one, so that trying again
//! opens none twice.

use futures_util::{StreamExt as _, stream};
use kernel::{
    AppError, Caller, Lang, Principal,
    caller::{Acting, CanApply, Citizen, Request},
    codes,
    error::Broken,
    ids::{CaseId, EmployerId, Id as _, PersonId, RequestId, RosterId, SessionId},
    item::{ItemCode, Words},
};
use seal::DataKey;
use serde_json::{Value, json};
use store::{NewJob, Work, jobs::Lease, key};

use super::{
    Filled, RosterState, RowFault,
    command::{RosterAct, become_state, end_with, go_on_with, item_of},
    jobs::{OfRoster, SUBMIT, find},
    key_of, open_row,
    reading::applicant_of,
    seal_row,
    stage::RowState,
};
use crate::{
    apply::{
        discard::discard,
        open::{Applicant, FromRoster, open_row as open_case},
        submit::{Submit, submit},
    },
    command::Acted,
    desk::Casework,
    perform::Asked,
    state::State,
    store::{
        file,
        rosters::{self, roster, row},
    },
};

/// Rows that become cases in one job: some seconds of work.
const ROWS_PER_PAGE: u32 = 256;
/// Rows at work at once: their commands meet in one batch.
const ROWS_AT_ONCE: usize = 64;

/// Makes cases of the next rows.
pub(super) async fn submit_rows(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let of: OfRoster = lease.read()?;
    let Some(roster) = find(desk, &of).await? else {
        return Ok(());
    };
    if RosterState::of(&roster)? != RosterState::Submitting {
        return Ok(());
    }
    let wanted = [RowState::Good.as_str(), RowState::Doubtful.as_str()];
    let rows = rosters::rows_in(&desk.kit.store, &roster, &wanted, of.after, ROWS_PER_PAGE).await?;
    let Some(last) = rows.last() else {
        return end_with(desk, lease, &roster, HaveSubmitted).await;
    };
    let next = SUBMIT.after(of.bureau, of.roster, last.row_no);
    let submission = Submission::over(desk, lease, &roster).await?;
    let outcomes: Vec<Result<Outcome, AppError>> = stream::iter(rows)
        .map(|row| submission.submit(row))
        .buffer_unordered(ROWS_AT_ONCE)
        .collect()
        .await;
    let mut rows = Vec::with_capacity(outcomes.len());
    let mut later = None;
    for outcome in outcomes {
        match outcome {
            Ok(outcome) => rows.push(outcome),
            Err(error) => later = Some(error),
        }
    }
    // What is done stays done; the others are tried again.
    let keep = KeepSubmitted {
        rows,
        next: later.is_none().then_some(next),
    };
    match later {
        None => end_with(desk, lease, &roster, keep).await,
        Some(error) => {
            go_on_with(desk, lease, &roster, keep).await?;
            Err(error)
        }
    }
}

/// Whether trying again may help.
fn passes(error: &AppError) -> bool {
    match error {
        AppError::Broken(_) => true,
        AppError::Refused(_) => {
            let passing = [&codes::E1010, &codes::E1226, &codes::E1236, &codes::E1901];
            passing.iter().any(|code| code.id == error.code())
        }
    }
}

/// What is the same for every row. The edition is asked for with each: the one in force, whether new
/// applications are taken or not, because this one was made when the roster was confirmed.
struct Submission<'a> {
    desk: &'a Casework,
    roster: &'a roster::Model,
    key: DataKey,
    item: ItemCode,
    applicant: Applicant,
    caller: Caller<CanApply>,
}

impl<'a> Submission<'a> {
    async fn over(
        desk: &'a Casework,
        lease: &Lease,
        roster: &'a roster::Model,
    ) -> Result<Self, AppError> {
        Ok(Self {
            desk,
            roster,
            key: key_of(desk, roster)?,
            item: item_of(roster)?,
            applicant: applicant_of(desk, roster).await?,
            caller: agent(lease, roster)?,
        })
    }

    /// Makes a case of a row.
    async fn submit(&self, row: row::Model) -> Result<Outcome, AppError> {
        let filled = open_row(&self.key, &row)?;
        match self.apply(&row, &filled).await {
            Ok(state) => Ok(Outcome::opened(row, state)),
            Err(error) if passes(&error) => Err(error),
            Err(error) => {
                self.forget(&row).await?;
                self.failed(row, filled, &error)
            }
        }
    }

    /// Throws away what a row left that could not become a case: nobody but the roster knows of it.
    async fn forget(&self, row: &row::Model) -> Result<(), AppError> {
        let case = CaseId::from_uuid(row.case_id);
        match self.state_of(case).await? {
            Some(State::Draft) => discard(self.desk, &self.caller, case, &Asked::default()).await,
            _ => Ok(()),
        }
    }

    async fn apply(&self, row: &row::Model, filled: &Filled) -> Result<State, AppError> {
        let case = CaseId::from_uuid(row.case_id);
        let known = self.state_of(case).await?;
        if let Some(state) = known.filter(|state| *state != State::Draft) {
            return Ok(state);
        }
        if known.is_none() {
            let from = FromRoster {
                roster: RosterId::from_uuid(self.roster.roster_id),
                case,
                form: Value::Object(filled.values.clone()),
            };
            let items = self.desk.parts.items.as_ref();
            let model = self.desk.models.in_force(items, &self.item)?;
            let applicant = self.applicant.clone();
            open_case(self.desk, &self.caller, &model, applicant, from).await?;
        }
        let given = Submit {
            declaration: true,
            electronic_service: true,
            promises: filled.promises.clone(),
        };
        let asked = Asked::default();
        let done = submit(self.desk, &self.caller, case, &asked, given).await;
        match done {
            Ok(Acted { state, .. }) => Ok(state),
            // Another worker was faster.
            Err(error) if error.code() == codes::E1201.id => {
                self.state_of(case).await?.ok_or(error)
            }
            Err(error) => Err(error),
        }
    }

    async fn state_of(&self, case: CaseId) -> Result<Option<State>, AppError> {
        let key = key!(self.roster.bureau.clone(), case.uuid());
        let row = self.desk.kit.store.find::<file::Model>(key).await?;
        Ok(row.and_then(|row| State::from_text(&row.state)))
    }

    /// The row with what refused it. What was filled in stays, so that it can be mended.
    fn failed(
        &self,
        row: row::Model,
        mut filled: Filled,
        error: &AppError,
    ) -> Result<Outcome, AppError> {
        let AppError::Refused(refusal) = error else {
            return Err(Broken::new("only a refusal fails a row").into());
        };
        let named =
            |(name, value): &(&'static str, String)| ((*name).to_owned(), Words::same(value));
        let of_field = |fault: &kernel::error::FieldFault| RowFault {
            field: fault.pointer.strip_prefix("/form/").map(str::to_owned),
            code: fault.code.id.to_owned(),
            args: fault.args.iter().map(named).collect(),
            check: None,
        };
        filled.faults = refusal.field_faults().iter().map(of_field).collect();
        if filled.faults.is_empty() {
            filled.faults.push(RowFault {
                field: None,
                code: refusal.code().id.to_owned(),
                args: refusal
                    .values()
                    .map(|(name, words)| (name.to_owned(), words.clone()))
                    .collect(),
                check: None,
            });
        }
        let id = RosterId::from_uuid(row.roster_id);
        let sealed = seal_row(&self.key, id, &filled, &mut self.desk.entropy())?;
        Ok(Outcome {
            row: row::Model {
                state: RowState::Failed.as_str().to_owned(),
                sealed,
                ..row
            },
            granted: false,
        })
    }
}

/// The agent who confirmed: what he confirmed is done in his name, whenever its turn comes.
fn agent(lease: &Lease, roster: &roster::Model) -> Result<Caller<CanApply>, AppError> {
    let principal = Principal::Citizen(Citizen {
        session: SessionId::from_uuid(lease.job.uuid()),
        person: PersonId::from_uuid(roster.person_id),
        acting: Acting::Enterprise(EmployerId::from_uuid(roster.employer_id)),
    });
    let request = Request {
        id: RequestId::from_uuid(lease.job.uuid()),
        lang: Lang::Zh,
        station: None,
    };
    Caller::prove(principal, request)
}

/// What became of a row.
struct Outcome {
    row: row::Model,
    granted: bool,
}

impl Outcome {
    /// The case has what was filled in: the row keeps it no longer.
    fn opened(row: row::Model, state: State) -> Self {
        Self {
            row: row::Model {
                state: RowState::Opened.as_str().to_owned(),
                sealed: Vec::new(),
                ..row
            },
            granted: matches!(
                state,
                State::Granted | State::Making | State::Ready | State::Delivered
            ),
        }
    }
}

/// Keeps what became of rows, and goes on.
struct KeepSubmitted {
    rows: Vec<Outcome>,
    /// None where rows are left.
    next: Option<NewJob>,
}

impl RosterAct for KeepSubmitted {
    const NAME: &'static str = "roster.submit_rows";
    const AUDITED: bool = false;

    fn decide(&self, row: &mut roster::Model, work: &mut Work<'_>) -> Result<(), AppError> {
        if RosterState::of(row)? != RosterState::Submitting {
            return Ok(());
        }
        for one in &self.rows {
            if one.row.state == RowState::Opened.as_str() {
                row.rows_opened += 1;
                row.rows_granted += i32::from(one.granted);
            } else {
                row.rows_failed += 1;
            }
            work.put(one.row.clone())?;
        }
        if let Some(next) = &self.next {
            work.job(next.clone());
        }
        Ok(())
    }
}

/// Every row became a case, or could not.
struct HaveSubmitted;

impl RosterAct for HaveSubmitted {
    const NAME: &'static str = "roster.finish";

    fn decide(&self, row: &mut roster::Model, work: &mut Work<'_>) -> Result<(), AppError> {
        if RosterState::of(row)? != RosterState::Submitting {
            return Ok(());
        }
        row.ended_us = Some(work.now().as_micros());
        let counts = json!({
            "rows": row.rows_opened,
            "granted": row.rows_granted,
            "failed": row.rows_failed,
            // What is in order is served with the one message about all of it.
            "electronic": true,
        });
        become_state(
            row,
            RosterState::Finished,
            ("roster.finished", counts),
            work,
        );
        Ok(())
    }
}
