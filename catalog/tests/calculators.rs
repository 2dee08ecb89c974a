//! Calculators over HTTP, and what the one of the demo city says of retirement.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails at that line"
)]

use std::{path::Path, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode},
};
use catalog::{
    Calculate, Calculated, Catalog, Publication, calculate, load_pack,
    pack::{Files, Pack},
};
use http_body_util::BodyExt as _;
use httpkit::Kit;
use kernel::{
    Principal, Timestamp,
    ports::{Answer, Items as _, Sessions},
};
use serde_json::{Value, json};
use store::{Executor, jobs::Subscriptions, system::FakeClock};
use testkit::{Database, Kind, MONDAY, on_both};
use tower::ServiceExt as _;

struct Nobody;
impl Sessions for Nobody {
    fn resolve<'a>(&'a self, _: &'a str, _: Timestamp) -> Answer<'a, Principal> {
        Box::pin(async { Ok(Principal::Stranger) })
    }
}

fn pack() -> Pack {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/yunchuan");
    let mut files = Files::read(&folder).unwrap();
    testkit::only_complete_items(&mut files.0);
    Pack::check(&files).ok().unwrap()
}

async fn load(catalog: &Catalog, pack: &Pack) -> Vec<String> {
    let caller = testkit::caller(Principal::System("pack"));
    let loaded = load_pack(catalog, &caller, pack, Publication::From(MONDAY.day())).await;
    let loaded = loaded.unwrap();
    let published = loaded
        .editions
        .iter()
        .map(|(code, edition)| format!("{code}/{edition}"));
    loaded.sheets.into_iter().chain(published).collect()
}

async fn town(database: &Database) -> (Kit, Catalog) {
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
    load(&catalog, &pack()).await;
    (kit, catalog)
}

fn site(kit: &Kit, catalog: &Catalog) -> Router {
    let (router, _) = catalog::routes(catalog.clone()).split_for_parts();
    httpkit::layer::wrap(router, kit)
}

