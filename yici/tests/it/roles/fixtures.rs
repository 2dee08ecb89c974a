//! Rows for every endpoint to be called against, made anew when an allowed call has used them up.

use std::collections::BTreeMap;

use axum::http::Method;
use kernel::{
    Principal, Private,
    ids::{CaseId, Id as _, JobId},
    ports::Parties as _,
};
use serde_json::{Value, json};
use yici::city;

use super::{bodies::body, text};
use crate::{
    client::{Call, Who},
    harness::{TestApp, pack},
    story::Story,
};

/// Whose case it is.
pub(crate) const APPLICANT: &str = "180102197904120020";
/// The agent of the enterprise.
pub(crate) const AGENT: &str = "180102198706160341";
/// The enterprise.
pub(crate) const FIRM: &str = "91180102MA0000162J";

/// Where a case stands that an endpoint is called against.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Stage {
    Draft,
    DraftWithFile,
    WindowDraft,
    Submitted,
    Claimed,
    PreReturned,
    Correcting,
    Refused,
    Reviewing,
    Deciding,
    Denied,
    Delivered,
    SiteCheck,
    SiteChecked,
    Making,
}

/// What is sent.
pub(crate) enum Content {
    Nothing,
    Json(Value),
    File,
}

/// One call.
pub(crate) struct Target {
    pub(crate) path: String,
    pub(crate) content: Content,
    pub(crate) version: Option<i64>,
}

/// The rows that are there.
pub(crate) struct Fixtures {
    cases: BTreeMap<Stage, String>,
    absence: Option<String>,
    agents: usize,
    made: usize,
}

fn stage_of(method: &Method, path: &str) -> Option<Stage> {
    let read = method == Method::GET;
    Some(match path {
        "/cases/{case_id}/files/{material_id}" => Stage::DraftWithFile,
        "/cases/{case_id}" if read => Stage::Submitted,
        "/cases/{case_id}"
        | "/cases/{case_id}/draft"
        | "/cases/{case_id}/form"
        | "/cases/{case_id}/files"
        | "/cases/{case_id}/submit" => Stage::Draft,
        "/cases/{case_id}/notices/{notice_id}"
        | "/cases/{case_id}/rating"
        | "/ratings"
        | "/messages/{message_id}/read" => Stage::Delivered,
        "/cases/{case_id}/insist" => Stage::PreReturned,
        "/cases/{case_id}/supply" => Stage::Correcting,
        "/cases/{case_id}/countersign-refusal" => Stage::Refused,
        "/cases/{case_id}/review" | "/workbench/cases/{case_id}/unmask" => Stage::Reviewing,
        "/cases/{case_id}/decide" => Stage::Deciding,
        "/cases/{case_id}/hand-out" => Stage::Denied,
        "/cases/{case_id}/site-check" => Stage::SiteCheck,
        "/cases/{case_id}/site-check/confirm" => Stage::SiteChecked,
        "/cases/{case_id}/make" => Stage::Making,
        "/counter/cases/{case_id}/receive" => Stage::WindowDraft,
        "/tasks/{task_id}/release" => Stage::Claimed,
        _ if path.contains("{case_id}") || path.contains("{task_id}") => Stage::Submitted,
        "/progress-queries" => Stage::Submitted,
        _ => return None,
    })
}

/// Makes the citizen who opens an account a person whom nobody has met.
async fn forget_newcomer(app: &TestApp) {
    let name = Private::new("高长顺".to_owned());
    let number = Private::new("180121196611300479".parse().unwrap());
    let by = Principal::System("test");
    let parties = &app.app.identity;
    let met = parties.enrol_person(&name, &number, &by, app.now()).await;
    let id = met.unwrap().id.uuid();
    let id = if app.app.kit.store.is_postgres() {
        format!("'{id}'")
    } else {
        format!("x'{}'", id.simple())
    };
    app.execute(&format!("DELETE FROM person_lookup WHERE person_id = {id}"))
        .await;
}

