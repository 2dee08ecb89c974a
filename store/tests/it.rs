//! How the executor, jobs, events and audit behave, on both databases.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails at that line"
)]

use std::sync::Arc;

use kernel::{
    AppError, Code, DivisionCode, Timestamp,
    caller::Actor,
    codes,
    ids::{Id as _, RequestId},
};
use sea_orm::{ConnectionTrait as _, EntityTrait as _};
use seal::chain::Link;
use serde::{Deserialize, Serialize};
use store::{
    Command, Envelope, Executor, Loads, NewJob, Row, Store, Work,
    events::Position,
    idempotency::Idempotency,
    jobs::{Handler, Handlers, Lease, Subscriptions},
    key, migrate,
};
use testkit::{Database, MONDAY, on_both};
use uuid::Uuid;

mod account {
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

const BUREAU: &str = "180100";

fn bureau() -> DivisionCode {
    BUREAU.parse().unwrap()
}

/// Adds to an account; refuses to go below zero.
#[derive(Clone)]
struct Pay {
    account: Uuid,
    amount: i64,
    create: bool,
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Paid {
    balance: i64,
    id: RequestId,
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

fn store_seed(n: u128) -> [u8; 32] {
    let mut seed = [0; 32];
    seed[..16].copy_from_slice(&n.to_le_bytes());
    seed
}

fn envelope(n: u128, now: Timestamp) -> Envelope {
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

async fn open(database: &Database) -> (Store, Executor) {
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

async fn balance(store: &Store, id: Uuid) -> Option<account::Model> {
    account::Entity::find_by_id((BUREAU.to_owned(), id))
        .one(store.read())
        .await
        .unwrap()
}

on_both! {
    async fn a_command_writes_its_row_event_jobs_and_audit_entry_and_a_refusal_writes_nothing(database) {
        let (store, executor) = open(&database).await;
        let id = Uuid::from_u128(1);
        let paid = executor.run(envelope(1, MONDAY), Pay { account: id, amount: 5, create: true }).await.unwrap();
        assert_eq!(paid.balance, 5);
        let refused = executor.run(envelope(2, MONDAY), Pay { account: id, amount: -9, create: false }).await;
        assert_eq!(refused.unwrap_err().code(), "E1002");

        let row = balance(&store, id).await.unwrap();
        assert_eq!((row.balance, row.version, row.seal, row.open), (5, 1, vec![0, 255, 7], true));
        assert_eq!(row.note.as_deref(), Some("新开“户”\n\\"));
        let history = store.history(bureau(), id).await.unwrap();
        assert_eq!(history.len(), 1);
        assert_eq!((history[0].seq, history[0].kind.as_str(), history[0].at), (1, "account.paid", MONDAY));
        let jobs = store.lease_jobs(MONDAY, 10).await.unwrap();
        let mut kinds: Vec<&str> = jobs.iter().map(|job| job.kind.as_str()).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["listen", "tell"]);
        let entries = audit_of_all_lanes(&store).await;
        assert_eq!(entries.len(), 1);
        assert_eq!((entries[0].action.as_str(), entries[0].subject.as_str()), ("account.pay", id.to_string().as_str()));
    }
}

async fn audit_of_all_lanes(store: &Store) -> Vec<store::audit::Model> {
    let mut all = Vec::new();
    for head in store.audit_heads().await.unwrap() {
        all.extend(store.audit_after(head.lane, 0, 10_000).await.unwrap());
    }
    all
}

on_both! {
    async fn many_commands_at_once_are_all_done_exactly_once_in_one_chain_per_lane(database) {
        let (store, executor) = open(&database).await;
        let accounts: Vec<Uuid> = (1..=7).map(Uuid::from_u128).collect();
        for account in &accounts {
            executor.run(envelope(account.as_u128(), MONDAY), Pay { account: *account, amount: 0, create: true }).await.unwrap();
        }
        let mut answers = Vec::new();
        for n in 0..700_u128 {
            let account = accounts[usize::try_from(n % 7).unwrap()];
            // Every tenth would overdraw: refused in the middle of a batch.
            let amount = if n % 10 == 9 { -1_000_000 } else { 1 };
            answers.push(executor.submit(envelope(100 + n, MONDAY), Pay { account, amount, create: false }).unwrap());
        }
        let mut done = 0;
        for answer in answers {
            done += i64::from(answer.await.unwrap().is_ok());
        }
        assert_eq!(done, 630);
        let mut total = 0;
        for account in &accounts {
            let row = balance(&store, *account).await.unwrap();
            assert_eq!(row.version, i64::try_from(store.history(bureau(), *account).await.unwrap().len()).unwrap());
            total += row.balance;
        }
        assert_eq!(total, 630);
        for head in store.audit_heads().await.unwrap() {
            let mut link = Link::start(head.lane);
            for entry in store.audit_after(head.lane, 0, 10_000).await.unwrap() {
                link = link.add(entry.fields().iter().map(Vec::as_slice));
                assert_eq!(entry.hash, link.hash);
            }
            assert_eq!(link, head);
        }
    }
}

on_both! {
    async fn a_repetition_gets_the_same_answer_and_other_content_is_refused(database) {
        let (store, executor) = open(&database).await;
        let id = Uuid::from_u128(1);
        executor.run(envelope(1, MONDAY), Pay { account: id, amount: 0, create: true }).await.unwrap();
        let with_key = |n: u128, body: &[u8]| Envelope {
            idempotency: Some(Idempotency::new("person_1", "POST /pay", "key-0001", body)),
            ..envelope(n, MONDAY)
        };
        let pay = |amount| Pay { account: id, amount, create: false };
        // Twice in one batch, and once more later: done once.
        let first = executor.submit(with_key(2, b"+3"), pay(3)).unwrap();
        let second = executor.submit(with_key(3, b"+3"), pay(3)).unwrap();
        let (first, second) = (first.await.unwrap().unwrap(), second.await.unwrap().unwrap());
        let third = executor.run(with_key(4, b"+3"), pay(3)).await.unwrap();
        assert_eq!((&first, &first), (&second, &third));
        assert_eq!(balance(&store, id).await.unwrap().balance, 3);
        let other = executor.run(with_key(5, b"+4"), pay(4)).await.unwrap_err();
        assert_eq!(other.code(), "E1008");
        // A refusal is not kept: decided anew.
        let refused = Envelope { idempotency: Some(Idempotency::new("person_1", "POST /pay", "key-0002", b"-9")), ..envelope(6, MONDAY) };
        assert!(executor.run(refused.clone(), pay(-9)).await.is_err());
        executor.run(envelope(7, MONDAY), pay(9)).await.unwrap();
        assert!(executor.run(refused, pay(-9)).await.is_ok());
    }
}

on_both! {
    async fn a_row_that_must_be_new_is_refused_alone_and_the_rest_of_its_batch_is_done(database) {
        let (store, executor) = open(&database).await;
        let ids: Vec<Uuid> = (1..=20).map(Uuid::from_u128).collect();
        executor.run(envelope(1, MONDAY), Pay { account: ids[4], amount: 1, create: true }).await.unwrap();
        let answers: Vec<_> = ids
            .iter()
            .map(|id| executor.submit(envelope(id.as_u128() + 50, MONDAY), Pay { account: *id, amount: 2, create: true }).unwrap())
            .collect();
        let mut refused = Vec::new();
        for (answer, id) in answers.into_iter().zip(&ids) {
            if let Err(error) = answer.await.unwrap() {
                refused.push((*id, error.code()));
            }
        }
        assert_eq!(refused, [(ids[4], "E1205")]);
        assert_eq!(balance(&store, ids[4]).await.unwrap().balance, 1);
        assert_eq!(balance(&store, ids[5]).await.unwrap().balance, 2);
        assert_eq!(audit_of_all_lanes(&store).await.len(), 20);
    }
}

on_both! {
    async fn readers_of_the_log_see_every_event_once_in_order(database) {
        let (store, executor) = open(&database).await;
        let ids: Vec<Uuid> = (1..=5).map(Uuid::from_u128).collect();
        for id in &ids {
            executor.run(envelope(id.as_u128(), MONDAY), Pay { account: *id, amount: 1, create: true }).await.unwrap();
        }
        let writer = executor.clone();
        let accounts = ids.clone();
        let writing = tokio::spawn(async move {
            for n in 0..200_u128 {
                let account = accounts[usize::try_from(n % 5).unwrap()];
                writer.run(envelope(10 + n, MONDAY), Pay { account, amount: 1, create: false }).await.unwrap();
            }
        });
        let mut position = Position::default();
        let mut seen = Vec::new();
        while seen.len() < 205 {
            for event in store.events_after(position, 17).await.unwrap() {
                assert!(event.position() > position);
                position = event.position();
                seen.push((event.stream_id, event.seq));
            }
            tokio::task::yield_now().await;
        }
        writing.await.unwrap();
        let mut sorted = seen.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), 205);
        for id in ids {
            let order: Vec<i64> = seen.iter().filter(|(stream, _)| *stream == id).map(|(_, seq)| *seq).collect();
            assert!(order.is_sorted(), "{order:?}");
        }
        assert_eq!(store.events_end().await.unwrap(), position);
    }
}

/// Fails as often as it is told, then works.
struct Stubborn(std::sync::atomic::AtomicI32);

impl Handler for Stubborn {
    fn run<'a>(
        &'a self,
        _lease: &'a Lease,
        _now: Timestamp,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<(), AppError>> + Send + 'a>> {
        Box::pin(async {
            if self.0.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) > 0 {
                Err(AppError::refused(&codes::E1226))
            } else {
                Ok(())
            }
        })
    }
}

