//! The cases that a colleague has handled, the last handled first.

use std::collections::HashMap;

use kernel::{
    AppError,
    limits::{LIST_LOOKUPS_MAX, VIEW_COUNT_MAX},
};
use sea_orm::{Condition, QueryOrder as _, QuerySelect as _, Select, entity::prelude::*};
use store::{Store, StoreError, page::Page};
use uuid::Uuid;

use super::{
    super::super::{file, hand},
    CaseCount, CasePage, Entry, Listed, Place, Sort, Stream, bound, columns,
};

/// Cases looked up at once.
const LOOKED_UP: u64 = 200;

/// A page of them.
pub(super) async fn page_of(
    store: &Store,
    listed: &Listed,
    who: Uuid,
    after: Option<Place>,
    wanted: u64,
) -> Result<CasePage, AppError> {
    let mut rows: Vec<(Place, Entry)> = Vec::new();
    let mut place = after;
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
    for _ in 0..LIST_LOOKUPS_MAX / LOOKED_UP {
        let hands = hands(store, listed, who, place.as_ref()).await?;
        let mut entries = look_up(store, listed, &hands).await?;
        place = hands.last().map(place_of);
        rows.extend(hands.iter().filter_map(|hand| {
            let entry = entries.remove(&hand.case_id)?;
            Some((place_of(hand), entry))
        }));
        let is_last = u64::try_from(hands.len()).unwrap_or(0) < LOOKED_UP;
        if rows.len() > wanted || is_last {
            let most = u32::try_from(wanted).unwrap_or(u32::MAX);
            let page = Page::cut(rows, most, |(place, _)| place.clone());
            let page = page.map(|(_, entry)| entry);
            return Ok(CasePage {
                page,
                looked_to: None,
            });
        }
    }
    Ok(CasePage {
        page: Page {
            rows: rows.into_iter().map(|(_, entry)| entry).collect(),
            next: place.as_ref().and_then(Page::<()>::cursor),
        },
        looked_to: place.map(|(sort, _)| sort),
    })
}

/// How many they are.
pub(super) async fn count(
    store: &Store,
    listed: &Listed,
    who: Uuid,
) -> Result<CaseCount, AppError> {
    if listed.rest(&Stream::Due).is_empty() && listed.filter.due.is_none() {
        let cases = bound::count_up_to(store, of(listed, who), VIEW_COUNT_MAX + 1).await?;
        return Ok(CaseCount { cases, more: false }.capped());
    }
    let mut place = None;
    let mut counted = CaseCount::default();
    for _ in 0..(VIEW_COUNT_MAX + 1) / LOOKED_UP {
        let hands = hands(store, listed, who, place.as_ref()).await?;
        let ids = hands.iter().map(|hand| hand.case_id);
        let select = file::Entity::find().filter(among(listed, ids));
        counted.cases += bound::count_up_to(store, select, LOOKED_UP).await?;
        if u64::try_from(hands.len()).unwrap_or(0) < LOOKED_UP {
            return Ok(counted);
        }
        place = hands.last().map(place_of);
    }
    Ok(CaseCount {
        more: true,
        ..counted
    })
}

fn place_of(hand: &hand::Model) -> Place {
    (Sort::At(hand.at_us), hand.case_id)
}

fn of(listed: &Listed, who: Uuid) -> Select<hand::Entity> {
    hand::Entity::find()
        .filter(hand::Column::Bureau.eq(listed.bureau.to_string()))
        .filter(hand::Column::StaffId.eq(who))
}

/// What he has handled before a place.
async fn hands(
    store: &Store,
    listed: &Listed,
    who: Uuid,
    after: Option<&Place>,
) -> Result<Vec<hand::Model>, StoreError> {
    let mut select = of(listed, who);
    if let Some((Sort::At(at), id)) = after {
        let here = Condition::all()
            .add(hand::Column::AtUs.eq(*at))
            .add(hand::Column::CaseId.lt(*id));
        select = select
            .filter(hand::Column::AtUs.lte(*at))
            .filter(Condition::any().add(hand::Column::AtUs.lt(*at)).add(here));
    }
    Ok(select
        .order_by_desc(hand::Column::AtUs)
        .order_by_desc(hand::Column::CaseId)
        .limit(LOOKED_UP)
        .all(store.read())
        .await?)
}

/// Those of some cases that the list shows.
fn among(listed: &Listed, ids: impl Iterator<Item = Uuid>) -> Condition {
    let mut condition = Condition::all()
        .add(file::Column::Bureau.eq(listed.bureau.to_string()))
        .add(file::Column::CaseId.is_in(ids))
        .add(file::Column::ReceivedUs.is_not_null())
        .add(listed.rest(&Stream::Due));
    if let Some(days) = &listed.filter.due {
        condition = days.of(file::Column::DueOn, condition);
    }
    condition
}

async fn look_up(
    store: &Store,
    listed: &Listed,
    hands: &[hand::Model],
) -> Result<HashMap<Uuid, Entry>, StoreError> {
    if hands.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = hands.iter().map(|hand| hand.case_id);
    let select = file::Entity::find().filter(among(listed, ids));
    let select = columns()
        .into_iter()
        .fold(select.select_only(), Select::column);
    let entries = select.into_model::<Entry>().all(store.read()).await?;
    Ok(entries
        .into_iter()
        .map(|entry| (entry.case_id, entry))
        .collect())
}
