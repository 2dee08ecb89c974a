//! Rosters: an enterprise enrols many people with one spreadsheet.

use std::{collections::BTreeMap, ops::ControlFlow};

use axum::http::Method;
use kernel::ids::{CaseId, Id as _, JobId, RosterId};
use serde_json::{Value, json};
use testkit::on_both;
use yici::sample_roster::{Sample, of_item, sample};

use crate::{
    client::{Answer, Call, PNG, Who},
    harness::{TestApp, pack},
    roles::text,
    standards::act,
};

const AGENT: &str = "180102198706160341";
const FIRM: &str = "91180102MA0000162J";
const OTHER_AGENT: &str = "180102198909300412";
const OTHER_FIRM: &str = "91180102MA0000189A";

/// One person who is in order and one whose number is wrong.
const TWO: &str = "职工姓名,身份证号,哪天开始上班,从哪个月开始参保,劳动合同,月工资（元）,职工手机号\n\
    宋明哲,180102199610210513,2026/2/24,2026年3月,固定期限,\"6,200.50\",\n\
    何雨桐,180102200309140241,2026-02-24,2026-03,固定期限,6200,13800000012\n";

async fn upload(app: &TestApp, who: &Who, name: &str, content: &[u8]) -> Answer {
    let call = Call::new(Method::POST, "/rosters?item=SB-003").file(name, content);
    app.call(call.by(who)).await
}

/// An uploaded roster after everything that follows by itself.
async fn uploaded(app: &TestApp, who: &Who, content: &[u8]) -> Value {
    let roster = upload(app, who, "名册.xlsx", content).await.good();
    app.run_jobs().await;
    let id = text(&roster["roster_id"]);
    app.get(who, &format!("/rosters/{id}")).await
}

/// A small roster that was sent in.
pub(crate) async fn sent(app: &TestApp, who: &Who) -> String {
    let roster = upload(app, who, "名册.csv", TWO.as_bytes()).await;
    text(&roster.good()["roster_id"])
}

/// Confirms a roster of whom no promise is needed.
pub(crate) async fn confirmed(app: &TestApp, who: &Who, roster: &str) {
    confirm(app, who, roster, &agreed(false)).await.good();
}

/// A small roster that waits for confirmation.
pub(crate) async fn checked(app: &TestApp, who: &Who) -> String {
    text(&uploaded(app, who, TWO.as_bytes()).await["roster_id"])
}

fn literal(app: &TestApp, roster: &str) -> String {
    let id: RosterId = roster.parse().unwrap();
    app.uuid(&CaseId::from_uuid(id.uuid()).to_string())
}

/// The version of a roster; none when it is gone.
pub(crate) async fn version(app: &TestApp, roster: &str) -> Option<i64> {
    let id = literal(app, roster);
    let rows = app
        .rows(&format!(
            "SELECT version FROM roster WHERE roster_id = {id}"
        ))
        .await;
    rows.first()?.try_get("", "version").ok()
}

async fn confirm(app: &TestApp, who: &Who, roster: &str, body: &Value) -> Answer {
    let version = version(app, roster).await.unwrap();
    let path = format!("/rosters/{roster}/confirm");
    app.call(Call::post(path, body).version(version).by(who))
        .await
}

fn agreed(promise: bool) -> Value {
    json!({ "declaration": true, "electronic_service": true, "promise": promise })
}

