//! Numbers of running programs: each writes audit chains of its own.
//!
//! A program takes the lowest number nobody holds and renews its hold; one that dies loses it when
//! the hold ends. Should two ever write one chain, the chain's key refuses the second.

use kernel::Timestamp;
use sea_orm::{ConnectionTrait as _, Statement, TransactionTrait as _};
use uuid::Uuid;

use crate::{Store, StoreError, dialect, pool::Db};

/// Seconds a number is held without renewal.
pub const HOLD_SECONDS: i64 = 30;
/// Programs on one database at the same time.
const SLOTS_MAX: i64 = 512;
/// Attempts when programs start at the same instant and reach for the same number.
const ATTEMPTS: usize = 8;

/// A number held by this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// The number.
    pub slot: i64,
    holder: Uuid,
}

impl Store {
    /// Takes a number. `holder` is random.
    ///
    /// # Errors
    /// When the database does not answer, or too many programs run.
    pub async fn join(&self, holder: Uuid, now: Timestamp) -> Result<Node, StoreError> {
        let mut last = None;
        for _ in 0..ATTEMPTS {
            match self.try_join(holder, now).await {
                Ok(node) => return Ok(node),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| sea_orm::DbErr::Custom("no node number is free".into()).into()))
    }

    async fn try_join(&self, holder: Uuid, now: Timestamp) -> Result<Node, StoreError> {
        let db = self.db();
        let tx = db
            .write
            .begin_with_options(Db::transaction_options())
            .await?;
        let sql = format!(
            "SELECT slot, until_us FROM node_slot ORDER BY slot{}",
            dialect::for_update(db.backend)
        );
        let mut slot = 0;
        let mut taken_over = false;
        for row in tx
            .query_all_raw(Statement::from_string(db.backend, sql))
            .await?
        {
            let (known, until): (i64, i64) =
                (row.try_get("", "slot")?, row.try_get("", "until_us")?);
            if known != slot {
                break;
            }
            if until <= now.as_micros() {
                taken_over = true;
                break;
            }
            slot += 1;
        }
        if slot >= SLOTS_MAX {
            return Err(sea_orm::DbErr::Custom("too many programs run".into()).into());
        }
        let place = |n| dialect::place(db.backend, n);
        let sql = if taken_over {
            format!(
                "UPDATE node_slot SET holder={}, until_us={} WHERE slot={}",
                place(1),
                place(2),
                place(3)
            )
        } else {
            format!(
                "INSERT INTO node_slot (holder, until_us, slot) VALUES ({},{},{})",
                place(1),
                place(2),
                place(3)
            )
        };
        let until = now.plus_seconds(HOLD_SECONDS).as_micros();
        let values = [holder.into(), until.into(), slot.into()];
        tx.execute_raw(Statement::from_sql_and_values(db.backend, sql, values))
            .await?;
        tx.commit().await?;
        Ok(Node { slot, holder })
    }

    /// Renews the hold; `false` when another program has the number by now.
    pub async fn renew(&self, node: Node, now: Timestamp) -> Result<bool, StoreError> {
        self.hold_until(node, now.plus_seconds(HOLD_SECONDS)).await
    }

    /// Gives the number back.
    pub async fn leave(&self, node: Node) -> Result<(), StoreError> {
        self.hold_until(node, Timestamp::from_micros(0))
            .await
            .map(drop)
    }

    async fn hold_until(&self, node: Node, until: Timestamp) -> Result<bool, StoreError> {
        let db = self.db();
        let place = |n| dialect::place(db.backend, n);
        let sql = format!(
            "UPDATE node_slot SET until_us={} WHERE slot={} AND holder={}",
            place(1),
            place(2),
            place(3)
        );
        let values = [
            until.as_micros().into(),
            node.slot.into(),
            node.holder.into(),
        ];
        let tx = db
            .write
            .begin_with_options(Db::transaction_options())
            .await?;
        let done = tx
            .execute_raw(Statement::from_sql_and_values(db.backend, sql, values))
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }
}
