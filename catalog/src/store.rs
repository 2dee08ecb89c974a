//! The tables `catalog_*`: reference tables, small, the same on every node.

use std::{collections::BTreeMap, sync::Arc};

use calendar::Calendar;
use kernel::{
    Code, codes,
    item::{ItemCode, ItemEdition},
};
use sea_orm::{QueryOrder as _, QuerySelect as _, entity::prelude::*};
use serde::de::DeserializeOwned;
use store::{Row, Store, StoreError};

use crate::{
    sheets::{Sheet, Sheets},
    shelf::{Published, Shelf, Shelved},
    standing::{EditionState, Standing},
};

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
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod standing {
    use sea_orm::entity::prelude::*;

    /// Where an edition stands.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "catalog_standing")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub edition: i32,
        pub state: String,
        pub effective: Option<String>,
        pub until_day: Option<String>,
        pub reason: String,
        pub moved_by: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod act {
    use sea_orm::entity::prelude::*;

    /// What was done with an edition; never changed.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "catalog_act")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub edition: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub act: String,
        /// The name of who did it; empty for the program.
        pub by_name: String,
        pub day: Option<String>,
        pub reason: String,
        pub at_us: i64,
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
        #[sea_orm(column_type = "Text")]
        pub facts: String,
        #[sea_orm(column_type = "Text")]
        pub form: String,
        #[sea_orm(column_type = "Text")]
        pub rules: String,
        #[sea_orm(column_type = "Text")]
        pub flow: String,
        #[sea_orm(column_type = "Text")]
        pub calculators: String,
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

pub(crate) mod sheet {
    use sea_orm::entity::prelude::*;

    /// One sheet, in the words that count now.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "catalog_sheet")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub digest: String,
        #[sea_orm(column_type = "Text")]
        pub content: String,
        pub open: bool,
        pub loaded_us: i64,
        pub version: i64,
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

impl Row for sheet::Model {
    const RANK: u16 = 313;
    const TAKEN: &'static Code = &codes::E1010;
}

impl Row for standing::Model {
    const RANK: u16 = 314;
    const TAKEN: &'static Code = &codes::E1010;
}

impl Row for act::Model {
    const RANK: u16 = 315;
    const TAKEN: &'static Code = &codes::E1010;
}

impl standing::Model {
    /// The row of a standing.
    pub(crate) fn of(code: &ItemCode, edition: i32, standing: &Standing) -> Self {
        Self {
            code: code.to_string(),
            edition,
            state: standing.state.as_str().to_owned(),
            effective: standing.effective.map(|day| day.to_string()),
            until_day: standing.until.map(|day| day.to_string()),
            reason: standing.reason.clone(),
            moved_by: serde_json::to_string(&standing.moved_by).unwrap_or_default(),
        }
    }

    fn read(self) -> Result<Standing, StoreError> {
        let bad = |column: &str, fault: String| StoreError::BadRow {
            table: "catalog_standing",
            key: format!("{}/{}", self.code, self.edition),
            fault: format!("{column}: {fault}"),
        };
        let day = |column: &str, text: &Option<String>| {
            let day = text.as_ref().map(|text| text.parse::<kernel::Date>());
            day.transpose()
                .map_err(|fault| bad(column, fault.to_string()))
        };
        Ok(Standing {
            state: EditionState::parse(&self.state)
                .ok_or_else(|| bad("state", self.state.clone()))?,
            effective: day("effective", &self.effective)?,
            until: day("until_day", &self.until_day)?,
            moved_by: json(&self.moved_by).map_err(|fault| bad("moved_by", fault))?,
            reason: self.reason,
        })
    }
}

/// All items without their content.
pub(crate) async fn heads(store: &Store) -> Result<Vec<item::Model>, StoreError> {
    Ok(item::Entity::find()
        .order_by_asc(item::Column::Code)
        .all(store.read())
        .await?)
}

/// All items with all editions. What was known and has not changed since is taken from there.
pub(crate) async fn shelf(
    store: &Store,
    heads: Vec<item::Model>,
    known: &Shelf,
) -> Result<Shelf, StoreError> {
    let mut items = BTreeMap::new();
    let mut changed = BTreeMap::new();
    for head in heads {
        let code: ItemCode = head.code.parse().map_err(|fault| StoreError::BadRow {
            table: "catalog_item",
            key: head.code.clone(),
            fault: format!("code: {fault}"),
        })?;
        match known.0.get(&code) {
            Some(same) if same.version == head.version => {
                items.insert(code, Arc::clone(same));
            }
            _ => drop(changed.insert(code, head.version)),
        }
    }
    let codes: Vec<&str> = changed.keys().map(ItemCode::as_str).collect();
    let mut editions = editions(store, &codes).await?;
    for (code, version) in changed {
        let editions = editions.remove(&code).unwrap_or_default();
        items.insert(code, Arc::new(Shelved { version, editions }));
    }
    Ok(Shelf(items))
}

/// The editions of these items.
async fn editions(
    store: &Store,
    codes: &[&str],
) -> Result<BTreeMap<ItemCode, BTreeMap<i32, Arc<Published>>>, StoreError> {
    let mut standings = BTreeMap::new();
    let mut found: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    let codes = || codes.iter().copied();
    let rows = standing::Entity::find().filter(standing::Column::Code.is_in(codes()));
    for row in rows.all(store.read()).await? {
        standings.insert((row.code.clone(), row.edition), row.read()?);
    }
    let rows = edition::Entity::find().filter(edition::Column::Code.is_in(codes()));
    for row in rows.all(store.read()).await? {
        // An edition and where it stands are written together.
        if let Some(standing) = standings.remove(&(row.code.clone(), row.edition)) {
            let one = published(row, standing)?;
            let code = one.edition.facts.code.clone();
            let of = found.entry(code).or_default();
            of.insert(one.edition.edition, Arc::new(one));
        }
    }
    Ok(found)
}

/// The acts with the editions of an item, the first first.
pub(crate) async fn acts(store: &Store, code: &ItemCode) -> Result<Vec<act::Model>, StoreError> {
    Ok(act::Entity::find()
        .filter(act::Column::Code.eq(code.as_str()))
        .order_by_asc(act::Column::Edition)
        .order_by_asc(act::Column::Seq)
        .all(store.read())
        .await?)
}

/// Name and version of every sheet that is open.
pub(crate) async fn sheet_heads(store: &Store) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(sheet::Entity::find()
        .select_only()
        .columns([sheet::Column::Name, sheet::Column::Version])
        .filter(sheet::Column::Open.eq(true))
        .order_by_asc(sheet::Column::Name)
        .into_tuple()
        .all(store.read())
        .await?)
}

/// Every sheet that is open.
pub(crate) async fn sheets(store: &Store) -> Result<Sheets, StoreError> {
    let rows = sheet::Entity::find()
        .filter(sheet::Column::Open.eq(true))
        .all(store.read())
        .await?;
    let mut sheets = BTreeMap::new();
    for row in rows {
        let content = json(&row.content).map_err(|fault| StoreError::BadRow {
            table: "catalog_sheet",
            key: row.name.clone(),
            fault,
        })?;
        let sheet = Sheet {
            version: row.version,
            digest: row.digest,
            content,
        };
        sheets.insert(row.name, sheet);
    }
    Ok(Sheets(sheets))
}

fn json<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|fault| fault.to_string())
}

fn published(row: edition::Model, standing: Standing) -> Result<Published, StoreError> {
    let bad = |column: &str, fault: String| StoreError::BadRow {
        table: "catalog_edition",
        key: format!("{}/{}", row.code, row.edition),
        fault: format!("{column}: {fault}"),
    };
    let facts = json(&row.facts).map_err(|fault| bad("facts", fault))?;
    let calculators = json(&row.calculators).map_err(|fault| bad("calculators", fault))?;
    let document: Json = json(&row.form).map_err(|fault| bad("form", fault))?;
    let form = forms::Form::load(&document).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        bad("form", faults.join("; "))
    })?;
    Ok(Published {
        form_view: Arc::new(form.view().clone()),
        standing,
        edition: Arc::new(ItemEdition {
            facts,
            edition: row.edition,
            digest: row.digest,
            form: document,
            flow: row.flow.into(),
            rules: row.rules.into(),
            calculators,
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
