//! 答复: what the other party says of the case, once (工伤保险条例 art. 19: where it denies the injury,
//! the employer bears the burden of proof).

use axum::extract::State as Context;
use httpkit::{Act as Write, Authorised, Faults, Params, Refusals, Reply, Versioned};
use kernel::{AppError, Caller, caller::CanApply, ids::CaseId, limits::TEXT_CHARS_MAX};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::may_speak;
use crate::{
    change::{Change, Service},
    command::{Act, Acted},
    desk::Casework,
    event::CaseEvent,
    perform::Asked,
};

/// What the other party says.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerCase {
    /// Whether it agrees with what the applicant says.
    pub agrees: bool,
    /// Its words; reasons are needed where it does not agree.
    #[serde(default)]
    pub text: String,
    /// Whether the decision may be served electronically.
    pub electronic_service: bool,
}

/// The other party answers, once.
#[utoipa::path(post, path = "/cases/{case_id}/other-party/answer", tag = "cases", request_body = AnswerCase,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn answer_case(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Params(id): Params<CaseId>,
    write: Write<AnswerCase>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::unversioned(&write);
    let done = answer(&desk, &caller, id, &asked, write.body);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// The other party answers, once. Who answers has its notice: one not confirmed before is served now.
///
/// # Errors
/// `E1002` when it disagrees without a reason, `E1242` when its time has passed, `E1243` when it has
/// answered.
pub async fn answer(
    desk: &Casework,
    caller: &Caller<CanApply>,
    id: CaseId,
    asked: &Asked,
    given: AnswerCase,
) -> Result<Acted, AppError> {
    let seen = desk.see_as_other(caller, id).await?;
    let mut faults = Faults::default();
    let text = if given.agrees {
        faults.optional("/text", &given.text, TEXT_CHARS_MAX)
    } else {
        faults.text("/text", &given.text, TEXT_CHARS_MAX)
    };
    faults.done()?;
    let act = Say {
        agrees: given.agrees,
        electronic: given.electronic_service,
        words: desk.seal_words(&seen, &json!({ "text": text }))?,
    };
    desk.perform(caller, asked, &seen, act, None).await
}

pub(crate) struct Say {
    pub agrees: bool,
    pub electronic: bool,
    pub words: Option<Vec<u8>>,
}

impl Act for Say {
    const NAME: &'static str = "case.answer";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        let notice_id = may_speak(change)?.notice_id;
        if change.case.service_of(notice_id).is_none() {
            let service = Service {
                how: "electronic",
                on: None,
                agreed: self.electronic,
                received: None,
            };
            change.serve_other(notice_id, service)?;
        }
        let text_id = change.keep_text("answer", self.words.clone());
        change.emit(CaseEvent::OtherPartyAnswered {
            agrees: self.agrees,
            text_id,
            agreed: self.electronic,
        })
    }
}
