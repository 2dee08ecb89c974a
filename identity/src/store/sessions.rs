//! Sessions and the throttle.

use kernel::{
    Timestamp,
    ids::{Id as _, PersonId, SessionId, StaffId},
};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use store::{Store, StoreError};

use super::rows::{session, throttle};

pub(crate) async fn by_token(
    store: &Store,
    hash: &[u8],
) -> Result<Option<session::Model>, StoreError> {
    Ok(session::Entity::find_by_id(hash.to_vec())
        .one(store.read())
        .await?)
}

pub(crate) async fn by_id(
    store: &Store,
    id: SessionId,
) -> Result<Option<session::Model>, StoreError> {
    Ok(session::Entity::find()
        .filter(session::Column::SessionId.eq(id.uuid()))
        .one(store.read())
        .await?)
}

/// The sessions of a citizen, newest first.
pub(crate) async fn of_person(
    store: &Store,
    person: PersonId,
) -> Result<Vec<session::Model>, StoreError> {
    Ok(session::Entity::find()
        .filter(session::Column::PersonId.eq(person.uuid()))
        .order_by_desc(session::Column::StartedUs)
        .all(store.read())
        .await?)
}

/// The sessions of a staff member, newest first.
pub(crate) async fn of_staff(
    store: &Store,
    staff: StaffId,
) -> Result<Vec<session::Model>, StoreError> {
    Ok(session::Entity::find()
        .filter(session::Column::StaffId.eq(staff.uuid()))
        .order_by_desc(session::Column::StartedUs)
        .all(store.read())
        .await?)
}

/// Sessions that began before a moment, the oldest first, at most `limit`.
pub(crate) async fn started_before(
    store: &Store,
    moment: Timestamp,
    limit: u64,
) -> Result<Vec<session::Model>, StoreError> {
    Ok(session::Entity::find()
        .filter(session::Column::StartedUs.lt(moment.as_micros()))
        .order_by_asc(session::Column::StartedUs)
        .limit(limit)
        .all(store.read())
        .await?)
}

pub(crate) async fn throttle_of(
    store: &Store,
    subject: &[u8],
) -> Result<Option<throttle::Model>, StoreError> {
    Ok(throttle::Entity::find_by_id(subject.to_vec())
        .one(store.read())
        .await?)
}

/// Failures counted since before a moment, the oldest first, at most `limit`.
pub(crate) async fn counted_before(
    store: &Store,
    moment: Timestamp,
    limit: u64,
) -> Result<Vec<throttle::Model>, StoreError> {
    Ok(throttle::Entity::find()
        .filter(throttle::Column::SinceUs.lte(moment.as_micros()))
        .order_by_asc(throttle::Column::SinceUs)
        .limit(limit)
        .all(store.read())
        .await?)
}
