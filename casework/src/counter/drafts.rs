//! The drafts a clerk has begun at his window and not received: where he finds them again.

use axum::extract::State as Context;
use httpkit::{Authorised, Filter, Refusals, Reply, Rows};
use kernel::caller::CanAccept;
use serde::Deserialize;
use store::page::PageQuery;
use utoipa::IntoParams;

use crate::{desk::Casework, store::lists, views::CaseRow};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WindowDrafts {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// The drafts that the caller has begun at his window and not received, last changed first.
#[utoipa::path(get, path = "/counter/cases", tag = "counter", params(WindowDrafts),
    responses((status = 200, body = Rows<CaseRow>), Refusals))]
pub(crate) async fn list_window_drafts(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanAccept>,
    Filter(filter): Filter<WindowDrafts>,
) -> Reply<Rows<CaseRow>> {
    let page = PageQuery {
        cursor: filter.cursor,
        limit: filter.limit,
    };
    let page = lists::own_window_drafts(&desk.kit.store, caller.staff()?, &page).await?;
    Ok(page.map(|row| CaseRow::of(&row)).into())
}
