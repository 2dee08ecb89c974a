//! Connections: one way to write, one to read.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions,
};
use tokio::sync::watch;

use crate::{StoreError, find::Readers};

/// Prepared statements kept per connection: every size of every table fits on SQLite, and what a lane
/// writes in a day's work on PostgreSQL.
const STATEMENTS_CACHED: usize = 1_000;
/// Connections for reading: more than cores, because some wait for the disk.
const READERS: u32 = 6;
/// Lanes on PostgreSQL: one decides while others wait for a commit or a lock.
const LANES: u32 = 3;
/// Connections of PostgreSQL for writing beside the lanes: leases of jobs, sweeping.
const WRITERS: u32 = 4;
/// Seconds a caller waits for a connection, unless told otherwise.
const ACQUIRE_SECONDS: u64 = 10;
/// How often the write-ahead log of SQLite is moved into the database, off the writer's path.
const CHECKPOINT_EVERY: Duration = Duration::from_millis(500);

/// How to open a store.
#[derive(Debug, Clone)]
pub struct Options {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// Lanes of the executor on PostgreSQL. SQLite has one writer and one lane.
    pub lanes: u32,
    /// Commits that survive a power cut. Only functional tests and simulation turn it off.
    pub durable: bool,
    /// How long a caller waits for a connection before he is told that we are busy.
    pub patience: Duration,
}

impl Options {
    /// Production defaults.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            lanes: LANES,
            durable: true,
            patience: Duration::from_secs(ACQUIRE_SECONDS),
        }
    }
}

/// Records the text of every statement, for the golden file of statements.
pub(crate) type Recorder = Arc<Mutex<Option<Vec<String>>>>;

/// The writing side.
#[derive(Clone)]
pub(crate) struct Db {
    pub write: DatabaseConnection,
    pub backend: DbBackend,
    recorder: Recorder,
}

impl Db {
    /// SQLite takes the write lock at once, so that no transaction fails half-way.
    pub(crate) fn transaction_options() -> TransactionOptions {
        TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        }
    }

    pub(crate) async fn query(
        &self,
        tx: &impl ConnectionTrait,
        statement: Statement,
    ) -> Result<Vec<QueryResult>, DbErr> {
        self.record(&statement);
        tx.query_all_raw(statement).await
    }

    pub(crate) async fn execute(
        &self,
        tx: &impl ConnectionTrait,
        statement: Statement,
    ) -> Result<(), DbErr> {
        self.record(&statement);
        tx.execute_raw(statement).await.map(drop)
    }

    fn record(&self, statement: &Statement) {
        if let Ok(mut recorder) = self.recorder.lock()
            && let Some(lines) = recorder.as_mut()
        {
            lines.push(statement.sql.clone());
        }
    }
}

/// A store: pools and what belongs to them. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    db: Db,
    pub(crate) read: DatabaseConnection,
    pub(crate) readers: Readers,
    /// One for each lane.
    lane_writers: Arc<[DatabaseConnection]>,
    news: watch::Sender<u64>,
}

