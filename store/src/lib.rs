//! Where everything durable lives: pools, the executor, the event log, jobs, audit, migrations.
//!
//! One set of queries serves SQLite (embedded, one writer) and PostgreSQL. The difference between
//! the two stands in [`dialect`] and in the migrations, nowhere else. A command is decided on
//! rows held in memory ([`Work`]), written in one transaction with its events, jobs and audit
//! entry, and answered after the commit: [`Executor`]. Reads go to a pool of their own.
//!
//! Never here: what a row means. Contexts own their tables and say so in their `store.rs`.

pub mod audit;
mod batch;
pub mod command;
mod content;
pub mod copy;
mod dialect;
pub mod events;
pub mod executor;
mod fault;
mod find;
pub mod idempotency;
mod installation;
pub mod jobs;
mod key;
mod migrate;
mod migrations;
pub mod node;
pub mod page;
mod pool;
pub mod row;
pub mod system;
mod table;
pub mod work;
mod write;

pub use command::{Command, Envelope};
pub use executor::Executor;
pub use installation::{Installation, Purpose};
pub use jobs::NewJob;
pub use key::{Key, KeyPart};
pub use migrate::{Migrated, migrate, schema_fingerprint};
pub use pool::{Options, Store};
pub use row::Row;
pub use work::{Loads, Work};

/// What can go wrong between us and the database, for the operator.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The database refused or did not answer.
    #[error("database: {0}")]
    Database(#[from] sea_orm::DbErr),
    /// The connection broke while the database committed: whether it did, nobody here knows. Who
    /// asks again with the same idempotency key learns it.
    #[error("the connection broke during a commit: {0}")]
    CommitLost(sea_orm::DbErr),
    /// The program panicked while it ran a batch.
    #[error("a panic in the middle of a batch")]
    Panicked,
    /// A row that must be new exists already.
    #[error("{table} has this row already")]
    Taken {
        /// The table.
        table: &'static str,
        /// The refusal the caller gets.
        code: &'static kernel::Code,
    },
    /// A command used a row that it had not declared.
    #[error("{table} {key} was not declared by the command")]
    NotLoaded {
        /// The table.
        table: &'static str,
        /// The key.
        key: String,
    },
    /// A stored value cannot be read back.
    #[error("{table} {key}: {fault}")]
    BadRow {
        /// The table.
        table: &'static str,
        /// The key.
        key: String,
        /// What is wrong.
        fault: String,
    },
    /// Readers of the event log wait for a transaction that does not end.
    #[error(
        "an old transaction of this PostgreSQL cluster hides what was written since: look in pg_stat_activity and pg_prepared_xacts, and end it"
    )]
    Held,
    /// The database was made by a newer program.
    #[error("the database knows migration {0}, this program does not: please update the program")]
    NewerDatabase(String),
}

impl From<StoreError> for kernel::AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken { code, .. } => Self::refused(code),
            other => kernel::error::Broken::caused("store", other).into(),
        }
    }
}
