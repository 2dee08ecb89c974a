//! One event, one message; arrival as service.

use kernel::ids::{CaseId, EmployerId, NoticeId};
use serde_json::json;
use testkit::{id, on_both};

use crate::common::{ADA, BEA, City, person};

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
    async fn the_case_of_an_enterprise_is_told_to_its_agents_of_today_and_served_on_them(database) {
        let city = City::open(&database, false).await;
        let firm = json!({"owner": {"employer": id::<EmployerId>(5), "agent": person(ADA)}, "electronic": true});
        let agents = |who: &[u128]| *city.people.agents.lock().unwrap() = who.iter().copied().map(person).collect();
        let unread = async |who: &str| city.call("GET", "/messages/unread", who, "").await.1["count"].clone();
        let notices = async || {
            let arrived = city.events("message.arrived").await;
            arrived.iter().map(|event| event["notice_id"].clone()).collect::<Vec<_>>()
        };
        agents(&[ADA, BEA]);
        city.happen_so(7, 1, "case.granted", ADA, firm.clone()).await;
        city.work().await;
        assert_eq!((unread("ada").await, unread("bea").await), (json!(1), json!(1)));
        assert_eq!(notices().await, [json!(id::<NoticeId>(7)), json!(id::<NoticeId>(7))]);
        // Ada applied and has left.
        agents(&[BEA]);
        city.happen_so(8, 1, "case.granted", ADA, firm.clone()).await;
        city.work().await;
        assert_eq!((unread("ada").await, unread("bea").await), (json!(1), json!(2)));
        assert_eq!(city.provider.taken.lock().unwrap().len(), 1, "no text to her of the second case");
        assert_eq!(notices().await.last().unwrap(), &json!(id::<NoticeId>(8)));
        // Nobody acts for it on line: whoever came to the window is told, and served on paper.
        agents(&[]);
        city.happen_so(9, 1, "case.granted", ADA, firm).await;
        city.work().await;
        assert_eq!((unread("ada").await, unread("bea").await), (json!(2), json!(2)));
        assert_eq!(notices().await.len(), 3);
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
