//! Who may call what: every endpoint of the API document as every role, against rows that exist.
//!
//! The table is what an auditor reads; it changes only with `YICI_UPDATE_GOLDEN=1`.

mod bodies;
pub(crate) mod fixtures;

use std::fmt::Write as _;

use axum::http::Method;
use serde_json::Value;
use testkit::on_both;

use crate::{
    client::{Call, Who},
    golden,
    harness::TestApp,
};
use fixtures::{Fixtures, Stage};

/// The columns: a short name, and how he signs in.
pub(crate) const ROLES: [(&str, Entry); 20] = [
    ("stranger", Entry::Nobody),
    ("applicant", Entry::Citizen(fixtures::APPLICANT)),
    ("citizen", Entry::Citizen("180103198508230050")),
    ("agent", Entry::Agent(fixtures::AGENT, fixtures::FIRM)),
    (
        "agent-2",
        Entry::Agent("180102198909300412", "91180102MA0000189A"),
    ),
    ("intake", Entry::Staff("lijuan")),
    ("reviewer", Entry::Staff("gaoyuan")),
    ("rev-else", Entry::Staff("xuting")),
    ("decider", Entry::Staff("maxingyuan")),
    ("delivery", Entry::Staff("caoyu")),
    ("manager", Entry::Staff("hezhen")),
    ("leader", Entry::Staff("liushaohua")),
    ("st-admin", Entry::Staff("jiangbo")),
    ("auditor", Entry::Staff("caiyi")),
    ("std-rev", Entry::Staff("cenruo")),
    ("std-pub", Entry::Staff("wenli")),
    ("sysadmin", Entry::Staff("duanrui")),
    ("trainee", Entry::Staff("luxiao")),
    ("102intake", Entry::Staff("hanmei")),
    ("102chief", Entry::Staff("shimin")),
];

const HEAD: &str = "# Who may call what. \"+\" is allowed; otherwise the code of the refusal.
# applicant: whose case it is. citizen: somebody else. agent: whose enterprise it is; agent-2: another's.
# rev-else: a reviewer of another organisation of the agency. 102…: staff of another agency.
# A line that is set in: the operation above it against another case.
";

#[derive(Clone, Copy)]
pub(crate) enum Entry {
    Nobody,
    Citizen(&'static str),
    Agent(&'static str, &'static str),
    Staff(&'static str),
}

impl Entry {
    pub(crate) async fn sign_in(self, app: &TestApp) -> Option<Who> {
        match self {
            Self::Nobody => None,
            Self::Citizen(number) => Some(app.citizen(number).await),
            Self::Agent(number, code) => Some(app.agent(number, code).await),
            Self::Staff(account) => Some(app.staff(account).await),
        }
    }
}

/// Every operation of the document: method and path.
pub(crate) fn operations(app: &TestApp) -> Vec<(Method, String)> {
    let (_, document) = app.app.api();
    let document = serde_json::to_value(&document).unwrap();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap();
        for method in methods.as_object().unwrap().keys() {
            let method = method.to_uppercase().parse::<Method>().unwrap();
            operations.push((method, path.to_owned()));
        }
    }
    operations.sort_by_key(|(method, path)| (path.clone(), method.to_string()));
    operations
}

/// One call of one role, as the table shows it.
async fn ask(
    app: &TestApp,
    fixtures: &mut Fixtures,
    role: Entry,
    operation: &(Method, String),
    stage: Option<Stage>,
) -> String {
    let (method, path) = operation;
    // Sessions of one owner are ended oldest first: every call has its own second.
    app.later(1);
    fixtures.before(app, path).await;
    let who = role.sign_in(app).await;
    let target = fixtures.target(app, operation, stage, who.as_ref()).await;
    let mut call = Call::new(method.clone(), &target.path);
    call = match target.content {
        fixtures::Content::Nothing => call,
        fixtures::Content::Json(body) => call.json(&body),
        fixtures::Content::File => call.file("材料.png", crate::client::PNG),
        fixtures::Content::Part => call.part(0, crate::client::PNG),
    };
    if let Some(version) = target.version {
        call = call.version(version);
    }
    if let Some(who) = &who {
        call = call.by(who);
    }
    let answer = app.call(call).await;
    assert!(
        answer.status < 500,
        "{method} {path}: {} {}",
        answer.status,
        answer.text
    );
    if answer.status < 400 {
        if method != Method::GET {
            fixtures.used(app, path, stage).await;
        }
        return "+".to_owned();
    }
    assert!(
        ![400, 415, 428].contains(&answer.status),
        "{method} {path}: {}",
        answer.text
    );
    answer.code().to_owned()
}

/// What every role is told of an operation against one case.
async fn row(
    app: &TestApp,
    fixtures: &mut Fixtures,
    operation: &(Method, String),
    stage: Option<Stage>,
) -> String {
    let mut cells = String::new();
    for (_, role) in ROLES {
        let cell = ask(app, fixtures, role, operation, stage).await;
        write!(cells, " {cell:<9}").unwrap();
    }
    cells
}

on_both! {
    async fn the_matrix_of_roles_and_endpoints_is_as_agreed(database) {
        let app = TestApp::new(database).await;
        let mut fixtures = Fixtures::new(&app).await;
        let mut table = String::from(HEAD);
        write!(table, "{:<52}", "").unwrap();
        for (name, _) in ROLES {
            write!(table, " {name:<9}").unwrap();
        }
        table.truncate(table.trim_end().len());
        table.push('\n');
        for operation in operations(&app) {
            let (method, path) = &operation;
            let first = (format!("{method} {path}"), fixtures::stage_of(method, path));
            let cells = row(&app, &mut fixtures, &operation, first.1).await;
            assert!(cells.contains(" + "), "nobody may {}", first.0);
            writeln!(table, "{:<52}{}", first.0, cells.trim_end()).unwrap();
            for (which, stage) in fixtures::others(method, path) {
                let cells = row(&app, &mut fixtures, &operation, Some(*stage)).await;
                writeln!(table, "{:<52}{}", format!("  {which}"), cells.trim_end()).unwrap();
            }
        }
        golden::compare("roles.txt", &table);
    }
}

/// A body as JSON with one field.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
