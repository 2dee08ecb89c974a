//! A citizen's own cases.

use kernel::{
    AppError,
    caller::{Acting, Citizen, Staff},
    ids::{EmployerId, Id as _, PersonId},
};
use sea_orm::{Condition, entity::prelude::*};
use store::{
    Store,
    page::{Page, PageQuery},
};

use super::{super::file, newest_first};
use crate::case::{Opening, Party};

/// The cases of an enterprise, or those that a person has for himself.
fn of_party(person: PersonId, employer: Option<EmployerId>) -> Condition {
    match employer {
        Some(employer) => Condition::all().add(file::Column::EmployerId.eq(employer.uuid())),
        None => Condition::all()
            .add(file::Column::PersonId.eq(person.uuid()))
            .add(file::Column::EmployerId.is_null()),
    }
}

fn of_citizen(citizen: &Citizen) -> Condition {
    let employer = match citizen.acting {
        Acting::Myself => None,
        Acting::Enterprise(employer) => Some(employer),
    };
    of_party(citizen.person, employer)
}

/// A page of the drafts that a clerk fills in at his window, last changed first.
pub(crate) async fn own_window_drafts(
    store: &Store,
    staff: &Staff,
    page: &PageQuery,
) -> Result<Page<file::Model>, AppError> {
    let condition = Condition::all()
        .add(file::Column::Bureau.eq(staff.bureau.to_string()))
        .add(file::Column::OpenedBy.eq(staff.staff.uuid()));
    newest_first(store, condition, page).await
}

/// The last closed cases of one item that the applicant of a case had, newest first.
pub(crate) async fn earlier_of(
    store: &Store,
    opening: &Opening,
    rows: u32,
) -> Result<Vec<file::Model>, AppError> {
    let condition = of_party(opening.person, opening.employer)
        .add(file::Column::Item.eq(opening.item.as_str()))
        .add(file::Column::ClosedUs.is_not_null());
    let page = PageQuery {
        cursor: None,
        limit: Some(rows),
    };
    Ok(newest_first(store, condition, &page).await?.rows)
}

/// A page of the cases in which somebody is the other party, last changed first.
pub(crate) async fn of_other_party(
    store: &Store,
    party: Party,
    page: &PageQuery,
) -> Result<Page<file::Model>, AppError> {
    let condition = Condition::all().add(file::Column::OtherParty.eq(party.uuid()));
    newest_first(store, condition, page).await
}

/// Which of his cases a citizen wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    Drafts,
    Open,
    Closed,
}

/// A page of a citizen's cases, newest first.
pub(crate) async fn own_cases(
    store: &Store,
    citizen: &Citizen,
    which: Which,
    page: &PageQuery,
) -> Result<Page<file::Model>, AppError> {
    let mut condition = of_citizen(citizen);
    condition = match which {
        // What a clerk fills in at a window is his until it is received. That a draft is not closed
        // goes without saying, but not for the index of open cases.
        Which::Drafts => condition
            .add(file::Column::State.eq("DRAFT"))
            .add(file::Column::Channel.eq("online"))
            .add(file::Column::ClosedUs.is_null()),
        Which::Open => condition
            .add(file::Column::State.ne("DRAFT"))
            .add(file::Column::ClosedUs.is_null()),
        Which::Closed => condition.add(file::Column::ClosedUs.is_not_null()),
    };
    newest_first(store, condition, page).await
}
