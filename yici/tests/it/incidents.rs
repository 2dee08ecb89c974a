//! Cases whose flow cannot go on: who sees them, and the way out.

use kernel::ids::{CaseId, Id as _};
use serde_json::{Value, json};
use testkit::on_both;

use crate::{client::Call, harness::TestApp, replay::told, story::Story};

impl TestApp {
    /// Puts the flow of a case into an incident where its last task was opened, as one whose
    /// conditions all fail would: in its events, and in what is told from them.
    pub(crate) async fn break_flow(&self, case: &str) {
        let id = self.uuid(case);
        let sql = format!(
            "SELECT seq, body FROM event WHERE stream_id = {id} AND kind = 'case.task_opened' \
             ORDER BY seq DESC LIMIT 1"
        );
        let opened = self.rows(&sql).await.remove(0);
        let seq: i64 = opened.try_get("", "seq").unwrap();
        let body: String = opened.try_get("", "body").unwrap();
        let mut body: Value = serde_json::from_str(&body).unwrap();
        body["event"] = json!("case.incident");
        body["reason"] = json!("没有一个条件成立，也没有默认流");
        body["flow"]["tokens"][0]["wait"] = json!({ "incident": "no_exit" });
        self.execute(&format!(
            "UPDATE event SET kind = 'case.incident', body = {} WHERE stream_id = {id} AND seq = {seq}",
            quoted(&body)
        ))
        .await;
        let history = self
            .app
            .kit
            .store
            .history(
                "180100".parse().unwrap(),
                case.parse::<CaseId>().unwrap().uuid(),
            )
            .await
            .unwrap();
        let told = told(&history);
        self.execute(&format!(
            "UPDATE case_file SET body = {}, state = '{}', stuck_us = {} WHERE case_id = {id}; \
             DELETE FROM case_task WHERE case_id = {id}",
            quoted(&serde_json::to_value(&told).unwrap()),
            told.state.as_str(),
            self.now().as_micros()
        ))
        .await;
    }
}

fn quoted(body: &Value) -> String {
    format!("'{}'", body.to_string().replace('\'', "''"))
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
