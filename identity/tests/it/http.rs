//! What callers hear over HTTP.

use axum::http::Method;
use serde_json::json;
use testkit::on_both;

use crate::world::{CHEN, Call, FIRM, LI, PASSWORD, WANG, World};

on_both! {
    async fn a_citizen_signs_in_looks_around_chooses_a_role_and_signs_out(database) {
        let world = World::new(database).await;
        let nobody = world.call(Call::new(Method::GET, "/session")).await;
        assert_eq!((nobody.status, nobody.body), (200, json!({"kind": "stranger"})));

        let body = json!({"account": WANG.1, "password": PASSWORD});
        let signed_in = world.call(Call::new(Method::POST, "/session/citizen").body(body)).await;
        assert_eq!(signed_in.status, 200);
        let token = signed_in.token();
        let cookie = signed_in.cookie.unwrap();
        assert_eq!(cookie, format!("yici_session={token}; Path=/; HttpOnly; SameSite=Lax; Secure"));
        let citizen = &signed_in.body["citizen"];
        assert_eq!(citizen["name_masked"], "王*兰");
        assert_eq!(citizen["number_masked"], "180102********0020");
        assert_eq!(citizen["mobile_masked"], "138****0001");
        assert_eq!(citizen["electronic_service"], true);
        assert_eq!(citizen["acting"], json!({"kind": "myself", "name": "王*兰"}));
        assert_eq!(citizen["roles"][1]["name"], FIRM.0);
        assert_eq!(signed_in.body["expires_at"], world.now().plus_seconds(30 * 60).to_string());

        let firm = citizen["roles"][1]["employer_id"].clone();
        let acting = world.call(Call::new(Method::PUT, "/session/acting").citizen(&token).body(json!({"employer_id": firm}))).await;
        assert_eq!(acting.body["citizen"]["acting"]["name"], FIRM.0);
        let token = acting.token();
        let consent = world.call(Call::new(Method::PUT, "/me/electronic-service").citizen(&token).body(json!({"agreed": false}))).await;
        assert_eq!(consent.body["citizen"]["electronic_service"], false);
        let sessions = world.call(Call::new(Method::GET, "/sessions").citizen(&token)).await;
        assert_eq!(sessions.body["rows"][0]["current"], true);

        let gone = world.call(Call::new(Method::DELETE, "/session").citizen(&token)).await;
        assert_eq!(gone.status, 204);
        assert_eq!(gone.cookie.unwrap(), "yici_session=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0");
        let gone = world.call(Call::new(Method::GET, "/session").citizen(&token)).await;
        assert_eq!(gone.body["kind"], "stranger");
    }
}

