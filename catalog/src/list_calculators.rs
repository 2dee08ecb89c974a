//! The calculators that anybody can use.

use axum::{extract::State, http::HeaderMap};
use httpkit::{Authorised, Reply, Rows};
use kernel::{caller::Anyone, item::Words};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Catalog, calculator::Calculator, tagged::Tagged};

/// A calculator in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CalculatorRow {
    /// Its name in addresses.
    pub id: String,
    /// Name.
    pub name: Words,
    /// What it tells.
    pub intro: Words,
}

/// A calculator as lists and guides name it.
pub(crate) fn row(calculator: &Calculator) -> CalculatorRow {
    let facts = &calculator.facts;
    CalculatorRow {
        id: facts.id.clone(),
        name: facts.name.clone(),
        intro: facts.intro.clone(),
    }
}

/// The calculators there are.
#[utoipa::path(
    get,
    path = "/calculators",
    tag = "catalog",
    responses(
        (status = 200, body = Rows<CalculatorRow>, headers(("ETag" = String, description = "Digest of the list"))),
        (status = 304, description = "The reader has this list already"),
    )
)]
pub(crate) async fn list_calculators(
    State(catalog): State<Catalog>,
    _caller: Authorised<Anyone>,
    headers: HeaderMap,
) -> Reply<Tagged<Rows<CalculatorRow>>> {
    let calculators = catalog.calculators();
    let rows = calculators.all().map(row).collect();
    Ok(Tagged::new(&calculators.digest, &headers, Rows::all(rows)))
}
