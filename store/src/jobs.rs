//! Jobs: work that runs later, written in the transaction that wants it.
//!
//! A worker leases a job with a fencing token: who comes back late with an old token changes
//! nothing. A failing job is tried again with doubling delays and ends as a dead letter that a
//! person can send again. Queues are separate: a partner that does not answer holds up its own.

mod backlog;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use kernel::{
    AppError, DivisionCode, Event, Timestamp,
    ids::{Id, JobId},
    limits,
};
use sea_orm::{FromQueryResult as _, Statement, TransactionTrait as _, entity::prelude::*};
use serde_json::{Value as Json, json};

use crate::{Store, StoreError, dialect, key, key::Key, pool::Db, row::Row};

pub use backlog::Backlog;

pub(crate) const READY: &str = "ready";
pub(crate) const RUNNING: &str = "running";
pub(crate) const DEAD: &str = "dead";
/// Characters kept of the last error.
const ERROR_CHARS_MAX: usize = 500;

/// A job as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    /// Distribution column.
    #[sea_orm(primary_key, auto_increment = false)]
    pub bureau: String,
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub job_id: Uuid,
    /// What to do, such as `messages.notify`.
    pub kind: String,
    /// References as JSON, with a version `v`.
    #[sea_orm(column_type = "Text")]
    pub payload: String,
    /// `ready`, `running` or `dead`.
    pub state: String,
    /// When it may be taken: the planned time, or the end of the lease; null when dead.
    pub due_us: Option<i64>,
    /// How often it was taken.
    pub attempts: i32,
    /// Grows with every lease.
    pub fence: i64,
    /// When it was queued.
    pub queued_us: i64,
    /// What went wrong last, for the operator.
    #[sea_orm(column_type = "Text")]
    pub last_error: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl Row for Model {
    const RANK: u16 = 910;
}

/// A job to queue.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// What to do.
    pub kind: &'static str,
    /// References, no personal values.
    pub payload: Json,
    /// Not before this time; at once if none.
    pub not_before: Option<Timestamp>,
}

impl NewJob {
    /// A job to run as soon as possible.
    pub const fn now(kind: &'static str, payload: Json) -> Self {
        Self {
            kind,
            payload,
            not_before: None,
        }
    }

    /// A job to run at a time.
    pub const fn at(kind: &'static str, payload: Json, time: Timestamp) -> Self {
        Self {
            kind,
            payload,
            not_before: Some(time),
        }
    }

    /// The job of a listener about an event.
    pub(crate) fn about(kind: &'static str, event: &Event) -> Self {
        Self::now(
            kind,
            json!({
                "v": 1,
                "stream": event.stream,
                "id": event.id,
                "seq": event.seq,
                "kind": event.kind,
                "at": event.at,
                "body": event.body,
            }),
        )
    }

    pub(crate) fn row(self, bureau: DivisionCode, id: JobId, now: Timestamp) -> Model {
        Model {
            bureau: bureau.to_string(),
            job_id: id.uuid(),
            kind: self.kind.to_owned(),
            payload: self.payload.to_string(),
            state: READY.to_owned(),
            due_us: Some(self.not_before.unwrap_or(now).as_micros()),
            attempts: 0,
            fence: 0,
            queued_us: now.as_micros(),
            last_error: String::new(),
        }
    }
}

/// Which jobs are queued when something happens.
#[derive(Debug, Default, Clone)]
pub struct Subscriptions(BTreeMap<&'static str, Vec<&'static str>>);

impl Subscriptions {
    /// Queues a job of kind `job` whenever an event of kind `event` is written.
    #[must_use]
    pub fn on(mut self, event: &'static str, job: &'static str) -> Self {
        self.0.entry(event).or_default().push(job);
        self
    }

    /// Joins two sets.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        for (event, jobs) in other.0 {
            self.0.entry(event).or_default().extend(jobs);
        }
        self
    }

    pub(crate) fn of(&self, event: &str) -> impl Iterator<Item = &'static str> + use<> {
        self.0.get(event).cloned().unwrap_or_default().into_iter()
    }
}

