//! The guide of one service.

use std::sync::Arc;

use axum::{extract::State, http::HeaderMap};
use httpkit::{Authorised, Params, ProblemDocument, Reply};
use kernel::{
    AppError, Refusal,
    caller::Anyone,
    codes,
    item::{ItemCode, ItemFacts, Suspension},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    Catalog,
    calculator::Calculators,
    list_calculators::{CalculatorRow, row},
    shelf::Published,
    tagged::Tagged,
};

/// Everything published about a service.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ItemGuide {
    /// The facts.
    #[serde(flatten)]
    pub facts: ItemFacts,
    /// Number of the edition.
    pub edition: i32,
    /// Valid from this day.
    #[schema(value_type = Option<String>, format = Date)]
    pub effective: Option<kernel::Date>,
    /// Why no new cases are taken for now; null while they are.
    pub suspended: Option<Suspension>,
    /// Calculators that belong to it.
    pub calculators: Vec<CalculatorRow>,
    /// The form as the browser shows it.
    #[schema(value_type = Object)]
    pub form: Arc<Value>,
}

fn guide(published: &Published, calculators: &Calculators, today: kernel::Date) -> ItemGuide {
    let belonging = calculators.of(&published.edition.facts.code);
    ItemGuide {
        calculators: belonging.map(row).collect(),
        facts: published.edition.facts.clone(),
        edition: published.edition.edition,
        effective: published.standing.effective,
        suspended: published.standing.suspension(today),
        form: Arc::clone(&published.form_view),
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
    let today = catalog.today();
    let published = shelf
        .current(&code, today)
        .ok_or_else(|| AppError::from(Refusal::new(&codes::E1213)))?;
    let guide = guide(published, &catalog.calculators(), today);
    let digest = published.digest(today);
    if guide.calculators.is_empty() {
        return Ok(Tagged::new(&digest, &headers, guide));
    }
    let digest = serde_json::json!([digest, guide.calculators]);
    let digest = seal::sm3_hex(digest.to_string().as_bytes());
    Ok(Tagged::new(&digest, &headers, guide))
}
