//! A register that is derived: prefilled, checked and named like those that are asked.

use catalog::{Publication, load_pack, pack::Pack};
use serde_json::{Map, Value, json};
use testkit::on_both;
use yici::city;

use crate::{
    harness::{TestApp, pack},
    story::Story,
};

async fn draft(app: &TestApp, story: &Story<'_>) -> Value {
    let path = format!("/cases/{}/draft", story.case);
    app.get(&story.applicant().await, &path).await
}

/// Label of each check of a case that is not plainly met.
async fn open_checks(app: &TestApp, story: &Story<'_>) -> Vec<(String, Value)> {
    let reviewer = app.staff("guowen").await;
    let path = format!("/workbench/cases/{}", story.case);
    let checks = app.get(&reviewer, &path).await["checks"].clone();
    let checks = checks.as_array().unwrap().iter();
    let told = checks.map(|check| {
        (
            check["id"].as_str().unwrap().to_owned(),
            check["ok"].clone(),
        )
    });
    told.filter(|(_, ok)| *ok != json!(true)).collect()
}

on_both! {
    async fn what_a_calculator_finds_is_filled_in_and_checked_like_what_a_register_says(database) {
        let app = TestApp::new(database).await;
        app.at("2026-03-02T09:00:00");
        let mut story = Story::named(&app, "SB-033", "granted");
        story.draft().await;
        let shown = draft(&app, &story).await;
        assert_eq!(shown["prefill"]["values"]["retirement_time"], "2026 年 7 月（可以选 2026-03 到 2029-07）");
        let sources = shown["prefill"]["sources"].as_array().unwrap();
        let named: Vec<&str> = sources.iter().map(|one| one["source"].as_str().unwrap()).collect();
        assert_eq!(named.last(), Some(&"退休年龄计算器"));
        assert_eq!(named.len(), 5);
        let body = json!({ "declaration": true, "electronic_service": true });
        app.act(&story.applicant().await, &story.case, "submit", &body).await.good();
        story.accept("zhoumin").await.good();
        assert!(open_checks(&app, &story).await.is_empty());
    }
}

on_both! {
    async fn where_a_calculator_finds_nothing_a_person_looks(database) {
        let app = TestApp::new(database).await;
        app.at("2026-03-02T09:00:00");
        let mut story = Story::named(&app, "SB-033", "denied");
        story.draft().await;
        let shown = draft(&app, &story).await;
        assert_eq!(shown["prefill"]["values"]["retirement_time"], Value::Null);
        let body = json!({ "declaration": true, "electronic_service": true });
        app.act(&story.applicant().await, &story.case, "submit", &body).await.good();
        story.accept("lijuan").await.good();
        let open = open_checks(&app, &story).await;
        for id in ["post", "age", "timing", "paid", "file"] {
            assert!(open.contains(&(id.to_owned(), Value::Null)), "{id}: {open:?}");
        }
    }
}

on_both! {
    async fn a_case_goes_on_with_the_calculator_it_was_submitted_under(database) {
        let app = TestApp::new(database).await;
        app.at("2026-03-02T09:00:00");
        let mut story = Story::named(&app, "SB-033", "granted");
        story.submit(true).await.good();
        // From now on the age rises twice as fast.
        let mut items = pack().items.clone();
        let item = items.iter_mut().find(|item| item.facts.code.as_str() == "SB-033").unwrap();
        let calculator = item.calculators.get_mut("retirement").unwrap();
        assert!(calculator.rules.contains("<text>4</text>"));
        calculator.rules = calculator.rules.replace("<text>4</text>", "<text>2</text>");
        let changed = Pack { items, ..pack().clone() };
        let operator = city::operator().unwrap();
        load_pack(&app.app.catalog, &operator, &changed, Publication::From(app.now().day())).await.unwrap();
        story.accept("zhoumin").await.good();
        assert!(open_checks(&app, &story).await.is_empty());

        let mut later = Story::named(&app, "SB-033", "granted");
        later.form = Map::new();
        later.applicant = Story::named(&app, "SB-033", "corrected").applicant;
        later.draft().await;
        assert_eq!(draft(&app, &later).await["edition"], 2);
    }
}
