//! The figures of a period (运行数据): all together, day by day, and by item, agency, organisation,
//! channel and hall, beside the period before.

use ::store::StoreError;
use axum::{Json, extract::State};
use futures_util::future::try_join;
use httpkit::{Authorised, Filter, Refusals, Reply};
use kernel::{
    AppError, Caller, Date, OrgPath, Refusal, Timestamp,
    caller::{CanViewCases, CanViewInsight, CanViewRatings},
    codes,
    item::Words,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    Insight,
    figures::{Figures, overdue_on},
    follow::READER,
    groups::{
        Group, agency_of, channel_name, gathered, groups, org_name, same, sees, with_those_below,
    },
    period::{Period, Span},
    satisfaction::{self, Satisfaction},
    scope::{Items, Sight, Slice, View, days_from},
    store::{
        Counters, item,
        query::{self, By, DueCount, LateCount, OpenCount, Sums},
    },
};

/// Days of a curve at least: of one day there is none.
const CURVE_DAYS_MIN: i32 = 14;
/// Events that may be uncounted before a page says so: a busy second.
const UNCOUNTED_MAX: i64 = 1_000;

/// Which figures.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct FigureQuery {
    /// Which days: `today`, `7`, `30`, `90`, `month`, or `own` with `from` and `to`.
    #[param(inline, required = false)]
    pub period: Span,
    /// First day of one's own.
    #[param(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// Last day of one's own.
    #[param(value_type = Option<String>, format = Date)]
    pub to: Option<Date>,
    /// Only this item.
    pub item: Option<String>,
    /// Only items of this field.
    pub domain: Option<String>,
    /// Only this agency.
    pub bureau: Option<String>,
    /// Only this organisation and those below it.
    pub org: Option<String>,
    /// `online` or `window`.
    pub channel: Option<String>,
    /// Only cases for which somebody came to this hall: the organisation of its clerks.
    pub hall: Option<String>,
}

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
    /// Of these, with a decision on the matter.
    pub decided: i64,
    /// Of those decided, in time.
    pub on_time: i64,
    /// Results delivered.
    pub delivered: i64,
    /// Of these, with at most one visit.
    pub one_visit: i64,
    /// Cases past their day and not closed at the end of the day.
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

/// What people said in whole months; nothing of fewer than ten ratings.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Rated {
    /// First day of the first month.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// Last day of the last month.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// Ratings given.
    pub rated: i64,
    /// Mean of the stars.
    pub rating_mean: Option<f64>,
    /// 主动评价率
    pub rating_rate: Option<f64>,
    /// Whether the caller may look at all the ratings that are counted.
    pub visible: bool,
    /// Ratings by stars, best first.
    pub stars: Vec<StarCount>,
}

/// The figures of a period in the organisations the caller's posts let him see.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Board {
    /// When this was asked.
    pub as_of: Timestamp,
    /// Up to when events are counted, while not nearly all are: the counters are being made anew.
    pub counted_to: Option<Timestamp>,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// Last day.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// First day of the period it stands beside.
    #[schema(value_type = String, format = Date)]
    pub before_from: Date,
    /// Last day of that period.
    #[schema(value_type = String, format = Date)]
    pub before_to: Date,
    /// Whether the whole city is counted.
    pub whole_city: bool,
    /// The organisations whose cases are counted, with those below them; none for the whole city.
    #[schema(value_type = Vec<String>)]
    pub orgs: Vec<OrgPath>,
    /// Whether the caller may look at all the cases that are counted.
    pub visible: bool,
    /// The figures.
    pub figures: Figures,
    /// Those of the period before; open cases of that time are not known.
    pub before: Figures,
    /// Every day, oldest first; two weeks at least.
    pub days: Vec<DayFigures>,
    /// Items, most received first.
    pub by_item: Vec<Group>,
    /// Agencies, most received first.
    pub by_bureau: Vec<Group>,
    /// Organisations, each with those below it, most received first.
    pub by_org: Vec<Group>,
    /// Channels, most received first.
    pub by_channel: Vec<Group>,
    /// Halls to which people came, most received first.
    pub by_hall: Vec<Group>,
    /// Ratings.
    pub ratings: Rated,
}

/// The figures that are asked for.
///
/// # Errors
/// `E1920` for an item or a field that nobody knows, `E1921` for days that make no period, `E1922`
/// for an organisation outside the caller's posts.
pub async fn show_figures(
    context: &Insight,
    caller: &Caller<CanViewInsight>,
    query: &FigureQuery,
) -> Result<Board, AppError> {
    let as_of = context.kit.clock.now();
    let today = as_of.day();
    let period = Period::of(query.period, (query.from, query.to), today)?;
    let slice = slice_of(context, caller, query).await?;
    let read = Read::of(context, &slice, period, query.period, today).await?;
    let sight = Sight::of::<CanViewCases>(caller.staff()?);
    let heard = Sight::of::<CanViewRatings>(caller.staff()?);
    let agencies = context.agencies();
    let visible = sight.covers_view(&slice.view, &agencies);
    let figures = read.figures(read.whole, period);
    let before = read.figures(read.whole_before, read.before);
    let open = read.open_by_place.iter().map(|count| count.open).sum();
    let parts = read.parts(context, &sight, visible);
    Ok(Board {
        as_of,
        counted_to: read.counted_to,
        from: period.first,
        to: period.last,
        before_from: read.before.first,
        before_to: read.before.last,
        whole_city: slice.view == View::Everything,
        orgs: slice.view.orgs().to_vec(),
        visible,
        figures: Figures { open, ..figures },
        before,
        days: read.days(),
        by_item: parts.items,
        by_bureau: parts.bureaus,
        by_org: parts.orgs,
        by_channel: parts.channels,
        by_hall: parts.halls,
        ratings: read.ratings(heard.covers_view(&slice.view, &agencies)),
    })
}

