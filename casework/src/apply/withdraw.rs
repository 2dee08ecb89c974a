//! Withdrawing before the decision (T20).

use axum::extract::State as Context;
use httpkit::{Act as Write, Authorised, Faults, Params, Refusals, Reply, Versioned};
use kernel::{AppError, Caller, caller::CanApply, codes, ids::CaseId, limits::TEXT_CHARS_MAX};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    change::Change,
    command::{Act, Acted},
    desk::Casework,
    event::{CaseEvent, NoticeKind},
    perform::Asked,
    state::State,
};

/// Why the applicant withdraws.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdraw {
    /// His reason, if he gives one.
    #[serde(default)]
    pub reason: String,
}

/// Withdraws an application before it is decided.
#[utoipa::path(post, path = "/cases/{case_id}/withdraw", tag = "cases", request_body = Withdraw,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn withdraw_case(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Params(id): Params<CaseId>,
    write: Write<Withdraw>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::over_http(&write)?;
    let done = withdraw(&desk, &caller, id, &asked, write.body);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Withdraws an application before it is decided.
///
/// # Errors
/// `E1218` when it is decided, `E1201` for a draft.
pub async fn withdraw(
    desk: &Casework,
    caller: &Caller<CanApply>,
    id: CaseId,
    asked: &Asked,
    given: Withdraw,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    let mut faults = Faults::default();
    let reason = faults.optional("/reason", &given.reason, TEXT_CHARS_MAX);
    faults.done()?;
    let words = if reason.is_empty() {
        json!(null)
    } else {
        json!({ "reason": reason })
    };
    let act = WithdrawCase {
        words: desk.seal_words(&seen, &words)?,
    };
    desk.perform(caller, asked, &seen, act, None).await
}

pub(crate) struct WithdrawCase {
    pub words: Option<Vec<u8>>,
}

impl Act for WithdrawCase {
    const NAME: &'static str = "case.withdraw";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        if change.case.state.is_closed() {
            return Err(AppError::refused(&codes::E1218));
        }
        if !change.case.state.may_become(State::Withdrawn) {
            return change.expect_state(&[State::Submitted]);
        }
        let facts = json!({ "withdrawn_on": change.now.day() });
        let notice_id = change.issue(NoticeKind::Withdrawal, facts, self.words.clone())?;
        change.emit(CaseEvent::Withdrawn { notice_id })?;
        change.release_other()
    }
}
