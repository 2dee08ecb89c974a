//! What an operator sees of the queue, and the button that sends a dead letter again.

use kernel::{DivisionCode, Timestamp};
use sea_orm::{Condition, QueryOrder as _, QuerySelect as _, entity::prelude::*};

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
        let mut select = Entity::find().filter(Column::Bureau.eq(bureau.to_string()));
        select = match which {
            Backlog::Dead => select
                .filter(Column::State.eq(DEAD))
                .order_by_desc(Column::QueuedUs)
                .order_by_desc(Column::JobId),
            Backlog::Waiting => select
                .filter(Column::DueUs.is_not_null())
                .order_by_asc(Column::DueUs)
                .order_by_asc(Column::JobId),
        };
        if let Some((at, job)) = after {
            let (beyond, same, next) = match which {
                Backlog::Dead => (
                    Column::QueuedUs.lt(at),
                    Column::QueuedUs.eq(at),
                    Column::JobId.lt(job),
                ),
                Backlog::Waiting => (
                    Column::DueUs.gt(at),
                    Column::DueUs.eq(at),
                    Column::JobId.gt(job),
                ),
            };
            let same = Condition::all().add(same).add(next);
            select = select.filter(Condition::any().add(beyond).add(same));
        }
        Ok(select.limit(u64::from(rows)).all(self.read()).await?)
    }
}
