//! Receipt, silence, corrections and calendars: what happens by the clock.

use serde_json::{Value, json};
use testkit::on_both;
use yici::city;

use crate::{
    client::Call,
    harness::{TestApp, pack},
    portal::short_messages,
    story::Story,
};

/// A holiday notice for 2027: the statutory days, and New Year exchanged with a Saturday.
pub(crate) const NOTICE_2027: &str = "2027-01-01\toff\t元旦
2027-01-04\toff\t元旦
2027-01-05\toff\t元旦
2027-01-09\twork\t元旦
2027-02-05\toff\t春节
2027-02-06\toff\t春节
2027-02-07\toff\t春节
2027-02-08\toff\t春节
2027-04-05\toff\t清明节
2027-05-01\toff\t劳动节
2027-05-02\toff\t劳动节
2027-06-09\toff\t端午节
2027-09-15\toff\t中秋节
2027-10-01\toff\t国庆节
2027-10-02\toff\t国庆节
2027-10-03\toff\t国庆节
";

pub(crate) fn lines() -> Value {
    json!({ "lines": [{ "field": "payee", "defect": "没有激活", "how_to_fix": "请激活" }] })
}

impl Story<'_> {
    async fn view(&self) -> Value {
        self.app
            .get(&self.applicant().await, &format!("/cases/{}", self.case))
            .await
    }

    /// What the one paper of a kind says, as the applicant reads it.
    async fn paper(&self, kind: &str) -> String {
        let case = self.view().await;
        let mut papers = case["notices"].as_array().unwrap().iter();
        let paper = papers.find(|paper| paper["kind"] == kind).unwrap();
        let id = paper["notice_id"].as_str().unwrap();
        let path = format!("/cases/{}/notices/{id}", self.case);
        self.app
            .get(&self.applicant().await, &path)
            .await
            .to_string()
    }

    /// The one message with such a title in the box of the applicant.
    async fn told(&self, title: &str) -> String {
        let page = self.app.get(&self.applicant().await, "/messages").await;
        let told = page["rows"].as_array().unwrap().iter();
        let mut told = told.filter(|message| message["title"].as_str().unwrap().starts_with(title));
        let message = told.next().unwrap_or_else(|| panic!("no {title}"));
        assert_eq!(told.next(), None, "{title} is told once");
        message.to_string()
    }
}

impl TestApp {
    /// The State Council's notice for 2027 is loaded, and what follows from it has happened.
    async fn publish_2027(&self) {
        let holidays = format!("{}{NOTICE_2027}", pack().holidays);
        let operator = city::operator().unwrap();
        let catalog = &self.app.catalog;
        catalog::load_calendar(catalog, &operator, pack().city.code, &holidays)
            .await
            .unwrap();
        self.run_jobs().await;
    }
}

pub(crate) fn clock<'a>(case: &'a Value, kind: &str) -> &'a Value {
    case["clocks"]
        .as_array()
        .unwrap()
        .iter()
        .rfind(|clock| clock["kind"] == kind)
        .unwrap()
}

on_both! {
    async fn insisting_keeps_the_date_of_submission(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "denied");
        story.submit(false).await.good();
        let received = story.view().await["received_at"].clone();
        app.at("2026-03-03T10:00:00");
        story.act("lijuan", "pre-return", &lines()).await.good();
        let case = story.view().await;
        assert_eq!(clock(&case, "acceptance")["stopped_at"], json!(null), "a pre-return stops no legal clock");
        app.at("2026-03-04T16:00:00");
        story.act("applicant", "insist", &json!({})).await.good();
        let case = story.view().await;
        assert_eq!((&case["state"], &case["received_at"]), (&json!("RECEIVED"), &received));
        assert_eq!(clock(&case, "acceptance")["due_on"], "2026-03-09");
        // Silence accepts: the five working days ran since the submission.
        app.at("2026-03-09T23:59:59");
        app.run_jobs().await;
        assert_eq!(app.state(&story.case).await, "RECEIVED");
        app.at("2026-03-10T00:00:00");
        app.run_jobs().await;
        let case = story.view().await;
        assert_eq!((&case["state"], &case["accepted_on"]), (&json!("REVIEWING"), &json!("2026-03-02")));
        assert_eq!(app.events("case.accepted").await[0]["mode"], "deemed");
        // Nobody accepted: whoever takes in papers is not barred by it, and the review goes on.
        story.review("linfang", "deny").await.good();
    }
}