on_both! {
    async fn refusals_are_problem_documents(database) {
        let world = World::new(database).await;
        let sign_in = async |path: &str, body| world.call(Call::new(Method::POST, path).body(body)).await;
        let wrong = sign_in("/session/citizen", json!({"account": WANG.1, "password": "x"})).await;
        assert_eq!(wrong.problem(), (401, "E1103"));
        let unknown = sign_in("/session/citizen", json!({"account": LI.1, "password": "x"})).await;
        assert_eq!((unknown.status, &unknown.body["title"], &unknown.body["detail"]), (401, &wrong.body["title"], &wrong.body["detail"]));
        let empty = sign_in("/session/staff", json!({"account": " ", "password": ""})).await;
        assert_eq!(empty.problem(), (422, "E1002"));
        assert_eq!(empty.body["faults"].as_array().unwrap().len(), 2);
        assert_eq!(sign_in("/session/provider", json!({"provider": "x", "ticket": "y"})).await.problem(), (404, "E1108"));
        for (method, path) in [(Method::GET, "/sessions"), (Method::GET, "/staff"), (Method::GET, "/posts"), (Method::GET, "/absences")] {
            assert_eq!(world.call(Call::new(method, path)).await.problem(), (401, "E1101"), "{path}");
        }
        let token = world.staff("zhoumin").await;
        assert_eq!(world.call(Call::new(Method::GET, "/staff").staff(&token)).await.problem(), (403, "E1102"));
        // Neither cookie gives the other's rights.
        let citizen = world.citizen(WANG.1).await;
        assert_eq!(world.call(Call::new(Method::GET, "/posts").staff(&citizen)).await.problem(), (403, "E1102"));
        assert_eq!(world.call(Call::new(Method::GET, "/posts").citizen(&citizen)).await.problem(), (403, "E1102"));
        let wrong = world.call(Call::new(Method::PUT, "/me/password").citizen(&citizen).body(json!({"old": "x", "new": "Blue-river-77"}))).await;
        assert_eq!(wrong.problem(), (422, "E1002"));
        assert_eq!((&wrong.body["faults"][0]["pointer"], &wrong.body["faults"][0]["code"]), (&json!("/old"), &json!("E1103")));
        let account = json!({"name": "", "citizen_no": "1", "mobile": "2", "password": "3"});
        let faults = sign_in("/accounts", account).await;
        let pointers: Vec<_> = faults.body["faults"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
        assert_eq!(pointers, ["/name", "/citizen_no", "/mobile"]);
    }
}

on_both! {
    async fn opening_an_account_twice_with_one_key_opens_it_once(database) {
        let world = World::new(database).await;
        let open = async |password: &str, key: &str| {
            let body = json!({"name": LI.0, "citizen_no": LI.1, "mobile": "13800000009", "password": password});
            world.call(Call::new(Method::POST, "/accounts").body(body).key(key)).await
        };
        let first = open(PASSWORD, "key-a-0001").await;
        assert_eq!(first.status, 200, "{first:?}");
        let again = open(PASSWORD, "key-a-0001").await;
        assert_eq!((again.status, &again.body["citizen"]["person_id"]), (200, &first.body["citizen"]["person_id"]));
        assert_eq!(open("Blue-river-77", "key-a-0001").await.problem(), (422, "E1008"));
        assert_eq!(open(PASSWORD, "key-a-0002").await.problem(), (409, "E1111"));
    }
}

on_both! {
    async fn a_password_is_changed_once_however_often_it_is_sent(database) {
        let world = World::new(database).await;
        let token = world.citizen(CHEN.1).await;
        let change = async || {
            let body = json!({"old": PASSWORD, "new": "Blue-river-77"});
            world.call(Call::new(Method::PUT, "/me/password").citizen(&token).body(body)).await
        };
        let (first, again) = (change().await, change().await);
        assert_eq!((first.status, again.status), (200, 200));
        assert_eq!(first.body, again.body);
    }
}

on_both! {
    async fn the_staff_page_lists_and_changes(database) {
        let world = World::new(database).await;
        let body = json!({"account": "jiangbo", "password": PASSWORD});
        let signed_in = world.call(Call::new(Method::POST, "/session/staff").body(body)).await;
        let token = signed_in.token();
        assert!(signed_in.cookie.as_ref().unwrap().starts_with("yici_staff="));
        let staff = &signed_in.body["staff"];
        assert_eq!((&staff["bureau_name"], &staff["org_name"]), (&json!("云川市人社局"), &json!("办公室")));
        assert_eq!(staff["posts"], json!([{"post": "staff_admin", "name": "人员岗位管理员", "org": "180100", "org_name": "云川市人社局"}]));
        assert_eq!(staff["permissions"], json!(["staff.manage"]));

        let get = async |path: &str| world.call(Call::new(Method::GET, path).staff(&token)).await.body;
        let organisations = get("/organisations").await;
        assert_eq!(organisations["rows"][2], json!({"path": "180100/hall", "name": "综合服务大厅", "parent": "180100"}));
        let posts = get("/posts").await;
        assert_eq!(posts["rows"][0]["permissions"][0], json!({"permission": "account.reset", "name": "重置群众密码"}));
        let rows = get("/staff?org=180100/hall").await;
        let zhou = rows["rows"][1].clone();
        assert_eq!((&zhou["account"], &zhou["active"]), (&json!("zhoumin"), &json!(true)));
        let path = format!("/staff/{}/posts", zhou["staff_id"].as_str().unwrap());
        let body = json!({"posts": [{"post": "delivery", "org": "180100/hall"}]});
        let put = || Call::new(Method::PUT, &path).staff(&token).body(body.clone());
        assert_eq!(world.call(put()).await.problem(), (428, "E1009"));
        let version = zhou["version"].as_i64().unwrap();
        let changed = world.call(put().version(version)).await;
        assert_eq!((changed.status, &changed.body["version"]), (200, &json!(version + 1)));
        assert_eq!(world.call(put().version(version).key("key-00000002")).await.problem(), (409, "E1010"));

        let li = rows["rows"][0]["staff_id"].clone();
        let absence = json!({"staff_id": zhou["staff_id"], "from": "2026-03-02", "to": "2026-03-06", "deputy_id": li, "reason": "training"});
        let added = world.call(Call::new(Method::POST, "/absences").staff(&token).body(absence.clone())).await;
        assert_eq!(added.status, 200, "{added:?}");
        let row = get("/absences").await["rows"][0].clone();
        assert_eq!((&row["deputy_name"], &row["reason"]), (&json!("李娟"), &json!("training")));
        let mut told = absence.clone();
        told["reason"] = json!("住院手术");
        let told = world.call(Call::new(Method::POST, "/absences").staff(&token).body(told).key("key-00000004")).await;
        assert_eq!(told.status, 422, "{told:?}");
        assert_eq!(get("/staff?org=180100/hall").await["rows"][1]["absent_until"], "2026-03-06");
        let backwards = json!({"staff_id": zhou["staff_id"], "from": "2026-03-09", "to": "2026-03-08", "deputy_id": li});
        let refused = world.call(Call::new(Method::POST, "/absences").staff(&token).body(backwards).key("key-00000003")).await;
        assert_eq!(refused.problem(), (422, "E1002"));
        assert_eq!((&refused.body["faults"][0]["pointer"], &refused.body["faults"][0]["code"]), (&json!("/to"), &json!("E1030")));
        let long_ago = json!({"staff_id": zhou["staff_id"], "from": "2020-03-02", "to": "2026-03-08", "deputy_id": li});
        let refused = world.call(Call::new(Method::POST, "/absences").staff(&token).body(long_ago).key("key-00000005")).await;
        assert_eq!((&refused.body["faults"][0]["pointer"], &refused.body["faults"][0]["code"]), (&json!("/from"), &json!("E1030")));
        let path = format!("/absences/{}", added.body["absence_id"].as_str().unwrap());
        assert_eq!(world.call(Call::new(Method::DELETE, &path).staff(&token)).await.status, 200);
        let path = format!("/staff/{}/hand-over", zhou["staff_id"].as_str().unwrap());
        let handed = world.call(Call::new(Method::POST, &path).staff(&token).body(json!({"to": li}))).await;
        assert_eq!(handed.status, 202);
        let leave = json!({"name": "周敏", "org": "180100/hall", "active": false});
        let path = format!("/staff/{}", zhou["staff_id"].as_str().unwrap());
        let left = world.call(Call::new(Method::PUT, &path).staff(&token).body(leave).version(handed.body["version"].as_i64().unwrap())).await;
        assert_eq!(left.status, 200, "{left:?}");
        assert_eq!(get("/staff?org=180100/hall").await["rows"][1]["active"], false);
    }
}

on_both! {
    async fn the_sign_in_page_hears_of_the_demo_provider(database) {
        let world = World::new(database).await;
        let listed = world.call(Call::new(Method::GET, "/identity-providers")).await;
        let provider = &listed.body["rows"][0];
        assert_eq!((&provider["id"], &provider["demo"]), (&json!("demo"), &json!(true)));
        assert!(provider["note"]["zh"].as_str().unwrap().contains("仅用于演示城市"));
        assert_eq!(provider["identities"][0]["ticket"], "person-1");
        assert_eq!(provider["identities"][2], json!({
            "ticket": "staff-zhoumin", "label": {"zh": "周敏", "en": ""}, "surface": "workbench", "role": {"zh": "综合窗口", "en": ""},
        }));
    }
}

on_both! {
    async fn every_endpoint_is_described_with_its_refusals(database) {
        let world = World::new(database).await;
        let (_, document) = identity::routes(&world.identity).split_for_parts();
        let document = serde_json::to_value(document).unwrap();
        let mut operations = Vec::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let refusals = &operation["responses"]["4XX"]["content"];
                assert!(refusals["application/problem+json"].is_object(), "{method} {path}");
                operations.push(operation["operationId"].as_str().unwrap());
            }
        }
        operations.sort_unstable();
        assert_eq!(operations, [
            "create_absence", "create_account", "create_citizen_session", "create_employer_agent",
            "create_hand_over", "create_password_reset", "create_provider_session", "create_staff_member",
            "create_staff_session", "delete_absence", "delete_employer_agent", "delete_own_session",
            "delete_session", "find_session", "list_absence_rows", "list_employer_agents",
            "list_identity_providers", "list_organisations", "list_own_sessions", "list_posts",
            "list_staff_rows", "update_acting", "update_electronic_service", "update_email",
            "update_password", "update_staff_member", "update_staff_posts",
        ]);
        for schema in ["Session", "StaffRow", "AbsenceRow", "ProblemDocument"] {
            assert!(document["components"]["schemas"][schema].is_object(), "{schema}");
        }
    }
}

