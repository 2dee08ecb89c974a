//! Public answers that a browser keeps until they change.

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// An answer with the digest of its content as `ETag`; a reader who has it gets 304.
#[derive(Debug)]
pub(crate) struct Tagged<T> {
    tag: String,
    seen: bool,
    body: T,
}

impl<T> Tagged<T> {
    pub(crate) fn new(digest: &str, headers: &HeaderMap, body: T) -> Self {
        let tag = format!("\"{digest}\"");
        let asked = headers.get(header::IF_NONE_MATCH);
        let mut known = asked
            .and_then(|value| value.to_str().ok())
            .unwrap_or("")
            .split(',');
        let seen = known.any(|one| one.trim().trim_start_matches("W/") == tag);
        Self { tag, seen, body }
    }
}

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let mut response = if self.seen {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Json(self.body).into_response()
        };
        let headers = response.headers_mut();
        if let Ok(tag) = HeaderValue::from_str(&self.tag) {
            headers.insert(header::ETAG, tag);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        response
    }
}