impl Fixtures {
    pub(crate) async fn new(app: &TestApp) -> Self {
        city::demo_accounts(&app.app, pack()).await.unwrap();
        Self {
            cases: BTreeMap::new(),
            absence: None,
            agents: 0,
            made: 0,
        }
    }

    /// Puts right what earlier calls may have changed, before anybody signs in.
    pub(crate) async fn before(&mut self, app: &TestApp, path: &str) {
        match path {
            "/accounts" => forget_newcomer(app).await,
            "/session/citizen" | "/session/staff" | "/me/password" | "/counter/password-resets" => {
                city::demo_accounts(&app.app, pack()).await.unwrap();
            }
            _ => {}
        }
    }

    /// An allowed write has changed the rows: the next caller gets fresh ones.
    pub(crate) async fn used(&mut self, app: &TestApp, method: &Method, path: &str) {
        if let Some(stage) = stage_of(method, path) {
            self.cases.remove(&stage);
        }
        if path == "/absences/{absence_id}" {
            self.absence = None;
        }
        if path.starts_with("/counter") || path == "/cases" {
            app.execute("DELETE FROM case_open").await;
        }
    }

    /// The call for an operation.
    pub(crate) async fn target(
        &mut self,
        app: &TestApp,
        method: &Method,
        path: &str,
        who: Option<&Who>,
    ) -> Target {
        let mut filled = path.to_owned();
        let mut version = None;
        if let Some(stage) = stage_of(method, path) {
            let case = self.case(app, stage).await;
            filled = filled.replace("{case_id}", &case);
            if method != Method::GET && path.contains("{case_id}") {
                version = Some(app.version(&case).await);
            }
            if path.contains("{task_id}") {
                filled = filled.replace("{task_id}", &app.task_of("zhoumin", &case).await);
            }
            if path.contains("{notice_id}") || path.contains("{material_id}") {
                let applicant = app.citizen(APPLICANT).await;
                let view = app.get(&applicant, &format!("/cases/{case}")).await;
                filled = filled.replace("{notice_id}", &text(&view["notices"][0]["notice_id"]));
                let slots = view["materials"].as_array().unwrap().iter();
                let file = slots
                    .flat_map(|slot| slot["files"].as_array().unwrap())
                    .next();
                let file = file
                    .map(|file| text(&file["material_id"]))
                    .unwrap_or_default();
                filled = filled.replace("{material_id}", &file);
            }
        }
        let content = self.content(app, method, path).await;
        filled = self.ids(app, filled, who).await;
        if matches!(path, "/staff/{staff_id}" | "/staff/{staff_id}/posts") {
            version = app.colleague("wanglei").await["version"].as_i64();
        }
        if path == "/cases/{case_id}/files" {
            filled.push_str("?material=m2");
        }
        if path == "/my/cases" {
            filled.push_str("?which=open");
        }
        Target {
            path: filled,
            content,
            version,
        }
    }

