//! Corrections and their last day: one for applicant, notice and lapse, whatever a new calendar says
//! and whichever register does not answer.

use kernel::ids::{CaseId, Id as _};
use serde_json::{Value, json};
use testkit::on_both;
use uuid::Uuid;
use yici::city;

use crate::{
    clocks::{NOTICE_2027, clock, lines},
    harness::{TestApp, pack},
    story::Story,
};

impl TestApp {
    /// A new edition of the calendar.
    async fn load_year(&self, year: &str) {
        let holidays = format!("{}{year}", pack().holidays);
        let operator = city::operator().unwrap();
        catalog::load_calendar(&self.app.catalog, &operator, pack().city.code, &holidays)
            .await
            .unwrap();
    }

    /// A new edition of the calendar, and what follows from it.
    async fn publish_year(&self, year: &str) {
        self.load_year(year).await;
        self.run_jobs().await;
    }

    /// Puts so many cases beside this one that are the same but for their ids.
    async fn copy_case(&self, case: &str, times: u128) {
        let same = "bureau, version, state, number, item, edition, name_zh, name_en, person_id, employer_id, \
            applicant_masked, number_tail, org, channel, received_us, expected_on, provisional, calendar, ready_us, \
            ready_org, stuck_us, opened_by, closed_us, updated_us, wrapped_key, sealed_query_code";
        let own = self.uuid(case);
        let copies = (1..=times).map(|n| {
            let copy = CaseId::from_uuid(Uuid::from_u128(n)).to_string();
            let id = self.uuid(&copy);
            format!(
                "INSERT INTO case_file ({same}, case_id, body) \
                 SELECT {same}, {id}, replace(body, '{case}', '{copy}') FROM case_file WHERE case_id = {own}"
            )
        });
        let copies: Vec<String> = copies.collect();
        self.execute(&copies.join(";")).await;
    }
}

/// A case of the end of a year whose corrections are due by 18 January, if nothing is published.
async fn corrected_over_new_year(app: &TestApp) -> Story<'_> {
    app.at("2026-12-25T10:00:00");
    let mut story = Story::named(app, "SB-084", "corrected");
    story.submit(false).await.good();
    story.act("lijuan", "correct", &lines()).await.good();
    story
}

impl Story<'_> {
    /// The case as the applicant sees it.
    async fn told_now(&self) -> Value {
        let applicant = self.applicant().await;
        self.app
            .get(&applicant, &format!("/cases/{}", self.case))
            .await
    }

    /// The day by which the applicant's page asks for corrections, and the text of the notice.
    async fn asked_until(&self) -> (String, String) {
        let applicant = self.applicant().await;
        let correction = self.told_now().await["correction"].clone();
        let notice = correction["notice_id"].as_str().unwrap();
        let path = format!("/cases/{}/notices/{notice}", self.case);
        let paper = self.app.get(&applicant, &path).await["paragraphs"].to_string();
        (correction["due_on"].as_str().unwrap().to_owned(), paper)
    }
}

on_both! {
    async fn corrections_are_in_time_until_the_later_date_of_a_new_calendar(database) {
        let app = TestApp::new(database).await;
        let story = corrected_over_new_year(&app).await;
        let (due_on, paper) = story.asked_until().await;
        assert_eq!(due_on, "2027-01-18");
        assert!(paper.contains("2027-01-18") && !paper.contains("2027-01-19"), "{paper}");
        app.publish_year(NOTICE_2027).await;
        let (due_on, paper) = story.asked_until().await;
        assert_eq!(due_on, "2027-01-19");
        assert!(paper.contains("2027-01-18") && paper.contains("2027-01-19"), "{paper}");
        app.at("2027-01-19T12:00:00");
        app.run_jobs().await;
        story.act("applicant", "supply", &json!({})).await.good();
        assert_eq!(app.state(&story.case).await, "CORRECTED");
    }
}

