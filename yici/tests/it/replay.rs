//! Whatever happened, the events of a case make the case that is stored, and what lists show of it.

use std::collections::{BTreeMap, BTreeSet};

use casework::{
    case::{Case, Task},
    clock::ClockKind,
    event::Recorded,
    separation,
    state::State,
};
use flow::Stage;
use kernel::{
    DivisionCode, Event, Timestamp,
    ids::{CaseId, Id as _},
    item::{CaseKind, ItemFacts},
};
use sea_orm::{ConnectionTrait as _, QueryResult, Statement};
use serde_json::{Value, json};
use store::Store;
use uuid::Uuid;

use crate::harness::pack;

/// A case as its events tell it, and since when it is what lists ask for.
struct Told {
    case: Case,
    updated: Timestamp,
    ready: Option<Timestamp>,
    closed: Option<Timestamp>,
}

impl Told {
    fn by(id: CaseId, bureau: DivisionCode, events: &[Event]) -> Self {
        let recorded = |event: &Event| (Recorded::from_body(&event.body).unwrap(), event.at);
        let (first, rest) = events.split_first().unwrap();
        let case = Case::replay(id, bureau, [recorded(first)]).unwrap();
        let mut told = Self {
            case: case.unwrap(),
            updated: first.at,
            ready: None,
            closed: None,
        };
        for event in rest {
            told.case.apply(&recorded(event).0, event.at).unwrap();
            told.updated = event.at;
            told.ready = since(told.ready, is_ready(&told.case), event.at);
            told.closed = since(told.closed, told.case.state.is_closed(), event.at);
        }
        told
    }

    /// The columns of its row in `case_file`.
    fn columns(&self) -> Value {
        let case = &self.case;
        json!({
            "state": case.state.as_str(),
            "number": case.number,
            "item": case.opening.item,
            "edition": case.opening.edition,
            "name": case.opening.name,
            "person": case.opening.person.uuid(),
            "employer": case.opening.employer.map(kernel::ids::Id::uuid),
            "org": case.opening.org.to_string(),
            "channel": case.opening.channel,
            "hall": case.opening.hall,
            "received": case.received_at.map(Timestamp::as_micros),
            "other_party": case.other.as_ref().map(|other| other.party.uuid()),
            "to_serve": case.to_serve().map(|paper| paper.since.as_micros()),
            "expected": case.expected().map(|clock| clock.due_on),
            "accepted": case.accepted_on,
            "decided": case.decided_at.map(Timestamp::day),
            "closed_on": self.closed.map(Timestamp::day),
            "delivered": case.delivered_at.map(Timestamp::day),
            "marks": marks(case),
            "presses": presses(case),
            "provisional": case.expected().is_some_and(|clock| clock.provisional),
            "ready": self.ready.map(Timestamp::as_micros),
            "closed": self.closed.map(Timestamp::as_micros),
            "updated": self.updated.as_micros(),
        })
    }
}

/// The case that its events tell.
pub(crate) fn told(events: &[Event]) -> Case {
    let first = events.first().unwrap();
    Told::by(CaseId::from_uuid(first.id), first.bureau, events).case
}

fn since(earlier: Option<Timestamp>, holds: bool, at: Timestamp) -> Option<Timestamp> {
    holds.then(|| earlier.unwrap_or(at))
}

/// The day that presses while it is open; none does while it waits for the applicant.
fn presses(case: &Case) -> Option<String> {
    if case.received_at.is_none() || case.state.is_closed() {
        return None;
    }
    let clock = match case.accepted_on {
        _ if case.state.needs_applicant() => None,
        None => case.running(ClockKind::Acceptance),
        Some(_) => case.expected(),
    };
    Some(clock.map_or_else(|| "9999-12-31".to_owned(), |clock| clock.due_on.to_string()))
}

/// What figures count of it: in time, within the law, at most one visit, instant, corrected.
fn marks(case: &Case) -> [Option<bool>; 5] {
    let decision = case.decision.as_ref();
    let law = case.decided_at.zip(case.last(ClockKind::Statutory));
    [
        decision.map(|decision| decision.on_time),
        law.map(|(at, clock)| at.day() <= clock.due_on),
        case.delivered_at.map(|_| case.visits <= 1),
        Some(case.opening.kind == CaseKind::Instant),
        decision.map(|decision| decision.corrected),
    ]
}

/// Whether its result waits to be handed out.
fn is_ready(case: &Case) -> bool {
    let may = matches!(case.state, State::Ready | State::Denied | State::Making);
    may && case.task_at(Stage::HandOut).is_some()
}

