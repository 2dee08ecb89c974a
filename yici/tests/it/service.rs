//! How a result reaches its applicant: no case waits for an arrival that never comes.

use serde_json::{Value, json};
use testkit::on_both;

use crate::{
    client::{Call, Who},
    harness::TestApp,
    story::Story,
};

/// Comes to the counter: he has neither account nor mobile.
const WITHOUT_ACCOUNT: &str = "180121196611300479";

impl TestApp {
    async fn set_consent(&self, who: &Who, agreed: bool) {
        let body = json!({ "agreed": agreed });
        let call = Call::put("/me/electronic-service", &body).by(who);
        self.call(call).await.good();
    }

    /// The cases the delivery desk sees.
    async fn waiting_at_the_desk(&self) -> Vec<Value> {
        let desk = self.staff("caoyu").await;
        let page = self.get(&desk, "/delivery").await;
        page["rows"].as_array().unwrap().clone()
    }

    /// Every decided case has reached its applicant, or waits in somebody's inbox to be handed out.
    async fn nothing_is_stuck(&self) {
        let stuck = self
            .rows(
                "SELECT case_id FROM case_file WHERE state IN ('GRANTED', 'READY', 'DENIED') \
                 AND case_id NOT IN (SELECT case_id FROM case_task WHERE stage = 'hand_out')",
            )
            .await;
        assert_eq!(
            stuck.len(),
            0,
            "a result that nobody hands out and that never arrives"
        );
    }
}

/// From acceptance to the decision.
async fn decide(story: &Story<'_>, outcome: &str) {
    story.review("linfang", outcome).await.good();
    story.decide("maxingyuan", outcome).await.good();
    story.app.run_jobs().await;
}

async fn hand_out(story: &Story<'_>) {
    let waiting = story.app.waiting_at_the_desk().await;
    assert_eq!(waiting[0]["case_id"], story.case.as_str());
    let body =
        json!({ "receiver": "本人", "relation": "本人", "method": "counter", "signed": true });
    story.act("caoyu", "hand-out", &body).await.good();
    assert_eq!(story.app.state(&story.case).await, "DELIVERED");
}

on_both! {
    async fn who_has_no_account_collects_his_result_whatever_was_ticked(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "JY-009", "granted");
        WITHOUT_ACCOUNT.clone_into(&mut story.applicant);
        story.form.insert("leaving_reason".to_owned(), json!("dismissed"));
        story.receive("lijuan", true).await.good();
        app.run_jobs().await;
        assert_eq!(app.state(&story.case).await, "READY");
        assert_eq!(app.events("message.arrived").await.len(), 0);
        app.nothing_is_stuck().await;
        hand_out(&story).await;
    }
}

on_both! {
    async fn who_agrees_for_one_case_needs_no_switch_in_his_account(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "JY-009", "granted");
        let applicant = story.applicant().await;
        app.set_consent(&applicant, false).await;
        app.later(1);
        story.submit(true).await.good();
        app.run_jobs().await;
        assert_eq!(app.state(&story.case).await, "DELIVERED");
        app.nothing_is_stuck().await;
    }
}

on_both! {
    async fn who_does_not_agree_for_a_case_is_served_on_paper_whatever_his_account_says(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "JY-009", "granted");
        app.set_consent(&story.applicant().await, true).await;
        story.submit(false).await.good();
        app.run_jobs().await;
        assert_eq!(app.state(&story.case).await, "READY");
        assert_eq!(app.events("message.arrived").await.len(), 0);
        hand_out(&story).await;
    }
}

on_both! {
    async fn consent_taken_back_before_the_decision_counts(database) {
        let app = TestApp::new(database).await;
        for outcome in ["grant", "deny"] {
            let mut story = Story::named(&app, "SB-084", "granted");
            let applicant = story.applicant().await;
            app.set_consent(&applicant, true).await;
            story.submit(true).await.good();
            story.accept("zhoumin").await.good();
            app.later(1);
            app.set_consent(&applicant, false).await;
            app.run_jobs().await;
            decide(&story, outcome).await;
            assert_ne!(app.state(&story.case).await, "DELIVERED");
            app.nothing_is_stuck().await;
            hand_out(&story).await;
        }
    }
}

on_both! {
    async fn what_is_on_its_way_arrives(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(true).await.good();
        story.accept("zhoumin").await.good();
        story.review("linfang", "grant").await.good();
        story.decide("maxingyuan", "grant").await.good();
        app.set_consent(&story.applicant().await, false).await;
        app.run_jobs().await;
        assert_eq!(app.state(&story.case).await, "DELIVERED");
        app.nothing_is_stuck().await;
    }
}
