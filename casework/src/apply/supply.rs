//! Supplying corrections. Everything the notice lists must be there; then the time to check
//! completeness runs anew (行政许可法 art. 32(5)).

use axum::extract::State as Context;
use httpkit::{Act as Write, Authorised, Faults, Params, Refusals, Reply, Versioned};
use kernel::{
    AppError, Caller, Refusal, Timestamp,
    caller::{Permission, SignedIn},
    codes,
    ids::CaseId,
    item::Words,
    limits::TEXT_CHARS_MAX,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::Work;
use utoipa::ToSchema;

use super::{
    open::ask_again,
    save::{asked_fields, emit_saved, expect_editor, keep_data},
    submit::expect_complete,
};
use crate::{
    case::Case,
    change::Change,
    clock::ClockKind,
    command::{Act, Acted},
    desk::{Casework, Seen},
    event::{CaseEvent, Target},
    perform::{Asked, PackedForm},
    state::State,
};

/// What the applicant says to his corrections.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Supply {
    /// A remark for the clerk.
    #[serde(default)]
    pub note: String,
}

/// Hands in the corrections.
#[utoipa::path(post, path = "/cases/{case_id}/supply", tag = "cases", request_body = Supply,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn supply_corrections(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<SignedIn>,
    Params(id): Params<CaseId>,
    write: Write<Supply>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::over_http(&write)?;
    let done = supply(&desk, &caller, id, &asked, write.body);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Hands in the corrections.
///
/// # Errors
/// `E1002` with the faults of what the notice lists, `E1212` naming papers that it lists and that are
/// not there, `E1214` after the time has passed.
pub async fn supply<P: Permission>(
    desk: &Casework,
    caller: &Caller<P>,
    id: CaseId,
    asked: &Asked,
    given: Supply,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    expect_editor(caller.principal(), &seen)?;
    let mut faults = Faults::default();
    let note = faults.optional("/note", &given.note, TEXT_CHARS_MAX);
    faults.done()?;
    let packed = corrected(desk, &seen).await?;
    let note = if note.is_empty() {
        json!(null)
    } else {
        json!({ "opinion": note })
    };
    let act = SupplyCorrections {
        packed,
        note: desk.seal_words(&seen, &note)?,
        now: desk.now(),
    };
    desk.perform(caller, asked, &seen, act, None).await
}

/// The form as it is handed in, if it has changed. What the notice lists must be in order; what it does
/// not list cannot be changed now, whatever the registers say of it since.
async fn corrected(desk: &Casework, seen: &Seen) -> Result<Option<PackedForm>, AppError> {
    let before = desk.form_of(seen).await?;
    let mut data = ask_again(desk, seen, before.clone()).await?;
    data.form = data.whole(&seen.model);
    let asked = asked_fields(seen);
    let facts = Value::Object(data.facts.clone());
    let mut faults = seen.model.form.check(&data.form, &facts, desk.now().day());
    faults.retain(|fault| {
        let field = fault.pointer.split('/').nth(2);
        field.is_some_and(|field| asked.contains(field))
    });
    if !faults.is_empty() {
        return Err(Refusal::fields(faults).into());
    }
    if data == before {
        return Ok(None);
    }
    desk.pack_form(seen, &data).map(Some)
}

pub(crate) struct SupplyCorrections {
    pub packed: Option<PackedForm>,
    pub note: Option<Vec<u8>>,
    pub now: Timestamp,
}

impl Act for SupplyCorrections {
    const NAME: &'static str = "case.supply";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        change.expect_state(&[State::Correcting])?;
        let Some(notice) = change.case.corrections.last().cloned() else {
            return change.expect_state(&[]);
        };
        // The clock, not the notice: its day moves with the calendar.
        if let Some(clock) = change.case.running(ClockKind::Correction)
            && clock.is_overdue(change.now)
        {
            return Err(Refusal::new(&codes::E1214)
                .with("date", clock.due_on.to_string())
                .into());
        }
        let missing: Vec<Words> = notice
            .targets
            .iter()
            .filter_map(|target| match target {
                Target::Material(id) if !change.case.supplies(id) => change.model.material(id),
                _ => None,
            })
            .map(|material| material.name.clone())
            .collect();
        expect_complete(&missing)?;
        if let Some(packed) = &self.packed {
            emit_saved(change, packed)?;
        }
        let text_id = change.keep_text("supply_note", self.note.clone());
        let clocks = change.receipt_clocks();
        let at_window = change.performer.is_some();
        change.emit(CaseEvent::CorrectionSupplied {
            clocks,
            text_id,
            at_window,
        })
    }

    fn write(&self, case: &Case, work: &mut Work<'_>) -> Result<(), AppError> {
        if let Some(packed) = &self.packed {
            keep_data(case, packed, self.now, work);
        }
        Ok(())
    }
}
