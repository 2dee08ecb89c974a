//! What an operator sees of the queue, and the button that sends a dead letter again.

use kernel::{DivisionCode, Timestamp};
use sea_orm::{ExprTrait as _, QueryOrder as _, QuerySelect as _, entity::prelude::*};

use super::{Column, DEAD, Entity, Model, READY};
use crate::{Store, StoreError};

/// Which jobs an operator looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backlog {
    /// Given up; newest first.
    Dead,
    /// Waiting for their time or in work; next first.
    Waiting,
}

impl Model {
    /// When it runs next; for a dead letter, when it was queued.
    pub fn run_at(&self) -> Timestamp {
        Timestamp::from_micros(self.due_us.unwrap_or(self.queued_us))
    }

    /// Puts a dead letter back as if it had never been tried; its text of the last error stays.
    /// Returns whether it was one.
    pub fn revive(&mut self, now: Timestamp) -> bool {
        let dead = self.state == DEAD;
        if dead {
            READY.clone_into(&mut self.state);
            self.due_us = Some(now.as_micros());
            self.attempts = 0;
        }
        dead
    }
}

impl Store {
    /// Jobs of an agency after a place in the list (time of the list's order, job), at most `rows`.
    pub async fn backlog(
        &self,
        bureau: DivisionCode,
        which: Backlog,
        after: Option<(i64, Uuid)>,
        rows: u32,
    ) -> Result<Vec<Model>, StoreError> {
        match which {
            Backlog::Dead => {
                let mut select = Entity::find()
                    .filter(Column::Bureau.eq(bureau.to_string()))
                    .filter(Column::State.eq(DEAD));
                if let Some((at, job)) = after {
                    let same = Column::QueuedUs.eq(at).and(Column::JobId.lt(job));
                    select = select
                        .filter(Column::QueuedUs.lte(at))
                        .filter(Column::QueuedUs.lt(at).or(same));
                }
                Ok(select
                    .order_by_desc(Column::QueuedUs)
                    .order_by_desc(Column::JobId)
                    .limit(u64::from(rows))
                    .all(self.read())
                    .await?)
            }
            Backlog::Waiting => self.waiting(bureau, after, rows).await,
        }
    }

    /// The index of the queue is by kind and time: each kind gives its next, the nearest of all are
    /// told. There are few kinds.
    async fn waiting(
        &self,
        bureau: DivisionCode,
        after: Option<(i64, Uuid)>,
        rows: u32,
    ) -> Result<Vec<Model>, StoreError> {
        let mut next = Vec::new();
        for (kind, _) in self.kinds().await? {
            let mut select = Entity::find()
                .filter(Column::Kind.eq(kind))
                .filter(Column::Bureau.eq(bureau.to_string()))
                .filter(Column::DueUs.is_not_null());
            if let Some((at, job)) = after {
                let same = Column::DueUs.eq(at).and(Column::JobId.gt(job));
                select = select
                    .filter(Column::DueUs.gte(at))
                    .filter(Column::DueUs.gt(at).or(same));
            }
            next.extend(
                select
                    .order_by_asc(Column::DueUs)
                    .order_by_asc(Column::JobId)
                    .limit(u64::from(rows))
                    .all(self.read())
                    .await?,
            );
        }
        next.sort_by_key(|job| (job.due_us, job.job_id));
        next.truncate(usize::try_from(rows).unwrap_or(usize::MAX));
        Ok(next)
    }
}
