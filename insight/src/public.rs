//! What the city publishes: thirty days, all agencies.

use axum::{Json, extract::State, http::header, response::IntoResponse};
use httpkit::{Authorised, Reply};
use kernel::{AppError, Caller, Timestamp, caller::Anyone};
use serde::Serialize;
use tokio::sync::Mutex;
use utoipa::ToSchema;

use crate::{
    Insight,
    figures::{Basis, Share},
    satisfaction::{self, Satisfaction},
    scope::{View, days_before},
    store::{daily::Column, query},
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
    let (from, to) = (days_before(today, DAYS - 1).to_string(), today.to_string());
    let rated_from = days_before(today, satisfaction::DAYS).to_string();
    let store = &context.kit.store;
    let rows = query::sums_by(store, &View::Everything, &rated_from, &to, Column::Day).await?;
    let counted = rows.iter().filter(|row| row.label >= from);
    let basis = counted.fold(Basis::default(), |sum, row| sum.plus(row.basis()));
    let figures = PublicFigures {
        one_visit_rate: basis.one_visit.rate(),
        mean_working_days: basis.working_days.rate(),
        on_time_rate: basis.on_time.rate(),
        rating_mean: Satisfaction::before(today, &rows).mean(),
        basis,
        as_of,
    };
    *kept = Some(figures);
    Ok(figures)
}

impl Share {
    const fn plus(self, other: Self) -> Self {
        Self {
            numerator: self.numerator + other.numerator,
            denominator: self.denominator + other.denominator,
        }
    }
}

impl Basis {
    const fn plus(self, other: Self) -> Self {
        Self {
            on_time: self.on_time.plus(other.on_time),
            one_visit: self.one_visit.plus(other.one_visit),
            instant: self.instant.plus(other.instant),
            working_days: self.working_days.plus(other.working_days),
        }
    }
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
