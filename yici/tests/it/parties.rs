//! Two parties in one case: who sees what, who is told, and what each is served.

use serde_json::{Value, json};
use testkit::on_both;

use crate::{
    client::{Call, PNG, Who},
    harness::TestApp,
    replay::replays,
    story::Story,
};

/// The applicant of the story, who was hurt at work.
const HURT: &str = "180103199005140613";
/// Somebody whom the case does not concern.
const STRANGER: &str = "180103198508230050";

/// What the applicant gave that is none of the employer's business.
const PRIVATE: [&str; 6] = [
    "13800000061",
    "180103199005140613",
    "骨折",
    "云川市第一人民医院",
    "顾某",
    "文汇路1号",
];

/// An injured employee has applied, and was accepted; the employer is told.
async fn accepted(app: &TestApp) -> Story<'_> {
    let mut story = Story::named(app, "SB-062", "granted");
    let address = json!("云川市东城区文汇路1号");
    story.form.insert("contact_address".to_owned(), address);
    story.submit(true).await.good();
    story.accept("lijuan").await.good();
    app.run_jobs().await;
    story
}

impl Story<'_> {
    fn path(&self, rest: &str) -> String {
        format!("/cases/{}{rest}", self.case)
    }

    async fn as_other(&self, who: &Who) -> Value {
        self.app.get(who, &self.path("/other-party")).await
    }

    async fn confirm(&self, who: &Who, electronic: bool) {
        let body = json!({ "electronic_service": electronic });
        let call = Call::post(self.path("/other-party/confirm"), &body).by(who);
        self.app.call(call).await.good();
    }

    fn answer(&self, agrees: bool) -> Call {
        let text = if agrees { "" } else { "当天没有上班" };
        let body = json!({ "agrees": agrees, "text": text, "electronic_service": true });
        Call::post(self.path("/other-party/answer"), &body)
    }

    /// Two colleagues inquire.
    async fn inquire(&self) {
        let body = json!({ "place": "仓库", "at": self.app.now(), "facts": "与申请一致" });
        self.act("yaojie", "site-check", &body).await.good();
        let confirmed = json!({});
        self.act("haolin", "site-check/confirm", &confirmed)
            .await
            .good();
    }
}

/// Titles in somebody's message box, newest first.
async fn titles(app: &TestApp, who: &Who) -> Vec<String> {
    let page = app.get(who, "/messages").await;
    let rows = page["rows"].as_array().unwrap().iter();
    rows.map(|row| row["title"].as_str().unwrap().to_owned())
        .collect()
}

on_both! {
    async fn the_other_party_sees_the_fields_that_the_item_names_and_nothing_else(database) {
        let app = TestApp::new(database).await;
        let story = accepted(&app).await;
        let firm = story.other_party().await;
        let view = story.as_other(&firm).await;
        assert_eq!(view["applicant"], "莫远航");
        assert_eq!(view["data"]["injured_on"], "2026-02-11");
        assert_eq!(view["state"], "notified");
        let told = view.to_string();
        for secret in PRIVATE {
            assert!(!told.contains(secret), "{secret}");
        }
        let notice = view["notices"][0]["notice_id"].as_str().unwrap();
        let path = story.path(&format!("/other-party/notices/{notice}"));
        let paper = app.get(&firm, &path).await;
        assert_eq!(paper["addressee"], "云川市云帆人力资源有限公司");
        assert_eq!(paper["title"]["zh"], "工伤认定举证通知书");
        let paper = paper.to_string();
        assert!(paper.contains("自收到本通知书之日起 10 日内"), "{paper}");
        assert!(PRIVATE.iter().all(|secret| !paper.contains(secret)), "{paper}");
        let list = app.get(&firm, "/my/other-party-cases").await;
        assert_eq!(list["rows"][0]["case_id"], story.case.as_str());
        assert_eq!(list["rows"][0]["needs_me"], true);
    }
}

