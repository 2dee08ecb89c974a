//! What the city publishes: thirty days, all agencies.

use axum::{Json, extract::State, http::header, response::IntoResponse};
use httpkit::{Authorised, Reply};
use kernel::{AppError, Caller, Timestamp, caller::Anyone};
use serde::Serialize;
use tokio::sync::Mutex;
use utoipa::ToSchema;

use crate::{
    Insight,
    figures::Basis,
    period::Period,
    satisfaction::{self, Satisfaction},
    scope::{Items, Slice, View, days_before},
    store::query::{self, By},
};

/// Days counted, today included.
const DAYS: i32 = 30;
/// How long an answer is given again: everybody's home page asks for it.
const SECONDS_KEPT: i64 = 60;

/// The answer given last.
pub(crate) type Cache = Mutex<Option<PublicFigures>>;

/// What the city publishes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct PublicFigures {
    /// 最多跑一次率
    pub one_visit_rate: Option<f64>,
    /// Working days from receipt to decision.
    pub mean_working_days: Option<f64>,
    /// 按时办结率
    pub on_time_rate: Option<f64>,
    /// Mean of the stars given in the thirty days before today; none of too few.
    pub rating_mean: Option<f64>,
    /// The numbers behind the rates.
    pub basis: Basis,
    /// When this was counted.
    pub as_of: Timestamp,
}

/// The published figures; counted at most once a minute.
pub async fn show_public(
    context: &Insight,
    _caller: &Caller<Anyone>,
) -> Result<PublicFigures, AppError> {
    let as_of = context.kit.clock.now();
    let mut kept = context.public.lock().await;
    let fresh =
        |found: &PublicFigures| (0..SECONDS_KEPT).contains(&as_of.seconds_since(found.as_of));
    if let Some(found) = kept.filter(fresh) {
        return Ok(found);
    }
    let today = as_of.day();
    let counted = Period {
        first: days_before(today, DAYS - 1),
        last: today,
    };
    let city = Slice {
        view: View::Everything,
        items: Items::All,
        channel: None,
        hall: None,
    };
    let store = &context.kit.store;
    let sums = query::sum_of(store, &city, counted, By::Whole).await?;
    let rated = satisfaction::days_before_day(today);
    let rated = query::sum_of(store, &city, rated, By::Rated).await?;
    let basis = sums.basis();
    let figures = PublicFigures {
        one_visit_rate: basis.one_visit.rate(),
        mean_working_days: basis.working_days.rate(),
        on_time_rate: basis.on_time.rate(),
        rating_mean: Satisfaction::of(rated).mean(),
        basis,
        as_of,
    };
    *kept = Some(figures);
    Ok(figures)
}

/// The published figures
#[utoipa::path(
    get, path = "/insight/public", operation_id = "show_public_figures", tag = "insight",
    responses((status = 200, body = PublicFigures))
)]
pub(crate) async fn show_insight_public(
    State(context): State<Insight>,
    Authorised(caller): Authorised<Anyone>,
) -> Reply<impl IntoResponse> {
    let figures = show_public(&context, &caller).await?;
    Ok((
        [(header::CACHE_CONTROL, "public, max-age=60")],
        Json(figures),
    ))
}
