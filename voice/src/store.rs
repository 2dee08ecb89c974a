//! SQL of the tables of this context.

use std::collections::BTreeSet;

use ::store::{Row, Store, StoreError};
use kernel::{
    DivisionCode, OrgPath, codes,
    ids::{CaseId, Id as _},
};
use sea_orm::{
    Condition, ExprTrait as _, FromQueryResult, IdenStatic as _, QueryOrder as _, QuerySelect as _,
    entity::prelude::*,
};

use crate::{give::FIRST, month::Month};

/// A closed case that may be rated.
pub(crate) mod invitation {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "rating_invitation")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub bureau: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub case_id: Uuid,
        pub owner_person: Option<Uuid>,
        pub owner_employer: Option<Uuid>,
        pub item: String,
        pub name_zh: String,
        pub name_en: String,
        pub org: String,
        pub channel: String,
        /// The hall to which somebody came.
        pub hall: Option<String>,
        pub closed_on: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A rating (part 1) or its addition (part 2).
pub(crate) mod rating {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "rating")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub bureau: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub case_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub part: i32,
        pub rating_id: Uuid,
        /// 5 best, 1 worst.
        pub stars: i32,
        /// Codes as a JSON list.
        #[sea_orm(column_type = "Text")]
        pub labels: String,
        /// The key of what the rater wrote, wrapped.
        pub words_wrapped: Option<Vec<u8>>,
        /// What the rater wrote, sealed.
        pub words_sealed: Option<Vec<u8>>,
        pub anonymous: bool,
        /// Such as `2026-03`.
        pub given_in: String,
        pub given_us: i64,
        pub item: String,
        pub name_zh: String,
        pub name_en: String,
        pub org: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What was closed and how it was rated, by day, organisation and item.
pub(crate) mod day {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "rating_day")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub bureau: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub day: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub org: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub item: String,
        pub closed: i64,
        pub stars_1: i64,
        pub stars_2: i64,
        pub stars_3: i64,
        pub stars_4: i64,
        pub stars_5: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl Row for invitation::Model {
    const RANK: u16 = 550;
}
impl Row for rating::Model {
    const RANK: u16 = 560;
    const TAKEN: &'static kernel::Code = &codes::E1403;
}
impl Row for day::Model {
    const RANK: u16 = 570;
}

impl day::Model {
    /// A day on which nothing has happened yet.
    pub(crate) fn empty(bureau: DivisionCode, day: &str, org: &str, item: &str) -> Self {
        Self {
            bureau: bureau.to_string(),
            day: day.to_owned(),
            org: org.to_owned(),
            item: item.to_owned(),
            closed: 0,
            stars_1: 0,
            stars_2: 0,
            stars_3: 0,
            stars_4: 0,
            stars_5: 0,
        }
    }

    /// The count of ratings with so many stars.
    pub(crate) fn stars_mut(&mut self, stars: i32) -> Option<&mut i64> {
        match stars {
            1 => Some(&mut self.stars_1),
            2 => Some(&mut self.stars_2),
            3 => Some(&mut self.stars_3),
            4 => Some(&mut self.stars_4),
            5 => Some(&mut self.stars_5),
            _ => None,
        }
    }
}

/// The invitation of a case, whichever agency handled it.
pub(crate) async fn invitation_of(
    store: &Store,
    case: CaseId,
) -> Result<Option<invitation::Model>, StoreError> {
    Ok(invitation::Entity::find()
        .filter(invitation::Column::CaseId.eq(case.uuid()))
        .one(store.read())
        .await?)
}

/// The rating of a case and its addition, in this order.
pub(crate) async fn ratings_of(
    store: &Store,
    bureau: &str,
    case: CaseId,
) -> Result<Vec<rating::Model>, StoreError> {
    Ok(rating::Entity::find()
        .filter(rating::Column::Bureau.eq(bureau))
        .filter(rating::Column::CaseId.eq(case.uuid()))
        .order_by_asc(rating::Column::Part)
        .all(store.read())
        .await?)
}

