//! Staff, organisations, posts, absences.

use kernel::{
    Date, DivisionCode, OrgPath,
    ids::{AbsenceId, Id as _, StaffId},
};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select,
};
use store::{Store, StoreError};
use uuid::Uuid;

use super::rows::{absence, organisation, post, post_permission, staff, staff_account, staff_post};

pub(crate) async fn organisations(store: &Store) -> Result<Vec<organisation::Model>, StoreError> {
    Ok(organisation::Entity::find()
        .order_by_asc(organisation::Column::Path)
        .all(store.read())
        .await?)
}

pub(crate) async fn posts(store: &Store) -> Result<Vec<post::Model>, StoreError> {
    Ok(post::Entity::find()
        .order_by_asc(post::Column::Place)
        .all(store.read())
        .await?)
}

pub(crate) async fn permissions(store: &Store) -> Result<Vec<post_permission::Model>, StoreError> {
    Ok(post_permission::Entity::find().all(store.read()).await?)
}

pub(crate) async fn account_by_name(
    store: &Store,
    account: &str,
) -> Result<Option<staff_account::Model>, StoreError> {
    Ok(staff_account::Entity::find_by_id(account.to_owned())
        .one(store.read())
        .await?)
}

/// A staff member by his id alone; the caller checks that he lies in his scope.
pub(crate) async fn staff_by_id(
    store: &Store,
    id: StaffId,
) -> Result<Option<staff::Model>, StoreError> {
    Ok(staff::Entity::find()
        .filter(staff::Column::StaffId.eq(id.uuid()))
        .one(store.read())
        .await?)
}

pub(crate) async fn staff_of_ids(
    store: &Store,
    bureau: DivisionCode,
    ids: &[Uuid],
) -> Result<Vec<staff::Model>, StoreError> {
    Ok(staff::Entity::find()
        .filter(staff::Column::Bureau.eq(bureau.to_string()))
        .filter(staff::Column::StaffId.is_in(ids.iter().copied()))
        .all(store.read())
        .await?)
}

/// Staff of any agency, for lists that go across agencies.
pub(crate) async fn staff_by_ids(
    store: &Store,
    ids: &[Uuid],
) -> Result<Vec<staff::Model>, StoreError> {
    Ok(staff::Entity::find()
        .filter(staff::Column::StaffId.is_in(ids.iter().copied()))
        .all(store.read())
        .await?)
}

/// Everybody active in an agency.
pub(crate) async fn roster(
    store: &Store,
    bureau: DivisionCode,
) -> Result<Vec<staff::Model>, StoreError> {
    Ok(staff::Entity::find()
        .filter(staff::Column::Bureau.eq(bureau.to_string()))
        .filter(staff::Column::Active.eq(true))
        .order_by_asc(staff::Column::Account)
        .all(store.read())
        .await?)
}

/// Staff in and below these organisations by account, after one, at most `limit`.
pub(crate) async fn listed(
    store: &Store,
    orgs: &[OrgPath],
    after: Option<String>,
    limit: u64,
) -> Result<Vec<staff::Model>, StoreError> {
    let mut select = staff::Entity::find().filter(inside(orgs));
    if let Some(account) = after {
        select = select.filter(staff::Column::Account.gt(account));
    }
    Ok(select
        .order_by_asc(staff::Column::Account)
        .limit(limit)
        .all(store.read())
        .await?)
}

/// A path holds lower-case letters, digits, dashes and slashes only: nothing that `LIKE` minds.
fn inside(orgs: &[OrgPath]) -> Condition {
    let mut any = Condition::any();
    for org in orgs {
        any = any
            .add(staff::Column::Org.eq(org.as_str()))
            .add(staff::Column::Org.like(format!("{org}/%")));
    }
    any
}

/// The posts of these staff of an agency, by post and organisation.
pub(crate) async fn posts_of(
    store: &Store,
    bureau: DivisionCode,
    ids: &[Uuid],
) -> Result<Vec<staff_post::Model>, StoreError> {
    let mut posts = held_posts(bureau, ids).all(store.read()).await?;
    posts.sort_unstable_by(|one, other| (&one.post, &one.org).cmp(&(&other.post, &other.org)));
    Ok(posts)
}

/// Without an order: for its sake `SQLite` would read all posts of the agency.
fn held_posts(bureau: DivisionCode, ids: &[Uuid]) -> Select<staff_post::Entity> {
    staff_post::Entity::find()
        .filter(staff_post::Column::Bureau.eq(bureau.to_string()))
        .filter(staff_post::Column::StaffId.is_in(ids.iter().copied()))
}

