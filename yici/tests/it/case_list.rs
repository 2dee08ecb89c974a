//! The list of cases: who sees which, what views are kept, what leaves the house and what is written
//! of it.

use serde_json::{Value, json};
use testkit::on_both;

use crate::{
    client::{Answer, Call, Who},
    harness::TestApp,
    story::Story,
};

/// Numbers of the cases that somebody's list holds.
async fn numbers(app: &TestApp, who: &Who, filter: &str) -> Vec<String> {
    let list = app.get(who, &format!("/workbench/cases{filter}")).await;
    let rows = list["rows"].as_array().unwrap().iter();
    rows.map(|row| row["case_no"].as_str().unwrap().to_owned())
        .collect()
}

async fn count(app: &TestApp, who: &Who, filter: &str) -> Value {
    app.get(who, &format!("/workbench/cases/count{filter}"))
        .await
}

/// A case that a clerk has taken on, one that waits for its applicant, and one of an enterprise.
async fn three(app: &TestApp) -> [String; 3] {
    let mut accepted = Story::named(app, "SB-084", "granted");
    accepted.submit(false).await.good();
    accepted.accept("zhoumin").await.good();
    app.later(60);
    app.execute("DELETE FROM case_open").await;
    let mut correcting = Story::named(app, "JY-009", "granted");
    correcting.submit(false).await.good();
    app.later(60);
    let mut firm = Story::named(app, "LD-001", "granted");
    firm.submit(false).await.good();
    let mut found = Vec::new();
    for case in [&accepted.case, &correcting.case, &firm.case] {
        let sql = format!(
            "SELECT number FROM case_file WHERE case_id = {}",
            app.uuid(case)
        );
        found.push(app.rows(&sql).await[0].try_get("", "number").unwrap());
    }
    found.try_into().unwrap()
}

on_both! {
    async fn everybody_finds_the_cases_of_his_organisations_by_what_they_are(database) {
        let app = TestApp::new(database).await;
        let [benefit, subsidy, licence] = three(&app).await;
        let clerk = app.staff("zhoumin").await;
        let all = vec![licence.clone(), subsidy.clone(), benefit.clone()];
        assert_eq!(numbers(&app, &clerk, "").await, all, "newest first");
        for (filter, wanted) in [
            ("?item=SB-084", &benefit),
            ("?applicant=enterprise", &licence),
            ("?handled=true", &benefit),
            ("?accepted_from=2026-03-02&accepted_to=2026-03-02&state=REVIEWING,DECIDING", &benefit),
            ("?org=180100/labour", &licence),
        ] {
            assert_eq!(numbers(&app, &clerk, filter).await, std::slice::from_ref(wanted), "{filter}");
            assert_eq!(count(&app, &clerk, filter).await, json!({ "cases": 1, "more": false }));
        }
        // A section sees its own, whatever it asks for; a leader the whole bureau.
        let reviewer = app.staff("linfang").await;
        assert_eq!(numbers(&app, &reviewer, "").await, [benefit]);
        assert!(numbers(&app, &reviewer, "?org=180100/labour").await.is_empty());
        assert_eq!(numbers(&app, &app.staff("liushaohua").await, "").await, all);
        let auditor = app.staff("caiyi").await;
        app.call(Call::get("/workbench/cases").by(&auditor)).await.refused(403, "E1102");
        for wrong in ["?state=DRAFT", "?org=x'", "?cursor=zz", "?decided_from=2026-03-02&decided_to=2026-03-01"] {
            app.call(Call::get(format!("/workbench/cases{wrong}")).by(&clerk)).await.refused(400, "E1014");
        }
    }
}

on_both! {
    async fn the_clock_of_a_case_is_found_by_its_colour_while_it_is_open(database) {
        let app = TestApp::new(database).await;
        let [benefit, ..] = three(&app).await;
        let reviewer = app.staff("linfang").await;
        let list = app.get(&reviewer, "/workbench/cases").await;
        let now = list["rows"][0]["clock"].as_str().unwrap().to_owned();
        for colour in ["overdue", "today", "later", "none"] {
            let found = numbers(&app, &reviewer, &format!("?clock={colour}")).await;
            assert_eq!(found == [benefit.clone()], colour == now, "{colour}, {now}");
        }
        app.at("2026-05-20T10:00:00");
        let reviewer = app.staff("linfang").await;
        let list = app.get(&reviewer, "/workbench/cases?order=due").await;
        assert_eq!(list["rows"][0]["clock"], "overdue");
        assert_eq!(numbers(&app, &reviewer, "?clock=overdue").await, [benefit]);
    }
}

