//! The browser side, embedded: hashed files for ever, pages never cached, each with its policy.

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use httpkit::Problem;
use kernel::{Refusal, codes};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../web/dist"]
#[allow_missing = true]
struct Dist;

/// Everything from ourselves, nothing inline (GB/T 22239 L3, SEC-30).
pub(crate) const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    object-src 'self' blob:; frame-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Pages and their files; unknown paths belong to the pages.
pub fn routes() -> Router {
    Router::new()
        .route("/", any(serve))
        .route("/{*path}", any(serve))
}

/// The address of the style sheet of plain guides; empty when the browser side is not built.
pub(crate) fn guide_style() -> String {
    let manifest = Dist::get(".vite/guide.json");
    let manifest: Option<serde_json::Value> =
        manifest.and_then(|found| serde_json::from_slice(&found.data).ok());
    let file = manifest.as_ref().and_then(|manifest| {
        let file = manifest.get("src/guide/guide.css")?.get("file")?;
        file.as_str()
    });
    file.map_or_else(String::new, |file| format!("/{file}"))
}

async fn serve(request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api/") {
        return Problem::from(Refusal::new(&codes::E1005)).into_response();
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        let allowed = [(header::ALLOW, "GET,HEAD")];
        return (allowed, Problem::from(Refusal::new(&codes::E1006))).into_response();
    }
    let name = path.trim_start_matches('/');
    if let Some(response) = file(name, request.headers()) {
        return response;
    }
    // A path with an ending names a file; the rest are pages of the one or the other side.
    if name
        .rsplit('/')
        .next()
        .is_some_and(|last| last.contains('.'))
    {
        return Problem::from(Refusal::new(&codes::E1005)).into_response();
    }
    let page = if path == "/workbench" || path.starts_with("/workbench/") {
        "workbench.html"
    } else {
        "portal.html"
    };
    file(page, request.headers()).unwrap_or_else(|| {
        let words = "the browser side is not built: run `make run`, or `npm run build` in web/\n";
        (StatusCode::NOT_FOUND, words).into_response()
    })
}

fn file(name: &str, headers: &HeaderMap) -> Option<Response> {
    if name.is_empty()
        || std::path::Path::new(name)
            .extension()
            .is_some_and(|end| end == "gz" || end == "br")
    {
        return None;
    }
    let accepts = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    for (encoding, ending) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts.contains(encoding)
            && let Some(found) = Dist::get(&format!("{name}{ending}"))
        {
            return Some(respond(name, found, Some(encoding)));
        }
    }
    Dist::get(name).map(|found| respond(name, found, None))
}

fn respond(name: &str, found: EmbeddedFile, encoding: Option<&'static str>) -> Response {
    let mut response = Response::new(Body::from(found.data.into_owned()));
    let headers = response.headers_mut();
    let mut set = |name, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_TYPE, kind_of(name));
    set(header::VARY, "Accept-Encoding");
    if let Some(encoding) = encoding {
        set(header::CONTENT_ENCODING, encoding);
    }
    if std::path::Path::new(name)
        .extension()
        .is_some_and(|it| it == "html")
    {
        set(header::CACHE_CONTROL, "no-cache");
        set(header::CONTENT_SECURITY_POLICY, POLICY);
    } else if name.starts_with("assets/") {
        set(header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    } else {
        set(header::CACHE_CONTROL, "public, max-age=3600");
    }
    response
}

fn kind_of(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" | "webmanifest" => "application/json",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
