//! Rows: SeaORM models that the executor loads, compares and writes.

use kernel::Code;
use sea_orm::{
    EntityName, EntityTrait, FromQueryResult, IdenStatic, Iterable, ModelTrait, PrimaryKeyToColumn,
};

use crate::{
    StoreError,
    key::{Key, part_of},
};

/// A row of a table that commands load and write.
///
/// Columns are text, 64- or 32-bit numbers, booleans, ids and bytes; nothing else, so that both
/// databases agree. The first primary-key column is the distribution column.
pub trait Row:
    ModelTrait<Entity: EntityTrait<Model = Self>> + FromQueryResult + PartialEq + Send + Sync + 'static
{
    /// Place in the order of locks: lower first; counters last.
    const RANK: u16;
    /// The refusal when a row that must be new exists already.
    const TAKEN: &'static Code = &kernel::codes::E1010;
    /// Columns the database fills (never written by us).
    const GENERATED: &'static [&'static str] = &[];
}

/// The name of the table.
pub(crate) fn table_name<M: Row>() -> &'static str {
    EntityName::table_name(&<M::Entity as Default>::default())
}

/// The primary key of a row.
pub(crate) fn key_of<M: Row>(row: &M) -> Result<Key, StoreError> {
    <M::Entity as EntityTrait>::PrimaryKey::iter()
        .map(|column| part_of(row.get(column.into_column())))
        .collect::<Option<Vec<_>>>()
        .map(Key)
        .ok_or_else(|| StoreError::BadRow {
            table: table_name::<M>(),
            key: "?".to_owned(),
            fault: "a key column is null or of a kind that keys do not have".to_owned(),
        })
}

/// The columns we write, in the order of the model.
pub(crate) fn written_columns<M: Row>() -> Vec<<M::Entity as EntityTrait>::Column> {
    <M::Entity as EntityTrait>::Column::iter()
        .filter(|column| !M::GENERATED.contains(&column.as_str()))
        .collect()
}

/// The primary-key columns, the distribution column first.
pub(crate) fn key_columns<M: Row>() -> Vec<<M::Entity as EntityTrait>::Column> {
    <M::Entity as EntityTrait>::PrimaryKey::iter()
        .map(PrimaryKeyToColumn::into_column)
        .collect()
}
