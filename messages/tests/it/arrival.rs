//! One event, one message; arrival as service.

use kernel::ids::{CaseId, NoticeId};
use serde_json::json;
use testkit::{id, on_both};

use crate::common::{ADA, BEA, City};

on_both! {
    async fn an_event_becomes_one_message_for_the_person_it_concerns(database) {
        let city = City::open(&database, false).await;
        city.happen(7, 1, "case.received", ADA).await;
        city.happen(7, 2, "case.task_opened", ADA).await;
        city.work().await;
        let (_, page) = city.call("GET", "/messages", "ada", "").await;
        assert_eq!(page["rows"].as_array().unwrap().len(), 1);
        let row = &page["rows"][0];
        assert_eq!(row["title"], "case.received：失业登记");
        assert_eq!(row["body"], "“失业登记”（180100260302000017）2026年3月2日");
        assert_eq!(row["case_id"], json!(id::<CaseId>(7)));
        let (_, other) = city.call("GET", "/messages", "bea", "").await;
        assert_eq!(other["rows"], json!([]));
    }
}

on_both! {
    async fn a_job_that_runs_twice_makes_one_message_and_one_dispatch(database) {
        let city = City::open(&database, false).await;
        city.happen(7, 1, "case.granted", ADA).await;
        let lease = city.store.lease_jobs(testkit::MONDAY, 1).await.unwrap().remove(0);
        let handlers = messages::jobs(&city.context);
        let handler = &handlers[lease.kind.as_str()];
        handler.run(&lease, testkit::MONDAY).await.unwrap();
        // The second run is a late worker: its lease is gone, and so is the work.
        assert!(handler.run(&lease, testkit::MONDAY).await.is_err());
        city.work().await;
        assert_eq!(city.call("GET", "/messages/unread", "ada", "").await.1, json!({"count": 1}));
        assert_eq!(city.provider.taken.lock().unwrap().len(), 1);
        assert_eq!(city.events("message.posted").await.len(), 1);
    }
}

on_both! {
    async fn an_event_told_again_makes_no_second_message(database) {
        let city = City::open(&database, false).await;
        city.happen(7, 1, "case.granted", ADA).await;
        let lease = city.store.lease_jobs(testkit::MONDAY, 1).await.unwrap().remove(0);
        // A job with the same content under another id, as a listener might queue it again.
        let again = Again { payload: serde_json::from_str(&lease.payload).unwrap() };
        city.kit.run(city.envelope(), again).await.unwrap();
        city.clock.set(testkit::MONDAY.plus_seconds(120));
        assert_eq!(city.work().await, 4, "two tellings, one dispatch, one arrival");
        assert_eq!(city.call("GET", "/messages/unread", "ada", "").await.1, json!({"count": 1}));
        assert_eq!(city.events("message.arrived").await.len(), 1);
    }
}

on_both! {
    async fn arrival_serves_the_notice_only_for_those_who_agreed(database) {
        let city = City::open(&database, false).await;
        city.happen(7, 1, "case.granted", ADA).await;
        city.happen(8, 1, "case.granted", BEA).await;
        city.work().await;
        let arrived = city.events("message.arrived").await;
        let wanted = json!({"case_id": id::<CaseId>(7), "notice_id": id::<NoticeId>(7), "how": "electronic"});
        assert_eq!(arrived, [wanted]);
        assert_eq!(city.events("message.posted").await.len(), 2);
    }
}

on_both! {
    async fn a_person_who_is_gone_stops_nothing(database) {
        let city = City::open(&database, false).await;
        city.happen(7, 1, "case.granted", 99).await;
        assert_eq!(city.work().await, 1);
        assert_eq!(city.events("message.posted").await.len(), 0);
        assert!(store::Store::lease_jobs(&city.store, testkit::MONDAY.plus_seconds(100_000), 9).await.unwrap().is_empty());
    }
}

struct Again {
    payload: serde_json::Value,
}

impl store::Command for Again {
    type Out = ();
    const NAME: &'static str = "test.again";
    fn bureau(&self) -> kernel::DivisionCode {
        crate::common::bureau()
    }
    fn subject(&self) -> String {
        String::new()
    }
    fn lane(&self) -> u64 {
        0
    }
    fn declare(&self, _: &mut store::Loads<'_>) {}
    fn decide(&self, work: &mut store::Work<'_>) -> Result<(), kernel::AppError> {
        work.job(store::NewJob::now("messages.notify", self.payload.clone()));
        Ok(())
    }
}
