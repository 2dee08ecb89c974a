//! Accounts: a table of the tests, and a command that pays.

use kernel::{
    AppError, Code, DivisionCode, Timestamp,
    caller::Actor,
    codes,
    ids::{Id as _, RequestId},
};
use sea_orm::{ConnectionTrait as _, EntityTrait as _};
use serde::{Deserialize, Serialize};
use store::{
    Command, Envelope, Executor, Loads, NewJob, Row, Store, Work, jobs::Subscriptions, key,
};
use testkit::Database;
use uuid::Uuid;

pub(crate) mod account {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "account")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub bureau: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        pub balance: i64,
        pub version: i64,
        pub note: Option<String>,
        pub seal: Vec<u8>,
        pub open: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl Row for account::Model {
    const RANK: u16 = 10;
    const TAKEN: &'static Code = &codes::E1205;
}

pub(crate) const BUREAU: &str = "180100";

pub(crate) fn bureau() -> DivisionCode {
    BUREAU.parse().unwrap()
}

/// Adds to an account; refuses to go below zero.
#[derive(Clone)]
pub(crate) struct Pay {
    pub account: Uuid,
    pub amount: i64,
    pub create: bool,
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
pub(crate) struct Paid {
    pub balance: i64,
    pub id: RequestId,
}

impl Command for Pay {
    type Out = Paid;
    const NAME: &'static str = "account.pay";
    fn bureau(&self) -> DivisionCode {
        bureau()
    }
    fn subject(&self) -> String {
        self.account.to_string()
    }
    fn lane(&self) -> u64 {
        self.account.as_u64_pair().1
    }
    fn declare(&self, loads: &mut Loads<'_>) {
        if !self.create {
            loads.row::<account::Model>(key!(bureau(), self.account));
        }
    }
    fn decide(&self, work: &mut Work<'_>) -> Result<Paid, AppError> {
        let mut row = if self.create {
            account::Model {
                bureau: BUREAU.to_owned(),
                account_id: self.account,
                balance: 0,
                version: 0,
                note: Some("新开“户”\n\\".to_owned()),
                seal: vec![0, 255, 7],
                open: true,
            }
        } else {
            work.require::<account::Model>(&key!(bureau(), self.account))?
                .clone()
        };
        row.balance += self.amount;
        row.version += 1;
        let (balance, version) = (row.balance, row.version);
        if self.create {
            work.append(row);
        } else {
            work.put(row)?;
        }
        work.emit(
            "account",
            self.account,
            version,
            "account.paid",
            serde_json::json!({"amount": self.amount}),
        );
        work.job(NewJob::now(
            "tell",
            serde_json::json!({"v": 1, "balance": balance}),
        ));
        if balance < 0 {
            return Err(AppError::refused(&codes::E1002));
        }
        Ok(Paid {
            balance,
            id: work.id(),
        })
    }
}

pub(crate) fn store_seed(n: u128) -> [u8; 32] {
    let mut seed = [0; 32];
    seed[..16].copy_from_slice(&n.to_le_bytes());
    seed
}

pub(crate) fn envelope(n: u128, now: Timestamp) -> Envelope {
    Envelope {
        actor: Actor::System("test".into()),
        request: RequestId::from_uuid(Uuid::from_u128(n)),
        station: None,
        now,
        seed: store_seed(n),
        idempotency: None,
        lease: None,
    }
}

pub(crate) async fn open(database: &Database) -> (Store, Executor) {
    let store = database.open().await;
    let raw = sea_orm::Database::connect(&database.options().url)
        .await
        .unwrap();
    let (id, bytes, flag) = if store.is_postgres() {
        ("uuid", "bytea", "boolean")
    } else {
        ("BLOB", "BLOB", "INTEGER")
    };
    raw.execute_unprepared(&format!(
        "CREATE TABLE IF NOT EXISTS account (bureau text, account_id {id}, balance bigint, version bigint, \
         note text, seal {bytes}, open {flag}, PRIMARY KEY (bureau, account_id))"
    ))
    .await
    .unwrap();
    raw.close().await.unwrap();
    let subscriptions = Subscriptions::default().on("account.paid", "listen");
    let executor = Executor::start(&store, subscriptions, 0).await.unwrap();
    (store, executor)
}

pub(crate) async fn balance(store: &Store, id: Uuid) -> Option<account::Model> {
    account::Entity::find_by_id((BUREAU.to_owned(), id))
        .one(store.read())
        .await
        .unwrap()
}

pub(crate) async fn audit_of_all_lanes(store: &Store) -> Vec<store::audit::Model> {
    let mut all = Vec::new();
    for head in store.audit_heads().await.unwrap() {
        all.extend(store.audit_after(head.lane, 0, 10_000).await.unwrap());
    }
    all
}

type Decision = Box<dyn Fn(&mut Work<'_>) -> Result<i64, AppError> + Send + Sync>;

/// A command made on the spot.
pub(crate) struct Act {
    pub lane: u64,
    pub declares: Vec<Uuid>,
    pub decide: Decision,
}

impl Act {
    /// Does something with declared accounts.
    pub(crate) fn on(
        declares: &[Uuid],
        decide: impl Fn(&mut Work<'_>) -> Result<i64, AppError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            lane: 0,
            declares: declares.to_vec(),
            decide: Box::new(decide),
        }
    }

    pub(crate) fn in_lane(self, lane: u64) -> Self {
        Self { lane, ..self }
    }
}

impl Command for Act {
    type Out = i64;
    const NAME: &'static str = "account.act";
    fn bureau(&self) -> DivisionCode {
        bureau()
    }
    fn subject(&self) -> String {
        "act".to_owned()
    }
    fn lane(&self) -> u64 {
        self.lane
    }
    fn declare(&self, loads: &mut Loads<'_>) {
        for account in &self.declares {
            loads.row::<account::Model>(key!(bureau(), *account));
        }
    }
    fn decide(&self, work: &mut Work<'_>) -> Result<i64, AppError> {
        (self.decide)(work)
    }
}

/// Adds one to an account, which is opened when it is not there.
pub(crate) fn add_one(work: &mut Work<'_>, account: Uuid) -> Result<i64, AppError> {
    let found = work.get::<account::Model>(&key!(bureau(), account))?;
    let mut row = found.cloned().unwrap_or_else(|| empty(account));
    row.balance += 1;
    let balance = row.balance;
    work.put(row)?;
    Ok(balance)
}

/// An account with nothing in it.
pub(crate) fn empty(account: Uuid) -> account::Model {
    account::Model {
        bureau: BUREAU.to_owned(),
        account_id: account,
        balance: 0,
        version: 0,
        note: None,
        seal: Vec::new(),
        open: true,
    }
}

/// A connection of an outsider.
pub(crate) async fn outsider(database: &Database) -> sea_orm::DatabaseConnection {
    let mut connect = sea_orm::ConnectOptions::new(database.options().url.clone());
    connect.max_connections(2).sqlx_logging(false);
    sea_orm::Database::connect(connect).await.unwrap()
}
