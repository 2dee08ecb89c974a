//! Calculating: answers in, a result in words out. Nothing is stored, nobody is recognised.

use axum::extract::State;
use httpkit::{Authorised, Input, Params, ProblemDocument, Reply};
use kernel::{AppError, Caller, Refusal, caller::Anyone, codes, error::Broken};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{Catalog, calculator::Calculated};

/// The answers.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Calculate {
    /// Values of the calculator's form, by key.
    #[schema(value_type = Object)]
    pub form: Map<String, Value>,
}

/// Calculates.
///
/// # Errors
/// `E1040` for an unknown calculator, `E1002` for faults of the form, `E1041` when the answers give
/// no result.
pub fn calculate(
    catalog: &Catalog,
    _caller: &Caller<Anyone>,
    id: &str,
    given: Calculate,
) -> Result<Calculated, AppError> {
    let today = catalog.today();
    let calculators = catalog.calculators();
    let calculator = calculators
        .find(id)
        .ok_or_else(|| Refusal::new(&codes::E1040))?;
    let answers = calculator
        .answers(&Value::Object(given.form), today)
        .map_err(Refusal::fields)?;
    let found = calculator
        .find(&answers)
        .map_err(|fault| Broken::caused(format!("the calculator {id}"), fault))?;
    let facts = found.ok_or_else(|| Refusal::new(&codes::E1041))?;
    Ok(calculator.tell(facts, today))
}

/// Calculates something for anybody; nothing is kept.
#[utoipa::path(
    post,
    path = "/calculators/{calculator_id}",
    tag = "catalog",
    params(("calculator_id" = String, Path, description = "Name of the calculator, such as retirement")),
    request_body = Calculate,
    responses(
        (status = 200, body = Calculated),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn post_calculate(
    State(catalog): State<Catalog>,
    Authorised(caller): Authorised<Anyone>,
    Params(id): Params<String>,
    Input(given): Input<Calculate>,
) -> Reply<axum::Json<Calculated>> {
    Ok(axum::Json(calculate(&catalog, &caller, &id, given)?))
}
