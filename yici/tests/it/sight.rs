//! Who sees what of a case, and what of it is noted.

use serde_json::{Value, json};
use testkit::on_both;

use crate::{client::Call, harness::TestApp, story::Story};

impl TestApp {
    /// What was done to a subject, by the audit log.
    async fn subjects_of(&self, name: &str) -> Vec<String> {
        let sql =
            format!("SELECT subject FROM audit_entry WHERE action = '{name}' ORDER BY at_us, seq");
        let rows = self.rows(&sql).await;
        rows.iter()
            .map(|row| row.try_get("", "subject").unwrap())
            .collect()
    }
}

on_both! {
    async fn whoever_of_the_staff_opens_a_file_leaves_a_trace(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "LD-001", "granted");
        story.submit(false).await.good();
        let applicant = story.applicant().await;
        let case = app.get(&applicant, &format!("/cases/{}", story.case)).await;
        let materials = case["materials"].as_array().unwrap().iter();
        let mut files = materials.flat_map(|slot| slot["files"].as_array().unwrap());
        let file = files.next().unwrap()["material_id"].as_str().unwrap();
        let path = format!("/cases/{}/files/{file}", story.case);
        assert_eq!(app.call(Call::get(&path).by(&applicant)).await.status, 200);
        assert!(app.subjects_of("case.read_file").await.is_empty(), "his own papers");
        let clerk = app.staff("sunyan").await;
        assert_eq!(app.call(Call::get(&path).by(&clerk)).await.status, 200);
        assert_eq!(app.subjects_of("case.read_file").await, [format!("{}/{file}", story.case)]);
    }
}

on_both! {
    async fn what_was_taken_in_at_a_window_is_no_book_to_read_in(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "corrected");
        let lijuan = story.open_at_window("lijuan").await;
        let path = format!("/cases/{}/draft", story.case);
        let typed = json!({ "payee": "other", "bank_name": "云岭银行", "bank_account": "6200001801000001230" });
        story.save(&lijuan, typed.as_object().unwrap()).await.good();
        let mobile = app.get(&lijuan, &path).await["data"]["mobile"].clone();
        assert_eq!(mobile, story.form["mobile"], "he types what he is told");
        assert!(app.subjects_of("case.read_form").await.is_empty());
        let colleague = app.staff("sunyan").await;
        app.get(&colleague, &path).await;
        assert_eq!(app.subjects_of("case.read_form").await.len(), 1);
        // Received: the clerk sees no number in full, and gives back what he was shown.
        let version = app.version(&story.case).await;
        let body = json!({ "read_back": true, "electronic_service": false });
        let call = Call::post(format!("/counter/cases/{}/receive", story.case), &body);
        app.call(call.version(version).by(&lijuan)).await.good();
        let shown = app.get(&lijuan, &path).await["data"].clone();
        assert_ne!(shown["mobile"], mobile);
        assert!(shown["bank_account"].as_str().unwrap().contains('*'), "{shown}");
        assert_eq!(app.subjects_of("case.read_form").await.len(), 2);
        let put = Call::put(format!("/cases/{}/form", story.case), &json!({ "data": shown }));
        app.call(put.version(app.version(&story.case).await).by(&lijuan)).await.good();
        story.act("lijuan", "correct", &crate::clocks::lines()).await.good();
        let his = app.get(&story.applicant().await, &path).await["data"].clone();
        assert_eq!((&his["mobile"], &his["bank_account"]), (&mobile, &typed["bank_account"]));
        // Nothing is filled in any more: nobody reads the form here.
        let applicant = story.applicant().await;
        app.act(&applicant, &story.case, "supply", &json!({})).await.good();
        app.call(Call::get(&path).by(&lijuan)).await.refused(409, "E1201");
        app.call(Call::get(&path).by(&applicant)).await.refused(404, "E1012");
    }
}

/// The text of a paper of a case.
async fn paper(app: &TestApp, who: &crate::client::Who, case: &str, kind: &str) -> Value {
    let sql = format!("SELECT kind, notice_id FROM case_notice WHERE kind = '{kind}'");
    let id: uuid::Uuid = app.rows(&sql).await[0].try_get("", "notice_id").unwrap();
    let id = <kernel::ids::NoticeId as kernel::ids::Id>::from_uuid(id);
    app.get(who, &format!("/cases/{case}/notices/{id}")).await
}

