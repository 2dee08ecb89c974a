//! Contents of files that no case refers to: their rows never came, or are gone.

use std::collections::BTreeMap;

use kernel::{
    AppError, DivisionCode,
    ids::{CaseId, Id as _, MaterialId},
};
use store::{Key, Store, key};

use crate::{
    content::parts_of,
    store::{material, upload},
};

/// How many of these names in the object store belong to no file of a case, there or on its way. A
/// name that is not ours belongs to none.
///
/// # Errors
/// When the database does not answer.
pub async fn files_without_case(store: &Store, names: Vec<String>) -> Result<u64, AppError> {
    let ours: Vec<(Key, Option<&str>)> = names.iter().filter_map(|name| key_of(name)).collect();
    let mut keys: Vec<Key> = ours.iter().map(|(key, _)| key.clone()).collect();
    keys.sort();
    keys.dedup();
    // What the rows refer to: a whole content is `None`.
    let mut referred: BTreeMap<Key, Vec<Option<String>>> = BTreeMap::new();
    for row in store.find_each::<material::Model>(keys.clone()).await? {
        let parts = row.parts.as_deref();
        let names = parts.map_or_else(|| Ok(vec![None]), named)?;
        referred.insert(key!(row.bureau, row.case_id, row.material_id), names);
    }
    for row in store.find_each::<upload::Model>(keys).await? {
        let names = named(&row.parts)?;
        referred.insert(key!(row.bureau, row.case_id, row.upload_id), names);
    }
    let known = ours.iter().filter(|(key, part)| {
        let names = referred.get(key).into_iter().flatten();
        names.into_iter().any(|name| name.as_deref() == *part)
    });
    Ok(u64::try_from(names.len() - known.count()).unwrap_or(u64::MAX))
}

fn named(parts: &str) -> Result<Vec<Option<String>>, AppError> {
    let parts = parts_of(parts)?.into_iter();
    Ok(parts.map(|part| Some(part.name)).collect())
}

/// The row of a name and the part of its content, as `content::Owner` writes them.
fn key_of(name: &str) -> Option<(Key, Option<&str>)> {
    let mut parts = name.split('/');
    let bureau: DivisionCode = parts.next()?.parse().ok()?;
    let case: CaseId = parts.next()?.parse().ok()?;
    let material: MaterialId = parts.next()?.parse().ok()?;
    let part = parts.next();
    let key = key!(bureau, case.uuid(), material.uuid());
    parts.next().is_none().then_some((key, part))
}
