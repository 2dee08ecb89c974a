//! People and enterprises.

use kernel::ids::{EmployerId, Id as _, PersonId};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use seal::LookUpHash;
use store::{Store, StoreError, key};

use super::rows::{account, agent, consent, employer, employer_code, lookup, person, person_key};

/// The person who has a value with one of these look-up hashes.
pub(crate) async fn find_person(
    store: &Store,
    field: &str,
    hashes: &[LookUpHash],
) -> Result<Option<PersonId>, StoreError> {
    let found = lookup::Entity::find()
        .filter(lookup::Column::Hash.is_in(hashes.iter().map(|hash| hash.hash.to_vec())))
        .filter(lookup::Column::Field.eq(field))
        .one(store.read())
        .await?;
    Ok(found.map(|row| PersonId::from_uuid(row.person_id)))
}

pub(crate) async fn persons(
    store: &Store,
    ids: &[PersonId],
) -> Result<Vec<person::Model>, StoreError> {
    store.find_each(ids.iter().map(|id| key!(id.uuid()))).await
}

pub(crate) async fn keys_of(
    store: &Store,
    ids: &[PersonId],
) -> Result<Vec<person_key::Model>, StoreError> {
    store.find_each(ids.iter().map(|id| key!(id.uuid()))).await
}

/// The consents of one kind.
pub(crate) async fn consents_of(
    store: &Store,
    kind: &str,
    ids: &[PersonId],
) -> Result<Vec<consent::Model>, StoreError> {
    let keys = ids.iter().map(|id| key!(id.uuid(), kind));
    store.find_each(keys).await
}

pub(crate) async fn account_of(
    store: &Store,
    person: PersonId,
) -> Result<Option<account::Model>, StoreError> {
    Ok(account::Entity::find_by_id(person.uuid())
        .one(store.read())
        .await?)
}

pub(crate) async fn employers(
    store: &Store,
    ids: &[EmployerId],
) -> Result<Vec<employer::Model>, StoreError> {
    Ok(employer::Entity::find()
        .filter(employer::Column::EmployerId.is_in(ids.iter().map(|id| id.uuid())))
        .all(store.read())
        .await?)
}

pub(crate) async fn employer_by_code(
    store: &Store,
    credit_code: &str,
) -> Result<Option<EmployerId>, StoreError> {
    let found = employer_code::Entity::find_by_id(credit_code.to_owned())
        .one(store.read())
        .await?;
    Ok(found.map(|row| EmployerId::from_uuid(row.employer_id)))
}

pub(crate) async fn is_agent(
    store: &Store,
    employer: EmployerId,
    person: PersonId,
) -> Result<bool, StoreError> {
    Ok(agent::Entity::find_by_id((employer.uuid(), person.uuid()))
        .one(store.read())
        .await?
        .is_some())
}

/// The agents of an enterprise, the longest serving first.
pub(crate) async fn agents_of(
    store: &Store,
    employer: EmployerId,
) -> Result<Vec<agent::Model>, StoreError> {
    Ok(agent::Entity::find()
        .filter(agent::Column::EmployerId.eq(employer.uuid()))
        .order_by_asc(agent::Column::SinceUs)
        .order_by_asc(agent::Column::PersonId)
        .all(store.read())
        .await?)
}

/// The agents of these enterprises.
pub(crate) async fn agents_of_all(
    store: &Store,
    employers: &[EmployerId],
) -> Result<Vec<agent::Model>, StoreError> {
    if employers.is_empty() {
        return Ok(Vec::new());
    }
    Ok(agent::Entity::find()
        .filter(agent::Column::EmployerId.is_in(employers.iter().map(|id| id.uuid())))
        .all(store.read())
        .await?)
}

/// The enterprises a person may act for.
pub(crate) async fn roles_of(
    store: &Store,
    person: PersonId,
) -> Result<Vec<employer::Model>, StoreError> {
    let roles = agent::Entity::find()
        .filter(agent::Column::PersonId.eq(person.uuid()))
        .all(store.read())
        .await?;
    let ids: Vec<EmployerId> = roles
        .iter()
        .map(|role| EmployerId::from_uuid(role.employer_id))
        .collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = employers(store, &ids).await?;
    rows.sort_by(|one, other| one.credit_code.cmp(&other.credit_code));
    Ok(rows)
}