/// All rows of a kind, page by page.
async fn rows_of(app: &TestApp, who: &Who, roster: &str, which: &str) -> Vec<Value> {
    let (mut rows, mut next) = (Vec::new(), String::new());
    loop {
        let path = format!("/rosters/{roster}/rows?which={which}&limit=7{next}");
        let page = app.get(who, &path).await;
        rows.extend(page["rows"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => return rows,
        }
    }
}

async fn count(app: &TestApp, sql: &str) -> i64 {
    app.rows(&format!("SELECT CAST(COUNT(*) AS bigint) AS n {sql}"))
        .await[0]
        .try_get("", "n")
        .unwrap()
}

/// A roster of people whom the registers know, with all kinds of faults.
async fn sampled(app: &TestApp) -> (Sample, Vec<u8>) {
    let made = sample(60, 14, app.now().day(), [9; 32]);
    let (form, facts) = of_item(pack(), "SB-003").unwrap();
    let workbook = made.workbook(&form, &facts).unwrap();
    let (people, now) = (made.people.clone(), app.now());
    let registers = &app.app.registers;
    registers
        .load(people, Vec::new(), now, [3; 32])
        .await
        .unwrap();
    (made, workbook)
}

on_both! {
    async fn everybody_in_order_becomes_one_case_and_everybody_else_is_told_where_and_why(database) {
        let app = TestApp::new(database).await;
        let (made, workbook) = sampled(&app).await;
        let who = app.agent(AGENT, FIRM).await;
        let roster = uploaded(&app, &who, &workbook).await;
        assert_eq!(roster["state"], "checked", "{roster}");
        assert_eq!((&roster["rows_read"], &roster["rows_checked"]), (&json!(60), &json!(60)));
        assert_eq!((&roster["rows_bad"], &roster["rows_good"]), (&json!(14), &json!(46)));
        let id = text(&roster["roster_id"]);
        let bad = rows_of(&app, &who, &id, "bad").await;
        let (form, _) = of_item(pack(), "SB-003").unwrap();
        let told: Vec<(u64, String, String)> = bad.iter().map(|row| {
            let fault = &row["faults"][0];
            assert!(!text(&fault["wrong"]).is_empty() && !text(&fault["mend"]).is_empty());
            (row["row_no"].as_u64().unwrap(), text(&fault["heading"]), text(&fault["code"]))
        }).collect();
        let planted: Vec<(u64, String, String)> = made.faults.iter().map(|fault| {
            let heading = form.heading(fault.field, kernel::Lang::Zh).unwrap();
            (u64::from(fault.row), heading, fault.code.to_owned())
        }).collect();
        assert_eq!(told, planted);
        assert_eq!(count(&app, "FROM case_file").await, 0, "nothing is applied for before it is confirmed");

        confirm(&app, &who, &id, &json!({ "declaration": false, "electronic_service": true })).await.refused(422, "E1002");
        confirm(&app, &who, &id, &agreed(false)).await.good();
        confirm(&app, &who, &id, &agreed(false)).await.refused(409, "E1078");
        app.run_jobs().await;
        let roster = app.get(&who, &format!("/rosters/{id}")).await;
        assert_eq!(roster["state"], "finished");
        assert_eq!((&roster["rows_opened"], &roster["rows_granted"]), (&json!(46), &json!(46)));
        assert_eq!(count(&app, "FROM case_file WHERE item = 'SB-003' AND state = 'DELIVERED'").await, 46);
        let cases = rows_of(&app, &who, &id, "cases").await;
        assert_eq!(cases.len(), 46);
        assert!(cases.iter().all(|row| row["case_no"].is_string() && text(&row["shown"]).contains('*')));
        let path = format!("/cases/{}", text(&cases[0]["case_id"]));
        assert_eq!(app.get(&who, &path).await["outcome"], "granted");

        // One message when it is checked, one when it is done; nobody is asked to rate 46 times.
        let messages = app.get(&who, "/messages").await;
        let told: Vec<&str> = messages["rows"].as_array().unwrap().iter().map(|row| row["roster_id"].as_str().unwrap()).collect();
        assert_eq!(told, [&id, &id]);
        assert_eq!(app.events("rating.invited").await.len(), 0);

        // Nothing of what was filled in stands outside of what is sealed.
        for (table, column) in [
            ("event", "body"), ("job", "payload"), ("audit_entry", "subject"), ("idempotency", "answer"),
            ("roster", "refusal"), ("roster_row", "shown"), ("person_message", "places"), ("case_data", "plain"),
        ] {
            for row in app.rows(&format!("SELECT {column} FROM {table}")).await {
                let content: String = row.try_get("", column).unwrap();
                let names = |row: &&BTreeMap<&str, String>| {
                    [&row["citizen_no"], &row["name"]].into_iter().any(|value| !value.is_empty() && content.contains(value.as_str()))
                };
                assert_eq!(made.rows.iter().find(names), None, "{table}");
            }
        }
        assert_eq!(count(&app, "FROM roster_file").await, 0);

        // The registers know them now.
        let again = uploaded(&app, &who, &workbook).await;
        assert_eq!((&again["rows_good"], &again["rows_bad"]), (&json!(0), &json!(60)));
    }
}

on_both! {
    async fn a_program_that_stops_between_a_case_and_its_row_makes_no_second_case(database) {
        let app = TestApp::new(database).await;
        let (_, workbook) = sampled(&app).await;
        let who = app.agent(AGENT, FIRM).await;
        let id = text(&uploaded(&app, &who, &workbook).await["roster_id"]);
        app.execute("CREATE TABLE kept AS SELECT row_no, state, sealed FROM roster_row").await;
        confirm(&app, &who, &id, &agreed(false)).await.good();
        app.run_jobs().await;
        let cases = count(&app, "FROM case_file").await;
        let events = count(&app, "FROM event WHERE stream = 'case'").await;
        // As if the rows had never been told of their cases.
        let roster = literal(&app, &id);
        for column in ["state", "sealed"] {
            app.execute(&format!("UPDATE roster_row SET {column} = (SELECT {column} FROM kept WHERE kept.row_no = roster_row.row_no)")).await;
        }
        app.execute(&format!("UPDATE roster SET state = 'submitting', rows_opened = 0, rows_granted = 0, ended_us = NULL WHERE roster_id = {roster}")).await;
        let job = JobId::from_uuid(uuid::Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001));
        let payload = json!({ "v": 1, "bureau": "180100", "roster": id, "after": 0 });
        let job = app.uuid(&CaseId::from_uuid(job.uuid()).to_string());
        app.execute(&format!(
            "INSERT INTO job (bureau, job_id, kind, payload, state, due_us, attempts, fence, queued_us, last_error) \
             VALUES ('180100', {job}, 'casework.roster_submit', '{payload}', 'ready', 0, 0, 0, 0, '')"
        )).await;
        app.run_jobs().await;
        let view = app.get(&who, &format!("/rosters/{id}")).await;
        assert_eq!((&view["state"], &view["rows_opened"], &view["rows_granted"]), (&json!("finished"), &json!(46), &json!(46)));
        assert_eq!(count(&app, "FROM case_file").await, cases);
        assert_eq!(count(&app, "FROM event WHERE stream = 'case'").await, events);
    }
}