on_both! {
    async fn nobody_else_is_the_other_party_and_it_is_never_the_applicant(database) {
        let app = TestApp::new(database).await;
        let story = accepted(&app).await;
        let firm = story.other_party().await;
        let applicant = story.applicant().await;
        // The agent for himself, a stranger, another firm's agent, the applicant, staff.
        let strangers = [
            app.citizen("180102198706160341").await,
            app.citizen(STRANGER).await,
            app.agent("180102198909300412", "91180102MA0000189A").await,
            applicant.clone(),
        ];
        for who in &strangers {
            let call = Call::get(story.path("/other-party")).by(who);
            app.call(call).await.refused(404, "E1012");
            app.call(story.answer(true).by(who)).await.refused(404, "E1012");
            let list = app.get(who, "/my/other-party-cases").await;
            assert_eq!(list["rows"], json!([]));
        }
        for path in ["", "/draft"] {
            let call = Call::get(story.path(path)).by(&firm);
            app.call(call).await.refused(404, "E1012");
        }
        for act in ["withdraw", "submit", "supply", "insist"] {
            let body = match act {
                "submit" => json!({ "declaration": true, "electronic_service": true }),
                _ => json!({}),
            };
            app.act(&firm, &story.case, act, &body).await.refused(404, "E1012");
        }
        let own = app.get(&firm, "/my/cases?which=open").await;
        assert_eq!(own["rows"], json!([]));
    }
}

on_both! {
    async fn neither_side_reads_the_papers_of_the_other(database) {
        let app = TestApp::new(database).await;
        let story = accepted(&app).await;
        let (firm, applicant) = (story.other_party().await, story.applicant().await);
        story.bring(&firm).await.good();
        let evidence = story.as_other(&firm).await["evidence"]["files"][0]["material_id"].clone();
        let evidence = evidence.as_str().unwrap();
        let case = app.get(&applicant, &story.path("")).await;
        let slots = case["materials"].as_array().unwrap().iter();
        let mut files = slots.flat_map(|slot| slot["files"].as_array().unwrap());
        let file = files.next().unwrap()["material_id"].as_str().unwrap();
        for (who, path, status) in [
            (&firm, format!("/other-party/files/{evidence}"), 200),
            (&firm, format!("/other-party/files/{file}"), 404),
            (&firm, format!("/files/{file}"), 404),
            (&applicant, format!("/files/{evidence}"), 404),
            (&applicant, format!("/other-party/files/{evidence}"), 404),
            (&app.staff("yaojie").await, format!("/files/{evidence}"), 200),
        ] {
            let answer = app.call(Call::get(story.path(&path)).by(who)).await;
            assert_eq!(answer.status, status, "{path}");
        }
        // What the applicant is told of the notice is that it was sent.
        let told = case.to_string();
        assert!(told.contains("通知用人单位说明情况"), "{told}");
        assert_eq!(case["other_party"]["state"], "notified");
        let kinds = case["notices"].as_array().unwrap().iter();
        assert!(kinds.clone().all(|row| !row["kind"].as_str().unwrap().starts_with("other")));
        let notice = story.as_other(&firm).await["notices"][0]["notice_id"].clone();
        let path = story.path(&format!("/notices/{}", notice.as_str().unwrap()));
        app.call(Call::get(&path).by(&applicant)).await.refused(404, "E1012");
    }
}

on_both! {
    async fn an_answer_is_given_once_and_reaches_the_reviewer_beside_the_application(database) {
        let app = TestApp::new(database).await;
        let story = accepted(&app).await;
        let firm = story.other_party().await;
        story.inquire().await;
        story.review("yaojie", "grant").await.refused(409, "E1240");
        let blocked = app.case_at_work("yaojie", &story.case).await;
        assert_eq!(blocked["blocked"][0]["code"], "E1240");
        story.confirm(&firm, true).await;
        story.bring(&firm).await.good();
        let silent = json!({ "agrees": false, "text": " ", "electronic_service": true });
        let call = Call::post(story.path("/other-party/answer"), &silent).by(&firm);
        app.call(call).await.refused(422, "E1002");
        app.call(story.answer(false).by(&firm)).await.good();
        app.call(story.answer(true).by(&firm)).await.refused(409, "E1243");
        story.bring(&firm).await.refused(409, "E1243");
        let side = app.case_at_work("yaojie", &story.case).await["other_side"].clone();
        assert_eq!(side["state"], "answered");
        assert_eq!(side["answer"]["agrees"], false);
        assert_eq!(side["answer"]["text"], "当天没有上班");
        assert_eq!(side["files"].as_array().unwrap().len(), 1);
        // The applicant learns that there is an answer, not what it says.
        let case = app.get(&story.applicant().await, &story.path("")).await;
        assert_eq!(case["other_party"]["state"], "answered");
        assert!(!case.to_string().contains("当天没有上班"));
        story.review("yaojie", "grant").await.good();
        let bodies = app.events("case.other_party_answered").await;
        assert!(!bodies[0].to_string().contains("当天没有上班"), "words stay sealed");
        assert!(replays(&app.app.kit.store).await > 0);
    }
}

