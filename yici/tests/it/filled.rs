//! A database that was filled for measurements: what it holds is what the product would have written.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Timestamp;
use sea_orm::QueryResult;
use serde_json::json;
use testkit::on_both;
use yici::fill::{self, Plan};

use crate::{
    client::Call,
    drill::lead_to_their_cases,
    harness::{TestApp, pack},
    replay::replays,
    story::Story,
};

/// One case that is over, with everything that followed, and one that is open.
async fn lived(app: &TestApp) {
    let mut story = Story::named(app, "SB-084", "granted");
    story.submit(false).await.good();
    story.accept("zhoumin").await.good();
    story.review("linfang", "grant").await.good();
    story.decide("fanghui", "deny").await.good();
    let signed = json!({ "receiver": "王秀兰", "relation": "agent", "receiver_number": "180102197904120020", "authorised": true, "method": "counter", "signed": true });
    story.act("yuanxin", "hand-out", &signed).await.good();
    app.run_jobs().await;
    let rating = json!({ "case_id": story.case, "stars": 5, "labels": [], "anonymous": true });
    let applicant = story.applicant().await;
    let rated = Call::post("/ratings", &rating).by(&applicant);
    app.call(rated).await.good();
    let mut open = Story::named(app, "LD-001", "granted");
    open.submit(false).await.good();
    app.run_jobs().await;
}

async fn copied(app: &TestApp, cases: u64, whole_each: u64) {
    let plan = Plan {
        cases,
        seed: 7,
        whole_each,
    };
    fill::fill(&app.app, pack(), plan).await.unwrap();
}

on_both! {
    async fn a_whole_copy_is_what_its_log_tells(database) {
        let app = TestApp::new(database).await;
        lived(&app).await;
        copied(&app, 40, 1).await;
        assert_eq!(replays(&app.app.kit.store).await, 42);
        // A second run adds others.
        copied(&app, 10, 1).await;
        assert_eq!(replays(&app.app.kit.store).await, 52);
    }
}

on_both! {
    async fn lists_figures_and_searches_hold_the_copies_and_nothing_counts_them_twice(database) {
        let app = TestApp::new(database).await;
        lived(&app).await;
        app.app.kit.store.events_settled().await.unwrap();
        insight::catch_up(&app.app.insight).await.unwrap();
        copied(&app, 300, 10).await;
        assert_eq!(insight::catch_up(&app.app.insight).await.unwrap(), 0);
        let mut numbers = BTreeSet::new();
        for leader in ["liushaohua", "shimin"] {
            let who = app.staff(leader).await;
            let mut path = "/workbench/cases?limit=100".to_owned();
            loop {
                let page = app.get(&who, &path).await;
                for row in page["rows"].as_array().unwrap() {
                    assert!(numbers.insert(row["case_no"].as_str().unwrap().to_owned()), "{row}");
                }
                let Some(next) = page["next"].as_str() else { break };
                path = format!("/workbench/cases?limit=100&cursor={next}");
            }
        }
        assert_eq!(numbers.len(), 302);
        let found = json!({ "query": numbers.first().unwrap() });
        let clerk = app.staff("zhoumin").await;
        let search = Call::post("/workbench/case-searches", &found).by(&clerk);
        assert_eq!(app.call(search).await.good()["rows"].as_array().unwrap().len(), 1);
    }
}

/// What figures count of a case: its column, and the day on which it counts.
const MARKS: [(&str, &str); 5] = [
    ("on_time", "decided_on"),
    ("within_law", "decided_on"),
    ("instant", "decided_on"),
    ("corrected", "decided_on"),
    ("one_visit", "delivered_on"),
];

/// By what cases are told apart; there is no hall on line.
const OF: [&str; 4] = ["org", "item", "channel", "hall"];

