//! A staff member's own views of the list of cases: a name and what the list is narrowed to. They
//! stand on tabs, each with a count that ends early.

use axum::{Json, extract::State as Context};
use httpkit::{Act as Write, Authorised, Faults, Filter, Refusals, Reply, Versioned};
use kernel::{
    AppError, Caller, DivisionCode, Refusal,
    caller::{CanExportCases, CanViewCases, Permission as _, Staff},
    codes,
    error::Broken,
    ids::{Id as _, StaffId},
    item::Words,
    limits::{VIEW_NAME_CHARS_MAX, VIEWS_MAX},
};
use serde::{Deserialize, Serialize};
use store::{Command, Loads, Work, key};
use utoipa::ToSchema;

use super::case_query::CaseQuery;
use crate::{
    desk::{Casework, sight},
    store::{
        lists::cases::{self, CaseCount},
        views,
    },
};

/// A view of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnView {
    /// What stands on its tab.
    pub name: String,
    /// What the list is narrowed to.
    pub filter: CaseQuery,
}

/// An organisation by which the list can be narrowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OrgChoice {
    /// Its path.
    pub org: String,
    /// Its name.
    pub name: Words,
}

/// What the page of the list needs beside its rows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwnViews {
    /// The caller's own views in their order.
    pub views: Vec<OwnView>,
    /// The organisations whose cases he may look at.
    pub orgs: Vec<OrgChoice>,
    /// Whether he may take lists out of the house.
    pub may_export: bool,
}

/// The views to keep, all of them in their order.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepViews {
    /// The views.
    #[schema(max_items = 12)]
    pub views: Vec<OwnView>,
}

/// The caller's own views of the list of cases; their version stands in `ETag`.
#[utoipa::path(get, path = "/workbench/case-views", tag = "work",
    responses((status = 200, body = OwnViews), Refusals))]
pub(crate) async fn find_case_views(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanViewCases>,
) -> Reply<Versioned<OwnViews>> {
    let staff = caller.staff()?;
    let row: Option<views::Model> = desk.kit.store.find(key_of(staff)).await?;
    let kept = row.as_ref().map(read).transpose()?.unwrap_or_default();
    let answer = OwnViews {
        views: kept,
        orgs: choices(&desk, staff),
        may_export: staff.scopes(CanExportCases::NAME).next().is_some(),
    };
    Ok(Versioned(row.map_or(0, |row| row.version), answer))
}

/// How many cases the list holds under a filter: counted up to a limit that is told.
#[utoipa::path(get, path = "/workbench/cases/count", tag = "work", params(CaseQuery),
    responses((status = 200, body = CaseCount), Refusals))]
pub(crate) async fn count_cases(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanViewCases>,
    Filter(query): Filter<CaseQuery>,
) -> Reply<Json<CaseCount>> {
    let staff = caller.staff()?;
    let listed = query.listed(staff, sight(staff), desk.now().day())?;
    let store = &desk.kit.store;
    let answer = async { cases::count(store, &listed).await };
    Ok(Json(desk.case_counts.ask(listed.clone(), answer).await?))
}

/// Keeps the caller's own views: what is missing is deleted, what is named anew is renamed.
#[utoipa::path(put, path = "/workbench/case-views", tag = "work", request_body = KeepViews,
    params(("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = KeptViews), Refusals))]
pub(crate) async fn keep_case_views(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanViewCases>,
    write: Write<KeepViews>,
) -> Reply<Versioned<KeptViews>> {
    let kept = keep(&desk, &caller, &write).await?;
    Ok(Versioned(kept.version, kept))
}

/// The version of the views that are kept now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeptViews {
    /// Their version, for `If-Match`.
    pub version: i64,
}

async fn keep(
    desk: &Casework,
    caller: &Caller<CanViewCases>,
    write: &Write<KeepViews>,
) -> Result<KeptViews, AppError> {
    let staff = caller.staff()?;
    let views = checked(desk, staff, &write.body.views)?;
    let keep = Keep {
        bureau: staff.bureau,
        staff: staff.staff,
        version: write.version()?,
        views: serde_json::to_string(&views).map_err(|fault| Broken::caused("views", fault))?,
    };
    let envelope = desk.kit.envelope(caller, &write.repetition);
    let done = desk.kit.run(envelope, keep);
    desk.kit.once(caller, &write.repetition, done).await
}

fn checked(desk: &Casework, staff: &Staff, given: &[OwnView]) -> Result<Vec<OwnView>, AppError> {
    if given.len() > VIEWS_MAX {
        let refusal = Refusal::new(&codes::E1060).with("max", VIEWS_MAX.to_string());
        return Err(refusal.into());
    }
    let mut faults = Faults::default();
    let mut views = Vec::with_capacity(given.len());
    for (at, view) in given.iter().enumerate() {
        let pointer = format!("/views/{at}/name");
        let name = faults.text(&pointer, &view.name, VIEW_NAME_CHARS_MAX);
        view.filter.listed(staff, None, desk.now().day())?;
        views.push(OwnView {
            name,
            filter: view.filter.clone(),
        });
    }
    faults.done()?;
    Ok(views)
}

fn read(row: &views::Model) -> Result<Vec<OwnView>, AppError> {
    let read = serde_json::from_str(&row.views);
    read.map_err(|fault| Broken::caused("views of a staff member", fault).into())
}

fn key_of(staff: &Staff) -> store::Key {
    key!(staff.bureau, staff.staff.uuid())
}

/// The organisations of the caller's agency whose cases he may look at.
fn choices(desk: &Casework, staff: &Staff) -> Vec<OrgChoice> {
    let sight = sight(staff);
    let bureau = staff.bureau.to_string();
    let of_agency = |path: &str| path == bureau || path.starts_with(&format!("{bureau}/"));
    let in_sight = |path: &str| {
        let path: Option<kernel::OrgPath> = path.parse().ok();
        let within = |orgs: &Vec<kernel::OrgPath>| {
            let mut orgs = orgs.iter();
            path.as_ref()
                .is_some_and(|path| orgs.any(|org| org.contains(path)))
        };
        sight.as_ref().is_none_or(within)
    };
    let organisations = desk.parts.organisations.iter();
    organisations
        .filter(|(path, _)| of_agency(path) && in_sight(path))
        .map(|(path, name)| OrgChoice {
            org: path.clone(),
            name: name.clone(),
        })
        .collect()
}

/// Keeps the views of a staff member.
struct Keep {
    bureau: DivisionCode,
    staff: StaffId,
    version: i64,
    views: String,
}

impl Command for Keep {
    type Out = KeptViews;
    const NAME: &'static str = "case_views.keep";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.staff.to_string()
    }

    fn lane(&self) -> u64 {
        self.staff.uuid().as_u64_pair().1
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<views::Model>(key!(self.bureau, self.staff.uuid()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<KeptViews, AppError> {
        let row = work.get::<views::Model>(&key!(self.bureau, self.staff.uuid()))?;
        if row.map_or(0, |row| row.version) != self.version {
            return Err(AppError::refused(&codes::E1010));
        }
        let version = self.version + 1;
        work.put(views::Model {
            bureau: self.bureau.to_string(),
            staff_id: self.staff.uuid(),
            version,
            views: self.views.clone(),
        })?;
        Ok(KeptViews { version })
    }
}
