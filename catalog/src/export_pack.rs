//! The pack as it is in force, as files.

use kernel::{AppError, item::ItemEdition};

use crate::{
    Catalog,
    pack::{Files, Pack, export::export},
};

/// What is in force now, laid over the files of a pack: its items in their editions of today, those
/// that have ended left out, and the sheets. Agency, people, templates and examples are the folder's.
///
/// # Errors
/// Broken when something that was published cannot be written.
pub async fn export_pack(catalog: &Catalog, folder: (&Files, &Pack)) -> Result<Files, AppError> {
    catalog.refresh().await?;
    let (shelf, today) = (catalog.shelf(), catalog.today());
    let items = shelf.0.values().filter_map(|item| item.on_or_soon(today));
    let items: Vec<&ItemEdition> = items.map(|one| one.edition.as_ref()).collect();
    Ok(export(folder, &items, &catalog.sheets())?)
}
