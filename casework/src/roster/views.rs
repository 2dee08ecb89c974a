//! What the API shows of rosters. Names are masked; what an enterprise filled in wrong it sees as it
//! filled it in.

use std::collections::BTreeMap;

use axum::extract::State as Context;
use httpkit::{Authorised, Filter, Params, Refusals, Reply, Rows, Versioned};
use kernel::{
    AppError, Lang, Timestamp,
    caller::CanApply,
    ids::{CaseId, Id as _, RosterId},
    item::{ItemCode, Words},
};
use serde::{Deserialize, Serialize};
use store::{
    key,
    page::{Page, PageQuery},
};
use utoipa::{IntoParams, ToSchema};

use super::{
    RosterState,
    checking::promised_materials,
    command::item_of,
    key_of, open_bytes, open_row,
    reading::{FileRefusal, facts_of, model_of},
    stage::RowState,
    upload::enterprise_of,
    words::told,
};
use crate::{
    desk::Casework,
    state::State,
    store::{
        file,
        rosters::{self, roster, row},
    },
};

/// Why a file could not be read.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FileRefusalView {
    /// The code.
    pub code: String,
    /// What is wrong.
    pub wrong: String,
    /// How it is mended.
    pub mend: String,
    /// The cell, such as `C12`, where it is about one.
    pub cell: Option<String>,
}

/// A roster.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RosterView {
    /// The roster.
    pub roster_id: RosterId,
    /// Its version, for `If-Match`.
    pub version: i64,
    /// How far it is.
    pub state: RosterState,
    /// The same in words.
    pub state_name: Words,
    /// The item.
    #[schema(value_type = String)]
    pub item: ItemCode,
    /// The name of the item.
    pub name: Words,
    /// The name of the uploaded file.
    pub file_name: String,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// When it was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// Rows read.
    pub rows_read: i32,
    /// Rows checked.
    pub rows_checked: i32,
    /// Rows that must be mended.
    pub rows_bad: i32,
    /// Rows in which everything agrees.
    pub rows_good: i32,
    /// Rows that a person looks at, because something cannot be told.
    pub rows_doubtful: i32,
    /// Of those the ones for which a promise stands in for a paper.
    pub rows_promised: i32,
    /// Rows that became a case.
    pub rows_opened: i32,
    /// Of those the ones granted at once.
    pub rows_granted: i32,
    /// Rows that could not become a case.
    pub rows_failed: i32,
    /// Why the file could not be read.
    pub refusal: Option<FileRefusalView>,
}

/// A roster with the words of its confirmation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RosterPage {
    /// The roster.
    #[serde(flatten)]
    pub roster: RosterView,
    /// What the agent declares.
    pub declaration: Words,
    /// The papers for which a promise stands in, where there are such rows.
    pub promised: Vec<Words>,
}

/// What is wrong with a row, and how it is mended.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RowFaultView {
    /// The heading of the column; none where the whole row is meant.
    pub heading: Option<String>,
    /// What was filled in.
    pub cell: String,
    /// The code.
    pub code: String,
    /// What is wrong.
    pub wrong: String,
    /// How it is mended.
    pub mend: String,
}

/// A row of a roster.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RosterRow {
    /// Its number in the spreadsheet.
    pub row_no: i32,
    /// The masked name.
    pub shown: String,
    /// How far it is.
    pub state: RowState,
    /// What must be mended.
    pub faults: Vec<RowFaultView>,
    /// Its case.
    pub case_id: Option<CaseId>,
    /// The number of the case.
    pub case_no: Option<String>,
    /// The state of the case in words.
    pub case_state_name: Option<Words>,
}

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paged {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// The rosters of the enterprise for which the caller acts, newest first.
#[utoipa::path(get, path = "/rosters", tag = "rosters", params(Paged),
    responses((status = 200, body = Rows<RosterView>), Refusals))]
pub(crate) async fn list_rosters(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Filter(filter): Filter<Paged>,
) -> Reply<Rows<RosterView>> {
    let employer = enterprise_of(caller.citizen()?)?;
    let page = PageQuery {
        cursor: filter.cursor,
        limit: filter.limit,
    };
    let page = rosters::own(&desk.kit.store, employer, &page).await?;
    let lang = caller.request().lang;
    let mut rows = Vec::with_capacity(page.rows.len());
    for row in &page.rows {
        rows.push(view(&desk, row, lang)?);
    }
    let next = page.next;
    Ok(Page { rows, next }.into())
}

/// One roster.
#[utoipa::path(get, path = "/rosters/{roster_id}", tag = "rosters",
    params(("roster_id" = RosterId, Path)),
    responses((status = 200, body = RosterPage), Refusals))]
pub(crate) async fn find_roster(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Params(id): Params<RosterId>,
) -> Reply<Versioned<RosterPage>> {
    let employer = enterprise_of(caller.citizen()?)?;
    let row = rosters::find_own(&desk.kit.store, employer, id).await?;
    let model = model_of(&desk, &row)?;
    let promised = match row.rows_promised {
        0 => Vec::new(),
        _ => promised_materials(&model)?,
    };
    let page = RosterPage {
        roster: view(&desk, &row, caller.request().lang)?,
        declaration: model.edition.facts.declaration.clone(),
        promised,
    };
    Ok(Versioned(row.version, page))
}

