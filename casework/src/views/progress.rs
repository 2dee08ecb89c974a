//! Progress without an account: who knows number and query code sees the steps, nothing personal.
//! Wrong pairs are counted by address.

use std::net::IpAddr;

use axum::{Extension, Json, extract::State as Context};
use httpkit::{Authorised, ClientAddress, Input, Refusals, Reply};
use kernel::{AppError, Date, Refusal, Timestamp, caller::Anyone, codes, item::Words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{StepView, applicant::outcome, steps};
use crate::{desk::Casework, state::State, store as rows};

/// What is guessed at, for the throttle.
const QUERY_CODE: &str = "query_code";

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
    /// `granted` or `denied`, once it is decided.
    pub outcome: Option<String>,
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
    address: Option<Extension<ClientAddress>>,
    Input(query): Input<ProgressQuery>,
) -> Reply<Json<Progress>> {
    let answer = match address {
        Some(Extension(ClientAddress(from))) => throttled(&desk, &query, from).await?,
        None => progress(&desk, &query).await?,
    };
    Ok(Json(answer))
}

/// Answers an address that has not guessed too often.
async fn throttled(
    desk: &Casework,
    query: &ProgressQuery,
    from: IpAddr,
) -> Result<Progress, AppError> {
    let (throttle, now) = (&desk.parts.throttle, desk.now());
    if let Some(seconds) = throttle.rest(QUERY_CODE, from, now).await? {
        let minutes = (seconds + 59) / 60;
        let refusal = Refusal::new(&codes::E1232).with("minutes", minutes.to_string());
        return Err(refusal.retry_in(seconds).into());
    }
    let answer = progress(desk, query).await;
    if let Err(error) = &answer
        && error.code() == codes::E1219.id
    {
        throttle.count(QUERY_CODE, from, now).await?;
    }
    answer
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
    let seen = desk.opened(file).await?;
    let given = query.query_code.trim().to_ascii_uppercase();
    if desk.query_code(&seen)?.as_deref() != Some(given.as_str()) {
        return Err(wrong());
    }
    let expected = seen.case.expected();
    Ok(Progress {
        case_no: number.to_owned(),
        name: seen.case.opening.name.clone(),
        state: seen.case.state,
        state_name: seen.case.state.words(),
        outcome: outcome(&seen),
        steps: steps(&seen.case),
        expected_on: expected.map(|clock| clock.due_on),
        expected_provisional: expected.is_some_and(|clock| clock.provisional),
        received_at: seen.case.received_at,
    })
}