on_both! {
    async fn a_failing_job_waits_longer_each_time_and_ends_as_a_dead_letter(database) {
        let (store, executor) = open(&database).await;
        executor.run(envelope(1, MONDAY), Pay { account: Uuid::from_u128(1), amount: 1, create: true }).await.unwrap();
        let fine: Arc<dyn Handler> = Arc::new(Stubborn(0.into()));
        let stubborn: Arc<dyn Handler> = Arc::new(Stubborn(3.into()));
        let handlers: Handlers = [("listen", fine), ("tell", stubborn)].into();
        assert_eq!(store.run_due_jobs(&handlers, MONDAY).await.unwrap(), 2);
        // Not before its delay of two seconds, then four, then eight.
        assert_eq!(store.run_due_jobs(&handlers, MONDAY.plus_seconds(1)).await.unwrap(), 0);
        assert_eq!(store.run_due_jobs(&handlers, MONDAY.plus_seconds(2)).await.unwrap(), 1);
        assert_eq!(store.run_due_jobs(&handlers, MONDAY.plus_seconds(6)).await.unwrap(), 1);
        assert_eq!(store.run_due_jobs(&handlers, MONDAY.plus_seconds(14)).await.unwrap(), 1);
        assert_eq!(store::jobs::Entity::find().all(store.read()).await.unwrap(), []);

        executor.run(envelope(2, MONDAY), Pay { account: Uuid::from_u128(2), amount: 1, create: true }).await.unwrap();
        let never: Arc<dyn Handler> = Arc::new(Stubborn(1_000.into()));
        let handlers: Handlers = [("listen", Arc::clone(&never)), ("tell", never)].into();
        let mut now = MONDAY;
        for _ in 0..kernel::limits::JOB_ATTEMPTS_MAX {
            store.run_due_jobs(&handlers, now).await.unwrap();
            now = now.plus_seconds(20_000);
        }
        let dead = store::jobs::Entity::find().all(store.read()).await.unwrap();
        assert_eq!(dead.len(), 2);
        assert!(dead.iter().all(|job| job.state == "dead" && job.due_us.is_none() && job.last_error == "E1226"));
    }
}