impl Store {
    /// Opens a database; it must have been migrated before commands run.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn open(options: &Options) -> Result<Self, StoreError> {
        let postgres = options.url.starts_with("postgres");
        let mut lane_writers = Vec::new();
        let (write, read) = if postgres {
            for _ in 0..options.lanes.max(1) {
                lane_writers.push(postgres_pool(options, 1).await?);
            }
            (
                postgres_pool(options, WRITERS).await?,
                postgres_pool(options, READERS).await?,
            )
        } else {
            let write = sqlite_writer(options).await?;
            lane_writers.push(write.clone());
            (write, sqlite_readers(options).await?)
        };
        let backend = if postgres {
            DbBackend::Postgres
        } else {
            DbBackend::Sqlite
        };
        let db = Db {
            write,
            backend,
            recorder: Recorder::default(),
        };
        let store = Self {
            db,
            read,
            readers: Readers::default(),
            lane_writers: lane_writers.into(),
            news: watch::Sender::new(0),
        };
        if !postgres {
            tokio::spawn(checkpoint(
                sqlite_writer(options).await?,
                store.news.subscribe(),
            ));
        }
        Ok(store)
    }

    /// The writing side of each lane of the executor. On PostgreSQL it has a connection of its own,
    /// which knows the statements of the lane; on SQLite there is one lane and one writer.
    pub(crate) fn lanes(&self) -> impl Iterator<Item = Db> {
        self.lane_writers.iter().map(|write| Db {
            write: write.clone(),
            ..self.db.clone()
        })
    }

    pub(crate) const fn db(&self) -> &Db {
        &self.db
    }

    /// The reading side.
    pub const fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Whether the database is PostgreSQL, for reports to the operator.
    pub fn is_postgres(&self) -> bool {
        self.db.backend == DbBackend::Postgres
    }

    /// Changes whenever something was committed here; a hint, never the only source.
    pub fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    pub(crate) fn announce(&self) {
        self.news
            .send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Runs one writing statement; it is a transaction of its own.
    pub(crate) async fn write_one(&self, statement: Statement) -> Result<(), StoreError> {
        Ok(self.db.execute(&self.db.write, statement).await?)
    }

    /// Starts to record the texts of statements that commands send.
    pub fn record_statements(&self) {
        if let Ok(mut recorder) = self.db.recorder.lock() {
            *recorder = Some(Vec::new());
        }
    }

    /// Takes the recorded texts and stops recording.
    pub fn take_recorded(&self) -> Vec<String> {
        self.db
            .recorder
            .lock()
            .ok()
            .and_then(|mut recorder| recorder.take())
            .unwrap_or_default()
    }

    /// Closes all connections.
    pub async fn close(self) {
        for lane in self.lane_writers.iter().cloned() {
            drop(lane.close().await);
        }
        drop(self.db.write.close().await);
        drop(self.read.close().await);
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.read
            .query_one_raw(Statement::from_string(self.db.backend, "SELECT 1"))
            .await?;
        Ok(())
    }
}

async fn postgres_pool(options: &Options, connections: u32) -> Result<DatabaseConnection, DbErr> {
    let durable = options.durable;
    let mut connect = common(options, connections);
    connect.map_sqlx_postgres_opts(move |postgres| {
        let postgres = postgres.statement_cache_capacity(STATEMENTS_CACHED);
        if durable {
            postgres
        } else {
            postgres.options([("synchronous_commit", "off")])
        }
    });
    Database::connect(connect).await
}

async fn sqlite_writer(options: &Options) -> Result<DatabaseConnection, DbErr> {
    let synchronous = if options.durable { "FULL" } else { "OFF" };
    let patience = options.patience;
    let mut connect = common(options, 1);
    connect.map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .create_if_missing(true)
            .foreign_keys(true)
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", synchronous)
            .pragma("wal_autocheckpoint", "0")
            .pragma("cache_size", "-65536")
            .busy_timeout(patience)
            .statement_cache_capacity(STATEMENTS_CACHED)
    });
    Database::connect(connect).await
}

async fn sqlite_readers(options: &Options) -> Result<DatabaseConnection, DbErr> {
    let patience = options.patience;
    let mut connect = common(options, READERS);
    connect.map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .pragma("query_only", "ON")
            .pragma("cache_size", "-16384")
            .busy_timeout(patience)
            .statement_cache_capacity(STATEMENTS_CACHED)
    });
    Database::connect(connect).await
}

fn common(options: &Options, connections: u32) -> ConnectOptions {
    let mut connect = ConnectOptions::new(options.url.clone());
    connect
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(options.patience)
        .test_before_acquire(false)
        .sqlx_logging(false);
    connect
}

/// Moves the write-ahead log into the database from time to time, over a connection of its own, so
/// that the writer never does. Ends with the store.
async fn checkpoint(connection: DatabaseConnection, mut news: watch::Receiver<u64>) {
    while news.changed().await.is_ok() {
        tokio::time::sleep(CHECKPOINT_EVERY).await;
        let statement = Statement::from_string(DbBackend::Sqlite, "PRAGMA wal_checkpoint(PASSIVE)");
        if let Err(error) = connection.query_one_raw(statement).await {
            tracing::warn!(%error, "the write-ahead log could not be moved");
        }
    }
}
