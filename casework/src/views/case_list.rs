//! The list of cases (办件清单): every case received that the caller may look at, narrowed by what the
//! address says.

use axum::{Json, extract::State as Context};
use httpkit::{Authorised, Filter, Refusals, Reply};
use kernel::{
    AppError, Caller, Date, Timestamp,
    caller::CanViewCases,
    ids::{CaseId, Id as _},
    item::Words,
};
use serde::{Deserialize, Serialize};
use store::page::PageQuery;
use utoipa::{IntoParams, ToSchema};

use super::case_query::{CaseApplicant, CaseQuery, ClockColour};
use crate::{
    desk::{Casework, sight},
    state::State,
    store::{
        NO_LIMIT,
        lists::cases::{self, Entry, Sort},
    },
};

/// Which page of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// A row of the list of cases.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CaseEntry {
    /// The case.
    pub case_id: CaseId,
    /// 办件编号
    pub case_no: Option<String>,
    /// The item.
    pub item: String,
    /// Its name.
    pub name: Words,
    /// Its state.
    pub state: State,
    /// Its state in words.
    pub state_name: Words,
    /// The applicant, masked.
    pub applicant_masked: String,
    /// Last four of the applicant's number.
    pub number_tail: String,
    /// Who applies.
    pub applicant: CaseApplicant,
    /// By which way it came.
    pub channel: String,
    /// The organisation that handles it.
    pub org: String,
    /// Its name.
    pub org_name: Words,
    /// When it was received.
    pub received_at: Timestamp,
    /// The day of acceptance.
    pub accepted_on: Option<String>,
    /// The day of the decision.
    pub decided_on: Option<String>,
    /// The day by which there is a result.
    pub expected_on: Option<String>,
    /// Whether that day may move.
    pub provisional: bool,
    /// The day that presses while it is open; none while none does.
    pub due_on: Option<String>,
    /// How the limit stands; none once it is closed.
    pub clock: Option<ClockColour>,
}

/// A page of the list of cases.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CaseEntries {
    /// The rows.
    pub rows: Vec<CaseEntry>,
    /// Cursor of what comes next; none at the end.
    pub next: Option<String>,
    /// The day up to which was looked, where looking ended before the page was full: who goes on may
    /// find more.
    pub looked_to: Option<String>,
}

/// The cases that the caller may look at.
#[utoipa::path(get, path = "/workbench/cases", tag = "work", params(CaseQuery, Paging),
    responses((status = 200, body = CaseEntries), Refusals))]
pub(crate) async fn list_cases(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanViewCases>,
    Filter(query): Filter<CaseQuery>,
    Filter(paging): Filter<Paging>,
) -> Reply<Json<CaseEntries>> {
    let page = PageQuery {
        cursor: paging.cursor,
        limit: paging.limit,
    };
    Ok(Json(page_of(&desk, &caller, &query, &page).await?))
}

/// A page of the list.
///
/// # Errors
/// `E1014` for a value that is none of a filter, or a made-up cursor.
pub async fn page_of(
    desk: &Casework,
    caller: &Caller<CanViewCases>,
    query: &CaseQuery,
    page: &PageQuery,
) -> Result<CaseEntries, AppError> {
    let staff = caller.staff()?;
    let today = desk.now().day();
    let listed = query.listed(staff, sight(staff), today)?;
    let found = cases::page_of(&desk.kit.store, &listed, page).await?;
    let next = found.page.next;
    let rows = found.page.rows.into_iter();
    Ok(CaseEntries {
        rows: rows.map(|row| desk.entry(row, today)).collect(),
        next,
        looked_to: found.looked_to.map(|sort| match sort {
            Sort::At(at) => Timestamp::from_micros(at).day().to_string(),
            Sort::Due(day) => day,
        }),
    })
}

impl Casework {
    /// A row as pages show it on a day.
    pub(crate) fn entry(&self, row: Entry, today: Date) -> CaseEntry {
        let state = State::from_text(&row.state).unwrap_or(State::Draft);
        CaseEntry {
            case_id: CaseId::from_uuid(row.case_id),
            case_no: row.number,
            item: row.item,
            name: Words {
                zh: row.name_zh,
                en: row.name_en,
            },
            state,
            state_name: state.words(),
            applicant_masked: row.applicant_masked,
            number_tail: row.number_tail,
            applicant: if row.employer_id.is_some() {
                CaseApplicant::Enterprise
            } else {
                CaseApplicant::Person
            },
            channel: row.channel,
            org_name: self.org_name(&row.org),
            org: row.org,
            received_at: Timestamp::from_micros(row.received_us),
            accepted_on: row.accepted_on,
            decided_on: row.decided_on,
            expected_on: row.expected_on,
            provisional: row.provisional,
            clock: row.due_on.as_deref().map(|due| ClockColour::of(due, today)),
            due_on: row.due_on.filter(|due| due != NO_LIMIT),
        }
    }

    /// The name of an organisation; its path where nobody knows it any more.
    pub(crate) fn org_name(&self, org: &str) -> Words {
        let known = self.parts.organisations.get(org).cloned();
        known.unwrap_or_else(|| Words {
            zh: org.to_owned(),
            en: org.to_owned(),
        })
    }
}
