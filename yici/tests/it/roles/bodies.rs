//! The smallest valid body of every act.

use serde_json::{Value, json};

/// The body of an act that needs no ids; none when it takes no body.
pub(super) fn body(method: &str, path: &str) -> Option<Value> {
    let wording =
        json!({ "reason": "不符合条件", "basis": "第四十五条", "instead": "请到窗口咨询" });
    let lines = json!({ "lines": [{ "field": "mobile", "defect": "不对", "how_to_fix": "请改" }] });
    let with = |mut base: Value, more: Value| {
        base.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        base
    };
    Some(match (method, path) {
        ("POST", "/cases") => json!({ "item": "JY-009" }),
        ("POST", "/calculators/{calculator_id}") => {
            json!({ "form": { "sex": "male", "birth": "1968-02-17" } })
        }
        ("POST", "/cases/{case_id}/uploads") => {
            json!({ "material": "m2", "name": "材料.png", "bytes": 100 })
        }
        ("POST", "/rosters/{roster_id}/confirm") => {
            json!({ "declaration": true, "electronic_service": true })
        }
        ("POST", "/cases/{case_id}/submit") => {
            json!({ "declaration": true, "electronic_service": false })
        }
        ("POST", "/cases/{case_id}/pre-return" | "/cases/{case_id}/correct") => lines,
        ("POST", "/cases/{case_id}/refuse-acceptance") => {
            with(json!({ "kind": "not_accepted" }), wording)
        }
        ("POST", "/cases/{case_id}/countersign-refusal") => json!({ "answer": "sign" }),
        ("POST", "/cases/{case_id}/review") => {
            json!({ "proposal": "grant", "opinion": "已核对", "basis": "第四十五条" })
        }
        ("POST", "/cases/{case_id}/site-check") => {
            json!({ "place": "文汇路120号", "at": "2026-03-02T08:00:00+08:00", "facts": "一致" })
        }
        ("POST", "/cases/{case_id}/other-party/confirm") => json!({ "electronic_service": true }),
        ("POST", "/cases/{case_id}/other-party/answer") => {
            json!({ "agrees": true, "electronic_service": true })
        }
        ("POST", "/cases/{case_id}/notices/{notice_id}/serve") => {
            json!({ "receiver": "唐丽华", "relation": "enterprise_agent", "receiver_number": "180102198706160341", "method": "counter", "signed": true })
        }
        ("POST", "/cases/{case_id}/decide") => {
            with(json!({ "outcome": "deny", "opinion": "不同意" }), wording)
        }
        ("POST", "/cases/{case_id}/hand-out") => {
            json!({ "receiver": "王秀兰", "relation": "agent", "receiver_number": "180102197904120020", "authorised": true, "method": "counter", "signed": true })
        }
        ("POST", "/counter/cases") => json!({
            "item": "JY-009",
            "applicant": { "kind": "person", "name": "高长顺", "citizen_no": "180121196611300479" },
        }),
        ("POST", "/counter/cases/{case_id}/receive") => {
            json!({ "read_back": true, "electronic_service": false })
        }
        ("POST", "/counter/password-resets") => {
            json!({ "name": "冯立新", "citizen_no": "180103198805250234" })
        }
        ("POST", "/workbench/case-searches" | "/delivery-searches" | "/task-searches") => {
            json!({ "query": "0020" })
        }
        ("POST", "/employers/{employer_id}/agents") => {
            json!({ "name": "何雨桐", "citizen_no": "180102200309140240" })
        }
        ("POST", "/accounts") => json!({
            "name": "高长顺", "citizen_no": "180121196611300479", "mobile": "13800000099",
            "password": "Blue-river-77",
        }),
        ("POST", "/session/citizen") => {
            json!({ "account": "180103198805250234", "password": "Yunchuan-2026" })
        }
        ("POST", "/session/staff") => json!({ "account": "yuanxin", "password": "Yunchuan-2026" }),
        ("POST", "/session/provider") => json!({ "provider": "demo", "ticket": "person-1" }),
        ("PUT", "/session/acting") => json!({ "employer_id": null }),
        ("PUT", "/me/electronic-service") => json!({ "agreed": true }),
        ("PUT", "/me/email") => json!({ "email": "xiulan@example.org" }),
        ("PUT", "/me/password") => json!({ "old": "Yunchuan-2026", "new": "Yunchuan-2026+" }),
        (
            "POST",
            "/cases/{case_id}/supply"
            | "/cases/{case_id}/withdraw"
            | "/cases/{case_id}/uploads/{upload_id}/finish"
            | "/cases/{case_id}/insist"
            | "/cases/{case_id}/pre-pass"
            | "/cases/{case_id}/accept"
            | "/cases/{case_id}/site-check/confirm"
            | "/cases/{case_id}/make"
            | "/cases/{case_id}/retry"
            | "/tasks/{task_id}/claim"
            | "/tasks/{task_id}/release"
            | "/jobs/{job_id}/retry"
            | "/messages/{message_id}/read"
            | "/messages/read-all",
        ) => json!({}),
        (method, path) => return at_the_workbench(method, path),
    })
}

/// Of acts that stand below `/workbench`.
fn at_the_workbench(method: &str, path: &str) -> Option<Value> {
    Some(match (method, path) {
        ("POST", "/workbench/cases/{case_id}/unmask") => json!({ "reason": "电话核实" }),
        ("POST", "/workbench/items/{code}/editions/{edition}/review") => json!({ "right": true }),
        ("POST", "/workbench/items/{code}/editions/{edition}/standing") => {
            json!({ "act": "retire", "reason": "另有安排" })
        }
        ("PUT", "/workbench/case-views") => {
            json!({ "views": [{ "name": "工伤", "filter": { "item": "SB-010" } }] })
        }
        _ => return None,
    })
}