    async fn content(&mut self, app: &TestApp, method: &Method, path: &str) -> Content {
        self.made += 1;
        let json = match (method.as_str(), path) {
            ("POST", "/cases/{case_id}/files") => return Content::File,
            ("PUT", "/cases/{case_id}/form") => {
                json!({ "data": Story::named(app, "SB-084", "granted").form })
            }
            ("POST", "/progress-queries") => {
                let case = self.case(app, Stage::Submitted).await;
                let view = app
                    .get(&app.citizen(APPLICANT).await, &format!("/cases/{case}"))
                    .await;
                json!({ "case_no": view["case_no"], "query_code": view["query_code"] })
            }
            ("POST", "/ratings") => json!({
                "case_id": self.case(app, Stage::Delivered).await, "stars": 5, "labels": [],
                "anonymous": true,
            }),
            ("POST", "/tasks/{task_id}/reassign") => json!({ "to": app.staff_id("sunyan").await }),
            ("POST", "/staff/{staff_id}/hand-over") => {
                json!({ "to": app.staff_id("sunyan").await })
            }
            ("PUT", "/staff/{staff_id}") => {
                json!({ "name": "王雷鸣", "org": "180100/hall", "active": true })
            }
            ("PUT", "/staff/{staff_id}/posts") => {
                json!({ "posts": [{ "post": "intake", "org": "180100" }] })
            }
            ("POST", "/staff") => json!({
                "account": format!("newcomer{}", self.made), "name": "新同事", "org": "180100/hall",
                "password": "Blue-river-77",
            }),
            ("POST", "/absences") => json!({
                "staff_id": app.staff_id("wanglei").await, "deputy_id": app.staff_id("sunyan").await,
                "from": "2026-05-06", "to": "2026-05-07",
            }),
            (method, path) => match body(method, path) {
                Some(body) => body,
                None if matches!(method, "GET" | "DELETE") => return Content::Nothing,
                None => panic!("{method} {path} is new: say here what it takes"),
            },
        };
        Content::Json(json)
    }

    /// Ids of rows other than cases.
    async fn ids(&mut self, app: &TestApp, mut path: String, who: Option<&Who>) -> String {
        if path.contains("{code}") {
            path = path.replace("{code}", "SB-084");
        }
        if path.contains("{staff_id}") {
            path = path.replace("{staff_id}", &app.staff_id("wanglei").await);
        }
        if path.contains("{absence_id}") {
            path = path.replace("{absence_id}", &self.absence(app).await);
        }
        if path.contains("{session_id}") {
            let applicant = app.citizen(APPLICANT).await;
            let rows = app.get(who.unwrap_or(&applicant), "/sessions").await;
            path = path.replace("{session_id}", &text(&rows["rows"][0]["session_id"]));
        }
        if path.contains("{employer_id}") {
            let agent = app.agent(AGENT, FIRM).await;
            let session = app.get(&agent, "/session").await;
            let employer = text(&session["citizen"]["acting"]["employer_id"]);
            path = path.replace("{employer_id}", &employer);
            if path.contains("{person_id}") {
                path = path.replace(
                    "{person_id}",
                    &self.another_agent(app, &agent, &employer).await,
                );
            }
        }
        if path.contains("{message_id}") {
            let messages = app.get(&app.citizen(APPLICANT).await, "/messages").await;
            path = path.replace("{message_id}", &text(&messages["rows"][0]["message_id"]));
        }
        if path.contains("{job_id}") {
            path = path.replace("{job_id}", &self.dead_job(app).await);
        }
        path
    }

    async fn absence(&mut self, app: &TestApp) -> String {
        if self.absence.is_none() {
            app.absent("sunyan", "lijuan", "2026-06-01", "2026-06-02")
                .await;
            let admin = app.staff("jiangbo").await;
            let rows = app.get(&admin, "/absences").await;
            let row = rows["rows"]
                .as_array()
                .unwrap()
                .iter()
                .find(|row| row["from"] == "2026-06-01");
            self.absence = Some(text(&row.unwrap()["absence_id"]));
        }
        self.absence.clone().unwrap()
    }

    async fn another_agent(&mut self, app: &TestApp, agent: &Who, employer: &str) -> String {
        let numbers = [
            ("宋明哲", "180102199610210513"),
            ("韩雪琴", "180103198407190520"),
        ];
        let (name, number) = numbers[self.agents % numbers.len()];
        self.agents += 1;
        let path = format!("/employers/{employer}/agents");
        let call = Call::post(&path, &json!({ "name": name, "citizen_no": number })).by(agent);
        app.call(call).await;
        let rows = app.get(agent, &path).await;
        let rows = rows["rows"].as_array().unwrap().clone();
        let other = rows
            .iter()
            .find(|row| row["name_masked"].as_str().unwrap().starts_with(&name[..3]));
        text(&other.unwrap()["person_id"])
    }

