//! A migrated database for one test, gone with it.

use std::{env, sync::OnceLock};

use sea_orm::{ConnectionTrait as _, Database as Sea, DatabaseConnection};
use store::{Options, Store, migrate};
use tokio::sync::Mutex;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file in a temporary folder.
    Sqlite,
    /// A database of its own in the private cluster.
    Postgres,
}

/// A migrated database. Dropping it removes it.
pub struct Database {
    options: Options,
    /// Which one it is.
    pub kind: Kind,
    cleanup: Cleanup,
}

enum Cleanup {
    Folder { _folder: tempfile::TempDir },
    Postgres { server: String, name: String },
}

impl Database {
    /// Makes a database and migrates it.
    ///
    /// # Panics
    /// When it cannot be made; the message says what is missing.
    pub async fn create(kind: Kind) -> Self {
        match kind {
            Kind::Sqlite => Self::sqlite().await,
            Kind::Postgres => Self::postgres().await,
        }
    }

    /// Makes a database in which there is nothing.
    ///
    /// # Panics
    /// When it cannot be made; the message says what is missing.
    pub async fn empty(kind: Kind) -> Self {
        match kind {
            Kind::Sqlite => Self::file(),
            Kind::Postgres => Self::in_cluster(None).await,
        }
    }

    /// How to open it.
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// Opens it.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn open(&self) -> Store {
        Store::open(&self.options)
            .await
            .unwrap_or_else(|fault| panic!("open: {fault}"))
    }

    async fn sqlite() -> Self {
        let this = Self::file();
        migrated(&this.open().await).await;
        this
    }

    fn file() -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|fault| panic!("no folder: {fault}"));
        let url = format!("sqlite:{}/test.db", folder.path().display());
        let options = Options {
            durable: false,
            ..Options::new(url)
        };
        Self {
            options,
            kind: Kind::Sqlite,
            cleanup: Cleanup::Folder { _folder: folder },
        }
    }

    async fn postgres() -> Self {
        let server = server();
        let template = template(&server, &admin(&server).await).await;
        Self::in_cluster(Some(&template)).await
    }

    /// A database of the cluster, a copy of `template` if one is given.
    async fn in_cluster(template: Option<&str>) -> Self {
        let server = server();
        let name = format!("yici_test_{}", unique());
        let source = template.unwrap_or("template0");
        let sql = format!("CREATE DATABASE {name} TEMPLATE {source}");
        run(&admin(&server).await, &sql).await;
        let options = Options {
            durable: false,
            ..Options::new(with_name(&server, &name))
        };
        Self {
            options,
            kind: Kind::Postgres,
            cleanup: Cleanup::Postgres { server, name },
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Cleanup::Postgres { server, name } = &self.cleanup else {
            return;
        };
        let (server, name) = (server.clone(), name.clone());
        // The runtime of the test may be ending: a thread of its own tidies up, and a database
        // that stays behind goes with the private cluster.
        let tidy = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            if let Ok(runtime) = runtime {
                runtime.block_on(async {
                    run(
                        &admin(&server).await,
                        &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
                    )
                    .await;
                });
            }
        });
        drop(tidy.join());
    }
}

/// The private cluster.
fn server() -> String {
    env::var("YICI_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!("YICI_TEST_POSTGRES is not set: `make test` starts a cluster and sets it")
    })
}

/// The migrated template of this schema, made by whoever comes first.
async fn template(server: &str, admin: &DatabaseConnection) -> String {
    static MADE: OnceLock<Mutex<Option<String>>> = OnceLock::new();
    let mut made = MADE.get_or_init(Mutex::default).lock().await;
    if let Some(name) = made.as_ref() {
        return name.clone();
    }
    let name = format!("yici_template_{}", store::schema_fingerprint());
    // Test processes run side by side: an advisory lock on one connection keeps them apart.
    run(admin, "SELECT pg_advisory_lock(7914502)").await;
    let exists = admin
        .query_one_raw(sea_orm::Statement::from_string(
            sea_orm::DbBackend::Postgres,
            format!("SELECT 1 FROM pg_database WHERE datname = '{name}'"),
        ))
        .await
        .unwrap_or_else(|fault| panic!("look for the template: {fault}"))
        .is_some();
    if !exists {
        let draft = format!("yici_draft_{}", unique());
        run(admin, &format!("CREATE DATABASE {draft}")).await;
        let store = Store::open(&Options::new(with_name(server, &draft))).await;
        let store = store.unwrap_or_else(|fault| panic!("open the template: {fault}"));
        migrated(&store).await;
        store.close().await;
        run(admin, &format!("ALTER DATABASE {draft} RENAME TO {name}")).await;
    }
    run(admin, "SELECT pg_advisory_unlock(7914502)").await;
    *made = Some(name.clone());
    name
}

async fn migrated(store: &Store) {
    migrate(store)
        .await
        .unwrap_or_else(|fault| panic!("migrate: {fault}"));
}

async fn admin(server: &str) -> DatabaseConnection {
    let mut connect = sea_orm::ConnectOptions::new(server.to_owned());
    connect.max_connections(1).sqlx_logging(false);
    Sea::connect(connect)
        .await
        .unwrap_or_else(|fault| panic!("PostgreSQL at {server}: {fault}"))
}

async fn run(connection: &DatabaseConnection, sql: &str) {
    connection
        .execute_unprepared(sql)
        .await
        .unwrap_or_else(|fault| panic!("{sql}: {fault}"));
}

fn with_name(server: &str, name: &str) -> String {
    let (head, _) = server.rsplit_once('/').unwrap_or((server, ""));
    format!("{head}/{name}")
}

fn unique() -> String {
    let mut bytes = [0_u8; 8];
    kernel::Entropy::fill(&mut store::system::SystemEntropy, &mut bytes);
    format!("{:016x}", u64::from_le_bytes(bytes))
}
