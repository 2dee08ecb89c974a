//! The standards of items as staff see them: every edition, where it stands, what was done with it.

use axum::extract::State;
use httpkit::{Authorised, Params, ProblemDocument, Reply, Rows, Versioned};
use kernel::{
    AppError, Caller, Date, Timestamp,
    caller::{CanPublishItems, CanReviewItems, IsStaff, Permission},
    codes,
    item::{ItemCode, Suspension, Words},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Catalog,
    move_edition::standards_of_the_city,
    shelf::{Published, Shelved},
    standing::{EditionAct, EditionState},
    store::{self, act},
};

/// The standard of an item in the list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StandardRow {
    /// Code.
    pub code: ItemCode,
    /// Name.
    pub name: Words,
    /// Domain.
    pub domain: String,
    /// Whether it has no form and rules of its own yet.
    pub general: bool,
    /// The edition in force; none where the item has ended or not begun.
    pub edition: Option<i32>,
    /// From when it is in force.
    #[schema(value_type = Option<String>, format = Date)]
    pub effective: Option<Date>,
    /// Why no new cases are taken for now; null while they are.
    pub suspended: Option<Suspension>,
    /// Editions that wait: drafts, reviewed ones, and those whose day is still to come.
    pub waiting: Vec<EditionState>,
}

/// One edition of an item.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EditionRow {
    /// 1, 2, 3, …
    pub edition: i32,
    /// Where it stands.
    pub state: EditionState,
    /// In force from this day on; null for one that never came into force.
    #[schema(value_type = Option<String>, format = Date)]
    pub effective: Option<Date>,
    /// The last day of a suspension, if that is known.
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
    /// Why it is suspended or retired; empty where nobody gave a reason.
    pub reason: String,
    /// SM3 of its content.
    pub digest: String,
    /// What the caller may do with it now: `review`, `publish`, `suspend`, `resume`, `retire`.
    pub acts: Vec<&'static str>,
    /// What was done with it, the first first.
    pub history: Vec<EditionDone>,
}

/// What was done with an edition.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EditionDone {
    /// `draft`, `review`, `publish`, `suspend`, `resume` or `retire`.
    pub act: String,
    /// Who did it; empty for the program, which loaded a pack.
    pub by: String,
    /// The day it named.
    #[schema(value_type = Option<String>, format = Date)]
    pub day: Option<Date>,
    /// The reason it gave.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// An item with all its editions.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Standard {
    /// Code.
    pub code: ItemCode,
    /// Name, in the edition in force or else the newest.
    pub name: Words,
    /// Version of the item: a change names it.
    pub version: i64,
    /// Editions, the newest first.
    pub editions: Vec<EditionRow>,
}

fn row(code: &ItemCode, item: &Shelved, today: Date) -> Option<StandardRow> {
    let in_force = item.on(today);
    let shown = in_force.or_else(|| item.newest())?;
    let facts = &shown.edition.facts;
    let waits = |one: &&std::sync::Arc<Published>| {
        !one.standing.has_begun(today) && one.standing.state != EditionState::Retired
    };
    let waiting = item.editions.values().filter(waits);
    Some(StandardRow {
        code: code.clone(),
        name: facts.name.clone(),
        domain: facts.domain.clone(),
        general: facts.general.is_some(),
        edition: in_force.map(|one| one.edition.edition),
        effective: in_force.and_then(|one| one.standing.effective),
        suspended: in_force.and_then(|one| one.standing.suspension(today)),
        waiting: waiting.map(|one| one.standing.state).collect(),
    })
}

/// What the caller may do with an edition now.
fn acts(
    catalog: &Catalog,
    caller: &Caller<IsStaff>,
    item: &Shelved,
    one: &Published,
    today: Date,
) -> Vec<&'static str> {
    let holds = |permission| standards_of_the_city(catalog, caller.principal(), permission);
    let mut may = Vec::new();
    let reason = String::new;
    if holds(CanReviewItems::NAME) {
        may.push(EditionAct::Review);
    }
    if holds(CanPublishItems::NAME) {
        may.extend([
            EditionAct::Publish { effective: today },
            EditionAct::Suspend {
                reason: reason(),
                until: None,
            },
            EditionAct::Resume,
            EditionAct::Retire { reason: reason() },
        ]);
    }
    let actor = caller.principal().actor();
    let in_force = item.is_in_force(one.edition.edition, today);
    let possible = may
        .iter()
        .filter(|act| one.standing.after(act, &actor, (today, in_force)).is_ok());
    possible.map(EditionAct::name).collect()
}

fn done(row: &act::Model) -> EditionDone {
    EditionDone {
        act: row.act.clone(),
        by: row.by_name.clone(),
        day: row.day.as_ref().and_then(|day| day.parse().ok()),
        reason: row.reason.clone(),
        at: Timestamp::from_micros(row.at_us),
    }
}

/// An item with all its editions.
///
/// # Errors
/// `E1213` for an item that never was.
pub(crate) async fn standard_of(
    catalog: &Catalog,
    caller: &Caller<IsStaff>,
    code: &ItemCode,
) -> Result<Versioned<Standard>, AppError> {
    let (shelf, today) = (catalog.shelf(), catalog.today());
    let item = shelf.0.get(code);
    let item = item.ok_or_else(|| AppError::refused(&codes::E1213))?;
    let history = store::acts(&catalog.kit.store, code).await?;
    let edition = |one: &std::sync::Arc<Published>| {
        let number = one.edition.edition;
        let of = history.iter().filter(|row| row.edition == number);
        EditionRow {
            edition: number,
            state: item.state_of(one, today),
            effective: one.standing.effective,
            until: one.standing.until,
            reason: one.standing.reason.clone(),
            digest: one.edition.digest.clone(),
            acts: acts(catalog, caller, item, one, today),
            history: of.map(done).collect(),
        }
    };
    let named = item.on(today).or_else(|| item.newest());
    let name = named.map(|one| one.edition.facts.name.clone());
    let standard = Standard {
        code: code.clone(),
        name: name.unwrap_or_default(),
        version: item.version,
        editions: item.editions.values().rev().map(edition).collect(),
    };
    Ok(Versioned(item.version, standard))
}

/// The standards of all items.
#[utoipa::path(get, path = "/workbench/items", tag = "standards", responses(
    (status = 200, description = "All of them, by code", body = Rows<StandardRow>),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn list_standards(
    State(catalog): State<Catalog>,
    _caller: Authorised<IsStaff>,
) -> Reply<Rows<StandardRow>> {
    let (shelf, today) = (catalog.shelf(), catalog.today());
    let rows = shelf.0.iter();
    let rows = rows.filter_map(|(code, item)| row(code, item, today));
    Ok(Rows::all(rows.collect()))
}

/// One item with all its editions.
#[utoipa::path(get, path = "/workbench/items/{code}", tag = "standards",
    params(("code" = ItemCode, Path, description = "Code of the item")),
    responses(
        (status = 200, body = Standard, headers(("ETag" = String, description = "Version of the item"))),
        (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
    ))]
pub(crate) async fn show_standard(
    State(catalog): State<Catalog>,
    Authorised(caller): Authorised<IsStaff>,
    Params(code): Params<ItemCode>,
) -> Reply<Versioned<Standard>> {
    Ok(standard_of(&catalog, &caller, &code).await?)
}
