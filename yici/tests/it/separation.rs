//! 受审分离: who may do what in a case.

use serde_json::json;
use testkit::on_both;

use crate::{client::Call, harness::TestApp, story::Story};

/// A case of unemployment benefit that waits for review, accepted by Li Juan.
async fn under_review(app: &TestApp) -> Story<'_> {
    let mut story = Story::named(app, "SB-084", "granted");
    story.submit(false).await.good();
    story.accept("lijuan").await.good();
    assert_eq!(app.state(&story.case).await, "REVIEWING");
    story
}

on_both! {
    async fn who_accepted_neither_reviews_nor_decides_even_in_a_new_post(database) {
        let app = TestApp::new(database).await;
        let story = under_review(&app).await;
        app.move_to("lijuan", &[("reviewer", "180100/insurance/unemployment")]).await;
        let row = app.inbox_row("lijuan", &story.case).await;
        assert!(row.is_none_or(|row| row["may_claim"] == false && row["why_not"] == "E1202"));
        story.review("lijuan", "grant").await.refused(409, "E1202");
        story.review("linfang", "grant").await.good();
        app.move_to("lijuan", &[("decider", "180100/insurance")]).await;
        story.decide("lijuan", "grant").await.refused(409, "E1202");
        story.decide("fanghui", "grant").await.good();
    }
}

on_both! {
    async fn where_risk_is_high_the_reviewer_does_not_decide(database) {
        let app = TestApp::new(database).await;
        let story = under_review(&app).await;
        story.review("gaoyuan", "grant").await.good();
        app.move_to("gaoyuan", &[("decider", "180100/insurance")]).await;
        let case = app.case_at_work("gaoyuan", &story.case).await;
        assert!(case["next"].as_array().unwrap().iter().all(|act| act != "decide"), "{}", case["next"]);
        story.decide("gaoyuan", "grant").await.refused(409, "E1203");
        story.decide("maxingyuan", "grant").await.good();
    }
}

on_both! {
    async fn nobody_handles_his_own_case(database) {
        let app = TestApp::new(database).await;
        // Lin Fang reviews unemployment benefits and applies for one herself.
        let mut story = Story::named(&app, "SB-084", "granted");
        "18010219850117060X".clone_into(&mut story.applicant);
        story.submit(false).await.good();
        story.accept("lijuan").await.good();
        story.review("linfang", "grant").await.refused(409, "E1204");
        let linfang = app.staff("linfang").await;
        let task = app.task_of("gaoyuan", &story.case).await;
        let claim = Call::post(format!("/tasks/{task}/claim"), &json!({})).by(&linfang);
        app.call(claim).await.refused(409, "E1204");
        // Both attempts stand in the audit log under her id.
        let audited = app.audited("access.refused").await;
        let who = app.staff_id("linfang").await;
        assert_eq!(audited.iter().filter(|entry| entry.outcome == "E1204" && entry.actor.contains(&who)).count(), 2, "{audited:?}");
        story.review("gaoyuan", "grant").await.good();
        // Zhou Min takes in papers, but not her own.
        let mut own = Story::named(&app, "SB-084", "granted");
        "180102198603270564".clone_into(&mut own.applicant);
        own.submit(false).await.good();
        own.accept("zhoumin").await.refused(409, "E1204");
        let body = json!({ "lines": [{ "field": "mobile", "defect": "不对", "how_to_fix": "改" }] });
        own.act("zhoumin", "pre-return", &body).await.refused(409, "E1204");
        let zhoumin = app.staff("zhoumin").await;
        let body = json!({
            "item": "JY-009",
            "applicant": { "kind": "person", "name": "周敏", "citizen_no": "180102198603270564" },
        });
        app.call(Call::post("/counter/cases", &body).by(&zhoumin)).await.refused(409, "E1204");
        let sunyan = app.staff("sunyan").await;
        app.call(Call::post("/counter/cases", &body).by(&sunyan)).await.good();
    }
}

