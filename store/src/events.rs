//! The event log: append-only, read in an order in which nothing appears behind the reader.

use std::time::Duration;

use kernel::{DivisionCode, Event, Timestamp, caller::Actor};
use sea_orm::{
    ConnectionTrait as _, FromQueryResult as _, QueryOrder as _, Statement, TransactionTrait as _,
    Value, entity::prelude::*,
};
use serde::{Deserialize, Serialize};

use crate::{Store, StoreError, dialect, pool::Db, row::Row};

/// Between two looks at whether events are hidden still.
const LOOK_AGAIN: Duration = Duration::from_millis(5);
/// Looks after which an older transaction counts as forgotten: a minute and more.
const LOOKS_MAX: u32 = 12_000;

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    /// Distribution column.
    #[sea_orm(primary_key, auto_increment = false)]
    pub bureau: String,
    /// To which aggregate it happened.
    #[sea_orm(primary_key, auto_increment = false)]
    pub stream_id: Uuid,
    /// Number within the aggregate.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// Kind of aggregate.
    pub stream: String,
    /// What happened.
    pub kind: String,
    /// When.
    pub at_us: i64,
    /// Who, as JSON of [`Actor`].
    #[sea_orm(column_type = "Text")]
    pub actor: String,
    /// What to remember, as JSON.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    /// Transaction, for readers (0 on SQLite).
    pub xid: i64,
    /// Number of arrival, for readers.
    pub gid: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl Row for Model {
    const RANK: u16 = 900;
    const GENERATED: &'static [&'static str] = &["xid", "gid"];
}

/// How far a reader has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Position {
    /// Transaction.
    pub xid: i64,
    /// Number of arrival.
    pub gid: i64,
}

impl Model {
    pub(crate) fn of(event: &Event) -> Self {
        Self {
            bureau: event.bureau.to_string(),
            stream_id: event.id,
            seq: event.seq,
            stream: event.stream.clone(),
            kind: event.kind.clone(),
            at_us: event.at.as_micros(),
            actor: serde_json::to_string(&event.actor).unwrap_or_default(),
            body: event.body.to_string(),
            xid: 0,
            gid: 0,
        }
    }

    /// Where the reader stands after this event.
    pub const fn position(&self) -> Position {
        Position {
            xid: self.xid,
            gid: self.gid,
        }
    }
}

impl TryFrom<Model> for Event {
    type Error = StoreError;
    fn try_from(row: Model) -> Result<Self, StoreError> {
        let bad = |fault: String| StoreError::BadRow {
            table: "event",
            key: format!("{}/{}/{}", row.bureau, row.stream_id, row.seq),
            fault,
        };
        let bureau: DivisionCode = row
            .bureau
            .parse()
            .map_err(|fault| bad(format!("bureau: {fault}")))?;
        let actor: Actor =
            serde_json::from_str(&row.actor).map_err(|fault| bad(format!("actor: {fault}")))?;
        let body =
            serde_json::from_str(&row.body).map_err(|fault| bad(format!("body: {fault}")))?;
        Ok(Self {
            bureau,
            stream: row.stream,
            id: row.stream_id,
            seq: row.seq,
            kind: row.kind,
            at: Timestamp::from_micros(row.at_us),
            actor,
            body,
        })
    }
}

impl Store {
    /// Events after a position, at most `limit`, in reading order.
    pub async fn events_after(
        &self,
        position: Position,
        limit: u32,
    ) -> Result<Vec<Model>, StoreError> {
        let db = self.db();
        let statement = Statement::from_sql_and_values(
            db.backend,
            dialect::events_after(db.backend),
            [
                Value::from(position.xid),
                Value::from(position.gid),
                Value::from(i64::from(limit)),
            ],
        );
        let rows = self.read().query_all_raw(statement).await?;
        rows.iter()
            .map(|row| Ok(Model::from_query_result(row, "")?))
            .collect()
    }

    /// Where a reader starts that wants only what comes.
    pub async fn events_end(&self) -> Result<Position, StoreError> {
        let db = self.db();
        let statement = Statement::from_string(db.backend, dialect::events_end(db.backend));
        Ok(match self.read().query_one_raw(statement).await? {
            Some(row) => Position {
                xid: row.try_get("", "xid")?,
                gid: row.try_get("", "gid")?,
            },
            None => Position::default(),
        })
    }

    /// Waits until readers see every event that is committed by now. On PostgreSQL an older
    /// transaction anywhere in the cluster, of another database too, holds them back until it ends.
    /// For simulation and tests: readers of a server come back for what they did not see.
    ///
    /// # Errors
    /// When the database does not answer, or that transaction does not end.
    pub async fn events_settled(&self) -> Result<(), StoreError> {
        let db = self.db();
        let Some(sql) = dialect::events_hidden(db.backend) else {
            return Ok(());
        };
        for _ in 0..LOOKS_MAX {
            let statement = Statement::from_string(db.backend, sql);
            let row = self.read().query_one_raw(statement).await?;
            if !row.map_or(Ok(false), |row| row.try_get("", "hidden"))? {
                return Ok(());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Err(StoreError::Held)
    }

    /// How many events bear numbers of transactions that this database has not reached. That is so
    /// after a dump of one PostgreSQL cluster was restored into another: readers would not see these
    /// events, and would miss new ones. [`Store::renumber_events`] mends it.
    pub async fn events_misplaced(&self) -> Result<u64, StoreError> {
        let db = self.db();
        let Some(sql) = dialect::events_misplaced(db.backend) else {
            return Ok(0);
        };
        let statement = Statement::from_string(db.backend, sql);
        let row = self.read().query_one_raw(statement).await?;
        let events = row.map_or(Ok(0), |row| row.try_get::<i64>("", "events"))?;
        Ok(u64::try_from(events).unwrap_or(0))
    }

    /// Numbers all events anew, below every transaction to come, and keeps their order; readers go on
    /// after the event that they read last. `cursors` names the tables that hold places of readers
    /// in columns `xid` and `gid`. For the operator after a restore, while no program runs; on
    /// SQLite there is nothing to do.
    ///
    /// # Errors
    /// When the database does not answer; nothing was changed then.
    pub async fn renumber_events(&self, cursors: &[&'static str]) -> Result<(), StoreError> {
        let db = self.db();
        let tx = db
            .write
            .begin_with_options(Db::transaction_options())
            .await?;
        for sql in dialect::renumber_events(db.backend, cursors) {
            tx.execute_unprepared(&sql).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The history of one aggregate.
    pub async fn history(
        &self,
        bureau: DivisionCode,
        stream_id: Uuid,
    ) -> Result<Vec<Event>, StoreError> {
        Entity::find()
            .filter(Column::Bureau.eq(bureau.to_string()))
            .filter(Column::StreamId.eq(stream_id))
            .order_by_asc(Column::Seq)
            .all(self.read())
            .await?
            .into_iter()
            .map(Event::try_from)
            .collect()
    }
}
