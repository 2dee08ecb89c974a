//! Thirty days: by day, item, channel, organisation, stars.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use httpkit::{Authorised, Refusals, Reply};
use kernel::{AppError, Caller, Lang, Timestamp, caller::CanViewInsight, item::Words};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Insight,
    figures::{Share, overdue_on},
    satisfaction::{self, Satisfaction},
    scope::{View, days_before, days_from},
    store::{
        daily::Column,
        item,
        query::{self, LateCount, OpenCount, Sums},
    },
};

/// Days shown, today included.
const DAYS: i32 = 30;

/// One day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayFigures {
    /// The day in Beijing.
    #[schema(value_type = String, format = Date)]
    pub day: String,
    /// Cases received.
    pub received: i64,
    /// Cases accepted.
    pub accepted: i64,
    /// Cases closed.
    pub closed: i64,
    /// Cases past their day and not closed at the end of the day.
    pub overdue: i64,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ItemFigures {
    /// Its code.
    pub item: String,
    /// Its name.
    pub name: Words,
    /// Cases received.
    pub received: i64,
    /// Cases closed.
    pub closed: i64,
    /// Working days from receipt to decision.
    pub mean_working_days: Option<f64>,
    /// The numbers behind the mean.
    pub working_days: Share,
}

/// One channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChannelFigures {
    /// `online` or `window`.
    pub channel: String,
    /// Cases received.
    pub received: i64,
}

/// One organisation, now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OrgFigures {
    /// Its path.
    pub org: String,
    /// Its name in the reader's language.
    pub name: String,
    /// Open cases.
    pub open: i64,
    /// Of these, past their day.
    pub overdue: i64,
}

/// How often so many stars were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct StarCount {
    /// 5 best, 1 worst.
    pub stars: i64,
    /// How often.
    pub count: i64,
}

/// A month in the caller's organisations.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Month {
    /// When this was counted.
    pub as_of: Timestamp,
    /// Every day, oldest first.
    pub days: Vec<DayFigures>,
    /// Items, most received first.
    pub by_item: Vec<ItemFigures>,
    /// Channels, most received first.
    pub by_channel: Vec<ChannelFigures>,
    /// Organisations with open cases, most overdue first.
    pub by_org: Vec<OrgFigures>,
    /// Ratings of the thirty days before today, best first; zeros of too few.
    pub ratings: Vec<StarCount>,
}

/// Thirty days of the organisations the caller's posts let him see.
pub async fn show_month(
    context: &Insight,
    caller: &Caller<CanViewInsight>,
) -> Result<Month, AppError> {
    let (store, view) = (&context.kit.store, View::of(caller)?);
    let as_of = context.kit.clock.now();
    let today = as_of.day();
    let first = days_before(today, DAYS - 1);
    let (from, to) = (first.to_string(), today.to_string());
    let rated_from = days_before(today, satisfaction::DAYS).to_string();
    let by_day = query::sums_by(store, &view, &rated_from, &to, Column::Day).await?;
    let by_item = query::sums_by(store, &view, &from, &to, Column::Item).await?;
    let by_channel = query::sums_by(store, &view, &from, &to, Column::Channel).await?;
    let open = query::open_counts(store, &view).await?;
    let late = query::late_counts(store, &view, &from).await?;
    let names = query::items_of(store, &view).await?;
    let days = days_from(first, today)
        .into_iter()
        .map(|day| day_figures(day.to_string(), &by_day, &open, &late))
        .collect();
    Ok(Month {
        as_of,
        days,
        ratings: ratings(Satisfaction::before(today, &by_day)),
        by_item: items(&by_item, &names),
        by_channel: channels(&by_channel),
        by_org: orgs(context, &open, &to, caller.request().lang),
    })
}

fn day_figures(day: String, sums: &[Sums], open: &[OpenCount], late: &[LateCount]) -> DayFigures {
    let found = sums.iter().find(|sums| sums.label == day);
    let value = |of: fn(&Sums) -> Option<i64>| found.and_then(of).unwrap_or_default();
    DayFigures {
        received: value(|sums| sums.received),
        accepted: value(|sums| sums.accepted),
        closed: value(|sums| sums.closed),
        overdue: overdue_on(&day, open, late),
        day,
    }
}

fn items(sums: &[Sums], names: &[item::Model]) -> Vec<ItemFigures> {
    let name = |code: &str| {
        let found = names.iter().find(|found| found.item == code);
        found.map_or_else(
            || Words {
                zh: code.to_owned(),
                en: code.to_owned(),
            },
            |found| Words {
                zh: found.name_zh.clone(),
                en: found.name_en.clone(),
            },
        )
    };
    let mut rows: Vec<ItemFigures> = sums
        .iter()
        .map(|sums| {
            let working_days = sums.basis().working_days;
            ItemFigures {
                item: sums.label.clone(),
                name: name(&sums.label),
                received: sums.received.unwrap_or_default(),
                closed: sums.closed.unwrap_or_default(),
                mean_working_days: working_days.rate(),
                working_days,
            }
        })
        .collect();
    rows.sort_by(|a, b| (b.received, &a.item).cmp(&(a.received, &b.item)));
    rows
}

fn channels(sums: &[Sums]) -> Vec<ChannelFigures> {
    let mut rows: Vec<ChannelFigures> = sums
        .iter()
        .map(|sums| ChannelFigures {
            channel: sums.label.clone(),
            received: sums.received.unwrap_or_default(),
        })
        .collect();
    rows.sort_by(|a, b| (b.received, &a.channel).cmp(&(a.received, &b.channel)));
    rows
}

fn orgs(context: &Insight, open: &[OpenCount], today: &str, lang: Lang) -> Vec<OrgFigures> {
    let mut by_org: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for count in open {
        let (all, overdue) = by_org.entry(&count.org).or_default();
        *all += count.cases;
        if count.is_overdue(today) {
            *overdue += count.cases;
        }
    }
    let name = |org: &str| match (context.names.get(org), lang) {
        (Some(words), Lang::En) if !words.en.is_empty() => words.en.clone(),
        (Some(words), _) => words.zh.clone(),
        (None, _) => org.to_owned(),
    };
    let mut rows: Vec<OrgFigures> = by_org
        .into_iter()
        .map(|(org, (open, overdue))| OrgFigures {
            org: org.to_owned(),
            name: name(org),
            open,
            overdue,
        })
        .collect();
    rows.sort_by(|a, b| (b.overdue, b.open, &a.org).cmp(&(a.overdue, a.open, &b.org)));
    rows
}

fn ratings(given: Satisfaction) -> Vec<StarCount> {
    let mut rows: Vec<StarCount> = (1..)
        .zip(given.stars())
        .map(|(stars, count)| StarCount { stars, count })
        .collect();
    rows.reverse();
    rows
}

/// The month's figures
#[utoipa::path(
    get, path = "/insight/month", operation_id = "show_month", tag = "insight",
    responses(
        (status = 200, body = Month),
        Refusals,
    )
)]
pub(crate) async fn show_insight_month(
    State(context): State<Insight>,
    Authorised(caller): Authorised<CanViewInsight>,
) -> Reply<Json<Month>> {
    Ok(Json(show_month(&context, &caller).await?))
}