on_both! {
    async fn silence_is_noted_when_the_time_has_passed_and_the_case_goes_on(database) {
        let app = TestApp::new(database).await;
        let story = accepted(&app).await;
        app.at("2026-03-02T16:00:00");
        let firm = story.other_party().await;
        story.confirm(&firm, false).await;
        story.inquire().await;
        app.at("2026-03-12T23:00:00");
        app.run_jobs().await;
        story.review("yaojie", "grant").await.refused(409, "E1240");
        app.at("2026-03-13T00:00:01");
        app.run_jobs().await;
        assert_eq!(app.events("case.other_party_silent").await.len(), 1);
        let firm = story.other_party().await;
        app.call(story.answer(true).by(&firm)).await.refused(409, "E1242");
        app.at("2026-03-13T09:00:00");
        let shown = app.case_at_work("yaojie", &story.case).await;
        assert_eq!(shown["other_side"]["state"], "silent");
        let title = |entry: &Value| entry["title"]["zh"].as_str().unwrap().to_owned();
        let told: Vec<String> = shown["timeline"].as_array().unwrap().iter().map(title).collect();
        assert!(told.contains(&"用人单位没有在期限内答复".to_owned()), "{told:?}");
        story.review("yaojie", "grant").await.good();
        assert!(replays(&app.app.kit.store).await > 0);
    }
}

on_both! {
    async fn the_decision_is_served_on_both_and_says_what_each_can_do(database) {
        let app = TestApp::new(database).await;
        let story = accepted(&app).await;
        let firm = story.other_party().await;
        story.confirm(&firm, true).await;
        app.call(story.answer(true).by(&firm)).await.good();
        story.inquire().await;
        story.review("haolin", "grant").await.good();
        story.decide("maxingyuan", "grant").await.good();
        app.run_jobs().await;
        let view = story.as_other(&firm).await;
        assert_eq!(view["outcome"], "granted");
        let mut papers = view["notices"].as_array().unwrap().iter();
        let copy = papers.find(|row| row["kind"] == "other_party_decision").unwrap().clone();
        assert_eq!(copy["served_how"], "electronic", "{copy}");
        let path = format!("/other-party/notices/{}", copy["notice_id"].as_str().unwrap());
        let paper = app.get(&firm, &story.path(&path)).await;
        assert_eq!(paper["remedies"]["review_days"], 60);
        let applicant = story.applicant().await;
        let case = app.get(&applicant, &story.path("")).await;
        let decision = case["notices"].as_array().unwrap().iter();
        let decision = decision.clone().find(|row| row["kind"] == "grant").unwrap();
        assert_eq!(decision["doc_no"], copy["doc_no"], "one decision");
        assert!(!decision["served_at"].is_null());
        let path = format!("/notices/{}", decision["notice_id"].as_str().unwrap());
        let paper = app.get(&applicant, &story.path(&path)).await;
        assert_eq!(paper["remedies"]["court_months"], 6);
        assert_eq!(
            titles(&app, &firm).await,
            ["决定书：工伤认定申请", "请您说明情况：工伤认定申请"]
        );
        // Who was asked is not served: only the applicant rates.
        let rating = json!({ "case_id": story.case, "stars": 5, "labels": [], "anonymous": true });
        let rate = |who: &Who| Call::post("/ratings", &rating).by(who);
        app.call(rate(&firm)).await.refused(404, "E1012");
        app.call(rate(&applicant)).await.good();
        let his = titles(&app, &applicant).await;
        assert!(his.iter().all(|title| !title.starts_with("请您说明")), "{his:?}");
        assert!(replays(&app.app.kit.store).await > 0);
    }
}