on_both! {
    async fn a_worker_that_comes_back_late_changes_nothing(database) {
        let (store, executor) = open(&database).await;
        let id = Uuid::from_u128(1);
        executor.run(envelope(1, MONDAY), Pay { account: id, amount: 1, create: true }).await.unwrap();
        let early = store.lease_jobs(MONDAY, 10).await.unwrap().remove(0);
        let later = MONDAY.plus_seconds(kernel::limits::JOB_LEASE_SECONDS);
        assert!(store.lease_jobs(later.plus_seconds(-1), 10).await.unwrap().is_empty());
        let leases = store.lease_jobs(later, 10).await.unwrap();
        let second = leases.iter().find(|lease| lease.job == early.job).unwrap().clone();
        assert_eq!(second.fence, early.fence + 1);
        let with = |lease: Lease| Envelope { lease: Some(lease), ..envelope(9, later) };
        let pay = Pay { account: id, amount: 10, create: false };
        assert_eq!(executor.run(with(early.clone()), pay.clone()).await.unwrap_err().code(), "E1900");
        assert_eq!(balance(&store, id).await.unwrap().balance, 1);
        store.finish_job(&early).await.unwrap();
        executor.run(with(second), pay).await.unwrap();
        assert_eq!(balance(&store, id).await.unwrap().balance, 11);
        assert_eq!(store::jobs::Entity::find_by_id((BUREAU.to_owned(), early.job.uuid())).one(store.read()).await.unwrap(), None);
    }
}

on_both! {
    async fn migrating_twice_does_nothing_and_a_newer_database_is_refused(database) {
        let store = database.open().await;
        assert_eq!(migrate(&store).await.unwrap().applied, Vec::<&str>::new());
        let raw = sea_orm::Database::connect(&database.options().url).await.unwrap();
        raw.execute_unprepared("INSERT INTO migration (id) VALUES ('299901010000_future')").await.unwrap();
        assert!(migrate(&store).await.unwrap_err().to_string().contains("299901010000_future"));
    }
}
