//! How our own types stand in the API document.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type},
    },
};

use crate::{division::DivisionCode, item::ItemCode, time::Timestamp};

/// A text of this pattern.
pub(crate) fn pattern(pattern: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(pattern))
        .into()
}

impl PartialSchema for Timestamp {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .into()
    }
}
impl ToSchema for Timestamp {}

impl PartialSchema for DivisionCode {
    fn schema() -> RefOr<Schema> {
        pattern("^[0-9]{6}$")
    }
}
impl ToSchema for DivisionCode {}

impl PartialSchema for ItemCode {
    fn schema() -> RefOr<Schema> {
        pattern("^[A-Z]{2}-[0-9]{3}$")
    }
}
impl ToSchema for ItemCode {}

impl PartialSchema for crate::OrgPath {
    fn schema() -> RefOr<Schema> {
        pattern("^[a-z0-9-]+(/[a-z0-9-]+)*$")
    }
}
impl ToSchema for crate::OrgPath {}
