//! The list of services that anybody can see, with a plain search.

use axum::{extract::State, http::HeaderMap};
use httpkit::{Authorised, Filter, ProblemDocument, Reply, Rows};
use kernel::{
    AppError, Refusal,
    caller::Anyone,
    codes,
    item::{ApplicantKind, CaseKind, ItemCode, ItemFacts, MaterialSource, Period, Words},
    limits,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Catalog, shelf::Published, tagged::Tagged};

/// What to look for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ItemsQuery {
    /// Words that name, summary or domain contain.
    #[param(max_length = 200)]
    pub(crate) query: Option<String>,
    /// Only items for these applicants.
    pub(crate) applicant: Option<ApplicantKind>,
}

/// A service in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ItemRow {
    /// Code.
    pub code: ItemCode,
    /// Name.
    pub name: Words,
    /// One sentence of what it is for.
    pub summary: Words,
    /// Domain.
    pub domain: String,
    /// Done at once, or within a promise.
    pub kind: CaseKind,
    /// For whom.
    pub applicants: Vec<ApplicantKind>,
    /// The promise.
    pub promised: Option<Period>,
    /// The statutory limit.
    pub statutory: Option<Period>,
    /// Materials that the applicant must bring.
    pub materials_asked: usize,
    /// Materials that registers stand in for.
    pub materials_shared: usize,
    /// How often he must come.
    pub visits: u8,
    /// Whether it has no form and rules of its own yet.
    pub general: bool,
    /// Whether it can be applied for now.
    pub open: bool,
}

/// The rows, and a digest that changes whenever one of them does.
fn found(catalog: &Catalog, filter: &ItemsQuery) -> Result<(Vec<ItemRow>, String), AppError> {
    let query = filter
        .query
        .as_deref()
        .unwrap_or_default()
        .trim()
        .to_lowercase();
    if query.chars().count() > limits::LINE_CHARS_MAX {
        return Err(Refusal::new(&codes::E1014).with("name", "query").into());
    }
    let today = catalog.today();
    let shelf = catalog.shelf();
    let mut rows = Vec::new();
    let mut digests = String::new();
    for code in shelf.0.keys() {
        let Some(published) = shelf.current(code, today) else {
            continue;
        };
        let facts = &published.edition.facts;
        let fits = filter
            .applicant
            .is_none_or(|kind| facts.applicants.contains(&kind));
        if fits && speaks_of(facts, &query) {
            digests.push_str(&published.edition.digest);
            rows.push(row(published));
        }
    }
    // What is complete stands first: most people come for it.
    rows.sort_by_key(|row| row.general);
    Ok((rows, seal::sm3_hex(digests.as_bytes())))
}

/// Every word of the query stands in the name, the summary or the domain.
fn speaks_of(facts: &ItemFacts, query: &str) -> bool {
    let texts = [
        &facts.name.zh,
        &facts.name.en,
        &facts.summary.zh,
        &facts.summary.en,
        &facts.domain,
    ];
    let texts = texts.map(|text| text.to_lowercase());
    let code = facts.code.as_str().to_lowercase();
    let told = |word: &str| code == word || texts.iter().any(|text| text.contains(word));
    query.split_whitespace().all(told)
}

fn row(published: &Published) -> ItemRow {
    let facts = &published.edition.facts;
    let (shared, own): (Vec<_>, Vec<_>) = facts
        .materials
        .iter()
        .partition(|one| one.source == MaterialSource::Shared);
    ItemRow {
        code: facts.code.clone(),
        name: facts.name.clone(),
        summary: facts.summary.clone(),
        domain: facts.domain.clone(),
        kind: facts.kind,
        applicants: facts.applicants.clone(),
        promised: facts.limits.promised,
        statutory: facts.limits.statutory,
        materials_asked: own.iter().filter(|one| one.required).count(),
        materials_shared: shared.len(),
        visits: facts.visits,
        general: facts.general.is_some(),
        open: true,
    }
}

/// Services that anybody can apply for.
#[utoipa::path(
    get,
    path = "/items",
    tag = "catalog",
    params(ItemsQuery),
    responses(
        (status = 200, body = Rows<ItemRow>, headers(("ETag" = String, description = "Digest of the list"))),
        (status = 304, description = "The reader has this list already"),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_items(
    State(catalog): State<Catalog>,
    _caller: Authorised<Anyone>,
    Filter(filter): Filter<ItemsQuery>,
    headers: HeaderMap,
) -> Reply<Tagged<Rows<ItemRow>>> {
    let (rows, digest) = found(&catalog, &filter)?;
    Ok(Tagged::new(&digest, &headers, Rows::all(rows)))
}
