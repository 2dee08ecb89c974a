//! Rows for every endpoint to be called against, made anew when an allowed call has used them up.

use std::collections::BTreeMap;

use axum::http::Method;
use kernel::{
    Principal, Private,
    ids::{CaseId, Id as _, JobId, MaterialId, NoticeId, UploadId},
    ports::Parties as _,
};
use serde_json::{Value, json};
use yici::city;

use super::{bodies::body, text};
use crate::{
    client::{Call, PNG, Who},
    harness::{TestApp, pack},
    standards,
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
pub(crate) enum Stage {
    Draft,
    DraftWithFile,
    /// With two files of one material.
    DraftWithFiles,
    /// With a file on its way of which nothing is there yet.
    DraftWithUpload,
    /// With a file on its way of which everything is there.
    DraftWithArrival,
    WindowDraft,
    /// The same, of the applicant, with a file.
    WindowFile,
    Submitted,
    SubmittedWithFile,
    Claimed,
    PreReturned,
    Correcting,
    Refused,
    Reviewing,
    Stuck,
    Deciding,
    Denied,
    DeniedWithFile,
    Delivered,
    SiteCheck,
    SiteChecked,
    Making,
    FirmDraft,
    FirmSubmitted,
    FirmCorrecting,
    FirmReviewing,
    FirmDeciding,
    /// Accepted: its other party, the firm, is told and has brought a file.
    Told,
}

impl Stage {
    /// The item of the case.
    const fn item(self) -> &'static str {
        match self {
            Self::WindowDraft => "JY-009",
            Self::Told => "SB-062",
            Self::SiteCheck
            | Self::SiteChecked
            | Self::Making
            | Self::FirmDraft
            | Self::FirmSubmitted
            | Self::FirmCorrecting
            | Self::FirmReviewing
            | Self::FirmDeciding => "LD-001",
            _ => "SB-084",
        }
    }
}

/// What is sent.
pub(crate) enum Content {
    Nothing,
    Json(Value),
    File,
    Part,
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
    /// A draft of an item's edition.
    edition: Option<i64>,
    roster: Option<String>,
    agents: usize,
    made: usize,
}

