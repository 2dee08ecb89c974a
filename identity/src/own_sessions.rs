//! One's own sessions: seeing them, ending them, signing out.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use httpkit::{Authorised, Params, ProblemDocument, Reply, Rows, caller::Surface};
use kernel::{
    AppError, Timestamp,
    caller::{Anyone, Caller, SignedIn},
    codes,
    ids::{Id as _, SessionId},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Identity, book, http,
    http::Bare,
    roster::bureau_of,
    session::EndSession,
    sign_in::{owner_of, session_of, sessions_of},
    store::{self as sql, session},
};

/// A session of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SessionRow {
    /// Its id.
    pub session_id: SessionId,
    /// `portal` or `workbench`.
    pub surface: String,
    /// When it began.
    pub started_at: Timestamp,
    /// The last sign of life, to the minute.
    pub seen_at: Timestamp,
    /// Whether it is the session of this request.
    pub current: bool,
}

/// The caller's running sessions, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn list_sessions(
    context: &Identity,
    caller: &Caller<SignedIn>,
) -> Result<Vec<SessionRow>, AppError> {
    let rows = sessions_of(context, owner_of(caller.principal())?).await?;
    let now = context.now();
    let current = session_of(caller.principal());
    Ok(rows
        .into_iter()
        .filter(|row| book::end_of_row(context.book(), row) > now)
        .map(|row| {
            let session_id = SessionId::from_uuid(row.session_id);
            SessionRow {
                session_id,
                seen_at: book::seen_of_row(context.book(), &row),
                started_at: Timestamp::from_micros(row.started_us),
                current: current == Some(session_id),
                surface: row.surface,
            }
        })
        .collect())
}

/// Ends one of the caller's own sessions.
///
/// # Errors
/// `E1012` when it is not his.
pub async fn end_session(
    context: &Identity,
    caller: &Caller<SignedIn>,
    session: SessionId,
) -> Result<(), AppError> {
    let rows = sessions_of(context, owner_of(caller.principal())?).await?;
    if rows.iter().any(|row| row.session_id == session.uuid()) {
        end(context, caller, session, "revoked").await
    } else {
        Err(AppError::refused(&codes::E1012))
    }
}

/// Ends the session of this request, if there is one.
///
/// # Errors
/// When the database does not answer.
pub async fn sign_out(context: &Identity, caller: &Caller<Anyone>) -> Result<(), AppError> {
    match session_of(caller.principal()) {
        Some(session) => end(context, caller, session, "signed_out").await,
        None => Ok(()),
    }
}

/// Ends a session that the caller may end; one that has ended already is fine.
pub(crate) async fn end<P>(
    context: &Identity,
    caller: &Caller<P>,
    session: SessionId,
    reason: &'static str,
) -> Result<(), AppError> {
    let Some(row) = sql::by_id(context.store(), session).await? else {
        return Ok(());
    };
    let command = end_of(row, reason)?;
    let envelope = context.kit().envelope_of(caller);
    let ended = context.kit().run(envelope, command).await;
    context.book().forget(session);
    ended.map(drop)
}

fn end_of(row: session::Model, reason: &'static str) -> Result<EndSession, AppError> {
    Ok(EndSession {
        bureau: bureau_of("session", row.session_id, &row.bureau)?,
        session: SessionId::from_uuid(row.session_id),
        token_hash: row.token_hash,
        reason,
    })
}

/// The caller's running sessions.
#[utoipa::path(get, path = "/sessions", tag = "identity", responses(
    (status = 200, description = "Newest first", body = Rows<SessionRow>),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn list_own_sessions(
    State(context): State<Identity>,
    Authorised(caller): Authorised<SignedIn>,
) -> Reply<Rows<SessionRow>> {
    Ok(Rows::all(list_sessions(&context, &caller).await?))
}

/// End one of the caller's sessions.
#[utoipa::path(delete, path = "/sessions/{session_id}", tag = "identity", params(
    ("session_id" = SessionId, Path, description = "The session"),
    ("Idempotency-Key" = String, Header, description = "Recognises a repetition"),
), responses(
    (status = 204, description = "It has ended"),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn delete_own_session(
    State(context): State<Identity>,
    Authorised(caller): Authorised<SignedIn>,
    Params(session): Params<SessionId>,
    _: Bare,
) -> Reply<StatusCode> {
    end_session(&context, &caller, session).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sign out: ends the session of this request and takes its cookie away.
#[utoipa::path(delete, path = "/session", tag = "identity", responses(
    (status = 204, description = "Nobody is signed in any more"),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn delete_session(
    State(context): State<Identity>,
    Authorised(caller): Authorised<Anyone>,
    headers: HeaderMap,
) -> Reply<Response> {
    sign_out(&context, &caller).await?;
    let answer = StatusCode::NO_CONTENT.into_response();
    let surface = Surface::of(&headers, None);
    Ok(http::without_cookie(answer, &context, surface)?)
}
