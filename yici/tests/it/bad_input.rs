//! What is wrong with a request is told in a problem document, in the reader's language, and
//! nothing is half-done.

use axum::http::Method;
use serde_json::{Value, json};
use testkit::on_both;

use crate::{
    client::{Answer, Call, PDF, PNG, Who},
    harness::TestApp,
    roles::operations,
    story::Story,
};

/// A refusal in both languages.
async fn told(app: &TestApp, call: Call, status: u16, code: &str) -> Value {
    let zh = app.send(call.clone()).await;
    let en = app.send(call.header("accept-language", "en")).await;
    for answer in [&zh, &en] {
        assert_eq!(
            (answer.status, answer.code()),
            (status, code),
            "{}",
            answer.text
        );
        let kind = answer.headers["content-type"].to_str().unwrap();
        assert!(kind.starts_with("application/problem+json"), "{kind}");
        assert_eq!(answer.body["type"], format!("/errors/{code}"));
        assert_eq!(answer.body["status"], status);
        assert_eq!(
            answer.body["request_id"],
            answer.headers["x-request-id"].to_str().unwrap()
        );
    }
    let chinese = |answer: &Answer| {
        answer.body["title"]
            .as_str()
            .unwrap()
            .chars()
            .any(|c| c > '\u{2E7F}')
    };
    assert!(chinese(&zh) && !chinese(&en), "{} / {}", zh.text, en.text);
    assert_ne!(zh.body["detail"], en.body["detail"]);
    zh.body
}

/// The faults of a refusal: pointer and code.
fn faults(problem: &Value) -> Vec<(&str, &str)> {
    let list = problem["faults"].as_array().unwrap();
    list.iter()
        .map(|one| {
            (
                one["pointer"].as_str().unwrap(),
                one["code"].as_str().unwrap(),
            )
        })
        .collect()
}

async fn events(app: &TestApp) -> i64 {
    app.rows("SELECT count(*) AS n FROM event").await[0]
        .try_get("", "n")
        .unwrap()
}

on_both! {
    async fn a_body_that_cannot_be_read_is_refused(database) {
        let app = TestApp::new(database).await;
        let who = app.citizen("180102197904120020").await;
        let before = events(&app).await;
        let raw = |kind: &str, content: &[u8]| {
            Call::new(Method::POST, "/cases").content(kind, content.to_vec()).key("key-0001").by(&who)
        };
        let json = "application/json";
        for content in [&b"{"[..], b"", b"{\"item\":\"JY-009\"} x", b"\xFF\xFE", b"{\"item\":\"\\ud800\"}"] {
            told(&app, raw(json, content), 400, "E1001").await;
        }
        let deep = "[".repeat(100_000);
        told(&app, raw(json, deep.as_bytes()), 422, "E1002").await;
        for kind in ["text/plain", "multipart/form-data; boundary=x", ""] {
            told(&app, raw(kind, b"{\"item\":\"JY-009\"}"), 415, "E1004").await;
        }
        let large = format!("{{\"item\":\"{}\"}}", "x".repeat(600 * 1024));
        told(&app, raw(json, large.as_bytes()), 413, "E1003").await;
        for (body, fault) in [
            (json!({ "item": "JY-009", "colour": 1 }), ("/colour", "E1029")),
            (json!({}), ("/item", "E1020")),
            (json!({ "item": 7 }), ("/item", "E1032")),
            (json!({ "item": "nothing like it" }), ("/item", "E1023")),
        ] {
            let problem = told(&app, raw(json, body.to_string().as_bytes()), 422, "E1002").await;
            assert_eq!(faults(&problem), [fault]);
        }
        told(&app, raw(json, b"{\"item\":\"ZZ-999\"}"), 404, "E1213").await;
        told(&app, raw(json, b"{\"item\":\"JY-009\\u0000\"}"), 422, "E1002").await;
        assert_eq!(events(&app).await, before);
    }
}

