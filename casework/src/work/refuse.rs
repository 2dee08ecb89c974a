//! 不予受理, 不需要办理 (T5): a decision in law, with reason, article, remedies, and where to go. The
//! clerk writes it; it takes effect with the signature of a second person.

use axum::extract::State as Context;
use flow::Stage;
use httpkit::{Act as Write, Authorised, Faults, Params, Refusals, Reply, Versioned};
use kernel::{
    AppError, Caller, Refusal, caller::CanAccept, codes, ids::CaseId, limits::TEXT_CHARS_MAX,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::pre_review::pass;
use crate::{
    change::Change,
    command::{Act, Acted},
    desk::{Casework, Seen},
    event::{CaseEvent, NoticeKind},
    perform::Asked,
    state::State,
};

/// Which refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// 不予受理
    NotAccepted,
    /// 依法不需要
    NotRequired,
}

/// The words of a refusal. All are needed.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// The prepared ground of the item, if one is used.
    #[serde(default)]
    pub ground: Option<String>,
    /// The reason in plain words.
    #[serde(default)]
    pub reason: String,
    /// The article.
    #[serde(default)]
    pub basis: String,
    /// Where to go instead.
    #[serde(default)]
    pub instead: String,
}

impl Wording {
    /// Checks that every word is there and the ground belongs to the act.
    ///
    /// # Errors
    /// `E1209` with the fields that are missing.
    pub(crate) fn checked(&self, seen: &Seen, act: &str) -> Result<Value, AppError> {
        let mut faults = Faults::default();
        let reason = faults.text("/reason", &self.reason, TEXT_CHARS_MAX);
        let basis = faults.text("/basis", &self.basis, TEXT_CHARS_MAX);
        let instead = faults.text("/instead", &self.instead, TEXT_CHARS_MAX);
        if let Some(ground) = &self.ground {
            let grounds = &seen.model.edition.facts.grounds;
            if !grounds
                .iter()
                .any(|known| known.id == *ground && known.act == act)
            {
                faults.add("/ground", &codes::E1024);
            }
        }
        faults.done().map_err(|error| match error {
            AppError::Refused(found) => {
                let refusal = Refusal::new(&codes::E1209);
                let fields = found.field_faults().iter();
                fields
                    .fold(refusal, |refusal, f| {
                        refusal.field(f.pointer.clone(), f.code)
                    })
                    .into()
            }
            broken @ AppError::Broken(_) => broken,
        })?;
        Ok(json!({ "reason": reason, "basis": basis, "instead": instead }))
    }
}

/// Refuses acceptance.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(from = "Body")]
pub struct RefuseAcceptance {
    /// Which refusal.
    pub kind: RefusalKind,
    /// Its words.
    #[serde(flatten)]
    pub wording: Wording,
}

/// The body as it is sent; a flattened struct would let unknown fields through.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    kind: RefusalKind,
    ground: Option<String>,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    basis: String,
    #[serde(default)]
    instead: String,
}

impl From<Body> for RefuseAcceptance {
    fn from(body: Body) -> Self {
        Self {
            kind: body.kind,
            wording: Wording {
                ground: body.ground,
                reason: body.reason,
                basis: body.basis,
                instead: body.instead,
            },
        }
    }
}

/// Refuses acceptance.
#[utoipa::path(post, path = "/cases/{case_id}/refuse-acceptance", tag = "work", request_body = RefuseAcceptance,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn refuse_acceptance(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanAccept>,
    Params(id): Params<CaseId>,
    write: Write<RefuseAcceptance>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::over_http(&write)?;
    let done = refuse(&desk, &caller, id, &asked, write.body);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Refuses acceptance.
///
/// # Errors
/// `E1209` when reason, article or where to go is missing.
pub async fn refuse(
    desk: &Casework,
    caller: &Caller<CanAccept>,
    id: CaseId,
    asked: &Asked,
    given: RefuseAcceptance,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    let act = match given.kind {
        RefusalKind::NotAccepted => "not_accepted",
        RefusalKind::NotRequired => "not_required",
    };
    let words = given.wording.checked(&seen, act)?;
    let act = Refuse {
        kind: given.kind,
        ground: given.wording.ground,
        words: desk.seal_json(&seen, &words)?,
    };
    desk.perform(caller, asked, &seen, act, None).await
}

pub(crate) struct Refuse {
    pub kind: RefusalKind,
    pub ground: Option<String>,
    pub words: Vec<u8>,
}

impl Act for Refuse {
    const NAME: &'static str = "case.refuse_acceptance";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        change.expect_state(&[State::Submitted, State::Received, State::Corrected])?;
        if change.case.refusal.is_some() {
            return change.expect_state(&[]);
        }
        let task = change.held_task(Stage::Intake)?;
        change.expect_in_time()?;
        if change.case.state == State::Submitted {
            pass(change)?;
        }
        let text_id = change.keep_text("refusal", Some(self.words.clone()));
        change.emit(CaseEvent::RefusalProposed {
            task_id: task.opened.task_id,
            performer: change.acting()?.staff,
            notice: match self.kind {
                RefusalKind::NotAccepted => NoticeKind::RefuseAcceptance,
                RefusalKind::NotRequired => NoticeKind::NotRequired,
            },
            ground: self.ground.clone(),
            text_id,
        })
    }
}
