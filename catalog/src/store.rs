//! The tables `catalog_*`: reference tables, small, the same on every node.

use std::{collections::BTreeMap, sync::Arc};

use calendar::Calendar;
use kernel::{
    Code, codes,
    item::{ItemCode, ItemEdition},
};
use sea_orm::{QueryOrder as _, entity::prelude::*};
use serde::de::DeserializeOwned;
use store::{Row, Store, StoreError};

use crate::shelf::{Published, Shelf, Shelved};

pub(crate) mod item {
    use sea_orm::entity::prelude::*;

    /// An item and its newest edition.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "catalog_item")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        pub edition: i32,
        pub digest: String,
        pub open: bool,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod edition {
    use sea_orm::entity::prelude::*;

    /// One edition; never changed.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "catalog_edition")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub edition: i32,
        pub digest: String,
        pub effective: String,
        #[sea_orm(column_type = "Text")]
        pub facts: String,
        #[sea_orm(column_type = "Text")]
        pub form: String,
        #[sea_orm(column_type = "Text")]
        pub rules: String,
        #[sea_orm(column_type = "Text")]
        pub flow: String,
        pub published_us: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod notices {
    use sea_orm::entity::prelude::*;

    /// One edition of the calendar; never changed.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "catalog_calendar")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub edition: i32,
        pub digest: String,
        #[sea_orm(column_type = "Text")]
        pub holidays: String,
        pub loaded_us: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl Row for item::Model {
    const RANK: u16 = 310;
    const TAKEN: &'static Code = &codes::E1010;
}

impl Row for edition::Model {
    const RANK: u16 = 311;
    const TAKEN: &'static Code = &codes::E1010;
}

impl Row for notices::Model {
    const RANK: u16 = 312;
    const TAKEN: &'static Code = &codes::E1010;
}

/// All items without their content.
pub(crate) async fn heads(store: &Store) -> Result<Vec<item::Model>, StoreError> {
    Ok(item::Entity::find()
        .order_by_asc(item::Column::Code)
        .all(store.read())
        .await?)
}

/// All items with all editions.
pub(crate) async fn shelf(store: &Store, heads: Vec<item::Model>) -> Result<Shelf, StoreError> {
    let mut items = BTreeMap::new();
    for head in heads {
        let code: ItemCode = head.code.parse().map_err(|fault| StoreError::BadRow {
            table: "catalog_item",
            key: head.code.clone(),
            fault: format!("code: {fault}"),
        })?;
        items.insert(
            code,
            Shelved {
                open: head.open,
                version: head.version,
                editions: BTreeMap::new(),
            },
        );
    }
    for row in edition::Entity::find().all(store.read()).await? {
        let published = published(row)?;
        if let Some(item) = items.get_mut(&published.edition.facts.code) {
            let number = published.edition.edition;
            item.editions.insert(number, Arc::new(published));
        }
    }
    Ok(Shelf(items))
}

fn json<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|fault| fault.to_string())
}

fn published(row: edition::Model) -> Result<Published, StoreError> {
    let bad = |column: &str, fault: String| StoreError::BadRow {
        table: "catalog_edition",
        key: format!("{}/{}", row.code, row.edition),
        fault: format!("{column}: {fault}"),
    };
    let facts = json(&row.facts).map_err(|fault| bad("facts", fault))?;
    let document: Json = json(&row.form).map_err(|fault| bad("form", fault))?;
    let form = forms::Form::load(&document).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        bad("form", faults.join("; "))
    })?;
    let effective =
        row.effective
            .parse()
            .map_err(|fault: <kernel::Date as std::str::FromStr>::Err| {
                bad("effective", fault.to_string())
            })?;
    Ok(Published {
        form_view: form.view().clone(),
        edition: Arc::new(ItemEdition {
            facts,
            edition: row.edition,
            digest: row.digest,
            effective,
            form: document,
            flow: row.flow.into(),
            rules: row.rules.into(),
        }),
    })
}

/// The newest notices.
pub(crate) async fn newest_notices(store: &Store) -> Result<Option<notices::Model>, StoreError> {
    Ok(notices::Entity::find()
        .order_by_desc(notices::Column::Edition)
        .one(store.read())
        .await?)
}

/// The newest calendar, if it is newer than an edition.
pub(crate) async fn calendar_after(
    store: &Store,
    edition: i32,
) -> Result<Option<Calendar>, StoreError> {
    let Some(row) = newest_notices(store).await? else {
        return Ok(None);
    };
    if row.edition <= edition {
        return Ok(None);
    }
    match Calendar::read(row.edition, &row.holidays) {
        Ok(calendar) => Ok(Some(calendar)),
        Err(faults) => Err(StoreError::BadRow {
            table: "catalog_calendar",
            key: row.edition.to_string(),
            fault: faults.to_string(),
        }),
    }
}
