//! The statements that each command sends, as data to review: a command that begins to send more
//! shows up here.

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};

use axum::http::Method;
use serde_json::json;
use testkit::{Database, Kind};

use crate::{
    client::Call,
    clocks, golden,
    harness::{TestApp, pack},
    roles::{
        ROLES,
        fixtures::{AGENT, Content, FIRM, Fixtures, stage_of},
        operations,
    },
    scanned::Moody,
    story::Story,
};

/// PostgreSQL takes a list of several as one parameter.
fn in_lists(sql: &str) -> String {
    let mut out = String::new();
    let mut left = sql;
    while let Some((before, after)) = left.split_once(" = ANY(") {
        let (_, rest) = after.split_once(')').unwrap_or((after, ""));
        out.push_str(before);
        out.push_str(" IN (…)");
        left = rest;
    }
    out + left
}

/// A statement without its columns, which follow from the entity, and without its placeholders,
/// whose number follows from the rows.
fn short(sql: &str) -> String {
    let rest = |after: &str| sql.split_once(after).map_or("", |(_, rest)| rest);
    if let Some(("INSERT INTO", tail)) = sql.split_at_checked(11) {
        let table = tail.trim_start().split(' ').next().unwrap_or_default();
        let conflict = rest(" ON CONFLICT ")
            .split(" SET ")
            .next()
            .unwrap_or_default();
        let conflict = if conflict.is_empty() {
            String::new()
        } else {
            format!(" ON CONFLICT {conflict} …")
        };
        return format!("INSERT INTO {table} …{conflict}");
    }
    let words = match sql.strip_prefix("SELECT ") {
        Some(_) => format!("SELECT … FROM {}", rest(" FROM ")),
        None => sql.to_owned(),
    };
    let mut out = String::new();
    let mut left = in_lists(&words.replace('"', ""));
    while let Some((before, after)) = left.split_once(" IN (") {
        let end = after
            .find(" AND ")
            .or_else(|| after.find(" ORDER "))
            .unwrap_or(after.len());
        out.push_str(before);
        out.push_str(" IN (…)");
        left = after[end..].to_owned();
    }
    out.push_str(&left);
    out
}

/// A statement and those that stand in its `WITH`, in the order in which they take effect.
fn together(sql: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut left = sql;
    while let Some((_, inside)) = left
        .strip_prefix("WITH w")
        .or_else(|| left.strip_prefix(", w"))
        .and_then(|rest| rest.split_once(" AS ("))
    {
        let mut depth = 1;
        let end = inside.find(|letter| {
            depth += i32::from(letter == '(') - i32::from(letter == ')');
            depth == 0
        });
        let (part, rest) = inside.split_at(end.unwrap());
        parts.push(part);
        left = &rest[1..];
    }
    parts.push(left.trim_start());
    parts.reverse();
    parts
}

/// The lines of a statement: what goes with it in one round trip is set in.
fn lines(sql: &str) -> String {
    let parts: Vec<String> = together(sql).into_iter().map(short).collect();
    parts.join("\n  + ")
}

struct Book(BTreeMap<String, Vec<String>>);

impl Book {
    /// Keeps the statements of the first time something was done.
    fn note(&mut self, what: String, statements: &[String]) {
        if !statements.is_empty() {
            self.0
                .entry(what)
                .or_insert_with(|| statements.iter().map(|sql| lines(sql)).collect());
        }
    }

    fn text(&self) -> String {
        let mut text =
            String::from("# What each command sends to the database, when it runs alone.\n");
        for (what, statements) in &self.0 {
            writeln!(text, "\n## {what}").unwrap();
            for statement in statements {
                writeln!(text, "{statement}").unwrap();
            }
        }
        text
    }
}

/// Runs what is due, one job at a time.
async fn jobs(app: &TestApp, book: &mut Book) {
    let store = &app.app.kit.store;
    let handlers = app.app.handlers();
    loop {
        store.record_statements();
        let leases = store.lease_jobs(app.now(), 1).await.unwrap();
        book.note("taking a job".to_owned(), &store.take_recorded());
        let Some(lease) = leases.first() else { return };
        store.record_statements();
        handlers[lease.kind.as_str()]
            .run(lease, app.now())
            .await
            .unwrap();
        store.finish_job(lease).await.unwrap();
        book.note(format!("job {}", lease.kind), &store.take_recorded());
    }
}

