//! The list of cases: narrowed by columns, newest or most urgent first, in steps of bounded work.
//!
//! A list is read along one index (a stream), or along several whose rows are merged. What no index
//! narrows is looked through, [`LIST_SCAN_MAX`] entries for a page: where they hold too few that
//! match, the page tells how far it came, and its cursor goes on from there. So the first page costs
//! what the last one costs, whatever is looked for among however many.

mod bound;
mod handled;

use std::cmp::Ordering;

use kernel::{
    AppError, DivisionCode, OrgPath, Refusal, codes,
    limits::{LIST_SCAN_MAX, VIEW_COUNT_MAX},
};
use sea_orm::{
    Condition, ExprTrait as _, FromQueryResult, QueryOrder as _, QuerySelect as _, Select,
    entity::prelude::*,
    sea_query::{BinOper, Order},
};
use serde::{Deserialize, Serialize};
use store::{
    Store, StoreError,
    page::{Page, PageQuery},
};
use uuid::Uuid;

pub(super) use self::bound::count_up_to;
use super::super::{NO_LIMIT, file};

/// Organisations whose rows are merged at most: past this, those of the whole agency are looked
/// through.
const STREAMS_MAX: usize = 16;
/// Entries that a stream looks through at least.
const SCAN_MIN: u64 = 1_000;

/// What a list is narrowed to. Days are texts, as their columns are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct CaseFilter {
    pub states: Vec<String>,
    pub item: Option<String>,
    /// Whether an enterprise applies.
    pub enterprise: Option<bool>,
    pub channel: Option<String>,
    /// The hall to which the applicant came.
    pub hall: Option<OrgPath>,
    pub received_from_us: Option<i64>,
    pub received_before_us: Option<i64>,
    pub accepted: Days,
    pub decided: Days,
    pub closed: Days,
    pub delivered: Days,
    pub marks: Marks,
    /// The day that presses; only cases that are open have one.
    pub due: Option<Days>,
    /// Most urgent first; otherwise the newest.
    pub urgent_first: bool,
    /// Handled by this staff member, the last handled first.
    pub hand: Option<Uuid>,
}

/// From one day to another, both included; open where none is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Days {
    pub from: Option<String>,
    pub to: Option<String>,
}

/// What a case has or has not once it is decided or delivered; all the same where it is not asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Marks {
    pub on_time: Option<bool>,
    pub within_law: Option<bool>,
    pub one_visit: Option<bool>,
    pub instant: Option<bool>,
    pub corrected: Option<bool>,
}

/// A list: whose cases, and which of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Listed {
    pub bureau: DivisionCode,
    /// In these organisations; none means the whole agency.
    pub orgs: Option<Vec<OrgPath>>,
    pub filter: CaseFilter,
}

/// A row of the list: what its page shows, without the case itself.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub(crate) struct Entry {
    pub case_id: Uuid,
    pub number: Option<String>,
    pub state: String,
    pub item: String,
    pub name_zh: String,
    pub name_en: String,
    pub applicant_masked: String,
    pub number_tail: String,
    pub employer_id: Option<Uuid>,
    pub org: String,
    pub channel: String,
    pub received_us: i64,
    pub expected_on: Option<String>,
    pub provisional: bool,
    pub accepted_on: Option<String>,
    pub decided_on: Option<String>,
    pub due_on: Option<String>,
}

/// By what a stream is ordered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Sort {
    /// Newest first.
    At(i64),
    /// Most urgent first.
    Due(String),
}

/// A place in a list.
pub(crate) type Place = (Sort, Uuid);

/// A page of the list, and how far it came where that is not its end.
#[derive(Debug)]
pub(crate) struct CasePage {
    pub page: Page<Entry>,
    /// Everything before this place was looked through, and more may match behind it.
    pub looked_to: Option<Sort>,
}

/// How many a list holds, as far as that was counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct CaseCount {
    /// So many.
    pub cases: u64,
    /// Or more.
    pub more: bool,
}

/// One index along which rows are read.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stream {
    Agency,
    Org(String),
    Item(String),
    Due,
}

/// Rows of one stream, and where it stopped looking.
struct Found {
    rows: Vec<Entry>,
    looked_to: Option<Place>,
}

/// A page of a list.
///
/// # Errors
/// `E1014` for a cursor that is not of this list.
pub(crate) async fn page_of(
    store: &Store,
    listed: &Listed,
    page: &PageQuery,
) -> Result<CasePage, AppError> {
    rows_of(store, listed, page, page.rows()).await
}