/// Something that is counted, and of what: day or month, organisation, item, channel, hall.
type Counted = BTreeMap<(&'static str, String), i64>;

/// What the rows of cases and of ratings say to the figures.
async fn recounted(app: &TestApp) -> Counted {
    let mut all = Counted::new();
    let mut add = |what, row: &QueryResult, span: &str| {
        let of = OF.map(|of| text(row, of).unwrap_or_default());
        *all.entry((what, format!("{span} {}", of.join(" "))))
            .or_default() += 1;
    };
    for row in app
        .rows("SELECT * FROM case_file WHERE received_us IS NOT NULL")
        .await
    {
        let received = Timestamp::from_micros(row.try_get("", "received_us").unwrap());
        add("received", &row, &received.day().to_string());
        for (what, column) in [
            ("accepted", "accepted_on"),
            ("decided", "decided_on"),
            ("delivered", "delivered_on"),
        ] {
            if let Some(day) = text(&row, column) {
                add(what, &row, &day);
            }
        }
        for (mark, span) in MARKS {
            let has: Option<bool> = row.try_get("", mark).unwrap();
            if let (Some(true), Some(day)) = (has, text(&row, span)) {
                add(mark, &row, &day);
            }
        }
        if let Some(day) = text(&row, "closed_on") {
            add("closed", &row, &day);
        } else {
            let presses = text(&row, "due_on").filter(|day| day != "9999-12-31");
            add("open", &row, &presses.unwrap_or_default());
        }
    }
    let rated = "SELECT rating.*, case_file.channel, case_file.hall FROM rating JOIN case_file ON case_file.case_id = rating.case_id";
    for row in app.rows(rated).await {
        add("rated", &row, &text(&row, "given_in").unwrap());
    }
    all
}

/// The same as the figures have it.
async fn figures(app: &TestApp) -> Counted {
    let mut all = Counted::new();
    for (what, columns, grain) in [
        ("received", "received", "item_day"),
        ("accepted", "accepted", "item_day"),
        ("decided", "granted + denied", "item_day"),
        ("closed", "closed", "item_day"),
        ("delivered", "delivered", "item_day"),
        (
            "rated",
            "stars_1 + stars_2 + stars_3 + stars_4 + stars_5",
            "item_month",
        ),
    ] {
        let sql = format!(
            "SELECT span, org, item, channel, hall, {columns} AS n FROM insight_count WHERE grain = '{grain}' AND {columns} <> 0"
        );
        all.extend(app.rows(&sql).await.iter().map(|row| counted(what, row)));
    }
    for (mark, _) in MARKS {
        let sql = format!(
            "SELECT span, org, item, channel, hall, {mark} AS n FROM insight_count WHERE grain = 'item_day' AND {mark} <> 0"
        );
        all.extend(app.rows(&sql).await.iter().map(|row| counted(mark, row)));
    }
    let open = "SELECT due_on AS span, org, item, channel, hall, cases AS n FROM insight_due WHERE item <> ''";
    all.extend(app.rows(open).await.iter().map(|row| counted("open", row)));
    all
}

/// The figures are those of the cases.
async fn agree(app: &TestApp) {
    let (told, wanted) = (figures(app).await, recounted(app).await);
    let other = |key| told.get(key) != wanted.get(key);
    let keys: BTreeSet<_> = told.keys().chain(wanted.keys()).collect();
    let differ = keys.into_iter().filter(|key| other(key));
    let differ: Vec<_> = differ
        .map(|key| (key, told.get(key), wanted.get(key)))
        .collect();
    assert!(differ.is_empty(), "{differ:?}");
}

fn counted(what: &'static str, row: &QueryResult) -> ((&'static str, String), i64) {
    let of = OF.map(|of| text(row, of).unwrap());
    let span = text(row, "span").unwrap();
    (
        (what, format!("{span} {}", of.join(" "))),
        row.try_get("", "n").unwrap(),
    )
}

fn text(row: &QueryResult, column: &str) -> Option<String> {
    row.try_get("", column).unwrap()
}

on_both! {
    async fn figures_are_those_of_the_copies_with_a_log_and_without(database) {
        let app = TestApp::new(database).await;
        lived(&app).await;
        copied(&app, 400, 10).await;
        agree(&app).await;
        for (first, last) in [("2024-03-03", "2025-03-02"), ("2025-03-03", "2026-03-02")] {
            lead_to_their_cases(&app, ("liushaohua", "180100"), (first, last)).await;
        }
        // What a second run adds is counted once, and what was there is not counted again.
        copied(&app, 100, 4).await;
        agree(&app).await;
        let sums = "SELECT DISTINCT CAST(SUM(received) AS bigint) AS received, CAST(SUM(delivered) AS bigint) AS delivered, \
            CAST(SUM(stars_5) AS bigint) AS stars FROM insight_count GROUP BY grain";
        assert_eq!(app.rows(sums).await.len(), 1, "each grain holds everything");
    }
}
