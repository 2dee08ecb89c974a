//! A citizen's own cases: lists, and his affairs at a glance.

use std::collections::BTreeSet;

use axum::extract::State as Context;
use httpkit::{Authorised, Filter, Refusals, Reply, Rows};
use kernel::{
    AppError, Caller,
    caller::CanApply,
    ids::{CaseId, Id as _},
};
use serde::{Deserialize, Serialize};
use store::page::PageQuery;
use utoipa::{IntoParams, ToSchema};

use super::{CaseRow, StepView, steps};
use crate::{
    desk::Casework,
    state::State,
    store::{self as rows, lists},
};

/// Which of his cases a citizen wants to see.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OwnCases {
    /// `drafts`, `open` or `closed`.
    #[param(inline)]
    which: Which,
    cursor: Option<String>,
    limit: Option<u32>,
}

/// Which of his cases a citizen wants to see.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Which {
    /// Not yet submitted.
    Drafts,
    /// Being handled.
    Open,
    /// Decided or over.
    Closed,
}

/// A citizen's own cases, newest first.
#[utoipa::path(get, path = "/my/cases", tag = "cases", params(OwnCases),
    responses((status = 200, body = Rows<CaseRow>), Refusals))]
pub(crate) async fn list_own_cases(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Filter(filter): Filter<OwnCases>,
) -> Reply<Rows<CaseRow>> {
    let which = match filter.which {
        Which::Drafts => lists::Which::Drafts,
        Which::Open => lists::Which::Open,
        Which::Closed => lists::Which::Closed,
    };
    let page = PageQuery {
        cursor: filter.cursor,
        limit: filter.limit,
    };
    let page = lists::own_cases(&desk.kit.store, caller.citizen()?, which, &page).await?;
    let open = open_to_rating(&desk, &page.rows).await?;
    let show = |row: rows::file::Model| {
        let shown = CaseRow::of(&row);
        let can_rate = open.contains(&shown.case_id);
        CaseRow { can_rate, ..shown }
    };
    Ok(page.map(show).into())
}

/// Those that are over, were not taken back, and have not been rated yet.
async fn open_to_rating(
    desk: &Casework,
    rows: &[rows::file::Model],
) -> Result<BTreeSet<CaseId>, AppError> {
    let mut over = Vec::new();
    for row in rows {
        let state = State::from_text(&row.state);
        if state.is_some_and(|state| state.is_closed() && state != State::Withdrawn) {
            over.push((row.bureau.clone(), CaseId::from_uuid(row.case_id)));
        }
    }
    if over.is_empty() {
        return Ok(BTreeSet::new());
    }
    let rated = desk.parts.ratings.rated(&over).await?;
    let cases = over.into_iter().map(|(_, case)| case);
    Ok(cases.filter(|case| !rated.contains(case)).collect())
}

/// A citizen's affairs at a glance.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MySummary {
    /// Applications not yet submitted (at most a page is counted).
    pub drafts: usize,
    /// Cases being handled (at most a page is counted).
    pub open: usize,
    /// Cases in which he has to do something.
    pub needs_me: usize,
    /// Messages he has not read.
    pub unread: i64,
    /// The case to show first: one that waits for him, otherwise the one in which something
    /// happened last.
    pub latest: Option<CaseRow>,
    /// Its public steps.
    pub latest_steps: Vec<StepView>,
}

/// A citizen's affairs at a glance.
#[utoipa::path(get, path = "/my/summary", tag = "cases",
    responses((status = 200, body = MySummary), Refusals))]
pub(crate) async fn find_own_summary(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
) -> Reply<axum::Json<MySummary>> {
    Ok(axum::Json(summary(&desk, &caller).await?))
}

async fn summary(desk: &Casework, caller: &Caller<CanApply>) -> Result<MySummary, AppError> {
    let citizen = caller.citizen()?;
    let page = PageQuery {
        cursor: None,
        limit: Some(kernel::limits::PAGE_ROWS_MAX),
    };
    let store = &desk.kit.store;
    let drafts = lists::own_cases(store, citizen, lists::Which::Drafts, &page).await?;
    let open = lists::own_cases(store, citizen, lists::Which::Open, &page).await?;
    let open: Vec<(CaseRow, rows::file::Model)> = open
        .rows
        .into_iter()
        .map(|row| (CaseRow::of(&row), row))
        .collect();
    let latest = foremost(&open);
    let latest_steps = match latest {
        Some((_, row)) => steps(&desk.opened(row.clone()).await?.case),
        None => Vec::new(),
    };
    Ok(MySummary {
        drafts: drafts.rows.len(),
        open: open.len(),
        needs_me: open.iter().filter(|(row, _)| row.needs_me).count(),
        unread: desk.parts.mailboxes.unread(citizen.person).await?,
        latest: latest.map(|(row, _)| row.clone()),
        latest_steps,
    })
}

/// Of a citizen's open cases, newest first, the one to show him: one that waits for him comes before
/// one that waits for us.
fn foremost<T>(open: &[(CaseRow, T)]) -> Option<&(CaseRow, T)> {
    let waiting = open.iter().find(|(row, _)| row.needs_me);
    waiting.or_else(|| open.first())
}

#[cfg(test)]
mod tests {
    use kernel::{
        Timestamp,
        ids::{CaseId, Id as _},
        item::Words,
    };

    use super::*;
    use crate::state::State;

    fn row(number: u128, needs_me: bool) -> (CaseRow, ()) {
        let words = || Words {
            zh: String::new(),
            en: String::new(),
        };
        let row = CaseRow {
            case_id: CaseId::from_uuid(uuid::Uuid::from_u128(number)),
            case_no: None,
            item: "SB-084".to_owned(),
            name: words(),
            state: State::Received,
            state_name: words(),
            applicant_masked: String::new(),
            expected_on: None,
            provisional: false,
            updated_at: Timestamp::from_micros(0),
            ready_at: None,
            needs_me,
            can_rate: false,
        };
        (row, ())
    }

    #[test]
    fn the_case_that_waits_for_the_citizen_is_shown_before_newer_ones() {
        let shown =
            |open: &[(CaseRow, ())]| foremost(open).map(|(row, ())| row.case_id.uuid().as_u128());
        assert_eq!(shown(&[row(3, false), row(2, true), row(1, true)]), Some(2));
        assert_eq!(shown(&[row(3, false), row(1, false)]), Some(3));
        assert_eq!(shown(&[]), None);
    }
}