fn view(desk: &Casework, row: &roster::Model, lang: Lang) -> Result<RosterView, AppError> {
    let key = key_of(desk, row)?;
    let name = open_bytes(&key, row.roster_id, &row.sealed_file_name)?;
    let state = RosterState::of(row)?;
    let refusal = serde_json::from_str::<FileRefusal>(&row.refusal).ok();
    Ok(RosterView {
        roster_id: RosterId::from_uuid(row.roster_id),
        version: row.version,
        state,
        state_name: state.words(),
        item: item_of(row)?,
        name: Words {
            zh: row.name_zh.clone(),
            en: row.name_en.clone(),
        },
        file_name: String::from_utf8_lossy(&name).into_owned(),
        created_at: Timestamp::from_micros(row.created_us),
        confirmed_at: row.confirmed_us.map(Timestamp::from_micros),
        rows_read: row.rows_read,
        rows_checked: row.rows_checked,
        rows_bad: row.rows_bad,
        rows_good: row.rows_good,
        rows_doubtful: row.rows_doubtful,
        rows_promised: row.rows_promised,
        rows_opened: row.rows_opened,
        rows_granted: row.rows_granted,
        rows_failed: row.rows_failed,
        refusal: refusal.map(|refusal| {
            let words = refusal.refusal();
            FileRefusalView {
                code: refusal.code.clone(),
                wrong: words.title(lang),
                mend: words.advice(lang),
                cell: refusal.cell,
            }
        }),
    })
}

/// Which rows of a roster.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WhichRows {
    /// Those that must be mended.
    Bad,
    /// Those that wait for confirmation.
    Waiting,
    /// Of those the ones that a person looks at.
    Doubtful,
    /// Those that became cases.
    Cases,
}

impl WhichRows {
    const fn states(self) -> &'static [RowState] {
        match self {
            Self::Bad => &[RowState::Bad, RowState::Failed],
            Self::Waiting => &[RowState::Good, RowState::Doubtful],
            Self::Doubtful => &[RowState::Doubtful],
            Self::Cases => &[RowState::Opened],
        }
    }
}

/// Which rows, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhichPage {
    #[param(inline)]
    which: WhichRows,
    cursor: Option<String>,
    limit: Option<u32>,
}

/// The rows of a roster in the order of the spreadsheet.
#[utoipa::path(get, path = "/rosters/{roster_id}/rows", tag = "rosters",
    params(("roster_id" = RosterId, Path), WhichPage),
    responses((status = 200, body = Rows<RosterRow>), Refusals))]
pub(crate) async fn list_roster_rows(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Params(id): Params<RosterId>,
    Filter(filter): Filter<WhichPage>,
) -> Reply<Rows<RosterRow>> {
    let employer = enterprise_of(caller.citizen()?)?;
    let roster = rosters::find_own(&desk.kit.store, employer, id).await?;
    let page = PageQuery {
        cursor: filter.cursor,
        limit: filter.limit,
    };
    let after = page.position::<i32>()?.unwrap_or(0);
    let states: Vec<&str> = filter.which.states().iter().map(|s| s.as_str()).collect();
    let store = &desk.kit.store;
    let found = rosters::rows_in(store, &roster, &states, after, page.rows() + 1).await;
    let page = Page::cut(found.map_err(AppError::from)?, page.rows(), |row| {
        row.row_no
    });
    let lang = caller.request().lang;
    let rows = shown_rows(&desk, &roster, &page.rows, lang).await?;
    Ok(Page {
        rows,
        next: page.next,
    }
    .into())
}

async fn shown_rows(
    desk: &Casework,
    roster: &roster::Model,
    rows: &[row::Model],
    lang: Lang,
) -> Result<Vec<RosterRow>, AppError> {
    let model = model_of(desk, roster)?;
    let facts = facts_of(&model)?;
    let key = key_of(desk, roster)?;
    let opened = |row: &&row::Model| row.state == RowState::Opened.as_str();
    let keys = rows.iter().filter(opened);
    let keys = keys.map(|row| key!(row.bureau.clone(), row.case_id));
    let cases = desk.kit.store.find_each::<file::Model>(keys).await?;
    let cases: BTreeMap<_, _> = cases.into_iter().map(|row| (row.case_id, row)).collect();
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        let state = RowState::of(&row.state)?;
        let faults = match state {
            RowState::Bad | RowState::Failed => told(&model, facts, &open_row(&key, row)?, lang),
            _ => Vec::new(),
        };
        let case = cases.get(&row.case_id);
        shown.push(RosterRow {
            row_no: row.row_no,
            shown: row.shown.clone(),
            state,
            faults,
            case_id: case.map(|case| CaseId::from_uuid(case.case_id)),
            case_no: case.and_then(|case| case.number.clone()),
            case_state_name: case
                .and_then(|case| State::from_text(&case.state))
                .map(State::words),
        });
    }
    Ok(shown)
}
