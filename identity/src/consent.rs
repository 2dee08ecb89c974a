//! Consent to electronic service (行政许可法 and 电子送达 need the party's agreement).

use axum::{Json, extract::State};
use httpkit::{Act, Authorised, ProblemDocument, Reply};
use kernel::{
    AppError,
    caller::{Caller, CanApply},
};
use serde::Deserialize;
use store::Envelope;
use utoipa::ToSchema;

use crate::{Identity, Session, enrol::Consent, session_view};

/// Agrees to electronic service from now on, or takes the consent back. Returns the version of the
/// person.
///
/// # Errors
/// When the caller is not a citizen.
pub async fn agree_to_electronic_service(
    context: &Identity,
    caller: &Caller<CanApply>,
    envelope: Envelope,
    agreed: bool,
) -> Result<i64, AppError> {
    let command = Consent {
        bureau: context.city(),
        person: caller.citizen()?.person,
        agreed,
    };
    let changed = context.kit().run(envelope, command).await?;
    Ok(changed.version)
}

/// Whether the citizen agrees.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsentIn {
    agreed: bool,
}

/// Agree to electronic service, or take the consent back.
#[utoipa::path(put, path = "/me/electronic-service", tag = "identity", request_body = ConsentIn, params(
    ("Idempotency-Key" = String, Header, description = "Recognises a repetition"),
), responses(
    (status = 200, description = "The session", body = Session),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn update_electronic_service(
    State(context): State<Identity>,
    Authorised(caller): Authorised<CanApply>,
    act: Act<ConsentIn>,
) -> Reply<Json<Session>> {
    let envelope = context.kit().envelope(&caller, &act.repetition);
    agree_to_electronic_service(&context, &caller, envelope, act.body.agreed).await?;
    let lang = caller.request().lang;
    Ok(Json(
        session_view(&context, caller.principal(), lang).await?,
    ))
}