/// The case an operation is called against first: one that lets somebody do it.
pub(crate) fn stage_of(method: &Method, path: &str) -> Option<Stage> {
    let read = method == Method::GET;
    if path.contains("/other-party") && path.contains("{case_id}") || path.ends_with("/serve") {
        return Some(Stage::Told);
    }
    Some(match path {
        "/cases/{case_id}/files/{material_id}" => Stage::DraftWithFile,
        "/cases/{case_id}/file-order" => Stage::DraftWithFiles,
        "/cases/{case_id}/uploads/{upload_id}" => Stage::DraftWithUpload,
        "/cases/{case_id}/uploads/{upload_id}/finish" => Stage::DraftWithArrival,
        "/cases/{case_id}" if read => Stage::Submitted,
        "/cases/{case_id}"
        | "/cases/{case_id}/draft"
        | "/cases/{case_id}/form"
        | "/cases/{case_id}/files"
        | "/cases/{case_id}/uploads"
        | "/cases/{case_id}/submit" => Stage::Draft,
        "/cases/{case_id}/notices/{notice_id}"
        | "/cases/{case_id}/rating"
        | "/ratings"
        | "/messages/{message_id}/read" => Stage::Delivered,
        "/cases/{case_id}/insist" => Stage::PreReturned,
        "/cases/{case_id}/supply" => Stage::Correcting,
        "/cases/{case_id}/countersign-refusal" => Stage::Refused,
        "/cases/{case_id}/review" | "/workbench/cases/{case_id}/unmask" => Stage::Reviewing,
        "/cases/{case_id}/retry" => Stage::Stuck,
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

const SENT_IN: (&str, Stage) = ("sent in", Stage::SubmittedWithFile);
const TO_HAND_OUT: (&str, Stage) = ("to be handed out", Stage::DeniedWithFile);
const AT_A_WINDOW: (&str, Stage) = ("drafted at a window", Stage::WindowFile);
const FIRM_S_DRAFT: (&str, Stage) = ("drafted by a firm", Stage::FirmDraft);
const FIRM_S: (&str, Stage) = ("sent in by a firm", Stage::FirmSubmitted);

/// The other cases it is called against: who may depends on whose case it is and where it stands.
pub(crate) fn others(method: &Method, path: &str) -> &'static [(&'static str, Stage)] {
    match (method.as_str(), path) {
        ("GET", "/cases/{case_id}/files/{material_id}" | "/cases/{case_id}/draft") => {
            &[SENT_IN, TO_HAND_OUT, AT_A_WINDOW, FIRM_S_DRAFT, FIRM_S]
        }
        ("DELETE", "/cases/{case_id}/files/{material_id}")
        | ("POST", "/cases/{case_id}/files")
        | ("PUT", "/cases/{case_id}/form") => &[SENT_IN, AT_A_WINDOW, FIRM_S_DRAFT, FIRM_S],
        ("DELETE", "/cases/{case_id}") | ("POST", "/cases/{case_id}/submit") => {
            &[AT_A_WINDOW, FIRM_S_DRAFT]
        }
        ("GET", "/cases/{case_id}") => &[AT_A_WINDOW, FIRM_S_DRAFT, FIRM_S],
        ("GET", "/workbench/cases/{case_id}") => &[
            ("drafted on line", Stage::Draft),
            AT_A_WINDOW,
            TO_HAND_OUT,
            FIRM_S_DRAFT,
            FIRM_S,
        ],
        ("POST", "/counter/cases/{case_id}/receive") => &[("drafted on line", Stage::Draft)],
        ("POST", "/cases/{case_id}/supply") => &[("of a firm", Stage::FirmCorrecting)],
        ("GET", "/cases/{case_id}/notices/{notice_id}")
        | ("POST", "/cases/{case_id}/review" | "/workbench/cases/{case_id}/unmask") => {
            &[("of a firm", Stage::FirmReviewing)]
        }
        ("POST", "/tasks/{task_id}/claim") => &[("of a firm, to review", Stage::FirmReviewing)],
        ("POST", "/cases/{case_id}/decide") => &[("of a firm", Stage::FirmDeciding)],
        ("POST", "/cases/{case_id}/accept" | "/cases/{case_id}/withdraw") => &[FIRM_S],
        _ => &[],
    }
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

/// The version of somebody's views of the list of cases.
async fn views_version(app: &TestApp, who: Option<&Who>) -> i64 {
    let call = Call::get("/workbench/case-views");
    let answer = app
        .call(who.iter().fold(call, |call, who| call.by(who)))
        .await;
    let tag = answer.headers.get("etag").map(|tag| tag.to_str().unwrap());
    tag.map_or(0, |tag| tag.trim_matches('"').parse().unwrap())
}

impl Fixtures {
    pub(crate) async fn new(app: &TestApp) -> Self {
        city::demo_accounts(&app.app, pack()).await.unwrap();
        Self {
            cases: BTreeMap::new(),
            absence: None,
            edition: None,
            roster: None,
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
    pub(crate) async fn used(&mut self, app: &TestApp, path: &str, stage: Option<Stage>) {
        if let Some(stage) = stage {
            self.cases.remove(&stage);
        }
        if path == "/absences/{absence_id}" {
            self.absence = None;
        }
        if path.starts_with("/rosters/") {
            self.roster = None;
        }
        if path.starts_with("/counter") || path == "/cases" {
            app.execute("DELETE FROM case_open").await;
        }
    }

    /// The call for an operation, against a case where it needs one.
    pub(crate) async fn target(
        &mut self,
        app: &TestApp,
        (method, path): &(Method, String),
        stage: Option<Stage>,
        who: Option<&Who>,
    ) -> Target {
        let path = path.as_str();
        let mut filled = path.to_owned();
        let mut version = None;
        if let Some(stage) = stage {
            let case = self.case(app, stage).await;
            filled = of_case(app, path, &case).await;
            if method != Method::GET && path.contains("{case_id}") {
                version = Some(app.version(&case).await);
            }
        }
        let content = match path {
            "/cases/{case_id}/file-order" => self.reversed(app).await,
            _ => self.content(app, method, path, stage).await,
        };
        filled = self.ids(app, filled, who).await;
        if matches!(path, "/staff/{staff_id}" | "/staff/{staff_id}/posts") {
            version = app.colleague("wanglei").await["version"].as_i64();
        }
        if path.contains("{edition}") {
            filled = filled.replace("{edition}", &self.draft_edition(app).await.to_string());
            version = Some(standards::version(app, "SB-084").await);
        }
        if path == "/workbench/case-views" && method != Method::GET {
            version = Some(views_version(app, who).await);
        }
        if path == "/cases/{case_id}/files" {
            filled.push_str("?material=m2");
        }
        if path == "/cases/{case_id}/other-party/files" {
            filled.push_str("?material=evidence");
        }
        if path == "/search" {
            filled.push_str("?query=shiye");
        }
        if path == "/my/cases" {
            filled.push_str("?which=open");
        }
        if path == "/rosters/template" || (path == "/rosters" && method == Method::POST) {
            filled.push_str("?item=SB-003");
        }
        if path == "/rosters/{roster_id}/rows" {
            filled.push_str("?which=bad");
        }
        if path == "/rosters/{roster_id}/confirm" {
            version = crate::rosters::version(app, filled.split('/').nth(2).unwrap()).await;
        }
        Target {
            path: filled,
            content,
            version,
        }
    }

    /// The files of the case that has several, the other way round.
    async fn reversed(&mut self, app: &TestApp) -> Content {
        let case = self.case(app, Stage::DraftWithFiles).await;
        let sql = format!(
            "SELECT material_id FROM case_material WHERE case_id = {} ORDER BY material_id DESC",
            app.uuid(&case)
        );
        let rows = app.rows(&sql).await;
        let ids = rows.iter().map(|row| row.try_get("", "material_id"));
        let files: Vec<MaterialId> = ids.map(|id| MaterialId::from_uuid(id.unwrap())).collect();
        Content::Json(json!({ "material": "m2", "files": files }))
    }

    async fn content(
        &mut self,
        app: &TestApp,
        method: &Method,
        path: &str,
        stage: Option<Stage>,
    ) -> Content {
        self.made += 1;
        let json = match (method.as_str(), path) {
            (
                "POST",
                "/cases/{case_id}/files" | "/cases/{case_id}/other-party/files" | "/rosters",
            ) => {
                return Content::File;
            }
            ("PATCH", "/cases/{case_id}/uploads/{upload_id}") => return Content::Part,
            ("PUT", "/cases/{case_id}/form") => {
                let item = stage.map_or("SB-084", Stage::item);
                json!({ "data": Story::named(app, item, "granted").form })
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
        if path.contains("{calculator_id}") {
            path = path.replace("{calculator_id}", "retirement");
        }
        if path.contains("{roster_id}") {
            path = path.replace("{roster_id}", &self.roster(app).await);
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

    /// A draft of an item's next edition; the same for every call.
    async fn draft_edition(&mut self, app: &TestApp) -> i64 {
        if self.edition.is_none() {
            self.edition = Some(standards::draft(app, "SB-084").await);
        }
        self.edition.unwrap()
    }

    /// A roster of the enterprise that waits for confirmation.
    async fn roster(&mut self, app: &TestApp) -> String {
        if self.roster.is_none() {
            let agent = app.agent(AGENT, FIRM).await;
            self.roster = Some(crate::rosters::checked(app, &agent).await);
        }
        self.roster.clone().unwrap()
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

/// The path of an operation with the ids of a case and of its rows.
async fn of_case(app: &TestApp, path: &str, case: &str) -> String {
    let mut filled = path.replace("{case_id}", case);
    if path.contains("{task_id}") {
        filled = filled.replace("{task_id}", &app.task_of("zhoumin", case).await);
    }
    let of_other = path.contains("/other-party") || path.ends_with("/serve");
    if path.contains("{notice_id}") {
        let which = if of_other {
            "kind = 'other_party_notice'"
        } else {
            "1 = 1"
        };
        let id = first_of(app, "case_notice", "notice_id", case, which).await;
        filled = filled.replace("{notice_id}", &NoticeId::from_uuid(id).to_string());
    }
    if path.contains("{upload_id}") {
        let case = app.uuid(case);
        let sql = format!("SELECT upload_id FROM case_upload WHERE case_id = {case}");
        let id = app.rows(&sql).await[0].try_get("", "upload_id").unwrap();
        filled = filled.replace("{upload_id}", &UploadId::from_uuid(id).to_string());
    }
    if path.contains("{material_id}") {
        let which = if of_other {
            "slot = 'evidence'"
        } else {
            "1 = 1"
        };
        let id = first_of(app, "case_material", "material_id", case, which).await;
        filled = filled.replace("{material_id}", &MaterialId::from_uuid(id).to_string());
    }
    filled
}

/// The oldest row of a case in a table of which this is true, by its column of ids.
async fn first_of(app: &TestApp, table: &str, column: &str, case: &str, which: &str) -> uuid::Uuid {
    let case = app.uuid(case);
    let sql = format!(
        "SELECT {column} FROM {table} WHERE case_id = {case} AND {which} ORDER BY at_us, {column} LIMIT 1"
    );
    app.rows(&sql).await[0].try_get("", column).unwrap()
}

async fn told(app: &TestApp) -> String {
    let mut story = Story::named(app, "SB-062", "granted");
    story.submit(false).await.good();
    story.accept("zhoumin").await.good();
    let firm = app.agent(AGENT, FIRM).await;
    story.bring(&firm).await.good();
    story.case
}

async fn make(app: &TestApp, stage: Stage) -> String {
    match stage {
        Stage::Draft | Stage::DraftWithFile | Stage::DraftWithFiles => {
            let mut story = Story::named(app, "SB-084", "granted");
            let applicant = story.draft().await;
            let files = match stage {
                Stage::Draft => 0,
                Stage::DraftWithFile => 1,
                _ => 2,
            };
            for _ in 0..files {
                // Their ids stand in the order in which they came.
                app.later(1);
                story.upload(&applicant, "m2").await.good();
            }
            story.case
        }
        Stage::DraftWithUpload | Stage::DraftWithArrival => {
            let mut story = Story::named(app, "SB-084", "granted");
            let applicant = story.draft().await;
            let upload = story.begin(&applicant, "m2", PNG).await.good();
            if stage == Stage::DraftWithArrival {
                story.part(&applicant, &upload, 0, PNG).await.good();
            }
            story.case
        }
        Stage::WindowDraft | Stage::WindowFile => {
            let mut story = Story::named(app, stage.item(), "granted");
            let clerk = story.open_at_window("lijuan").await;
            if stage == Stage::WindowFile {
                story.upload(&clerk, "m2").await.good();
            }
            story.case
        }
        Stage::Told => told(app).await,
        _ if stage.item() == "LD-001" => licence(app, stage).await,
        _ => benefit(app, stage).await,
    }
}

async fn benefit(app: &TestApp, stage: Stage) -> String {
    let mut story = Story::named(app, "SB-084", "granted");
    if matches!(stage, Stage::SubmittedWithFile | Stage::DeniedWithFile) {
        story.materials.push("m2".to_owned());
    }
    story.submit(false).await.good();
    let lines = body("POST", "/cases/{case_id}/correct").unwrap();
    match stage {
        Stage::Submitted | Stage::SubmittedWithFile => {}
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
            if stage == Stage::Stuck {
                app.break_flow(&story.case).await;
            } else if stage != Stage::Reviewing {
                story.review("linfang", "grant").await.good();
            }
            if matches!(
                stage,
                Stage::Denied | Stage::DeniedWithFile | Stage::Delivered
            ) {
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
    if stage == Stage::FirmDraft {
        story.draft().await;
        return story.case;
    }
    story.submit(false).await.good();
    if stage == Stage::FirmSubmitted {
        return story.case;
    }
    if stage == Stage::FirmCorrecting {
        let line = json!({ "material": "m2", "defect": "不清楚", "how_to_fix": "请重传" });
        let lines = json!({ "lines": [line] });
        story.act("zhoumin", "correct", &lines).await.good();
        let agent = story.applicant().await;
        story.upload(&agent, "m2").await.good();
        return story.case;
    }
    story.accept("zhoumin").await.good();
    if stage == Stage::FirmReviewing {
        return story.case;
    }
    story.review("tangweiming", "grant").await.good();
    if stage == Stage::SiteCheck {
        return story.case;
    }
    let record = body("POST", "/cases/{case_id}/site-check").unwrap();
    story.act("tangweiming", "site-check", &record).await.good();
    if stage == Stage::SiteChecked {
        return story.case;
    }
    story
        .act("xuting", "site-check/confirm", &json!({}))
        .await
        .good();
    if stage == Stage::Making {
        story.decide("dengkai", "grant").await.good();
    }
    story.case
}
