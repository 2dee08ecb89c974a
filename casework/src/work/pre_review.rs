//! 预审: a clerk looks at an application on line. It is received already; a pre-return is no refusal
//! and stops no clock, and it tells everything once.

use axum::extract::State as Context;
use flow::Stage;
use httpkit::{Act as Write, Authorised, Params, Refusals, Reply, Versioned};
use kernel::{AppError, Caller, caller::CanAccept, codes, ids::CaseId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{DefectLine, targets};
use crate::{
    apply::insist::Nothing,
    case::Case,
    change::Change,
    command::{Act, Acted},
    desk::Casework,
    event::{CaseEvent, NoticeKind, Target},
    perform::Asked,
    state::State,
};

/// Everything that should be amended.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreReturn {
    /// The lines.
    pub lines: Vec<DefectLine>,
}

/// Sends an application on line back for amendment.
#[utoipa::path(post, path = "/cases/{case_id}/pre-return", tag = "work", request_body = PreReturn,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn pre_return_case(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanAccept>,
    Params(id): Params<CaseId>,
    write: Write<PreReturn>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::over_http(&write)?;
    let done = pre_return(&desk, &caller, id, &asked, write.body);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Sends an application on line back for amendment.
///
/// # Errors
/// `E1206` for what the item does not list, `E1207` for what an earlier pre-return did not tell,
/// `E1208` without lines.
pub async fn pre_return(
    desk: &Casework,
    caller: &Caller<CanAccept>,
    id: CaseId,
    asked: &Asked,
    given: PreReturn,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    let targets = targets(&seen.model, &given.lines)?;
    let words = desk.seal_json(&seen, &json!({ "lines": given.lines }))?;
    desk.perform(caller, asked, &seen, PreReturnCase { targets, words }, None)
        .await
}

pub(crate) struct PreReturnCase {
    pub targets: Vec<Target>,
    pub words: Vec<u8>,
}

impl PreReturnCase {
    /// A pre-return tells everything once, as a correction notice does (T2, T7): another one repeats
    /// what was told, or finds defects inside what was supplied since.
    fn only_what_was_told(&self, case: &Case) -> Result<(), AppError> {
        let told = |target: &Target| {
            case.pre_told.contains(target)
                || matches!(target, Target::Material(id) if case.supplies(id))
        };
        if case.pre_told.is_empty() || self.targets.iter().all(told) {
            Ok(())
        } else {
            Err(AppError::refused(&codes::E1207))
        }
    }
}

impl Act for PreReturnCase {
    const NAME: &'static str = "case.pre_return";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        change.expect_state(&[State::Submitted])?;
        change.held_task(Stage::Intake)?;
        change.expect_in_time()?;
        self.only_what_was_told(&change.case)?;
        let facts = json!({ "returned_on": change.now.day() });
        let notice_id = change.issue(NoticeKind::PreReturn, facts, Some(self.words.clone()))?;
        change.emit(CaseEvent::PreReturned {
            notice_id,
            targets: self.targets.clone(),
        })
    }
}

/// Lets an application on line pass pre-review: it counts as received when it was submitted.
#[utoipa::path(post, path = "/cases/{case_id}/pre-pass", tag = "work", request_body = Nothing,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn pre_pass_case(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanAccept>,
    Params(id): Params<CaseId>,
    write: Write<Nothing>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::over_http(&write)?;
    let done = pre_pass(&desk, &caller, id, &asked);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Lets an application on line pass pre-review.
///
/// # Errors
/// `E1201` when it is not waiting for it.
pub async fn pre_pass(
    desk: &Casework,
    caller: &Caller<CanAccept>,
    id: CaseId,
    asked: &Asked,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    desk.perform(caller, asked, &seen, PrePass, None).await
}

pub(crate) struct PrePass;

impl Act for PrePass {
    const NAME: &'static str = "case.pre_pass";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        change.expect_state(&[State::Submitted])?;
        change.held_task(Stage::Intake)?;
        pass(change)
    }
}

/// From submitted to received, with the date of submission.
pub(crate) fn pass(change: &mut Change<'_>) -> Result<(), AppError> {
    change.emit(CaseEvent::PrePassed)?;
    let received_at = change.case.received_at.unwrap_or(change.now);
    let number = change.case_number()?;
    let facts = json!({ "received_on": received_at.day(), "received_at": received_at });
    let notice_id = change.issue(NoticeKind::Receipt, facts, None)?;
    change.emit(CaseEvent::Received {
        number,
        received_at,
        electronic: change.case.electronic,
        promises: change.case.promises.clone(),
        clocks: Vec::new(),
        notice_id: Some(notice_id),
        subject: change.case.subject,
    })
}
