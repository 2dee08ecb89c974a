//! The ends of audit chains.

use store::{Executor, jobs::Subscriptions};
use testkit::{MONDAY, on_both};

use crate::common::{Act, envelope, open};

on_both! {
    async fn heads_are_the_last_entries_of_every_chain(database) {
        let (store, _) = open(&database).await;
        assert_eq!(store.audit_heads().await.unwrap(), []);
        for node in [0, 3, 200] {
            let executor = Executor::start(&store, Subscriptions::default(), node).await.unwrap();
            for n in 0..=u8::try_from(node % 7).unwrap() {
                executor.run(envelope(u128::from(n), MONDAY), Act::on(&[], |_| Ok(0))).await.unwrap();
            }
        }
        let heads: Vec<(i64, i64)> = store.audit_heads().await.unwrap().iter().map(|head| (head.lane, head.seq)).collect();
        assert_eq!(heads, [(0, 1), (3 * 64, 4), (200 * 64, 5)]);
    }
}
