//! Today's figures, the same day a week before, two weeks of curves.

use axum::{Json, extract::State};
use httpkit::{Authorised, Refusals, Reply};
use kernel::{AppError, Caller, Timestamp, caller::CanViewInsight};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Insight,
    figures::{Figures, overdue_on},
    satisfaction::{self, Satisfaction},
    scope::{View, days_before, days_from},
    store::{
        daily::Column,
        query::{self, Sums},
    },
};

/// Days of a curve, today included.
const SPARK_DAYS: i32 = 14;
/// Days to the day that today stands beside.
const WEEK: i32 = 7;

/// Two weeks, oldest day first, today last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Spark {
    /// Cases received.
    pub received: Vec<i64>,
    /// Cases closed.
    pub closed: Vec<i64>,
}

/// Today in the caller's organisations.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Today {
    /// When this was counted.
    pub as_of: Timestamp,
    /// Today's figures.
    #[serde(flatten)]
    pub today: Figures,
    /// The same day a week before.
    pub week_before: Figures,
    /// Curves.
    pub spark: Spark,
}

/// Today's figures of the organisations the caller's posts let him see.
pub async fn show_today(
    context: &Insight,
    caller: &Caller<CanViewInsight>,
) -> Result<Today, AppError> {
    let (store, view) = (&context.kit.store, View::of(caller)?);
    let as_of = context.kit.clock.now();
    let today = as_of.day();
    let before = days_before(today, WEEK).to_string();
    let days: Vec<String> = days_from(days_before(today, SPARK_DAYS - 1), today)
        .iter()
        .map(ToString::to_string)
        .collect();
    let today = today.to_string();
    let first = days_before(as_of.day(), WEEK + satisfaction::DAYS).to_string();
    let sums = query::sums_by(store, &view, &first, &today, Column::Day).await?;
    let open = query::open_counts(store, &view).await?;
    let late = query::late_counts(store, &view, &before).await?;
    let of = |day: &String| sums.iter().find(|sums| sums.label == *day);
    let figures = |day: &String, ratings: Satisfaction| {
        let sums = of(day).cloned().unwrap_or_default();
        sums.figures(overdue_on(day, &open, &late), ratings)
    };
    let ratings = |day| Satisfaction::before(day, &sums);
    let curve = |value: fn(&Sums) -> Option<i64>| {
        let each = |day: &String| of(day).and_then(value).unwrap_or_default();
        days.iter().map(each).collect()
    };
    Ok(Today {
        as_of,
        today: figures(&today, ratings(as_of.day())),
        week_before: figures(&before, ratings(days_before(as_of.day(), WEEK))),
        spark: Spark {
            received: curve(|sums| sums.received),
            closed: curve(|sums| sums.closed),
        },
    })
}

/// Today's figures
#[utoipa::path(
    get, path = "/insight/today", operation_id = "show_today", tag = "insight",
    responses(
        (status = 200, body = Today),
        Refusals,
    )
)]
pub(crate) async fn show_insight_today(
    State(context): State<Insight>,
    Authorised(caller): Authorised<CanViewInsight>,
) -> Reply<Json<Today>> {
    Ok(Json(show_today(&context, &caller).await?))
}
