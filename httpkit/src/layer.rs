//! The middleware around every request: its number, its log line, its metrics, its problem
//! document.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use kernel::{
    AppError, Lang, Refusal, codes,
    error::Broken,
    ids::{Id as _, RequestId},
};
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer};
use tracing::Instrument as _;

use crate::{
    Kit,
    problem::{self, Carried, Problem},
    refused::{self, Minute, Trace},
};

/// A request that is not answered within this time is given up; uploads have limits of their own,
/// and live pages and files have been answered when they begin.
pub const REQUEST_SECONDS_MAX: Duration = Duration::from_secs(30);

/// Language and number of a request, for extractors.
#[derive(Clone, Debug)]
pub struct RequestFacts {
    /// Its number.
    pub id: RequestId,
    /// The reader's language.
    pub lang: Lang,
}

/// Wraps the whole application.
pub fn wrap(router: Router, kit: &Kit) -> Router {
    let fixed = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    };
    router
        .fallback(|| async { Problem::from(Refusal::new(&codes::E1005)) })
        .method_not_allowed_fallback(|| async { Problem::from(Refusal::new(&codes::E1006)) })
        .layer(CatchPanicLayer::custom(|_| {
            Problem::from(AppError::from(Broken::new("a handler panicked"))).into_response()
        }))
        .layer(middleware::from_fn_with_state(
            (kit.clone(), Arc::<Minute>::default()),
            around,
        ))
        .layer(fixed("x-content-type-options", "nosniff"))
        .layer(fixed("x-frame-options", "DENY"))
        .layer(fixed("referrer-policy", "same-origin"))
        .layer(fixed("cross-origin-opener-policy", "same-origin"))
        .layer(fixed(
            "permissions-policy",
            "camera=(self), geolocation=(), microphone=()",
        ))
}

/// The method as a label: words that clients make up share one.
fn verb(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// Whether a request sends a file, which takes longer than others.
fn is_upload(method: &Method, path: &str) -> bool {
    method == Method::POST && path.ends_with("/files")
}

async fn around(
    State((kit, minute)): State<(Kit, Arc<Minute>)>,
    mut request: Request,
    next: Next,
) -> Response {
    let lang = request
        .headers()
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .map_or(Lang::Zh, Lang::from_header);
    let mut entropy = store::system::SystemEntropy;
    let id = RequestId::new(kit.clock.now(), &mut entropy);
    let path: Arc<str> = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".into(), |matched| matched.as_str().into());
    let method = request.method().clone();
    request.extensions_mut().insert(RequestFacts { id, lang });
    let trace = Trace::default();
    request.extensions_mut().insert(trace.clone());
    let span = tracing::info_span!("request", %id, %method, path = %path);
    let started = tokio::time::Instant::now();
    let answer = next.run(request).instrument(span.clone());
    let mut response = if is_upload(&method, &path) {
        answer.await
    } else {
        tokio::time::timeout(REQUEST_SECONDS_MAX, answer)
            .await
            .unwrap_or_else(|_| {
                let busy = Refusal::new(&codes::E1901).with("seconds", "30");
                Problem::from(busy).into_response()
            })
    };
    if let Some(carried) = response.extensions_mut().remove::<Carried>() {
        let _guard = span.enter();
        refused::note(&kit, &minute, &trace, (&method, &path), &carried.0);
        let allowed = response.headers_mut().remove(header::ALLOW);
        response = problem::render(&carried.0, lang, id);
        if let Some(allowed) = allowed {
            response.headers_mut().insert(header::ALLOW, allowed);
        }
    }
    let status = response.status().as_u16();
    let seconds = started.elapsed().as_secs_f64();
    let verb = verb(&method);
    metrics::histogram!("yici_http_seconds", "method" => verb, "path" => path.to_string())
        .record(seconds);
    metrics::counter!("yici_http_requests", "method" => verb, "path" => path.to_string(), "status" => status.to_string())
        .increment(1);
    span.in_scope(|| tracing::info!(status, seconds, "answered"));
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}
