//! The event log and its readers.

use sea_orm::{ConnectionTrait as _, Statement, TransactionTrait as _};
use store::{
    Executor, Store,
    events::{Model, Position},
};
use testkit::{Database, Kind, MONDAY, on_both};
use uuid::Uuid;

use crate::common::{BUREAU, Pay, envelope, open, outsider};

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

/// What a reader at a position finds at this instant.
async fn glance(store: &Store, from: Position) -> Vec<Model> {
    store.events_after(from, 1_000).await.unwrap()
}

/// Waits until a reader at a position finds so many events: whatever runs in the same cluster holds
/// readers back for a moment.
async fn read(store: &Store, from: Position, wanted: usize) -> Vec<Model> {
    loop {
        let found = glance(store, from).await;
        if found.len() >= wanted {
            return found;
        }
        tokio::task::yield_now().await;
    }
}

fn seqs(events: &[Model]) -> Vec<i64> {
    events.iter().map(|event| event.seq).collect()
}

async fn pay(executor: &Executor, n: u128, account: Uuid) {
    let create = n == 1;
    executor
        .run(
            envelope(n, MONDAY),
            Pay {
                account,
                amount: 1,
                create,
            },
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn a_reader_does_not_pass_a_transaction_that_began_earlier_and_is_still_open() {
    let database = Database::create(Kind::Postgres).await;
    let (store, executor) = open(&database).await;
    let account = Uuid::from_u128(1);
    pay(&executor, 1, account).await;
    let read_so_far = read(&store, Position::default(), 1).await[0].position();

    // Another program has written its event and not committed; then one of ours is committed.
    let outsider = outsider(&database).await;
    let slow = outsider.begin().await.unwrap();
    let event = format!(
        "INSERT INTO event (bureau, stream_id, seq, stream, kind, at_us, actor, body) VALUES \
         ('{BUREAU}', '{}', 77, 'account', 'account.paid', 0, '\"system\"', '{{}}')",
        Uuid::from_u128(7)
    );
    slow.execute_unprepared(&event).await.unwrap();
    pay(&executor, 2, account).await;
    assert_eq!(seqs(&glance(&store, read_so_far).await), Vec::<i64>::new());
    assert_eq!(store.events_end().await.unwrap(), read_so_far);

    slow.commit().await.unwrap();
    store.events_settled().await.unwrap();
    let news = glance(&store, read_so_far).await;
    assert_eq!(seqs(&news), [77, 2]);
    assert_eq!(store.events_end().await.unwrap(), news[1].position());
}

#[tokio::test]
async fn after_a_restore_into_a_younger_cluster_readers_go_on_where_they_were() {
    let database = Database::create(Kind::Postgres).await;
    let (store, executor) = open(&database).await;
    let outsider = outsider(&database).await;
    let account = Uuid::from_u128(1);
    for n in 1..=5 {
        pay(&executor, n, account).await;
    }
    // One reader has read three events, one none. Then the same as in a cluster of a greater age.
    let third = read(&store, Position::default(), 5).await[2].position();
    outsider.execute_unprepared(&format!(
        "CREATE TABLE place (reader text PRIMARY KEY, xid bigint, gid bigint); \
         INSERT INTO place VALUES ('three', {}, {}), ('none', 0, 0); \
         UPDATE event SET xid = xid + 1000000000; UPDATE place SET xid = xid + 1000000000 WHERE xid > 0",
        third.xid, third.gid
    )).await.unwrap();
    assert_eq!(store.events_misplaced().await.unwrap(), 5);
    pay(&executor, 6, account).await;
    let place = async |reader: &str| {
        let sql = format!("SELECT xid, gid FROM place WHERE reader = '{reader}'");
        let row = outsider
            .query_one_raw(Statement::from_string(outsider.get_database_backend(), sql))
            .await
            .unwrap()
            .unwrap();
        Position {
            xid: row.try_get("", "xid").unwrap(),
            gid: row.try_get("", "gid").unwrap(),
        }
    };
    assert_eq!(seqs(&read(&store, Position::default(), 1).await), [6]);
    let missed = glance(&store, place("three").await).await;
    assert_eq!(seqs(&missed), Vec::<i64>::new(), "the sixth is missed");

    store.renumber_events(&["place"]).await.unwrap();
    assert_eq!(store.events_misplaced().await.unwrap(), 0);
    assert_eq!(
        seqs(&read(&store, place("three").await, 3).await),
        [4, 5, 6]
    );
    assert_eq!(
        seqs(&read(&store, place("none").await, 6).await),
        [1, 2, 3, 4, 5, 6]
    );
    pay(&executor, 7, account).await;
    assert_eq!(
        seqs(&read(&store, place("three").await, 4).await),
        [4, 5, 6, 7]
    );
    // A second time changes nothing that readers see.
    store.renumber_events(&["place"]).await.unwrap();
    assert_eq!(
        seqs(&read(&store, place("three").await, 4).await),
        [4, 5, 6, 7]
    );
}

on_both! {
    async fn a_log_in_its_own_database_is_in_place(database) {
        let (store, executor) = open(&database).await;
        pay(&executor, 1, Uuid::from_u128(1)).await;
        assert_eq!(store.events_misplaced().await.unwrap(), 0);
        store.renumber_events(&[]).await.unwrap();
        assert_eq!(seqs(&read(&store, Position::default(), 1).await), [1]);
    }
}