    async fn dead_job(&mut self, app: &TestApp) -> String {
        let id =
            uuid::Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 + self.made as u128);
        let literal = app.uuid(&CaseId::from_uuid(id).to_string());
        let payload =
            json!({ "v": 1, "body": { "bureau": "180100", "from": app.staff_id("luxiao").await } });
        app.execute(&format!(
            "INSERT INTO job (bureau, job_id, kind, payload, state, attempts, fence, queued_us, last_error) \
             VALUES ('180100', {literal}, 'casework.hand_over', '{payload}', 'dead', 10, 10, 0, '')"
        ))
        .await;
        JobId::from_uuid(id).to_string()
    }

    async fn case(&mut self, app: &TestApp, stage: Stage) -> String {
        if let Some(case) = self.cases.get(&stage) {
            return case.clone();
        }
        // Fixtures of one applicant stand side by side; nobody could open them so.
        app.execute("DELETE FROM case_open").await;
        let case = make(app, stage).await;
        self.cases.insert(stage, case.clone());
        case
    }
}

async fn make(app: &TestApp, stage: Stage) -> String {
    match stage {
        Stage::Draft | Stage::DraftWithFile => {
            let mut story = Story::named(app, "SB-084", "granted");
            let applicant = story.draft().await;
            if stage == Stage::DraftWithFile {
                story.upload(&applicant, "m2").await.good();
            }
            story.case
        }
        Stage::WindowDraft => {
            let mut story = Story::named(app, "JY-009", "granted");
            story.open_at_window("lijuan").await;
            story.case
        }
        Stage::SiteCheck | Stage::SiteChecked | Stage::Making => licence(app, stage).await,
        _ => benefit(app, stage).await,
    }
}

async fn benefit(app: &TestApp, stage: Stage) -> String {
    let mut story = Story::named(app, "SB-084", "granted");
    story.submit(false).await.good();
    let lines = body("POST", "/cases/{case_id}/correct").unwrap();
    match stage {
        Stage::Submitted => {}
        Stage::Claimed => {
            let task = app.task_of("lijuan", &story.case).await;
            let lijuan = app.staff("lijuan").await;
            app.call(Call::post(format!("/tasks/{task}/claim"), &json!({})).by(&lijuan))
                .await
                .good();
        }
        Stage::PreReturned => drop(story.act("zhoumin", "pre-return", &lines).await.good()),
        Stage::Refused => {
            let words = body("POST", "/cases/{case_id}/refuse-acceptance").unwrap();
            story
                .act("zhoumin", "refuse-acceptance", &words)
                .await
                .good();
        }
        Stage::Correcting => drop(story.act("zhoumin", "correct", &lines).await.good()),
        _ => {
            story.accept("zhoumin").await.good();
            if stage != Stage::Reviewing {
                story.review("linfang", "grant").await.good();
            }
            if matches!(stage, Stage::Denied | Stage::Delivered) {
                story.decide("fanghui", "deny").await.good();
            }
            if stage == Stage::Delivered {
                let signed = body("POST", "/cases/{case_id}/hand-out").unwrap();
                story.act("yuanxin", "hand-out", &signed).await.good();
                app.run_jobs().await;
            }
        }
    }
    story.case
}

async fn licence(app: &TestApp, stage: Stage) -> String {
    let mut story = Story::named(app, "LD-001", "granted");
    story.submit(false).await.good();
    story.accept("zhoumin").await.good();
    story.review("tangweiming", "grant").await.good();
    if stage != Stage::SiteCheck {
        let record = body("POST", "/cases/{case_id}/site-check").unwrap();
        story.act("tangweiming", "site-check", &record).await.good();
    }
    if stage == Stage::Making {
        story
            .act("xuting", "site-check/confirm", &json!({}))
            .await
            .good();
        story.decide("dengkai", "grant").await.good();
    }
    story.case
}
