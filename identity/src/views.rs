//! The session as the pages see it.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use httpkit::{Authorised, ProblemDocument, Reply};
use kernel::{
    AppError, DivisionCode, Lang, OrgPath, Principal, Timestamp,
    caller::{Acting, Anyone, Citizen, Staff},
    codes,
    ids::{EmployerId, Id as _, PersonId, SessionId, StaffId},
    mask,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Identity, book,
    directory::Snapshot,
    grants::Held,
    people, roster,
    store::{self as sql, employer, staff_row},
};

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Session {
    /// `stranger`, `citizen` or `staff`.
    pub kind: &'static str,
    /// When the session ends if nothing more is heard of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// The citizen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub citizen: Option<SessionCitizen>,
    /// The staff member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff: Option<SessionStaff>,
}

/// A signed-in citizen, masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SessionCitizen {
    /// Who he is.
    pub person_id: PersonId,
    /// Name with stars.
    pub name_masked: String,
    /// Citizen number with stars.
    pub number_masked: String,
    /// Mobile number with stars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobile_masked: Option<String>,
    /// E-mail address with stars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_masked: Option<String>,
    /// Whether he agreed to electronic service.
    pub electronic_service: bool,
    /// For whom he acts.
    pub acting: Role,
    /// For whom he may act, himself first.
    pub roles: Vec<Role>,
}

/// For whom a citizen acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Role {
    /// `myself` or `enterprise`.
    pub kind: &'static str,
    /// The enterprise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employer_id: Option<EmployerId>,
    /// Name of the enterprise; of himself with stars.
    pub name: String,
}

/// A signed-in staff member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SessionStaff {
    /// Who he is.
    pub staff_id: StaffId,
    /// Account.
    pub account: String,
    /// Name.
    pub name: String,
    /// Agency.
    pub bureau: String,
    /// Its name.
    pub bureau_name: String,
    /// Organisation.
    pub org: OrgPath,
    /// Its name.
    pub org_name: String,
    /// What he holds now.
    pub posts: Vec<PostView>,
    /// Names of his permissions.
    pub permissions: Vec<String>,
}

/// A post somebody holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PostView {
    /// The post.
    pub post: String,
    /// Its name.
    pub name: String,
    /// Where it holds.
    pub org: OrgPath,
    /// Name of that organisation.
    pub org_name: String,
    /// Name of the absent colleague for whom it is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deputy_for: Option<String>,
}

impl PostView {
    /// The view of a held post; `deputy_for` names the absent colleague.
    pub(crate) fn of(
        held: &Held,
        directory: &Snapshot,
        lang: Lang,
        deputy_for: Option<String>,
    ) -> Self {
        Self {
            name: directory.post_name(&held.post, lang),
            org_name: directory.org_name(held.org.as_str(), lang),
            post: held.post.clone(),
            org: held.org.clone(),
            deputy_for,
        }
    }
}

/// The session of a principal.
///
/// # Errors
/// When the database does not answer.
pub async fn session_view(
    context: &Identity,
    principal: &Principal,
    lang: Lang,
) -> Result<Session, AppError> {
    let (kind, citizen, staff, session) = match principal {
        Principal::Citizen(citizen) => {
            let view = citizen_view(context, citizen).await?;
            ("citizen", Some(view), None, Some(citizen.session))
        }
        Principal::Staff(staff) => {
            let view = staff_view(context, staff, lang).await?;
            ("staff", None, Some(view), Some(staff.session))
        }
        Principal::Stranger | Principal::System(_) => ("stranger", None, None, None),
    };
    let expires_at = match session {
        Some(session) => expiry(context, session).await?,
        None => None,
    };
    Ok(Session {
        kind,
        expires_at,
        citizen,
        staff,
    })
}

async fn expiry(context: &Identity, session: SessionId) -> Result<Option<Timestamp>, AppError> {
    let row = sql::by_id(context.store(), session).await?;
    Ok(row.map(|row| book::end_of_row(context.book(), &row)))
}