/// So many rows of a list from where a page begins; more than a page shows, for who writes them down.
pub(crate) async fn rows_of(
    store: &Store,
    listed: &Listed,
    page: &PageQuery,
    wanted: u32,
) -> Result<CasePage, AppError> {
    let after: Option<Place> = page.position()?;
    let by_due = listed.filter.hand.is_none() && listed.is_by_due();
    if after
        .as_ref()
        .is_some_and(|(sort, _)| matches!(sort, Sort::Due(_)) != by_due)
    {
        return Err(Refusal::new(&codes::E1014).with("name", "cursor").into());
    }
    let rows = u64::from(wanted);
    if let Some(hand) = listed.filter.hand {
        return handled::page_of(store, listed, hand, after, rows).await;
    }
    let streams = listed.streams(store).await?;
    let scan = scan_of(streams.len());
    let mut all = Found {
        rows: Vec::new(),
        looked_to: None,
    };
    for stream in &streams {
        let found = listed
            .read(store, stream, after.as_ref(), rows + 1, scan)
            .await?;
        all.rows.extend(found.rows);
        all.looked_to = nearer(all.looked_to, found.looked_to);
    }
    Ok(cut(all, wanted, |row| row.place(by_due)))
}

/// How many a list holds: at most [`VIEW_COUNT_MAX`] are counted, among so many entries as a page
/// looks through.
pub(crate) async fn count(store: &Store, listed: &Listed) -> Result<CaseCount, AppError> {
    if let Some(hand) = listed.filter.hand {
        return handled::count(store, listed, hand).await;
    }
    let streams = listed.streams(store).await?;
    let scan = scan_of(streams.len());
    let mut counted = CaseCount::default();
    for stream in &streams {
        let bound = listed.bound(store, stream, None, scan).await?;
        counted.more |= bound.is_some();
        let select = listed.select(stream, None, bound.as_ref());
        counted.cases += bound::count_up_to(store, select, VIEW_COUNT_MAX + 1).await?;
        if counted.cases > VIEW_COUNT_MAX {
            break;
        }
    }
    Ok(counted.capped())
}

