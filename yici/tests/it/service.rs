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
    let body = json!({ "receiver": "王秀兰", "relation": "agent", "receiver_number": "180102197904120020", "authorised": true, "method": "counter", "signed": true });
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
    async fn a_result_by_mail_is_served_on_the_day_of_the_return_receipt(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        story.accept("lijuan").await.good();
        decide(&story, "grant").await;
        app.at("2026-03-09T10:00:00");
        let mailed = |received_on: Value| {
            json!({
                "receiver": "王秀兰", "relation": "agent", "authorised": true, "method": "mail", "signed": true,
                "received_on": received_on,
            })
        };
        // Decided on 2 March: neither before that, nor tomorrow, nor no day at all.
        for (day, code, what) in [
            (json!("2026-03-01"), "E1030", "应在 2026-03-02 到 2026-03-09 之间。"),
            (json!("2026-03-10"), "E1030", "应在 2026-03-02 到 2026-03-09 之间。"),
            (json!("2026-02-30"), "E1027", "请填写真实存在的日期。"),
            (json!(null), "E1020", "请填写。"),
        ] {
            let problem = story.act("caoyu", "hand-out", &mailed(day)).await.refused(422, "E1002");
            let fault = &problem["faults"][0];
            assert_eq!(fault["pointer"], "/received_on");
            assert_eq!((&fault["code"], &fault["detail"]), (&json!(code), &json!(what)));
        }
        story.act("caoyu", "hand-out", &mailed(json!("2026-03-05"))).await.good();
        app.run_jobs().await;
        let applicant = story.applicant().await;
        let case = app.get(&applicant, &format!("/cases/{}", story.case)).await;
        assert_eq!((&case["state"], &case["delivered_at"]), (&json!("DELIVERED"), &json!("2026-03-04T16:00:00Z")));
        assert_eq!(case["timeline"][0]["text"]["zh"], "邮寄，2026年3月5日签收");
        let papers = case["notices"].as_array().unwrap();
        let grant = papers.iter().find(|paper| paper["kind"] == "grant").unwrap();
        assert_eq!((&grant["served_how"], &grant["served_at"]), (&json!("mail"), &case["delivered_at"]));
        // The history names the paper, and the paper says what comes next.
        let served = case["timeline"].as_array().unwrap().iter();
        let served: Vec<&Value> = served.filter(|entry| entry["kind"] == "case.notice_served").collect();
        assert_eq!(served[0]["title"]["zh"], "失业保险金核定决定书已送达");
        let path = format!("/cases/{}/notices/{}", story.case, grant["notice_id"].as_str().unwrap());
        let paper = app.get(&applicant, &path).await.to_string();
        assert!(paper.contains("接下来") && paper.contains("按月发到"), "{paper}");
        let receipt = papers.iter().find(|paper| paper["kind"] == "delivery_receipt").unwrap();
        let path = format!("/cases/{}/notices/{}", story.case, receipt["notice_id"].as_str().unwrap());
        let paper = app.get(&applicant, &path).await.to_string();
        assert!(paper.contains("邮寄") && paper.contains("2026年3月5日"), "{paper}");
        let told = app.get(&applicant, "/messages").await;
        assert!(told.to_string().contains("2026年3月5日，您的"), "{told}");
        // Over the counter it is today: no other day is taken.
        let mut other = Story::named(&app, "JY-009", "granted");
        WITHOUT_ACCOUNT.clone_into(&mut other.applicant);
        other.form.insert("leaving_reason".to_owned(), json!("dismissed"));
        other.receive("lijuan", false).await.good();
        let mut body = mailed(json!("2026-03-09"));
        body["method"] = json!("counter");
        body["receiver_number"] = json!("180102197904120020");
        let problem = other.act("caoyu", "hand-out", &body).await.refused(422, "E1002");
        assert_eq!(problem["faults"][0]["code"], "E1029");
        body.as_object_mut().unwrap().remove("received_on");
        other.act("caoyu", "hand-out", &body).await.good();
    }
}

on_both! {
    async fn a_result_goes_to_nobody_who_is_not_who_he_is_said_to_be(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "JY-009", "granted");
        WITHOUT_ACCOUNT.clone_into(&mut story.applicant);
        story.form.insert("leaving_reason".to_owned(), json!("dismissed"));
        story.receive("lijuan", false).await.good();
        app.run_jobs().await;
        let given = |receiver: &str, relation: &str| {
            json!({ "receiver": receiver, "relation": relation, "method": "counter", "signed": true })
        };
        // He is 高长顺, and no enterprise.
        for (receiver, relation, pointer) in [
            ("高长", "applicant", "/receiver"),
            ("高长顺", "enterprise_agent", "/relation"),
            ("高长顺", "mail_room", "/relation"),
        ] {
            let problem = story.act("caoyu", "hand-out", &given(receiver, relation)).await.refused(422, "E1002");
            let fault = &problem["faults"][0];
            assert_eq!((&fault["pointer"], &fault["code"]), (&json!(pointer), &json!("E1034")));
            assert_eq!(app.state(&story.case).await, "READY");
        }
        let unknown = story.act("caoyu", "hand-out", &given("高长顺", "朋友")).await;
        unknown.refused(422, "E1002");
        // Somebody else shows his own card, an agent the applicant's authorisation besides.
        let mut agent = given("王秀兰", "agent");
        let told = |problem: &Value| -> Vec<Value> {
            let faults = problem["faults"].as_array().unwrap().iter();
            faults.map(|fault| json!([fault["pointer"], fault["code"]])).collect()
        };
        let problem = story.act("caoyu", "hand-out", &agent).await.refused(422, "E1002");
        assert_eq!(told(&problem), [json!(["/receiver_number", "E1020"]), json!(["/authorised", "E1033"])]);
        agent["authorised"] = json!(true);
        agent["receiver_number"] = json!("180102197904120021");
        let problem = story.act("caoyu", "hand-out", &agent).await.refused(422, "E1002");
        assert_eq!(told(&problem), [json!(["/receiver_number", "E1025"])]);
        let mut himself = given("高长顺", "applicant");
        himself["receiver_number"] = json!("180102197904120020");
        let problem = story.act("caoyu", "hand-out", &himself).await.refused(422, "E1002");
        assert_eq!(told(&problem), [json!(["/receiver_number", "E1029"])]);
        story.act("caoyu", "hand-out", &given("高长顺", "applicant")).await.good();
        assert_eq!(app.state(&story.case).await, "DELIVERED");
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
