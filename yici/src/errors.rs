//! A page about every code, at the address that problem documents carry as their type (RFC 9457):
//! the words of the code table in both languages, and what `docs/errors` says about it.

use axum::{
    Router,
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use httpkit::Problem;
use kernel::{Code, Lang, Refusal, codes};
use rust_embed::RustEmbed;

use crate::assets::POLICY;

#[derive(RustEmbed)]
#[folder = "../docs/errors"]
struct Texts;

const PAGE: &str = include_str!("errors/page.html");
const STYLE: &str = include_str!("errors/page.css");

/// The headings of a text, and how the page calls them.
const HEADINGS: [(&str, &str); 3] = [
    ("Meaning", "含义 · Meaning"),
    ("What the citizen does", "您怎么做 · What the citizen does"),
    (
        "What the clerk or administrator does",
        "工作人员怎么做 · What the clerk or administrator does",
    ),
];

/// The pages and their style.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/errors/page.css", get(style))
        .route("/errors/{code}", get(page))
}

async fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, STYLE).into_response()
}

async fn page(Path(id): Path<String>) -> Response {
    let Some(code) = codes::ALL.iter().find(|code| code.id == id) else {
        return Problem::from(Refusal::new(&codes::E1005)).into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    (headers, written(code)).into_response()
}

/// The page about a code.
fn written(code: &Code) -> String {
    let text = Texts::get(&format!("{}.md", code.id));
    let text = text.map(|file| String::from_utf8_lossy(&file.data).into_owned());
    let title = |lang| escaped(&open(code.title(lang)));
    let advice = |lang| escaped(&open(code.advice(lang)));
    [
        ("{code}", code.id.to_owned()),
        ("{title_zh}", title(Lang::Zh)),
        ("{advice_zh}", advice(Lang::Zh)),
        ("{title_en}", title(Lang::En)),
        ("{advice_en}", advice(Lang::En)),
        ("{more}", more(&text.unwrap_or_default())),
    ]
    .into_iter()
    .fold(PAGE.to_owned(), |page, (place, words)| {
        page.replace(place, &words)
    })
}

/// The words of a code without the values that only a single case has.
fn open(words: &str) -> String {
    let mut parts = words.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let rest = part.split_once('}').map_or(part, |(_, rest)| rest);
        text + "…" + rest
    })
}

/// The sections of a text: headings of the second order and paragraphs with code in them.
fn more(text: &str) -> String {
    let sections = text.split("\n## ").skip(1);
    let lines = sections.flat_map(|section| {
        let (heading, body) = section.split_once('\n').unwrap_or((section, ""));
        let known = HEADINGS.iter().find(|(name, _)| *name == heading.trim());
        let heading = known.map_or(heading, |(_, shown)| shown);
        let paragraphs = body.split("\n\n").filter(|part| !part.trim().is_empty());
        std::iter::once(format!("<h3>{}</h3>", escaped(heading)))
            .chain(paragraphs.map(|part| format!("<p lang=\"en\">{}</p>", with_code(part.trim()))))
            .collect::<Vec<_>>()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A paragraph whose words between backticks are code.
fn with_code(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(|(at, part)| match at % 2 {
            0 => escaped(part),
            _ => format!("<code>{}</code>", escaped(part)),
        })
        .collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_whole_page_in_both_languages() {
        for code in codes::ALL {
            let page = written(code);
            for lang in [Lang::Zh, Lang::En] {
                assert!(page.contains(&escaped(&open(code.title(lang)))), "{page}");
            }
            for (_, shown) in HEADINGS {
                assert!(
                    page.contains(&format!("<h3>{shown}</h3>\n<p lang=\"en\">")),
                    "{page}"
                );
            }
            let open = page.contains(['{', '}', '`']);
            assert!(!open, "{} keeps a place or a mark: {page}", code.id);
        }
    }

    #[test]
    fn values_of_a_single_case_are_left_open_and_signs_are_no_marks() {
        assert_eq!(
            open("期限是 {date}，请重新申请。"),
            "期限是 …，请重新申请。"
        );
        assert_eq!(
            with_code("a `b <c>` & d"),
            "a <code>b &lt;c&gt;</code> &amp; d"
        );
    }
}