async fn keep(app: &TestApp, who: &Who, version: i64, views: &Value) -> Answer {
    let call = Call::put("/workbench/case-views", &json!({ "views": views }));
    app.call(call.version(version).by(who)).await
}

on_both! {
    async fn views_are_kept_for_one_and_changed_as_a_whole(database) {
        let app = TestApp::new(database).await;
        let clerk = app.staff("zhoumin").await;
        let none = app.get(&clerk, "/workbench/case-views").await;
        assert_eq!((&none["views"], &none["may_export"]), (&json!([]), &json!(false)));
        let injury = json!({ "name": " 工伤 ", "filter": { "item": "SB-010", "clock": "soon" } });
        let waiting = json!({ "name": "等补正", "filter": { "state": "CORRECTING", "order": "due" } });
        keep(&app, &clerk, 0, &json!([injury, waiting])).await.good();
        keep(&app, &clerk, 0, &json!([])).await.refused(409, "E1010");
        let kept = app.get(&clerk, "/workbench/case-views").await;
        assert_eq!(kept["views"][0], json!({ "name": "工伤", "filter": { "item": "SB-010", "clock": "soon" } }));
        assert_eq!(kept["views"][1], waiting);
        keep(&app, &clerk, 1, &json!([waiting])).await.good();
        assert_eq!(app.get(&clerk, "/workbench/case-views").await["views"], json!([waiting]));
        assert_eq!(app.get(&app.staff("lijuan").await, "/workbench/case-views").await["views"], json!([]));
        let many: Vec<Value> = (0..13).map(|n| json!({ "name": n.to_string(), "filter": {} })).collect();
        keep(&app, &clerk, 2, &json!(many)).await.refused(422, "E1060");
        keep(&app, &clerk, 2, &json!([{ "name": " ", "filter": {} }])).await.refused(422, "E1002");
        keep(&app, &clerk, 2, &json!([{ "name": "x", "filter": { "state": "NONE" } }])).await.refused(400, "E1014");
    }
}

on_both! {
    async fn a_list_that_leaves_the_house_is_written_down_with_its_filter_and_rows(database) {
        let app = TestApp::new(database).await;
        three(&app).await;
        let clerk = app.staff("zhoumin").await;
        let export = |filter: &str| Call::get(format!("/workbench/cases/export{filter}"));
        app.call(export("").by(&clerk)).await.refused(403, "E1102");
        let leader = app.staff("liushaohua").await;
        let file = app.call(export("?applicant=person").by(&leader)).await;
        assert_eq!(file.status, 200);
        assert!(file.text.starts_with("PK"), "a workbook");
        let named = file.headers["content-disposition"].to_str().unwrap();
        assert!(named.starts_with("attachment; filename=\"cases-export_"), "{named}");
        let auditor = app.staff("caiyi").await;
        // The last piece may be here before its end is written down.
        let row = loop {
            let rows = app.get(&auditor, "/audit/exports").await["rows"].clone();
            if rows[0]["outcome"] != "running" {
                break rows[0].clone();
            }
            tokio::task::yield_now().await;
        };
        assert_eq!((&row["outcome"], &row["rows"]), (&json!("done"), &json!(2)));
        assert_eq!(row["filter"], json!({ "applicant": "person" }));
        let begun = app.audited("case_list.export").await;
        let ended = app.audited("case_list.export_end").await;
        assert_eq!((begun.len(), ended.len()), (1, 1));
        assert_eq!(begun[0].subject, row["staff_id"].as_str().unwrap());
        assert_eq!(ended[0].subject, row["export_id"].as_str().unwrap());
        app.call(Call::get("/audit/exports").by(&leader)).await.refused(403, "E1102");
    }
}

on_both! {
    async fn a_reader_who_goes_away_ends_the_export_and_that_is_written_down(database) {
        let app = TestApp::new(database).await;
        three(&app).await;
        let leader = app.staff("liushaohua").await;
        app.begin(Call::get("/workbench/cases/export").by(&leader)).await;
        let outcome = loop {
            let rows = app.rows("SELECT outcome FROM case_export").await;
            let outcome: String = rows[0].try_get("", "outcome").unwrap();
            if outcome != "running" {
                break outcome;
            }
            tokio::task::yield_now().await;
        };
        assert_eq!(outcome, "broken_off");
        // His place is free again.
        assert_eq!(app.call(Call::get("/workbench/cases/export").by(&leader)).await.status, 200);
    }
}
