//! Progress without an account: who knows number and query code sees the steps, nothing personal.

use axum::{Json, extract::State as Context};
use httpkit::{Authorised, Input, Refusals, Reply};
use kernel::{AppError, Date, Timestamp, caller::Anyone, codes, item::Words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{StepView, steps};
use crate::{desk::Casework, state::State, store as rows};

/// What stands on the receipt.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgressQuery {
    /// 办件编号
    #[schema(max_length = 50)]
    pub case_no: String,
    /// 查询码
    #[schema(max_length = 20)]
    pub query_code: String,
}

/// Public progress of a case.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Progress {
    /// 办件编号
    pub case_no: String,
    /// The item's name.
    pub name: Words,
    /// Its state.
    pub state: State,
    /// Its state in words.
    pub state_name: Words,
    /// The public steps.
    pub steps: Vec<StepView>,
    /// The day by which there is a result.
    #[schema(value_type = Option<String>, format = Date)]
    pub expected_on: Option<Date>,
    /// Whether that day may move.
    pub expected_provisional: bool,
    /// When it was received.
    pub received_at: Option<Timestamp>,
}

/// Asks how a case stands, without signing in.
#[utoipa::path(post, path = "/progress-queries", tag = "cases", request_body = ProgressQuery,
    responses((status = 200, body = Progress), Refusals))]
pub(crate) async fn query_progress(
    Context(desk): Context<Casework>,
    Authorised(_caller): Authorised<Anyone>,
    Input(query): Input<ProgressQuery>,
) -> Reply<Json<Progress>> {
    Ok(Json(progress(&desk, &query).await?))
}

async fn progress(desk: &Casework, query: &ProgressQuery) -> Result<Progress, AppError> {
    let wrong = || AppError::refused(&codes::E1219);
    let number = query.case_no.trim();
    if number.is_empty() || number.len() > 50 || query.query_code.len() > 20 {
        return Err(wrong());
    }
    let file = rows::find_by_number(&desk.kit.store, number)
        .await?
        .ok_or_else(wrong)?;
    let seen = desk.opened(file)?;
    let given = query.query_code.trim().to_ascii_uppercase();
    // Eight letters of thirty leave no room for guessing within any rate a server answers.
    if seen.case.query_code.as_deref() != Some(given.as_str()) {
        return Err(wrong());
    }
    let expected = seen.case.expected();
    Ok(Progress {
        case_no: number.to_owned(),
        name: seen.case.opening.name.clone(),
        state: seen.case.state,
        state_name: seen.case.state.words(),
        steps: steps(&seen.case),
        expected_on: expected.map(|clock| clock.due_on),
        expected_provisional: expected.is_some_and(|clock| clock.provisional),
        received_at: seen.case.received_at,
    })
}
