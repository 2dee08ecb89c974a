//! Finding cases at the workbench: the search box and the delivery desk.

use axum::extract::State as Context;
use httpkit::{Authorised, Filter, Refusals, Reply, Rows};
use kernel::{
    OrgPath,
    caller::{CanDeliver, CanViewCases, Permission as _},
};
use serde::Deserialize;
use store::page::PageQuery;
use utoipa::IntoParams;

use super::{CaseRow, tasks::search_text};
use crate::{
    desk::{Casework, sight},
    store::lists,
};

/// What is searched.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Search {
    /// Number of the case, last four of the applicant's number, or his name; the delivery
    /// desk finds by a part of number or name too.
    #[param(max_length = 50)]
    query: Option<String>,
    cursor: Option<String>,
    limit: Option<u32>,
}

/// Finds cases of the caller's agency that he may look at.
#[utoipa::path(get, path = "/workbench/cases", tag = "work", params(Search),
    responses((status = 200, body = Rows<CaseRow>), Refusals))]
pub(crate) async fn search_cases(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanViewCases>,
    Filter(search): Filter<Search>,
) -> Reply<Rows<CaseRow>> {
    let text = search_text(search.query.as_deref().unwrap_or(""))?;
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
#[utoipa::path(get, path = "/delivery", tag = "work", params(Search),
    responses((status = 200, body = Rows<CaseRow>), Refusals))]
pub(crate) async fn list_ready(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanDeliver>,
    Filter(search): Filter<Search>,
) -> Reply<Rows<CaseRow>> {
    let text = search
        .query
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty());
    let text = text.map(|text| text.chars().take(50).collect::<String>());
    let page = PageQuery {
        cursor: search.cursor,
        limit: search.limit,
    };
    let staff = caller.staff()?;
    let by: Vec<OrgPath> = staff.scopes(CanDeliver::NAME).cloned().collect();
    let store = &desk.kit.store;
    let page = lists::ready(store, staff.bureau, &by, text.as_deref(), &page).await?;
    Ok(page.map(|row| CaseRow::of(&row)).into())
}
