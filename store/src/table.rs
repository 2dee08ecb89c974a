//! The rows of one table inside a batch: loaded, changed in memory, flushed once.

use std::{
    any::Any,
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
};

use sea_orm::{
    ColumnTrait, ColumnType, DatabaseTransaction, EntityTrait, QueryFilter as _, QueryOrder as _,
    QueryTrait as _, Statement,
};

use crate::{
    StoreError,
    dialect::{self, Bulk, Kind, Known, Sought},
    key::Key,
    pool::Db,
    row::{Row, key_columns, key_of, table_name, written_columns},
    write::Write,
};

/// A row as it was and as it is now.
struct Slot<M> {
    stored: Option<M>,
    now: Option<M>,
    /// Rows with this key among the first so many that were appended are gone: a later command of
    /// the batch has removed them.
    gone_before: usize,
}

/// What a slot was before a change.
enum Before<M> {
    /// There was none.
    Nothing,
    /// It held this row, or the absence of one; and which appended ones were gone.
    Held(Option<M>, usize),
}

/// All rows of one type in a batch.
pub(crate) struct Table<M: Row> {
    wanted: BTreeSet<Key>,
    slots: BTreeMap<Key, Slot<M>>,
    /// Append-only rows; nobody reads them back inside a batch.
    appended: Vec<M>,
    /// How to take back what the running command did: earlier slots and lengths.
    undo: Vec<(Key, Before<M>)>,
    appended_before: usize,
}

impl<M: Row> Default for Table<M> {
    fn default() -> Self {
        Self {
            wanted: BTreeSet::new(),
            slots: BTreeMap::new(),
            appended: Vec::new(),
            undo: Vec::new(),
            appended_before: 0,
        }
    }
}

/// What the batch asks of a table without knowing its row type.
#[async_trait::async_trait]
pub(crate) trait AnyTable: Any + Send {
    fn as_any(&mut self) -> &mut dyn Any;
    fn as_any_ref(&self) -> &dyn Any;
    /// Loads and locks the wanted rows, in key order.
    async fn load(&mut self, db: &Db, tx: &DatabaseTransaction) -> Result<(), StoreError>;
    /// What is to be written.
    fn writes(&self, db: &Db) -> Vec<Write>;
    /// Keeps what the running command did.
    fn keep(&mut self);
    /// Takes back what the running command did.
    fn take_back(&mut self);
}

impl<M: Row> Table<M> {
    pub(crate) fn want(&mut self, key: Key) {
        self.wanted.insert(key);
    }

    pub(crate) fn get(&self, key: &Key) -> Result<Option<&M>, StoreError> {
        match self.slots.get(key) {
            Some(slot) => Ok(slot.now.as_ref()),
            None if self.wanted.contains(key) => Ok(None),
            None => Err(StoreError::NotLoaded {
                table: table_name::<M>(),
                key: key.to_string(),
            }),
        }
    }

    pub(crate) fn put(&mut self, row: M) -> Result<(), StoreError> {
        let key = key_of(&row)?;
        self.replace(key, Some(row));
        Ok(())
    }

    pub(crate) fn remove(&mut self, key: Key) {
        self.replace(key, None);
    }

    pub(crate) fn append(&mut self, row: M) {
        self.appended.push(row);
    }

    /// The appended rows that no later command has removed.
    fn kept(&self) -> Vec<&M> {
        if self.slots.values().all(|slot| slot.gone_before == 0) {
            return self.appended.iter().collect();
        }
        let is_gone = |place: usize, row: &M| {
            let slot = key_of(row).ok().and_then(|key| self.slots.get(&key));
            slot.is_some_and(|slot| place < slot.gone_before)
        };
        let places = self.appended.iter().enumerate();
        places
            .filter(|(place, row)| !is_gone(*place, row))
            .map(|(_, row)| row)
            .collect()
    }

    fn replace(&mut self, key: Key, row: Option<M>) {
        let removed = row.is_none().then_some(self.appended.len());
        let before = match self.slots.entry(key.clone()) {
            Entry::Occupied(mut slot) => {
                let slot = slot.get_mut();
                let gone_before = slot.gone_before;
                slot.gone_before = removed.unwrap_or(gone_before);
                Before::Held(std::mem::replace(&mut slot.now, row), gone_before)
            }
            Entry::Vacant(place) => {
                place.insert(Slot {
                    stored: None,
                    now: row,
                    gone_before: removed.unwrap_or(0),
                });
                Before::Nothing
            }
        };
        self.undo.push((key, before));
    }
}

