//! 坚持提交: after a pre-return the applicant may insist. The case is received with the date of its
//! submission: pre-review stopped no clock.

use axum::extract::State as Context;
use httpkit::{Act as Write, Authorised, Params, Refusals, Reply, Versioned};
use kernel::{AppError, Caller, caller::CanApply, ids::CaseId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::other::find_other_if_silent;
use crate::{
    change::Change,
    command::{Act, Acted},
    desk::Casework,
    event::{AcceptMode, CaseEvent, NoticeKind},
    perform::Asked,
    state::State,
};

/// Nothing more to say.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Insists on the application as it is.
#[utoipa::path(post, path = "/cases/{case_id}/insist", tag = "cases", request_body = Nothing,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn insist_case(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Params(id): Params<CaseId>,
    write: Write<Nothing>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::over_http(&write)?;
    let done = insist(&desk, &caller, id, &asked);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Insists on the application as it is.
///
/// # Errors
/// `E1201` when nothing was returned.
pub async fn insist(
    desk: &Casework,
    caller: &Caller<CanApply>,
    id: CaseId,
    asked: &Asked,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    let data = desk.form_of(&seen).await?;
    let mut assessment = desk.assess(&seen, &data)?;
    let form = data.whole(&seen.model);
    assessment.other = find_other_if_silent(desk, caller.principal(), &seen, &form).await?;
    desk.perform(caller, asked, &seen, Insist, Some(assessment))
        .await
}

pub(crate) struct Insist;

impl Act for Insist {
    const NAME: &'static str = "case.insist";
    const NOTICES: &'static [NoticeKind] = &[NoticeKind::AcceptNotice, NoticeKind::Grant];

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        change.expect_state(&[State::PreReturned])?;
        change.emit(CaseEvent::Insisted)?;
        // The time to accept ran on: if it has passed meanwhile, silence has accepted.
        if change.is_silent() {
            return change.accept(AcceptMode::Deemed);
        }
        Ok(())
    }
}
