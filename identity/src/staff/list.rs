//! The staff page.

use std::collections::BTreeMap;

use axum::extract::State;
use httpkit::{Authorised, Filter, ProblemDocument, Reply, Rows};
use kernel::{
    AppError, Date, DivisionCode, Lang, OrgPath, Principal, Refusal,
    caller::{Caller, CanManageStaff, Permission as _},
    codes,
    ids::{Id as _, StaffId},
};
use serde::{Deserialize, Serialize};
use store::page::{Page, PageQuery};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Identity,
    directory::Snapshot,
    grants::Held,
    roster::{bureau_of, org_of},
    store::{self as sql, absence, staff_row},
    views::PostView,
};

/// A staff member in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StaffRow {
    /// Who.
    pub staff_id: StaffId,
    /// Account.
    pub account: String,
    /// Name among colleagues.
    pub name: String,
    /// Organisation.
    pub org: OrgPath,
    /// Its name.
    pub org_name: String,
    /// His own posts.
    pub posts: Vec<PostView>,
    /// Whether he works here.
    pub active: bool,
    /// The last day of his absence, when he is absent today.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub absent_until: Option<Date>,
    /// His deputy, when he is absent today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deputy_name: Option<String>,
    /// Version for changes.
    pub version: i64,
}

/// The staff in and below an organisation whom the caller manages, by account.
///
/// # Errors
/// `E1014` for a made-up cursor.
pub async fn list_staff(
    context: &Identity,
    caller: &Caller<CanManageStaff>,
    org: Option<OrgPath>,
    page: &PageQuery,
) -> Result<Page<StaffRow>, AppError> {
    let orgs = scope(caller.principal(), org);
    if orgs.is_empty() {
        return Ok(Page::cut(Vec::new(), 1, |_: &StaffRow| ()));
    }
    let limit = page.rows();
    let after = page.position::<String>()?;
    let rows = sql::listed(context.store(), &orgs, after, u64::from(limit) + 1).await?;
    let page = Page::cut(rows, limit, |row| row.account.clone());
    let facts = Facts::read(context, &page.rows, caller.request().lang).await?;
    let mut rows = Vec::with_capacity(page.rows.len());
    for row in page.rows {
        rows.push(facts.row(row)?);
    }
    Ok(Page {
        rows,
        next: page.next,
    })
}

/// The organisations to look in: what was asked for, as far as the caller manages it.
fn scope(principal: &Principal, org: Option<OrgPath>) -> Vec<OrgPath> {
    let Principal::Staff(staff) = principal else {
        return org.into_iter().collect();
    };
    let scopes = staff.scopes(CanManageStaff::NAME).cloned();
    match org {
        None => scopes.collect(),
        Some(org) if staff.may(CanManageStaff::NAME, &org) => vec![org],
        Some(org) => scopes.filter(|scope| org.contains(scope)).collect(),
    }
}

/// What the rows of one page need besides themselves.
struct Facts {
    directory: std::sync::Arc<Snapshot>,
    lang: Lang,
    posts: BTreeMap<Uuid, Vec<Held>>,
    absences: Vec<absence::Model>,
    deputies: BTreeMap<Uuid, String>,
}

impl Facts {
    async fn read(
        context: &Identity,
        rows: &[staff_row::Model],
        lang: Lang,
    ) -> Result<Self, AppError> {
        let (store, day) = (context.store(), context.now().day());
        let mut by_agency: BTreeMap<DivisionCode, Vec<Uuid>> = BTreeMap::new();
        for row in rows {
            let bureau = bureau_of("staff", row.staff_id, &row.bureau)?;
            by_agency.entry(bureau).or_default().push(row.staff_id);
        }
        let mut posts: BTreeMap<Uuid, Vec<Held>> = BTreeMap::new();
        let mut absences = Vec::new();
        for (bureau, ids) in by_agency {
            for row in sql::posts_of(store, bureau, &ids).await? {
                let org = org_of("staff_post", row.staff_id, &row.org)?;
                posts.entry(row.staff_id).or_default().push(Held {
                    post: row.post,
                    org,
                    deputy_for: None,
                });
            }
            absences.extend(sql::today_absent(store, bureau, &ids, day).await?);
        }
        let deputies: Vec<Uuid> = absences.iter().map(|absence| absence.deputy_id).collect();
        Ok(Self {
            directory: context.directory().await?,
            lang,
            posts,
            absences,
            deputies: names(context, &deputies).await?,
        })
    }

    fn row(&self, row: staff_row::Model) -> Result<StaffRow, AppError> {
        let absence = self.absences.iter().find(|a| a.staff_id == row.staff_id);
        let posts = self.posts.get(&row.staff_id).into_iter().flatten();
        Ok(StaffRow {
            staff_id: StaffId::from_uuid(row.staff_id),
            org: org_of("staff", row.staff_id, &row.org)?,
            org_name: self.directory.org_name(&row.org, self.lang),
            posts: posts
                .map(|held| PostView::of(held, &self.directory, self.lang, None))
                .collect(),
            absent_until: absence.map(|absence| day_of(&absence.to_day)).transpose()?,
            deputy_name: absence.and_then(|a| self.deputies.get(&a.deputy_id).cloned()),
            account: row.account,
            name: row.name,
            active: row.active,
            version: row.version,
        })
    }
}

/// The names of these staff.
pub(super) async fn names(
    context: &Identity,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, String>, AppError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = sql::staff_by_ids(context.store(), ids).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.staff_id, row.name))
        .collect())
}

/// A day as it stands in the database.
pub(super) fn day_of(text: &str) -> Result<Date, AppError> {
    text.parse()
        .map_err(|fault| sql::bad_row("staff_absence", &text, &fault).into())
}

/// Which staff.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct StaffFilter {
    /// In and below this organisation.
    org: Option<String>,
    /// Where to go on.
    cursor: Option<String>,
    /// Rows wanted.
    limit: Option<u32>,
}

/// The staff whom the caller manages, by account.
#[utoipa::path(get, path = "/staff", tag = "identity", params(StaffFilter), responses(
    (status = 200, description = "One page", body = Rows<StaffRow>),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn list_staff_rows(
    State(context): State<Identity>,
    Authorised(caller): Authorised<CanManageStaff>,
    Filter(filter): Filter<StaffFilter>,
) -> Reply<Rows<StaffRow>> {
    let wrong = |_| Refusal::new(&codes::E1014).with("name", "org");
    let org = filter.org.as_deref().filter(|org| !org.is_empty());
    let org = org.map(str::parse).transpose().map_err(wrong)?;
    let page = PageQuery {
        cursor: filter.cursor,
        limit: filter.limit,
    };
    Ok(list_staff(&context, &caller, org, &page).await?.into())
}