on_both! {
    async fn what_the_table_cannot_grant_goes_to_a_reviewer_and_never_back_to_the_acceptor(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "JY-009", "denied");
        story.receive("lijuan", false).await.good();
        app.run_jobs().await;
        assert_eq!(app.state(&story.case).await, "REVIEWING");
        let case = app.case_at_work("wuhao", &story.case).await;
        assert_eq!((&case["task"]["stage"], &case["rule"]["outcome"]), (&json!("review"), &json!("review")));
        assert_eq!(case["outcome"], json!(null));
        app.move_to("lijuan", &[("reviewer", "180100/employment")]).await;
        story.review("lijuan", "grant").await.refused(409, "E1202");
        story.review("wuhao", "grant").await.good();
        app.move_to("lijuan", &[("decider", "180100/employment")]).await;
        story.decide("lijuan", "grant").await.refused(409, "E1202");
        // Sent back, it is reviewed again; still not by the acceptor.
        story.decide("zhengli", "return").await.good();
        assert_eq!(app.state(&story.case).await, "REVIEWING");
        app.move_to("lijuan", &[("reviewer", "180100/employment")]).await;
        story.review("lijuan", "deny").await.refused(409, "E1202");
        story.review("chenjing", "deny").await.good();
        story.decide("zhengli", "deny").await.good();
        assert_eq!(app.state(&story.case).await, "DENIED");
    }
}

on_both! {
    async fn an_instant_case_is_granted_by_a_rule_and_its_edition(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "JY-009", "granted");
        story.submit(true).await.good();
        app.run_jobs().await;
        let events = app.events("case.granted").await;
        let rule = events[0]["by_rule"].as_str().unwrap();
        assert!(rule.ends_with(" v1"), "{rule}");
        assert_eq!(events[0]["decider"], json!(null));
        let accepted = &app.events("case.accepted").await[0];
        assert_eq!((&accepted["mode"], &accepted["acceptor"]), (&json!("automatic"), &json!(null)));
    }
}

on_both! {
    async fn a_page_cannot_ask_for_what_the_item_does_not_list(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        for (kind, name) in [("material", "m9"), ("field", "blood_group")] {
            let body = json!({ "lines": [{ kind: name, "defect": "缺", "how_to_fix": "补" }] });
            story.act("lijuan", "pre-return", &body).await.refused(422, "E1206");
            story.act("lijuan", "correct", &body).await.refused(422, "E1206");
        }
        story.act("lijuan", "correct", &json!({ "lines": [] })).await.refused(422, "E1208");
        let both = json!({ "lines": [{ "material": "m1", "field": "mobile", "defect": "缺", "how_to_fix": "补" }] });
        assert_eq!(story.act("lijuan", "correct", &both).await.status, 422);
        assert_eq!(app.state(&story.case).await, "SUBMITTED");
        let mut other = Story::named(&app, "LD-001", "granted");
        let who = other.draft().await;
        other.upload(&who, "m9").await.refused(422, "E1206");
    }
}

on_both! {
    async fn corrections_are_asked_for_once(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "LD-001", "corrected");
        story.receive("lijuan", false).await.good();
        let line = |material: &str| json!({ "material": material, "defect": "缺", "how_to_fix": "补" });
        let ask = |materials: &[&str]| json!({ "lines": materials.iter().map(|one| line(one)).collect::<Vec<_>>() });
        story.act("lijuan", "correct", &ask(&["m4", "m6"])).await.good();
        story.act("lijuan", "correct", &ask(&["m3"])).await.refused(409, "E1201");
        let agent = story.applicant().await;
        app.act(&agent, &story.case, "supply", &json!({})).await.refused(409, "E1212");
        for material in ["m4", "m6"] {
            story.upload(&agent, material).await.good();
        }
        app.act(&agent, &story.case, "supply", &json!({})).await.good();
        // What the first notice did not list stays unasked; a repetition needs a supervisor.
        story.act("lijuan", "correct", &ask(&["m3"])).await.refused(409, "E1207");
        story.act("lijuan", "correct", &ask(&["m4"])).await.refused(409, "E1228");
        app.move_to("hezhen", &[("hall_manager", "180100"), ("intake", "180100")]).await;
        story.act("hezhen", "correct", &ask(&["m4"])).await.refused(409, "E1210");
        let (task, hezhen) = (app.task_of("lijuan", &story.case).await, app.staff("hezhen").await);
        let to = json!({ "to": app.staff_id("hezhen").await, "reason": "二次补正" });
        app.call(Call::post(format!("/tasks/{task}/reassign"), &to).by(&hezhen)).await.good();
        story.act("hezhen", "correct", &ask(&["m3"])).await.refused(409, "E1207");
        story.act("hezhen", "correct", &ask(&["m4"])).await.good();
        assert_eq!(app.state(&story.case).await, "CORRECTING");
    }
}

