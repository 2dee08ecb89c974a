//! The applicant, and whom the form is about, in full, for a reason.

use axum::{Json, extract::State as Context};
use httpkit::{Act as Write, Authorised, Faults, Params, Refusals, Reply};
use kernel::{
    AppError, Caller, DivisionCode, Timestamp,
    caller::CanUnmask,
    ids::{CaseId, Id as _, TaskId},
    limits::TEXT_CHARS_MAX,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Command, Envelope, Loads, Work};
use utoipa::ToSchema;

use crate::{apply::open::applicant_of, desk::Casework, model::Model, store as rows};

/// Why a masked number is shown in full.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unmask {
    /// The reason; it stands in the audit log by its length only.
    pub reason: String,
}

/// The applicant in full.
#[derive(Serialize, ToSchema)]
pub struct Unmasked {
    /// Name.
    pub name: String,
    /// Citizen number.
    pub number: String,
    /// Mobile number, if known.
    pub mobile: Option<String>,
    /// What pages mask of the form.
    pub fields: Vec<UnmaskedField>,
}

/// A field of the form in full.
#[derive(Serialize, ToSchema)]
pub struct UnmaskedField {
    /// Its key in the form of the case.
    pub key: String,
    /// What was filled in, or what registers know.
    pub value: Value,
}

/// Shows in full who applies and what pages mask of the form. Every use is an audit entry; a repetition is the
/// same use, and shows what is known now.
#[utoipa::path(post, path = "/workbench/cases/{case_id}/unmask", tag = "work", request_body = Unmask,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Unmasked), Refusals))]
pub(crate) async fn unmask_applicant(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanUnmask>,
    Params(id): Params<CaseId>,
    write: Write<Unmask>,
) -> Reply<Json<Unmasked>> {
    let envelope = desk.kit.envelope(&caller, &write.repetition);
    Ok(Json(
        unmask(&desk, &caller, envelope, id, &write.body).await?,
    ))
}

async fn unmask(
    desk: &Casework,
    caller: &Caller<CanUnmask>,
    envelope: Envelope,
    id: CaseId,
    given: &Unmask,
) -> Result<Unmasked, AppError> {
    let seen = desk.see(caller, id).await?;
    if !caller.staff()?.may("person.unmask", &seen.case.opening.org) {
        return Err(AppError::refused(&kernel::codes::E1102));
    }
    let mut faults = Faults::default();
    let reason = faults.text("/reason", &given.reason, TEXT_CHARS_MAX);
    faults.done()?;
    let sealed = desk.seal(&seen.file, reason.as_bytes())?;
    let look = Look {
        bureau: seen.case.bureau,
        case: id,
        sealed,
        now: envelope.now,
    };
    desk.kit.run(envelope, look).await?;
    let person = applicant_of(desk, &seen.case).await?.person;
    let form = desk.form_of(&seen).await?.whole(&seen.model);
    Ok(Unmasked {
        fields: in_full(&seen.model, &form),
        name: person.name.reveal().clone(),
        number: person.number.reveal().reveal().to_owned(),
        mobile: person.mobile.map(kernel::Private::into_revealed),
    })
}

/// What pages mask of a form.
fn in_full(model: &Model, form: &Value) -> Vec<UnmaskedField> {
    let filled = form.as_object().cloned().unwrap_or_default();
    let (_, secret) = model.form.split(&filled);
    let said = |value: &Value| !value.is_null() && value.as_str() != Some("");
    let secret = secret.into_iter().filter(|(_, value)| said(value));
    secret
        .map(|(key, value)| UnmaskedField { key, value })
        .collect()
}

/// Leaves the audit entry, and the reason beside the case.
struct Look {
    bureau: DivisionCode,
    case: CaseId,
    sealed: Vec<u8>,
    now: Timestamp,
}

impl Command for Look {
    type Out = ();
    const NAME: &'static str = "person.unmask";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.case.to_string()
    }

    fn lane(&self) -> u64 {
        self.case.uuid().as_u64_pair().1
    }

    fn declare(&self, _loads: &mut Loads<'_>) {}

    fn decide(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        let text_id: TaskId = work.id();
        work.append(rows::text::Model {
            bureau: self.bureau.to_string(),
            case_id: self.case.uuid(),
            text_id: text_id.uuid(),
            kind: "unmask_reason".to_owned(),
            sealed: self.sealed.clone(),
            at_us: self.now.as_micros(),
        });
        Ok(())
    }
}
