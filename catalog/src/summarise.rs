//! The catalogue at a glance, for the first page.

use axum::{extract::State, http::HeaderMap};
use httpkit::{Authorised, Reply};
use kernel::{
    caller::Anyone,
    item::{ApplicantKind, MaterialSource},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Catalog,
    list_items::{ItemRow, row},
    tagged::Tagged,
};

/// Items on the first page.
const COMMON_MAX: usize = 8;

/// How much there is, and what most people come for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CatalogSummary {
    /// Items that can be applied for.
    pub items: usize,
    /// Of these, items for which nobody has to come.
    pub without_visit: usize,
    /// Materials that registers stand in for, over all items.
    pub materials_shared: usize,
    /// Complete items, those for persons first; eight at most.
    pub common: Vec<ItemRow>,
}

fn summary(catalog: &Catalog) -> (CatalogSummary, String) {
    let (shelf, today) = (catalog.shelf(), catalog.today());
    let codes = shelf.0.keys();
    let open: Vec<_> = codes
        .filter_map(|code| shelf.current(code, today))
        .collect();
    let facts = || open.iter().map(|one| &one.edition.facts);
    let shared = facts().flat_map(|facts| &facts.materials);
    let mut common: Vec<_> = open
        .iter()
        .filter(|one| one.edition.facts.general.is_none())
        .collect();
    common.sort_by_key(|one| {
        !one.edition
            .facts
            .applicants
            .contains(&ApplicantKind::Person)
    });
    let summary = CatalogSummary {
        items: open.len(),
        without_visit: facts().filter(|facts| facts.visits == 0).count(),
        materials_shared: shared
            .filter(|one| one.source == MaterialSource::Shared)
            .count(),
        common: common
            .into_iter()
            .take(COMMON_MAX)
            .map(|one| row(one, today))
            .collect(),
    };
    let digests: String = open.iter().map(|one| one.digest(today)).collect();
    (summary, seal::sm3_hex(digests.as_bytes()))
}

/// The catalogue in figures, with the items most people come for.
#[utoipa::path(
    get,
    path = "/catalog",
    tag = "catalog",
    responses(
        (status = 200, body = CatalogSummary, headers(("ETag" = String, description = "Digest of the catalogue"))),
        (status = 304, description = "The reader has this already"),
    )
)]
pub(crate) async fn summarise(
    State(catalog): State<Catalog>,
    _caller: Authorised<Anyone>,
    headers: HeaderMap,
) -> Reply<Tagged<CatalogSummary>> {
    let (summary, digest) = summary(&catalog);
    Ok(Tagged::new(&digest, &headers, summary))
}