/// Which of these cases have been rated.
pub(crate) async fn rated(
    store: &Store,
    cases: &[(String, CaseId)],
) -> Result<BTreeSet<CaseId>, StoreError> {
    let bureaus: BTreeSet<&str> = cases.iter().map(|(bureau, _)| bureau.as_str()).collect();
    let ids = cases.iter().map(|(_, case)| case.uuid());
    let rows: Vec<Uuid> = rating::Entity::find()
        .select_only()
        .column(rating::Column::CaseId)
        .filter(rating::Column::Bureau.is_in(bureaus))
        .filter(rating::Column::CaseId.is_in(ids))
        .filter(rating::Column::Part.eq(FIRST))
        .into_tuple()
        .all(store.read())
        .await?;
    Ok(rows.into_iter().map(CaseId::from_uuid).collect())
}

/// What staff may look at: an agency, organisations in it, months, stars, an item.
#[derive(Debug, Clone)]
pub(crate) struct View {
    pub bureau: DivisionCode,
    pub scopes: Vec<OrgPath>,
    pub from: Month,
    pub to: Month,
    pub stars: Option<i32>,
    pub item: Option<String>,
}

/// Rows whose organisation is one of these or lies below one of them. Paths hold no letter that
/// means something to LIKE.
fn within<C: ColumnTrait>(org: C, scopes: &[OrgPath]) -> Condition {
    // An empty `any` would let everything through.
    let none = Condition::any().add(Expr::value(false));
    scopes.iter().fold(none, |any, scope| {
        any.add(org.eq(scope.as_str()))
            .add(org.like(format!("{scope}/%")))
    })
}

/// Ratings in a view before a position, newest month first.
pub(crate) async fn ratings_in(
    store: &Store,
    view: &View,
    before: Option<(String, Uuid)>,
    rows: u32,
) -> Result<Vec<rating::Model>, StoreError> {
    use rating::Column::{Bureau, GivenIn, Item, Org, RatingId, Stars};
    let mut select = rating::Entity::find()
        .filter(Bureau.eq(view.bureau.to_string()))
        .filter(GivenIn.between(view.from.to_string(), view.to.to_string()))
        .filter(within(Org, &view.scopes));
    if let Some(stars) = view.stars {
        select = select.filter(Stars.eq(stars));
    }
    if let Some(item) = &view.item {
        select = select.filter(Item.eq(item.as_str()));
    }
    if let Some((month, id)) = before {
        let same_month = Condition::all()
            .add(GivenIn.eq(month.as_str()))
            .add(RatingId.lt(id));
        // The first says to the index where to begin.
        select = select
            .filter(GivenIn.lte(month.clone()))
            .filter(Condition::any().add(GivenIn.lt(month)).add(same_month));
    }
    Ok(select
        .order_by_desc(GivenIn)
        .order_by_desc(RatingId)
        .limit(u64::from(rows))
        .all(store.read())
        .await?)
}

/// Sums over a view; none where there are no rows.
#[derive(Debug, Default, FromQueryResult)]
pub(crate) struct Counts {
    pub closed: Option<i64>,
    pub stars_1: Option<i64>,
    pub stars_2: Option<i64>,
    pub stars_3: Option<i64>,
    pub stars_4: Option<i64>,
    pub stars_5: Option<i64>,
}

/// The day counts of a view, summed (its stars are not looked at).
pub(crate) async fn counts_in(store: &Store, view: &View) -> Result<Counts, StoreError> {
    use day::Column::{Bureau, Closed, Day, Item, Org, Stars1, Stars2, Stars3, Stars4, Stars5};
    let mut select = day::Entity::find()
        .select_only()
        .filter(Bureau.eq(view.bureau.to_string()))
        .filter(Day.between(view.from.first().to_string(), view.to.last().to_string()))
        .filter(within(Org, &view.scopes));
    for column in [Closed, Stars1, Stars2, Stars3, Stars4, Stars5] {
        // The sum of bigint is numeric on PostgreSQL.
        let sum = column.sum().cast_as("bigint");
        select = select.column_as(sum, column.as_str());
    }
    if let Some(item) = &view.item {
        select = select.filter(Item.eq(item.as_str()));
    }
    let sums = select.into_model::<Counts>().one(store.read()).await?;
    Ok(sums.unwrap_or_default())
}
