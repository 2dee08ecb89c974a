//! Races, panics, broken connections: what is nobody's fault, and what must not spread.

use std::time::Duration;

use kernel::AppError;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement, TransactionTrait as _};
use store::{
    Envelope, Executor, Loads, Options, Row, Store, Work, idempotency::Idempotency,
    jobs::Subscriptions, key,
};
use testkit::{Database, Kind, MONDAY, on_both};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::Instant,
};
use uuid::Uuid;

use crate::common::{
    Act, BUREAU, Pay, add_one, audit_of_all_lanes, balance, bureau, empty, envelope, open, outsider,
};

const FIRST: Uuid = Uuid::from_u128(1);
const GATE: Uuid = Uuid::from_u128(2);

/// Waits until as many connections wait for locks.
async fn until_waiting(outsider: &DatabaseConnection, wanted: i64) {
    let sql = "SELECT count(*) AS n FROM pg_stat_activity \
               WHERE datname = current_database() AND wait_event_type = 'Lock'";
    loop {
        let row = outsider
            .query_one_raw(Statement::from_string(outsider.get_database_backend(), sql))
            .await
            .unwrap()
            .unwrap();
        if row.try_get::<i64>("", "n").unwrap() >= wanted {
            return;
        }
    }
}

fn lock(account: Uuid) -> String {
    format!(
        "SELECT 1 FROM account WHERE bureau = '{BUREAU}' AND account_id = '{account}' FOR UPDATE"
    )
}

/// Two commands in two lanes that have both loaded their rows before either goes on.
async fn run_side_by_side(
    database: &Database,
    executor: &Executor,
    commands: [(Envelope, Act); 2],
) -> [Result<i64, AppError>; 2] {
    executor
        .run(
            envelope(1, MONDAY),
            Pay {
                account: GATE,
                amount: 0,
                create: true,
            },
        )
        .await
        .unwrap();
    let outsider = outsider(database).await;
    let gate = outsider.begin().await.unwrap();
    gate.execute_unprepared(&lock(GATE)).await.unwrap();
    let [first, second] = commands.map(|(envelope, act)| executor.submit(envelope, act).unwrap());
    until_waiting(&outsider, 2).await;
    gate.commit().await.unwrap();
    [first.await.unwrap(), second.await.unwrap()]
}

#[tokio::test]
async fn two_lanes_that_miss_the_same_row_both_succeed() {
    let database = Database::create(Kind::Postgres).await;
    let (store, executor) = open(&database).await;
    let count = |n: u8| {
        (
            envelope(10 + u128::from(n), MONDAY),
            Act::on(&[FIRST, GATE], |work| add_one(work, FIRST)).in_lane(n.into()),
        )
    };
    let answers = run_side_by_side(&database, &executor, [count(0), count(1)]).await;
    let mut answers = answers.map(Result::unwrap);
    answers.sort_unstable();
    assert_eq!(answers, [1, 2]);
    assert_eq!(balance(&store, FIRST).await.unwrap().balance, 2);
}

#[tokio::test]
async fn the_same_request_in_two_lanes_at_once_is_done_once() {
    let database = Database::create(Kind::Postgres).await;
    let (store, executor) = open(&database).await;
    executor
        .run(
            envelope(9, MONDAY),
            Pay {
                account: FIRST,
                amount: 0,
                create: true,
            },
        )
        .await
        .unwrap();
    let count = |n: u8| {
        let idempotency = Some(Idempotency::new(
            "person_1",
            "POST /cases",
            "key-0001",
            b"{}",
        ));
        let envelope = Envelope {
            idempotency,
            ..envelope(10 + u128::from(n), MONDAY)
        };
        (
            envelope,
            Act::on(&[FIRST, GATE], |work| add_one(work, FIRST)).in_lane(n.into()),
        )
    };
    let answers = run_side_by_side(&database, &executor, [count(0), count(1)]).await;
    assert_eq!(answers.map(Result::unwrap), [1, 1]);
    assert_eq!(balance(&store, FIRST).await.unwrap().balance, 1);
}