/// Whether a list holds more rows than this.
pub(crate) async fn is_longer(store: &Store, listed: &Listed, rows: u64) -> Result<bool, AppError> {
    if listed.filter.hand.is_some() {
        return Ok(false);
    }
    let mut left = rows + 1;
    for stream in listed.streams(store).await? {
        left -= bound::count_up_to(store, listed.select(&stream, None, None), left).await?;
        if left == 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

fn scan_of(streams: usize) -> u64 {
    let streams = u64::try_from(streams.max(1)).unwrap_or(1);
    Ord::max(LIST_SCAN_MAX / streams, SCAN_MIN)
}

/// Of two places the one that comes first: behind it rows of another stream may be missing.
fn nearer(one: Option<Place>, other: Option<Place>) -> Option<Place> {
    match (one, other) {
        (Some(one), Some(other)) if comes(&one, &other) == Ordering::Greater => Some(other),
        (one, other) => one.or(other),
    }
}

/// The order of places in a list.
fn comes(one: &Place, other: &Place) -> Ordering {
    match &one.0 {
        Sort::At(_) => other.cmp(one),
        Sort::Due(_) => one.cmp(other),
    }
}

/// Rows of all streams in their order, as a page.
fn cut(found: Found, wanted: u32, place: impl Fn(&Entry) -> Place) -> CasePage {
    let Found {
        mut rows,
        looked_to,
    } = found;
    rows.sort_by(|one, other| comes(&place(one), &place(other)));
    if let Some(end) = &looked_to {
        rows.retain(|row| comes(&place(row), end) != Ordering::Greater);
    }
    let page = Page::cut(rows, wanted, &place);
    match looked_to {
        Some(end) if page.next.is_none() => CasePage {
            page: Page {
                next: Page::<()>::cursor(&end),
                rows: page.rows,
            },
            looked_to: Some(end.0),
        },
        _ => CasePage {
            page,
            looked_to: None,
        },
    }
}

impl CaseCount {
    fn capped(self) -> Self {
        Self {
            cases: Ord::min(self.cases, VIEW_COUNT_MAX),
            more: self.more || self.cases > VIEW_COUNT_MAX,
        }
    }
}

impl Entry {
    fn place(&self, by_due: bool) -> Place {
        let sort = if by_due {
            Sort::Due(self.due_on.clone().unwrap_or_else(|| NO_LIMIT.to_owned()))
        } else {
            Sort::At(self.received_us)
        };
        (sort, self.case_id)
    }
}

impl Listed {
    fn is_by_due(&self) -> bool {
        self.filter.urgent_first || self.filter.due.is_some()
    }

    /// Along which indexes the list is read.
    async fn streams(&self, store: &Store) -> Result<Vec<Stream>, StoreError> {
        if self.is_by_due() {
            return Ok(vec![Stream::Due]);
        }
        if let Some(item) = &self.filter.item {
            return Ok(vec![Stream::Item(item.clone())]);
        }
        let Some(scope) = &self.orgs else {
            return Ok(vec![Stream::Agency]);
        };
        let orgs = bound::orgs_within(store, self.bureau, scope, STREAMS_MAX).await?;
        Ok(match orgs {
            Some(orgs) => orgs.into_iter().map(Stream::Org).collect(),
            None => vec![Stream::Agency],
        })
    }

    /// Reads one stream on from a place.
    async fn read(
        &self,
        store: &Store,
        stream: &Stream,
        after: Option<&Place>,
        rows: u64,
        scan: u64,
    ) -> Result<Found, StoreError> {
        let bound = self.bound(store, stream, after, scan).await?;
        let select = self.select(stream, after, bound.as_ref()).limit(rows);
        let rows = select.into_model::<Entry>().all(store.read()).await?;
        Ok(Found {
            rows,
            looked_to: bound,
        })
    }

    /// The place so many entries further on, where what is looked for has to be looked through.
    async fn bound(
        &self,
        store: &Store,
        stream: &Stream,
        after: Option<&Place>,
        scan: u64,
    ) -> Result<Option<Place>, StoreError> {
        if self.rest(stream).is_empty() {
            return Ok(None);
        }
        let along = ordered(self.along(stream, after), stream);
        bound::place_at(store, along, scan, *stream == Stream::Due).await
    }

    /// The rows of a stream that match, between two places, in order.
    fn select(
        &self,
        stream: &Stream,
        after: Option<&Place>,
        bound: Option<&Place>,
    ) -> Select<file::Entity> {
        let mut condition = self.along(stream, after).add(self.rest(stream));
        if let Some(bound) = bound {
            condition = condition.add(up_to(bound));
        }
        let select = ordered(condition, stream);
        columns()
            .into_iter()
            .fold(select.select_only(), Select::column)
    }

    /// What the index of a stream narrows by itself.
    fn along(&self, stream: &Stream, after: Option<&Place>) -> Condition {
        use file::Column as C;
        let mut along = Condition::all().add(C::Bureau.eq(self.bureau.to_string()));
        along = match stream {
            Stream::Agency => along,
            Stream::Org(org) => along.add(C::Org.eq(org)),
            Stream::Item(item) => along.add(C::Item.eq(item)),
            Stream::Due => {
                let days = self.filter.due.clone().unwrap_or_default();
                days.of(C::DueOn, along.add(C::DueOn.is_not_null()))
            }
        };
        if *stream != Stream::Due {
            along = self.received(along.add(C::ReceivedUs.is_not_null()));
        }
        match after {
            Some(place) => along.add(behind(place)),
            None => along,
        }
    }

    fn received(&self, mut condition: Condition) -> Condition {
        if let Some(from) = self.filter.received_from_us {
            condition = condition.add(file::Column::ReceivedUs.gte(from));
        }
        if let Some(before) = self.filter.received_before_us {
            condition = condition.add(file::Column::ReceivedUs.lt(before));
        }
        condition
    }

    /// What is looked for among the entries of a stream.
    fn rest(&self, stream: &Stream) -> Condition {
        use file::Column as C;
        let filter = &self.filter;
        let mut rest = Condition::all();
        if !filter.states.is_empty() {
            rest = rest.add(C::State.is_in(&filter.states));
        }
        if let (Some(item), false) = (&filter.item, matches!(stream, Stream::Item(_))) {
            rest = rest.add(beside(C::Item).eq(item));
        }
        if let (Some(orgs), false) = (&self.orgs, matches!(stream, Stream::Org(_))) {
            rest = rest.add(in_one_of(orgs));
        }
        match filter.enterprise {
            Some(true) => rest = rest.add(C::EmployerId.is_not_null()),
            Some(false) => rest = rest.add(C::EmployerId.is_null()),
            None => {}
        }
        if let Some(channel) = &filter.channel {
            rest = rest.add(C::Channel.eq(channel));
        }
        if let Some(hall) = &filter.hall {
            rest = rest.add(C::Hall.eq(hall.as_str()));
        }
        if *stream == Stream::Due {
            let received = || Expr::col(C::ReceivedUs).add(0_i64);
            if let Some(from) = filter.received_from_us {
                rest = rest.add(received().gte(from));
            }
            if let Some(before) = filter.received_before_us {
                rest = rest.add(received().lt(before));
            }
        }
        for (days, column) in [
            (&filter.accepted, C::AcceptedOn),
            (&filter.decided, C::DecidedOn),
            (&filter.closed, C::ClosedOn),
            (&filter.delivered, C::DeliveredOn),
        ] {
            rest = days.of(column, rest);
        }
        filter.marks.of(rest)
    }
}

/// A column by which another index begins: as part of an expression it leads no database away from
/// the stream that is read, in whose index it stands too.
fn beside(column: file::Column) -> Expr {
    Expr::col(column).binary(BinOper::Custom("||"), Expr::val(""))
}

/// In one of these organisations or below.
fn in_one_of(orgs: &[OrgPath]) -> Condition {
    let org = || beside(file::Column::Org);
    let any = orgs.iter().fold(Condition::any(), |any, outer| {
        any.add(org().eq(outer.as_str()))
            .add(org().between(format!("{outer}/"), format!("{outer}0")))
    });
    // An empty `any` would let everything through.
    any.add(Expr::value(false))
}

impl Marks {
    fn of(self, condition: Condition) -> Condition {
        use file::Column as C;
        let marks = [
            (self.on_time, C::OnTime),
            (self.within_law, C::WithinLaw),
            (self.one_visit, C::OneVisit),
            (self.instant, C::Instant),
            (self.corrected, C::Corrected),
        ];
        let wanted = marks.into_iter();
        wanted.fold(condition, |condition, (has, column)| {
            condition.add_option(has.map(|has| column.eq(has)))
        })
    }
}

impl Days {
    fn of(&self, column: file::Column, mut condition: Condition) -> Condition {
        if let Some(from) = &self.from {
            condition = condition.add(column.gte(from));
        }
        if let Some(to) = &self.to {
            condition = condition.add(column.lte(to));
        }
        condition
    }
}

fn ordered(condition: Condition, stream: &Stream) -> Select<file::Entity> {
    let (column, order) = match stream {
        Stream::Due => (file::Column::DueOn, Order::Asc),
        _ => (file::Column::ReceivedUs, Order::Desc),
    };
    file::Entity::find()
        .filter(condition)
        .order_by(column, order.clone())
        .order_by(file::Column::CaseId, order)
}

/// The rows that come after a place.
fn behind((sort, id): &Place) -> Condition {
    use file::Column as C;
    let (further, here, later) = match sort {
        Sort::At(at) => (
            C::ReceivedUs.lt(*at),
            C::ReceivedUs.eq(*at),
            C::CaseId.lt(*id),
        ),
        Sort::Due(day) => (C::DueOn.gt(day), C::DueOn.eq(day), C::CaseId.gt(*id)),
    };
    // The first half says to an index where to begin; the second cuts what lies before the place.
    let from_here = match sort {
        Sort::At(at) => C::ReceivedUs.lte(*at),
        Sort::Due(day) => C::DueOn.gte(day),
    };
    let cut = Condition::any()
        .add(further)
        .add(Condition::all().add(here).add(later));
    Condition::all().add(from_here).add(cut)
}

/// The rows up to a place, itself included.
fn up_to((sort, id): &Place) -> Condition {
    use file::Column as C;
    let (nearer, here, up_to_it) = match sort {
        Sort::At(at) => (
            C::ReceivedUs.gt(*at),
            C::ReceivedUs.eq(*at),
            C::CaseId.gte(*id),
        ),
        Sort::Due(day) => (C::DueOn.lt(day), C::DueOn.eq(day), C::CaseId.lte(*id)),
    };
    let to_here = match sort {
        Sort::At(at) => C::ReceivedUs.gte(*at),
        Sort::Due(day) => C::DueOn.lte(day),
    };
    let cut = Condition::any()
        .add(nearer)
        .add(Condition::all().add(here).add(up_to_it));
    Condition::all().add(to_here).add(cut)
}

/// What [`Entry`] is made of.
fn columns() -> [file::Column; 17] {
    use file::Column as C;
    [
        C::CaseId,
        C::Number,
        C::State,
        C::Item,
        C::NameZh,
        C::NameEn,
        C::ApplicantMasked,
        C::NumberTail,
        C::EmployerId,
        C::Org,
        C::Channel,
        C::ReceivedUs,
        C::ExpectedOn,
        C::Provisional,
        C::AcceptedOn,
        C::DecidedOn,
        C::DueOn,
    ]
}

#[cfg(test)]
mod tests;
