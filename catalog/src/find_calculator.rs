//! One calculator: what it asks, and the words around it.

use axum::{extract::State, http::HeaderMap};
use httpkit::{Authorised, Params, ProblemDocument, Reply};
use kernel::{
    AppError, Refusal,
    caller::Anyone,
    codes,
    item::{ItemCode, Words},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{Catalog, tagged::Tagged};

/// A calculator as the browser shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CalculatorGuide {
    /// Its name in addresses.
    pub id: String,
    /// Name.
    pub name: Words,
    /// What it tells.
    pub intro: Words,
    /// The law that it follows.
    pub basis: Vec<String>,
    /// Items that it belongs to and that can be applied for.
    pub items: Vec<CalculatorItem>,
    /// The form as the browser shows it.
    #[schema(value_type = Object)]
    pub form: Value,
}

/// An item that a calculator belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CalculatorItem {
    /// Code.
    pub code: ItemCode,
    /// Name.
    pub name: Words,
}

/// A calculator.
#[utoipa::path(
    get,
    path = "/calculators/{calculator_id}",
    tag = "catalog",
    params(("calculator_id" = String, Path, description = "Name of the calculator, such as retirement")),
    responses(
        (status = 200, body = CalculatorGuide, headers(("ETag" = String, description = "Digest of the calculator"))),
        (status = 304, description = "The reader has it already"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn find_calculator(
    State(catalog): State<Catalog>,
    _caller: Authorised<Anyone>,
    Params(id): Params<String>,
    headers: HeaderMap,
) -> Reply<Tagged<CalculatorGuide>> {
    let calculators = catalog.calculators();
    let calculator = calculators
        .find(&id)
        .ok_or_else(|| AppError::from(Refusal::new(&codes::E1040)))?;
    let (shelf, today) = (catalog.shelf(), catalog.today());
    let facts = &calculator.facts;
    let offered = facts.items.iter().filter_map(|code| {
        let published = shelf.current(code, today)?;
        Some(CalculatorItem {
            code: code.clone(),
            name: published.edition.facts.name.clone(),
        })
    });
    let guide = CalculatorGuide {
        id: facts.id.clone(),
        name: facts.name.clone(),
        intro: facts.intro.clone(),
        basis: facts.basis.clone(),
        items: offered.collect(),
        form: calculator.form.view().clone(),
    };
    let digest = serde_json::json!([calculators.digest, guide.items]);
    let digest = seal::sm3_hex(digest.to_string().as_bytes());
    Ok(Tagged::new(&digest, &headers, guide))
}
