//! What the pages ask for.

use std::collections::{BTreeMap, BTreeSet};

use ::store::{Store, StoreError, events::Position};
use kernel::OrgPath;
use sea_orm::{
    Condition, DbErr, ExprTrait as _, FromQueryResult, IdenStatic as _, QueryResult,
    QuerySelect as _, Select, entity::prelude::*, sea_query::Expr,
};
use uuid::Uuid;

use super::{
    Counters, Grain, cursor, item,
    rows::{count, due, open, overrun},
};
use crate::{
    period::Period,
    scope::{Items, Slice, View},
};

/// By what counters are summed, and which: sums of many columns over many rows take their time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// Everything but ratings, in one sum.
    Whole,
    /// Ratings and closed cases, in one sum.
    Rated,
    /// Days as curves show them.
    Day,
    /// Items as they are compared.
    Item,
    /// Everything but ratings, by organisation, channel and hall.
    Place,
}

/// Sums over the counters, under a label: a day, an item, an organisation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sums {
    pub label: String,
    /// Where sums are told apart by it.
    pub channel: String,
    /// The same.
    pub hall: String,
    pub counters: Counters,
}

/// Open cases with one last day; the day is empty where none presses.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct DueCount {
    pub due_on: String,
    pub cases: i64,
}

/// Open cases under a label: how many, and of these past their day.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct OpenCount {
    pub label: String,
    pub channel: String,
    pub hall: String,
    pub open: i64,
    pub overdue: i64,
}

/// Cases closed after their day.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct LateCount {
    pub due_on: String,
    pub closed_on: String,
    pub cases: i64,
}

/// How far a reader of the log has come, and when the last event it read happened.
pub(crate) async fn place_of(
    store: &Store,
    reader: &str,
) -> Result<Option<cursor::Model>, StoreError> {
    let row = cursor::Entity::find_by_id(reader.to_owned());
    Ok(row.one(store.read()).await?)
}

/// How far a reader of the log has come.
pub(crate) async fn position_of(store: &Store, reader: &str) -> Result<Position, StoreError> {
    let row = place_of(store, reader).await?;
    Ok(row.map_or_else(Position::default, |row| row.position()))
}

/// Those of these cases that are open.
pub(crate) async fn open_cases(
    store: &Store,
    cases: &BTreeSet<(&str, Uuid)>,
) -> Result<Vec<open::Model>, StoreError> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let bureaus: BTreeSet<&str> = cases.iter().map(|(bureau, _)| *bureau).collect();
    let select = open::Entity::find()
        .filter(open::Column::Bureau.is_in(bureaus))
        .filter(open::Column::CaseId.is_in(cases.iter().map(|(_, case)| *case)));
    Ok(select.all(store.read()).await?)
}

/// The counters of a slice in a period, summed.
pub(crate) async fn sums_by(
    store: &Store,
    slice: &Slice,
    period: Period,
    by: By,
) -> Result<Vec<Sums>, StoreError> {
    let mut all: BTreeMap<(String, String, String), Counters> = BTreeMap::new();
    // One after another: databases read alternatives of several columns by the wrong index.
    for rows in spans(slice, period, by) {
        for sums in sums_of(store, slice, rows, by).await? {
            let sum = all
                .entry((sums.label, sums.channel, sums.hall))
                .or_default();
            *sum = sum.plus(sums.counters);
        }
    }
    let sums = all.into_iter();
    Ok(sums
        .map(|((label, channel, hall), counters)| Sums {
            label,
            channel,
            hall,
            counters,
        })
        .collect())
}

/// All of them in one sum.
pub(crate) async fn sum_of(
    store: &Store,
    slice: &Slice,
    period: Period,
    by: By,
) -> Result<Counters, StoreError> {
    Ok(total(&sums_by(store, slice, period, by).await?))
}

/// Sums in one sum.
pub(crate) fn total(sums: &[Sums]) -> Counters {
    let sums = sums.iter();
    sums.fold(Counters::default(), |sum, one| sum.plus(one.counters))
}

