//! The lists that left the house, for the auditor: who, when, by which filter, how many rows.

use axum::extract::State as Context;
use httpkit::{Authorised, Filter, Refusals, Reply, Rows};
use kernel::{
    Timestamp,
    caller::CanAudit,
    ids::{ExportId, Id as _, StaffId},
};
use serde::{Deserialize, Serialize};
use store::page::PageQuery;
use utoipa::{IntoParams, ToSchema};

use super::case_query::CaseQuery;
use crate::{desk::Casework, store::lists};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Exports {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// A list that left the house.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExportRow {
    /// Its id, the subject of the audit entry of its end.
    pub export_id: ExportId,
    /// Who took it.
    pub staff_id: StaffId,
    /// When.
    pub at: Timestamp,
    /// When it ended; none while it runs, or where the program ended first.
    pub ended_at: Option<Timestamp>,
    /// What it was narrowed to.
    pub filter: CaseQuery,
    /// `running`, `done`, `broken_off` or `failed`.
    pub outcome: String,
    /// Rows that left, or were on their way when it broke off.
    pub rows: i64,
}

/// The lists that left the caller's agency as spreadsheets, newest first.
#[utoipa::path(get, path = "/audit/exports", tag = "work", params(Exports),
    responses((status = 200, body = Rows<ExportRow>), Refusals))]
pub(crate) async fn list_exports(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanAudit>,
    Filter(filter): Filter<Exports>,
) -> Reply<Rows<ExportRow>> {
    let page = PageQuery {
        cursor: filter.cursor,
        limit: filter.limit,
    };
    let bureau = caller.staff()?.bureau;
    let page = lists::exports_of(&desk.kit.store, bureau, &page).await?;
    Ok(page
        .map(|row| ExportRow {
            export_id: ExportId::from_uuid(row.export_id),
            staff_id: StaffId::from_uuid(row.staff_id),
            at: Timestamp::from_micros(row.at_us),
            ended_at: row.ended_us.map(Timestamp::from_micros),
            filter: serde_json::from_str(&row.filter).unwrap_or_default(),
            outcome: row.outcome,
            rows: row.row_count,
        })
        .into())
}
