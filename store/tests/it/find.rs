//! Single rows, read together with those of others.

use kernel::DivisionCode;
use store::{StoreError, key};
use testkit::{MONDAY, on_both};
use uuid::Uuid;

use crate::common::{Act, Pay, account, add_one, bureau, empty, envelope, open};

on_both! {
    async fn whoever_asks_gets_the_row_of_his_own_key_and_no_other(database) {
        let (store, executor) = open(&database).await;
        let other: DivisionCode = "180102".parse().unwrap();
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        // A query for (180100, one) and (180102, two) reads (180102, one) as well.
        let fill = Act::on(&[], move |work| {
            for (place, account, balance) in [(bureau(), one, 11), (other, one, 21), (other, two, 22)] {
                work.put(account::Model { bureau: place.to_string(), balance, ..empty(account) })?;
            }
            Ok(0)
        });
        executor.run(envelope(1, MONDAY), fill).await.unwrap();
        let balance = |place: DivisionCode, account: Uuid| {
            let store = store.clone();
            async move {
                let row: Result<Option<account::Model>, StoreError> = store.find(key!(place, account)).await;
                row.unwrap().map(|row| row.balance)
            }
        };
        let found = tokio::join!(balance(bureau(), one), balance(other, two), balance(bureau(), two), balance(other, one));
        assert_eq!(found, (Some(11), Some(22), None, Some(21)));
        let keys = [key!(other, two), key!(bureau(), two), key!(bureau(), one), key!(other, two)];
        let rows: Vec<account::Model> = store.find_each(keys).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.balance).collect::<Vec<_>>(), [22, 11, 22]);
    }
}

on_both! {
    async fn what_was_committed_before_somebody_asks_is_found_however_many_ask(database) {
        let (store, executor) = open(&database).await;
        let ids: Vec<Uuid> = (1..=100).map(Uuid::from_u128).collect();
        let everybody = ids.iter().map(|id| {
            let (store, executor, id) = (store.clone(), executor.clone(), *id);
            tokio::spawn(async move {
                executor.run(envelope(id.as_u128(), MONDAY), Pay { account: id, amount: 0, create: true }).await.unwrap();
                for n in 1..=5 {
                    let add = Act::on(&[id], move |work| add_one(work, id));
                    executor.run(envelope(id.as_u128() + 1_000 * n, MONDAY), add).await.unwrap();
                    let row: account::Model = store.find(key!(bureau(), id)).await.unwrap().unwrap();
                    assert_eq!(row.balance, i64::try_from(n).unwrap());
                }
            })
        });
        for one in everybody.collect::<Vec<_>>() {
            one.await.unwrap();
        }
    }
}
