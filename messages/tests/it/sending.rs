//! Texts on their way to a provider.

use std::sync::Arc;

use kernel::limits::JOB_ATTEMPTS_MAX;
use messages::{Messages, NoMessenger};
use serde_json::json;
use testkit::{MONDAY, on_both};

use crate::common::{ADA, BEA, City, EMAIL, MOBILE, texts};

on_both! {
    async fn a_short_message_goes_to_the_mobile_the_person_has_now_and_the_number_is_kept_nowhere(database) {
        let city = City::open(&database, false).await;
        city.happen(7, 1, "case.granted", ADA).await;
        city.happen(8, 1, "case.granted", BEA).await;
        city.work().await;
        let taken = city.provider.taken.lock().unwrap().clone();
        assert_eq!(taken.len(), 1, "Bea has no mobile");
        assert_eq!((taken[0].0.as_str(), taken[0].1.as_str()), (MOBILE, "【市人社局】失业登记 case.granted"));
        let everything = dump(&city).await;
        assert!(everything.contains("失业登记"));
        assert!(!everything.contains(MOBILE) && !everything.contains("艾达"));
    }
}

on_both! {
    async fn who_left_an_e_mail_address_gets_a_mail_beside_the_short_message_and_the_address_is_kept_nowhere(database) {
        let city = City::open(&database, false).await;
        *city.people.has_email.lock().unwrap() = true;
        city.happen(7, 1, "case.accepted", ADA).await;
        city.happen(7, 2, "case.granted", ADA).await;
        city.work().await;
        let mut taken: Vec<_> = city.provider.taken.lock().unwrap().drain(..).map(|(to, text, _)| (to, text)).collect();
        taken.sort();
        let short = "【市人社局】失业登记 case.granted";
        let long = "case.granted：失业登记\n“失业登记”（180100260302000017）2026年3月2日";
        assert_eq!(taken, [(MOBILE.to_owned(), short.to_owned()), (EMAIL.to_owned(), long.to_owned())]);
        let everything = dump(&city).await;
        assert!(everything.contains("email|sent") && !everything.contains(EMAIL) && !everything.contains("ada.ai"));
        // The mail alone, to whom has no mobile.
        *city.people.lost_mobile.lock().unwrap() = true;
        city.happen(8, 1, "case.denied", ADA).await;
        city.work().await;
        let taken: Vec<_> = city.provider.taken.lock().unwrap().drain(..).map(|(to, ..)| to).collect();
        assert_eq!(taken, [EMAIL]);
        // An address taken back in the meantime gets nothing.
        *city.provider.failures.lock().unwrap() = 1;
        city.happen(9, 1, "case.granted", ADA).await;
        city.work().await;
        *city.people.has_email.lock().unwrap() = false;
        city.clock.set(MONDAY.plus_seconds(2));
        city.work().await;
        assert!(dump(&city).await.contains("email|unreachable"));
        assert_eq!(city.provider.taken.lock().unwrap().len(), 0);
    }
}

on_both! {
    async fn one_act_of_somebody_is_one_short_message_and_the_box_has_every_step(database) {
        let city = City::open(&database, false).await;
        let texts = async || {
            city.work().await;
            let taken: Vec<_> = city.provider.taken.lock().unwrap().drain(..).collect();
            taken.into_iter().map(|(_, text, _)| text).collect::<Vec<_>>()
        };
        // Granted at once and served electronically: the grant speaks for receipt and acceptance.
        for (seq, kind) in [(1, "case.received"), (2, "case.accepted"), (3, "case.checked"), (4, "case.granted")] {
            city.happen(7, seq, kind, ADA).await;
        }
        city.happen_so(7, 5, "case.ready", ADA, json!({"how": "electronic"})).await;
        assert_eq!(texts().await, ["【市人社局】失业登记 case.granted"]);
        // It arrives some moments later: the person knows.
        city.clock.set(MONDAY.plus_seconds(3));
        city.happen_so(7, 6, "case.delivered", ADA, json!({"method": "electronic"})).await;
        assert!(texts().await.is_empty());
        assert_eq!(city.call("GET", "/messages/unread", "ada", "").await.1["count"], 4);
        // On paper it has to be fetched: that is what the person must know.
        city.happen(8, 1, "case.granted", ADA).await;
        city.happen_so(8, 2, "case.ready", ADA, json!({"how": "counter"})).await;
        assert_eq!(texts().await, ["【市人社局】失业登记 case.ready"]);
        city.clock.set(MONDAY.plus_seconds(90));
        city.happen_so(8, 3, "case.delivered", ADA, json!({"method": "counter"})).await;
        assert_eq!(texts().await, ["【市人社局】失业登记 case.delivered"]);
        // Another case at the same moment has its own.
        city.happen(9, 1, "case.accepted", ADA).await;
        city.happen(10, 1, "case.denied", ADA).await;
        assert_eq!(texts().await.len(), 2);
    }
}

