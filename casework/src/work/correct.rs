//! 一次性补正告知 (T7, T10): all defects at once, from the closed list, within the time to accept.

use axum::extract::State as Context;
use flow::Stage;
use httpkit::{Act as Write, Authorised, Params, Refusals, Reply, Versioned};
use kernel::{AppError, Caller, Refusal, caller::CanAccept, codes, ids::CaseId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{DefectLine, pre_review::pass, targets};
use crate::{
    case::Task,
    change::Change,
    clock::ClockKind,
    command::{Act, Acted},
    desk::Casework,
    event::{CaseEvent, NoticeKind, Target},
    perform::Asked,
    state::State,
};

/// Everything that must be corrected.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Correct {
    /// The lines.
    pub lines: Vec<DefectLine>,
}

/// Asks for corrections, once, all of them.
#[utoipa::path(post, path = "/cases/{case_id}/correct", tag = "work", request_body = Correct,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn notice_corrections(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanAccept>,
    Params(id): Params<CaseId>,
    write: Write<Correct>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::over_http(&write)?;
    let done = correct(&desk, &caller, id, &asked, write.body);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Asks for corrections, once, all of them.
///
/// # Errors
/// `E1206` for what the item does not list, `E1207` for what the first notice did not list,
/// `E1228` when a second notice does not come from a supervisor, `E1208` without lines.
pub async fn correct(
    desk: &Casework,
    caller: &Caller<CanAccept>,
    id: CaseId,
    asked: &Asked,
    given: Correct,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    let targets = targets(&seen.model, &given.lines)?;
    let words = desk.seal_json(&seen, &json!({ "lines": given.lines }))?;
    let act = NoticeCorrections { targets, words };
    desk.perform(caller, asked, &seen, act, None).await
}

pub(crate) struct NoticeCorrections {
    pub targets: Vec<Target>,
    pub words: Vec<u8>,
}

impl NoticeCorrections {
    /// A second notice is unlawful unless it repeats lines of the first or finds defects inside
    /// what was supplied since (行政许可法 art. 32(4), 72(4)).
    fn only_what_was_told(&self, change: &Change<'_>, task: &Task) -> Result<(), AppError> {
        let Some(first) = change.case.corrections.first() else {
            return Ok(());
        };
        let told = |target: &Target| {
            first.targets.contains(target)
                || matches!(target, Target::Material(id) if change.case.supplies(id))
        };
        if !self.targets.iter().all(told) {
            return Err(Refusal::new(&codes::E1207).into());
        }
        if change.may("case.supervise", &task.opened.task_org) {
            Ok(())
        } else {
            Err(Refusal::new(&codes::E1228).into())
        }
    }
}

impl Act for NoticeCorrections {
    const NAME: &'static str = "case.correct";
    const NOTICES: &'static [NoticeKind] = &[NoticeKind::CorrectionNotice];

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        change.expect_state(&[State::Submitted, State::Received, State::Corrected])?;
        let task = change.held_task(Stage::Intake)?;
        change.expect_in_time()?;
        self.only_what_was_told(change, &task)?;
        if change.case.state == State::Submitted {
            pass(change)?;
        }
        let clock = change.clock(
            ClockKind::Correction,
            change.model.edition.facts.limits.correction,
        );
        let due_on = clock.due_on;
        let facts = json!({ "due_on": due_on, "provisional": clock.provisional, "noticed_on": change.now.day() });
        let notice_id = change.issue(
            NoticeKind::CorrectionNotice,
            facts,
            Some(self.words.clone()),
        )?;
        change.emit(CaseEvent::CorrectionNoticed {
            notice_id,
            targets: self.targets.clone(),
            due_on,
            clocks: vec![clock],
        })
    }
}
