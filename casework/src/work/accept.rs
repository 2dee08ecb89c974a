//! 受理 (T6, T9): the set is complete and in legal form.

use axum::extract::State as Context;
use flow::Stage;
use httpkit::{Act as Write, Authorised, Params, Refusals, Reply, Versioned};
use kernel::{AppError, Caller, caller::CanAccept, ids::CaseId, item::Words};

use super::pre_review::pass;
use crate::{
    apply::{
        insist::Nothing,
        open::{applicant_of, ask},
        other::{find_other, find_other_if_silent},
        submit::expect_complete,
    },
    change::Change,
    command::{Act, Acted},
    desk::Casework,
    event::{AcceptMode, NoticeKind},
    perform::Asked,
    state::State,
};

/// Accepts an application.
#[utoipa::path(post, path = "/cases/{case_id}/accept", tag = "work", request_body = Nothing,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn accept_case(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanAccept>,
    Params(id): Params<CaseId>,
    write: Write<Nothing>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::over_http(&write)?;
    let done = accept(&desk, &caller, id, &asked);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Accepts an application. One that was submitted on line passes pre-review with it; one whose time
/// has passed is accepted as silence accepted it.
///
/// # Errors
/// `E1212` when required papers are missing, `E1201` when it is not waiting for acceptance, `E1241`
/// when the other party cannot be found.
pub async fn accept(
    desk: &Casework,
    caller: &Caller<CanAccept>,
    id: CaseId,
    asked: &Asked,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    let applicant = applicant_of(desk, &seen.case).await?;
    let data = ask(desk, &seen.model, &applicant, desk.form_of(&seen).await?).await?;
    let form = data.whole(&seen.model);
    let supplied: Vec<String> = seen
        .case
        .files
        .iter()
        .map(|file| file.slot.clone())
        .collect();
    let missing: Vec<Words> = seen
        .model
        .missing(&form, &data.registers, &supplied, &seen.case.promises)
        .map(|material| material.name.clone())
        .collect();
    let by = caller.principal();
    let mut assessment = desk.assess(&seen, &data)?;
    assessment.other = if seen.case.is_silent(desk.now()) {
        find_other_if_silent(desk, by, &seen, &form).await?
    } else if missing.is_empty() {
        find_other(desk, by, &seen, &form).await?
    } else {
        None
    };
    desk.perform(
        caller,
        asked,
        &seen,
        AcceptCase { missing },
        Some(assessment),
    )
    .await
}

pub(crate) struct AcceptCase {
    pub missing: Vec<Words>,
}

impl Act for AcceptCase {
    const NAME: &'static str = "case.accept";
    const NOTICES: &'static [NoticeKind] = &[NoticeKind::AcceptNotice, NoticeKind::Grant];

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        change.expect_state(&[State::Submitted, State::Received, State::Corrected])?;
        change.held_task(Stage::Intake)?;
        if change.is_silent() {
            return change.accept(AcceptMode::Deemed);
        }
        expect_complete(&self.missing)?;
        if change.case.state == State::Submitted {
            pass(change)?;
        }
        change.accept(AcceptMode::Regular)
    }
}
