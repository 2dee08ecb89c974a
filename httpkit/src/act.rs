//! A write: a JSON body, the caller's key against repetition, the version he has seen.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
};
use kernel::{AppError, Refusal, codes};
use serde::de::DeserializeOwned;

use crate::{Problem, extract};

/// How a repetition of this request is recognised.
#[derive(Debug, Clone)]
pub struct Repetition {
    /// Method and path.
    pub endpoint: String,
    /// The caller's key.
    pub key: String,
    /// The body as sent.
    pub body: Bytes,
}

/// A writing request.
#[derive(Debug)]
pub struct Act<T> {
    /// The body.
    pub body: T,
    /// How a repetition is recognised.
    pub repetition: Repetition,
    version: Option<i64>,
}

impl<T> Act<T> {
    /// The version the caller has seen.
    ///
    /// # Errors
    /// `E1009` when he did not say.
    pub fn version(&self) -> Result<i64, AppError> {
        self.version.ok_or_else(|| AppError::refused(&codes::E1009))
    }
}

/// A writing request whose body is not JSON, or that has none: files, `DELETE`.
#[derive(Debug)]
pub struct Keyed {
    /// The version the caller has seen, if he said it.
    pub version: Option<i64>,
    endpoint: String,
    key: String,
}

impl Keyed {
    /// How a repetition is recognised; `body` is what makes the body this one.
    pub fn repetition(&self, body: impl Into<Bytes>) -> Repetition {
        Repetition {
            endpoint: self.endpoint.clone(),
            key: self.key.clone(),
            body: body.into(),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Keyed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        Ok(Self {
            key: key_of(&parts.headers)?,
            version: version_of(&parts.headers)?,
            endpoint: format!("{} {}", parts.method, parts.uri.path()),
        })
    }
}

/// Reads `Idempotency-Key`.
///
/// # Errors
/// `E1007` when it is missing or malformed.
pub fn key_of(headers: &HeaderMap) -> Result<String, AppError> {
    headers
        .get("idempotency-key")
        .and_then(|value| value.to_str().ok())
        .filter(|key| (8..=64).contains(&key.len()))
        .filter(|key| {
            key.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        })
        .map(ToOwned::to_owned)
        .ok_or_else(|| AppError::refused(&codes::E1007))
}

/// Reads `If-Match: "<version>"`.
///
/// # Errors
/// `E1015` when it is there but malformed.
pub fn version_of(headers: &HeaderMap) -> Result<Option<i64>, AppError> {
    let Some(value) = headers.get(header::IF_MATCH) else {
        return Ok(None);
    };
    value
        .to_str()
        .ok()
        .and_then(|text| text.trim().trim_matches('"').parse().ok())
        .map(Some)
        .ok_or_else(|| Refusal::new(&codes::E1015).with("name", "If-Match").into())
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Act<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let key = key_of(request.headers())?;
        let version = version_of(request.headers())?;
        let endpoint = format!("{} {}", request.method(), request.uri().path());
        let bytes = extract::body(request, state).await?;
        let body = extract::parse(&bytes)?;
        Ok(Self {
            body,
            repetition: Repetition {
                endpoint,
                key,
                body: bytes,
            },
            version,
        })
    }
}