async fn citizen_view(context: &Identity, citizen: &Citizen) -> Result<SessionCitizen, AppError> {
    let card = people::card_of(context, citizen.person).await?;
    let card = card.ok_or_else(|| AppError::refused(&codes::E1012))?;
    let name_masked = mask::name(card.name.reveal());
    let employers = sql::roles_of(context.store(), citizen.person).await?;
    let myself = Role {
        kind: "myself",
        employer_id: None,
        name: name_masked.clone(),
    };
    let roles: Vec<Role> = std::iter::once(myself.clone())
        .chain(employers.iter().map(role_of))
        .collect();
    let wanted = match citizen.acting {
        Acting::Myself => None,
        Acting::Enterprise(employer) => Some(employer),
    };
    let acting = roles.iter().find(|role| role.employer_id == wanted);
    Ok(SessionCitizen {
        person_id: card.id,
        number_masked: mask::citizen_no(card.number.reveal().reveal()),
        mobile_masked: card.mobile.map(|mobile| mask::mobile(mobile.reveal())),
        email_masked: card.email.map(|email| mask::email(email.reveal())),
        electronic_service: card.electronic_service.is_some(),
        acting: acting.cloned().unwrap_or(myself),
        name_masked,
        roles,
    })
}

fn role_of(row: &employer::Model) -> Role {
    Role {
        kind: "enterprise",
        employer_id: Some(EmployerId::from_uuid(row.employer_id)),
        name: row.name.clone(),
    }
}

async fn staff_view(
    context: &Identity,
    staff: &Staff,
    lang: Lang,
) -> Result<SessionStaff, AppError> {
    let store = context.store();
    let directory = context.directory().await?;
    let rows = sql::staff_of_ids(store, staff.bureau, &[staff.staff.uuid()]).await?;
    let members = roster::members(store, &directory, staff.bureau, rows, context.now()).await?;
    let member = members.into_iter().next();
    let member = member.ok_or_else(|| AppError::refused(&codes::E1012))?;
    let names = covered_names(context, staff.bureau, &member.held).await?;
    let name_of = |id: StaffId| names.get(&id).cloned();
    let posts = member
        .held
        .iter()
        .map(|held| PostView::of(held, &directory, lang, held.deputy_for.and_then(name_of)));
    let mut permissions: Vec<String> = staff
        .grants
        .iter()
        .map(|grant| grant.permission.clone())
        .collect();
    permissions.sort_unstable();
    permissions.dedup();
    let bureau = staff.bureau.to_string();
    Ok(SessionStaff {
        staff_id: staff.staff,
        account: member.row.account,
        name: member.row.name,
        bureau_name: directory.org_name(&bureau, lang),
        bureau,
        org_name: directory.org_name(staff.org.as_str(), lang),
        org: staff.org.clone(),
        posts: posts.collect(),
        permissions,
    })
}

/// The names of the absent colleagues whose posts these are.
async fn covered_names(
    context: &Identity,
    bureau: DivisionCode,
    held: &[Held],
) -> Result<BTreeMap<StaffId, String>, AppError> {
    let ids: Vec<Uuid> = held
        .iter()
        .filter_map(|held| held.deputy_for.map(StaffId::uuid))
        .collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = sql::staff_of_ids(context.store(), bureau, &ids).await?;
    let named = |row: staff_row::Model| (StaffId::from_uuid(row.staff_id), row.name);
    Ok(rows.into_iter().map(named).collect())
}

/// Who is signed in, by the cookie of the surface.
#[utoipa::path(get, path = "/session", tag = "identity", responses(
    (status = 200, description = "The session; a stranger has one too", body = Session),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn find_session(
    State(context): State<Identity>,
    Authorised(caller): Authorised<Anyone>,
) -> Reply<Response> {
    let lang = caller.request().lang;
    let view = session_view(&context, caller.principal(), lang).await?;
    let no_store = HeaderValue::from_static("no-store");
    Ok(([(header::CACHE_CONTROL, no_store)], Json(view)).into_response())
}