async fn sums_of(
    store: &Store,
    slice: &Slice,
    rows: Condition,
    by: By,
) -> Result<Vec<Sums>, StoreError> {
    use count::Column as C;
    let labels: &[(C, &str)] = match by {
        By::Whole | By::Rated => &[],
        By::Day => &[(C::Span, "label")],
        By::Item => &[(C::Item, "label")],
        By::Place => &[
            (C::Org, "label"),
            (C::Channel, "channel_label"),
            (C::Hall, "hall_label"),
        ],
    };
    let mut select = slice
        .narrow(
            count::Entity::find(),
            C::Bureau,
            C::Org,
            (C::Channel, C::Hall),
        )
        .filter(rows)
        .select_only();
    for (column, name) in labels {
        select = select.column_as(*column, *name).group_by(*column);
    }
    for (at, column) in Counters::COLUMNS.iter().enumerate() {
        let wanted = match by {
            By::Whole | By::Place => at < Counters::OF_CASES,
            By::Rated => at >= Counters::OF_CASES || matches!(column, C::Closed),
            By::Day => at < Counters::DRAWN,
            By::Item => at < Counters::COMPARED,
        };
        let sum = if wanted { column.sum() } else { Expr::val(0) };
        // The sum of bigint is numeric on PostgreSQL.
        select = select.column_as(sum.cast_as("bigint"), column.as_str());
    }
    Ok(select.into_model::<Sums>().all(store.read()).await?)
}

/// The rows that hold a period, in parts: as few as can tell what is asked.
fn spans(slice: &Slice, period: Period, by: By) -> Vec<Condition> {
    use count::Column::{Grain as Of, Item, Span};
    let between = |grain: Grain, first: &str, last: &str| {
        Condition::all()
            .add(Of.eq(grain.as_str()))
            .add(Span.between(first, last))
    };
    let days = |grain| between(grain, &period.first.to_string(), &period.last.to_string());
    match (by, &slice.items) {
        (By::Whole | By::Rated | By::Day | By::Place, Items::All) => vec![days(Grain::Day)],
        (By::Whole | By::Rated | By::Day | By::Place, Items::Domain { name, .. }) => {
            vec![days(Grain::DomainDay).add(Item.eq(name.as_str()))]
        }
        (By::Day, Items::One(code)) => vec![days(Grain::ItemDay).add(Item.eq(code.as_str()))],
        (_, items) => {
            let parts = period.stretches().into_iter();
            let codes = || items.codes().map(|codes| Item.is_in(codes));
            parts
                .map(|part| between(part.grain, &part.first, &part.last).add_option(codes()))
                .collect()
        }
    }
}

/// The open cases of a slice by last day.
pub(crate) async fn due_counts(store: &Store, slice: &Slice) -> Result<Vec<DueCount>, StoreError> {
    use due::Column::{Bureau, Cases, Channel, DueOn, Hall, Item, Org};
    let select = slice
        .narrow(due::Entity::find(), Bureau, Org, (Channel, Hall))
        .filter(one_or_all(slice, Item))
        .select_only()
        .column(DueOn)
        .column_as(Cases.sum().cast_as("bigint"), "cases")
        .group_by(DueOn);
    Ok(select.into_model::<DueCount>().all(store.read()).await?)
}

/// The open cases of a slice, as they stand on a day.
pub(crate) async fn open_counts(
    store: &Store,
    slice: &Slice,
    today: &str,
    by: By,
) -> Result<Vec<OpenCount>, StoreError> {
    use due::Column::{Bureau, Cases, Channel, DueOn, Hall, Item, Org};
    let past = Condition::all().add(DueOn.ne("")).add(DueOn.lt(today));
    let overdue = Expr::case(past, Expr::col(Cases)).finally(0);
    let label = if by == By::Item { Item } else { Org };
    let items = match (by, slice.items.codes()) {
        (By::Item, None) => Item.ne(""),
        _ => one_or_all(slice, Item),
    };
    let select = slice
        .narrow(due::Entity::find(), Bureau, Org, (Channel, Hall))
        .filter(items)
        .select_only()
        .column_as(label, "label")
        .column_as(Channel, "channel")
        .column_as(Hall, "hall")
        .column_as(Cases.sum().cast_as("bigint"), "open")
        .column_as(Expr::expr(overdue).sum().cast_as("bigint"), "overdue")
        .group_by(label)
        .group_by(Channel)
        .group_by(Hall);
    Ok(select.into_model::<OpenCount>().all(store.read()).await?)
}

