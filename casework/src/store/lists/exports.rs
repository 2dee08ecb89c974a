//! Lists that left the house.

use kernel::{AppError, DivisionCode};
use sea_orm::{Condition, QueryOrder as _, QuerySelect as _, entity::prelude::*};
use store::{
    Store, StoreError,
    page::{Page, PageQuery},
};
use uuid::Uuid;

use super::super::export::{Column, Entity, Model};

/// A page of the exports of an agency, newest first.
pub(crate) async fn exports_of(
    store: &Store,
    bureau: DivisionCode,
    page: &PageQuery,
) -> Result<Page<Model>, AppError> {
    let mut select = Entity::find().filter(Column::Bureau.eq(bureau.to_string()));
    if let Some((at, id)) = page.position::<(i64, Uuid)>()? {
        let here = Condition::all()
            .add(Column::AtUs.eq(at))
            .add(Column::ExportId.lt(id));
        select = select
            .filter(Column::AtUs.lte(at))
            .filter(Condition::any().add(Column::AtUs.lt(at)).add(here));
    }
    let rows = select
        .order_by_desc(Column::AtUs)
        .order_by_desc(Column::ExportId)
        .limit(u64::from(page.rows()) + 1)
        .all(store.read())
        .await
        .map_err(StoreError::from)?;
    Ok(Page::cut(rows, page.rows(), |row| {
        (row.at_us, row.export_id)
    }))
}