on_both! {
    async fn a_paper_names_its_addressee_in_full_and_who_of_the_staff_reads_it_leaves_a_trace(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.receive("lijuan", false).await.good();
        let applicant = story.applicant().await;
        let his = paper(&app, &applicant, &story.case, "receipt").await;
        assert_eq!(his["addressee"], "王秀兰");
        assert!(app.subjects_of("case.read_paper").await.is_empty(), "his own paper");
        let clerk = app.staff("lijuan").await;
        let printed = paper(&app, &clerk, &story.case, "receipt").await;
        assert_eq!(printed["addressee"], "王秀兰");
        let subject = format!("{}/{}", story.case, printed["notice_id"].as_str().unwrap());
        assert_eq!(app.subjects_of("case.read_paper").await, [subject]);
    }
}

on_both! {
    async fn the_paper_of_a_benefit_says_what_is_paid(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        story.accept("lijuan").await.good();
        story.review("linfang", "grant").await.good();
        let weighed = app.case_at_work("maxingyuan", &story.case).await["benefit"].clone();
        story.decide("maxingyuan", "grant").await.good();
        let decision = paper(&app, &story.applicant().await, &story.case, "grant").await;
        let paragraphs = decision["paragraphs"].as_array().unwrap().iter();
        let mut texts = paragraphs.filter_map(|one| one["text"]["zh"].as_str());
        let said = texts.find(|text| text.starts_with("可领")).unwrap();
        let months = weighed["months"].as_i64().unwrap();
        assert!(months > 0, "{weighed}");
        for words in [
            format!("可领 {months} 个月，每月 1,836.00 元"),
            format!("依据：{}。", weighed["basis"].as_str().unwrap()),
        ] {
            assert!(said.contains(&words), "{words}: {said}");
        }
        let total: String = said.split("合计 ").nth(1).unwrap().chars().take_while(|&c| c != ' ').collect();
        let fen: i64 = total.replace([',', '.'], "").parse().unwrap();
        assert_eq!(fen, weighed["total_fen"].as_i64().unwrap());
        // At the desk a part of the name is enough.
        app.run_jobs().await;
        let desk = app.staff("caoyu").await;
        for (text, found) in [("王", 1), ("王秀", 1), ("王秀兰", 1), ("兰", 1), ("0020", 1), ("李", 0), ("王秀兰花", 0)] {
            let search = Call::post("/delivery-searches", &json!({ "query": text }));
            let rows = app.call(search.by(&desk)).await.good();
            assert_eq!(rows["rows"].as_array().unwrap().len(), found, "{text}");
        }
    }
}

on_both! {
    async fn a_search_finds_by_number_tail_and_name(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        let clerk = app.staff("lijuan").await;
        let number = app.get(&clerk, &format!("/workbench/cases/{}", story.case)).await["case_no"].clone();
        let number = number.as_str().unwrap().to_owned();
        let search = async |text: &str| {
            let search = Call::post("/workbench/case-searches", &json!({ "query": text }));
            app.call(search.by(&clerk)).await.good()
        };
        for text in [number.as_str(), &number.to_lowercase(), "0020", "王秀兰", "王*兰"] {
            let rows = search(text).await;
            assert_eq!(rows["rows"][0]["case_id"], story.case.as_str(), "{text}");
        }
        for text in ["0021", "王秀", "陈志强", "180100SB084202603020099"] {
            let rows = search(text).await;
            assert_eq!(rows["rows"], json!([]), "{text}");
        }
    }
}