/// The rows of the items of a slice, or those of all items together.
fn one_or_all<C: ColumnTrait>(slice: &Slice, item: C) -> Expr {
    match slice.items.codes() {
        Some(codes) => item.is_in(codes),
        None => item.eq(""),
    }
}

/// The cases of a slice that were closed late, after a day.
pub(crate) async fn late_counts(
    store: &Store,
    slice: &Slice,
    closed_after: &str,
) -> Result<Vec<LateCount>, StoreError> {
    use overrun::Column::{Bureau, Cases, Channel, ClosedOn, DueOn, Hall, Item, Org};
    let select = slice
        .narrow(overrun::Entity::find(), Bureau, Org, (Channel, Hall))
        .filter(ClosedOn.gt(closed_after))
        .filter(Condition::all().add_option(slice.items.codes().map(|codes| Item.is_in(codes))))
        .select_only()
        .columns([DueOn, ClosedOn])
        .column_as(Cases.sum().cast_as("bigint"), "cases")
        .group_by(DueOn)
        .group_by(ClosedOn);
    Ok(select.into_model::<LateCount>().all(store.read()).await?)
}

/// The codes of all items that something was counted of.
pub(crate) async fn item_codes(store: &Store) -> Result<BTreeSet<String>, StoreError> {
    let codes = item::Entity::find()
        .select_only()
        .column(item::Column::Item)
        .distinct();
    let codes: Vec<String> = codes.into_tuple().all(store.read()).await?;
    Ok(codes.into_iter().collect())
}

/// The halls to which somebody came for a case of a view, by path.
pub(crate) async fn halls_of(store: &Store, view: &View) -> Result<BTreeSet<String>, StoreError> {
    use count::Column::{Bureau, Channel, Grain as Of, Hall, Org};
    let slice = Slice {
        view: view.clone(),
        items: Items::All,
        channel: None,
        hall: None,
    };
    let select = slice
        .narrow(count::Entity::find(), Bureau, Org, (Channel, Hall))
        .filter(Of.eq(Grain::ItemMonth.as_str()))
        .filter(Hall.ne(""))
        .select_only()
        .column(Hall)
        .distinct();
    let halls: Vec<String> = select.into_tuple().all(store.read()).await?;
    Ok(halls.into_iter().collect())
}

/// The items of a view with their names, by code.
pub(crate) async fn items_of(store: &Store, view: &View) -> Result<Vec<item::Model>, StoreError> {
    let mut select = item::Entity::find();
    if let View::Staff { bureau, .. } = view {
        select = select.filter(item::Column::Bureau.eq(bureau.to_string()));
    }
    Ok(select.all(store.read()).await?)
}

impl FromQueryResult for Sums {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self {
            label: row.try_get(prefix, "label").unwrap_or_default(),
            channel: row.try_get(prefix, "channel_label").unwrap_or_default(),
            hall: row.try_get(prefix, "hall_label").unwrap_or_default(),
            counters: Counters::of(row)?,
        })
    }
}

impl Slice {
    fn narrow<E: EntityTrait>(
        &self,
        select: Select<E>,
        bureau: E::Column,
        org: E::Column,
        (channel, hall): (E::Column, E::Column),
    ) -> Select<E> {
        let mut all = Condition::all();
        if let View::Staff {
            bureau: agency,
            scopes,
        } = &self.view
        {
            all = all.add(bureau.eq(agency.to_string()));
            // The whole agency needs no look at its organisations.
            if !scopes
                .iter()
                .any(|scope| scope.as_str() == agency.to_string())
            {
                all = all.add(within(org, scopes));
            }
        }
        all = all.add_option(self.channel.as_ref().map(|name| channel.eq(name.as_str())));
        all = all.add_option(self.hall.as_ref().map(|path| hall.eq(path.as_str())));
        QueryFilter::filter(select, all)
    }
}

/// Rows whose organisation is one of these or lies below one of them. Paths hold no letter that
/// means something to LIKE.
fn within<C: ColumnTrait>(org: C, scopes: &[OrgPath]) -> Condition {
    scopes.iter().fold(Condition::any(), |any, scope| {
        any.add(org.eq(scope.as_str()))
            .add(org.like(format!("{scope}/%")))
    })
}
