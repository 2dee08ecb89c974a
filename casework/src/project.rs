//! From a case to the rows that lists read. Pure.

use std::collections::BTreeMap;

use flow::Stage;
use kernel::{
    AppError, Timestamp,
    error::Broken,
    ids::Id as _,
    item::{CaseKind, Risk},
};
use serde::Serialize;
use store::{Work, key};
use uuid::Uuid;

use crate::{
    case::{Case, Channel, Task},
    clock::ClockKind,
    model::Model,
    separation,
    state::State,
    store::{NO_LIMIT, file, task},
};

/// The word under which an enum stands in a text column.
pub(crate) fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(ToOwned::to_owned))
        .unwrap_or_default()
}

/// Whose case it is: the enterprise, or the person.
pub(crate) fn owner(case: &Case) -> Uuid {
    case.opening
        .employer
        .map_or_else(|| case.opening.person.uuid(), kernel::ids::Id::uuid)
}

/// The row of the case itself; what is fixed at the start is kept from `row`.
pub(crate) fn file(case: &Case, row: file::Model, now: Timestamp) -> Result<file::Model, AppError> {
    let body = serde_json::to_string(case).map_err(|fault| Broken::caused("a case", fault))?;
    let expected = case.expected();
    let ready = Some(case)
        .filter(|case| matches!(case.state, State::Ready | State::Denied | State::Making))
        .and_then(|case| case.task_at(Stage::HandOut));
    let closed = case.state.is_closed();
    Ok(file::Model {
        version: case.version,
        edition: case.opening.edition,
        name_zh: case.opening.name.zh.clone(),
        name_en: case.opening.name.en.clone(),
        org: case.opening.org.to_string(),
        state: case.state.as_str().to_owned(),
        number: case.number.clone(),
        received_us: case.received_at.map(Timestamp::as_micros),
        expected_on: expected.map(|clock| clock.due_on.to_string()),
        provisional: expected.is_some_and(|clock| clock.provisional),
        calendar: case
            .clocks
            .iter()
            .filter(|clock| clock.runs())
            .map(|clock| clock.calendar)
            .min(),
        ready_us: ready.map(|_| row.ready_us.unwrap_or(now.as_micros())),
        ready_org: ready.map(|task| task.opened.task_org.to_string()),
        other_party: case.other.as_ref().map(|other| other.party.uuid()),
        serve_us: case.to_serve().map(|paper| paper.since.as_micros()),
        serve_org: case
            .to_serve()
            .and_then(|_| case.serving_org())
            .map(|org| org.to_string()),
        stuck_us: case.incident().map(|token| token.since.as_micros()),
        closed_on: closed.then(|| {
            row.closed_on
                .clone()
                .unwrap_or_else(|| now.day().to_string())
        }),
        due_on: due_on(case),
        opened_by: case.filled_in_by().map(kernel::ids::Id::uuid),
        closed_us: if closed {
            row.closed_us.or(Some(now.as_micros()))
        } else {
            None
        },
        updated_us: now.as_micros(),
        body,
        ..counted(case, row)
    })
}

/// The row with what figures count of the case.
fn counted(case: &Case, row: file::Model) -> file::Model {
    let day = |at: Option<Timestamp>| at.map(|at| at.day().to_string());
    let decision = case.decision.as_ref();
    let law = case.decided_at.zip(case.last(ClockKind::Statutory));
    file::Model {
        accepted_on: case.accepted_on.map(|day| day.to_string()),
        decided_on: day(case.decided_at),
        delivered_on: day(case.delivered_at),
        on_time: decision.map(|decision| decision.on_time),
        within_law: law.map(|(at, clock)| !clock.is_overdue(at)),
        one_visit: case.delivered_at.map(|_| case.visits <= 1),
        instant: Some(case.opening.kind == CaseKind::Instant),
        corrected: decision.map(|decision| decision.corrected),
        ..row
    }
}

