//! Submitting on line. An application on line is received when it is submitted; pre-review stops
//! no legal clock (LOC-AY 42; 行政许可法 art. 32).

use axum::extract::State as Context;
use httpkit::{Act as Write, Authorised, Params, Refusals, Reply, Versioned};
use kernel::{
    AppError, Caller, Refusal, Timestamp,
    caller::CanApply,
    codes,
    ids::CaseId,
    item::{CaseKind, Words},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Work;
use utoipa::ToSchema;

use super::{
    open::{Prepared, applicant_of, ask},
    other::find_other_if_silent,
    renew::expect_edition_in_force,
    save::{emit_saved, expect_editor, keep_data},
};
use crate::{
    case::Case,
    change::Change,
    clock::ClockKind,
    command::{Act, Acted},
    desk::{Casework, Seen},
    event::{AcceptMode, CaseEvent, NoticeKind},
    model::check_offered,
    perform::{Asked, PackedForm},
    state::State,
};

/// What the applicant confirms.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Submit {
    /// That what he states is true.
    pub declaration: bool,
    /// That results may be served electronically.
    pub electronic_service: bool,
    /// Materials for which he gives a written promise (告知承诺).
    #[serde(default)]
    pub promises: Vec<String>,
}

/// Submits an application.
#[utoipa::path(post, path = "/cases/{case_id}/submit", tag = "cases", request_body = Submit,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn submit_case(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Params(id): Params<CaseId>,
    write: Write<Submit>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::over_http(&write)?;
    let done = submit(&desk, &caller, id, &asked, write.body);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Submits an application.
///
/// # Errors
/// `E1012` for what a clerk takes in at a window, `E1002` with every fault of the form, `E1212`
/// naming missing papers, `E1236` when the draft had to be moved to another edition, `E1043` while the item is suspended, `E1205` when one such case is open, `E1226` when a register does not
/// answer.
pub async fn submit(
    desk: &Casework,
    caller: &Caller<CanApply>,
    id: CaseId,
    asked: &Asked,
    given: Submit,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    // What a clerk takes in at a window is read back and received there.
    expect_editor(caller.principal(), &seen)?;
    // A roster was applied with when it was confirmed, whatever was suspended since.
    if seen.case.opening.roster.is_none() {
        check_offered(desk.parts.items.as_ref(), &seen.case.opening.item)?;
    }
    expect_edition_in_force(desk, caller, &seen).await?;
    confirmed(given.declaration)?;
    check_promises(&seen, &given.promises)?;
    let prepared = prepare(desk, &seen, &given.promises).await?;
    expect_complete(&prepared.missing)?;
    let mut assessment = prepared.assessment;
    let form = &prepared.form;
    assessment.other = find_other_if_silent(desk, caller.principal(), &seen, form).await?;
    let act = SubmitCase {
        electronic: given.electronic_service,
        promises: given.promises,
        packed: prepared.packed,
        now: desk.now(),
    };
    desk.perform(caller, asked, &seen, act, Some(assessment))
        .await
}

/// Refuses with the names of papers that are missing.
pub(crate) fn expect_complete(missing: &[Words]) -> Result<(), AppError> {
    if missing.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(&codes::E1212)
        .worded("materials", Words::list(missing))
        .into())
}

/// The declaration must be confirmed.
pub(crate) fn confirmed(declaration: bool) -> Result<(), AppError> {
    if declaration {
        return Ok(());
    }
    Err(Refusal::fields(Vec::new())
        .field("/declaration", &codes::E1033)
        .into())
}

/// A promise may stand only for the materials that allow it.
pub(crate) fn check_promises(seen: &Seen, promises: &[String]) -> Result<(), AppError> {
    for (at, slot) in promises.iter().enumerate() {
        let allowed = seen
            .model
            .material(slot)
            .is_some_and(|material| material.promise_allowed);
        if !allowed {
            let pointer = format!("/promises/{at}");
            return Err(Refusal::fields(Vec::new())
                .field(pointer, &codes::E1229)
                .into());
        }
    }
    Ok(())
}

/// Asks the registers again, checks the form, names missing papers, and asks the rules.
pub(crate) async fn prepare(
    desk: &Casework,
    seen: &Seen,
    promises: &[String],
) -> Result<Prepared, AppError> {
    let applicant = applicant_of(desk, &seen.case).await?;
    let before = desk.form_of(seen).await?;
    let mut data = ask(desk, &seen.model, &applicant, before.clone()).await?;
    data.form = data.whole(&seen.model);
    let facts = Value::Object(data.facts.clone());
    let faults = seen.model.form.check(&data.form, &facts, desk.now().day());
    if !faults.is_empty() {
        return Err(Refusal::fields(faults).into());
    }
    let supplied: Vec<String> = seen
        .case
        .files
        .iter()
        .map(|file| file.slot.clone())
        .collect();
    let missing = seen
        .model
        .missing(&data.form, &data.registers, &supplied, promises);
    let missing = missing.map(|material| material.name.clone()).collect();
    let mut assessment = desk.assess(seen, &data)?;
    assessment.subject = desk.subject_of(seen, &data.form);
    let packed = if data == before {
        None
    } else {
        Some(desk.pack_form(seen, &data)?)
    };
    Ok(Prepared {
        form: data.form,
        packed,
        assessment,
        missing,
    })
}

pub(crate) struct SubmitCase {
    pub electronic: bool,
    pub promises: Vec<String>,
    pub packed: Option<PackedForm>,
    pub now: Timestamp,
}

impl Act for SubmitCase {
    const NAME: &'static str = "case.submit";
    const NOTICES: &'static [NoticeKind] = &[NoticeKind::AcceptNotice, NoticeKind::Grant];
    const OPENS: bool = true;

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        change.expect_state(&[State::Draft, State::PreReturned])?;
        if let Some(packed) = &self.packed {
            emit_saved(change, packed)?;
        }
        let number = change.case_number()?;
        // Received once: what is amended after a pre-return starts no legal clock anew.
        let clocks = match change.case.received_at {
            None => change.receipt_clocks(),
            Some(_) => Vec::new(),
        };
        if change.model.edition.facts.kind == CaseKind::Instant {
            change.emit(CaseEvent::Received {
                number,
                received_at: change.now,
                electronic: self.electronic,
                promises: self.promises.clone(),
                clocks,
                notice_id: None,
                subject: change.subject(),
            })?;
            return change.accept(AcceptMode::Automatic);
        }
        let pre_review = change.clock(
            ClockKind::PreReview,
            change.model.edition.facts.limits.pre_review,
        );
        change.emit(CaseEvent::Submitted {
            number,
            electronic: self.electronic,
            promises: self.promises.clone(),
            clocks: std::iter::once(pre_review).chain(clocks).collect(),
            subject: change.subject(),
        })?;
        if change.case.flow.is_none() {
            return change.start_flow();
        }
        // Amended after a pre-return: the flow waits at intake already, and the time to accept ran on.
        if change.is_silent() {
            return change.accept(AcceptMode::Deemed);
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
