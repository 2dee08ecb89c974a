//! Keyset lists: inbox, my cases, the delivery desk, the list of cases.

pub(crate) mod cases;
mod exports;
mod own;
mod search;

use std::{cmp::Reverse, collections::BTreeMap};

use kernel::{
    AppError, DivisionCode, OrgPath,
    ids::{Id as _, StaffId},
    limits::VIEW_COUNT_MAX,
};
use sea_orm::{Condition, QueryOrder as _, QuerySelect as _, Select, entity::prelude::*};
use store::{
    Store, StoreError,
    page::{Page, PageQuery},
};
use uuid::Uuid;

pub(crate) use self::{
    exports::exports_of,
    own::{Which, earlier_of, of_other_party, own_cases, own_window_drafts},
    search::{find, ready, stuck, to_serve},
};
use super::{file, task};

/// A page of the cases of which this is true, last changed first.
async fn newest_first(
    store: &Store,
    condition: Condition,
    page: &PageQuery,
) -> Result<Page<file::Model>, AppError> {
    newest_of(store, vec![condition], page).await
}

/// The same for conditions of which a case meets one at most: each is asked for apart, in the order
/// of its index.
async fn newest_of(
    store: &Store,
    conditions: Vec<Condition>,
    page: &PageQuery,
) -> Result<Page<file::Model>, AppError> {
    let mut rows = Vec::new();
    for condition in conditions {
        rows.extend(newest_rows(store, condition, page).await?);
    }
    rows.sort_by_key(|row| Reverse((row.updated_us, row.case_id)));
    Ok(Page::cut(rows, page.rows(), |row| {
        (row.updated_us, row.case_id)
    }))
}

/// The first cases of which this is true, one more than a page holds.
async fn newest_rows(
    store: &Store,
    mut condition: Condition,
    page: &PageQuery,
) -> Result<Vec<file::Model>, AppError> {
    if let Some((updated, id)) = page.position::<(i64, Uuid)>()? {
        // The first says to the index where to begin: the second alone is looked for from the start.
        condition = condition.add(file::Column::UpdatedUs.lte(updated)).add(
            Condition::any()
                .add(file::Column::UpdatedUs.lt(updated))
                .add(
                    Condition::all()
                        .add(file::Column::UpdatedUs.eq(updated))
                        .add(file::Column::CaseId.lt(id)),
                ),
        );
    }
    Ok(file::Entity::find()
        .filter(condition)
        .order_by_desc(file::Column::UpdatedUs)
        .order_by_desc(file::Column::CaseId)
        .limit(u64::from(page.rows()) + 1)
        .all(store.read())
        .await
        .map_err(StoreError::from)?)
}

/// Open tasks one staff member holds, the oldest first.
pub(crate) async fn held_by(
    store: &Store,
    bureau: DivisionCode,
    holder: StaffId,
) -> Result<Vec<task::Model>, StoreError> {
    let mut tasks = held(bureau, holder).all(store.read()).await?;
    tasks.sort_unstable_by_key(|row| row.task_id);
    Ok(tasks)
}

/// Without an order: for its sake `SQLite` would read all tasks of the agency.
fn held(bureau: DivisionCode, holder: StaffId) -> Select<task::Entity> {
    task::Entity::find()
        .filter(task::Column::Bureau.eq(bureau.to_string()))
        .filter(task::Column::Holder.eq(holder.uuid()))
}

/// How many tasks a colleague holds that do not wait, within these scopes, counted up to one more than
/// [`VIEW_COUNT_MAX`].
pub(crate) async fn count_held(
    store: &Store,
    (bureau, holder): (DivisionCode, StaffId),
    scopes: &Scopes,
) -> Result<u64, StoreError> {
    let select = held(bureau, holder)
        .filter(task::Column::Waiting.eq(false))
        .filter(in_scope(scopes));
    cases::count_up_to(store, select, VIEW_COUNT_MAX + 1).await
}

/// How many tasks each staff member of an agency holds.
pub(crate) async fn tasks_held(
    store: &Store,
    bureau: DivisionCode,
) -> Result<BTreeMap<Uuid, u64>, StoreError> {
    let rows: Vec<(Uuid, i64)> = task::Entity::find()
        .select_only()
        .column(task::Column::Holder)
        .column_as(task::Column::TaskId.count(), "n")
        .filter(task::Column::Bureau.eq(bureau.to_string()))
        .filter(task::Column::Holder.is_not_null())
        .group_by(task::Column::Holder)
        .into_tuple()
        .all(store.read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(holder, n)| (holder, u64::try_from(n).unwrap_or(0)))
        .collect())
}