#[tokio::test]
async fn a_command_that_a_deadlock_broke_off_is_run_again() {
    let database = Database::create(Kind::Postgres).await;
    let (store, executor) = open(&database).await;
    executor
        .run(
            envelope(1, MONDAY),
            Pay {
                account: FIRST,
                amount: 0,
                create: true,
            },
        )
        .await
        .unwrap();
    executor
        .run(
            envelope(2, MONDAY),
            Pay {
                account: GATE,
                amount: 0,
                create: true,
            },
        )
        .await
        .unwrap();
    let outsider = outsider(&database).await;
    let against = outsider.begin().await.unwrap();
    // The outsider is patient: the command is the one that is broken off.
    against
        .execute_unprepared("SET LOCAL deadlock_timeout = '1min'")
        .await
        .unwrap();
    against.execute_unprepared(&lock(GATE)).await.unwrap();
    let answer = executor
        .submit(
            envelope(3, MONDAY),
            Act::on(&[FIRST, GATE], |work| add_one(work, FIRST)),
        )
        .unwrap();
    until_waiting(&outsider, 1).await;
    against.execute_unprepared(&lock(FIRST)).await.unwrap();
    against.commit().await.unwrap();
    assert_eq!(answer.await.unwrap().unwrap(), 1);
    assert_eq!(balance(&store, FIRST).await.unwrap().balance, 1);
}

on_both! {
    async fn two_programs_on_one_audit_chain_both_go_on(database) {
        let (store, first) = open(&database).await;
        let second = Executor::start(&store, Subscriptions::default(), 0).await.unwrap();
        for n in 0..20_u128 {
            let executor = if n % 2 == 0 { &first } else { &second };
            executor.run(envelope(10 + n, MONDAY), Act::on(&[FIRST], |work| add_one(work, FIRST))).await.unwrap();
        }
        let both: Vec<_> = (0..20_u8)
            .map(|n| [&first, &second][usize::from(n % 2)].submit(envelope(50 + u128::from(n), MONDAY), Act::on(&[FIRST], |work| add_one(work, FIRST))).unwrap())
            .collect();
        for answer in both {
            answer.await.unwrap().unwrap();
        }
        assert_eq!(balance(&store, FIRST).await.unwrap().balance, 40);
        let entries = audit_of_all_lanes(&store).await;
        assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), (1..=40).collect::<Vec<_>>());
    }
}

/// Panics where it is told to.
#[derive(Clone, Copy)]
enum Bomb {
    WhenDeclared,
    WhenDecided,
}

impl store::Command for Bomb {
    type Out = i64;
    const NAME: &'static str = "bomb";
    fn bureau(&self) -> kernel::DivisionCode {
        bureau()
    }
    fn subject(&self) -> String {
        "bomb".to_owned()
    }
    fn lane(&self) -> u64 {
        0
    }
    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<crate::common::account::Model>(key!(bureau(), FIRST));
        assert!(matches!(self, Self::WhenDecided), "a fault in declare");
    }
    fn decide(&self, work: &mut Work<'_>) -> Result<i64, AppError> {
        add_one(work, FIRST)?;
        work.put(empty(GATE))?;
        panic!("a fault in decide");
    }
}

/// A row that panics when the batch is written.
mod brittle {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "account")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub bureau: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        pub balance: i64,
    }

    impl PartialEq for Model {
        fn eq(&self, _: &Self) -> bool {
            panic!("a fault outside of commands")
        }
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl Row for brittle::Model {
    const RANK: u16 = 20;
}

struct Break;

impl store::Command for Break {
    type Out = i64;
    const NAME: &'static str = "break";
    fn bureau(&self) -> kernel::DivisionCode {
        bureau()
    }
    fn subject(&self) -> String {
        "break".to_owned()
    }
    fn lane(&self) -> u64 {
        0
    }
    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<brittle::Model>(key!(bureau(), FIRST));
    }
    fn decide(&self, work: &mut Work<'_>) -> Result<i64, AppError> {
        let row = work
            .require::<brittle::Model>(&key!(bureau(), FIRST))?
            .clone();
        work.put(row)?;
        Ok(0)
    }
}

