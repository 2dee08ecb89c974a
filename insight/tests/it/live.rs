//! Live pages: who is told what, and when a page ends.

use std::sync::atomic::Ordering;

use axum::body::Body;
use http_body_util::BodyExt as _;
use kernel::limits::LIVE_PAGES_OF_SESSION_MAX;
use serde_json::{Value, json};
use testkit::{Database, on_both};
use tokio::sync::watch;

use crate::common::{BEA, City, Happening, case, happens};

/// A city whose live pages are served.
async fn served(database: &Database) -> (City, watch::Sender<bool>) {
    let city = City::open(database).await;
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(insight::serve_live(city.context.clone(), stopped));
    (city, stop)
}

/// A page that listens.
struct Page {
    body: Body,
    text: String,
}

#[derive(Debug)]
struct Said {
    topic: String,
    id: String,
    data: Value,
}

impl Page {
    async fn open(city: &City, token: &str, last_seen: Option<&str>) -> Self {
        let headers: Vec<(&str, &str)> = last_seen
            .map(|id| ("last-event-id", id))
            .into_iter()
            .collect();
        let response = city.request("GET", "/stream", token, &headers).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            body: response.into_body(),
            text: String::new(),
        }
    }

    /// The next event; none when the page ends.
    async fn next(&mut self) -> Option<Said> {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name: &str| {
                    let line = block.lines().find_map(|line| line.strip_prefix(name));
                    line.map(|value| value.trim_start_matches([':', ' ']).to_owned())
                };
                if let (Some(topic), Some(id), Some(data)) =
                    (field("event"), field("id"), field("data"))
                {
                    let data = serde_json::from_str(&data).unwrap();
                    return Some(Said { topic, id, data });
                }
            }
            let frame = self.body.frame().await?.unwrap();
            let bytes = frame.into_data().unwrap();
            self.text.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }
}

on_both! {
    async fn a_citizen_hears_of_his_own_cases_and_messages_and_of_nobody_elses(database) {
        let (city, _stop) = served(&database).await;
        let mut page = Page::open(&city, "ada", None).await;
        for kind in ["case.received", "case.task_opened", "message.posted"] {
            city.happen(Happening { who: BEA, ..happens(1, kind, json!({})) }).await;
        }
        city.happen(happens(2, "case.task_opened", json!({}))).await;
        city.happen(happens(2, "case.accepted", json!({"promised_on": "2026-03-03"}))).await;
        city.happen(happens(2, "message.posted", json!({"case_id": case(2)}))).await;
        let said = page.next().await.unwrap();
        assert_eq!((said.topic.as_str(), said.data), ("cases", json!({"kind": "case.accepted", "case_id": case(2)})));
        let said = page.next().await.unwrap();
        assert_eq!((said.topic.as_str(), said.data), ("messages", json!({"kind": "message.posted", "case_id": case(2)})));
    }
}

on_both! {
    async fn staff_hear_of_cases_and_tasks_of_their_organisations(database) {
        let (city, _stop) = served(&database).await;
        let mut page = Page::open(&city, "insurance", None).await;
        city.happen(happens(1, "case.received", json!({}))).await;
        city.happen(Happening { org: "180102/insurance", ..happens(2, "case.received", json!({})) }).await;
        let task = testkit::id::<kernel::ids::TaskId>(3);
        let opened = happens(3, "case.task_opened", json!({"task_id": task, "stage": "review"}));
        city.happen(Happening { org: "180100/insurance/unemployment", ..opened }).await;
        let said = page.next().await.unwrap();
        assert_eq!(said.topic, "tasks");
        assert_eq!(said.data, json!({"kind": "case.task_opened", "case_id": case(3), "task_id": task}));
    }
}

on_both! {
    async fn a_page_that_comes_back_hears_what_it_missed_once(database) {
        let (city, _stop) = served(&database).await;
        let mut page = Page::open(&city, "ada", None).await;
        city.happen(happens(1, "case.received", json!({}))).await;
        let first = page.next().await.unwrap();
        drop(page);
        city.happen(happens(2, "case.received", json!({}))).await;
        city.happen(happens(3, "case.received", json!({}))).await;
        let mut page = Page::open(&city, "ada", Some(&first.id)).await;
        city.happen(happens(4, "case.received", json!({}))).await;
        for n in 2..=4 {
            assert_eq!(page.next().await.unwrap().data["case_id"], json!(case(n)));
        }
    }
}

on_both! {
    async fn a_page_that_missed_too_much_is_told_to_load_anew(database) {
        let (city, _stop) = served(&database).await;
        let of_bea = |n| Happening { who: BEA, ..happens(n, "case.received", json!({})) };
        city.happen_all((1..=2_600).map(of_bea).collect()).await;
        // Wait until the log shows them: on PostgreSQL other tests may hold it up.
        city.count().await;
        let mut page = Page::open(&city, "ada", Some("0-0")).await;
        let mut topics = Vec::new();
        for _ in 0..3 {
            let said = page.next().await.unwrap();
            assert_eq!(said.data, json!({"kind": "stream.missed"}));
            topics.push(said.topic);
        }
        assert_eq!(topics, ["cases", "tasks", "messages"]);
        city.happen(happens(9_999, "case.received", json!({}))).await;
        assert_eq!(page.next().await.unwrap().data["case_id"], json!(case(9_999)));
    }
}

on_both! {
    async fn a_page_ends_with_its_session(database) {
        let (city, _stop) = served(&database).await;
        let mut page = Page::open(&city, "ada", None).await;
        city.happen(happens(1, "case.received", json!({}))).await;
        assert!(page.next().await.is_some());
        city.tokens.ended.store(true, Ordering::SeqCst);
        assert!(page.next().await.is_none());
        let response = city.request("GET", "/stream", "ada", &[]).await;
        assert_eq!(response.status(), 401);
    }
}

on_both! {
    async fn pages_end_when_the_program_does(database) {
        let (city, stop) = served(&database).await;
        let mut page = Page::open(&city, "city", None).await;
        city.happen(happens(1, "case.received", json!({}))).await;
        assert!(page.next().await.is_some());
        stop.send(true).unwrap();
        assert!(page.next().await.is_none());
    }
}

on_both! {
    async fn a_session_has_its_share_of_live_pages_and_takes_none_from_others(database) {
        let (city, _stop) = served(&database).await;
        let mut pages = Vec::new();
        for _ in 0..LIVE_PAGES_OF_SESSION_MAX {
            pages.push(Page::open(&city, "ada", None).await);
        }
        let refused = city.request("GET", "/stream", "ada", &[]).await;
        assert_eq!(refused.status(), 503);
        assert_eq!(refused.headers()["retry-after"], "15");
        Page::open(&city, "bea", None).await;
        Page::open(&city, "insurance", None).await;
        pages.pop();
        Page::open(&city, "ada", None).await;
    }
}
