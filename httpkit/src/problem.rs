//! Problem documents (RFC 9457): a stable code, words in the reader's language, the request's
//! number, and every field fault. What broke inside is logged once and never shown.

use std::sync::Arc;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{
    AppError, Lang, Refusal, codes,
    ids::{CaseId, RequestId},
};
use serde::Serialize;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder, response::Response as Documented},
};

/// Seconds in `Retry-After` where nobody knows better: the queue of a lane holds two seconds of work.
const RETRY_SECONDS: i64 = 2;

/// An error on its way out. The middleware writes the document: it knows language and number.
#[derive(Debug)]
pub struct Problem(AppError);

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        Self(error)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self(refusal.into())
    }
}

impl From<store::StoreError> for Problem {
    fn from(error: store::StoreError) -> Self {
        Self(error.into())
    }
}

/// Carries the error from the handler to the middleware.
#[derive(Clone)]
pub(crate) struct Carried(pub Arc<AppError>);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = match &self.0 {
            AppError::Refused(refusal) => refusal.code().status,
            AppError::Broken(_) => codes::E1900.status,
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(Carried(Arc::new(self.0)));
        response
    }
}

/// The document as it is sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDocument {
    /// Address of the page about this code.
    #[serde(rename = "type")]
    #[schema(example = "/errors/E1010")]
    pub kind: String,
    /// The stable code.
    #[schema(example = "E1010")]
    pub code: String,
    /// What happened.
    pub title: String,
    /// What to do.
    pub detail: String,
    /// HTTP status.
    pub status: u16,
    /// The number to tell when asking for help.
    pub request_id: RequestId,
    /// Faults of single fields.
    pub faults: Vec<FaultDocument>,
    /// The case that stands in the way, where one does (`E1205`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<CaseId>,
}

/// One field fault.
#[derive(Debug, Serialize, ToSchema)]
pub struct FaultDocument {
    /// JSON pointer.
    #[schema(example = "/data/leave_date")]
    pub pointer: String,
    /// The code of the fault.
    pub code: String,
    /// What is wrong, in words.
    pub title: String,
    /// What to do.
    pub detail: String,
}

/// Writes the document of an error.
pub(crate) fn render(error: &AppError, lang: Lang, request_id: RequestId) -> Response {
    let number = request_id.to_string();
    let broken;
    let refusal = match error {
        AppError::Refused(refusal) => refusal.as_ref(),
        AppError::Broken(fault) => {
            tracing::error!(error = %describe(fault), "request failed");
            broken = Refusal::new(&codes::E1900).with("request", number);
            &broken
        }
    };
    let code = refusal.code();
    let document = ProblemDocument {
        kind: format!("/errors/{}", code.id),
        code: code.id.to_owned(),
        title: refusal.title(lang),
        detail: refusal.advice(lang),
        status: code.status,
        request_id,
        faults: refusal
            .field_faults()
            .iter()
            .map(|fault| FaultDocument {
                pointer: fault.pointer.clone(),
                code: fault.code.id.to_owned(),
                title: fault.title(lang),
                detail: fault.advice(lang),
            })
            .collect(),
        case_id: refusal.case(),
    };
    let status = StatusCode::from_u16(code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(document)).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    headers.insert(
        header::CONTENT_LANGUAGE,
        HeaderValue::from_static(lang.tag()),
    );
    if matches!(code.status, 429 | 503) {
        let seconds = refusal.retry_seconds().unwrap_or(RETRY_SECONDS);
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn describe(fault: &dyn std::error::Error) -> String {
    let mut text = fault.to_string();
    let mut source = fault.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// The refusals every endpoint may give, for the API document.
#[derive(Debug, Clone, Copy)]
pub struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> std::collections::BTreeMap<String, RefOr<Documented>> {
        let content = || {
            ContentBuilder::new()
                .schema(Some(Ref::from_schema_name(ProblemDocument::name())))
                .build()
        };
        [
            ("400", "The request cannot be read"),
            ("401", "Nobody is signed in"),
            ("403", "The caller may not"),
            ("404", "It does not exist, or not for this caller"),
            (
                "409",
                "The state does not allow it, or somebody else was faster",
            ),
            ("413", "The content is too large"),
            ("415", "The content type is not supported"),
            ("422", "A field is wrong"),
            ("428", "The version is missing"),
            ("429", "Too many requests"),
            ("503", "Busy, or a register does not answer"),
        ]
        .into_iter()
        .map(|(status, words)| {
            let response = ResponseBuilder::new()
                .description(words)
                .content("application/problem+json", content())
                .build();
            (status.to_owned(), response.into())
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::ids::Id as _;
    use serde_json::{Value, json};

    fn rendered(refusal: Refusal) -> Response {
        let number = RequestId::from_uuid(uuid::Uuid::nil());
        render(&refusal.into(), Lang::En, number)
    }

    async fn document(refusal: Refusal) -> Value {
        let body = rendered(refusal).into_body();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn retry_after_tells_the_time_that_is_left_where_it_is_known() {
        let after = |refusal| {
            rendered(refusal)
                .headers()
                .get(header::RETRY_AFTER)
                .cloned()
        };
        assert_eq!(
            after(Refusal::new(&codes::E1104).retry_in(871)).unwrap(),
            "871"
        );
        assert_eq!(after(Refusal::new(&codes::E1901)).unwrap(), "2");
        assert_eq!(after(Refusal::new(&codes::E1205)), None);
    }

    #[tokio::test]
    async fn a_problem_names_the_case_that_stands_in_the_way_and_only_then() {
        let case = CaseId::from_uuid(uuid::Uuid::from_u128(7));
        let told = document(Refusal::new(&codes::E1205).about_case(case)).await;
        assert_eq!(told["case_id"], json!(case));
        let told = document(Refusal::new(&codes::E1205)).await;
        assert!(told.get("case_id").is_none());
    }
}
