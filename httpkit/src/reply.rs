//! Shapes of answers.

use axum::{
    Json,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A list, or one page of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Rows<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Cursor of the next page; none at the end.
    pub next: Option<String>,
}

impl<T> Rows<T> {
    /// A whole list.
    pub const fn all(rows: Vec<T>) -> Self {
        Self { rows, next: None }
    }
}

impl<T> From<store::page::Page<T>> for Rows<T> {
    fn from(page: store::page::Page<T>) -> Self {
        Self {
            rows: page.rows,
            next: page.next,
        }
    }
}

impl<T: Serialize> IntoResponse for Rows<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// An aggregate with its version as `ETag`.
#[derive(Debug)]
pub struct Versioned<T>(pub i64, pub T);

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.1).into_response();
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", self.0)) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