fn facts(case: &Case) -> &'static ItemFacts {
    let mut items = pack().items.iter();
    let item = items.find(|item| item.facts.code == case.opening.item);
    &item.unwrap().facts
}

/// The columns of the row of an open task in `case_task`.
fn columns_of(case: &Case, task: &Task) -> Value {
    let pressing: &[ClockKind] = match task.opened.stage {
        Stage::Intake => &[
            ClockKind::PreReview,
            ClockKind::Acceptance,
            ClockKind::Correction,
        ],
        Stage::Make | Stage::HandOut => &[ClockKind::Delivery],
        _ => &[ClockKind::Promised, ClockKind::Statutory],
    };
    let due = pressing.iter().find_map(|kind| case.running(*kind));
    let mut barred = BTreeMap::new();
    for (staff, code) in separation::barred(case, facts(case).counted_risk(), task) {
        barred.entry(staff.to_string()).or_insert(code.id);
        if let Some(person) = case.people.get(&staff) {
            barred.entry(person.to_string()).or_insert(code.id);
        }
    }
    let open_rule = case.assessed.as_ref().filter(|(said, _)| said == "review");
    json!({
        "number": case.number,
        "item": case.opening.item,
        "name": case.opening.name,
        "channel": case.opening.channel,
        "stage": task.opened.stage.as_str(),
        "permission": task.opened.permission,
        "org": task.opened.task_org.to_string(),
        "holder": task.holder.map(kernel::ids::Id::uuid),
        "waiting": task.opened.stage == Stage::Intake && case.state.needs_applicant(),
        "due": due.map_or_else(|| "9999-12-31".to_owned(), |clock| clock.due_on.to_string()),
        "provisional": due.is_some_and(|clock| clock.provisional),
        "promised_from": due.map(|clock| clock.start),
        "received": case.received_at.map(Timestamp::as_micros),
        "opened": task.opened_at.as_micros(),
        "party": case.opening.person.uuid(),
        "employer": case.opening.employer.map(kernel::ids::Id::uuid),
        "other_party": case.other.as_ref().map(|other| other.party.uuid()),
        "barred": barred,
        "note": open_rule.map_or("", |(_, rule)| rule.as_str()),
        "version": case.version,
    })
}

async fn rows(store: &Store, sql: &str) -> Vec<QueryResult> {
    let read = store.read();
    let statement = Statement::from_string(read.get_database_backend(), sql);
    read.query_all_raw(statement).await.unwrap()
}

/// A column of a row, as what it is.
fn get<T: sea_orm::TryGetable>(row: &QueryResult, column: &str) -> T {
    row.try_get("", column).unwrap()
}

fn stored(row: &QueryResult) -> Value {
    let text = |column| get::<Option<String>>(row, column);
    let number = |column| get::<Option<i64>>(row, column);
    let marks = ["on_time", "within_law", "one_visit", "instant", "corrected"];
    let marks = marks.map(|mark| get::<Option<bool>>(row, mark));
    json!({
        "state": text("state"),
        "number": text("number"),
        "item": text("item"),
        "edition": get::<i32>(row, "edition"),
        "name": { "zh": text("name_zh"), "en": text("name_en") },
        "person": get::<Uuid>(row, "person_id"),
        "employer": get::<Option<Uuid>>(row, "employer_id"),
        "org": text("org"),
        "channel": text("channel"),
        "hall": text("hall"),
        "received": number("received_us"),
        "other_party": get::<Option<Uuid>>(row, "other_party"),
        "to_serve": number("serve_us"),
        "expected": text("expected_on"),
        "accepted": text("accepted_on"),
        "decided": text("decided_on"),
        "closed_on": text("closed_on"),
        "delivered": text("delivered_on"),
        "marks": marks,
        "presses": text("due_on"),
        "provisional": get::<bool>(row, "provisional"),
        "ready": number("ready_us"),
        "closed": number("closed_us"),
        "updated": number("updated_us"),
    })
}