on_both! {
    async fn a_colleague_keeps_his_own_password_and_sessions_as_citizens_do(database) {
        let world = World::new(database).await;
        let (desk, home) = (world.staff("zhoumin").await, world.staff("zhoumin").await);
        let listed = world.call(Call::new(Method::GET, "/sessions").staff(&desk)).await;
        let rows = listed.body["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 2);
        assert!(rows.iter().all(|row| row["surface"] == "workbench"));
        let other = rows.iter().find(|row| row["current"] == false).unwrap();
        let path = format!("/sessions/{}", other["session_id"].as_str().unwrap());
        assert_eq!(world.call(Call::new(Method::DELETE, &path).staff(&desk)).await.status, 204);
        let gone = world.call(Call::new(Method::GET, "/session").staff(&home)).await;
        assert_eq!(gone.body["kind"], "stranger");
        // A citizen's session of the same browser is not in the list and does not change it.
        let citizen = world.citizen(WANG.1).await;
        assert_eq!(world.call(Call::new(Method::DELETE, &path).citizen(&citizen)).await.problem(), (404, "E1012"));

        let change = async |old: &str, key: &'static str| {
            let body = json!({"old": old, "new": "Blue-river-77"});
            world.call(Call::new(Method::PUT, "/me/password").staff(&desk).key(key).body(body)).await
        };
        assert_eq!(change("Wrong-hills-42", "key-wrong-01").await.problem(), (422, "E1002"));
        assert_eq!(change(PASSWORD, "key-right-01").await.status, 200);
        let still = world.call(Call::new(Method::GET, "/session").staff(&desk)).await;
        assert_eq!(still.body["kind"], "staff");
        assert!(world.try_staff("zhoumin", "Blue-river-77").await.is_ok());
        assert_eq!(world.try_staff("zhoumin", PASSWORD).await.unwrap_err().code(), "E1103");
    }
}