on_both! {
    async fn refusals_say_why_by_which_article_and_where_to_go(database) {
        let app = TestApp::new(database).await;
        let story = under_review(&app).await;
        story.review("linfang", "deny").await.good();
        let bare = json!({ "outcome": "deny", "opinion": "不同意" });
        let refused = story.act("maxingyuan", "decide", &bare).await;
        assert_eq!((refused.status, refused.code()), (422, "E1209"), "{}", refused.text);
        story.decide("maxingyuan", "deny").await.good();
        let applicant = story.applicant().await;
        let case = app.get(&applicant, &format!("/cases/{}", story.case)).await;
        let notice = case["notices"].as_array().unwrap().iter().find(|one| one["kind"] == "deny").unwrap();
        let path = format!("/cases/{}/notices/{}", story.case, notice["notice_id"].as_str().unwrap());
        let paper = app.get(&applicant, &path).await;
        assert_eq!(paper["remedies"]["review_days"], 60);
        assert_eq!(paper["remedies"]["court_months"], 6);
        assert!(paper["doc_no"].as_str().unwrap().ends_with("〔2026〕第0001号"), "{}", paper["doc_no"]);
        let text = paper.to_string();
        for words in ["不符合条件", "第四十五条", "请到窗口咨询"] {
            assert!(text.contains(words), "{words}: {text}");
        }
    }
}

on_both! {
    async fn a_site_check_needs_two_different_people(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "LD-001", "granted");
        story.submit(false).await.good();
        story.accept("sunyan").await.good();
        story.review("tangweiming", "grant").await.good();
        let record = json!({ "place": "文汇路120号", "at": "2026-03-02T08:00:00+08:00", "facts": "一致" });
        story.act("xuting", "site-check/confirm", &json!({})).await.refused(409, "E1201");
        let future = json!({ "place": "文汇路120号", "at": "2026-03-03T08:00:00+08:00", "facts": "一致" });
        story.act("xuting", "site-check", &future).await.refused(422, "E1002");
        story.act("xuting", "site-check", &record).await.good();
        assert_eq!(app.state(&story.case).await, "REVIEWING");
        story.act("xuting", "site-check/confirm", &json!({})).await.refused(409, "E1216");
        story.act("tangweiming", "site-check/confirm", &json!({})).await.good();
        assert_eq!(app.state(&story.case).await, "DECIDING");
    }
}

on_both! {
    async fn a_claimed_task_is_locked_until_it_is_given_back_or_away(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        let task = app.task_of("lijuan", &story.case).await;
        let (lijuan, wanglei) = (app.staff("lijuan").await, app.staff("wanglei").await);
        let path = |act: &str| format!("/tasks/{task}/{act}");
        app.call(Call::post(path("claim"), &json!({})).by(&lijuan)).await.good();
        app.call(Call::post(path("claim"), &json!({})).by(&wanglei)).await.refused(409, "E1210");
        story.accept("wanglei").await.refused(409, "E1210");
        app.call(Call::post(path("release"), &json!({})).by(&wanglei)).await.refused(409, "E1211");
        let row = app.inbox_row("wanglei", &story.case).await.unwrap();
        assert_eq!((&row["holder"]["name"], &row["may_claim"]), (&json!("李娟"), &json!(false)));
        app.call(Call::post(path("release"), &json!({})).by(&lijuan)).await.good();
        story.accept("wanglei").await.good();
    }
}

on_both! {
    async fn handing_over_moves_the_tasks(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        let task = app.task_of("lijuan", &story.case).await;
        let lijuan = app.staff("lijuan").await;
        app.call(Call::post(format!("/tasks/{task}/claim"), &json!({})).by(&lijuan)).await.good();
        let admin = app.staff("jiangbo").await;
        let path = format!("/staff/{}/hand-over", app.staff_id("lijuan").await);
        let to = json!({ "to": app.staff_id("sunyan").await });
        assert_eq!(app.call(Call::post(path, &to).by(&admin)).await.status, 202);
        app.run_jobs().await;
        let row = app.inbox_row("sunyan", &story.case).await.unwrap();
        assert_eq!(row["holder"]["name"], "孙砚秋");
        story.accept("lijuan").await.refused(409, "E1210");
        story.accept("sunyan").await.good();
    }
}

on_both! {
    async fn who_leaves_lets_go_of_his_tasks(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        let task = app.task_of("lijuan", &story.case).await;
        let lijuan = app.staff("lijuan").await;
        app.call(Call::post(format!("/tasks/{task}/claim"), &json!({})).by(&lijuan)).await.good();
        let row = app.inbox_row("sunyan", &story.case).await.unwrap();
        assert_eq!((&row["holder"]["name"], &row["may_claim"]), (&json!("李娟"), &json!(false)));
        app.leaves("lijuan").await;
        app.run_jobs().await;
        let row = app.inbox_row("sunyan", &story.case).await.unwrap();
        assert_eq!((&row["holder"], &row["may_claim"]), (&json!(null), &json!(true)));
        assert_eq!(app.events("case.task_released").await.len(), 1);
        app.act(&lijuan, &story.case, "accept", &json!({})).await.refused(401, "E1101");
        story.accept("sunyan").await.good();
    }
}

