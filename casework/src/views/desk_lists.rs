//! Finding cases at the workbench: the search box and the delivery desk.

use axum::extract::State as Context;
use httpkit::{Authorised, Filter, Input, Refusals, Reply, Rows};
use kernel::{
    AppError, Caller, OrgPath, Timestamp,
    caller::{CanDeliver, CanViewCases, Permission as _},
    ids::NoticeId,
    item::Words,
};
use serde::{Deserialize, Serialize};
use store::page::PageQuery;
use utoipa::{IntoParams, ToSchema};

use super::{
    CaseRow,
    notice::title_of,
    other_party::{both, names_of},
    tasks::search_text,
};
use crate::{
    case::Case,
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

/// A paper that waits to be served on the other party of a case.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ToServeRow {
    /// The case.
    pub case: CaseRow,
    /// The paper.
    pub notice_id: NoticeId,
    /// Its title.
    pub title: Words,
    /// What the other party is called: 用人单位.
    pub role: Words,
    /// Its name, masked where it is a person.
    pub name_masked: String,
    /// Since when.
    pub since: Timestamp,
}

/// Papers that the caller's organisations serve on other parties by hand or by mail, oldest first.
#[utoipa::path(get, path = "/delivery/other-party", tag = "work", params(Paging),
    responses((status = 200, body = Rows<ToServeRow>), Refusals))]
pub(crate) async fn list_to_serve(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanDeliver>,
    Filter(paging): Filter<Paging>,
) -> Reply<Rows<ToServeRow>> {
    let page = PageQuery {
        cursor: paging.cursor,
        limit: paging.limit,
    };
    let staff = caller.staff()?;
    let by: Vec<OrgPath> = staff.scopes(CanDeliver::NAME).cloned().collect();
    let page = lists::to_serve(&desk.kit.store, staff.bureau, &by, &page).await?;
    let mut seen = Vec::with_capacity(page.rows.len());
    for row in page.rows {
        seen.push(desk.opened(row).await?);
    }
    let cases: Vec<&Case> = seen.iter().map(|seen| &seen.case).collect();
    let names = names_of(&desk, &cases).await?;
    let rows = seen.iter().filter_map(|seen| {
        let paper = seen.case.to_serve()?;
        let issued = seen.case.notices.iter();
        let kind = issued
            .clone()
            .find(|one| one.notice_id == paper.notice_id)?
            .kind;
        Some(ToServeRow {
            case: CaseRow::of(&seen.file),
            notice_id: paper.notice_id,
            title: title_of(kind, seen),
            role: both(seen)?.0.name.clone(),
            name_masked: names.get(&seen.case.id).cloned().unwrap_or_default(),
            since: paper.since,
        })
    });
    Ok(store::page::Page {
        rows: rows.collect(),
        next: page.next,
    }
    .into())
}
