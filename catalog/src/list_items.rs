//! The list of services that anybody can see.

use axum::{extract::State, http::HeaderMap};
use httpkit::{Authorised, Filter, ProblemDocument, Reply, Rows};
use kernel::{
    Date,
    caller::Anyone,
    item::{ApplicantKind, CaseKind, ItemCode, MaterialSource, Period, Words},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Catalog, shelf::Published, tagged::Tagged};

/// What to look for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ItemsQuery {
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
    /// Whether it can be applied for now; false while it is suspended.
    pub open: bool,
}

/// The rows, and a digest that changes whenever one of them does.
fn found(catalog: &Catalog, filter: &ItemsQuery) -> (Vec<ItemRow>, String) {
    let today = catalog.today();
    let shelf = catalog.shelf();
    let mut rows = Vec::new();
    let mut digests = String::new();
    for code in shelf.0.keys() {
        let Some(published) = shelf.current(code, today) else {
            continue;
        };
        let applicants = &published.edition.facts.applicants;
        if filter
            .applicant
            .is_none_or(|kind| applicants.contains(&kind))
        {
            digests.push_str(&published.digest(today));
            rows.push(row(published, today));
        }
    }
    // What is complete stands first: most people come for it.
    rows.sort_by_key(|row| row.general);
    (rows, seal::sm3_hex(digests.as_bytes()))
}

pub(crate) fn row(published: &Published, today: Date) -> ItemRow {
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
        open: published.standing.suspension(today).is_none(),
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
    let (rows, digest) = found(&catalog, &filter);
    Ok(Tagged::new(&digest, &headers, Rows::all(rows)))
}