/// What an inbox shows.
#[derive(Debug, Clone, Default)]
pub(crate) struct InboxFilter {
    pub holder: Option<Uuid>,
    pub unclaimed: bool,
    pub waiting: bool,
    pub due_from: Option<String>,
    pub due_to: Option<String>,
    pub item: Option<String>,
    pub stage: Option<String>,
    pub channel: Option<String>,
    pub received_from_us: Option<i64>,
    pub received_to_us: Option<i64>,
    pub text: Option<String>,
    pub newest_first: bool,
}

/// Which tasks a staff member may see: a permission in each organisation, in the order of
/// permissions.
pub(crate) type Scopes = Vec<(String, OrgPath)>;

fn in_scope(scopes: &[(String, OrgPath)]) -> Condition {
    let mut any = Condition::any();
    for (permission, org) in scopes {
        any = any.add(
            Condition::all()
                .add(task::Column::Permission.eq(permission))
                .add(
                    Condition::any()
                        .add(task::Column::Org.eq(org.as_str()))
                        .add(task::Column::Org.between(format!("{org}/"), format!("{org}0"))),
                ),
        );
    }
    any
}

fn filtered(bureau: DivisionCode, scopes: &[(String, OrgPath)], filter: &InboxFilter) -> Condition {
    let column = |condition: Condition, given: &Option<String>, column: task::Column| match given {
        Some(value) => condition.add(column.eq(value)),
        None => condition,
    };
    let mut all = Condition::all()
        .add(task::Column::Bureau.eq(bureau.to_string()))
        .add(in_scope(scopes))
        .add(task::Column::Waiting.eq(filter.waiting));
    all = column(all, &filter.item, task::Column::Item);
    all = column(all, &filter.stage, task::Column::Stage);
    all = column(all, &filter.channel, task::Column::Channel);
    if let Some(holder) = filter.holder {
        all = all.add(task::Column::Holder.eq(holder));
    }
    if filter.unclaimed {
        all = all.add(task::Column::Holder.is_null());
    }
    if let Some(day) = &filter.due_from {
        all = all.add(task::Column::DueOn.gte(day));
    }
    if let Some(day) = &filter.due_to {
        all = all.add(task::Column::DueOn.lte(day));
    }
    if let Some(from) = filter.received_from_us {
        all = all.add(task::Column::ReceivedUs.gte(from));
    }
    if let Some(to) = filter.received_to_us {
        all = all.add(task::Column::ReceivedUs.lt(to));
    }
    if let Some(text) = &filter.text {
        all = all.add(
            Condition::any()
                .add(task::Column::CaseNumber.contains(text))
                .add(task::Column::NumberTail.eq(text))
                .add(task::Column::ApplicantMasked.starts_with(text))
                .add(task::Column::NameZh.contains(text)),
        );
    }
    all
}

/// A page of an inbox, most urgent first unless the newest are wanted. Each permission is asked for
/// apart, so that the index gives the first rows without looking at the others.
pub(crate) async fn inbox(
    store: &Store,
    bureau: DivisionCode,
    scopes: &Scopes,
    filter: &InboxFilter,
    page: &PageQuery,
) -> Result<Page<task::Model>, AppError> {
    let mut rows = Vec::new();
    for of_one in scopes.chunk_by(|one, next| one.0 == next.0) {
        let first = first(filtered(bureau, of_one, filter), filter, page)?;
        rows.extend(first.all(store.read()).await.map_err(StoreError::from)?);
    }
    if filter.newest_first {
        rows.sort_by_key(|row| Reverse((row.opened_us, row.task_id)));
    } else {
        rows.sort_by(|one, other| (&one.due_on, one.task_id).cmp(&(&other.due_on, other.task_id)));
    }
    rows.dedup_by_key(|row| row.task_id);
    Ok(if filter.newest_first {
        Page::cut(rows, page.rows(), |row| (row.opened_us, row.task_id))
    } else {
        Page::cut(rows, page.rows(), |row| (row.due_on.clone(), row.task_id))
    })
}

