//! All that an edition says: the implementation list of its item, whoever reads it and wherever it stands.

use axum::{Json, extract::State};
use httpkit::{Authorised, Params, ProblemDocument, Reply};
use kernel::{AppError, caller::IsStaff, codes, item::ItemCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Catalog, difference::said};

/// What is said at one place.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SaidAt {
    /// Where: `limits.promised.n`, `materials[m2].name.zh`, `conditions`, `flow[review]`.
    pub place: String,
    /// What is said; several where it is a list.
    pub texts: Vec<String>,
}

/// All that an edition says.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EditionContent {
    /// Place by place.
    pub rows: Vec<SaidAt>,
}

/// All that an edition says.
#[utoipa::path(get, path = "/workbench/items/{code}/editions/{edition}", tag = "standards",
    params(("code" = ItemCode, Path), ("edition" = i32, Path)),
    responses(
        (status = 200, body = EditionContent),
        (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
    ))]
pub(crate) async fn show_edition(
    State(catalog): State<Catalog>,
    _caller: Authorised<IsStaff>,
    Params((code, number)): Params<(ItemCode, i32)>,
) -> Reply<Json<EditionContent>> {
    let shelf = catalog.shelf();
    let one = shelf.edition(&code, number);
    let one = one.ok_or_else(|| AppError::refused(&codes::E1012))?;
    let rows = said(one.edition.as_ref().into());
    let rows = rows
        .into_iter()
        .map(|(place, texts)| SaidAt { place, texts });
    Ok(Json(EditionContent {
        rows: rows.collect(),
    }))
}