/// What is counted of what the caller may see.
async fn slice_of(
    context: &Insight,
    caller: &Caller<CanViewInsight>,
    query: &FigureQuery,
) -> Result<Slice, AppError> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let mut view = View::of(caller, context.kit.city)?;
    for wanted in [given(&query.bureau), given(&query.org)]
        .into_iter()
        .flatten()
    {
        let org: OrgPath = wanted
            .parse()
            .map_err(|_| AppError::from(Refusal::new(&codes::E1922)))?;
        view = view.within(&org)?;
    }
    let channel = given(&query.channel);
    if channel
        .as_deref()
        .is_some_and(|name| !["online", "window"].contains(&name))
    {
        return Err(Refusal::new(&codes::E1014).with("name", "channel").into());
    }
    let hall = given(&query.hall).map(|path| path.parse()).transpose();
    let items = items_of(context, given(&query.item), given(&query.domain)).await?;
    Ok(Slice {
        view,
        items,
        channel,
        hall: hall.map_err(|_| Refusal::new(&codes::E1014).with("name", "hall"))?,
    })
}

/// The items that are asked for.
async fn items_of(
    context: &Insight,
    item: Option<String>,
    domain: Option<String>,
) -> Result<Items, AppError> {
    if item.is_none() && domain.is_none() {
        return Ok(Items::All);
    }
    let store = &context.kit.store;
    let unknown = || AppError::from(Refusal::new(&codes::E1920));
    let of_domain = |code: &str| context.domain_of(code).is_some_and(|of| Some(of) == domain);
    if let Some(code) = item {
        // Items that the catalogue has withdrawn are known by their events.
        let known =
            context.name_of(&code).is_some() || query::item_codes(store).await?.contains(&code);
        let fits = known && (domain.is_none() || of_domain(&code));
        return if fits {
            Ok(Items::One(code))
        } else {
            Err(unknown())
        };
    }
    let mut codes = query::item_codes(store).await?;
    codes.retain(|code| of_domain(code));
    match domain {
        Some(name) if !codes.is_empty() => Ok(Items::Domain {
            name,
            codes: codes.into_iter().collect(),
        }),
        _ => Err(unknown()),
    }
}

/// The same figures, told apart.
struct Parts {
    items: Vec<Group>,
    bureaus: Vec<Group>,
    orgs: Vec<Group>,
    channels: Vec<Group>,
    halls: Vec<Group>,
}

/// What the tables say.
struct Read {
    days_of: Period,
    before: Period,
    today: Date,
    whole: Counters,
    whole_before: Counters,
    by_day: Vec<Sums>,
    by_item: Vec<Sums>,
    by_place: Vec<Sums>,
    rated: Period,
    ratings: Counters,
    due: Vec<DueCount>,
    open_by_item: Vec<OpenCount>,
    open_by_place: Vec<OpenCount>,
    late: Vec<LateCount>,
    names: Vec<item::Model>,
    counted_to: Option<Timestamp>,
}

impl Read {
    async fn of(
        context: &Insight,
        slice: &Slice,
        period: Period,
        span: Span,
        today: Date,
    ) -> Result<Self, AppError> {
        let store = &context.kit.store;
        let (before, days_of) = (period.before(span), period.with_at_least(CURVE_DAYS_MIN));
        let rated = satisfaction::months_of(period, today);
        let earliest = before.first.min(days_of.first).to_string();
        let sums = async |period, by| query::sums_by(store, slice, period, by).await;
        let sum = async |period, by| query::sum_of(store, slice, period, by).await;
        let now = today.to_string();
        let open = async |by| query::open_counts(store, slice, &now, by).await;
        // What follows is much the same work twice: two processors share it.
        let of_items = async {
            let by_item = sums(period, By::Item).await?;
            // Items that the catalogue has withdrawn are known by their events.
            let mut labels = by_item.iter().map(|sums| &sums.label);
            let names = if labels.all(|label| context.name_of(label).is_some()) {
                Vec::new()
            } else {
                query::items_of(store, &slice.view).await?
            };
            let open = open(By::Item).await?;
            let ratings = sum(rated, By::Rated).await?;
            Ok::<_, StoreError>((by_item, names, open, ratings, sum(before, By::Whole).await?))
        };
        let of_places = async {
            let by_place = sums(period, By::Place).await?;
            let open = open(By::Place).await?;
            let by_day = sums(days_of, By::Day).await?;
            let due = query::due_counts(store, slice).await?;
            let late = query::late_counts(store, slice, &earliest).await?;
            Ok((by_place, open, by_day, due, late))
        };
        let (of_items, of_places) = try_join(of_items, of_places).await?;
        let (by_item, names, open_by_item, ratings, whole_before) = of_items;
        let (by_place, open_by_place, by_day, due, late) = of_places;
        Ok(Self {
            // The places are all there is.
            whole: query::total(&by_place),
            counted_to: counted_to(context).await?,
            whole_before,
            by_day,
            by_place,
            ratings,
            due,
            open_by_item,
            open_by_place,
            late,
            days_of,
            before,
            today,
            by_item,
            rated,
            names,
        })
    }

