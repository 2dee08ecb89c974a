//! Finding cases at the workbench: the search box and the delivery desk.

use axum::extract::State as Context;
use httpkit::{Authorised, Filter, Input, Refusals, Reply, Rows};
use kernel::{
    AppError, Caller, OrgPath,
    caller::{CanDeliver, CanViewCases, Permission as _},
};
use serde::Deserialize;
use store::page::PageQuery;
use utoipa::{IntoParams, ToSchema};

use super::{CaseRow, tasks::search_text};
use crate::{
    desk::{Casework, sight},
    store::lists,
};

/// What is searched. It is sent in a body: a name stands in no address, since proxies keep those.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Search {
    /// Number of the case, last four of the applicant's number, or his name; the delivery
    /// desk finds by a part of number or name too.
    #[schema(max_length = 50)]
    query: String,
    cursor: Option<String>,
    limit: Option<u32>,
}

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// Finds cases of the caller's agency that he may look at.
#[utoipa::path(post, path = "/workbench/case-searches", tag = "work", request_body = Search,
    responses((status = 200, body = Rows<CaseRow>), Refusals))]
pub(crate) async fn search_cases(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanViewCases>,
    Input(search): Input<Search>,
) -> Reply<Rows<CaseRow>> {
    let text = search_text(&search.query)?;
    let page = PageQuery {
        cursor: search.cursor,
        limit: search.limit,
    };
    let staff = caller.staff()?;
    let page = lists::find(
        &desk.kit.store,
        staff.bureau,
        sight(staff).as_deref(),
        &text,
        &page,
    )
    .await?;
    Ok(page.map(|row| CaseRow::of(&row)).into())
}

/// Results that wait to be handed out by the caller's organisations, oldest first.
#[utoipa::path(get, path = "/delivery", tag = "work", params(Paging),
    responses((status = 200, body = Rows<CaseRow>), Refusals))]
pub(crate) async fn list_ready(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanDeliver>,
    Filter(paging): Filter<Paging>,
) -> Reply<Rows<CaseRow>> {
    let page = PageQuery {
        cursor: paging.cursor,
        limit: paging.limit,
    };
    Ok(ready(&desk, &caller, None, page).await?)
}

/// Results that wait to be handed out and that a text finds, oldest first.
#[utoipa::path(post, path = "/delivery-searches", tag = "work", request_body = Search,
    responses((status = 200, body = Rows<CaseRow>), Refusals))]
pub(crate) async fn search_ready(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanDeliver>,
    Input(search): Input<Search>,
) -> Reply<Rows<CaseRow>> {
    let text = search_text(&search.query)?;
    let page = PageQuery {
        cursor: search.cursor,
        limit: search.limit,
    };
    Ok(ready(&desk, &caller, Some(&text), page).await?)
}

async fn ready(
    desk: &Casework,
    caller: &Caller<CanDeliver>,
    text: Option<&str>,
    page: PageQuery,
) -> Result<Rows<CaseRow>, AppError> {
    let staff = caller.staff()?;
    let by: Vec<OrgPath> = staff.scopes(CanDeliver::NAME).cloned().collect();
    let page = lists::ready(&desk.kit.store, staff.bureau, &by, text, &page).await?;
    Ok(page.map(|row| CaseRow::of(&row)).into())
}
