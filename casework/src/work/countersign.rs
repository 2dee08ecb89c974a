//! The second signature under a refusal of acceptance (T5): whoever refuses does not do it alone.
//! Until it is given the clock of acceptance runs on, and silence accepts.

use axum::extract::State as Context;
use flow::Stage;
use httpkit::{Act as Write, Authorised, Faults, Params, Refusals, Reply, Versioned};
use kernel::{
    AppError, Caller, caller::CanSupervise, error::Broken, ids::CaseId, limits::TEXT_CHARS_MAX,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    change::Change,
    command::{Act, Acted},
    desk::{Casework, Seen},
    event::{CaseEvent, NoticeKind},
    perform::Asked,
    state::State,
    store as rows,
};

/// What the second one says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// 签署
    Sign,
    /// 退回受理人
    SendBack,
}

/// The second signature, or why it is not given.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Countersign {
    /// What the second one says.
    pub answer: Answer,
    /// Why it goes back; needed then.
    #[serde(default)]
    pub opinion: String,
}

/// Signs a refusal of acceptance, or sends it back to the window.
#[utoipa::path(post, path = "/cases/{case_id}/countersign-refusal", tag = "work", request_body = Countersign,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn countersign_refusal(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanSupervise>,
    Params(id): Params<CaseId>,
    write: Write<Countersign>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::over_http(&write)?;
    let done = countersign(&desk, &caller, id, &asked, write.body);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Signs a refusal of acceptance, or sends it back to the window.
///
/// # Errors
/// `E1234` for whoever proposed it, `E1201` when none waits, `E1002` for a way back without a reason.
pub async fn countersign(
    desk: &Casework,
    caller: &Caller<CanSupervise>,
    id: CaseId,
    asked: &Asked,
    given: Countersign,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    let mut faults = Faults::default();
    let act = match given.answer {
        Answer::Sign => CountersignRefusal::Sign(proposed_words(desk, &seen).await?),
        Answer::SendBack => {
            let opinion = faults.text("/opinion", &given.opinion, TEXT_CHARS_MAX);
            let words = desk.seal_words(&seen, &json!({ "opinion": opinion }))?;
            CountersignRefusal::SendBack(words)
        }
    };
    faults.done()?;
    desk.perform(caller, asked, &seen, act, None).await
}

/// The words of the refusal that waits, as they were sealed; none where none waits.
async fn proposed_words(desk: &Casework, seen: &Seen) -> Result<Option<Vec<u8>>, AppError> {
    let Some(refusal) = &seen.case.refusal else {
        return Ok(None);
    };
    let row = match refusal.text_id {
        Some(text) => rows::text_of(&desk.kit.store, &seen.file, text).await?,
        None => None,
    };
    let row = row.ok_or_else(|| Broken::new("a refusal of acceptance has lost its words"))?;
    Ok(Some(row.sealed))
}

pub(crate) enum CountersignRefusal {
    /// With the words of the notice, sealed; without them nothing is signed.
    Sign(Option<Vec<u8>>),
    /// With the reason, sealed.
    SendBack(Option<Vec<u8>>),
}

impl Act for CountersignRefusal {
    const NAME: &'static str = "case.countersign_refusal";
    const NOTICES: &'static [NoticeKind] = &[NoticeKind::RefuseAcceptance, NoticeKind::NotRequired];

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        change.expect_state(&[State::Received, State::Corrected])?;
        let wordless = matches!(self, Self::Sign(None));
        let waiting = change.case.refusal.clone().filter(|_| !wordless);
        let Some(refusal) = waiting else {
            return change.expect_state(&[]);
        };
        let task = change.held_task(Stage::Intake)?;
        match self {
            Self::SendBack(words) => {
                let text_id = change.keep_text("opinion", words.clone());
                change.emit(CaseEvent::RefusalSentBack {
                    task_id: task.opened.task_id,
                    performer: change.acting()?.staff,
                    text_id,
                })
            }
            Self::Sign(words) => {
                change.expect_in_time()?;
                let ground = refusal.ground;
                let facts = json!({ "refused_on": change.now.day(), "ground": ground });
                let notice_id = change.issue(refusal.kind, facts, words.clone())?;
                change.emit(match refusal.kind {
                    NoticeKind::NotRequired => CaseEvent::NotRequired { notice_id, ground },
                    _ => CaseEvent::NotAccepted { notice_id, ground },
                })?;
                change.finish(&task, json!({ "accepted": false }))
            }
        }
    }
}
