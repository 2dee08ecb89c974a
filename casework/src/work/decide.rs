//! 决定 (T15, T17): grant, deny with reasons and remedies, or send back to review.

use axum::extract::State as Context;
use flow::Stage;
use httpkit::{Act as Write, Authorised, Faults, Params, Refusals, Reply, Versioned};
use kernel::{AppError, Caller, caller::CanDecide, codes, ids::CaseId, limits::TEXT_CHARS_MAX};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::refuse::Wording;
use crate::{
    change::{Change, Denial, Verdict},
    command::{Act, Acted},
    desk::Casework,
    event::{CaseEvent, NoticeKind},
    perform::Asked,
    state::State,
};

/// The decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 准予
    Grant,
    /// 不予
    Deny,
    /// 退回审查
    Return,
}

/// What the decider says.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(from = "Body")]
pub struct Decide {
    /// The decision.
    pub outcome: Outcome,
    /// His opinion.
    pub opinion: String,
    /// For a denial: reason, article, where to go instead.
    #[serde(flatten)]
    pub wording: Wording,
}

/// The body as it is sent; a flattened struct would let unknown fields through.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    outcome: Outcome,
    opinion: String,
    ground: Option<String>,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    basis: String,
    #[serde(default)]
    instead: String,
}

impl From<Body> for Decide {
    fn from(body: Body) -> Self {
        Self {
            outcome: body.outcome,
            opinion: body.opinion,
            wording: Wording {
                ground: body.ground,
                reason: body.reason,
                basis: body.basis,
                instead: body.instead,
            },
        }
    }
}

/// Decides a case.
#[utoipa::path(post, path = "/cases/{case_id}/decide", tag = "work", request_body = Decide,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn decide_case(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanDecide>,
    Params(id): Params<CaseId>,
    write: Write<Decide>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::over_http(&write)?;
    let done = decide(&desk, &caller, id, &asked, write.body);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Decides a case.
///
/// # Errors
/// `E1202`, `E1203`, `E1204` for the wrong person, `E1209` for a denial without its words, `E1233`
/// for a second return that no supervisor has asked for.
pub async fn decide(
    desk: &Casework,
    caller: &Caller<CanDecide>,
    id: CaseId,
    asked: &Asked,
    given: Decide,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    let mut faults = Faults::default();
    let opinion = faults.text("/opinion", &given.opinion, TEXT_CHARS_MAX);
    faults.done()?;
    let verdict = match given.outcome {
        Outcome::Grant => Said::Grant(desk.granted(&seen).await?),
        Outcome::Return => Said::Return,
        Outcome::Deny => Said::Deny(Denial {
            words: desk.seal_json(&seen, &given.wording.checked(&seen, "denied")?)?,
            ground: given.wording.ground,
        }),
    };
    let act = DecideCase {
        verdict,
        opinion: desk.seal_words(&seen, &json!({ "opinion": opinion }))?,
    };
    desk.perform(caller, asked, &seen, act, None).await
}

/// What was said, ready to be written.
pub(crate) enum Said {
    /// With what is granted, sealed.
    Grant(Option<Vec<u8>>),
    Return,
    Deny(Denial),
}

pub(crate) struct DecideCase {
    pub verdict: Said,
    pub opinion: Option<Vec<u8>>,
}

impl Act for DecideCase {
    const NAME: &'static str = "case.decide";
    const NOTICES: &'static [NoticeKind] = &[NoticeKind::Grant, NoticeKind::Deny];

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        change.expect_state(&[State::Deciding])?;
        let task = &change.held_task(Stage::Decide)?;
        if !matches!(self.verdict, Said::Return) {
            change.expect_heard()?;
        }
        let opinion = self.opinion.clone();
        let word = match &self.verdict {
            Said::Return => {
                if !change.case.may_return() {
                    return Err(AppError::refused(&codes::E1233));
                }
                let text_id = change.keep_text("opinion", opinion);
                change.emit(CaseEvent::ReturnedToReview {
                    task_id: task.opened.task_id,
                    performer: change.acting()?.staff,
                    text_id,
                })?;
                "return"
            }
            Said::Grant(granted) => {
                let granted = granted.clone();
                change.decide(Verdict::Grant {
                    task,
                    opinion,
                    granted,
                })?;
                "grant"
            }
            Said::Deny(denial) => {
                let denial = denial.clone();
                change.decide(Verdict::Deny {
                    task,
                    opinion,
                    denial,
                })?;
                "deny"
            }
        };
        change.finish(task, json!({ "decision": word }))
    }
}

#[cfg(test)]
mod tests {
    use super::{Decide, Outcome};

    #[test]
    fn a_body_with_an_unknown_field_is_not_read() {
        let read = serde_json::from_str::<Decide>;
        let given = read(r#"{"outcome":"deny","opinion":"不符","reason":"一"}"#).unwrap();
        assert_eq!(
            (given.outcome, given.wording.reason.as_str()),
            (Outcome::Deny, "一")
        );
        assert!(read(r#"{"outcome":"deny","opinion":"不符","resaon":"一"}"#).is_err());
    }
}
