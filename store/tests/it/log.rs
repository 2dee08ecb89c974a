//! The event log and its readers.

use store::events::Position;
use testkit::{MONDAY, on_both};
use uuid::Uuid;

use crate::common::{Pay, envelope, open};

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
