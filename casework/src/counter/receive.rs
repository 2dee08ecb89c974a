//! Receiving at the counter (T4): read back, listed, given a number and a receipt. An instant item
//! whose papers are complete goes on to its decision at once.

use axum::extract::State as Context;
use httpkit::{Act as Write, Authorised, Params, Refusals, Reply, Versioned};
use kernel::{
    AppError, Caller, Refusal, Timestamp, caller::CanAccept, codes, ids::CaseId, item::CaseKind,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Work;
use utoipa::ToSchema;

use crate::{
    apply::{
        renew::expect_edition_in_force,
        save::{emit_saved, keep_data},
        submit::{check_promises, prepare},
    },
    case::{Case, Channel},
    change::Change,
    command::{Act, Acted},
    desk::Casework,
    event::{AcceptMode, CaseEvent, NoticeKind},
    model::check_offered,
    perform::{Asked, PackedForm},
    state::State,
};

/// What the clerk confirms.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Receive {
    /// That he has read the application back to the applicant.
    pub read_back: bool,
    /// That the applicant agrees to electronic service; without an account he is served on paper.
    pub electronic_service: bool,
    /// Materials for which the applicant gives a written promise.
    #[serde(default)]
    pub promises: Vec<String>,
}

/// Receives an application at the counter.
#[utoipa::path(post, path = "/counter/cases/{case_id}/receive", tag = "counter", request_body = Receive,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn receive_case(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanAccept>,
    Params(id): Params<CaseId>,
    write: Write<Receive>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::over_http(&write)?;
    let done = receive(&desk, &caller, id, &asked, write.body);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Receives an application at the counter.
///
/// # Errors
/// `E1002` with the faults of the form, `E1236` when the draft had to be moved to another edition, `E1043` while the item is suspended, `E1205` when one such case is open.
pub async fn receive(
    desk: &Casework,
    caller: &Caller<CanAccept>,
    id: CaseId,
    asked: &Asked,
    given: Receive,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    if seen.case.opening.channel != Channel::Window {
        return Err(AppError::refused(&codes::E1012));
    }
    if !given.read_back {
        return Err(Refusal::fields(Vec::new())
            .field("/read_back", &codes::E1033)
            .into());
    }
    check_offered(desk.parts.items.as_ref(), &seen.case.opening.item)?;
    expect_edition_in_force(desk, caller, &seen).await?;
    check_promises(&seen, &given.promises)?;
    let prepared = prepare(desk, &seen, &given.promises).await?;
    let complete = prepared.missing.is_empty();
    // Without an account nothing can arrive: such a result is handed out.
    let electronic = given.electronic_service
        && desk
            .parts
            .parties
            .has_account(seen.case.opening.person)
            .await?;
    let act = ReceiveCase {
        electronic,
        promises: given.promises,
        packed: prepared.packed,
        complete,
        now: desk.now(),
    };
    desk.perform(caller, asked, &seen, act, Some(prepared.assessment))
        .await
}

pub(crate) struct ReceiveCase {
    pub electronic: bool,
    pub promises: Vec<String>,
    pub packed: Option<PackedForm>,
    pub complete: bool,
    pub now: Timestamp,
}

impl Act for ReceiveCase {
    const NAME: &'static str = "case.receive";
    const NOTICES: &'static [NoticeKind] = &[NoticeKind::Grant];
    const OPENS: bool = true;

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        change.expect_state(&[State::Draft])?;
        let who = change.acting()?;
        if who.is_party(&change.case) {
            return Err(AppError::refused(&codes::E1204));
        }
        if let Some(packed) = &self.packed {
            emit_saved(change, packed)?;
        }
        let number = change.case_number()?;
        let facts = json!({ "received_on": change.now.day(), "received_at": change.now });
        let notice_id = change.issue(NoticeKind::Receipt, facts, None)?;
        let clocks = change.receipt_clocks();
        change.emit(CaseEvent::Received {
            number,
            received_at: change.now,
            electronic: self.electronic,
            promises: self.promises.clone(),
            clocks,
            notice_id: Some(notice_id),
            subject: change.subject(),
        })?;
        match change.model.edition.facts.kind {
            CaseKind::Instant if self.complete => change.accept(AcceptMode::Regular),
            // Papers are missing: the case waits at intake; its flow begins with acceptance.
            CaseKind::Instant => change.open_intake_without_flow(),
            CaseKind::Promised => change.start_flow(),
        }?;
        if change.case.task_at(flow::Stage::Intake).is_some() {
            change.held_task(flow::Stage::Intake)?;
        }
        Ok(())
    }

    fn write(&self, case: &Case, work: &mut Work<'_>) -> Result<(), AppError> {
        if let Some(packed) = &self.packed {
            keep_data(case, packed, self.now, work);
        }
        Ok(())
    }
}
