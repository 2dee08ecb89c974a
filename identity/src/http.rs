//! Cookies, and writing requests without a body.

use axum::{
    Json,
    body::Bytes,
    extract::FromRequestParts,
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use httpkit::{
    Problem,
    act::{Repetition, key_of},
    caller::Surface,
};
use kernel::{AppError, Lang, error::Broken};

use crate::{Identity, NewSession, views};

/// A writing request without a body, such as a deletion: its key against repetition.
pub(crate) struct Bare(pub Repetition);

impl<S: Send + Sync> FromRequestParts<S> for Bare {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        Ok(Self(Repetition {
            endpoint: format!("{} {}", parts.method, parts.uri.path()),
            key: key_of(&parts.headers)?,
            body: Bytes::new(),
        }))
    }
}

/// The session that begins, and its cookie.
pub(crate) async fn signed_in(
    context: &Identity,
    signed_in: &NewSession,
    lang: Lang,
) -> Result<Response, AppError> {
    let now = context.now();
    let token = signed_in.token.reveal();
    let principal = context.kit().sessions.resolve(token, now).await?;
    let view = views::session_view(context, &principal, lang).await?;
    with_cookie(
        Json(view).into_response(),
        context,
        signed_in.surface,
        token,
        "",
    )
}

/// Sets the cookie of a surface. Nothing says when it ends: the server does.
fn with_cookie(
    mut response: Response,
    context: &Identity,
    surface: Surface,
    token: &str,
    more: &str,
) -> Result<Response, AppError> {
    let secure = if context.kit().secure { "; Secure" } else { "" };
    let cookie = format!(
        "{}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{more}",
        surface.cookie()
    );
    let value = HeaderValue::from_str(&cookie)
        .map_err(|fault| Broken::caused("a cookie cannot be written", fault))?;
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, value);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Takes the cookie of a surface away.
pub(crate) fn without_cookie(
    response: Response,
    context: &Identity,
    surface: Surface,
) -> Result<Response, AppError> {
    with_cookie(response, context, surface, "", "; Max-Age=0")
}