async fn every_endpoint(app: &TestApp, book: &mut Book) {
    let mut fixtures = Fixtures::new(app).await;
    for operation in operations(app) {
        let (method, path) = &operation;
        if *method == Method::GET {
            continue;
        }
        let stage = stage_of(method, path);
        for (_, role) in ROLES {
            app.later(1);
            fixtures.before(app, path).await;
            let who = role.sign_in(app).await;
            let target = fixtures.target(app, &operation, stage, who.as_ref()).await;
            let mut call = Call::new(method.clone(), &target.path);
            call = match target.content {
                Content::Nothing => call,
                Content::Json(body) => call.json(&body),
                Content::File => call.file("材料.png", crate::client::PNG),
                Content::Part => call.part(0, crate::client::PNG),
            };
            call = target.version.into_iter().fold(call, Call::version);
            call = who.iter().fold(call, Call::by);
            app.app.kit.store.record_statements();
            let answer = app.call(call).await;
            let sent = app.app.kit.store.take_recorded();
            if answer.status < 400 {
                book.note(format!("{method} {path}"), &sent);
                fixtures.used(app, path, stage).await;
            }
            // Whoever has no session ends none.
            if answer.status < 400 && !sent.is_empty() {
                break;
            }
        }
    }
}

async fn every_job(app: &TestApp, book: &mut Book) {
    for item in &pack().items {
        for example in item.examples.values() {
            app.execute("DELETE FROM case_open").await;
            let mut story = Story::of(app, item.facts.code.as_str(), example);
            for act in &example.act {
                app.later(60);
                story.perform(act).await;
                jobs(app, book).await;
            }
        }
    }
}

/// What runs when a limit has passed: silence accepts, corrections and answers never came.
async fn limits(app: &TestApp, book: &mut Book) {
    let mut story = Story::named(app, "SB-062", "granted");
    story.submit(false).await.good();
    story.accept("zhoumin").await.good();
    let confirmed = json!({ "electronic_service": false });
    let path = "other-party/confirm";
    story.act("other_party", path, &confirmed).await.good();
    jobs(app, book).await;
    app.at("2026-03-16T10:00:00");
    jobs(app, book).await;
    assert_eq!(app.events("case.other_party_silent").await.len(), 1);
    let mut story = Story::named(app, "SB-084", "granted");
    story.submit(false).await.good();
    jobs(app, book).await;
    app.at("2026-03-26T10:00:00");
    jobs(app, book).await;
    assert_eq!(app.state(&story.case).await, "REVIEWING");
    app.execute("DELETE FROM case_open").await;
    let mut story = Story::named(app, "SB-084", "granted");
    story.submit(false).await.good();
    story
        .act("zhoumin", "correct", &clocks::lines())
        .await
        .good();
    app.at("2026-06-22T10:00:00");
    jobs(app, book).await;
    assert_eq!(app.state(&story.case).await, "LAPSED");
}

/// What colleagues and citizens bring about beside the cases: somebody leaves, somebody rates.
async fn people(app: &TestApp, book: &mut Book) {
    app.execute("DELETE FROM case_open").await;
    let mut story = Story::named(app, "SB-084", "granted");
    story.submit(false).await.good();
    let task = app.task_of("lijuan", &story.case).await;
    let lijuan = app.staff("lijuan").await;
    let claim = Call::post(format!("/tasks/{task}/claim"), &json!({}));
    app.call(claim.by(&lijuan)).await.good();
    app.leaves("lijuan").await;
    jobs(app, book).await;
    story.accept("zhoumin").await.good();
    story.review("linfang", "grant").await.good();
    story.decide("fanghui", "deny").await.good();
    let signed = json!({ "receiver": "王秀兰", "relation": "agent", "receiver_number": "180102197904120020", "authorised": true, "method": "counter", "signed": true });
    story.act("yuanxin", "hand-out", &signed).await.good();
    jobs(app, book).await;
    let rating = json!({ "case_id": story.case, "stars": 5, "labels": [], "anonymous": true });
    let applicant = story.applicant().await;
    let rated = app
        .call(Call::post("/ratings", &rating).by(&applicant))
        .await;
    rated.good();
    jobs(app, book).await;
    app.app.kit.store.events_settled().await.unwrap();
    app.app.kit.store.record_statements();
    insight::catch_up(&app.app.insight).await.unwrap();
    let sent = app.app.kit.store.take_recorded();
    book.note("following the log".to_owned(), &sent);
}

/// A file that waits for the virus scanner, and one of which nothing more comes.
async fn files(app: &TestApp, book: &mut Book) {
    let mut story = Story::named(app, "SB-084", "granted");
    let applicant = story.draft().await;
    story.upload(&applicant, "m2").await.good();
    story
        .begin(&applicant, "m2", crate::client::PNG)
        .await
        .good();
    app.later(kernel::limits::SCAN_AGAIN_SECONDS);
    jobs(app, book).await;
    app.later(kernel::limits::UPLOAD_IDLE_HOURS * 3_600);
    jobs(app, book).await;
}