on_both! {
    async fn an_inbox_is_searched_and_paged_across_all_permissions_of_its_reader(database) {
        let app = TestApp::new(database).await;
        let mut cases = Vec::new();
        for (item, example) in [("SB-084", "granted"), ("LD-001", "granted"), ("SB-084", "denied")] {
            let mut story = Story::named(&app, item, example);
            story.submit(false).await.good();
            if example == "denied" {
                story.accept("lijuan").await.good();
            }
            cases.push(story.case.clone());
        }
        cases.sort_unstable();
        // A supervisor sees intake, review and all the rest.
        let chief = app.staff("hezhen").await;
        for order in ["due", "newest"] {
            let all = app.get(&chief, &format!("/tasks?order={order}")).await["rows"].clone();
            let (mut paged, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = app.get(&chief, &format!("/tasks?order={order}&limit=1{cursor}")).await;
                paged.extend(page["rows"].as_array().unwrap().clone());
                let Some(next) = page["next"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(json!(paged), all);
            let mut found: Vec<_> = paged.iter().map(|row| row["case_id"].as_str().unwrap().to_owned()).collect();
            found.sort_unstable();
            assert_eq!(found, cases, "{order}");
        }
        let counts = app.get(&chief, "/tasks/counts").await;
        assert_eq!((&counts["all"], &counts["unclaimed"], &counts["mine"]), (&json!(3), &json!(3), &json!(0)));
        let found = async |body: serde_json::Value| {
            let rows = app.call(Call::post("/task-searches", &body).by(&chief)).await.good();
            rows["rows"].as_array().unwrap().len()
        };
        assert_eq!(found(json!({ "query": "王" })).await, 1);
        assert_eq!(found(json!({ "query": "王", "filter": { "stage": "review" } })).await, 0);
        assert_eq!(found(json!({ "query": "赵", "filter": { "stage": "review" } })).await, 1);
        assert_eq!(found(json!({ "query": "李" })).await, 0);
        app.call(Call::post("/task-searches", &json!({ "filter": {} })).by(&chief)).await.refused(422, "E1002");
    }
}

on_both! {
    async fn the_applicant_does_not_read_what_colleagues_weigh(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        story.accept("lijuan").await.good();
        story.review("linfang", "grant").await.good();
        story.decide("maxingyuan", "return").await.good();
        let kinds = |case: &serde_json::Value| -> Vec<String> {
            let entries = case["timeline"].as_array().unwrap().iter();
            entries.map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect()
        };
        let applicant = story.applicant().await;
        let his = kinds(&app.get(&applicant, &format!("/cases/{}", story.case)).await);
        let ours = kinds(&app.case_at_work("linfang", &story.case).await);
        for kind in ["case.checked", "case.returned_to_review", "case.task_opened"] {
            assert!(!his.iter().any(|seen| seen == kind), "{kind}");
            assert!(ours.iter().any(|seen| seen == kind), "{kind}");
        }
        assert!(his.iter().any(|kind| kind == "case.accepted"));
    }
}

on_both! {
    async fn the_query_code_stands_in_no_event_and_in_no_job(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        let applicant = story.applicant().await;
        let case = app.get(&applicant, &format!("/cases/{}", story.case)).await;
        let code = case["query_code"].as_str().unwrap().to_owned();
        let query = json!({ "case_no": case["case_no"], "query_code": code });
        app.call(Call::post("/progress-queries", &query)).await.good();
        for (column, table) in [("body", "event"), ("payload", "job"), ("body", "case_file")] {
            let sql = format!("SELECT {column} FROM {table} WHERE {column} LIKE '%{code}%'");
            assert_eq!(app.rows(&sql).await.len(), 0, "{table}");
        }
    }
}

on_both! {
    async fn who_may_act_for_the_enterprise_handles_none_of_its_cases(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "LD-001", "granted");
        story.submit(false).await.good();
        story.accept("sunyan").await.good();
        // Tang Weiming reviews licences; the enterprise makes him its agent.
        let agent = story.applicant().await;
        let session = app.get(&agent, "/session").await;
        let employer = session["citizen"]["acting"]["employer_id"].as_str().unwrap().to_owned();
        let body = json!({ "name": "唐伟明", "citizen_no": "180103198311110653" });
        app.call(Call::post(format!("/employers/{employer}/agents"), &body).by(&agent)).await.good();
        let row = app.inbox_row("tangweiming", &story.case).await.unwrap();
        assert_eq!((&row["may_claim"], &row["why_not"]), (&json!(false), &json!("E1204")));
        story.review("tangweiming", "grant").await.refused(409, "E1204");
        let his = app.staff("tangweiming").await;
        let path = format!("/workbench/cases/{}", story.case);
        app.call(Call::get(path).by(&his)).await.refused(409, "E1204");
        let task = app.task_of("xuting", &story.case).await;
        let manager = app.staff("hezhen").await;
        let call = Call::get(format!("/tasks/{task}/candidates")).by(&manager);
        let able = app.call(call).await;
        if able.status == 200 {
            let rows = able.body["rows"].as_array().unwrap();
            assert!(rows.iter().all(|one| one["name"] != "唐伟明"));
        }
        story.review("xuting", "grant").await.good();
    }
}

on_both! {
    async fn a_colleague_reads_nothing_of_how_his_own_case_is_weighed(database) {
        let app = TestApp::new(database).await;
        // Lin Fang reviews unemployment benefits and applies for one herself.
        let mut story = Story::named(&app, "SB-084", "granted");
        "18010219850117060X".clone_into(&mut story.applicant);
        story.receive("lijuan", false).await.good();
        story.accept("lijuan").await.good();
        story.review("gaoyuan", "grant").await.good();
        let linfang = app.staff("linfang").await;
        let papers = app.get(&story.applicant().await, &format!("/cases/{}", story.case)).await["notices"].clone();
        let paper = papers[0]["notice_id"].as_str().unwrap();
        for path in [
            format!("/workbench/cases/{}", story.case),
            format!("/cases/{}/notices/{paper}", story.case),
            format!("/cases/{}/draft", story.case),
        ] {
            app.call(Call::get(&path).by(&linfang)).await.refused(409, "E1204");
        }
        story.decide("maxingyuan", "grant").await.good();
        let path = format!("/workbench/cases/{}", story.case);
        app.call(Call::get(&path).by(&linfang)).await.refused(409, "E1204");
    }
}

on_both! {
    async fn a_delivery_desk_lists_what_it_hands_out_and_nothing_of_others(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.receive("lijuan", false).await.good();
        story.accept("lijuan").await.good();
        story.review("linfang", "grant").await.good();
        story.decide("maxingyuan", "grant").await.good();
        app.run_jobs().await;
        app.move_to("caoyu", &[("delivery", "180100/labour")]).await;
        app.later(5);
        let elsewhere = app.get(&app.staff("caoyu").await, "/delivery").await;
        assert_eq!(elsewhere["rows"], json!([]));
        let here = app.get(&app.staff("yuanxin").await, "/delivery").await;
        assert_eq!(here["rows"][0]["case_id"], story.case.as_str());
    }
}

on_both! {
    async fn the_delivery_desk_sees_a_result_while_it_waits_and_what_it_handed_out_itself(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        story.accept("lijuan").await.good();
        let (desk, colleague) = (app.staff("caoyu").await, app.staff("yuanxin").await);
        let case = format!("/workbench/cases/{}", story.case);
        let seen = async |who| app.call(Call::get(&case).by(who)).await;
        seen(&desk).await.refused(404, "E1012");
        story.review("linfang", "grant").await.good();
        story.decide("maxingyuan", "grant").await.good();
        app.run_jobs().await;
        let result = seen(&desk).await.good();
        assert_eq!((&result["outcome"], &result["form"]), (&json!("granted"), &Value::Null));
        assert_eq!((&result["data"], &result["timeline"]), (&json!({}), &json!([])));
        let body = json!({ "receiver": "王秀兰", "relation": "agent", "receiver_number": "180102197904120020", "authorised": true, "method": "counter", "signed": true });
        story.act("caoyu", "hand-out", &body).await.good();
        assert_eq!(paper(&app, &desk, &story.case, "delivery_receipt").await["title"]["zh"], "送达回证");
        assert_eq!(seen(&desk).await.good()["state"], "DELIVERED");
        seen(&colleague).await.refused(404, "E1012");
        app.call(Call::post("/workbench/case-searches", &json!({ "query": "0020" })).by(&desk)).await.refused(403, "E1102");
    }
}
