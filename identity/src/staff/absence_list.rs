//! The absences that are coming or running.

use axum::extract::State;
use httpkit::{Authorised, Filter, ProblemDocument, Reply, Rows};
use kernel::{
    AppError, Date, DivisionCode, Principal,
    caller::{Caller, CanManageStaff, Permission as _},
    ids::{AbsenceId, Id as _, StaffId},
};
use serde::{Deserialize, Serialize};
use store::page::{Page, PageQuery};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    absences::AbsenceReason,
    create::agency_of,
    list::{day_of, names},
    may_manage,
};
use crate::{
    Identity,
    roster::org_of,
    store::{self as sql, absence},
};

/// An absence in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AbsenceRow {
    /// Its id.
    pub absence_id: AbsenceId,
    /// Who is absent.
    pub staff_id: StaffId,
    /// His name.
    pub name: String,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// Last day.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// Who holds his posts meanwhile.
    pub deputy_id: StaffId,
    /// The deputy's name.
    pub deputy_name: String,
    /// Why.
    pub reason: AbsenceReason,
}

/// Absences that have not ended, of staff whom the caller manages, by first day.
///
/// # Errors
/// `E1014` for a made-up cursor.
pub async fn list_absences(
    context: &Identity,
    caller: &Caller<CanManageStaff>,
    page: &PageQuery,
) -> Result<Page<AbsenceRow>, AppError> {
    let bureaus = agencies(caller.principal())?;
    let limit = page.rows();
    let after = page.position::<(String, Uuid)>()?;
    let today = context.now().day();
    let rows = sql::absences_from(
        context.store(),
        &bureaus,
        today,
        after,
        u64::from(limit) + 1,
    )
    .await?;
    let page = Page::cut(rows, limit, |row| (row.from_day.clone(), row.absence_id));
    let ids: Vec<Uuid> = page.rows.iter().map(|row| row.staff_id).collect();
    let deputies: Vec<Uuid> = page.rows.iter().map(|row| row.deputy_id).collect();
    let absent = match ids.as_slice() {
        [] => Vec::new(),
        ids => sql::staff_by_ids(context.store(), ids).await?,
    };
    let deputies = names(context, &deputies).await?;
    let mut rows = Vec::new();
    for row in page.rows {
        let Some(staff) = absent.iter().find(|staff| staff.staff_id == row.staff_id) else {
            continue;
        };
        let org = org_of("staff", staff.staff_id, &staff.org)?;
        if may_manage(caller.principal(), &org) {
            let deputy = deputies.get(&row.deputy_id).cloned().unwrap_or_default();
            rows.push(absence_row(&row, staff.name.clone(), deputy)?);
        }
    }
    Ok(Page {
        rows,
        next: page.next,
    })
}

fn absence_row(row: &absence::Model, name: String, deputy: String) -> Result<AbsenceRow, AppError> {
    Ok(AbsenceRow {
        absence_id: AbsenceId::from_uuid(row.absence_id),
        staff_id: StaffId::from_uuid(row.staff_id),
        name,
        from: day_of(&row.from_day)?,
        to: day_of(&row.to_day)?,
        deputy_id: StaffId::from_uuid(row.deputy_id),
        deputy_name: deputy,
        reason: AbsenceReason::parse(&row.reason)
            .ok_or_else(|| sql::bad_row("staff_absence", &row.absence_id, &"no such reason"))?,
    })
}

fn agencies(principal: &Principal) -> Result<Vec<DivisionCode>, AppError> {
    let Principal::Staff(staff) = principal else {
        return Ok(Vec::new());
    };
    staff.scopes(CanManageStaff::NAME).map(agency_of).collect()
}

/// Which page.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AbsenceFilter {
    /// Where to go on.
    cursor: Option<String>,
    /// Rows wanted.
    limit: Option<u32>,
}

/// Absences that have not ended, of staff whom the caller manages.
#[utoipa::path(get, path = "/absences", tag = "identity", params(AbsenceFilter), responses(
    (status = 200, description = "One page, by first day", body = Rows<AbsenceRow>),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn list_absence_rows(
    State(context): State<Identity>,
    Authorised(caller): Authorised<CanManageStaff>,
    Filter(filter): Filter<AbsenceFilter>,
) -> Reply<Rows<AbsenceRow>> {
    let page = PageQuery {
        cursor: filter.cursor,
        limit: filter.limit,
    };
    Ok(list_absences(&context, &caller, &page).await?.into())
}