/// A job in a worker's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The agency.
    pub bureau: DivisionCode,
    /// The job.
    pub job: JobId,
    /// The token that makes late workers harmless.
    pub fence: i64,
    /// How often it was taken, this time included.
    pub attempts: i32,
    /// What to do.
    pub kind: String,
    /// References as JSON.
    pub payload: String,
}

impl Lease {
    pub(crate) fn key(&self) -> Key {
        key!(self.bureau, self.job.uuid())
    }

    /// The payload read as `T`.
    ///
    /// # Errors
    /// Broken when it has another shape.
    pub fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, AppError> {
        serde_json::from_str(&self.payload).map_err(|fault| {
            kernel::error::Broken::caused(format!("payload of {}", self.kind), fault).into()
        })
    }
}

/// Does the work of one kind of job. It may run twice: the second time must change nothing more.
/// A command that carries the lease in its envelope ends the job in its own transaction.
pub trait Handler: Send + Sync {
    /// Does the work.
    fn run<'a>(
        &'a self,
        lease: &'a Lease,
        now: Timestamp,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<(), AppError>> + Send + 'a>>;
}

/// The handlers by kind.
pub type Handlers = BTreeMap<&'static str, Arc<dyn Handler>>;

impl Store {
    /// Takes up to `limit` jobs that are due, oldest first.
    pub async fn lease_jobs(&self, now: Timestamp, limit: u32) -> Result<Vec<Lease>, StoreError> {
        let db = self.db();
        let place = |n| dialect::place(db.backend, n);
        let sql = format!(
            "UPDATE job SET state='{RUNNING}', attempts=attempts+1, fence=fence+1, due_us={} \
             WHERE (bureau, job_id) IN (SELECT bureau, job_id FROM job WHERE due_us <= {} \
             ORDER BY due_us, job_id LIMIT {}{}) RETURNING *",
            place(1),
            place(2),
            place(3),
            dialect::for_update_skip_locked(db.backend),
        );
        let statement = Statement::from_sql_and_values(
            db.backend,
            sql,
            [
                now.plus_seconds(limits::JOB_LEASE_SECONDS)
                    .as_micros()
                    .into(),
                now.as_micros().into(),
                i64::from(limit).into(),
            ],
        );
        let tx = db
            .write
            .begin_with_options(Db::transaction_options())
            .await?;
        let mut rows = Vec::new();
        for row in db.query(&tx, statement).await? {
            rows.push(Model::from_query_result(&row, "")?);
        }
        tx.commit().await?;
        rows.sort_by_key(|row| (row.queued_us, row.job_id));
        rows.into_iter().map(lease_of).collect()
    }

    /// Ends a job that changed nothing in our database.
    pub async fn finish_job(&self, lease: &Lease) -> Result<(), StoreError> {
        let done = Entity::delete_many()
            .filter(Column::Bureau.eq(lease.bureau.to_string()))
            .filter(Column::JobId.eq(lease.job.uuid()))
            .filter(Column::Fence.eq(lease.fence));
        self.write_one(sea_orm::QueryTrait::build(&done, self.db().backend))
            .await
    }

    /// Puts a failed job back with a delay that doubles, or aside as a dead letter.
    pub async fn fail_job(
        &self,
        lease: &Lease,
        error: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let dead = lease.attempts >= limits::JOB_ATTEMPTS_MAX;
        let delay = 1_i64 << lease.attempts.clamp(1, 14);
        let due = (!dead).then(|| now.plus_seconds(delay).as_micros());
        let error: String = error.chars().take(ERROR_CHARS_MAX).collect();
        let back = Entity::update_many()
            .col_expr(Column::State, Expr::value(if dead { DEAD } else { READY }))
            .col_expr(Column::DueUs, Expr::value(due))
            .col_expr(Column::LastError, Expr::value(error))
            .filter(Column::Bureau.eq(lease.bureau.to_string()))
            .filter(Column::JobId.eq(lease.job.uuid()))
            .filter(Column::Fence.eq(lease.fence));
        if dead {
            metrics::counter!("yici_jobs_dead", "kind" => lease.kind.clone()).increment(1);
        }
        self.write_one(sea_orm::QueryTrait::build(&back, self.db().backend))
            .await
    }

