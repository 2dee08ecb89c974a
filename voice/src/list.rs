//! What staff see of ratings: never the rater, never the case, never the day: where
//! one case was closed on a day, the day is the rater.

use std::collections::BTreeMap;

use ::store::page::{Page, PageQuery};
use axum::{Json, extract::State};
use httpkit::{Authorised, Filter, Refusals, Reply};
use kernel::{
    AppError, Caller, OrgPath, Permission as _, Refusal,
    caller::CanViewRatings,
    codes,
    item::{ItemCode, Words},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Voice,
    give::ADDITION,
    labels::gbt39046_code,
    mine::label_words,
    month::Month,
    store::{self, Counts, View, rating},
    words::open_words,
};

/// Which ratings.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct RatingQuery {
    /// Only so many stars.
    pub stars: Option<i32>,
    /// Only this item.
    pub item: Option<ItemCode>,
    /// Only these organisations and those below them, separated by commas.
    pub org: Option<String>,
    /// From this month on, in Beijing; last month if not given.
    pub from: Option<Month>,
    /// Up to this month, in Beijing; this month if not given.
    pub to: Option<Month>,
    /// Where to go on, as the previous page said.
    pub cursor: Option<String>,
    /// Rows wanted.
    pub limit: Option<u32>,
}

/// One rating without its rater.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RatingRow {
    /// The item.
    pub item_name: Words,
    /// 5 best, 1 worst.
    pub stars: i32,
    /// 1 best, 5 worst (GB/T 39046 A.8).
    pub gbt39046_code: i32,
    /// The words of the labels.
    pub labels: Vec<String>,
    /// What was written.
    pub text: Option<String>,
    /// Whether it adds to an earlier rating.
    pub addition: bool,
    /// The month in which it was given, such as `2026-03`.
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub given_in: String,
}

/// Counts of the months shown. Additions are not counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Summary {
    /// Ratings given.
    pub rated: i64,
    /// Closed cases that may be rated: what was not rated is not counted as anything else.
    pub closed: i64,
    /// Ratings by stars.
    pub stars: BTreeMap<String, i64>,
}

/// A page of ratings and the counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ratings {
    /// The rows, newest month first, within a month in no order.
    pub rows: Vec<RatingRow>,
    /// Cursor of the next page; none at the end.
    pub next: Option<String>,
    /// Counts.
    pub summary: Summary,
}

/// The ratings that the caller's posts let him see.
pub async fn list_ratings(
    context: &Voice,
    caller: &Caller<CanViewRatings>,
    query: RatingQuery,
) -> Result<Ratings, AppError> {
    let view = view_of(context, caller, &query)?;
    let query = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    let (store, wanted) = (&context.kit.store, query.rows());
    let rows = store::ratings_in(store, &view, query.position()?, wanted + 1).await?;
    let page = Page::cut(rows, wanted, |row| (row.given_in.clone(), row.rating_id));
    let counts = store::counts_in(store, &view).await?;
    let rows: Result<Vec<RatingRow>, AppError> =
        page.rows.iter().map(|row| show(context, row)).collect();
    Ok(Ratings {
        rows: rows?,
        next: page.next,
        summary: summary(&counts),
    })
}

fn view_of(
    context: &Voice,
    caller: &Caller<CanViewRatings>,
    query: &RatingQuery,
) -> Result<View, AppError> {
    let wrong = |name: &str| AppError::from(Refusal::new(&codes::E1014).with("name", name));
    let staff = caller.staff()?;
    if query.stars.is_some_and(|stars| !(1..=5).contains(&stars)) {
        return Err(wrong("stars"));
    }
    let this = Month::of(context.kit.clock.now().day());
    let to = query.to.unwrap_or(this);
    let from = query.from.unwrap_or_else(|| this.before());
    if from > to {
        return Err(wrong("from"));
    }
    let scopes: Vec<OrgPath> = staff.scopes(CanViewRatings::NAME).cloned().collect();
    let wanted = OrgPath::several(query.org.as_deref().unwrap_or_default());
    let wanted = wanted.map_err(|_| wrong("org"))?;
    Ok(View {
        bureau: staff.bureau,
        scopes: match wanted.as_slice() {
            [] => scopes,
            wanted => OrgPath::common(&scopes, wanted),
        },
        from,
        to,
        stars: query.stars,
        item: query.item.as_ref().map(ToString::to_string),
    })
}

fn show(context: &Voice, row: &rating::Model) -> Result<RatingRow, AppError> {
    Ok(RatingRow {
        item_name: Words {
            zh: row.name_zh.clone(),
            en: row.name_en.clone(),
        },
        stars: row.stars,
        gbt39046_code: gbt39046_code(row.stars),
        labels: label_words(context, row)?,
        text: open_words(&context.keys, row)?,
        addition: row.part == ADDITION,
        given_in: row.given_in.clone(),
    })
}

fn summary(counts: &Counts) -> Summary {
    let stars: BTreeMap<String, i64> = [
        ("1", counts.stars_1),
        ("2", counts.stars_2),
        ("3", counts.stars_3),
        ("4", counts.stars_4),
        ("5", counts.stars_5),
    ]
    .into_iter()
    .map(|(stars, count)| (stars.to_owned(), count.unwrap_or_default()))
    .collect();
    Summary {
        rated: stars.values().sum(),
        closed: counts.closed.unwrap_or_default(),
        stars,
    }
}

/// Ratings of my organisations
#[utoipa::path(
    get, path = "/workbench/ratings", operation_id = "list_ratings", tag = "voice",
    params(
        ("stars" = Option<i32>, Query, description = "Only so many stars"),
        ("item" = Option<ItemCode>, Query, description = "Only this item"),
        ("org" = Option<String>, Query, description = "Only these organisations and those below them, separated by commas"),
        ("from" = Option<String>, Query, pattern = "^[0-9]{4}-[0-9]{2}$", description = "From this month on, such as 2026-03; last month if not given"),
        ("to" = Option<String>, Query, pattern = "^[0-9]{4}-[0-9]{2}$", description = "Up to this month; this month if not given"),
        ("cursor" = Option<String>, Query, description = "Where to go on, as the previous page said"),
        ("limit" = Option<u32>, Query, description = "Rows wanted"),
    ),
    responses(
        (status = 200, body = Ratings),
        Refusals,
    )
)]
pub(crate) async fn list_workbench_ratings(
    State(context): State<Voice>,
    Authorised(caller): Authorised<CanViewRatings>,
    Filter(query): Filter<RatingQuery>,
) -> Reply<Json<Ratings>> {
    Ok(Json(list_ratings(&context, &caller, query).await?))
}