on_both! {
    async fn a_date_that_was_served_never_moves_to_an_earlier_one(database) {
        let app = TestApp::new(database).await;
        let story = corrected_over_new_year(&app).await;
        // One Saturday is worked, no weekday is off: counted anew it would be the fifteenth.
        let days_off = |line: &&str| !line.starts_with("2027-01-04") && !line.starts_with("2027-01-05");
        let notice: Vec<&str> = NOTICE_2027.lines().filter(days_off).collect();
        app.publish_year(&format!("{}\n", notice.join("\n"))).await;
        let case = story.told_now().await;
        let due = clock(&case, "correction");
        assert_eq!((&due["due_on"], &due["provisional"]), (&json!("2027-01-18"), &json!(false)));
        let (due_on, paper) = story.asked_until().await;
        assert_eq!(due_on, "2027-01-18");
        assert!(!paper.contains("2027-01-15"), "{paper}");
        app.at("2027-01-18T12:00:00");
        app.run_jobs().await;
        assert_eq!(app.state(&story.case).await, "CORRECTING");
        story.act("applicant", "supply", &json!({})).await.good();
    }
}

on_both! {
    async fn clocks_are_counted_again_in_jobs_that_follow_one_another(database) {
        let app = TestApp::new(database).await;
        let story = corrected_over_new_year(&app).await;
        app.copy_case(&story.case, 250).await;
        app.load_year(NOTICE_2027).await;
        let (store, handlers) = (&app.app.kit.store, app.app.handlers());
        let mut pages: Vec<Value> = Vec::new();
        loop {
            let leases = store.lease_jobs(app.now(), 1).await.unwrap();
            let Some(lease) = leases.first() else { break };
            handlers[lease.kind.as_str()].run(lease, app.now()).await.unwrap();
            store.finish_job(lease).await.unwrap();
            if lease.kind == "casework.recount_page" {
                pages.push(lease.read().unwrap());
            }
        }
        let here = |page: &&Value| page["bureau"] == "180100" && page["edition"] == 2;
        let after: Vec<&Value> = pages.iter().filter(here).map(|page| &page["after"]).collect();
        assert_eq!(after, [&json!(Uuid::nil()), &json!(Uuid::from_u128(200))]);
        let told = app.events("case.clock_recomputed").await;
        let told = told.iter().filter(|event| event["clock"] == "correction");
        assert_eq!(told.count(), 251);
        // Whoever has an old edition still does not make work that stays.
        app.later(600);
        app.run_jobs().await;
        let waiting = app.rows("SELECT 1 FROM job WHERE kind = 'casework.recount_page'").await;
        assert!(waiting.is_empty());
    }
}

on_both! {
    async fn corrections_do_not_wait_for_registers(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "corrected");
        story.submit(false).await.good();
        story.act("lijuan", "correct", &lines()).await.good();
        let applicant = story.applicant().await;
        let change = |fields: Value| fields.as_object().unwrap().clone();
        let wrong = json!({ "payee": "other", "bank_name": "云岭银行", "bank_account": "1" });
        story.save(&applicant, &change(wrong)).await.good();
        app.app.registers.outage().begin();
        let supplied = app.act(&applicant, &story.case, "supply", &json!({})).await;
        let faults = supplied.refused(422, "E1002");
        assert_eq!(faults["faults"][0]["pointer"], "/form/bank_account");
        // What he filled in because of the change he may fill in again.
        let right = json!({ "payee": "other", "bank_name": "云岭银行", "bank_account": "6200001801000001230" });
        story.save(&applicant, &change(right)).await.good();
        app.act(&applicant, &story.case, "supply", &json!({})).await.good();
        app.app.registers.outage().end();
        story.accept("lijuan").await.good();
    }
}

on_both! {
    async fn corrections_answer_for_what_was_asked_and_nothing_else(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "LD-001", "granted");
        story.submit(false).await.good();
        let asked = json!({ "lines": [{ "field": "premises_area", "defect": "与合同不一致", "how_to_fix": "请核对" }] });
        story.act("sunyan", "correct", &asked).await.good();
        // The register does not know the enterprise any more; its name is not his to fill in.
        app.execute("DELETE FROM register_enterprise").await;
        story.act("applicant", "supply", &json!({})).await.good();
        assert_eq!(app.state(&story.case).await, "CORRECTED");
    }
}
