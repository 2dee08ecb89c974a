//! Giving a task to somebody else, and handing over all tasks of somebody who leaves.

use std::collections::BTreeSet;

use axum::extract::State as Context;
use httpkit::{Act as Write, Authorised, Faults, Params, Refusals, Reply, Rows, Versioned};
use kernel::{
    AppError, Caller, Refusal,
    caller::CanSupervise,
    codes,
    ids::{Id as _, PersonId, StaffId, TaskId},
    limits::TEXT_CHARS_MAX,
    ports::StaffCard,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::claim::seen_task;
use crate::{
    case::Task,
    change::Change,
    command::{Act, Acted},
    desk::{Casework, Seen},
    event::CaseEvent,
    perform::Asked,
    separation::{self, Performer},
    store::lists,
};

/// To whom, and why.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reassign {
    /// Who gets the task.
    pub to: StaffId,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// Somebody who could take a task.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Candidate {
    /// Who.
    pub staff_id: StaffId,
    /// Name among colleagues.
    pub name: String,
    /// Tasks he holds now.
    pub open_tasks: u64,
}

/// Gives a task to somebody else.
#[utoipa::path(post, path = "/tasks/{task_id}/reassign", tag = "tasks", request_body = Reassign,
    params(("task_id" = TaskId, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn reassign_task(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanSupervise>,
    Params(id): Params<TaskId>,
    write: Write<Reassign>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::unversioned(&write);
    let done = reassign(&desk, &caller, id, &asked, write.body);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Gives a task to somebody else.
///
/// # Errors
/// `E1223` when he is absent, lacks the post, or must withdraw.
pub async fn reassign(
    desk: &Casework,
    caller: &Caller<CanSupervise>,
    id: TaskId,
    asked: &Asked,
    wanted: Reassign,
) -> Result<Acted, AppError> {
    let seen = seen_task(desk, caller, id).await?;
    let task = supervised(caller, &seen, id)?;
    let mut faults = Faults::default();
    let reason = faults.optional("/reason", &wanted.reason, TEXT_CHARS_MAX);
    faults.done()?;
    let able = able(desk, &seen, task).await?;
    let to = able.iter().find(|card| card.id == wanted.to);
    let to = to.ok_or_else(|| Refusal::new(&codes::E1223))?;
    let words = if reason.is_empty() {
        json!(null)
    } else {
        json!({ "reason": reason })
    };
    let act = Give {
        task: id,
        to: seen.performer(to.id, to.person),
        words: desk.seal_words(&seen, &words)?,
    };
    desk.perform(caller, asked, &seen, act, None).await
}

/// The task, if the caller supervises where it is done.
fn supervised<'a>(
    caller: &Caller<CanSupervise>,
    seen: &'a Seen,
    id: TaskId,
) -> Result<&'a Task, AppError> {
    let task = seen.case.task(id);
    let task = task.ok_or_else(|| AppError::refused(&codes::E1012))?;
    if caller.staff()?.may("case.supervise", &task.opened.task_org) {
        Ok(task)
    } else {
        Err(AppError::refused(&codes::E1102))
    }
}

/// Colleagues who could take a task, with what they have already.
#[utoipa::path(get, path = "/tasks/{task_id}/candidates", tag = "tasks",
    params(("task_id" = TaskId, Path)),
    responses((status = 200, body = Rows<Candidate>), Refusals))]
pub(crate) async fn list_candidates(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanSupervise>,
    Params(id): Params<TaskId>,
) -> Reply<Rows<Candidate>> {
    let seen = seen_task(&desk, &caller, id).await?;
    let task = supervised(&caller, &seen, id)?;
    let able = able(&desk, &seen, task).await?;
    let load = lists::tasks_held(&desk.kit.store, seen.case.bureau).await?;
    let rows = able.into_iter().map(|card| Candidate {
        open_tasks: load.get(&card.id.uuid()).copied().unwrap_or(0),
        staff_id: card.id,
        name: card.name,
    });
    let mut rows: Vec<Candidate> = rows.collect();
    rows.sort_by_key(|candidate| candidate.open_tasks);
    Ok(Rows::all(rows))
}

/// Present colleagues with the post who need not withdraw.
pub(crate) async fn able(
    desk: &Casework,
    seen: &Seen,
    task: &Task,
) -> Result<Vec<StaffCard>, AppError> {
    let parties = &desk.parts.parties;
    let (bureau, permission) = (seen.case.bureau, &task.opened.permission);
    let holders = parties.holders(bureau, permission).await?;
    let agents = desk.agents_of(&seen.case).await?;
    Ok(fitting(&holders, &agents, seen, task).cloned().collect())
}

/// Those of the holders of a permission who are present and need not withdraw.
pub(crate) fn fitting<'a>(
    holders: &'a [StaffCard],
    agents: &'a BTreeSet<PersonId>,
    seen: &'a Seen,
    task: &'a Task,
) -> impl Iterator<Item = &'a StaffCard> {
    let risk = seen.model.edition.facts.counted_risk();
    let fits = move |card: &&StaffCard| {
        let granted = card.grants.iter().any(|grant| {
            grant.permission == task.opened.permission && grant.org.contains(&task.opened.task_org)
        });
        let who = Performer {
            staff: card.id,
            person: card.person,
            agent: card.person.is_some_and(|person| agents.contains(&person)),
        };
        card.present && granted && separation::objection(&seen.case, risk, task, who).is_none()
    };
    holders.iter().filter(fits)
}

/// Puts a task into somebody's hands.
pub(crate) struct Give {
    pub task: TaskId,
    pub to: Performer,
    pub words: Option<Vec<u8>>,
}

impl Act for Give {
    const NAME: &'static str = "task.reassign";
    const HANDLES: bool = false;

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        let task = change.case.task(self.task);
        let task = task.ok_or_else(|| AppError::refused(&codes::E1012))?;
        // What was true of him a moment ago may have changed with the case.
        if separation::objection(&change.case, change.risk(), task, self.to).is_some() {
            return Err(Refusal::new(&codes::E1223).into());
        }
        let text_id = change.keep_text("reassign_reason", self.words.clone());
        change.emit(CaseEvent::TaskReassigned {
            task_id: self.task,
            holder: self.to.staff,
            text_id,
        })
    }
}