on_both! {
    async fn a_provider_that_fails_is_tried_again_and_gets_the_text_once(database) {
        let city = City::open(&database, false).await;
        *city.provider.failures.lock().unwrap() = 2;
        city.happen(7, 1, "case.granted", ADA).await;
        city.work().await;
        assert_eq!(city.provider.taken.lock().unwrap().len(), 0);
        for seconds in [2, 6] {
            city.clock.set(MONDAY.plus_seconds(seconds));
            city.work().await;
        }
        assert_eq!(city.provider.taken.lock().unwrap().len(), 1);
        assert!(dump(&city).await.contains("sent|3|receipt-1"));
    }
}

on_both! {
    async fn a_text_that_cannot_be_sent_ends_as_a_dead_letter_and_the_message_stays_in_the_box(database) {
        let city = City::open(&database, false).await;
        *city.provider.failures.lock().unwrap() = 1_000;
        city.happen(7, 1, "case.granted", ADA).await;
        let mut now = MONDAY;
        for _ in 0..=JOB_ATTEMPTS_MAX {
            city.clock.set(now);
            city.work().await;
            now = now.plus_seconds(20_000);
        }
        assert!(dump(&city).await.contains(&format!("failed|{JOB_ATTEMPTS_MAX}|")));
        assert_eq!(city.call("GET", "/messages/unread", "ada", "").await.1["count"], 1);
    }
}

on_both! {
    async fn without_a_provider_nothing_is_sent_and_nothing_says_that_it_was(database) {
        let mut city = City::open(&database, false).await;
        city.context = Messages::new(city.kit.clone(), city.people.clone(), Arc::new(NoMessenger), texts());
        city.happen(7, 1, "case.granted", ADA).await;
        city.work().await;
        city.clock.set(MONDAY.plus_seconds(100_000));
        assert_eq!(city.work().await, 0, "it is not tried again");
        let all = dump(&city).await;
        assert!(all.contains("not_sent|1|") && !all.contains("sms|sent"), "{all}");
        assert_eq!(city.call("GET", "/messages/unread", "ada", "").await.1["count"], 1);
    }
}

on_both! {
    async fn a_mobile_given_up_in_the_meantime_ends_the_dispatch_quietly(database) {
        let city = City::open(&database, false).await;
        *city.provider.failures.lock().unwrap() = 1;
        city.happen(7, 1, "case.granted", ADA).await;
        city.work().await;
        *city.people.lost_mobile.lock().unwrap() = true;
        city.clock.set(MONDAY.plus_seconds(2));
        city.work().await;
        assert!(dump(&city).await.contains("unreachable|2|"));
        assert_eq!(city.provider.taken.lock().unwrap().len(), 0);
    }
}

/// All text that this context, events, jobs and audit keep.
async fn dump(city: &City) -> String {
    use sea_orm::{ConnectionTrait as _, Statement};
    let mut all = String::new();
    for (table, columns) in [
        ("person_message", "template || places || bureau"),
        (
            "message_dispatch",
            "channel || '|' || state || '|' || attempts || '|' || receipt",
        ),
        ("event", "actor || body"),
        ("job", "payload || last_error"),
        ("audit_entry", "actor || subject || outcome"),
        ("demo_outbox", "to_masked || words"),
    ] {
        let sql = format!("SELECT {columns} AS words FROM {table}");
        let read = city.store.read();
        let statement = Statement::from_string(read.get_database_backend(), sql);
        for row in read.query_all_raw(statement).await.unwrap() {
            all.push_str(&row.try_get::<String>("", "words").unwrap());
            all.push('\n');
        }
    }
    all
}