on_both! {
    async fn while_somebody_is_absent_his_deputy_has_the_tasks(database) {
        let app = TestApp::new(database).await;
        let story = under_review(&app).await;
        story.review("wuhao", "grant").await.refused(404, "E1012");
        assert!(app.inbox_row("wuhao", &story.case).await.is_none());
        app.absent("gaoyuan", "wuhao", "2026-03-02", "2026-03-03").await;
        let row = app.inbox_row("wuhao", &story.case).await.unwrap();
        assert_eq!(row["may_claim"], true);
        app.at("2026-03-04T00:00:01");
        story.review("wuhao", "grant").await.refused(404, "E1012");
        app.at("2026-03-03T23:59:59");
        story.review("wuhao", "grant").await.good();
        // He reviewed for her: neither of his posts lets him decide.
        app.move_to("wuhao", &[("decider", "180100/insurance")]).await;
        story.decide("wuhao", "grant").await.refused(409, "E1203");
    }
}

on_both! {
    async fn posts_that_must_not_meet_do_not_meet(database) {
        let app = TestApp::new(database).await;
        let admin = app.staff("jiangbo").await;
        let row = app.colleague("lijuan").await;
        let posts = json!({ "posts": [
            { "post": "intake", "org": "180100" }, { "post": "reviewer", "org": "180100/employment" },
        ] });
        let path = format!("/staff/{}/posts", row["staff_id"].as_str().unwrap());
        let call = Call::put(path, &posts).version(row["version"].as_i64().unwrap()).by(&admin);
        app.call(call).await.refused(409, "E1112");
        let body = json!({
            "staff_id": app.staff_id("gaoyuan").await, "deputy_id": row["staff_id"],
            "from": "2026-03-02", "to": "2026-03-03", "reason": "other",
        });
        app.call(Call::post("/absences", &body).by(&admin)).await.refused(409, "E1112");
    }
}

on_both! {
    async fn nobody_refuses_acceptance_alone(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        let words = json!({ "kind": "not_accepted", "reason": "不符合条件", "basis": "第四十五条", "instead": "请到窗口咨询" });
        story.act("lijuan", "refuse-acceptance", &words).await.good();
        assert_eq!(app.state(&story.case).await, "RECEIVED");
        let applicant = story.applicant().await;
        let told = app.get(&applicant, &format!("/cases/{}", story.case)).await;
        assert!(!told.to_string().contains("不符合条件"), "nothing is decided yet");
        // The manager of the hall finds it among the tasks, reads the words, and sends it back once.
        assert!(app.inbox_row("hezhen", &story.case).await.is_some());
        let sent = app.task_of("hezhen", &story.case).await;
        let shown = app.get(&app.staff("hezhen").await, &format!("/workbench/cases/{}", story.case)).await;
        assert_eq!((&shown["refusal"]["reason"], &shown["refusal"]["kind"]), (&json!("不符合条件"), &json!("refuse_acceptance")));
        let back = json!({ "answer": "send_back", "opinion": "材料可以补正" });
        story.act("hezhen", "countersign-refusal", &json!({ "answer": "send_back" })).await.refused(422, "E1002");
        story.act("hezhen", "countersign-refusal", &back).await.good();
        assert_eq!(app.task_of("lijuan", &story.case).await, sent);
        story.act("lijuan", "refuse-acceptance", &words).await.good();
        story.act("lijuan", "countersign-refusal", &json!({ "answer": "sign" })).await.refused(403, "E1102");
        story.act("hezhen", "countersign-refusal", &json!({ "answer": "sign" })).await.good();
        assert_eq!(app.state(&story.case).await, "NOT_ACCEPTED");
        let told = app.get(&applicant, &format!("/cases/{}", story.case)).await;
        let notice = told["notices"].as_array().unwrap().iter().find(|paper| paper["kind"] == "refuse_acceptance");
        let path = format!("/cases/{}/notices/{}", story.case, notice.unwrap()["notice_id"].as_str().unwrap());
        assert!(app.get(&applicant, &path).await.to_string().contains("不符合条件"));
    }
}