on_both! {
    async fn whom_no_register_knows_is_promised_for_and_goes_to_a_person(database) {
        let app = TestApp::new(database).await;
        let who = app.agent(AGENT, FIRM).await;
        let sheet = "职工姓名\t身份证号\t哪天开始上班\t从哪个月开始参保\t劳动合同\t月工资(元)\n\
            闻晓岚\t18010319940715070X\t2026-02-16\t2026-02\t还没有签\t7000\n";
        // As old spreadsheet programs write it.
        let (content, ..) = encoding_rs::GB18030.encode(sheet);
        let roster = uploaded(&app, &who, &content).await;
        let id = text(&roster["roster_id"]);
        assert_eq!((&roster["rows_doubtful"], &roster["rows_promised"]), (&json!(1), &json!(1)), "{roster}");
        assert_eq!(roster["promised"][0]["zh"], "居民身份证");
        confirm(&app, &who, &id, &agreed(false)).await.refused(422, "E1002");
        confirm(&app, &who, &id, &agreed(true)).await.good();
        app.run_jobs().await;
        let cases = rows_of(&app, &who, &id, "cases").await;
        let case = text(&cases[0]["case_id"]);
        assert_eq!(app.state(&case).await, "REVIEWING");
        let tasks = count(&app, "FROM case_task WHERE stage = 'review'").await;
        assert_eq!(tasks, 1);

        // Once more while that one is open: no second case about him, and no draft is left.
        let again = uploaded(&app, &who, &content).await;
        let id = text(&again["roster_id"]);
        confirm(&app, &who, &id, &agreed(true)).await.good();
        app.run_jobs().await;
        let view = app.get(&who, &format!("/rosters/{id}")).await;
        assert_eq!((&view["rows_opened"], &view["rows_failed"]), (&json!(0), &json!(1)), "{view}");
        assert_eq!(rows_of(&app, &who, &id, "bad").await[0]["faults"][0]["code"], "E1205");
        assert_eq!(count(&app, "FROM case_file").await, 1);
    }
}

on_both! {
    async fn of_somebody_whom_the_enterprise_cannot_name_it_learns_no_affair_of_his_own(database) {
        let app = TestApp::new(database).await;
        let who = app.agent(AGENT, FIRM).await;
        // She is 71 and draws a pension; her age stands in the number.
        let sheet = |name: &str| format!("职工姓名,身份证号,哪天开始上班,从哪个月开始参保,劳动合同,月工资(元)\n\
            {name},180103195502100489,2026-02-16,2026-02,还没有签,7000\n");
        let told = async |name: &str| {
            let roster = uploaded(&app, &who, sheet(name).as_bytes()).await;
            let rows = rows_of(&app, &who, &text(&roster["roster_id"]), "bad").await;
            let faults = rows[0]["faults"].as_array().unwrap().clone();
            faults.iter().map(|fault| text(&fault["wrong"])).collect::<Vec<_>>()
        };
        assert_eq!(told("闻晓岚").await, ["姓名和身份证号对不上", "不在可以参保的年龄内"]);
        assert_eq!(told("林素云").await, ["不在可以参保的年龄内", "正在领取养老金，不办职工参保"]);
    }
}

