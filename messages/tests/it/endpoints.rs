//! The message box over HTTP.

use std::sync::Arc;

use messages::{DemoMessenger, Messages};
use serde_json::json;
use testkit::{MONDAY, on_both};

use crate::common::{ADA, BEA, City, MOBILE, bureau};

async fn with_messages(city: &City, count: u128) {
    for case in 1..=count {
        city.clock
            .set(MONDAY.plus_seconds(i64::try_from(case).unwrap()));
        city.happen(case, 1, "case.received", ADA).await;
        city.work().await;
    }
}

on_both! {
    async fn the_box_is_paged_newest_first(database) {
        let city = City::open(&database, false).await;
        with_messages(&city, 5).await;
        let mut seen = Vec::new();
        let mut path = "/messages?limit=2".to_owned();
        loop {
            let (status, page) = city.call("GET", &path, "ada", "").await;
            assert_eq!(status, 200);
            seen.extend(page["rows"].as_array().unwrap().iter().map(|row| row["at"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/messages?limit=2&cursor={next}");
        }
        assert_eq!(seen.len(), 5);
        assert!(seen.is_sorted_by(|a, b| a > b), "{seen:?}");
    }
}

on_both! {
    async fn reading_one_and_reading_all_change_the_count_once(database) {
        let city = City::open(&database, false).await;
        with_messages(&city, 3).await;
        let page = city.call("GET", "/messages", "ada", "").await.1;
        let first = page["rows"][0]["message_id"].as_str().unwrap();
        let path = format!("/messages/{first}/read");
        assert_eq!(city.call("POST", &path, "ada", "key-00001").await.1, json!({"unread": 2}));
        assert_eq!(city.call("POST", &path, "ada", "key-00002").await.1, json!({"unread": 2}));
        assert_eq!(city.call("POST", "/messages/read-all", "ada", "key-00003").await.1, json!({"unread": 0}));
        assert_eq!(city.call("POST", &path, "ada", "key-00004").await.1, json!({"unread": 0}));
        let page = city.call("GET", "/messages", "ada", "").await.1;
        assert!(page["rows"].as_array().unwrap().iter().all(|row| row["read_at"].is_string()));
        // What arrives after reading all is unread, even in the same instant.
        city.happen(4, 1, "case.received", ADA).await;
        city.work().await;
        assert_eq!(city.call("GET", "/messages/unread", "ada", "").await.1, json!({"count": 1}));
        let page = city.call("GET", "/messages", "ada", "").await.1;
        assert_eq!(page["rows"][0]["read_at"], json!(null));
    }
}

on_both! {
    async fn a_message_of_somebody_else_is_not_found_and_strangers_sign_in_first(database) {
        let city = City::open(&database, false).await;
        with_messages(&city, 1).await;
        city.happen(9, 1, "case.received", BEA).await;
        city.work().await;
        let page = city.call("GET", "/messages", "ada", "").await.1;
        let path = format!("/messages/{}/read", page["rows"][0]["message_id"].as_str().unwrap());
        let (status, problem) = city.call("POST", &path, "bea", "key-00001").await;
        assert_eq!((status.as_u16(), &problem["code"]), (404, &json!("E1012")));
        assert_eq!(city.call("GET", "/messages/unread", "ada", "").await.1, json!({"count": 1}));
        assert_eq!(city.call("GET", "/messages", "nobody", "").await.1["code"], "E1101");
        assert_eq!(city.call("GET", "/messages", "staff", "").await.1["code"], "E1102");
        assert_eq!(city.call("POST", "/messages/msg_1/read", "ada", "key-00001").await.1["code"], "E1011");
        assert_eq!(city.call("POST", &path, "ada", "short").await.1["code"], "E1007");
        assert_eq!(city.call("GET", "/messages?cursor=zz", "ada", "").await.1["code"], "E1014");
    }
}

on_both! {
    async fn reading_all_of_an_empty_box_is_fine(database) {
        let city = City::open(&database, false).await;
        assert_eq!(city.call("POST", "/messages/read-all", "bea", "key-00001").await.1, json!({"unread": 0}));
    }
}

on_both! {
    async fn the_demo_outbox_shows_masked_addresses_and_exists_in_demo_databases_only(database) {
        let mut city = City::open(&database, true).await;
        let demo = Arc::new(DemoMessenger::new(city.kit.clone(), bureau()));
        city.context = Messages::new(city.kit.clone(), city.people.clone(), demo, crate::common::texts());
        with_messages(&city, 1).await;
        let (_, page) = city.call("GET", "/demo/outbox", "bea", "").await;
        let wanted = json!({"channel": "sms", "to_masked": "138****5678", "text": "【市人社局】失业登记 case.received",
            "at": MONDAY.plus_seconds(1), "state": "sent"});
        assert_eq!(page["rows"], json!([wanted]));
        assert!(!page.to_string().contains(MOBILE));
        assert_eq!(city.call("GET", "/demo/outbox", "nobody", "").await.1["code"], "E1101");
        let mut kit = city.kit.clone();
        kit.demo = false;
        city.context = Messages::new(kit, city.people.clone(), city.provider.clone(), crate::common::texts());
        assert_eq!(city.call("GET", "/demo/outbox", "bea", "").await.0, 404);
    }
}
