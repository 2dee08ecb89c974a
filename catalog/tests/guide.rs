//! What the public sees of the catalogue over HTTP.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails at that line"
)]

use std::{path::Path, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use catalog::{
    Catalog, Publication, load_pack,
    pack::{Files, Pack},
};
use http_body_util::BodyExt as _;
use httpkit::Kit;
use kernel::{
    Principal, Timestamp,
    ports::{Answer, Sessions},
};
use serde_json::Value;
use store::{Executor, jobs::Subscriptions, system::FakeClock};
use testkit::{Database, MONDAY, on_both};
use tower::ServiceExt as _;

struct Nobody;
impl Sessions for Nobody {
    fn resolve<'a>(&'a self, _: &'a str, _: Timestamp) -> Answer<'a, Principal> {
        Box::pin(async { Ok(Principal::Stranger) })
    }
}

async fn site(database: &Database) -> Router {
    let store = database.open().await;
    let executor = Executor::start(&store, Subscriptions::default(), 0)
        .await
        .unwrap();
    let kit = Kit {
        store,
        executor,
        clock: Arc::new(FakeClock::at(MONDAY)),
        seeds: Arc::new(|| [7; 32]),
        sessions: Arc::new(Nobody),
        city: "180100".parse().unwrap(),
        demo: true,
        secure: false,
    };
    let catalog = Catalog::open(kit.clone()).await.unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/yunchuan");
    let pack = {
        let mut files = Files::read(&folder).unwrap();
        testkit::only_items(&mut files.0, &["JY-009", "LD-001", "SB-084"]);
        Pack::check(&files).ok().unwrap()
    };
    let caller = testkit::caller(Principal::System("pack"));
    load_pack(&catalog, &caller, &pack, Publication::From(MONDAY.day()))
        .await
        .unwrap();
    let (router, _) = catalog::routes(catalog).split_for_parts();
    httpkit::layer::wrap(router, &kit)
}

async fn get(site: &Router, path: &str, tag: Option<&str>) -> (StatusCode, String, Value) {
    let mut request = Request::get(path);
    if let Some(tag) = tag {
        request = request.header("if-none-match", tag);
    }
    let answer = site
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let status = answer.status();
    let tag = answer
        .headers()
        .get("etag")
        .map_or("", |tag| tag.to_str().unwrap())
        .to_owned();
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    (
        status,
        tag,
        serde_json::from_slice(&bytes).unwrap_or_default(),
    )
}

fn codes(list: &Value) -> Vec<&str> {
    let rows = list["rows"].as_array().unwrap();
    rows.iter()
        .map(|row| row["code"].as_str().unwrap())
        .collect()
}

on_both! {
    async fn anybody_finds_services_and_reads_their_guide(database) {
        let site = site(&database).await;
        let (status, tag, all) = get(&site, "/items", None).await;
        assert_eq!((status, codes(&all)), (StatusCode::OK, vec!["JY-009", "LD-001", "SB-084"]));
        assert_eq!(all["rows"][0]["materials_asked"], 0);
        assert_eq!(all["rows"][0]["open"], true);
        assert_eq!(get(&site, "/items", Some(&tag)).await.0, StatusCode::NOT_MODIFIED);
        let (_, tag, summary) = get(&site, "/catalog", None).await;
        assert_eq!((&summary["items"], summary["common"].as_array().unwrap().len()), (&Value::from(3), 3));
        assert_eq!(summary["common"][2]["code"], "LD-001");
        assert_eq!(get(&site, "/catalog", Some(&tag)).await.0, StatusCode::NOT_MODIFIED);
        let found = get(&site, "/items?applicant=enterprise", None).await.2;
        assert_eq!(codes(&found), ["LD-001"]);

        let (status, tag, guide) = get(&site, "/items/SB-084", None).await;
        assert_eq!((status, &guide["edition"]), (StatusCode::OK, &Value::from(1)));
        assert_eq!(guide["effective"], "2026-03-02");
        assert_eq!(guide["name"]["zh"], "失业保险金申领");
        assert!(guide["form"]["fields"].is_object());
        assert!(!guide["form"].to_string().contains("\"prefill\""));
        assert_eq!(get(&site, "/items/SB-084", Some(&tag)).await.0, StatusCode::NOT_MODIFIED);
    }
}

on_both! {
    async fn search_finds_each_kind_and_says_whether_it_is_certain(database) {
        let site = site(&database).await;
        let find = async |query: &str| get(&site, &format!("/search?{query}"), None).await.2;
        // 失业金
        let found = find("query=%E5%A4%B1%E4%B8%9A%E9%87%91").await;
        assert_eq!((&found["certain"], &found["items"][0]["code"]), (&Value::from(true), &Value::from("SB-084")));
        assert_eq!(found["life_events"][0]["id"], "unemployed");
        let found = find("query=licence&applicant=enterprise").await;
        assert_eq!(found["items"][0]["code"], "LD-001");
        // 大厅几点下班
        let found = find("query=%E5%A4%A7%E5%8E%85%E5%87%A0%E7%82%B9%E4%B8%8B%E7%8F%AD").await;
        assert_eq!(found["halls"].as_array().unwrap().len(), 2);
        let nothing = find("query=%E2%98%83").await;
        assert_eq!((&nothing["certain"], nothing["items"].as_array().unwrap().len()), (&Value::from(false), 0));
        for (list, id) in [("/life-events", "unemployed"), ("/topics", "unemployment"), ("/halls", "city")] {
            let (status, tag, found) = get(&site, list, None).await;
            let rows = found["rows"].as_array().unwrap();
            assert!(status == StatusCode::OK && rows.iter().any(|row| row["id"] == id), "{list}: {found}");
            assert_eq!(get(&site, list, Some(&tag)).await.0, StatusCode::NOT_MODIFIED);
        }
    }
}

on_both! {
    async fn bad_questions_get_their_problem_document(database) {
        let site = site(&database).await;
        for (path, status, code) in [
            ("/items/JY-999", 404, "E1213"),
            ("/items/nonsense", 400, "E1011"),
            ("/items?applicant=robot", 400, "E1014"),
            ("/items?colour=red", 400, "E1014"),
        ] {
            let (found, _, problem) = get(&site, path, None).await;
            assert_eq!((found.as_u16(), &problem["code"]), (status, &Value::from(code)), "{path}");
        }
        let long = format!("/search?query={}", "a".repeat(201));
        for path in [long.as_str(), "/search"] {
            assert_eq!(get(&site, path, None).await.2["code"], "E1014");
        }
    }
}
