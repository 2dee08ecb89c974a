//! How an edition differs from the one before it.

use axum::{Json, extract::State};
use httpkit::{Authorised, Filter, Params, ProblemDocument, Reply};
use kernel::{AppError, caller::IsStaff, codes, item::ItemCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Catalog,
    difference::{Difference, between},
};

/// With which edition.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CompareQuery {
    /// The other edition; the one before if none.
    with: Option<i32>,
}

/// How two editions of an item differ.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EditionsCompared {
    /// The other edition; null where this one is the first.
    pub with: Option<i32>,
    /// Places in which they differ.
    pub rows: Vec<Difference>,
}

/// How an edition differs from another.
#[utoipa::path(get, path = "/workbench/items/{code}/editions/{edition}/differences", tag = "standards",
    params(("code" = ItemCode, Path), ("edition" = i32, Path), CompareQuery),
    responses(
        (status = 200, body = EditionsCompared),
        (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
    ))]
pub(crate) async fn compare_editions(
    State(catalog): State<Catalog>,
    _caller: Authorised<IsStaff>,
    Params((code, number)): Params<(ItemCode, i32)>,
    Filter(asked): Filter<CompareQuery>,
) -> Reply<Json<EditionsCompared>> {
    let shelf = catalog.shelf();
    let missing = || AppError::refused(&codes::E1012);
    let one = shelf.edition(&code, number).ok_or_else(missing)?;
    let Some(with) = asked.with.or_else(|| (number > 1).then(|| number - 1)) else {
        let rows = Vec::new();
        return Ok(Json(EditionsCompared { with: None, rows }));
    };
    let other = shelf.edition(&code, with).ok_or_else(missing)?;
    let (before, after) = (other.edition.as_ref(), one.edition.as_ref());
    Ok(Json(EditionsCompared {
        with: Some(with),
        rows: between(before.into(), after.into()),
    }))
}