/// The absences of a day in which one of these staff is deputy, in the order of registration.
pub(crate) async fn covering(
    store: &Store,
    bureau: DivisionCode,
    deputies: &[Uuid],
    day: Date,
) -> Result<Vec<absence::Model>, StoreError> {
    Ok(absence::Entity::find()
        .filter(absence::Column::Bureau.eq(bureau.to_string()))
        .filter(absence::Column::DeputyId.is_in(deputies.iter().copied()))
        .filter(on(day))
        .order_by_asc(absence::Column::AbsenceId)
        .all(store.read())
        .await?)
}

/// The absences in which a staff member is deputy and that meet a period.
pub(crate) async fn covers_of(
    store: &Store,
    bureau: DivisionCode,
    deputy: StaffId,
    (from, to): (Date, Date),
) -> Result<Vec<absence::Model>, StoreError> {
    Ok(absence::Entity::find()
        .filter(absence::Column::Bureau.eq(bureau.to_string()))
        .filter(absence::Column::DeputyId.eq(deputy.uuid()))
        .filter(absence::Column::ToDay.gte(from.to_string()))
        .filter(absence::Column::FromDay.lte(to.to_string()))
        .all(store.read())
        .await?)
}

/// The absences of a day of these staff of an agency.
pub(crate) async fn today_absent(
    store: &Store,
    bureau: DivisionCode,
    ids: &[Uuid],
    day: Date,
) -> Result<Vec<absence::Model>, StoreError> {
    Ok(absent(bureau, ids, day).all(store.read()).await?)
}

fn absent(bureau: DivisionCode, ids: &[Uuid], day: Date) -> Select<absence::Entity> {
    absence::Entity::find()
        .filter(absence::Column::Bureau.eq(bureau.to_string()))
        .filter(absence::Column::StaffId.is_in(ids.iter().copied()))
        .filter(on(day))
}

fn on(day: Date) -> Condition {
    let day = day.to_string();
    Condition::all()
        .add(absence::Column::FromDay.lte(day.clone()))
        .add(absence::Column::ToDay.gte(day))
}

/// All absences of one staff member that have not ended before a day.
pub(crate) async fn absences_of(
    store: &Store,
    bureau: DivisionCode,
    id: StaffId,
    day: Date,
) -> Result<Vec<absence::Model>, StoreError> {
    Ok(absence::Entity::find()
        .filter(absence::Column::Bureau.eq(bureau.to_string()))
        .filter(absence::Column::StaffId.eq(id.uuid()))
        .filter(absence::Column::ToDay.gte(day.to_string()))
        .all(store.read())
        .await?)
}

/// The absences in these agencies that end on a day or later, by their first day, after a
/// position, at most `limit`.
pub(crate) async fn absences_from(
    store: &Store,
    bureaus: &[DivisionCode],
    day: Date,
    after: Option<(String, Uuid)>,
    limit: u64,
) -> Result<Vec<absence::Model>, StoreError> {
    let bureaus = bureaus.iter().map(ToString::to_string);
    let mut select = absence::Entity::find()
        .filter(absence::Column::Bureau.is_in(bureaus))
        .filter(absence::Column::ToDay.gte(day.to_string()));
    if let Some((from, id)) = after {
        let later = Condition::any()
            .add(absence::Column::FromDay.gt(from.clone()))
            .add(
                Condition::all()
                    .add(absence::Column::FromDay.eq(from))
                    .add(absence::Column::AbsenceId.gt(id)),
            );
        select = select.filter(later);
    }
    Ok(select
        .order_by_asc(absence::Column::FromDay)
        .order_by_asc(absence::Column::AbsenceId)
        .limit(limit)
        .all(store.read())
        .await?)
}

pub(crate) async fn absence_by_id(
    store: &Store,
    id: AbsenceId,
) -> Result<Option<absence::Model>, StoreError> {
    Ok(absence::Entity::find()
        .filter(absence::Column::AbsenceId.eq(id.uuid()))
        .one(store.read())
        .await?)
}

#[cfg(test)]
mod tests {
    use testkit::{MONDAY, on_both, plan_of};

    use super::*;

    on_both! {
        async fn what_each_request_of_staff_asks_is_found_by_a_key(database) {
            let store = database.open().await;
            let bureau = "180100".parse().unwrap();
            let ids = [Uuid::from_u128(1), Uuid::from_u128(2)];
            for plan in [
                plan_of(&store, &held_posts(bureau, &ids)).await,
                plan_of(&store, &absent(bureau, &ids, MONDAY.day())).await,
            ]
            .into_iter()
            .flatten()
            {
                assert!(plan.contains("(bureau=? AND staff_id=?"), "{plan}");
            }
        }
    }
}