on_both! {
    async fn a_panic_is_the_answer_of_one_command_and_its_lane_goes_on(database) {
        let (store, executor) = open(&database).await;
        executor.run(envelope(1, MONDAY), Pay { account: FIRST, amount: 0, create: true }).await.unwrap();
        let one = |n| executor.submit(envelope(n, MONDAY), Act::on(&[FIRST], |work| add_one(work, FIRST))).unwrap();
        let before = one(10);
        let bombs = [
            executor.submit(envelope(11, MONDAY), Bomb::WhenDecided).unwrap(),
            executor.submit(envelope(12, MONDAY), Bomb::WhenDeclared).unwrap(),
            executor.submit(envelope(13, MONDAY), Break).unwrap(),
        ];
        let after = one(14);
        assert_eq!(before.await.unwrap().unwrap(), 1);
        for bomb in bombs {
            assert_eq!(bomb.await.unwrap().unwrap_err().code(), "E1900");
        }
        assert_eq!(after.await.unwrap().unwrap(), 2);
        assert!(executor.is_alive());
        assert_eq!(one(15).await.unwrap().unwrap(), 3);
        assert_eq!(balance(&store, GATE).await, None);
        assert_eq!(audit_of_all_lanes(&store).await.len(), 4);
    }
}

/// A way to the server that can be cut.
struct Wire {
    server: String,
    address: std::net::SocketAddr,
    carrying: JoinSet<()>,
}

impl Wire {
    async fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut carrying = JoinSet::new();
        carrying.spawn(carry(listener, server.to_owned()));
        Self {
            server: server.to_owned(),
            address,
            carrying,
        }
    }

    async fn cut(&mut self) {
        self.carrying.shutdown().await;
    }

    async fn mend(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.carrying.spawn(carry(listener, self.server.clone()));
    }
}

/// Carries bytes until it is dropped.
async fn carry(listener: TcpListener, server: String) {
    let mut connections = JoinSet::new();
    while let Ok((mut near, _)) = listener.accept().await {
        let mut far = TcpStream::connect(&server).await.unwrap();
        connections.spawn(async move {
            drop(tokio::io::copy_bidirectional(&mut near, &mut far).await);
        });
    }
}

#[tokio::test]
async fn a_lost_database_is_told_at_once_and_found_again() {
    let database = Database::create(Kind::Postgres).await;
    let (store, _) = open(&database).await;
    let (head, tail) = database.options().url.split_once('@').unwrap();
    let (server, name) = tail.split_once('/').unwrap();
    let mut wire = Wire::to(server).await;
    let patience = Duration::from_secs(1);
    let options = Options {
        patience,
        url: format!("{head}@{}/{name}", wire.address),
        ..database.options().clone()
    };
    let far = Store::open(&options).await.unwrap();
    let executor = Executor::start(&far, Subscriptions::default(), 1)
        .await
        .unwrap();
    let count = |n: u8| {
        executor
            .submit(
                envelope(u128::from(n), MONDAY),
                Act::on(&[FIRST], |work| add_one(work, FIRST)),
            )
            .unwrap()
    };
    assert_eq!(count(0).await.unwrap().unwrap(), 1);

    wire.cut().await;
    let lost = Instant::now();
    let answers: Vec<_> = (1..=100).map(count).collect();
    for answer in answers {
        assert_eq!(answer.await.unwrap().unwrap_err().code(), "E1900");
    }
    assert!(
        lost.elapsed() < patience * 5,
        "{:?} for one batch",
        lost.elapsed()
    );
    assert!(executor.is_alive());

    wire.mend().await;
    // The pool still holds connections that died.
    assert_eq!(count(101).await.unwrap().unwrap(), 2);
    assert_eq!(balance(&store, FIRST).await.unwrap().balance, 2);
    assert_eq!(audit_of_all_lanes(&store).await.len(), 2);
}
