//! The spreadsheet to fill in, made from the form and from what the item says of rosters.

use axum::{
    body::Body,
    extract::State as Context,
    http::{HeaderValue, Response, header},
};
use forms::Takes;
use httpkit::{Authorised, Filter, Refusals, Reply, send};
use kernel::{AppError, Lang, caller::CanApply, error::Broken, roster::RosterFacts};
use spreadsheets::{Column, Holds, MEDIA_TYPE, Sheet};

use super::{
    reading::facts_of,
    upload::{OfItem, offered},
};
use crate::{desk::Casework, model::Model};

/// Characters of the widest column.
const WIDTH_MAX: usize = 36;

/// The template of a roster.
#[utoipa::path(get, path = "/rosters/template", tag = "rosters", params(OfItem),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), Refusals))]
pub(crate) async fn roster_template(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Filter(of): Filter<OfItem>,
) -> Reply<Response<Body>> {
    let (_, model) = offered(&desk, &caller, &of.item)?;
    let lang = caller.request().lang;
    let facts = facts_of(&model)?;
    let sheet = sheet(&model, facts, lang);
    let name = format!("{}.xlsx", facts.name.get(lang));
    Ok(workbook(sheet, &name).await?)
}

/// The template: one example row, headings that explain themselves, and a page of explanations.
fn sheet(model: &Model, facts: &RosterFacts, lang: Lang) -> Sheet {
    Sheet {
        name: page_name(facts.name.get(lang)),
        columns: columns(model, facts, lang),
        rows: Vec::new(),
        prepared: facts.rows,
        guide_name: match lang {
            Lang::Zh => "填写说明",
            Lang::En => "How to fill it in",
        }
        .to_owned(),
        guide: guide(model, facts, lang),
    }
}

/// The columns of a roster in the language of whoever fills it in.
pub(super) fn columns(model: &Model, facts: &RosterFacts, lang: Lang) -> Vec<Column> {
    let column = |column: &kernel::roster::RosterColumn| {
        let field = column.field.as_str();
        let heading = model.form.heading(field, lang).unwrap_or_default();
        let letters = heading.chars().count() * 2;
        let example = column.example.chars().count();
        Column {
            note: note(model, column, lang),
            holds: match model.form.takes(field, lang) {
                Takes::Number(Some((min, max))) => Holds::Number { min, max },
                Takes::Choice(words) => Holds::Choice(words),
                Takes::Text | Takes::Code | Takes::Number(None) | Takes::Day | Takes::Month => {
                    Holds::Text
                }
            },
            required: model.form.is_always_required(field),
            width: u16::try_from((letters.max(example) + 4).min(WIDTH_MAX)).unwrap_or(12),
            heading,
        }
    };
    facts.columns.iter().map(column).collect()
}

/// What a heading explains: the note of the roster, otherwise the hint of the form.
fn note(model: &Model, column: &kernel::roster::RosterColumn, lang: Lang) -> String {
    let own = column.note.get(lang);
    let hint = model.form.hint(&column.field, lang).unwrap_or_default();
    (if own.is_empty() { hint } else { own }).to_owned()
}

fn guide(model: &Model, facts: &RosterFacts, lang: Lang) -> Vec<String> {
    let mut lines: Vec<String> = facts
        .guide
        .iter()
        .map(|words| words.get(lang).to_owned())
        .collect();
    lines.push(String::new());
    for column in &facts.columns {
        let heading = model.form.heading(&column.field, lang).unwrap_or_default();
        let needed = match (model.form.is_always_required(&column.field), lang) {
            (true, Lang::Zh) => "（必填）",
            (true, Lang::En) => " (required)",
            (false, _) => "",
        };
        let mut line = format!("{heading}{needed}");
        for (before, text) in [
            (("：", ": "), note(model, column, lang)),
            (("例如：", "for example: "), column.example.clone()),
        ] {
            if !text.is_empty() {
                line.push_str(match lang {
                    Lang::Zh => before.0,
                    Lang::En => before.1,
                });
                line.push_str(&text);
                line.push(' ');
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// A name that a page of a workbook may have: at most 31 letters, none of some signs.
pub(super) fn page_name(name: &str) -> String {
    let plain = name
        .chars()
        .filter(|letter| !matches!(letter, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\''));
    plain.take(31).collect()
}

/// A workbook as the answer of a request.
pub(super) async fn workbook(sheet: Sheet, name: &str) -> Result<Response<Body>, AppError> {
    // Thousands of cells are written: that is no work for whoever answers requests.
    let content = tokio::task::spawn_blocking(move || spreadsheets::write(&sheet))
        .await
        .map_err(|fault| Broken::caused("write a spreadsheet", fault))?
        .map_err(|fault| Broken::caused("write a spreadsheet", fault))?;
    let length = HeaderValue::from(content.len());
    let mut response = send::download(Body::from(content), MEDIA_TYPE, name);
    response
        .headers_mut()
        .insert(header::CONTENT_LENGTH, length);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_fit_for_pages() {
        assert_eq!(page_name("a/b:c"), "abc");
        assert_eq!(page_name(&"长".repeat(40)).chars().count(), 31);
    }
}
