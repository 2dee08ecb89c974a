//! 制证 (T18): the certificate is made.

use axum::extract::State as Context;
use flow::Stage;
use httpkit::{Act as Write, Authorised, Params, Refusals, Reply, Versioned};
use kernel::{AppError, Caller, caller::CanDeliver, ids::CaseId};
use serde_json::json;

use crate::{
    apply::insist::Nothing,
    change::Change,
    command::{Act, Acted},
    desk::Casework,
    event::CaseEvent,
    perform::Asked,
    state::State,
};

/// Records that the certificate is made.
#[utoipa::path(post, path = "/cases/{case_id}/make", tag = "work", request_body = Nothing,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn make_certificate(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanDeliver>,
    Params(id): Params<CaseId>,
    write: Write<Nothing>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::over_http(&write)?;
    let done = make(&desk, &caller, id, &asked);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Records that the certificate is made.
///
/// # Errors
/// `E1201` when none is to be made.
pub async fn make(
    desk: &Casework,
    caller: &Caller<CanDeliver>,
    id: CaseId,
    asked: &Asked,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    desk.perform(caller, asked, &seen, Make, None).await
}

pub(crate) struct Make;

impl Act for Make {
    const NAME: &'static str = "case.make";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        change.expect_state(&[State::Making])?;
        let task = change.held_task(Stage::Make)?;
        change.emit(CaseEvent::Made {
            task_id: task.opened.task_id,
            performer: change.acting()?.staff,
        })?;
        change.finish(&task, json!({ "made": true }))
    }
}
