//! Commands that go well, commands that are refused.

use kernel::{AppError, DivisionCode, codes};
use sea_orm::EntityTrait as _;
use seal::chain::Link;
use store::key;
use testkit::{MONDAY, on_both};
use uuid::Uuid;

use crate::common::{
    Act, Pay, account, add_one, audit_of_all_lanes, balance, bureau, empty, envelope, open,
};

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
    async fn a_refused_command_takes_back_what_it_wrote_blindly(database) {
        let (store, executor) = open(&database).await;
        let (kept, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        executor.run(envelope(1, MONDAY), Pay { account: kept, amount: 5, create: true }).await.unwrap();
        // In one batch: a row nobody declared is written and the command refused; a neighbour succeeds.
        let refused = executor.submit(envelope(2, MONDAY), Act::on(&[], move |work| {
            work.put(empty(kept))?;
            work.remove::<account::Model>(key!(bureau(), kept));
            work.put(empty(kept))?;
            Err(AppError::refused(&codes::E1002))
        })).unwrap();
        let neighbour = executor.submit(envelope(3, MONDAY), Act::on(&[other], move |work| add_one(work, other))).unwrap();
        assert_eq!(refused.await.unwrap().unwrap_err().code(), "E1002");
        assert_eq!(neighbour.await.unwrap().unwrap(), 1);
        assert_eq!(balance(&store, kept).await.unwrap().balance, 5);
        assert_eq!(balance(&store, other).await.unwrap().balance, 1);
    }
}

on_both! {
    async fn a_row_that_one_command_appends_and_a_later_one_of_the_batch_removes_is_gone(database) {
        let (store, executor) = open(&database).await;
        let (gone, back, refused) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let fill = executor.submit(envelope(1, MONDAY), Act::on(&[], move |work| {
            for account in [gone, back, refused] {
                work.append(account::Model { balance: 1, ..empty(account) });
            }
            Ok(0)
        })).unwrap();
        let close = executor.submit(envelope(2, MONDAY), Act::on(&[], move |work| {
            work.remove::<account::Model>(key!(bureau(), gone));
            work.remove::<account::Model>(key!(bureau(), back));
            work.append(account::Model { balance: 2, ..empty(back) });
            Ok(0)
        })).unwrap();
        let no = executor.submit(envelope(3, MONDAY), Act::on(&[], move |work| {
            work.remove::<account::Model>(key!(bureau(), refused));
            Err(AppError::refused(&codes::E1002))
        })).unwrap();
        assert_eq!(fill.await.unwrap().unwrap(), 0);
        assert_eq!(close.await.unwrap().unwrap(), 0);
        assert_eq!(no.await.unwrap().unwrap_err().code(), "E1002");
        assert_eq!(balance(&store, gone).await, None);
        assert_eq!(balance(&store, back).await.unwrap().balance, 2);
        assert_eq!(balance(&store, refused).await.unwrap().balance, 1);
    }
}

on_both! {
    async fn rows_are_deleted_by_their_whole_keys_and_no_others_with_them(database) {
        let (store, executor) = open(&database).await;
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let other: DivisionCode = "180102".parse().unwrap();
        let fill = Act::on(&[], move |work| {
            for (account, place) in [(one, bureau()), (two, bureau()), (one, other), (two, other)] {
                work.put(account::Model { bureau: place.to_string(), ..empty(account) })?;
            }
            Ok(0)
        });
        executor.run(envelope(1, MONDAY), fill).await.unwrap();
        let close = Act::on(&[], move |work| {
            work.remove::<account::Model>(key!(bureau(), one));
            work.remove::<account::Model>(key!(other, two));
            Ok(0)
        });
        executor.run(envelope(2, MONDAY), close).await.unwrap();
        let mut left: Vec<(String, Uuid)> = account::Entity::find()
            .all(store.read())
            .await
            .unwrap()
            .into_iter()
            .map(|row| (row.bureau, row.account_id))
            .collect();
        left.sort();
        assert_eq!(left, [("180100".to_owned(), two), ("180102".to_owned(), one)]);
    }
}
