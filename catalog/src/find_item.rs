//! The guide of one service.

use axum::{extract::State, http::HeaderMap};
use httpkit::{Authorised, Params, ProblemDocument, Reply};
use kernel::{
    AppError, Refusal,
    caller::Anyone,
    codes,
    item::{ItemCode, ItemFacts},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{Catalog, shelf::Published, tagged::Tagged};

/// Everything published about a service.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ItemGuide {
    /// The facts.
    #[serde(flatten)]
    pub facts: ItemFacts,
    /// Number of the edition.
    pub edition: i32,
    /// Valid from this day.
    #[schema(value_type = String, format = Date)]
    pub effective: kernel::Date,
    /// The form as the browser shows it.
    #[schema(value_type = Object)]
    pub form: Value,
}

fn guide(published: &Published) -> ItemGuide {
    ItemGuide {
        facts: published.edition.facts.clone(),
        edition: published.edition.edition,
        effective: published.edition.effective,
        form: published.form_view.clone(),
    }
}

/// The guide of a service, in the edition for new cases.
#[utoipa::path(
    get,
    path = "/items/{code}",
    tag = "catalog",
    params(("code" = ItemCode, Path, description = "Code of the item, such as JY-009")),
    responses(
        (status = 200, body = ItemGuide, headers(("ETag" = String, description = "Digest of the edition"))),
        (status = 304, description = "The reader has this guide already"),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn find_item(
    State(catalog): State<Catalog>,
    _caller: Authorised<Anyone>,
    Params(code): Params<ItemCode>,
    headers: HeaderMap,
) -> Reply<Tagged<ItemGuide>> {
    let shelf = catalog.shelf();
    let published = shelf
        .current(&code, catalog.today())
        .ok_or_else(|| AppError::from(Refusal::new(&codes::E1213)))?;
    Ok(Tagged::new(
        &published.edition.digest,
        &headers,
        guide(published),
    ))
}