#[async_trait::async_trait]
impl<M: Row> AnyTable for Table<M> {
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }

    fn as_any_ref(&self) -> &dyn Any {
        self
    }

    async fn load(&mut self, db: &Db, tx: &DatabaseTransaction) -> Result<(), StoreError> {
        if self.wanted.is_empty() {
            return Ok(());
        }
        let mut select =
            M::Entity::find().filter(dialect::around(db.backend, &sought::<M>(&self.wanted)));
        for column in key_columns::<M>() {
            select = select.order_by_asc(column);
        }
        let mut statement = select.build(db.backend);
        statement.sql.push_str(dialect::for_update(db.backend));
        for result in db.query(tx, statement).await? {
            let row = M::from_query_result(&result, "")?;
            let key = key_of(&row)?;
            if self.wanted.contains(&key) {
                self.slots.insert(
                    key,
                    Slot {
                        stored: Some(row.clone()),
                        now: Some(row),
                        gone_before: 0,
                    },
                );
            }
        }
        Ok(())
    }

    fn writes(&self, db: &Db) -> Vec<Write> {
        let mut fresh = self.kept();
        let mut changed = Vec::new();
        let mut gone = BTreeSet::new();
        for (key, slot) in &self.slots {
            // A row that was not declared is written blindly: whatever stands there is replaced.
            let declared = self.wanted.contains(key);
            match (&slot.stored, &slot.now) {
                (None, Some(row)) if declared => fresh.push(row),
                (None, Some(row)) => changed.push(row),
                (Some(stored), Some(row)) if stored != row => changed.push(row),
                (stored, None) if stored.is_some() || !declared => {
                    gone.insert(key.clone());
                }
                _ => {}
            }
        }
        let delete = (!gone.is_empty()).then(|| {
            let delete =
                M::Entity::delete_many().filter(dialect::exactly(db.backend, &sought::<M>(&gone)));
            delete.build(db.backend)
        });
        delete
            .into_iter()
            .chain(bulk::<M>(db, &changed, Known::Replaced))
            .chain(bulk::<M>(db, &fresh, Known::Refused))
            .map(|statement| Write {
                statement,
                table: table_name::<M>(),
                taken: M::TAKEN,
            })
            .collect()
    }

    fn keep(&mut self) {
        self.undo.clear();
        self.appended_before = self.appended.len();
    }

    fn take_back(&mut self) {
        while let Some((key, before)) = self.undo.pop() {
            match before {
                Before::Held(row, gone_before) => {
                    if let Some(slot) = self.slots.get_mut(&key) {
                        slot.now = row;
                        slot.gone_before = gone_before;
                    }
                }
                // A slot left behind empty would read as "delete what is stored there".
                Before::Nothing => drop(self.slots.remove(&key)),
            }
        }
        self.appended.truncate(self.appended_before);
    }
}

/// The statements that write rows.
pub(crate) fn bulk<M: Row>(db: &Db, rows: &[&M], known: Known) -> Vec<Statement> {
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = written_columns::<M>();
    let keys: Vec<&'static str> = key_columns::<M>()
        .iter()
        .map(sea_orm::IdenStatic::as_str)
        .collect();
    let named = kinds_of(columns.clone());
    let bulk = Bulk {
        table: table_name::<M>(),
        columns: &named,
        keys: &keys,
        known,
        rows: rows
            .iter()
            .map(|row| columns.iter().map(|column| row.get(*column)).collect())
            .collect(),
    };
    dialect::bulk_write(db.backend, bulk)
}

fn kind_of(kind: &ColumnType) -> Kind {
    match kind {
        ColumnType::BigInteger => Kind::BigInt,
        ColumnType::Integer => Kind::Int,
        ColumnType::Boolean => Kind::Bool,
        ColumnType::Uuid => Kind::Uuid,
        ColumnType::Binary(_) | ColumnType::VarBinary(_) | ColumnType::Blob => Kind::Bytes,
        _ => Kind::Text,
    }
}

/// Columns with what they hold.
fn kinds_of<C: ColumnTrait>(columns: Vec<C>) -> Vec<(&'static str, Kind)> {
    let kind = |column: C| (column.as_str(), kind_of(column.def().get_column_type()));
    columns.into_iter().map(kind).collect()
}

/// What the rows of a table are found by.
pub(crate) fn sought<M: Row>(keys: &BTreeSet<Key>) -> Sought<'_> {
    Sought {
        table: table_name::<M>(),
        columns: kinds_of(key_columns::<M>()),
        keys,
    }
}