on_both! {
    async fn what_is_no_roster_is_told_and_nothing_of_it_is_kept(database) {
        let app = TestApp::new(database).await;
        let who = app.agent(AGENT, FIRM).await;
        let heads = TWO.lines().next().unwrap();
        for (content, code) in [
            (PNG.to_vec(), "E1070"),
            (b"PK\x03\x04 cut".to_vec(), "E1070"),
            ("姓名,工号\n甲,1\n".as_bytes().to_vec(), "E1074"),
            (format!("{heads}\n").into_bytes(), "E1079"),
            (format!("{heads}\n=1+1\n").into_bytes(), "E1073"),
        ] {
            let roster = uploaded(&app, &who, &content).await;
            assert_eq!(roster["state"], "refused");
            assert_eq!(roster["refusal"]["code"], code);
            let listed = app.get(&who, "/rosters").await["rows"].clone();
            assert!(listed.as_array().unwrap().iter().any(|row| row["refusal"] == roster["refusal"]));
            assert!(!text(&roster["refusal"]["mend"]).contains('{'), "{roster}");
        }
        // What was read before a fault is not kept either.
        let line = TWO.lines().nth(1).unwrap();
        let late = format!("{heads}\n{}=1+1\n", format!("{line}\n").repeat(600));
        let roster = uploaded(&app, &who, late.as_bytes()).await;
        assert_eq!(roster["refusal"]["cell"], "A602", "{roster}");
        assert_eq!(count(&app, "FROM roster_row").await, 0);
        assert_eq!(count(&app, "FROM roster_file").await, 0);
        upload(&app, &who, "大.csv", &vec![b'a'; 8 * 1024 * 1024 + 1]).await.refused(413, "E1003");
    }
}

on_both! {
    async fn rosters_are_seen_by_agents_of_their_enterprise_alone(database) {
        let app = TestApp::new(database).await;
        let who = app.agent(AGENT, FIRM).await;
        let id = checked(&app, &who).await;
        let other = app.agent(OTHER_AGENT, OTHER_FIRM).await;
        for path in ["", "/rows?which=bad", "/faults"] {
            let path = format!("/rosters/{id}{path}");
            app.call(Call::get(&path).by(&other)).await.refused(404, "E1012");
            app.call(Call::get(&path).by(&app.citizen(AGENT).await)).await.refused(403, "E1220");
            app.call(Call::get(&path).by(&app.staff("songyan").await)).await.refused(403, "E1102");
        }
        confirm(&app, &other, &id, &agreed(false)).await.refused(404, "E1012");
        app.call(Call::delete(format!("/rosters/{id}")).by(&other)).await.refused(404, "E1012");
        assert_eq!(app.get(&other, "/rosters").await["rows"], json!([]));
        app.call(Call::get("/rosters/template?item=LD-001").by(&who)).await.refused(404, "E1213");
    }
}

/// The cells of a downloaded workbook.
fn read_back(content: &[u8]) -> Vec<Vec<String>> {
    let limits = spreadsheets::Limits {
        rows: 100,
        columns: 20,
        cell_chars: 2_000,
        plain_bytes: 10_000_000,
    };
    let mut rows = Vec::new();
    let read = spreadsheets::read(content, &limits, &mut |row| {
        rows.push(row.cells.iter().map(spreadsheets::Cell::shown).collect());
        ControlFlow::Continue(())
    });
    read.unwrap();
    rows
}

on_both! {
    async fn faulty_rows_come_back_with_reasons_and_are_taken_when_mended(database) {
        let app = TestApp::new(database).await;
        let who = app.agent(AGENT, FIRM).await;
        let template = app.call(Call::get("/rosters/template?item=SB-003").by(&who)).await;
        let heads = read_back(&template.content).remove(0);
        assert_eq!(heads.join(","), TWO.lines().next().unwrap());
        let id = checked(&app, &who).await;
        let faults = app.call(Call::get(format!("/rosters/{id}/faults")).by(&who)).await;
        let rows = read_back(&faults.content);
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[1][1], "180102200309140241");
        assert_eq!(rows[1][7], "3");
        assert!(rows[1][8].contains("身份证号"), "{:?}", rows[1]);
        let lines: Vec<String> = rows.iter().map(|row| {
            row.iter().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",")
        }).collect();
        let mended = lines.join("\n").replace("180102200309140241", "180102200309140240");
        let roster = uploaded(&app, &who, mended.as_bytes()).await;
        assert_eq!((&roster["rows_read"], &roster["rows_bad"]), (&json!(1), &json!(0)), "{roster}");
    }
}

