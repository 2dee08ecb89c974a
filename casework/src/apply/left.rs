//! Contents of files that no case refers to: their rows never came, or are gone.

use kernel::{
    AppError, DivisionCode,
    ids::{CaseId, Id as _, MaterialId},
};
use store::{Key, Store, key};

use crate::store::material;

/// How many of these names in the object store belong to no file of a case. A name that is not ours
/// belongs to none.
///
/// # Errors
/// When the database does not answer.
pub async fn files_without_case(store: &Store, names: Vec<String>) -> Result<u64, AppError> {
    let keys: Vec<Key> = names.iter().filter_map(|name| key_of(name)).collect();
    let known = store.find_each::<material::Model>(keys).await?.len();
    Ok(u64::try_from(names.len() - known).unwrap_or(u64::MAX))
}

/// The row of a name, as [`super::attach::path_of`] writes it.
fn key_of(name: &str) -> Option<Key> {
    let mut parts = name.split('/');
    let bureau: DivisionCode = parts.next()?.parse().ok()?;
    let case: CaseId = parts.next()?.parse().ok()?;
    let material: MaterialId = parts.next()?.parse().ok()?;
    parts
        .next()
        .is_none()
        .then(|| key!(bureau, case.uuid(), material.uuid()))
}
