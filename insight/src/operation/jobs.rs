//! Jobs that wait or have failed, and the button that sends a failed one again.

use ::store::{
    Command, Envelope, Loads, Work,
    jobs::{Backlog, Model},
    key,
    page::{Page, PageQuery},
};
use axum::{Json, extract::State};
use httpkit::{Act, Authorised, Filter, Params, Refusals, Reply, Rows};
use kernel::{
    AppError, Caller, DivisionCode, Timestamp,
    caller::CanManageJobs,
    codes,
    ids::{Id as _, JobId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Insight;

/// Which jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Given up.
    #[default]
    Dead,
    /// Waiting for their time, or in work.
    Waiting,
}

/// Which page of which jobs.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct JobQuery {
    /// Failed ones if not said.
    #[serde(default)]
    pub state: JobState,
    /// Where to go on, as the previous page said.
    pub cursor: Option<String>,
    /// Rows wanted.
    pub limit: Option<u32>,
}

/// One job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct JobRow {
    /// Its id.
    pub job_id: JobId,
    /// What it does.
    pub kind: String,
    /// How often it was tried.
    pub attempts: i32,
    /// `ready`, `running` or `dead`.
    pub state: String,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// When it runs next; for a failed one, when it was queued.
    pub run_at: Timestamp,
}

/// The job that was sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Retried {
    /// Its id.
    pub job_id: JobId,
}

/// Jobs of the caller's agency.
pub async fn list_jobs(
    context: &Insight,
    caller: &Caller<CanManageJobs>,
    query: JobQuery,
) -> Result<Page<JobRow>, AppError> {
    let bureau = caller.staff()?.bureau;
    let which = match query.state {
        JobState::Dead => Backlog::Dead,
        JobState::Waiting => Backlog::Waiting,
    };
    let query = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    let (store, wanted) = (&context.kit.store, query.rows());
    let rows = store
        .backlog(bureau, which, query.position()?, wanted + 1)
        .await?;
    let page = Page::cut(rows, wanted, |row| (row.run_at().as_micros(), row.job_id));
    Ok(page.map(|row| JobRow {
        job_id: JobId::from_uuid(row.job_id),
        run_at: row.run_at(),
        kind: row.kind,
        attempts: row.attempts,
        state: row.state,
        last_error: (!row.last_error.is_empty()).then_some(row.last_error),
    }))
}

/// Sends a failed job of the caller's agency again, with all its attempts.
pub async fn retry_job(
    context: &Insight,
    caller: &Caller<CanManageJobs>,
    envelope: Envelope,
    job: JobId,
) -> Result<Retried, AppError> {
    let bureau = caller.staff()?.bureau;
    context.kit.run(envelope, Retry { bureau, job }).await
}

struct Retry {
    bureau: DivisionCode,
    job: JobId,
}

impl Command for Retry {
    type Out = Retried;
    const NAME: &'static str = "job.retry";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }
    fn subject(&self) -> String {
        self.job.to_string()
    }
    fn lane(&self) -> u64 {
        self.job.uuid().as_u64_pair().1
    }
    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<Model>(key!(self.bureau, self.job.uuid()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Retried, AppError> {
        let key = key!(self.bureau, self.job.uuid());
        let mut row = work.require::<Model>(&key)?.clone();
        if !row.revive(work.now()) {
            return Err(AppError::refused(&codes::E1601));
        }
        work.put(row)?;
        Ok(Retried { job_id: self.job })
    }
}

/// The body of acts that say everything in their address.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Jobs of my agency
#[utoipa::path(
    get, path = "/jobs", operation_id = "list_jobs", tag = "operation",
    params(
        ("state" = inline(Option<JobState>), Query, description = "Failed ones if not said"),
        ("cursor" = Option<String>, Query, description = "Where to go on, as the previous page said"),
        ("limit" = Option<u32>, Query, description = "Rows wanted"),
    ),
    responses(
        (status = 200, body = Rows<JobRow>),
        Refusals,
    )
)]
pub(crate) async fn list_jobs_page(
    State(context): State<Insight>,
    Authorised(caller): Authorised<CanManageJobs>,
    Filter(query): Filter<JobQuery>,
) -> Reply<Rows<JobRow>> {
    Ok(list_jobs(&context, &caller, query).await?.into())
}

/// Send a failed job again
#[utoipa::path(
    post, path = "/jobs/{job_id}/retry", operation_id = "retry_job", tag = "operation",
    params(
        ("job_id" = JobId, Path, description = "The job"),
        ("Idempotency-Key" = String, Header, description = "8 to 64 letters, digits, - or _"),
    ),
    request_body = Nothing,
    responses(
        (status = 200, body = Retried),
        Refusals,
    )
)]
pub(crate) async fn retry_dead_job(
    State(context): State<Insight>,
    Authorised(caller): Authorised<CanManageJobs>,
    Params(job): Params<JobId>,
    act: Act<Nothing>,
) -> Reply<Json<Retried>> {
    let envelope = context.kit.envelope(&caller, &act.repetition);
    Ok(Json(retry_job(&context, &caller, envelope, job).await?))
}
