//! A citizen chooses for whom he acts.

use axum::{extract::State, response::Response};
use httpkit::{Authorised, Input, ProblemDocument, Reply, caller::Surface};
use kernel::{
    AppError,
    caller::{Caller, CanApply},
    codes,
    ids::EmployerId,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{Identity, NewSession, Session, book, http, session::ChangeRole, store as sql};

/// Acts for an enterprise from now on, or for himself. The session gets another token.
///
/// # Errors
/// `E1107` when the caller is not its agent.
pub async fn act_for(
    context: &Identity,
    caller: &Caller<CanApply>,
    employer: Option<EmployerId>,
) -> Result<NewSession, AppError> {
    let citizen = caller.citizen()?;
    let row = sql::by_id(context.store(), citizen.session).await?;
    let row = row.ok_or_else(|| AppError::refused(&codes::E1105))?;
    let (token, hash) = book::new_token(&context.kit().seeds);
    let command = ChangeRole {
        bureau: context.city(),
        session: citizen.session,
        person: citizen.person,
        employer,
        old_hash: row.token_hash,
        new_hash: hash.to_vec(),
    };
    let envelope = context.kit().envelope_of(caller);
    context.kit().run(envelope, command).await?;
    context.book().forget(citizen.session);
    Ok(NewSession {
        token,
        surface: Surface::Portal,
    })
}

/// For whom to act.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActingIn {
    /// The enterprise; none is oneself.
    employer_id: Option<EmployerId>,
}

/// Choose for whom the citizen acts; the cookie is replaced.
#[utoipa::path(put, path = "/session/acting", tag = "identity", request_body = ActingIn, responses(
    (status = 200, description = "The session", body = Session),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn update_acting(
    State(context): State<Identity>,
    Authorised(caller): Authorised<CanApply>,
    Input(body): Input<ActingIn>,
) -> Reply<Response> {
    let signed_in = act_for(&context, &caller, body.employer_id).await?;
    Ok(http::signed_in(&context, &signed_in, caller.request().lang).await?)
}
