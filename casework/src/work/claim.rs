//! Claiming a task and giving it back. Who holds a task is seen by everybody.

use axum::extract::State as Context;
use httpkit::{Act as Write, Authorised, Params, Refusals, Reply, Versioned};
use kernel::{
    AppError, Caller,
    caller::{IsStaff, Permission},
    codes,
    ids::TaskId,
};

use crate::{
    apply::insist::Nothing,
    change::Change,
    command::{Act, Acted},
    desk::{Casework, Seen},
    event::CaseEvent,
    perform::Asked,
    store as rows,
};

/// Claims a task.
#[utoipa::path(post, path = "/tasks/{task_id}/claim", tag = "tasks", request_body = Nothing,
    params(("task_id" = TaskId, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn claim_task(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<IsStaff>,
    Params(id): Params<TaskId>,
    write: Write<Nothing>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::unversioned(&write);
    let done = claim(&desk, &caller, id, &asked);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Claims a task.
///
/// # Errors
/// `E1210` when a colleague holds it, `E1102` outside his organisations, or what separation says.
pub async fn claim<P: Permission>(
    desk: &Casework,
    caller: &Caller<P>,
    id: TaskId,
    asked: &Asked,
) -> Result<Acted, AppError> {
    let seen = seen_task(desk, caller, id).await?;
    desk.perform(caller, asked, &seen, Claim(id), None).await
}

/// The case of an open task of the caller's agency.
pub(crate) async fn seen_task<P>(
    desk: &Casework,
    caller: &Caller<P>,
    id: TaskId,
) -> Result<Seen, AppError> {
    let staff = caller.staff()?;
    let task = rows::find_task(&desk.kit.store, staff.bureau, id).await?;
    let case = kernel::ids::Id::from_uuid(task.case_id);
    let file = rows::find_in(&desk.kit.store, staff.bureau, case).await?;
    desk.opened_by(staff, file).await
}

pub(crate) struct Claim(pub TaskId);

impl Act for Claim {
    const NAME: &'static str = "task.claim";
    const HANDLES: bool = false;

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        let task = change
            .case
            .task(self.0)
            .cloned()
            .ok_or_else(|| AppError::refused(&codes::E1012))?;
        change.claimable(&task)?;
        let holder = change.acting()?.staff;
        if task.holder == Some(holder) {
            return Ok(());
        }
        change.emit(CaseEvent::TaskClaimed {
            task_id: self.0,
            holder,
        })
    }
}

/// Gives a task back.
#[utoipa::path(post, path = "/tasks/{task_id}/release", tag = "tasks", request_body = Nothing,
    params(("task_id" = TaskId, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn release_task(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<IsStaff>,
    Params(id): Params<TaskId>,
    write: Write<Nothing>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::unversioned(&write);
    let done = release(&desk, &caller, id, &asked);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

async fn release(
    desk: &Casework,
    caller: &Caller<IsStaff>,
    id: TaskId,
    asked: &Asked,
) -> Result<Acted, AppError> {
    let seen = seen_task(desk, caller, id).await?;
    desk.perform(caller, asked, &seen, Release(id), None).await
}

pub(crate) struct Release(pub TaskId);

impl Act for Release {
    const NAME: &'static str = "task.release";
    const HANDLES: bool = false;

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        let holder = change.case.task(self.0).map(|task| task.holder);
        let who = change.acting()?.staff;
        match holder {
            None => Err(AppError::refused(&codes::E1012)),
            Some(holder) if holder != Some(who) => Err(AppError::refused(&codes::E1211)),
            Some(_) => change.emit(CaseEvent::TaskReleased { task_id: self.0 }),
        }
    }
}