fn stored_task(row: &QueryResult) -> Value {
    let text = |column| get::<Option<String>>(row, column);
    let number = |column| get::<i64>(row, column);
    let barred: Value = serde_json::from_str(&get::<String>(row, "barred")).unwrap();
    json!({
        "number": text("case_number"),
        "item": text("item"),
        "name": { "zh": text("name_zh"), "en": text("name_en") },
        "channel": text("channel"),
        "stage": text("stage"),
        "permission": text("permission"),
        "org": text("org"),
        "holder": get::<Option<Uuid>>(row, "holder"),
        "waiting": get::<bool>(row, "waiting"),
        "due": text("due_on"),
        "provisional": get::<bool>(row, "provisional"),
        "promised_from": text("promised_from"),
        "received": number("received_us"),
        "opened": number("opened_us"),
        "party": get::<Uuid>(row, "party"),
        "employer": get::<Option<Uuid>>(row, "employer"),
        "other_party": get::<Option<Uuid>>(row, "other_party"),
        "barred": barred,
        "note": text("note"),
        "version": number("version"),
    })
}

/// Folds the events of every case and compares with all rows that lists read; tells how many cases
/// there were.
pub(crate) async fn replays(store: &Store) -> usize {
    let mut open_tasks: BTreeMap<Uuid, Value> = BTreeMap::new();
    for row in rows(store, "SELECT * FROM case_task").await {
        open_tasks.insert(get(&row, "task_id"), stored_task(&row));
    }
    let mut open_places = BTreeSet::new();
    let files = rows(store, "SELECT * FROM case_file").await;
    for file in &files {
        let bureau: DivisionCode = get::<String>(file, "bureau").parse().unwrap();
        let id: Uuid = get(file, "case_id");
        let version: i64 = get(file, "version");
        let events = store.history(bureau, id).await.unwrap();
        let numbers: Vec<i64> = events.iter().map(|event| event.seq).collect();
        assert_eq!(numbers, (1..=version).collect::<Vec<_>>(), "events of {id}");
        let told = Told::by(CaseId::from_uuid(id), bureau, &events);
        let body: Value = serde_json::from_str(&get::<String>(file, "body")).unwrap();
        assert_eq!(
            serde_json::to_value(&told.case).unwrap(),
            body,
            "fold of {id}"
        );
        assert_eq!(told.columns(), stored(file), "columns of {id}");
        for task in &told.case.tasks {
            let row = open_tasks.remove(&task.opened.task_id.uuid());
            assert_eq!(Some(columns_of(&told.case, task)), row, "a task of {id}");
        }
        let case = &told.case;
        if facts(case).one_open_case && case.number.is_some() && !case.state.is_closed() {
            let owner = case.opening.employer.map(kernel::ids::Id::uuid);
            let owner = owner.unwrap_or_else(|| case.opening.person.uuid());
            open_places.insert((owner, case.opening.item.to_string(), id));
        }
    }
    assert_eq!(open_tasks, BTreeMap::new(), "tasks without a case");
    // Some tests clear places away, to have several cases of one applicant; none is there too many.
    for row in rows(store, "SELECT * FROM case_open").await {
        let place = (
            get(&row, "owner_id"),
            get(&row, "item"),
            get(&row, "case_id"),
        );
        assert!(open_places.remove(&place), "{place:?} is taken by nobody");
    }
    versions_count_events(store).await;
    files.len()
}

/// The version of everything else that has one is the number of its events.
async fn versions_count_events(store: &Store) {
    for (table, stream) in [
        ("person", "person"),
        ("staff", "staff"),
        ("session", "session"),
    ] {
        let sql = format!(
            "SELECT stream_id, MAX(seq) AS last, COUNT(*) AS number FROM event \
             WHERE stream = '{stream}' GROUP BY stream_id"
        );
        let mut events: BTreeMap<Uuid, (i64, i64)> = BTreeMap::new();
        for row in rows(store, &sql).await {
            events.insert(
                get(&row, "stream_id"),
                (get(&row, "last"), get(&row, "number")),
            );
        }
        let sql = format!("SELECT {stream}_id AS id, version FROM {table}");
        for row in rows(store, &sql).await {
            let (id, version): (Uuid, i64) = (get(&row, "id"), get(&row, "version"));
            let told = events.get(&id).copied().unwrap_or_default();
            assert_eq!(told, (version, version), "events of {stream} {id}");
        }
    }
}

/// Every case that keeps its applicant from opening another one does so.
pub(crate) async fn places_are_taken(store: &Store) {
    let waiting = "SELECT COUNT(*) AS number FROM case_file \
        WHERE number IS NOT NULL AND closed_us IS NULL";
    let taken = "SELECT COUNT(*) AS number FROM case_open";
    let count = async |sql| get::<i64>(&rows(store, sql).await[0], "number");
    assert_eq!(count(taken).await, count(waiting).await);
}
