//! The tables `register_*`.

use kernel::{AppError, CreditCode};
use sea_orm::{QueryOrder as _, QuerySelect as _, entity::prelude::*};
use store::{Row, Store, key};

pub(crate) mod register_key {
    use sea_orm::entity::prelude::*;

    /// The wrapped data key of the registers; slot 1.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "register_key")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub slot: i32,
        pub key_id: Uuid,
        pub wrapped: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod person {
    use sea_orm::entity::prelude::*;

    /// A person.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "register_person")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub number_hash: Vec<u8>,
        /// The look-up key of the hash.
        pub hash_key: i32,
        /// Place in the order of loading.
        pub ordinal: i64,
        pub situation: String,
        /// Of the record as it was loaded: what came back from cases is not undone by loading it
        /// again.
        pub loaded_hash: Vec<u8>,
        pub sealed: Vec<u8>,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod enterprise {
    use sea_orm::entity::prelude::*;

    /// An enterprise.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "register_enterprise")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        pub ordinal: i64,
        pub situation: String,
        /// Of the record as it was loaded.
        pub loaded_digest: String,
        #[sea_orm(column_type = "Text")]
        pub facts: String,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl Row for register_key::Model {
    const RANK: u16 = 320;
}

impl Row for person::Model {
    const RANK: u16 = 321;
}

impl Row for enterprise::Model {
    const RANK: u16 = 322;
}

/// Values in one `IN (…)`: below the parameter limits of both databases.
const IN_MAX: usize = 500;

fn broken(fault: DbErr) -> AppError {
    ::store::StoreError::from(fault).into()
}

/// The wrapped data key, if one was made.
pub(crate) async fn key(store: &Store) -> Result<Option<register_key::Model>, AppError> {
    let query = register_key::Entity::find_by_id(1);
    query.one(store.read()).await.map_err(broken)
}

/// Rows of the persons with these hashes.
pub(crate) async fn persons(
    store: &Store,
    hashes: &[Vec<u8>],
) -> Result<Vec<person::Model>, AppError> {
    let keys = hashes.iter().map(|hash| key!(hash.clone()));
    Ok(store.find_each(keys).await?)
}

/// Hash of the number and of the loaded content, of the persons with these hashes.
pub(crate) async fn loaded_persons(
    store: &Store,
    hashes: &[Vec<u8>],
) -> Result<Vec<(Vec<u8>, Vec<u8>)>, AppError> {
    let mut rows = Vec::new();
    for part in hashes.chunks(IN_MAX) {
        let query = person::Entity::find()
            .select_only()
            .column(person::Column::NumberHash)
            .column(person::Column::LoadedHash)
            .filter(person::Column::NumberHash.is_in(part.iter().cloned()))
            .into_tuple();
        rows.extend(query.all(store.read()).await.map_err(broken)?);
    }
    Ok(rows)
}

/// Rows of the enterprises with these codes.
pub(crate) async fn enterprises(
    store: &Store,
    codes: &[String],
) -> Result<Vec<enterprise::Model>, AppError> {
    let mut rows = Vec::new();
    for part in codes.chunks(IN_MAX) {
        let query = enterprise::Entity::find();
        let query = query.filter(enterprise::Column::Code.is_in(part.iter().cloned()));
        rows.extend(query.all(store.read()).await.map_err(broken)?);
    }
    Ok(rows)
}

/// Persons in a situation, in the order of loading.
pub(crate) async fn persons_in(
    store: &Store,
    situation: &str,
    limit: u64,
    offset: u64,
) -> Result<Vec<person::Model>, AppError> {
    person::Entity::find()
        .filter(person::Column::Situation.eq(situation))
        .order_by_asc(person::Column::Ordinal)
        .order_by_asc(person::Column::NumberHash)
        .limit(limit)
        .offset(offset)
        .all(store.read())
        .await
        .map_err(broken)
}

/// Enterprises in a situation, in the order of loading.
pub(crate) async fn enterprises_in(
    store: &Store,
    situation: &str,
    limit: u64,
    offset: u64,
) -> Result<Vec<CreditCode>, AppError> {
    let rows = enterprise::Entity::find()
        .filter(enterprise::Column::Situation.eq(situation))
        .order_by_asc(enterprise::Column::Ordinal)
        .order_by_asc(enterprise::Column::Code)
        .limit(limit)
        .offset(offset)
        .all(store.read())
        .await
        .map_err(broken)?;
    Ok(rows
        .iter()
        .filter_map(|row| row.code.parse().ok())
        .collect())
}
