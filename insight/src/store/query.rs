//! What the pages ask for.

use ::store::{Store, StoreError, events::Position};
use sea_orm::{
    Condition, ExprTrait as _, FromQueryResult, IdenStatic as _, QuerySelect as _, Select,
    entity::prelude::*,
};

use super::{cursor, daily, item, late, open};
use crate::scope::View;

/// Sums over the counters, under a label (a day, an item, a channel); none where nothing was.
#[derive(Debug, Clone, Default, FromQueryResult)]
pub(crate) struct Sums {
    pub label: String,
    pub received: Option<i64>,
    pub accepted: Option<i64>,
    pub closed: Option<i64>,
    pub delivered: Option<i64>,
    pub granted: Option<i64>,
    pub denied: Option<i64>,
    pub on_time: Option<i64>,
    pub one_visit: Option<i64>,
    pub instant: Option<i64>,
    pub working_days_sum: Option<i64>,
    pub stars_1: Option<i64>,
    pub stars_2: Option<i64>,
    pub stars_3: Option<i64>,
    pub stars_4: Option<i64>,
    pub stars_5: Option<i64>,
}

/// Open cases of an organisation with one last day.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct OpenCount {
    pub org: String,
    pub due_on: Option<String>,
    pub waiting: bool,
    pub cases: i64,
}

/// Cases closed after their day.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct LateCount {
    pub due_on: String,
    pub closed_on: String,
    pub cases: i64,
}

/// How far a reader of the log has come.
pub(crate) async fn position_of(store: &Store, reader: &str) -> Result<Position, StoreError> {
    let row = cursor::Entity::find_by_id(reader.to_owned())
        .one(store.read())
        .await?;
    Ok(row.map_or_else(Position::default, |row| row.position()))
}

/// The counters of a view from one day to another, summed by a column.
pub(crate) async fn sums_by(
    store: &Store,
    view: &View,
    from: &str,
    to: &str,
    by: daily::Column,
) -> Result<Vec<Sums>, StoreError> {
    use daily::Column as C;
    let mut select = daily::Entity::find()
        .select_only()
        .column_as(by, "label")
        .filter(C::Day.between(from, to))
        .group_by(by);
    if let View::Staff { bureau, scopes } = view {
        select = select
            .filter(C::Bureau.eq(bureau.to_string()))
            .filter(within(C::Org, scopes));
    }
    for column in [
        C::Received,
        C::Accepted,
        C::Closed,
        C::Delivered,
        C::Granted,
        C::Denied,
        C::OnTime,
        C::OneVisit,
        C::Instant,
        C::WorkingDaysSum,
        C::Stars1,
        C::Stars2,
        C::Stars3,
        C::Stars4,
        C::Stars5,
    ] {
        // The sum of bigint is numeric on PostgreSQL.
        select = select.column_as(column.sum().cast_as("bigint"), column.as_str());
    }
    Ok(select.into_model::<Sums>().all(store.read()).await?)
}

/// The open cases of a view by organisation and last day.
pub(crate) async fn open_counts(store: &Store, view: &View) -> Result<Vec<OpenCount>, StoreError> {
    use open::Column::{Bureau, CaseId, DueOn, Org, Waiting};
    let select = scoped(open::Entity::find(), view, Bureau, Org)
        .select_only()
        .columns([Org, DueOn, Waiting])
        .column_as(CaseId.count(), "cases")
        .group_by(Org)
        .group_by(DueOn)
        .group_by(Waiting);
    Ok(select.into_model::<OpenCount>().all(store.read()).await?)
}

/// The cases of a view that were closed late, after a day.
pub(crate) async fn late_counts(
    store: &Store,
    view: &View,
    closed_after: &str,
) -> Result<Vec<LateCount>, StoreError> {
    use late::Column::{Bureau, CaseId, ClosedOn, DueOn, Org};
    let select = scoped(late::Entity::find(), view, Bureau, Org)
        .filter(ClosedOn.gt(closed_after))
        .select_only()
        .columns([DueOn, ClosedOn])
        .column_as(CaseId.count(), "cases")
        .group_by(DueOn)
        .group_by(ClosedOn);
    Ok(select.into_model::<LateCount>().all(store.read()).await?)
}

/// The items of a view's agency with their names.
pub(crate) async fn items_of(store: &Store, view: &View) -> Result<Vec<item::Model>, StoreError> {
    let mut select = item::Entity::find();
    if let View::Staff { bureau, .. } = view {
        select = select.filter(item::Column::Bureau.eq(bureau.to_string()));
    }
    Ok(select.all(store.read()).await?)
}

fn scoped<E: EntityTrait>(
    select: Select<E>,
    view: &View,
    bureau: E::Column,
    org: E::Column,
) -> Select<E> {
    match view {
        View::Everything => select,
        View::Staff {
            bureau: agency,
            scopes,
        } => QueryFilter::filter(select, bureau.eq(agency.to_string())).filter(within(org, scopes)),
    }
}

/// Rows whose organisation is one of these or lies below one of them. Paths hold no letter that
/// means something to LIKE.
fn within<C: ColumnTrait>(org: C, scopes: &[kernel::OrgPath]) -> Condition {
    scopes.iter().fold(Condition::any(), |any, scope| {
        any.add(org.eq(scope.as_str()))
            .add(org.like(format!("{scope}/%")))
    })
}