/// A roster is confirmed, one thrown away, one forgotten.
async fn rosters(app: &TestApp, book: &mut Book) {
    let who = app.agent(AGENT, FIRM).await;
    let confirmed = crate::rosters::sent(app, &who).await;
    jobs(app, book).await;
    crate::rosters::confirmed(app, &who, &confirmed).await;
    jobs(app, book).await;
    let thrown = crate::rosters::sent(app, &who).await;
    jobs(app, book).await;
    let delete = Call::delete(format!("/rosters/{thrown}"));
    app.call(delete.by(&who)).await.good();
    crate::rosters::sent(app, &who).await;
    jobs(app, book).await;
    app.later(31 * 86_400);
    jobs(app, book).await;
}

/// Guesses are counted, whatever becomes of them.
async fn guesses(app: &TestApp, book: &mut Book) {
    for (path, body) in [
        (
            "/progress-queries",
            json!({ "case_no": "180100SB084202603020099", "query_code": "000000" }),
        ),
        (
            "/session/staff",
            json!({ "account": "wanglei", "password": "Wrong-hills-42" }),
        ),
    ] {
        app.app.kit.store.record_statements();
        let answer = app.call(Call::post(path, &body)).await;
        assert!((400..500).contains(&answer.status), "{}", answer.text);
        let sent = app.app.kit.store.take_recorded();
        book.note(format!("POST {path}, a wrong guess"), &sent);
    }
}

/// Every endpoint that writes and every job has its section.
fn is_complete(app: &TestApp, book: &Book) {
    let written = operations(app)
        .into_iter()
        .filter(|(method, _)| *method != Method::GET)
        .map(|(method, path)| format!("{method} {path}"));
    let handlers = app.app.handlers();
    let run = handlers.keys().map(|kind| format!("job {kind}"));
    let without: Vec<String> = written
        .chain(run)
        .filter(|what| !book.0.contains_key(what))
        // Only read: what is sought stands in a body, and a command counts wrong guesses. Nothing
        // is asked of the database to calculate.
        .filter(|what| what != "POST /progress-queries" && !what.ends_with("-searches"))
        .filter(|what| !what.starts_with("POST /calculators/"))
        .collect();
    assert_eq!(without, Vec::<String>::new(), "nothing is known of them");
}

async fn are_as_agreed(kind: Kind, file: &str) {
    let app = TestApp::with_lanes(Database::create(kind).await, 1).await;
    let mut book = Book(BTreeMap::new());
    every_job(&app, &mut book).await;
    every_endpoint(&app, &mut book).await;
    let firm = TestApp::with_lanes(Database::create(kind).await, 1).await;
    rosters(&firm, &mut book).await;
    let later = TestApp::with_lanes(Database::create(kind).await, 1).await;
    limits(&later, &mut book).await;
    people(&later, &mut book).await;
    guesses(&later, &mut book).await;
    let scanner = Arc::new(Moody::silent_first(1));
    let third = TestApp::with_scanner(Database::create(kind).await, scanner).await;
    files(&third, &mut book).await;
    is_complete(&app, &book);
    golden::compare(file, &book.text());
}

#[tokio::test]
async fn on_sqlite_are_as_agreed() {
    Box::pin(are_as_agreed(Kind::Sqlite, "statements.sqlite.txt")).await;
}

#[tokio::test]
async fn on_postgres_are_as_agreed() {
    Box::pin(are_as_agreed(Kind::Postgres, "statements.postgres.txt")).await;
}

#[test]
fn columns_and_placeholders_are_cut_and_nothing_else() {
    let insert =
        "INSERT INTO a (x,y) VALUES (?,?),(?,?) ON CONFLICT (x) DO UPDATE SET y=excluded.y";
    assert_eq!(short(insert), "INSERT INTO a … ON CONFLICT (x) DO UPDATE …");
    assert_eq!(short("INSERT INTO a (x,y) VALUES (?,?)"), "INSERT INTO a …");
    let select = "SELECT \"a\".\"x\" FROM \"a\" WHERE \"a\".\"x\" IN (?, ?) AND \"a\".\"y\" IN ($1) ORDER BY \"a\".\"x\" ASC FOR UPDATE";
    assert_eq!(
        short(select),
        "SELECT … FROM a WHERE a.x IN (…) AND a.y IN (…) ORDER BY a.x ASC FOR UPDATE"
    );
    assert_eq!(
        short("DELETE FROM \"a\" WHERE \"a\".\"x\" IN (?)"),
        "DELETE FROM a WHERE a.x IN (…)"
    );
}

#[test]
fn statements_of_one_round_trip_stand_in_their_order() {
    let sql = "WITH w2 AS (DELETE FROM c WHERE (x, y) IN (($1, $2))), w1 AS (INSERT INTO b (x) SELECT x FROM f($3)) INSERT INTO a (x) SELECT x FROM f($4)";
    assert_eq!(
        lines(sql),
        "INSERT INTO a …\n  + INSERT INTO b …\n  + DELETE FROM c WHERE (x, y) IN (…)"
    );
    assert_eq!(
        together("WITH next AS (SELECT 1) UPDATE job"),
        ["WITH next AS (SELECT 1) UPDATE job"]
    );
}