/// The day that presses, while the case is received and not closed: of acceptance before it, then that
/// of the result. While it waits for its applicant none does.
fn due_on(case: &Case) -> Option<String> {
    if case.received_at.is_none() || case.state.is_closed() {
        return None;
    }
    let presses = match case.accepted_on {
        _ if case.state.needs_applicant() => None,
        None => case.running(ClockKind::Acceptance),
        Some(_) => case.expected(),
    };
    Some(presses.map_or_else(|| NO_LIMIT.to_owned(), |clock| clock.due_on.to_string()))
}

/// Brings the inbox rows of a case in line with its open tasks.
pub(crate) fn tasks(
    before: &Case,
    after: &Case,
    row: &file::Model,
    model: &Model,
    now: Timestamp,
    work: &mut Work<'_>,
) -> Result<(), AppError> {
    for gone in before
        .tasks
        .iter()
        .filter(|task| after.task(task.opened.task_id).is_none())
    {
        work.remove::<task::Model>(key!(after.bureau, gone.opened.task_id.uuid()));
    }
    let risk = model.edition.facts.counted_risk();
    for open in &after.tasks {
        work.put(task_row(after, open, row, risk, now))?;
    }
    Ok(())
}

fn task_row(
    case: &Case,
    open: &Task,
    row: &file::Model,
    risk: Risk,
    now: Timestamp,
) -> task::Model {
    let opened = &open.opened;
    let due = due_clock(case, opened.stage);
    let channel = match case.opening.channel {
        Channel::Online => "online",
        Channel::Window => "window",
    };
    task::Model {
        bureau: case.bureau.to_string(),
        task_id: opened.task_id.uuid(),
        case_id: case.id.uuid(),
        case_number: case.number.clone().unwrap_or_default(),
        item: case.opening.item.to_string(),
        name_zh: case.opening.name.zh.clone(),
        name_en: case.opening.name.en.clone(),
        applicant_masked: row.applicant_masked.clone(),
        number_tail: row.number_tail.clone(),
        channel: channel.to_owned(),
        stage: opened.stage.as_str().to_owned(),
        permission: opened.permission.clone(),
        org: opened.task_org.to_string(),
        holder: open.holder.map(kernel::ids::Id::uuid),
        waiting: opened.stage == Stage::Intake && case.state.needs_applicant(),
        // No limit sorts after every limit.
        due_on: due.map_or_else(|| NO_LIMIT.to_owned(), |clock| clock.due_on.to_string()),
        provisional: due.is_some_and(|clock| clock.provisional),
        promised_from: due.map(|clock| clock.start.to_string()),
        received_us: case.received_at.unwrap_or(now).as_micros(),
        opened_us: open.opened_at.as_micros(),
        party: case.opening.person.uuid(),
        employer: case.opening.employer.map(kernel::ids::Id::uuid),
        other_party: case.other.as_ref().map(|other| other.party.uuid()),
        barred: barred(case, open, risk),
        note: case
            .assessed
            .as_ref()
            .filter(|(o, _)| o == "review")
            .map_or(String::new(), |(_, rule)| rule.clone()),
        version: case.version,
    }
}

/// The clock that presses a stage.
fn due_clock(case: &Case, stage: Stage) -> Option<&crate::clock::DueClock> {
    let first = |kinds: &[ClockKind]| kinds.iter().find_map(|kind| case.running(*kind));
    match stage {
        Stage::Intake => first(&[
            ClockKind::PreReview,
            ClockKind::Acceptance,
            ClockKind::Correction,
        ]),
        Stage::Make | Stage::HandOut => first(&[ClockKind::Delivery]),
        _ => first(&[ClockKind::Promised, ClockKind::Statutory]),
    }
}

/// Who may not do a task whatever his posts, and why: codes by the ids of accounts and persons, as
/// JSON. It is what [`crate::separation`] says, kept on the row so that the inbox asks nobody.
fn barred(case: &Case, open: &Task, risk: Risk) -> String {
    let mut codes: BTreeMap<String, &str> = BTreeMap::new();
    for (staff, code) in separation::barred(case, risk, open) {
        codes.entry(staff.to_string()).or_insert(code.id);
        if let Some(person) = case.people.get(&staff) {
            codes.entry(person.to_string()).or_insert(code.id);
        }
    }
    serde_json::to_string(&codes).unwrap_or_default()
}
