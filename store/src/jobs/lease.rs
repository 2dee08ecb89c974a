//! How jobs are taken, held, given back, ended.

use kernel::{
    Timestamp,
    ids::{Id as _, JobId},
    limits,
};
use sea_orm::{
    ConnectionTrait as _, FromQueryResult as _, Statement, UpdateMany, entity::prelude::*,
};

use super::{Column, DEAD, Ended, Entity, Lease, Model, READY, RUNNING};
use crate::{Store, StoreError, dialect};

/// Characters kept of the last error.
const ERROR_CHARS_MAX: usize = 500;

/// The kinds that have jobs, each with the time its next one is due. The kinds are found by skipping
/// from one to the next in the index: the work grows with the kinds, not with the jobs.
const KINDS: &str = "WITH RECURSIVE kinds (kind) AS (SELECT min(kind) FROM job \
    WHERE due_us IS NOT NULL UNION ALL SELECT (SELECT min(job.kind) FROM job \
    WHERE job.due_us IS NOT NULL AND job.kind > kinds.kind) FROM kinds WHERE kinds.kind IS NOT NULL) \
    SELECT kinds.kind AS kind, (SELECT min(job.due_us) FROM job \
    WHERE job.due_us IS NOT NULL AND job.kind = kinds.kind) AS due_us \
    FROM kinds WHERE kinds.kind IS NOT NULL ORDER BY due_us, kind";

impl Store {
    /// The kinds that have jobs waiting or at work, the most urgent first.
    pub(crate) async fn kinds(&self) -> Result<Vec<(String, Timestamp)>, StoreError> {
        let statement = Statement::from_string(self.db().backend, KINDS);
        let mut kinds = Vec::new();
        for row in self.read().query_all_raw(statement).await? {
            // The last job of a kind may go between the two looks at it.
            if let Some(due) = row.try_get::<Option<i64>>("", "due_us")? {
                kinds.push((row.try_get("", "kind")?, Timestamp::from_micros(due)));
            }
        }
        Ok(kinds)
    }

    /// The kinds that have jobs that are due, the most urgent first.
    pub(crate) async fn due_kinds(&self, now: Timestamp) -> Result<Vec<String>, StoreError> {
        let kinds = self.kinds().await?.into_iter();
        Ok(kinds
            .filter(|(_, due)| *due <= now)
            .map(|(kind, _)| kind)
            .collect())
    }

    /// Takes up to `limit` jobs that are due, whatever their kind, and tells them in the order in
    /// which they were queued.
    pub async fn lease_jobs(&self, now: Timestamp, limit: u32) -> Result<Vec<Lease>, StoreError> {
        let mut rows = Vec::new();
        let mut left = limit;
        for kind in self.due_kinds(now).await? {
            rows.extend(self.take(&kind, now, left).await?);
            left = limit.saturating_sub(u32::try_from(rows.len()).unwrap_or(limit));
            if left == 0 {
                break;
            }
        }
        leases_of(rows)
    }

    /// Takes up to `limit` jobs of a kind that are due.
    pub(crate) async fn lease_kind(
        &self,
        kind: &str,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Lease>, StoreError> {
        leases_of(self.take(kind, now, limit).await?)
    }

    /// A job whose workers died with it every time becomes a dead letter instead.
    async fn take(&self, kind: &str, now: Timestamp, limit: u32) -> Result<Vec<Model>, StoreError> {
        let db = self.db();
        let place = |n| dialect::place(db.backend, n);
        let sql = format!(
            "WITH next AS MATERIALIZED (SELECT bureau, job_id FROM job \
             WHERE kind = {} AND due_us <= {} ORDER BY due_us, job_id LIMIT {}{}) \
             UPDATE job SET state = CASE WHEN attempts < {most} THEN '{RUNNING}' ELSE '{DEAD}' END, \
             due_us = CASE WHEN attempts < {most} THEN {} END, \
             last_error = CASE WHEN attempts >= {most} AND last_error = '' \
             THEN 'every worker died with it' ELSE last_error END, \
             attempts = attempts + 1, fence = fence + 1 \
             WHERE (bureau, job_id) IN (SELECT bureau, job_id FROM next) RETURNING *",
            place(1),
            place(2),
            place(3),
            dialect::for_update_skip_locked(db.backend),
            place(4),
            most = limits::JOB_ATTEMPTS_MAX,
        );
        let values = [
            kind.into(),
            now.as_micros().into(),
            i64::from(limit).into(),
            end_of_lease(now).into(),
        ];
        let mut rows = Vec::new();
        let statement = Statement::from_sql_and_values(db.backend, sql, values);
        for row in db.query(&db.write, statement).await? {
            rows.push(Model::from_query_result(&row, "")?);
        }
        let taken = rows.len();
        rows.retain(|row| row.state == RUNNING);
        count_dead(kind, taken - rows.len());
        Ok(rows)
    }

    /// Holds a lease for as long again. `false` when it has passed to another worker, or the job is
    /// done.
    pub(crate) async fn renew_lease(
        &self,
        lease: &Lease,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let longer = held(lease).col_expr(Column::DueUs, Expr::value(end_of_lease(now)));
        Ok(longer.exec(&self.db().write).await?.rows_affected == 1)
    }

    /// Gives back a job that was taken and not begun.
    pub(crate) async fn give_back(&self, lease: &Lease, now: Timestamp) -> Result<(), StoreError> {
        let back = held(lease)
            .col_expr(Column::State, Expr::value(READY))
            .col_expr(Column::DueUs, Expr::value(now.as_micros()))
            .col_expr(Column::Attempts, Expr::value(lease.attempts - 1));
        back.exec(&self.db().write).await?;
        Ok(())
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
        let back = held(lease)
            .col_expr(Column::State, Expr::value(if dead { DEAD } else { READY }))
            .col_expr(Column::DueUs, Expr::value(due))
            .col_expr(Column::LastError, Expr::value(error));
        count_dead(&lease.kind, usize::from(dead));
        self.write_one(sea_orm::QueryTrait::build(&back, self.db().backend))
            .await
    }
}

/// The job, as long as this worker has it.
fn held(lease: &Lease) -> UpdateMany<Entity> {
    Entity::update_many()
        .filter(Column::Bureau.eq(lease.bureau.to_string()))
        .filter(Column::JobId.eq(lease.job.uuid()))
        .filter(Column::Fence.eq(lease.fence))
}

fn end_of_lease(now: Timestamp) -> i64 {
    now.plus_seconds(limits::JOB_LEASE_SECONDS).as_micros()
}

fn count_dead(kind: &str, jobs: usize) {
    if jobs > 0 {
        let jobs = u64::try_from(jobs).unwrap_or(u64::MAX);
        metrics::counter!("yici_jobs_dead", "kind" => kind.to_owned()).increment(jobs);
    }
}

fn leases_of(mut rows: Vec<Model>) -> Result<Vec<Lease>, StoreError> {
    rows.sort_by_key(|row| (row.queued_us, row.job_id));
    rows.into_iter().map(lease_of).collect()
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
        ended: Ended::default(),
    })
}