    /// The figures of a period with these sums.
    fn figures(&self, sums: Counters, period: Period) -> Figures {
        let last = period.last.min(self.today).to_string();
        sums.figures(0, overdue_on(&last, &self.due, &self.late))
    }

    /// The same figures, told apart; `visible` says whether the caller may look at all that is counted.
    fn parts(&self, context: &Insight, sight: &Sight, visible: bool) -> Parts {
        let by_item = gathered(&self.by_item, &self.open_by_item, |place| {
            place.label.to_owned()
        });
        let (places, open_there) = (&self.by_place, &self.open_by_place);
        let by_bureau = gathered(places, open_there, |place| agency_of(place.label));
        let by_org = with_those_below(&gathered(places, open_there, |place| {
            place.label.to_owned()
        }));
        let by_channel = gathered(places, open_there, |place| place.channel.to_owned());
        let mut by_hall = gathered(places, open_there, |place| place.hall.to_owned());
        // Who applies on line comes to none.
        by_hall.remove("");
        Parts {
            items: groups(by_item, |code| self.item_name(context, code), |_| visible),
            bureaus: groups(
                by_bureau,
                |bureau| org_name(&context.names, bureau),
                |bureau| sees(sight, bureau),
            ),
            orgs: groups(
                by_org,
                |org| org_name(&context.names, org),
                |org| sees(sight, org),
            ),
            channels: groups(by_channel, channel_name, |_| visible),
            // A hall takes in cases of its own agency alone.
            halls: groups(
                by_hall,
                |hall| org_name(&context.names, hall),
                |hall| visible || sees(sight, &agency_of(hall)),
            ),
        }
    }

    fn days(&self) -> Vec<DayFigures> {
        let days = days_from(self.days_of.first, self.days_of.last);
        days.into_iter()
            .map(|day| self.day(day.to_string()))
            .collect()
    }

    fn day(&self, day: String) -> DayFigures {
        let found = self.by_day.iter().find(|sums| sums.label == day);
        let sums = found.map_or_else(Counters::default, |sums| sums.counters);
        DayFigures {
            received: sums.received,
            accepted: sums.accepted,
            closed: sums.closed,
            decided: sums.decided(),
            on_time: sums.on_time,
            delivered: sums.delivered,
            one_visit: sums.one_visit,
            overdue: overdue_on(&day, &self.due, &self.late),
            day,
        }
    }

    fn item_name(&self, context: &Insight, code: &str) -> Words {
        let by_event = || {
            let row = self.names.iter().find(|row| row.item == code)?;
            Some(Words {
                zh: row.name_zh.clone(),
                en: row.name_en.clone(),
            })
        };
        let name = context.name_of(code).or_else(by_event);
        name.unwrap_or_else(|| same(code))
    }

    fn ratings(&self, visible: bool) -> Rated {
        let given = Satisfaction::of(self.ratings);
        let stars = (1..).zip(given.stars());
        let mut stars: Vec<StarCount> = stars
            .map(|(stars, count)| StarCount { stars, count })
            .collect();
        stars.reverse();
        Rated {
            from: self.rated.first,
            to: self.rated.last,
            rated: given.rated(),
            rating_mean: given.mean(),
            rating_rate: given.rate(),
            visible,
            stars,
        }
    }
}

/// The time up to which events are counted, when many are not.
async fn counted_to(context: &Insight) -> Result<Option<Timestamp>, AppError> {
    let store = &context.kit.store;
    let place = query::place_of(store, READER).await?;
    let (gid, at_us) = place.map_or((0, 0), |place| (place.gid, place.at_us));
    let end = store.events_end().await?;
    let behind = end.gid - gid > UNCOUNTED_MAX;
    Ok(behind.then(|| Timestamp::from_micros(at_us)))
}

/// The figures of a period
#[utoipa::path(
    get, path = "/insight/figures", operation_id = "show_figures", tag = "insight",
    params(FigureQuery),
    responses(
        (status = 200, body = Board),
        Refusals,
    )
)]
pub(crate) async fn show_insight_figures(
    State(context): State<Insight>,
    Authorised(caller): Authorised<CanViewInsight>,
    Filter(query): Filter<FigureQuery>,
) -> Reply<Json<Board>> {
    Ok(Json(show_figures(&context, &caller, &query).await?))
}