on_both! {
    async fn silence_accepts_what_nobody_looked_at(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "LD-001", "granted");
        story.submit(false).await.good();
        app.at("2026-03-10T08:00:00");
        app.run_jobs().await;
        let case = story.view().await;
        assert_eq!((&case["state"], &case["accepted_on"]), (&json!("REVIEWING"), &json!("2026-03-02")));
        story.accept("lijuan").await.refused(409, "E1201");
        // Figures and the list of cases say the same day.
        app.app.kit.store.events_settled().await.unwrap();
        insight::catch_up(&app.app.insight).await.unwrap();
        let leader = app.staff("liushaohua").await;
        for (day, accepted) in [("2026-03-02", 1), ("2026-03-10", 0)] {
            let board = app.get(&leader, &format!("/insight/figures?period=own&from={day}&to={day}")).await;
            let list = app.get(&leader, &format!("/workbench/cases/count?accepted_from={day}&accepted_to={day}")).await;
            assert_eq!((&board["figures"]["accepted"], &list["cases"]), (&json!(accepted), &json!(accepted)), "{day}");
        }
    }
}

on_both! {
    async fn who_insists_after_the_time_to_accept_finds_it_accepted(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "denied");
        story.submit(false).await.good();
        story.act("lijuan", "pre-return", &lines()).await.good();
        app.at("2026-03-11T09:00:00");
        app.run_jobs().await;
        assert_eq!(app.state(&story.case).await, "PRE_RETURNED");
        story.act("applicant", "insist", &json!({})).await.good();
        let case = story.view().await;
        assert_eq!((&case["state"], &case["accepted_on"]), (&json!("REVIEWING"), &json!("2026-03-02")));
    }
}

on_both! {
    async fn corrections_that_never_come_end_the_case(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "corrected");
        story.submit(false).await.good();
        story.act("lijuan", "correct", &lines()).await.good();
        let case = story.view().await;
        assert_eq!(case["correction"]["due_on"], "2026-03-23");
        assert_ne!(clock(&case, "acceptance")["stopped_at"], json!(null));
        app.at("2026-03-23T23:59:59");
        app.run_jobs().await;
        assert_eq!(app.state(&story.case).await, "CORRECTING");
        app.at("2026-03-24T00:00:00");
        story.act("applicant", "supply", &json!({})).await.refused(409, "E1214");
        app.run_jobs().await;
        assert_eq!(app.state(&story.case).await, "LAPSED");
        story.act("applicant", "supply", &json!({})).await.refused(409, "E1201");
        // It is closed: he may apply again.
        let mut again = Story::named(&app, "SB-084", "corrected");
        again.submit(false).await.good();
    }
}

on_both! {
    async fn supplying_starts_the_time_to_accept_anew(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "corrected");
        story.submit(false).await.good();
        app.at("2026-03-09T15:00:00");
        story.act("lijuan", "correct", &lines()).await.good();
        app.at("2026-03-16T15:00:00");
        let applicant = story.applicant().await;
        let other = json!({ "payee": "other", "bank_name": "云岭银行", "bank_account": "6200001801000001230" });
        story.save(&applicant, other.as_object().unwrap()).await.good();
        app.act(&applicant, &story.case, "supply", &json!({})).await.good();
        let case = story.view().await;
        assert_eq!(clock(&case, "acceptance")["due_on"], "2026-03-23");
        app.at("2026-03-23T12:00:00");
        app.run_jobs().await;
        assert_eq!(app.state(&story.case).await, "CORRECTED");
        app.at("2026-03-24T12:00:00");
        app.run_jobs().await;
        assert_eq!(app.state(&story.case).await, "REVIEWING");
    }
}

