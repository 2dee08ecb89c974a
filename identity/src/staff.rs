//! Staff, their posts, absences and deputies, kept by those who hold `staff.manage`.

mod absence_list;
mod absences;
mod assign_posts;
mod change;
mod create;
mod hand_over;
mod list;

use axum::extract::State;
use httpkit::{Authorised, ProblemDocument, Reply, Rows};
use kernel::{
    AppError, OrgPath, Principal,
    caller::{CanManageStaff, IsStaff, PERMISSIONS, Permission as _},
    codes,
    ids::StaffId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use absence_list::{AbsenceRow, list_absences};
pub use absences::{AbsenceChanged, AbsenceReason, NewAbsence, add_absence, remove_absence};
pub use assign_posts::{PostIn, assign_posts};
pub use change::{StaffChange, change_staff};
pub use create::{NewStaff, create_staff};
pub use hand_over::hand_over;
pub use list::{StaffRow, list_staff};

pub(crate) use absence_list::{__path_list_absence_rows, list_absence_rows};
pub(crate) use absences::{
    __path_create_absence, __path_delete_absence, create_absence, delete_absence,
};
pub(crate) use assign_posts::{__path_update_staff_posts, update_staff_posts};
pub(crate) use change::{__path_update_staff_member, update_staff_member};
pub(crate) use create::{
    __path_create_staff_member, CreateStaff, agency_of, create_staff_member, is_account,
};
pub(crate) use hand_over::{__path_create_hand_over, create_hand_over};
pub(crate) use list::{__path_list_staff_rows, list_staff_rows};

use crate::{
    Identity,
    directory::{Snapshot, say},
    roster::org_of,
    store::{self as sql, staff_row},
};

/// What a change of a staff member answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StaffChanged {
    /// Who.
    pub staff_id: StaffId,
    /// Version afterwards.
    pub version: i64,
}

/// A staff member by his id.
pub(crate) async fn find(context: &Identity, id: StaffId) -> Result<staff_row::Model, AppError> {
    let row = sql::staff_by_id(context.store(), id).await?;
    row.ok_or_else(|| AppError::refused(&codes::E1012))
}

/// A staff member whom the caller may manage; others are not found.
async fn managed(
    context: &Identity,
    principal: &Principal,
    id: StaffId,
) -> Result<staff_row::Model, AppError> {
    let row = find(context, id).await?;
    let org = org_of("staff", row.staff_id, &row.org)?;
    if may_manage(principal, &org) {
        Ok(row)
    } else {
        Err(AppError::refused(&codes::E1012))
    }
}

/// Whether the principal manages the staff of an organisation. The system does.
fn may_manage(principal: &Principal, org: &OrgPath) -> bool {
    match principal {
        Principal::System(_) => true,
        Principal::Staff(staff) => staff.may(CanManageStaff::NAME, org),
        Principal::Stranger | Principal::Citizen(_) => false,
    }
}

/// The staff member who asks, if it is one.
const fn staff_of(principal: &Principal) -> Option<StaffId> {
    match principal {
        Principal::Staff(staff) => Some(staff.staff),
        _ => None,
    }
}

/// Nobody changes his own account.
fn not_oneself(principal: &Principal, id: StaffId) -> Result<(), AppError> {
    if staff_of(principal) == Some(id) {
        Err(AppError::refused(&codes::E1114))
    } else {
        Ok(())
    }
}

/// Whether the path exists and the principal manages it.
fn is_possible_org(directory: &Snapshot, principal: &Principal, org: &OrgPath) -> bool {
    directory.organisations.contains_key(org.as_str()) && may_manage(principal, org)
}

/// An organisation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OrgRow {
    path: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
}

/// A post and what it carries.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PostRow {
    post: String,
    name: String,
    permissions: Vec<PermissionRow>,
}

/// A permission.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PermissionRow {
    permission: String,
    name: String,
}

/// All organisations.
#[utoipa::path(get, path = "/organisations", tag = "identity", responses(
    (status = 200, description = "In the order of paths", body = Rows<OrgRow>),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn list_organisations(
    State(context): State<Identity>,
    Authorised(caller): Authorised<IsStaff>,
) -> Reply<Rows<OrgRow>> {
    let directory = context.directory().await?;
    let lang = caller.request().lang;
    let rows = directory.organisations.iter().map(|(path, name)| OrgRow {
        path: path.clone(),
        name: say(name, lang),
        parent: path.rsplit_once('/').map(|(parent, _)| parent.to_owned()),
    });
    Ok(Rows::all(rows.collect()))
}

/// All posts with their permissions.
#[utoipa::path(get, path = "/posts", tag = "identity", responses(
    (status = 200, description = "In the order of the pack", body = Rows<PostRow>),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn list_posts(
    State(context): State<Identity>,
    Authorised(caller): Authorised<IsStaff>,
) -> Reply<Rows<PostRow>> {
    let directory = context.directory().await?;
    let lang = caller.request().lang;
    let rows = directory.posts.iter().map(|post| PostRow {
        post: post.id.clone(),
        name: say(&post.name, lang),
        permissions: post.permissions.iter().map(permission_row).collect(),
    });
    Ok(Rows::all(rows.collect()))
}

fn permission_row(id: &String) -> PermissionRow {
    let known = PERMISSIONS.iter().find(|(name, _, _)| name == id);
    PermissionRow {
        permission: id.clone(),
        name: known.map_or_else(|| id.clone(), |(_, _, zh)| (*zh).to_owned()),
    }
}
