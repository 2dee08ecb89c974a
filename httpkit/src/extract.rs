//! Extractors whose refusals are problem documents.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{HeaderMap, header, request::Parts},
};
use kernel::{Refusal, codes, error::FieldFault, limits::JSON_BODY_BYTES_MAX};
use serde::de::DeserializeOwned;

use crate::Problem;

/// Path parameters (ids); a malformed one is `E1011`.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(params)) => Ok(Self(params)),
            Err(_) => Err(Refusal::new(&codes::E1011).into()),
        }
    }
}

/// Query parameters; a wrong one is `E1014`.
#[derive(Debug)]
pub struct Filter<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Filter<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if let Some(name) = nul_in_query(parts.uri.query().unwrap_or_default()) {
            return Err(wrong_parameter(name));
        }
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(filter)) => Ok(Self(filter)),
            Err(fault) => {
                let text = fault.to_string();
                Err(wrong_parameter(text.rsplit(": ").nth(1).unwrap_or("?")))
            }
        }
    }
}

fn wrong_parameter(name: &str) -> Problem {
    let known = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let name = if known && name.len() < 40 { name } else { "?" };
    Refusal::new(&codes::E1014).with("name", name).into()
}

/// The parameter that holds the character NUL, if one does: PostgreSQL cannot store or compare it,
/// and nobody writes it.
fn nul_in_query(query: &str) -> Option<&str> {
    let pair = query.split('&').find(|pair| pair.contains("%00"))?;
    pair.split('=').next()
}

/// Whether a JSON text spells the character NUL somewhere.
fn nul_in_json(bytes: &[u8]) -> bool {
    const NUL: &[u8] = b"\\u0000";
    let starts = bytes.windows(NUL.len()).enumerate();
    starts.filter(|(_, part)| *part == NUL).any(|(at, _)| {
        let before = bytes.get(..at).unwrap_or_default();
        before
            .iter()
            .rev()
            .take_while(|byte| **byte == b'\\')
            .count()
            % 2
            == 0
    })
}

/// A JSON body without protection against repetition (sign-in and the like).
#[derive(Debug)]
pub struct Input<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Input<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = body(request, state).await?;
        Ok(Self(parse(&bytes)?))
    }
}

/// Reads a JSON body within its limit.
pub(crate) async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    let json = |headers: &HeaderMap| {
        headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|kind| {
                kind.split(';')
                    .next()
                    .unwrap_or("")
                    .trim()
                    .eq_ignore_ascii_case("application/json")
            })
    };
    if !json(request.headers()) {
        return Err(Refusal::new(&codes::E1004)
            .with("wanted", "application/json")
            .into());
    }
    let (parts, body) = request.into_parts();
    let limited = axum::body::Body::new(http_body_util::Limited::new(body, JSON_BODY_BYTES_MAX));
    Bytes::from_request(Request::from_parts(parts, limited), state)
        .await
        .map_err(|_| {
            let limit = format!("{} kB", JSON_BODY_BYTES_MAX / 1024);
            Refusal::new(&codes::E1003).with("limit", limit).into()
        })
}

/// Reads JSON as `T`: text that is no JSON is `E1001`; a wrong field is `E1002` with its pointer.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|fault| {
        if !fault.inner().is_data() {
            return Problem::from(Refusal::new(&codes::E1001));
        }
        let pointer = pointer_of(fault.path(), &fault.inner().to_string());
        let code = code_of(&fault.inner().to_string());
        Refusal::fields(vec![FieldFault {
            pointer,
            code,
            args: Vec::new(),
        }])
        .into()
    })?;
    reader.end().map_err(|_| Refusal::new(&codes::E1001))?;
    if nul_in_json(bytes) {
        return Err(Refusal::fields(Vec::new()).field("", &codes::E1023).into());
    }
    Ok(value)
}

fn pointer_of(path: &serde_path_to_error::Path, text: &str) -> String {
    use serde_path_to_error::Segment;
    let mut segments: Vec<String> = path
        .iter()
        .filter_map(|segment| match segment {
            Segment::Map { key } => Some(key.clone()),
            Segment::Seq { index } => Some(index.to_string()),
            Segment::Enum { variant } => Some(variant.clone()),
            Segment::Unknown => None,
        })
        .collect();
    let missing = text
        .strip_prefix("missing field `")
        .and_then(|rest| rest.split('`').next());
    segments.extend(missing.map(ToOwned::to_owned));
    segments
        .into_iter()
        .flat_map(|segment| ["/".to_owned(), segment])
        .collect()
}

fn code_of(text: &str) -> &'static kernel::Code {
    if text.starts_with("missing field") {
        &codes::E1020
    } else if text.starts_with("unknown field") {
        &codes::E1029
    } else if text.starts_with("unknown variant") {
        &codes::E1024
    } else if text.starts_with("invalid type") {
        &codes::E1032
    } else {
        &codes::E1023
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse as _;

    #[derive(serde::Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Act {
        #[expect(dead_code, reason = "only its parsing matters")]
        lines: Vec<Line>,
    }

    #[derive(serde::Deserialize, Debug)]
    struct Line {
        #[expect(dead_code, reason = "only its parsing matters")]
        defect: String,
    }

    fn status(text: &str) -> u16 {
        parse::<Act>(text.as_bytes())
            .unwrap_err()
            .into_response()
            .status()
            .as_u16()
    }

    #[test]
    fn text_that_is_no_json_differs_from_a_wrong_field() {
        assert_eq!(status("{"), 400);
        assert_eq!(status("{\"lines\":[]} x"), 400);
        assert_eq!(status("{\"lines\":[{}]}"), 422);
        assert_eq!(status("{\"lines\":3}"), 422);
        assert_eq!(status("{\"lines\":[],\"other\":1}"), 422);
    }

    #[test]
    fn the_character_nul_is_refused_wherever_it_stands() {
        #[derive(serde::Deserialize)]
        struct Words {
            #[expect(dead_code, reason = "only its parsing matters")]
            words: String,
        }
        let reads = |text: &str| parse::<Words>(text.as_bytes()).is_ok();
        assert!(reads(r#"{"words":"a\\u0000"}"#));
        assert!(!reads(r#"{"words":"a\u0000"}"#));
        assert!(!reads(r#"{"words":"a\\\u0000"}"#));
        assert_eq!(nul_in_query("a=1&name=x%00y"), Some("name"));
        assert_eq!(nul_in_query("a=1&name=x%2500y"), None);
    }
}