on_both! {
    async fn keys_and_versions_are_asked_for(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        let who = story.draft().await;
        let path = format!("/cases/{}/submit", story.case);
        let body = json!({ "declaration": true, "electronic_service": false });
        let submit = || Call::post(&path, &body).by(&who);
        let version = app.version(&story.case).await;
        told(&app, submit().version(version), 400, "E1007").await;
        for key in ["short", "with space and more", "汉字汉字汉字汉字", &"x".repeat(65)] {
            told(&app, submit().version(version).key(key), 400, "E1007").await;
        }
        told(&app, submit().key("key-0001"), 428, "E1009").await;
        told(&app, submit().key("key-0001").header("if-match", "abc"), 400, "E1015").await;
        told(&app, submit().key("key-0001").version(version - 1), 409, "E1010").await;
        told(&app, submit().key("key-0001").version(i64::MAX), 409, "E1010").await;
        assert_eq!(app.state(&story.case).await, "DRAFT");
        let undeclared = json!({ "declaration": false, "electronic_service": false });
        let call = Call::post(&path, &undeclared).version(version).key("key-0002").by(&who);
        let problem = told(&app, call, 422, "E1002").await;
        assert_eq!(faults(&problem), [("/declaration", "E1033")]);
    }
}

on_both! {
    async fn a_repetition_is_answered_again_and_done_once(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        let who = story.draft().await;
        let path = format!("/cases/{}/submit", story.case);
        let version = app.version(&story.case).await;
        let submit = |electronic: bool, key: &str| {
            let body = json!({ "declaration": true, "electronic_service": electronic });
            Call::post(&path, &body).version(version).key(key).by(&who)
        };
        let first = app.send(submit(false, "key-0001")).await.good();
        let count = events(&app).await;
        let again = app.send(submit(false, "key-0001")).await.good();
        assert_eq!(first, again);
        told(&app, submit(true, "key-0001"), 422, "E1008").await;
        told(&app, submit(false, "key-0002"), 409, "E1010").await;
        assert_eq!(events(&app).await, count);
        assert_eq!(app.events("case.submitted").await.len(), 1);
        // The same key of somebody else is another key.
        let other = app.citizen("180103198508230050").await;
        let body = json!({ "item": "JY-009" });
        let open = |who: &Who| Call::post("/cases", &body).key("key-0001").by(who);
        let (one, two) = (app.send(open(&who)).await.good(), app.send(open(&other)).await.good());
        assert_ne!(one["case_id"], two["case_id"]);
    }
}

on_both! {
    async fn ids_that_do_not_exist_and_ids_of_others_look_the_same(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        let other = app.citizen("180103198508230050").await;
        let path = format!("/cases/{}", story.case);
        let of_another = told(&app, Call::get(&path).by(&other), 404, "E1012").await;
        let unknown = "/cases/case_01kjp0y9m0e3e9br0g0waca7sg";
        let nobodys = told(&app, Call::get(unknown).by(&other), 404, "E1012").await;
        assert_eq!((&of_another["title"], &of_another["detail"]), (&nobodys["title"], &nobodys["detail"]));
        for id in ["x", "case_", "task_01kjp0y9m0e3e9br0g0waca7sg", "case_%00", "%F0%9F%98%80", "..%2F.."] {
            told(&app, Call::get(format!("/cases/{id}")).by(&other), 400, "E1011").await;
        }
        let hanmei = app.staff("hanmei").await;
        told(&app, Call::get(format!("/workbench{path}")).by(&hanmei), 404, "E1012").await;
        let version = app.version(&story.case).await;
        let accept = Call::post(format!("{path}/accept"), &json!({})).version(version).key("key-0001");
        told(&app, accept.by(&hanmei), 404, "E1012").await;
        // The right colleague, signed in but on the wrong surface, is nobody there.
        let lijuan = Who { surface: "portal", ..app.staff("lijuan").await };
        told(&app, Call::get("/tasks").by(&lijuan), 401, "E1101").await;
        told(&app, Call::get("/my/summary").header("cookie", "yici_session=made-up"), 401, "E1101").await;
    }
}