on_both! {
    async fn a_new_calendar_counts_provisional_dates_again(database) {
        let app = TestApp::new(database).await;
        app.at("2026-12-25T10:00:00");
        let mut story = Story::named(&app, "SB-084", "corrected");
        story.submit(false).await.good();
        let line = lines();
        story.act("lijuan", "correct", &line).await.good();
        let case = story.view().await;
        let due = clock(&case, "correction");
        assert_eq!((&due["due_on"], &due["provisional"]), (&json!("2027-01-18"), &json!(true)));
        assert_eq!(case["correction"]["provisional"], true);
        let paper = story.paper("correction_notice").await;
        assert!(paper.contains("请在2027年1月18日（暂定）前交齐"), "{paper}");
        assert!(paper.contains("by 2027-01-18 (provisional)"), "{paper}");
        let entry = &case["timeline"][0]["text"];
        assert_eq!(entry["zh"], "请在2027年1月18日（暂定）前补正");
        let short = short_messages(&app, &mut 0).await;
        assert!(short.last().unwrap().contains("2027年1月18日（暂定）前补好"), "{short:?}");
        let told = story.told("请补正：").await;
        assert!(told.contains("2027年1月18日（暂定）前补好"), "{told}");
        // The notice for 2027 comes: two more days off at New Year, one Saturday worked.
        app.publish_2027().await;
        let case = story.view().await;
        let due = clock(&case, "correction");
        assert_eq!((&due["due_on"], &due["provisional"]), (&json!("2027-01-19"), &json!(false)));
        let told = app.events("case.clock_recomputed").await;
        let told = told.iter().find(|event| event["clock"] == "correction").unwrap();
        assert_eq!((&told["old"], &told["new"]["due_on"]), (&json!("2027-01-18"), &json!("2027-01-19")));
        assert_eq!(case["correction"]["due_on"], "2027-01-19");
        let told = story.told("日期有变：").await;
        assert!(told.contains("补齐材料的最后一天改为2027年1月19日，"), "{told}");
        let row = app.inbox_row("lijuan", &story.case).await.unwrap();
        assert_eq!((&row["due_on"], &row["provisional"]), (&json!("2027-01-19"), &json!(false)));
        app.at("2027-01-19T12:00:00");
        app.run_jobs().await;
        assert_eq!(app.state(&story.case).await, "CORRECTING", "the old date has lost its force");
        app.at("2027-01-20T00:00:00");
        app.run_jobs().await;
        assert_eq!(app.state(&story.case).await, "LAPSED");
        assert!(crate::replay::replays(&app.app.kit.store).await > 0);
    }
}

on_both! {
    async fn who_supplies_by_the_date_counted_again_is_in_time(database) {
        let app = TestApp::new(database).await;
        app.at("2026-12-25T10:00:00");
        let mut story = Story::named(&app, "SB-084", "corrected");
        story.submit(false).await.good();
        story.act("lijuan", "correct", &lines()).await.good();
        app.publish_2027().await;
        app.at("2027-01-19T12:00:00");
        story.act("applicant", "supply", &json!({})).await.good();
        assert_eq!(app.state(&story.case).await, "CORRECTED");
    }
}

on_both! {
    async fn an_acceptance_names_its_dates_as_provisional_and_a_citizen_hears_when_the_promise_moves(database) {
        let app = TestApp::new(database).await;
        app.at("2026-12-30T10:00:00");
        let mut story = Story::named(&app, "LD-001", "granted");
        story.submit(false).await.good();
        story.accept("lijuan").await.good();
        let case = story.view().await;
        let promised = clock(&case, "promised")["due_on"].as_str().unwrap().to_owned();
        assert_eq!(case["expected_provisional"], true);
        let paper = story.paper("accept_notice").await;
        assert_eq!(paper.matches("（暂定）").count(), 2, "promise and law: {paper}");
        assert_eq!(paper.matches("(provisional)").count(), 2, "{paper}");
        app.run_jobs().await;
        assert!(story.told("已受理：").await.contains("日（暂定）给您结果"));
        app.publish_2027().await;
        let moved = story.view().await;
        assert_ne!(moved["expected_on"], promised.as_str());
        assert_eq!(moved["expected_provisional"], false);
        // Promise and statutory limit were counted again; the citizen goes by the promise.
        assert_eq!(app.events("case.clock_recomputed").await.len(), 2);
        let told = story.told("日期有变：").await;
        assert!(told.contains("最晚有结果的日期改为2027年1月"), "{told}");
        assert!(!told.contains("暂定"), "{told}");
    }
}

on_both! {
    async fn one_case_of_an_item_is_open_at_a_time(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        let mut second = Story::named(&app, "SB-084", "granted");
        second.submit(false).await.refused(409, "E1205");
        let applicant = story.applicant().await;
        app.act(&applicant, &story.case, "withdraw", &json!({ "reason": "" })).await.good();
        let body = json!({ "declaration": true, "electronic_service": false });
        app.act(&applicant, &second.case, "submit", &body).await.good();
        let draft = Call::delete(format!("/cases/{}", story.case)).by(&applicant);
        assert_eq!(app.call(draft).await.status, 409, "only drafts are thrown away");
    }
}