/// The first tasks of which this is true, one more than a page holds.
fn first(
    mut condition: Condition,
    filter: &InboxFilter,
    page: &PageQuery,
) -> Result<Select<task::Entity>, AppError> {
    if filter.newest_first {
        if let Some((opened, id)) = page.position::<(i64, Uuid)>()? {
            condition = condition.add(task::Column::OpenedUs.lte(opened)).add(
                Condition::any().add(task::Column::OpenedUs.lt(opened)).add(
                    Condition::all()
                        .add(task::Column::OpenedUs.eq(opened))
                        .add(task::Column::TaskId.lt(id)),
                ),
            );
        }
    } else if let Some((due, id)) = page.position::<(String, Uuid)>()? {
        condition = condition.add(task::Column::DueOn.gte(&due)).add(
            Condition::any().add(task::Column::DueOn.gt(&due)).add(
                Condition::all()
                    .add(task::Column::DueOn.eq(&due))
                    .add(task::Column::TaskId.gt(id)),
            ),
        );
    }
    let select = task::Entity::find().filter(condition);
    let select = if filter.newest_first {
        select
            .order_by_desc(task::Column::OpenedUs)
            .order_by_desc(task::Column::TaskId)
    } else {
        select
            .order_by_asc(task::Column::DueOn)
            .order_by_asc(task::Column::TaskId)
    };
    Ok(select.limit(u64::from(page.rows()) + 1))
}

/// Whose counts: all who hold the same permissions in the same places, on one day.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Counted {
    pub bureau: DivisionCode,
    pub scopes: Scopes,
    pub today: String,
}

/// Counts of the saved views of an inbox that are the same for all who share it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct InboxCounts {
    pub all: u64,
    pub unclaimed: u64,
    pub today: u64,
    pub overdue: u64,
    pub waiting: u64,
}

/// Counts the saved views of an inbox, each up to one more than [`VIEW_COUNT_MAX`]: however many open
/// tasks there are, no more of them are looked at than that. Each permission is asked for apart, so that
/// every column lies in the index of the inbox, in its order.
pub(crate) async fn counts(store: &Store, of: &Counted) -> Result<InboxCounts, StoreError> {
    let mut counts = InboxCounts::default();
    for scopes in of.scopes.chunk_by(|one, next| one.0 == next.0) {
        let tasks = |waiting| {
            Condition::all()
                .add(task::Column::Bureau.eq(of.bureau.to_string()))
                .add(in_scope(scopes))
                .add(task::Column::Waiting.eq(waiting))
        };
        let active = || tasks(false);
        let today = of.today.as_str();
        for (sum, which) in [
            (&mut counts.all, active()),
            (
                &mut counts.unclaimed,
                active().add(task::Column::Holder.is_null()),
            ),
            (
                &mut counts.today,
                active().add(task::Column::DueOn.eq(today)),
            ),
            (
                &mut counts.overdue,
                active().add(task::Column::DueOn.lt(today)),
            ),
            (&mut counts.waiting, tasks(true)),
        ] {
            let left = (VIEW_COUNT_MAX + 1).saturating_sub(*sum);
            if left > 0 {
                let select = task::Entity::find().filter(which);
                *sum += cases::count_up_to(store, select, left).await?;
            }
        }
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use testkit::{on_both, plan_of};

    use super::*;

    on_both! {
        async fn what_pages_ask_after_each_event_is_found_by_an_index(database) {
            let store = database.open().await;
            let bureau = "180100".parse().unwrap();
            let org: OrgPath = "180100/hall".parse().unwrap();
            let filter = InboxFilter::default();
            let scope = [("case.accept".to_owned(), org)];
            let page = PageQuery { cursor: None, limit: None };
            let inbox = first(filtered(bureau, &scope, &filter), &filter, &page).unwrap();
            if let Some(plan) = plan_of(&store, &inbox).await {
                assert!(plan.contains("(bureau=? AND permission=? AND waiting=?)"), "{plan}");
                assert!(!plan.contains("ORDER BY"), "{plan}");
            }
            if let Some(plan) = plan_of(&store, &held(bureau, testkit::id(1))).await {
                assert!(plan.contains("(bureau=? AND holder=?)"), "{plan}");
            }
        }
    }
}
