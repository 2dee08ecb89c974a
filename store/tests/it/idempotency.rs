//! The same request twice.

use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use store::{Envelope, Store, idempotency::Idempotency};
use testkit::{MONDAY, on_both};
use uuid::Uuid;

use crate::common::{Pay, balance, envelope, open};

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
    async fn an_answer_is_kept_for_its_days_and_swept_after_them(database) {
        let (store, executor) = open(&database).await;
        let id = Uuid::from_u128(1);
        executor.run(envelope(1, MONDAY), Pay { account: id, amount: 0, create: true }).await.unwrap();
        let days = kernel::limits::IDEMPOTENCY_DAYS * 24 * 3_600;
        let keyed = |n: u128, key: &str, now| Envelope {
            idempotency: Some(Idempotency::new("person_1", "POST /pay", key, b"+1")),
            ..envelope(n, now)
        };
        let pay = Pay { account: id, amount: 1, create: false };
        let paid = |n, key: &'static str, now| executor.run(keyed(n, key, now), pay.clone());
        assert_eq!(paid(2, "key-0001", MONDAY).await.unwrap().balance, 1);
        assert_eq!(paid(3, "key-0001", MONDAY.plus_seconds(days)).await.unwrap().balance, 1);
        // Later the same key is a new request, whether its row was swept or not.
        assert_eq!(paid(4, "key-0001", MONDAY.plus_seconds(days + 1)).await.unwrap().balance, 2);
        assert_eq!(paid(5, "key-0001", MONDAY.plus_seconds(days + 2)).await.unwrap().balance, 2);

        for n in 0..2_100_u128 {
            drop(executor.submit(keyed(10 + n, &format!("many-{n}"), MONDAY), pay.clone()).unwrap());
        }
        executor.run(envelope(5_000, MONDAY), pay.clone()).await.unwrap();
        let kept = |store: Store| async move { store::idempotency::Entity::find().count(store.read()).await.unwrap() };
        assert_eq!(kept(store.clone()).await, 2_101);
        assert_eq!(store.sweep(MONDAY.plus_seconds(days)).await.unwrap(), 0);
        assert_eq!(store.sweep(MONDAY.plus_seconds(days + 1)).await.unwrap(), 2_100);
        assert_eq!(kept(store.clone()).await, 1);
    }
}
