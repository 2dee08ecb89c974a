//! What keeps a list from looking through everything.

use kernel::{DivisionCode, OrgPath};
use sea_orm::{
    Condition, ConnectionTrait as _, QueryOrder as _, QuerySelect as _, QueryTrait as _, Select,
    SelectGetableTuple, Selector,
    entity::prelude::*,
    sea_query::{Asterisk, Func, Query},
};
use store::{Store, StoreError};
use uuid::Uuid;

use super::{super::super::file, Place, Sort};

/// The place so many entries behind the first; none where there are fewer.
pub(super) async fn place_at(
    store: &Store,
    along: Select<file::Entity>,
    entries: u64,
    by_due: bool,
) -> Result<Option<Place>, StoreError> {
    let along = along.select_only().offset(entries).limit(1);
    let id = file::Column::CaseId;
    if by_due {
        let place = along
            .columns([file::Column::DueOn, id])
            .into_tuple::<(String, Uuid)>();
        let place = place.one(store.read()).await?;
        Ok(place.map(|(day, id)| (Sort::Due(day), id)))
    } else {
        let place = along
            .columns([file::Column::ReceivedUs, id])
            .into_tuple::<(i64, Uuid)>();
        let place = place.one(store.read()).await?;
        Ok(place.map(|(at, id)| (Sort::At(at), id)))
    }
}

/// How many rows there are, counted up to `most`.
pub(in super::super) async fn count_up_to<E: EntityTrait>(
    store: &Store,
    select: Select<E>,
    most: u64,
) -> Result<u64, StoreError> {
    let mut rows = select.limit(most).into_query();
    // What is only counted needs no order, and no columns.
    rows.clear_order_by().clear_selects().expr(Expr::value(1));
    let counting = Query::select()
        .expr(Func::count(Expr::col(Asterisk)))
        .from_subquery(rows, "found")
        .to_owned();
    let row = store.read().query_one(&counting).await?;
    let found: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(u64::try_from(found).unwrap_or(0))
}

/// The organisations with cases that lie in these or below them, each found by one step along the
/// index; none where they are more than `most`.
pub(super) async fn orgs_within(
    store: &Store,
    bureau: DivisionCode,
    scope: &[OrgPath],
    most: usize,
) -> Result<Option<Vec<String>>, StoreError> {
    let mut orgs: Vec<String> = Vec::new();
    for outer in scope {
        let itself = Condition::all().add(file::Column::Org.eq(outer.as_str()));
        orgs.extend(next_org(bureau, itself).one(store.read()).await?);
        let mut last = format!("{outer}/");
        loop {
            let below = Condition::all()
                .add(file::Column::Org.gt(&last))
                .add(file::Column::Org.lt(format!("{outer}0")));
            let Some(org) = next_org(bureau, below).one(store.read()).await? else {
                break;
            };
            orgs.push(org.clone());
            if orgs.len() > most {
                return Ok(None);
            }
            last = org;
        }
    }
    Ok(Some(orgs).filter(|orgs| orgs.len() <= most))
}

/// The first organisation with cases of which this is true.
fn next_org(bureau: DivisionCode, which: Condition) -> Selector<SelectGetableTuple<String>> {
    file::Entity::find()
        .select_only()
        .column(file::Column::Org)
        .filter(file::Column::Bureau.eq(bureau.to_string()))
        .filter(file::Column::ReceivedUs.is_not_null())
        .filter(which)
        .order_by_asc(file::Column::Org)
        .limit(1)
        .into_tuple()
}
