//! Drafts: whose they are, where they are found again, and how long they are kept.

use kernel::limits::{DRAFT_DAYS_MAX, WINDOW_DRAFT_DAYS_MAX};
use serde_json::{Map, Value, json};
use testkit::on_both;

use crate::{
    client::{Call, Who},
    harness::TestApp,
    story::Story,
};

/// The cases of a list, by id.
async fn listed(app: &TestApp, who: &Who, path: &str) -> Vec<Value> {
    let rows = app.get(who, path).await["rows"].clone();
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row["case_id"].clone()).collect()
}

on_both! {
    async fn a_draft_at_a_window_is_the_clerks_until_it_is_received(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        let clerk = story.open_at_window("lijuan").await;
        let applicant = story.applicant().await;
        assert!(listed(&app, &applicant, "/my/cases?which=drafts").await.is_empty());
        assert_eq!(app.get(&applicant, "/my/summary").await["drafts"], 0);
        let body = json!({ "declaration": true, "electronic_service": true });
        let refused = app.act(&applicant, &story.case, "submit", &body).await;
        refused.refused(404, "E1012");
        for path in [format!("/cases/{}", story.case), format!("/cases/{}/draft", story.case)] {
            app.call(Call::get(path).by(&applicant)).await.refused(404, "E1012");
        }
        let discard = Call::delete(format!("/cases/{}", story.case)).by(&applicant);
        app.call(discard).await.refused(404, "E1012");
        // He finds it again, nobody else has it in his list.
        assert_eq!(listed(&app, &clerk, "/counter/cases").await, [story.case.as_str()]);
        let colleague = app.staff("sunyan").await;
        assert!(listed(&app, &colleague, "/counter/cases").await.is_empty());
        let version = app.version(&story.case).await;
        let body = json!({ "read_back": true, "electronic_service": false });
        let call = Call::post(format!("/counter/cases/{}/receive", story.case), &body);
        app.call(call.version(version).by(&clerk)).await.good();
        assert!(listed(&app, &clerk, "/counter/cases").await.is_empty());
        assert_eq!(listed(&app, &applicant, "/my/cases?which=open").await, [story.case.as_str()]);
    }
}

on_both! {
    async fn who_was_granted_the_same_before_is_told_while_he_fills_in(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        let applicant = story.draft().await;
        let draft = async |case: &str| app.get(&applicant, &format!("/cases/{case}/draft")).await;
        assert_eq!(draft(&story.case).await["granted_before"], Value::Null);
        let body = json!({ "declaration": true, "electronic_service": true });
        app.act(&applicant, &story.case, "submit", &body).await.good();
        story.accept("lijuan").await.good();
        story.review("linfang", "grant").await.good();
        story.decide("maxingyuan", "grant").await.good();
        app.run_jobs().await;
        let mut again = Story::named(&app, "SB-084", "granted");
        again.draft().await;
        let told = draft(&again.case).await["granted_before"].clone();
        assert_eq!(told, json!({ "case_id": story.case, "on": "2026-03-02" }));
        // A clerk who fills in for him at a window is not told.
        let mut there = Story::named(&app, "SB-084", "granted");
        let clerk = there.open_at_window("lijuan").await;
        let draft_there = app.get(&clerk, &format!("/cases/{}/draft", there.case)).await;
        assert_eq!(draft_there["granted_before"], Value::Null);
        // Of another item nothing is told.
        let other = app.call(Call::post("/cases", &json!({ "item": "JY-009" })).by(&applicant)).await.good();
        assert_eq!(draft(other["case_id"].as_str().unwrap()).await["granted_before"], Value::Null);
    }
}

impl TestApp {
    async fn days_later(&self, days: i64) {
        self.later(days * 86_400);
        self.run_jobs().await;
    }

    /// How many rows of a case a table has.
    async fn rows_of(&self, table: &str, case: &str) -> usize {
        let sql = format!("SELECT 1 FROM {table} WHERE case_id = {}", self.uuid(case));
        self.rows(&sql).await.len()
    }
}

on_both! {
    async fn a_draft_that_nobody_goes_on_with_is_thrown_away(database) {
        let app = TestApp::new(database).await;
        let mut online = Story::named(&app, "LD-001", "granted");
        online.draft().await;
        let mut window = Story::named(&app, "SB-084", "granted");
        window.open_at_window("lijuan").await;
        app.days_later(WINDOW_DRAFT_DAYS_MAX - 1).await;
        assert_eq!(app.state(&window.case).await, "DRAFT");
        app.days_later(2).await;
        for table in ["case_file", "case_data", "case_material"] {
            assert_eq!(app.rows_of(table, &window.case).await, 0, "{table}");
        }
        assert_eq!(app.events("case.discarded").await.len(), 1);
        // Somebody goes on with the other one: the time begins anew.
        app.days_later(DRAFT_DAYS_MAX - WINDOW_DRAFT_DAYS_MAX - 2).await;
        let who = online.applicant().await;
        online.save(&who, &Map::new()).await.good();
        app.days_later(DRAFT_DAYS_MAX - 1).await;
        assert_eq!(app.state(&online.case).await, "DRAFT");
        app.days_later(2).await;
        assert_eq!(app.rows_of("case_file", &online.case).await, 0);
        assert_eq!(app.events("case.discarded").await.len(), 2);
        assert_eq!(crate::replay::replays(&app.app.kit.store).await, 0);
    }
}

on_both! {
    async fn what_was_submitted_is_no_old_draft(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "LD-001", "granted");
        story.submit(false).await.good();
        app.days_later(DRAFT_DAYS_MAX + 1).await;
        assert_eq!(app.events("case.discarded").await.len(), 0);
        assert_eq!(app.state(&story.case).await, "REVIEWING");
    }
}
