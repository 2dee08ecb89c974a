//! Repetition of a request: the same request gets the same answer, and is done once.

use kernel::{AppError, Timestamp, codes, error::Broken, limits};
use sea_orm::{ConnectionTrait as _, Statement, TransactionTrait as _, entity::prelude::*};
use seal::sm3;
use serde::de::DeserializeOwned;

use crate::{Store, StoreError, dialect, key, key::Key, pool::Db, row::Row};

/// Old answers deleted in one transaction: short enough that no lane waits for it.
const SWEEP_ROWS: i64 = 1_000;

/// How a repetition is recognised: caller, endpoint and key name the request; the digest of the
/// body tells whether it is the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    request: [u8; 32],
    body: [u8; 32],
}

impl Idempotency {
    /// Of a caller (an id, not a name), an endpoint (`method path`), the caller's key and the body.
    pub fn new(caller: &str, endpoint: &str, key: &str, body: &[u8]) -> Self {
        let mut parts = Vec::with_capacity(caller.len() + endpoint.len() + key.len() + 2);
        for part in [caller, endpoint, key] {
            parts.extend_from_slice(part.as_bytes());
            parts.push(0);
        }
        Self {
            request: sm3(&parts),
            body: sm3(body),
        }
    }

    pub(crate) fn key(&self) -> Key {
        key!(self.request.to_vec())
    }

    pub(crate) fn is_same_body(&self, row: &Model) -> bool {
        row.body_digest == self.body
    }

    /// The answer to the same request, if it was given before. For callers whose checks before the
    /// command would refuse a repetition: what it did has changed what they look at.
    ///
    /// # Errors
    /// `E1008` when the request had another body; broken when the database does not answer.
    pub async fn earlier<T: DeserializeOwned>(
        &self,
        store: &Store,
        now: Timestamp,
    ) -> Result<Option<T>, AppError> {
        let found = Entity::find_by_id(self.request.to_vec())
            .one(store.read())
            .await
            .map_err(StoreError::from)?;
        match found.filter(|row| row.stands_at(now)) {
            Some(row) if self.is_same_body(&row) => answer_of(&row).map(Some),
            Some(_) => Err(AppError::refused(&codes::E1008)),
            None => Ok(None),
        }
    }

    pub(crate) fn row(&self, answer: String, now: Timestamp) -> Model {
        Model {
            request_hash: self.request.to_vec(),
            body_digest: self.body.to_vec(),
            answer,
            at_us: now.as_micros(),
        }
    }
}

/// Reads a kept answer.
///
/// # Errors
/// Broken when it is not what this program writes.
pub(crate) fn answer_of<T: DeserializeOwned>(row: &Model) -> Result<T, AppError> {
    serde_json::from_str(&row.answer)
        .map_err(|fault| Broken::caused("a kept answer cannot be read", fault).into())
}

/// An answer kept for repetition.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency")]
pub struct Model {
    /// SM3 of caller, endpoint and key; also the distribution column.
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_hash: Vec<u8>,
    /// SM3 of the body.
    pub body_digest: Vec<u8>,
    /// The answer as JSON.
    #[sea_orm(column_type = "Text")]
    pub answer: String,
    /// When it was given.
    pub at_us: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl Row for Model {
    const RANK: u16 = 0;
}

impl Model {
    /// Whether a repetition at this time still gets this answer.
    pub(crate) fn stands_at(&self, now: Timestamp) -> bool {
        self.at_us >= oldest_kept(now)
    }
}

impl Store {
    /// Deletes answers that no repetition gets any more, in short transactions. Returns how many.
    /// To be called from time to time; several programs may do it at once.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64, StoreError> {
        let db = self.db();
        let sql = dialect::sweep_answers(db.backend);
        let mut swept = 0;
        loop {
            let values = [oldest_kept(now).into(), SWEEP_ROWS.into()];
            let tx = db
                .write
                .begin_with_options(Db::transaction_options())
                .await?;
            let statement = Statement::from_sql_and_values(db.backend, sql, values);
            let gone = tx.execute_raw(statement).await?.rows_affected();
            tx.commit().await?;
            swept += gone;
            if gone == 0 {
                return Ok(swept);
            }
        }
    }
}

/// The time, in microseconds, before which answers are not kept.
fn oldest_kept(now: Timestamp) -> i64 {
    now.plus_seconds(-limits::IDEMPOTENCY_DAYS * 24 * 3_600)
        .as_micros()
}
