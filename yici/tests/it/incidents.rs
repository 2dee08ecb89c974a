//! Cases whose flow cannot go on: who sees them, and the way out.

use serde_json::{Value, json};
use testkit::on_both;

use crate::{client::Call, harness::TestApp, story::Story};

impl TestApp {
    /// Puts the flow of a case into an incident, as one whose conditions all fail would.
    pub(crate) async fn break_flow(&self, case: &str) {
        let id = self.uuid(case);
        let sql = format!("SELECT body FROM case_file WHERE case_id = {id}");
        let body: String = self.rows(&sql).await[0].try_get("", "body").unwrap();
        let mut body: Value = serde_json::from_str(&body).unwrap();
        body["flow"]["tokens"][0]["wait"] = json!({ "incident": "no_exit" });
        body["tasks"] = json!([]);
        let body = body.to_string().replace('\'', "''");
        let now = self.now().as_micros();
        self.execute(&format!(
            "UPDATE case_file SET body = '{body}', stuck_us = {now} WHERE case_id = {id}; \
             DELETE FROM case_task WHERE case_id = {id}"
        ))
        .await;
    }
}

on_both! {
    async fn a_supervisor_lets_a_case_go_on_that_could_not(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        story.accept("lijuan").await.good();
        app.break_flow(&story.case).await;
        assert!(app.inbox_row("linfang", &story.case).await.is_none(), "nobody has it");
        // Who handles it sees where it stands; a supervisor finds it and lets it go on.
        let seen = app.case_at_work("linfang", &story.case).await;
        assert_eq!(seen["incident"]["reason"], "没有一个条件成立，也没有默认流");
        assert!(!seen["next"].as_array().unwrap().contains(&json!("retry")));
        story.act("linfang", "retry", &json!({})).await.refused(403, "E1102");
        let hezhen = app.staff("hezhen").await;
        let listed = app.get(&hezhen, "/workbench/stuck-cases").await;
        assert_eq!(listed["rows"][0]["case_id"], story.case.as_str());
        let elsewhere = app.get(&app.staff("shimin").await, "/workbench/stuck-cases").await;
        assert_eq!(elsewhere["rows"], json!([]));
        let next = app.case_at_work("hezhen", &story.case).await["next"].clone();
        assert!(next.as_array().unwrap().contains(&json!("retry")));
        story.act("hezhen", "retry", &json!({})).await.good();
        assert_eq!(app.audited("case.retry").await.len(), 1);
        assert_eq!(app.get(&hezhen, "/workbench/stuck-cases").await["rows"], json!([]));
        story.act("hezhen", "retry", &json!({})).await.refused(409, "E1201");
        // The applicant reads nothing of it.
        let applicant = story.applicant().await;
        let his = app.get(&applicant, &format!("/cases/{}", story.case)).await["timeline"].to_string();
        assert!(!his.contains("incident"), "{his}");
        story.review("linfang", "grant").await.good();
        app.call(Call::get("/workbench/stuck-cases").by(&applicant)).await.refused(403, "E1102");
    }
}