async fn ask(
    site: &Router,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> (StatusCode, Value) {
    let mut request = Request::builder().method(method).uri(path);
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    let answer = site.clone().oneshot(request.body(body).unwrap()).await;
    let answer = answer.unwrap();
    let status = answer.status();
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

fn born(sex: &str, post: Option<&str>, birth: &str) -> Calculate {
    let mut form = json!({ "sex": sex, "birth": birth });
    if let Some(post) = post {
        form["post"] = json!(post);
    }
    serde_json::from_value(json!({ "form": form })).unwrap()
}

/// The three ways to retire, as the vectors of the field name them.
const KINDS: [(&str, &str, Option<&str>); 3] = [
    ("M60", "male", None),
    ("F55", "female", Some("cadre")),
    ("F50", "female", Some("worker")),
];

fn retirement(catalog: &Catalog, kind: &str, birth: &str) -> Calculated {
    let (_, sex, post) = KINDS.into_iter().find(|(name, ..)| *name == kind).unwrap();
    let caller = testkit::caller(Principal::Stranger);
    calculate(catalog, &caller, "retirement", born(sex, post, birth)).unwrap()
}

on_both! {
    async fn anybody_calculates_without_signing_in_and_without_a_trace(database) {
        let (kit, catalog) = town(&database).await;
        let site = site(&kit, &catalog);
        let (status, list) = ask(&site, Method::GET, "/calculators", None).await;
        assert_eq!((status, &list["rows"][0]["id"]), (StatusCode::OK, &json!("retirement")));
        let (_, guide) = ask(&site, Method::GET, "/calculators/retirement", None).await;
        assert_eq!(guide["items"][0]["code"], "SB-033");
        assert!(guide["form"]["fields"]["post"]["visible"].is_string());
        let (_, item) = ask(&site, Method::GET, "/items/SB-033", None).await;
        assert_eq!(item["calculators"][0]["id"], "retirement");
        let (_, item) = ask(&site, Method::GET, "/items/JY-009", None).await;
        assert_eq!(item["calculators"], json!([]));

        let before = kit.store.audit_heads().await.unwrap();
        let form = json!({ "form": { "sex": "male", "birth": "1968-12-31" } });
        let (status, found) = ask(&site, Method::POST, "/calculators/retirement", Some(form)).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(found["headline"]["zh"], "您 2029 年 12 月可以退休，那时 61 岁。");
        assert_eq!(found["headline"]["en"], "You may retire in December 2029, at the age of 61 years.");
        assert_eq!(found["facts"]["legal_day"], "2029-12-31");
        let line = |fact: &str| {
            let lines = found["lines"].as_array().unwrap();
            lines.iter().find(|line| line["fact"] == fact).cloned().unwrap()
        };
        assert_eq!(line("delay_months")["value"]["zh"], "12 个月");
        assert_eq!(line("minimum_months")["value"]["zh"], "15 年");
        assert_eq!(line("earliest_month")["value"]["zh"], "2028 年 12 月");
        assert_eq!(kit.store.audit_heads().await.unwrap(), before);

        // Who has reached the age is told so, and offered no days that are over.
        let form = json!({ "form": { "sex": "male", "birth": "1956-03-02" } });
        let (_, found) = ask(&site, Method::POST, "/calculators/retirement", Some(form)).await;
        assert_eq!(found["headline"]["zh"], "您 2016 年 3 月已经到了退休年龄，那时 60 岁。");
        let lines = found["lines"].as_array().unwrap().iter();
        let offered = lines.filter(|line| ["earliest_month", "latest_month"].contains(&line["fact"].as_str().unwrap()));
        assert_eq!(offered.count(), 0);
        // In its last month the latest is still offered.
        let form = json!({ "form": { "sex": "male", "birth": "1963-03-20" } });
        let (_, found) = ask(&site, Method::POST, "/calculators/retirement", Some(form)).await;
        assert_eq!(found["facts"]["latest_month"], MONDAY.day().strftime("%Y-%m").to_string());
        let mut lines = found["lines"].as_array().unwrap().iter();
        assert!(lines.any(|line| line["fact"] == "latest_month"));
        assert!(found["notes"][0]["zh"].as_str().unwrap().contains("现在就可以申请"));
    }
}

on_both! {
    async fn wrong_answers_are_told_at_their_fields(database) {
        let (kit, catalog) = town(&database).await;
        let site = site(&kit, &catalog);
        let fault = async |form: Value| {
            let body = Some(json!({ "form": form }));
            let (status, problem) = ask(&site, Method::POST, "/calculators/retirement", body).await;
            let first = &problem["faults"][0];
            (status.as_u16(), first["pointer"].as_str().unwrap_or("").to_owned(), first["code"].as_str().unwrap_or("").to_owned())
        };
        let told = |pointer: &str, code: &str| (422, pointer.to_owned(), code.to_owned());
        assert_eq!(fault(json!({ "sex": "male" })).await, told("/form/birth", "E1020"));
        assert_eq!(fault(json!({ "sex": "male", "birth": "1970-02-30" })).await, told("/form/birth", "E1027"));
        assert_eq!(fault(json!({ "sex": "male", "birth": "2030-02-01" })).await, told("/form/birth", "E1035"));
        assert_eq!(fault(json!({ "sex": "female", "birth": "1980-02-01" })).await, told("/form/post", "E1020"));
        assert_eq!(fault(json!({ "sex": "x", "birth": "1980-02-01" })).await, told("/form/sex", "E1024"));
        assert_eq!(fault(json!({ "sex": "male", "birth": "1980-02-01", "name": "王" })).await, told("/form/name", "E1029"));
        for (method, body) in [(Method::GET, None), (Method::POST, Some(json!({ "form": {} })))] {
            let (status, problem) = ask(&site, method, "/calculators/nonsense", body).await;
            assert_eq!((status.as_u16(), &problem["code"]), (404, &json!("E1040")));
        }
    }
}

on_both! {
    async fn a_changed_calculator_counts_at_once_for_everybody_and_for_new_cases_only(database) {
        let (_, catalog) = town(&database).await;
        let item = "SB-033".parse().unwrap();
        let mut files = Files::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/yunchuan")).unwrap();
        testkit::only_complete_items(&mut files.0);
        let rules = files.0.get_mut("calculators/retirement/rules.dmn").unwrap();
        // A country that lets men wait for four years.
        assert!(rules.contains("<text>36</text>"));
        *rules = rules.replace("<text>36</text>", "<text>48</text>");
        files.0.insert("calculators/retirement/vectors.tsv".to_owned(), "sex\tbirth\tdelay_months\nmale\t1990-06-01\t48\n".to_owned());
        let changed = Pack::check(&files).ok().unwrap();
        assert_eq!(load(&catalog, &changed).await, ["calculators", "SB-033/2"]);
        assert_eq!(retirement(&catalog, "M60", "1990-06-01").facts["delay_months"], 48);
        let rules = |edition| catalog.edition(&item, edition).unwrap().calculators["retirement"].rules.clone();
        assert_ne!(rules(1), rules(2));
        let mut without = changed.clone();
        without.sheets.remove("calculators");
        assert_eq!(load(&catalog, &without).await, ["calculators"]);
        let caller = testkit::caller(Principal::Stranger);
        let gone = calculate(&catalog, &caller, "retirement", born("male", None, "1990-06-01"));
        assert_eq!(gone.unwrap_err().code(), "E1040");
    }
}

/// `60y1m` in months.
fn months(text: &str) -> u64 {
    let (years, months) = text.strip_suffix('m').unwrap().split_once('y').unwrap();
    years.parse::<u64>().unwrap() * 12 + months.parse::<u64>().unwrap()
}

#[tokio::test]
async fn retirement_follows_the_vectors_of_the_field() {
    let database = Database::create(Kind::Sqlite).await;
    let (_, catalog) = town(&database).await;
    let vectors = include_str!("data/retirement-vectors.tsv");
    for row in vectors.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let found = retirement(&catalog, cells[0], &format!("{}-01", cells[1])).facts;
        let told = [
            &found["delay_months"],
            &found["legal_age_months"],
            &found["legal_month"],
            &found["minimum_months"],
        ];
        let wanted = [
            json!(cells[2].parse::<u64>().unwrap()),
            json!(months(cells[3])),
            json!(cells[4]),
            json!(months(cells[5])),
        ];
        assert_eq!(told, wanted.each_ref(), "{row}");
    }
    assert_eq!(vectors.lines().count(), 20);
}

#[tokio::test]
async fn whoever_is_born_later_never_retires_earlier() {
    let database = Database::create(Kind::Sqlite).await;
    let (_, catalog) = town(&database).await;
    for (kind, ..) in KINDS {
        let mut before = (0, String::new(), 0);
        for month in 1940 * 12..2010 * 12 {
            let birth = format!("{:04}-{:02}-15", month / 12, month % 12 + 1);
            let facts = retirement(&catalog, kind, &birth).facts;
            let number = |fact: &str| facts[fact].as_u64().unwrap();
            let (delay, age) = (number("delay_months"), number("legal_age_months"));
            let day = facts["legal_day"].as_str().unwrap().to_owned();
            assert_eq!(age, number("original_age_months") + delay);
            assert_eq!(&day[..7], facts["legal_month"].as_str().unwrap());
            assert!(age >= before.0 && day > before.1, "{kind} {birth}");
            assert!(
                number("minimum_months") >= before.2
                    && (180..=240).contains(&number("minimum_months"))
            );
            // 弹性提前 and 延迟: three years at most, never below the former age.
            let (earliest, latest) = (number("earliest_age_months"), number("latest_age_months"));
            assert!(
                earliest >= number("original_age_months")
                    && earliest + 36 >= age
                    && earliest <= age
            );
            assert_eq!(latest, age + 36);
            before = (age, day, number("minimum_months"));
        }
    }
}
