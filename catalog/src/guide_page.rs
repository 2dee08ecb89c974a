//! Guides as plain pages: no script, printable, found by search engines, with a QR code that leads a
//! telephone to the page. Everything stands in the first answer.

mod body;
mod say;

use std::sync::Arc;

use axum::{
    Router,
    extract::{FromRef, Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use httpkit::{Authorised, Kit};
use kernel::{
    caller::Anyone,
    item::{ItemCode, Words},
    lang::Lang,
};
use maud::Markup;
use serde::Deserialize;

use crate::{Catalog, Topic, sheets::TOPICS};

/// Nothing runs on these pages and nothing comes from elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What the pages need to know of the program around them.
#[derive(Debug, Clone)]
pub struct Site {
    /// The bureau that publishes the guides.
    pub bureau: Words,
    /// The address of the style sheet.
    pub style: String,
    /// Whether the pages are reached by TLS.
    pub secure: bool,
}

#[derive(Clone)]
struct Pages {
    catalog: Catalog,
    site: Arc<Site>,
}

impl FromRef<Pages> for Kit {
    fn from_ref(pages: &Pages) -> Self {
        pages.catalog.kit.clone()
    }
}

#[derive(Deserialize)]
struct Asked {
    lang: Option<String>,
}

/// The pages `/guide`, `/guide/{code}` and `/sitemap.xml`.
pub fn pages(catalog: Catalog, site: Site) -> Router {
    let site = Arc::new(site);
    Router::new()
        .route("/guide", get(index))
        .route("/guide/{code}", get(guide))
        .route("/sitemap.xml", get(sitemap))
        .with_state(Pages { catalog, site })
}

/// The language in the address counts before that of the browser: a printed code leads to what was
/// printed. One that we do not speak says nothing.
fn language(asked: &Asked, headers: &HeaderMap) -> Lang {
    let header = headers.get(header::ACCEPT_LANGUAGE);
    let header = header.and_then(|value| value.to_str().ok());
    let of_browser = || header.map_or(Lang::Zh, Lang::from_header);
    let spoken = [Lang::Zh, Lang::En];
    let mut spoken = spoken.into_iter();
    let in_address = spoken.find(|lang| asked.lang.as_deref() == Some(lang.tag()));
    in_address.unwrap_or_else(of_browser)
}

/// The address under which the reader found this server. A host that is not one is left out: it
/// would stand in a code that people scan.
fn origin(site: &Site, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST);
    let host = host
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || ".-:[]".contains(letter);
    if host.is_empty() || !host.chars().all(plain) {
        return String::new();
    }
    let scheme = if site.secure { "https" } else { "http" };
    format!("{scheme}://{host}")
}

fn page(status: StatusCode, lang: Lang, markup: Markup) -> Response {
    let mut response = (status, markup.into_string()).into_response();
    let headers = response.headers_mut();
    let mut set = |name, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(header::CONTENT_TYPE, "text/html; charset=utf-8");
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::CACHE_CONTROL, "no-cache");
    set(header::VARY, "Accept-Language");
    set(header::CONTENT_LANGUAGE, lang.tag());
    response
}

async fn index(
    State(pages): State<Pages>,
    _caller: Authorised<Anyone>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let lang = language(&asked, &headers);
    let (shelf, today) = (pages.catalog.shelf(), pages.catalog.today());
    let topics: Vec<Topic> = pages.catalog.sheets().list(TOPICS);
    let name = |code: &ItemCode| {
        let published = shelf.current(code, today)?;
        Some((code.clone(), published.edition.facts.name.clone()))
    };
    let mut sorted: Vec<(Words, Vec<(ItemCode, Words)>)> = topics
        .iter()
        .map(|topic| {
            (
                topic.name.clone(),
                topic.items.iter().filter_map(name).collect(),
            )
        })
        .collect();
    let listed = |code: &&ItemCode| topics.iter().any(|topic| topic.items.contains(code));
    let others = shelf.0.keys().filter(|code| !listed(code));
    let others: Vec<(ItemCode, Words)> = others.filter_map(name).collect();
    if !others.is_empty() {
        sorted.push((say::others(), others));
    }
    page(
        StatusCode::OK,
        lang,
        body::index(&pages.site, lang, &sorted),
    )
}

async fn guide(
    State(pages): State<Pages>,
    _caller: Authorised<Anyone>,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let lang = language(&asked, &headers);
    let shelf = pages.catalog.shelf();
    let code: Option<ItemCode> = code.parse().ok();
    let published = code.and_then(|code| shelf.current(&code, pages.catalog.today()).cloned());
    let Some(published) = published else {
        return page(
            StatusCode::NOT_FOUND,
            lang,
            body::missing(&pages.site, lang),
        );
    };
    let origin = origin(&pages.site, &headers);
    page(
        StatusCode::OK,
        lang,
        body::guide(
            &pages.site,
            lang,
            &origin,
            (&published, pages.catalog.today()),
        ),
    )
}

/// The addresses of all guides, for search engines.
async fn sitemap(
    State(pages): State<Pages>,
    _caller: Authorised<Anyone>,
    headers: HeaderMap,
) -> Response {
    let origin = origin(&pages.site, &headers);
    let (shelf, today) = (pages.catalog.shelf(), pages.catalog.today());
    let codes = shelf.0.keys();
    let codes = codes.filter(|code| shelf.current(code, today).is_some());
    let places: String = codes.fold(String::new(), |all, code| {
        all + "<url><loc>" + origin.as_str() + "/guide/" + code.as_str() + "</loc></url>\n"
    });
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{places}</urlset>\n"
    );
    ([(header::CONTENT_TYPE, "application/xml")], text).into_response()
}
