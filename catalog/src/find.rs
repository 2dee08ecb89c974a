//! Search over everything that a citizen may look for. Nothing is kept of what was asked.

use axum::extract::State;
use httpkit::{Authorised, Filter, ProblemDocument, Reply};
use kernel::{
    AppError, Refusal,
    caller::Anyone,
    codes,
    error::Broken,
    item::{ApplicantKind, Faq, ItemCode, Words},
    limits,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Catalog, Elsewhere, Hall, LifeEvent, OwnPage,
    finder::{Finder, Found},
    list_items::{ItemRow, row},
};

/// Entries of all kinds that are looked at.
const LOOKED_AT: usize = 60;
/// Items in an answer: who has not found it among these asks otherwise.
const ITEMS_MAX: usize = 20;
/// Of each other kind.
const OTHERS_MAX: usize = 3;
/// The part of the best score that an item must reach to be shown.
const ITEM_SHARE: f32 = 0.3;
/// The same for what is not an item.
const OTHER_SHARE: f32 = 0.6;
/// Score a character of the question below which nothing fits well.
const CERTAIN_PER_LETTER: f32 = 2.2;

/// What is looked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FindQuery {
    /// A question, words, pinyin, initials or English.
    #[param(max_length = 200)]
    pub(crate) query: String,
    /// Only what concerns these applicants.
    pub(crate) applicant: Option<ApplicantKind>,
}

/// An answered question of an item.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundAnswer {
    /// The item.
    pub item: ItemCode,
    /// Its name.
    pub name: Words,
    /// Question and answer.
    #[serde(flatten)]
    pub faq: Faq,
}

/// What was found, each kind with the best first.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct FoundAll {
    /// Whether the first item is likely meant; if not, these are the nearest.
    pub certain: bool,
    /// Items.
    pub items: Vec<ItemRow>,
    /// Answered questions.
    pub answers: Vec<FoundAnswer>,
    /// Life events.
    pub life_events: Vec<LifeEvent>,
    /// Halls.
    pub halls: Vec<Hall>,
    /// Matters that another body handles.
    pub elsewhere: Vec<Elsewhere>,
    /// Pages of the portal.
    pub pages: Vec<OwnPage>,
}

/// Finds what fits a question.
async fn find(catalog: &Catalog, asked: &FindQuery) -> Result<FoundAll, AppError> {
    let question = asked.query.trim();
    if question.chars().count() > limits::LINE_CHARS_MAX {
        return Err(Refusal::new(&codes::E1014).with("name", "query").into());
    }
    let finder = catalog.finder().await?;
    let hits = finder.find(question, LOOKED_AT);
    let hits = hits.map_err(|fault| Broken::caused("search", fault))?;
    let length = length(question);
    Ok(sorted(catalog, &finder, asked.applicant, hits, length))
}

/// How much was asked, in characters: three letters are about one of them.
fn length(question: &str) -> f32 {
    let letters = question.chars().filter(|letter| letter.is_alphanumeric());
    let letters = letters.map(|letter| if letter.is_ascii() { 0.3 } else { 1.0 });
    letters.sum()
}

/// The hits by kind, without those that fit far worse than the best.
fn sorted(
    catalog: &Catalog,
    finder: &Finder,
    applicant: Option<ApplicantKind>,
    hits: Vec<(&Found, f32)>,
    length: f32,
) -> FoundAll {
    let (shelf, _) = &finder.of;
    let today = catalog.today();
    let mut all = FoundAll::default();
    let best = hits.first().map_or(0.0, |(_, score)| *score);
    let first = hits.first().map(|(found, _)| *found);
    for (found, score) in hits {
        match found {
            Found::Item(code) => {
                let Some(published) = shelf.current(code, today) else {
                    continue;
                };
                let row = row(published, today);
                let fits = applicant.is_none_or(|kind| row.applicants.contains(&kind));
                if !fits || score < best * ITEM_SHARE || all.items.len() == ITEMS_MAX {
                    continue;
                }
                all.certain |= score >= CERTAIN_PER_LETTER * length;
                all.items.push(row);
            }
            _ if score < best * OTHER_SHARE => {}
            Found::Answer(code, faq) if all.answers.len() < OTHERS_MAX => {
                let published = shelf.current(code, today);
                all.answers.extend(published.map(|published| FoundAnswer {
                    item: code.clone(),
                    name: published.edition.facts.name.clone(),
                    faq: faq.clone(),
                }));
            }
            Found::LifeEvent(event) if all.life_events.len() < OTHERS_MAX => {
                all.life_events.push(event.clone());
            }
            Found::Hall(hall) if all.halls.len() < OTHERS_MAX => all.halls.push(hall.clone()),
            // Said only where nothing of ours fits better.
            Found::Elsewhere(one) if all.elsewhere.is_empty() && all.items.len() < OTHERS_MAX => {
                all.elsewhere.push(one.clone());
            }
            Found::Page(page) if all.pages.len() < OTHERS_MAX => all.pages.push(page.clone()),
            Found::Answer(..)
            | Found::LifeEvent(_)
            | Found::Hall(_)
            | Found::Elsewhere(_)
            | Found::Page(_) => {}
        }
    }
    add_events(&mut all, finder, first);
    all
}

/// Who looks for one thing often has more to do; who looks for a place or a page has not.
fn add_events(all: &mut FoundAll, finder: &Finder, first: Option<&Found>) {
    if matches!(first, Some(Found::Hall(_) | Found::Page(_))) {
        return;
    }
    let Some(first) = all.items.first() else {
        return;
    };
    for event in finder.events_of(&first.code) {
        let known = all.life_events.iter().any(|one| one.id == event.id);
        if !known && all.life_events.len() < OTHERS_MAX {
            all.life_events.push(event.clone());
        }
    }
}

/// Looks for items, answers, life events, halls and pages.
#[utoipa::path(
    get,
    path = "/search",
    tag = "catalog",
    params(FindQuery),
    responses(
        (status = 200, body = FoundAll),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn search(
    State(catalog): State<Catalog>,
    _caller: Authorised<Anyone>,
    Filter(asked): Filter<FindQuery>,
) -> Reply<axum::Json<FoundAll>> {
    Ok(axum::Json(find(&catalog, &asked).await?))
}
