//! A case whose flow could not go on: a supervisor lets it try again. Its clocks ran on meanwhile.

use axum::extract::State as Context;
use httpkit::{Act as Write, Authorised, Filter, Params, Refusals, Reply, Rows, Versioned};
use kernel::{
    AppError, Caller, OrgPath,
    caller::{CanSupervise, Permission as _},
    codes,
    ids::CaseId,
};
use serde::Deserialize;
use store::page::PageQuery;
use utoipa::IntoParams;

use crate::{
    apply::{insist::Nothing, open::ask_again},
    change::Change,
    command::{Act, Acted},
    desk::Casework,
    event::NoticeKind,
    perform::Asked,
    store::lists,
    views::CaseRow,
};

/// Lets the flow of a case try again where it could not go on.
#[utoipa::path(post, path = "/cases/{case_id}/retry", tag = "work", request_body = Nothing,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn retry_case(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanSupervise>,
    Params(id): Params<CaseId>,
    write: Write<Nothing>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::over_http(&write)?;
    let done = retry(&desk, &caller, id, &asked);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Lets the flow of a case try again where it could not go on: a task is offered again, the rules are
/// asked again, a condition is looked at again.
///
/// # Errors
/// `E1201` when it can go on, `E1102` for whoever supervises elsewhere.
pub async fn retry(
    desk: &Casework,
    caller: &Caller<CanSupervise>,
    id: CaseId,
    asked: &Asked,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    let kept = desk.form_of(&seen).await?;
    let data = ask_again(desk, &seen, kept).await?;
    let assessment = desk.assess(&seen, &data)?;
    desk.perform(caller, asked, &seen, Retry, Some(assessment))
        .await
}

pub(crate) struct Retry;

impl Act for Retry {
    const NAME: &'static str = "case.retry";
    const NOTICES: &'static [NoticeKind] = &[NoticeKind::Grant];

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        if !change.may(CanSupervise::NAME, &change.case.opening.org) {
            return Err(AppError::refused(&codes::E1102));
        }
        change.retry()
    }
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct StuckCases {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// Cases whose flow cannot go on, of the organisations that the caller supervises.
#[utoipa::path(get, path = "/workbench/stuck-cases", tag = "work", params(StuckCases),
    responses((status = 200, body = Rows<CaseRow>), Refusals))]
pub(crate) async fn list_stuck_cases(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanSupervise>,
    Filter(filter): Filter<StuckCases>,
) -> Reply<Rows<CaseRow>> {
    let page = PageQuery {
        cursor: filter.cursor,
        limit: filter.limit,
    };
    let staff = caller.staff()?;
    let orgs: Vec<OrgPath> = staff.scopes(CanSupervise::NAME).cloned().collect();
    let page = lists::stuck(&desk.kit.store, staff.bureau, &orgs, &page).await?;
    Ok(page.map(|row| CaseRow::of(&row)).into())
}
