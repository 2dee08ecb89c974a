//! What applicants are told and shown.

use axum::http::Method;
use serde_json::{Value, json};
use testkit::on_both;

use crate::{client::Call, harness::TestApp, story::Story};

/// The short messages that were sent since the last look, oldest first.
pub(crate) async fn short_messages(app: &TestApp, seen: &mut usize) -> Vec<String> {
    app.run_jobs().await;
    let who = app.citizen("180102197904120020").await;
    let rows = app.get(&who, "/demo/outbox?limit=100").await;
    let mut texts: Vec<String> = rows["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["text"].as_str().unwrap().to_owned())
        .collect();
    texts.reverse();
    let new = texts.split_off(*seen);
    *seen += new.len();
    new
}

fn titles(page: &Value) -> Vec<&str> {
    let rows = page["rows"].as_array().unwrap().iter();
    rows.map(|row| row["title"].as_str().unwrap().split('：').next().unwrap())
        .collect()
}

on_both! {
    async fn an_item_granted_at_once_sends_one_short_message_and_tells_every_step_in_the_box(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "JY-009", "granted");
        story.submit(true).await.good();
        let mut seen = 0;
        let sent = short_messages(&app, &mut seen).await;
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert!(sent[0].contains("已准予"), "{sent:?}");
        app.later(60);
        assert!(short_messages(&app, &mut seen).await.is_empty());
        let who = story.applicant().await;
        let page = app.get(&who, "/messages").await;
        let mut told = titles(&page);
        told.sort_unstable();
        assert_eq!(told, ["已准予", "已受理", "已收件", "已送达", "请评价"]);
        assert_eq!(app.get(&who, "/my/summary").await["unread"], 5);
    }
}

on_both! {
    async fn every_act_of_a_colleague_sends_at_most_one_short_message(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        let mut seen = 0;
        let mut sent = Vec::new();
        story.submit(false).await.good();
        sent.push(short_messages(&app, &mut seen).await);
        app.later(60);
        story.accept("zhoumin").await.good();
        sent.push(short_messages(&app, &mut seen).await);
        app.later(60);
        story.review("linfang", "grant").await.good();
        sent.push(short_messages(&app, &mut seen).await);
        app.later(60);
        story.decide("fanghui", "grant").await.good();
        sent.push(short_messages(&app, &mut seen).await);
        let counts: Vec<usize> = sent.iter().map(Vec::len).collect();
        assert_eq!(counts, [1, 1, 0, 1], "{sent:?}");
        // On paper it waits at the desk: that is what the person has to know.
        assert!(sent[3][0].contains("出件室"), "{sent:?}");
    }
}

on_both! {
    async fn a_second_application_is_refused_with_the_way_to_the_first(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        let first = story.case.clone();
        let refused = story.submit(false).await;
        assert_eq!((refused.status, refused.code()), (409, "E1205"));
        assert_eq!(refused.body["case_id"], json!(first));
        let who = story.applicant().await;
        assert_eq!(app.get(&who, &format!("/cases/{first}")).await["state"], "SUBMITTED");
    }
}

on_both! {
    async fn the_first_page_shows_the_case_that_waits_for_the_citizen(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        let who = story.applicant().await;
        let lines = json!({ "lines": [{ "field": "mobile", "defect": "不对", "how_to_fix": "请改" }] });
        app.later(60);
        story.act("zhoumin", "pre-return", &lines).await.good();
        let waiting = story.case.clone();
        app.run_jobs().await;
        // Something happens to another one later.
        app.later(60);
        app.execute("DELETE FROM case_open").await;
        story.submit(false).await.good();
        let summary = app.get(&who, "/my/summary").await;
        assert_eq!((&summary["open"], &summary["needs_me"]), (&json!(2), &json!(1)));
        assert_eq!(summary["latest"]["case_id"], json!(waiting));
        assert_eq!(summary["unread"], app.get(&who, "/messages/unread").await["count"]);
    }
}

on_both! {
    async fn whoever_guesses_query_codes_has_to_wait_and_hears_how_long(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        let view = app.get(&story.applicant().await, &format!("/cases/{}", story.case)).await;
        let ask = async |code: &str| {
            let body = json!({ "case_no": view["case_no"], "query_code": code });
            app.send(Call::new(Method::POST, "/progress-queries").json(&body)).await
        };
        let right = view["query_code"].as_str().unwrap();
        for _ in 0..50 {
            assert_eq!(ask("AAAAAAAA").await.code(), "E1219");
        }
        for code in ["AAAAAAAA", right] {
            let refused = ask(code).await;
            assert_eq!((refused.status, refused.code()), (429, "E1232"));
            assert_eq!(refused.headers["retry-after"], "900");
        }
        app.later(870);
        assert_eq!(ask(right).await.headers["retry-after"], "30");
        app.later(30);
        assert_eq!(ask(right).await.status, 200);
    }
}

on_both! {
    async fn the_list_of_ones_cases_offers_rating_until_it_was_given(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "JY-009", "granted");
        story.submit(true).await.good();
        app.run_jobs().await;
        let who = story.applicant().await;
        let closed = app.get(&who, "/my/cases?which=closed").await;
        assert_eq!(closed["rows"][0]["can_rate"], true);
        let given = json!({ "case_id": story.case, "stars": 5, "labels": [], "text": null, "anonymous": false });
        app.call(Call::post("/ratings", &given).by(&who)).await.good();
        let closed = app.get(&who, "/my/cases?which=closed").await;
        assert_eq!((&closed["rows"][0]["case_id"], &closed["rows"][0]["can_rate"]), (&json!(story.case), &json!(false)));
    }
}
