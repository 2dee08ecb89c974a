//! A citizen's own cases.

use kernel::{
    AppError,
    caller::{Acting, Citizen},
    ids::Id as _,
};
use sea_orm::{Condition, QueryOrder as _, QuerySelect as _, entity::prelude::*};
use store::{
    Store, StoreError,
    page::{Page, PageQuery},
};
use uuid::Uuid;

use super::super::file;

fn of_citizen(citizen: &Citizen) -> Condition {
    match citizen.acting {
        Acting::Myself => Condition::all()
            .add(file::Column::PersonId.eq(citizen.person.uuid()))
            .add(file::Column::EmployerId.is_null()),
        Acting::Enterprise(employer) => {
            Condition::all().add(file::Column::EmployerId.eq(employer.uuid()))
        }
    }
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
        Which::Drafts => condition.add(file::Column::State.eq("DRAFT")),
        Which::Open => condition
            .add(file::Column::State.ne("DRAFT"))
            .add(file::Column::ClosedUs.is_null()),
        Which::Closed => condition.add(file::Column::ClosedUs.is_not_null()),
    };
    if let Some((updated, id)) = page.position::<(i64, Uuid)>()? {
        condition = condition.add(
            Condition::any()
                .add(file::Column::UpdatedUs.lt(updated))
                .add(
                    Condition::all()
                        .add(file::Column::UpdatedUs.eq(updated))
                        .add(file::Column::CaseId.lt(id)),
                ),
        );
    }
    let rows = file::Entity::find()
        .filter(condition)
        .order_by_desc(file::Column::UpdatedUs)
        .order_by_desc(file::Column::CaseId)
        .limit(u64::from(page.rows()) + 1)
        .all(store.read())
        .await
        .map_err(StoreError::from)?;
    Ok(Page::cut(rows, page.rows(), |row| {
        (row.updated_us, row.case_id)
    }))
}
