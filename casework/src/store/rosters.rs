//! SQL of the tables `roster*`.

use kernel::{
    AppError, DivisionCode, codes,
    ids::{EmployerId, Id as _, RosterId},
};
use sea_orm::{Condition, QueryOrder as _, QuerySelect as _, entity::prelude::*};
use store::{
    Row, Store, StoreError, key,
    page::{Page, PageQuery},
};

table! {
    /// A roster: how far it is, and its counts.
    roster, "roster", rank 170, {
        keys { bureau: String, roster_id: Uuid, }
        version: i64,
        state: String,
        item: String,
        edition: i32,
        name_zh: String,
        name_en: String,
        employer_id: Uuid,
        /// The agent who uploaded it, later the one who confirmed it.
        person_id: Uuid,
        sealed_file_name: Vec<u8>,
        /// The number of the last row that was read.
        last_row: i32,
        rows_read: i32,
        rows_checked: i32,
        rows_bad: i32,
        rows_good: i32,
        /// Good as far as we know: a person looks at them.
        rows_doubtful: i32,
        /// Of the doubtful ones those for which a promise stands in for a paper.
        rows_promised: i32,
        rows_opened: i32,
        rows_granted: i32,
        rows_failed: i32,
        /// Why the file was not read, as JSON; empty where it was.
        refusal: String,
        created_us: i64,
        updated_us: i64,
        confirmed_us: Option<i64>,
        /// When it was finished or could not be read.
        ended_us: Option<i64>,
        wrapped_key: Vec<u8>,
    }
}

table! {
    /// A row of a roster. What was filled in is sealed, and gone once the case has it.
    row, "roster_row", rank 171, {
        keys { bureau: String, roster_id: Uuid, row_no: i32, }
        state: String,
        /// The case that it becomes.
        case_id: Uuid,
        /// The masked name.
        shown: String,
        sealed: Vec<u8>,
    }
}

table! {
    /// A part of the uploaded file, until it is read.
    file_part, "roster_file", rank 172, {
        keys { bureau: String, roster_id: Uuid, part: i32, }
        sealed: Vec<u8>,
    }
}

/// A roster of one agency, if there is one.
pub(crate) async fn find_in(
    store: &Store,
    bureau: DivisionCode,
    id: RosterId,
) -> Result<Option<roster::Model>, AppError> {
    Ok(store.find(key!(bureau, id.uuid())).await?)
}

/// A roster of an enterprise.
///
/// # Errors
/// `E1012` when there is none, or it is another's.
pub(crate) async fn find_own(
    store: &Store,
    employer: EmployerId,
    id: RosterId,
) -> Result<roster::Model, AppError> {
    roster::Entity::find()
        .filter(roster::Column::RosterId.eq(id.uuid()))
        .one(store.read())
        .await
        .map_err(StoreError::from)?
        .filter(|row| row.employer_id == employer.uuid())
        .ok_or_else(|| AppError::refused(&codes::E1012))
}

/// Rosters of an enterprise that are not ended, at most `limit` of them.
pub(crate) async fn open_of(
    store: &Store,
    employer: EmployerId,
    limit: u32,
) -> Result<usize, StoreError> {
    let rows: Vec<Uuid> = roster::Entity::find()
        .select_only()
        .column(roster::Column::RosterId)
        .filter(roster::Column::EmployerId.eq(employer.uuid()))
        .filter(roster::Column::EndedUs.is_null())
        .limit(u64::from(limit))
        .into_tuple()
        .all(store.read())
        .await?;
    Ok(rows.len())
}

/// A page of the rosters of an enterprise, newest first.
pub(crate) async fn own(
    store: &Store,
    employer: EmployerId,
    page: &PageQuery,
) -> Result<Page<roster::Model>, AppError> {
    let mut condition = Condition::all().add(roster::Column::EmployerId.eq(employer.uuid()));
    if let Some((created, id)) = page.position::<(i64, Uuid)>()? {
        let same = Condition::all()
            .add(roster::Column::CreatedUs.eq(created))
            .add(roster::Column::RosterId.lt(id));
        let earlier = Condition::any()
            .add(roster::Column::CreatedUs.lt(created))
            .add(same);
        condition = condition.add(earlier);
    }
    let rows = roster::Entity::find()
        .filter(condition)
        .order_by_desc(roster::Column::CreatedUs)
        .order_by_desc(roster::Column::RosterId)
        .limit(u64::from(page.rows()) + 1)
        .all(store.read())
        .await
        .map_err(StoreError::from)?;
    Ok(Page::cut(rows, page.rows(), |row| {
        (row.created_us, row.roster_id)
    }))
}

/// The parts of the uploaded file in their order.
pub(crate) async fn parts_of(
    store: &Store,
    of: &roster::Model,
) -> Result<Vec<file_part::Model>, StoreError> {
    Ok(file_part::Entity::find()
        .filter(file_part::Column::Bureau.eq(&of.bureau))
        .filter(file_part::Column::RosterId.eq(of.roster_id))
        .order_by_asc(file_part::Column::Part)
        .all(store.read())
        .await?)
}

/// The first rows in one of these states behind a row, in their order.
pub(crate) async fn rows_in(
    store: &Store,
    of: &roster::Model,
    states: &[&str],
    after: i32,
    limit: u32,
) -> Result<Vec<row::Model>, StoreError> {
    let mut rows = Vec::new();
    // Each state is asked for apart, in the order of its index.
    for state in states {
        let found = row::Entity::find()
            .filter(row::Column::Bureau.eq(&of.bureau))
            .filter(row::Column::RosterId.eq(of.roster_id))
            .filter(row::Column::State.eq(*state))
            .filter(row::Column::RowNo.gt(after))
            .order_by_asc(row::Column::RowNo)
            .limit(u64::from(limit))
            .all(store.read())
            .await?;
        rows.extend(found);
    }
    rows.sort_unstable_by_key(|row| row.row_no);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(rows)
}

/// The numbers of the first rows of a roster, whatever is left of it.
pub(crate) async fn row_numbers(
    store: &Store,
    bureau: DivisionCode,
    id: RosterId,
    limit: u32,
) -> Result<Vec<i32>, StoreError> {
    Ok(row::Entity::find()
        .select_only()
        .column(row::Column::RowNo)
        .filter(row::Column::Bureau.eq(bureau.to_string()))
        .filter(row::Column::RosterId.eq(id.uuid()))
        .order_by_asc(row::Column::RowNo)
        .limit(u64::from(limit))
        .into_tuple()
        .all(store.read())
        .await?)
}