on_both! {
    async fn who_cannot_be_reached_on_line_is_served_by_the_desk(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-062", "granted");
        // Nobody may act for this firm here.
        story.form.insert("employer_code".to_owned(), json!("91180102MA0000111A"));
        story.submit(false).await.good();
        story.accept("lijuan").await.good();
        app.run_jobs().await;
        let desk = app.staff("caoyu").await;
        let row = app.get(&desk, "/delivery/other-party").await["rows"][0].clone();
        assert_eq!(row["name_masked"], "云川市启明纺织有限公司");
        // The desk sees whom to serve, and nothing of the application.
        let shown = app.get(&desk, &format!("/workbench/cases/{}", story.case)).await;
        assert_eq!(shown["form"], Value::Null);
        assert_eq!(shown["next"], json!(["serve_paper"]));
        assert!(PRIVATE.iter().take(4).all(|secret| !shown.to_string().contains(secret)));
        let act = format!("notices/{}/serve", row["notice_id"].as_str().unwrap());
        app.at("2026-03-06T10:00:00");
        let by_mail = json!({ "receiver": "收发室", "relation": "mail_room", "method": "mail",
            "received_on": "2026-03-04", "signed": true });
        story.act("lijuan", &act, &by_mail).await.refused(403, "E1102");
        story.act("caoyu", &act, &by_mail).await.good();
        story.act("caoyu", &act, &by_mail).await.refused(409, "E1244");
        let desk = app.staff("caoyu").await;
        assert_eq!(app.get(&desk, "/delivery/other-party").await["rows"], json!([]));
        let side = app.case_at_work("yaojie", &story.case).await["other_side"].clone();
        assert_eq!(side["served_how"], "mail");
        // Ten days from the 4th end on Saturday the 14th, and so on Monday.
        assert_eq!(side["due_on"], "2026-03-16");
        // The receipt is printed by whoever served it.
        let shown = app.get(&desk, &format!("/workbench/cases/{}", story.case)).await;
        let papers = shown["notices"].as_array().unwrap().iter();
        let receipt = papers.clone().find(|row| row["kind"] == "other_party_receipt").unwrap();
        let path = format!("/notices/{}", receipt["notice_id"].as_str().unwrap());
        let receipt = app.get(&desk, &story.path(&path)).await;
        assert!(receipt.to_string().contains("工伤认定举证通知书"), "{receipt}");
        assert!(replays(&app.app.kit.store).await > 0);
    }
}

on_both! {
    async fn an_employer_that_nobody_knows_is_corrected_before_acceptance(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-062", "granted");
        story.form.insert("employer_code".to_owned(), json!("91180102MA0000998M"));
        story.submit(true).await.good();
        let checks = app.case_at_work("lijuan", &story.case).await["checks"].clone();
        let mut known = checks.as_array().unwrap().iter();
        let employer = known.find(|check| check["id"] == "employer").unwrap();
        assert_eq!(employer["ok"], Value::Null);
        story.accept("lijuan").await.refused(409, "E1241");
        assert_eq!(app.state(&story.case).await, "SUBMITTED");
    }
}

on_both! {
    async fn what_silence_has_accepted_is_told_to_the_other_party_too(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-062", "granted");
        story.submit(true).await.good();
        app.at("2026-03-10T00:00:01");
        app.run_jobs().await;
        assert_eq!(app.state(&story.case).await, "REVIEWING");
        app.run_jobs().await;
        let firm = story.other_party().await;
        assert_eq!(story.as_other(&firm).await["state"], "notified");
        assert!(replays(&app.app.kit.store).await > 0);
    }
}

on_both! {
    async fn a_withdrawn_case_releases_the_other_party(database) {
        let app = TestApp::new(database).await;
        let story = accepted(&app).await;
        story.act("applicant", "withdraw", &json!({})).await.good();
        app.run_jobs().await;
        let firm = story.other_party().await;
        let view = story.as_other(&firm).await;
        assert_eq!((&view["state"], &view["can"]), (&json!("released"), &json!([])));
        assert_eq!(titles(&app, &firm).await[0], "不用再答复：工伤认定申请");
        let desk = app.staff("caoyu").await;
        assert_eq!(app.get(&desk, "/delivery/other-party").await["rows"], json!([]));
    }
}

on_both! {
    async fn evidence_is_a_picture_or_a_pdf_and_can_be_taken_away_again(database) {
        let app = TestApp::new(database).await;
        let story = accepted(&app).await;
        let firm = story.other_party().await;
        let post = |material: &str, content: &[u8]| {
            let path = story.path(&format!("/other-party/files?material={material}"));
            Call::new(axum::http::Method::POST, path).file("证据.png", content).by(&firm)
        };
        app.call(post("evidence", b"text")).await.refused(422, "E1215");
        app.call(post("m2", PNG)).await.refused(422, "E1206");
        let file = app.call(post("evidence", PNG)).await.good()["material_id"].clone();
        let path = story.path(&format!("/other-party/files/{}", file.as_str().unwrap()));
        app.call(Call::delete(&path).by(&firm)).await.good();
        app.call(Call::get(&path).by(&firm)).await.refused(404, "E1012");
        let applicant = app.citizen(HURT).await;
        app.call(Call::delete(&path).by(&applicant)).await.refused(404, "E1012");
    }
}