on_both! {
    async fn a_roster_that_is_thrown_away_or_forgotten_leaves_nothing(database) {
        let app = TestApp::new(database).await;
        let who = app.agent(AGENT, FIRM).await;
        let id = checked(&app, &who).await;
        app.call(Call::delete(format!("/rosters/{id}")).by(&who)).await.good();
        app.run_jobs().await;
        assert_eq!(count(&app, "FROM roster").await, 0);
        assert_eq!(count(&app, "FROM roster_row").await, 0);
        app.call(Call::get(format!("/rosters/{id}")).by(&who)).await.refused(404, "E1012");
        checked(&app, &who).await;
        app.later(31 * 86_400);
        app.run_jobs().await;
        assert_eq!(count(&app, "FROM roster_row").await, 0);
        let who = app.agent(AGENT, FIRM).await;
        let confirmed = checked(&app, &who).await;
        confirm(&app, &who, &confirmed, &agreed(false)).await.good();
        app.call(Call::delete(format!("/rosters/{confirmed}")).by(&who)).await.refused(409, "E1078");
        app.run_jobs().await;
        assert_eq!(count(&app, "FROM roster_row").await, 2);
        app.later(29 * 86_400);
        app.run_jobs().await;
        assert_eq!(count(&app, "FROM roster_row").await, 2);
        app.later(2 * 86_400);
        app.run_jobs().await;
        assert_eq!(count(&app, "FROM roster_row WHERE state = 'opened'").await, 1);
        assert_eq!(count(&app, "FROM roster_row").await, 1, "what could not become a case is not kept for ever");
    }
}

on_both! {
    async fn a_confirmed_roster_goes_through_a_suspension_and_no_other_is_confirmed(database) {
        let app = TestApp::new(database).await;
        let who = app.agent(AGENT, FIRM).await;
        let first = checked(&app, &who).await;
        let second = checked(&app, &who).await;
        confirm(&app, &who, &first, &agreed(false)).await.good();
        let suspend = json!({ "act": "suspend", "reason": "系统升级" });
        act(&app, "wenli", ("SB-003", 1), &suspend).await.good();
        confirm(&app, &who, &second, &agreed(false)).await.refused(409, "E1043");
        app.run_jobs().await;
        let view = app.get(&who, &format!("/rosters/{first}")).await;
        assert_eq!((&view["state"], &view["rows_opened"]), (&json!("finished"), &json!(1)), "{view}");
    }
}

on_both! {
    async fn rows_whose_item_ended_meanwhile_say_so(database) {
        let app = TestApp::new(database).await;
        let who = app.agent(AGENT, FIRM).await;
        let id = checked(&app, &who).await;
        confirm(&app, &who, &id, &agreed(false)).await.good();
        let end = json!({ "act": "retire", "reason": "不再办理" });
        act(&app, "wenli", ("SB-003", 1), &end).await.good();
        app.run_jobs().await;
        let view = app.get(&who, &format!("/rosters/{id}")).await;
        assert_eq!((&view["state"], &view["rows_failed"]), (&json!("finished"), &json!(1)), "{view}");
        let wrong = rows_of(&app, &who, &id, "bad").await;
        assert!(wrong.iter().any(|row| row["faults"][0]["code"] == "E1213"), "{wrong:?}");
        let told = app.get(&who, "/messages").await["rows"].to_string();
        assert!(told.contains("另有 1 人没能提交"), "{told}");
    }
}

on_both! {
    async fn too_many_unfinished_rosters_are_refused(database) {
        let app = TestApp::new(database).await;
        let who = app.agent(AGENT, FIRM).await;
        let mut states = BTreeMap::new();
        for _ in 0..10 {
            let state = uploaded(&app, &who, TWO.as_bytes()).await["state"].clone();
            *states.entry(text(&state)).or_insert(0) += 1;
        }
        assert_eq!(states, BTreeMap::from([("checked".to_owned(), 10)]));
        upload(&app, &who, "又一份.csv", TWO.as_bytes()).await.refused(409, "E1072");
    }
}