on_both! {
    async fn texts_have_their_length_and_numbers_their_check_digits(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.submit(false).await.good();
        story.accept("lijuan").await.good();
        let reviewer = app.staff("gaoyuan").await;
        let version = app.version(&story.case).await;
        for (opinion, code) in [("同".repeat(2_001), "E1021"), ("  ".to_owned(), "E1020")] {
            let body = json!({ "proposal": "grant", "opinion": opinion, "basis": "第四十五条" });
            let call = Call::post(format!("/cases/{}/review", story.case), &body);
            let problem = told(&app, call.version(version).key("key-0001").by(&reviewer), 422, "E1002").await;
            assert_eq!(faults(&problem), [("/opinion", code)]);
        }
        // An opinion rests on an article (T14); in whose language the reader asks.
        for basis in [json!({}), json!({ "basis": " " })] {
            let mut body = json!({ "proposal": "grant", "opinion": "已核对" });
            body.as_object_mut().unwrap().extend(basis.as_object().unwrap().clone());
            let call = Call::post(format!("/cases/{}/review", story.case), &body);
            let problem = told(&app, call.version(version).key("key-0002").by(&reviewer), 422, "E1002").await;
            assert_eq!(faults(&problem), [("/basis", "E1020")]);
            assert_eq!(problem["faults"][0]["detail"], "请填写。");
        }
        let account = json!({
            "name": "高长顺", "citizen_no": "180121196611300478", "mobile": "12345", "password": "Blue-river-77",
        });
        let problem = told(&app, Call::post("/accounts", &account).key("key-0001"), 422, "E1002").await;
        assert_eq!(faults(&problem), [("/citizen_no", "E1025"), ("/mobile", "E1028")]);
        let clerk = app.staff("lijuan").await;
        let enterprise = json!({
            "item": "LD-001", "applicant": { "kind": "enterprise", "credit_code": "91180102MA0000162K" },
            "agent": { "name": "唐丽华", "citizen_no": "180102198706160342" },
        });
        let call = Call::post("/counter/cases", &enterprise).key("key-0001").by(&clerk);
        let problem = told(&app, call, 422, "E1002").await;
        assert_eq!(faults(&problem), [("/applicant/credit_code", "E1026"), ("/agent/citizen_no", "E1025")]);
        let wrong_kind = json!({ "item": "LD-001", "applicant": { "kind": "person", "name": "唐丽华", "citizen_no": "180102198706160341" } });
        told(&app, Call::post("/counter/cases", &wrong_kind).key("key-0001").by(&clerk), 403, "E1220").await;
    }
}

on_both! {
    async fn a_form_tells_all_its_faults_at_once(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        let who = story.draft().await;
        let put = |data: Value, version: i64| {
            let call = Call::put(format!("/cases/{}/form", story.case), &json!({ "data": data }));
            call.version(version).key("key-0003").by(&who)
        };
        let version = app.version(&story.case).await;
        let wrong = json!({ "mobile": 7, "leaving_reason": ["quit"], "shoe_size": 44 });
        let problem = told(&app, put(wrong, version), 422, "E1002").await;
        let pointers: Vec<&str> = faults(&problem).iter().map(|(pointer, _)| *pointer).collect();
        for field in ["mobile", "leaving_reason", "shoe_size"] {
            assert!(pointers.iter().any(|pointer| pointer.ends_with(field)), "{field}: {pointers:?}");
        }
        assert_eq!(app.version(&story.case).await, version);
        // An incomplete form may be saved, not submitted.
        app.send(put(json!({}), version)).await.good();
        let body = json!({ "declaration": true, "electronic_service": false });
        let problem = app.act(&who, &story.case, "submit", &body).await.refused(422, "E1002");
        assert!(problem["faults"].as_array().unwrap().len() > 2, "{problem}");
    }
}

