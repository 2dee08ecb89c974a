//! Two databases compared.

use testkit::{Database, Kind, MONDAY};
use uuid::Uuid;

use crate::common::{Pay, envelope, open};

/// What the tables hold after these payments, without numbers of transactions.
async fn content(kind: Kind, amounts: &[i64]) -> std::collections::BTreeMap<String, String> {
    let database = Database::create(kind).await;
    let (store, executor) = open(&database).await;
    for (n, amount) in (1_u128..).zip(amounts) {
        let pay = Pay {
            account: Uuid::from_u128(5),
            amount: *amount,
            create: n == 1,
        };
        executor.run(envelope(n, MONDAY), pay).await.unwrap();
    }
    store
        .content(|table, column| {
            table == "audit_entry" || table == "event" && matches!(column, "xid" | "gid")
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn the_same_rows_have_the_same_digest_on_both_databases_and_one_change_moves_one_table() {
    let first = content(Kind::Sqlite, &[5, -2]).await;
    assert_eq!(content(Kind::Postgres, &[5, -2]).await, first);
    assert!(
        first.contains_key("account")
            && first.contains_key("event")
            && !first.contains_key("audit_entry")
    );
    let other = content(Kind::Sqlite, &[4, -1]).await;
    let moved: Vec<&str> = first
        .iter()
        .filter(|(table, digest)| other[*table] != **digest)
        .map(|(table, _)| table.as_str())
        .collect();
    assert_eq!(
        moved,
        ["event", "job"],
        "the balance is the same, the way to it is not"
    );
}