    /// Runs everything that is due at `now`, and what that brings about, until nothing is left.
    /// Returns how many jobs ran. For simulation and tests; a server uses [`serve`].
    pub async fn run_due_jobs(
        &self,
        handlers: &Handlers,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        let mut ran = 0;
        loop {
            let leases = self.lease_jobs(now, 256).await?;
            if leases.is_empty() {
                return Ok(ran);
            }
            for lease in &leases {
                run_one(self, handlers, lease, now).await?;
                ran += 1;
            }
        }
    }
}

async fn run_one(
    store: &Store,
    handlers: &Handlers,
    lease: &Lease,
    now: Timestamp,
) -> Result<(), StoreError> {
    let outcome = match handlers.get(lease.kind.as_str()) {
        Some(handler) => handler.run(lease, now).await,
        None => Err(kernel::error::Broken::new(format!("nobody handles {}", lease.kind)).into()),
    };
    match outcome {
        Ok(()) => store.finish_job(lease).await,
        Err(error) => {
            let text = match &error {
                AppError::Refused(refusal) => refusal.code().id.to_owned(),
                AppError::Broken(broken) => broken.to_string(),
            };
            tracing::warn!(job = %lease.job, kind = %lease.kind, attempt = lease.attempts, error = %text, "job failed");
            store.fail_job(lease, &text, now).await
        }
    }
}

/// Works on jobs until `stop` says so. Kinds run side by side; one kind never holds up another.
pub async fn serve(
    store: Store,
    handlers: Handlers,
    clock: Arc<dyn kernel::Clock>,
    mut stop: tokio::sync::watch::Receiver<bool>,
) {
    let handlers = Arc::new(handlers);
    let mut news = store.news();
    let mut running: BTreeMap<String, tokio::task::JoinHandle<()>> = BTreeMap::new();
    while !*stop.borrow() {
        running.retain(|_, task| !task.is_finished());
        let mut took = 0;
        match store.lease_jobs(clock.now(), 128).await {
            Ok(leases) => {
                took = leases.len();
                let mut by_kind: BTreeMap<String, Vec<Lease>> = BTreeMap::new();
                for lease in leases {
                    by_kind.entry(lease.kind.clone()).or_default().push(lease);
                }
                for (kind, leases) in by_kind {
                    let (store, handlers, clock) =
                        (store.clone(), Arc::clone(&handlers), Arc::clone(&clock));
                    let before = running.remove(&kind);
                    let task = tokio::spawn(async move {
                        if let Some(before) = before {
                            drop(before.await);
                        }
                        for lease in leases {
                            if let Err(error) =
                                run_one(&store, &handlers, &lease, clock.now()).await
                            {
                                tracing::error!(%error, "a job could not be put back; its lease will end");
                            }
                        }
                    });
                    running.insert(kind, task);
                }
            }
            Err(error) => tracing::error!(%error, "jobs cannot be taken"),
        }
        if took == 0 {
            tokio::select! {
                _ = stop.changed() => {}
                _ = news.changed() => {}
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
        }
    }
    for (_, task) in running {
        drop(task.await);
    }
}

fn lease_of(row: Model) -> Result<Lease, StoreError> {
    let bureau = row.bureau.parse().map_err(|_| StoreError::BadRow {
        table: "job",
        key: row.job_id.to_string(),
        fault: "bureau is not a division code".to_owned(),
    })?;
    Ok(Lease {
        bureau,
        job: JobId::from_uuid(row.job_id),
        fence: row.fence,
        attempts: row.attempts,
        kind: row.kind,
        payload: row.payload,
    })
}