on_both! {
    async fn files_are_what_they_say(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "LD-001", "granted");
        story.materials.clear();
        let who = story.draft().await;
        let version = app.version(&story.case).await;
        let path = format!("/cases/{}/files", story.case);
        let upload = |material: &str, name: &str, content: &[u8]| {
            let path = format!("{path}?material={material}");
            let call = Call::new(Method::POST, path).file(name, content);
            call.version(version).key("key-0001").by(&who)
        };
        for content in [&b"MZ\x90\0program"[..], b"<html><script>1</script>", b"", b"%PD", b"\x89PN"] {
            told(&app, upload("m3", "报告.png", content), 422, "E1215").await;
        }
        told(&app, upload("m9", "报告.png", PNG), 422, "E1206").await;
        let mut huge = PNG.to_vec();
        huge.resize(20 * 1024 * 1024 + 1, 0);
        told(&app, upload("m3", "报告.png", &huge), 413, "E1003").await;
        let mut huger = huge.clone();
        huger.resize(22 * 1024 * 1024, 0);
        told(&app, upload("m3", "报告.png", &huger), 413, "E1003").await;
        let without = Call::new(Method::POST, &path).file("报告.png", PNG).version(version).key("key-0001");
        told(&app, without.by(&who), 400, "E1014").await;
        let garbage = Call::new(Method::POST, format!("{path}?material=m3"))
            .content("multipart/form-data; boundary=x", b"no parts at all".to_vec());
        let answer = app.send(garbage.version(version).key("key-0001").by(&who)).await;
        assert!((400..500).contains(&answer.status) && !answer.code().is_empty(), "{}", answer.text);
        assert_eq!(app.version(&story.case).await, version);
        let stale = Call::new(Method::POST, format!("{path}?material=m3")).file("报告.png", PNG);
        told(&app, stale.version(version - 1).key("key-0001").by(&who), 409, "E1010").await;
        // What is good comes back as it was.
        story.upload(&who, "m4").await.good();
        let view = app.get(&who, &format!("/cases/{}", story.case)).await;
        let slots = view["materials"].as_array().unwrap();
        let file = slots.iter().find(|slot| slot["id"] == "m4").unwrap()["files"][0].clone();
        assert_eq!((&file["name"], &file["bytes"]), (&json!("材料.png"), &json!(PNG.len())));
        let content = format!("{path}/{}", file["material_id"].as_str().unwrap());
        let answer = app.call(Call::get(content).by(&who)).await;
        assert_eq!(answer.headers["content-type"], "image/png");
        assert_eq!(answer.text, String::from_utf8_lossy(PNG));
    }
}

on_both! {
    async fn a_file_is_shown_inside_our_own_pages_and_nowhere_else(database) {
        let app = TestApp::new(database).await;
        let mut story = Story::named(&app, "SB-084", "granted");
        story.materials.clear();
        let who = story.draft().await;
        for (content, kind, sandboxed) in [(PNG, "image/png", true), (PDF, "application/pdf", false)] {
            let version = app.version(&story.case).await;
            let upload = Call::new(Method::POST, format!("/cases/{}/files?material=m3", story.case));
            let upload = app.call(upload.file("材料", content).version(version).by(&who)).await.good();
            let path = format!("/cases/{}/files/{}", story.case, upload["material_id"].as_str().unwrap());
            let shown = app.call(Call::get(path).by(&who)).await;
            let header = |name: &str| shown.headers[name].to_str().unwrap();
            assert_eq!((shown.status, header("content-type"), header("content-disposition")), (200, kind, "inline"));
            assert_eq!((header("x-frame-options"), header("x-content-type-options")), ("SAMEORIGIN", "nosniff"));
            assert_eq!(shown.headers.get_all("x-frame-options").iter().count(), 1);
            let policy = header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'; ") && policy.contains("frame-ancestors 'self'"), "{policy}");
            assert_eq!(policy.contains("sandbox"), sandboxed, "{kind}");
        }
        // Everything else of ours stands in nobody's frame.
        let other = app.call(Call::get(format!("/cases/{}", story.case)).by(&who)).await;
        assert_eq!(other.headers["x-frame-options"], "DENY");
    }
}

