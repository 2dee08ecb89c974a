//! Repetition of a request: the same request gets the same answer, and is done once.

use kernel::Timestamp;
use sea_orm::entity::prelude::*;
use seal::sm3;

use crate::{key, key::Key, row::Row};

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

    pub(crate) fn row(&self, answer: String, now: Timestamp) -> Model {
        Model {
            request_hash: self.request.to_vec(),
            body_digest: self.body.to_vec(),
            answer,
            at_us: now.as_micros(),
        }
    }
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
