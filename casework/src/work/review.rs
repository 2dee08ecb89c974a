//! 审查 (T14): an opinion with its basis; the decision is another person's where risk asks for it.

use axum::extract::State as Context;
use flow::Stage;
use httpkit::{Act as Write, Authorised, Faults, Params, Refusals, Reply, Versioned};
use kernel::{AppError, Caller, caller::CanReview, ids::CaseId, limits::TEXT_CHARS_MAX};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    change::Change,
    command::{Act, Acted},
    desk::Casework,
    event::CaseEvent,
    perform::Asked,
    state::State,
};

/// What the reviewer proposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Proposal {
    /// 建议准予
    Grant,
    /// 建议不予
    Deny,
}

impl Proposal {
    /// The word in variables and events.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Deny => "deny",
        }
    }
}

/// The reviewer's opinion.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// What he proposes.
    pub proposal: Proposal,
    /// Why.
    pub opinion: String,
    /// The article it rests on (T14).
    pub basis: String,
}

/// Records the review.
#[utoipa::path(post, path = "/cases/{case_id}/review", tag = "work", request_body = Review,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn review_case(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanReview>,
    Params(id): Params<CaseId>,
    write: Write<Review>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::over_http(&write)?;
    let done = review(&desk, &caller, id, &asked, write.body);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Records the review.
///
/// # Errors
/// `E1202` when the caller accepted the case, `E1204` when he is a party, `E1210` when a colleague
/// holds the task.
pub async fn review(
    desk: &Casework,
    caller: &Caller<CanReview>,
    id: CaseId,
    asked: &Asked,
    given: Review,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    let mut faults = Faults::default();
    let opinion = faults.text("/opinion", &given.opinion, TEXT_CHARS_MAX);
    let basis = faults.text("/basis", &given.basis, TEXT_CHARS_MAX);
    faults.done()?;
    let words = desk.seal_words(&seen, &json!({ "opinion": opinion, "basis": basis }))?;
    let act = ReviewCase {
        proposal: given.proposal,
        words,
    };
    desk.perform(caller, asked, &seen, act, None).await
}

pub(crate) struct ReviewCase {
    pub proposal: Proposal,
    pub words: Option<Vec<u8>>,
}

impl Act for ReviewCase {
    const NAME: &'static str = "case.review";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        change.expect_state(&[State::Reviewing])?;
        let second = change.case.task_at(Stage::SecondReview).is_some();
        let stage = if second {
            Stage::SecondReview
        } else {
            Stage::Review
        };
        let task = change.held_task(stage)?;
        change.expect_heard()?;
        let text_id = change.keep_text("opinion", self.words.clone());
        change.emit(CaseEvent::StepDone {
            task_id: task.opened.task_id,
            stage,
            performer: change.acting()?.staff,
            proposal: Some(self.proposal.as_str().to_owned()),
            text_id,
        })?;
        change.finish(&task, json!({ "proposal": self.proposal.as_str() }))
    }
}