on_both! {
    async fn the_type_of_a_problem_is_the_address_of_a_page_about_it(database) {
        let app = TestApp::new(database).await;
        let problem = app.call(Call::get("/my/summary")).await.refused(401, "E1101");
        let page = |path: &str| Call { path: path.to_owned(), ..Call::get("") };
        let shown = app.call(page(problem["type"].as_str().unwrap())).await;
        let header = |name: &str| shown.headers[name].to_str().unwrap();
        assert_eq!((shown.status, header("content-type")), (200, "text/html; charset=utf-8"));
        assert!(header("content-security-policy").starts_with("default-src 'self'; "));
        for words in ["E1101", "请先登录", "Please sign in", "您怎么做 · What the citizen does"] {
            assert!(shown.text.contains(words), "{words}: {}", shown.text);
        }
        let style = app.call(page("/errors/page.css")).await;
        assert_eq!((style.status, &style.headers["content-type"]), (200, &"text/css; charset=utf-8".parse().unwrap()));
        app.call(page("/errors/E9999")).await.refused(404, "E1005");
    }
}

on_both! {
    async fn addresses_methods_and_cursors_that_do_not_exist_are_told(database) {
        let app = TestApp::new(database).await;
        let who = app.citizen("180102197904120020").await;
        told(&app, Call::get("/nothing").by(&who), 404, "E1005").await;
        told(&app, Call::new(Method::PATCH, "/cases").key("key-0001").by(&who), 405, "E1006").await;
        told(&app, Call::delete("/items").key("key-0001").by(&who), 405, "E1006").await;
        let staff = ["lijuan", "caoyu", "hezhen", "jiangbo", "caiyi", "duanrui"];
        let mut callers = vec![who];
        for account in staff {
            callers.push(app.staff(account).await);
        }
        let hex = |text: &str| seal::hex::encode(text.as_bytes());
        let cursors = ["zz", "%00", "7b", &hex("[1,2,3]"), &hex("{\"a\":1}"), &hex("[\"x\"]"), &hex("null"), &hex("[-9223372036854775808,\"\",-1]")];
        let mut lists = 0;
        for (method, path) in operations(&app) {
            if method != Method::GET || path.contains('{') || path == "/stream" {
                continue;
            }
            let needed = match path.as_str() {
                "/my/cases" => "&which=open",
                "/workbench/cases" => "&query=0020",
                _ => "",
            };
            for caller in &callers {
                if app.call(Call::get(format!("{path}?{}", needed.trim_start_matches('&'))).by(caller)).await.status != 200 {
                    continue;
                }
                for cursor in cursors {
                    let answer = app.call(Call::get(format!("{path}?cursor={cursor}{needed}")).by(caller)).await;
                    // Lists that have one page do not look at the cursor.
                    assert!([200, 400].contains(&answer.status), "{path}: {}", answer.text);
                    lists += usize::from(answer.status == 400 && answer.code() == "E1014");
                }
                for limit in ["0", "-1", "abc", "99999999999", "1.5"] {
                    let answer = app.call(Call::get(format!("{path}?limit={limit}{needed}")).by(caller)).await;
                    assert!([200, 400].contains(&answer.status), "{path}: {}", answer.text);
                }
                let answer = app.call(Call::get(format!("{path}?from=2026-13-45&to=x&query=%00&view=x&stars=900&org=%2F%2F&state=x{needed}")).by(caller)).await;
                assert!(answer.status < 500, "{path}: {}", answer.text);
            }
        }
        assert!(lists > 30, "{lists} made-up cursors were refused");
    }
}
