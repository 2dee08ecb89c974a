//! Rows of any table, read and written as they stand, without a command, an event or an audit entry:
//! to make a database large from one that the product has filled. Nothing that serves uses it.

use sea_orm::{
    ConnectionTrait as _, DatabaseTransaction, QueryResult, Statement, TransactionTrait as _, Value,
};
use uuid::Uuid;

pub use crate::dialect::Known;
use crate::{
    Store, StoreError,
    dialect::{self, Bulk, Kind},
    pool::Db,
    row::Row,
    table,
};

/// Rows in one statement.
const PIECE: usize = 1_000;

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A text.
    Text(String),
    /// A number; a truth value is 0 or 1.
    Int(i64),
    /// An id.
    Id(Uuid),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// A row of a table, cell by cell.
pub type CellRow = Vec<Cell>;

/// A table and the columns that are written; what the database fills by itself is left out.
#[derive(Debug, Clone)]
pub struct TableShape {
    name: &'static str,
    columns: Vec<(&'static str, Kind)>,
}

impl TableShape {
    /// How many columns it has.
    pub const fn width(&self) -> usize {
        self.columns.len()
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.columns.iter().map(|(name, _)| *name)
    }

    /// The place of a column in a row.
    ///
    /// # Errors
    /// When the table has none of this name.
    pub fn at(&self, column: &str) -> Result<usize, StoreError> {
        let place = self.columns.iter().position(|(name, _)| *name == column);
        place.ok_or_else(|| StoreError::BadRow {
            table: self.name,
            key: column.to_owned(),
            fault: "there is no such column".to_owned(),
        })
    }
}

/// A transaction that writes rows of several tables and does nothing else.
pub struct Writing {
    db: Db,
    tx: DatabaseTransaction,
}

impl Writing {
    /// Writes rows of one table, no two with one key.
    ///
    /// # Errors
    /// When the database refuses one.
    pub async fn rows<M: Row>(&self, rows: Vec<M>, known: Known) -> Result<(), StoreError> {
        for piece in rows.chunks(PIECE) {
            let piece: Vec<&M> = piece.iter().collect();
            for statement in table::bulk(&self.db, &piece, known) {
                self.db.execute(&self.tx, statement).await?;
            }
        }
        Ok(())
    }

    /// Keeps what was written.
    ///
    /// # Errors
    /// When the database does not answer; nothing was written then.
    pub async fn done(self) -> Result<(), StoreError> {
        Ok(self.tx.commit().await?)
    }
}

impl Store {
    /// Begins to write rows as they stand.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn writing(&self) -> Result<Writing, StoreError> {
        let db = self.db().clone();
        let tx = db.write.begin().await?;
        Ok(Writing { db, tx })
    }

    /// The columns of a table, but for those that the database fills by itself.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn shape(
        &self,
        table: &'static str,
        generated: &[&str],
    ) -> Result<TableShape, StoreError> {
        let backend = self.db().backend;
        let all = Statement::from_string(backend, dialect::columns(backend));
        let mut columns = Vec::new();
        for row in self.read().query_all_raw(all).await? {
            let [of, column, kind]: [String; 3] = [
                row.try_get("", "table_name")?,
                row.try_get("", "column_name")?,
                row.try_get("", "kind")?,
            ];
            if of == table && !generated.contains(&column.as_str()) {
                // Asked once for each table of a run.
                columns.push((&*column.leak(), kind_of(&kind)));
            }
        }
        Ok(TableShape {
            name: table,
            columns,
        })
    }

    /// Rows of a table, at most `limit`, in an order both databases agree on where `order` gives one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn copy_out(
        &self,
        shape: &TableShape,
        order: &str,
        limit: u64,
    ) -> Result<Vec<CellRow>, StoreError> {
        let names: Vec<&str> = shape.columns.iter().map(|(name, _)| *name).collect();
        let (names, table) = (names.join(","), shape.name);
        let sql = format!("SELECT {names} FROM {table} ORDER BY {order} LIMIT {limit}");
        let statement = Statement::from_string(self.db().backend, sql);
        let rows = self.read().query_all_raw(statement).await?;
        rows.iter()
            .map(|row| {
                shape
                    .columns
                    .iter()
                    .map(|column| cell(row, *column))
                    .collect()
            })
            .collect()
    }

    /// Writes rows of several tables in one transaction.
    ///
    /// # Errors
    /// When the database refuses one.
    pub async fn copy_in(
        &self,
        tables: Vec<(&TableShape, Vec<CellRow>)>,
    ) -> Result<(), StoreError> {
        let db = self.db();
        let tx = db.write.begin().await?;
        for (shape, rows) in tables {
            if rows.is_empty() {
                continue;
            }
            let bulk = Bulk {
                table: shape.name,
                columns: &shape.columns,
                keys: &[],
                known: Known::Refused,
                rows: rows.into_iter().map(|row| values(shape, row)).collect(),
            };
            for statement in dialect::bulk_write(db.backend, bulk) {
                db.execute(&tx, statement).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Moves what was written into the database file, so that the log of writes does not grow with it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn settle(&self) -> Result<(), StoreError> {
        if !self.is_postgres() {
            let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
            let statement = Statement::from_string(self.db().backend, sql);
            let told = self.db().write.query_one_raw(statement).await?;
            let held: i32 = told.map_or(Ok(0), |row| row.try_get_by_index(0))?;
            if held != 0 {
                tracing::warn!("somebody reads what was before: the log of writes grows");
            }
        }
        Ok(())
    }

    /// Lets the database look again at how its rows are spread, as its own upkeep does in time.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn analyze(&self) -> Result<(), StoreError> {
        let sql = if self.is_postgres() {
            "VACUUM ANALYZE"
        } else {
            "ANALYZE"
        };
        let statement = Statement::from_string(self.db().backend, sql);
        self.db().write.execute_raw(statement).await?;
        Ok(())
    }
}

fn kind_of(kind: &str) -> Kind {
    match kind {
        "bigint" | "INTEGER" => Kind::BigInt,
        "integer" => Kind::Int,
        "boolean" => Kind::Bool,
        "uuid" => Kind::Uuid,
        "bytea" | "BLOB" => Kind::Bytes,
        _ => Kind::Text,
    }
}

fn cell(row: &QueryResult, (name, kind): (&str, Kind)) -> Result<Cell, StoreError> {
    Ok(match kind {
        Kind::Text => row.try_get::<Option<String>>("", name)?.map(Cell::Text),
        Kind::BigInt => row.try_get::<Option<i64>>("", name)?.map(Cell::Int),
        Kind::Int => row
            .try_get::<Option<i32>>("", name)?
            .map(|n| Cell::Int(n.into())),
        Kind::Bool => row
            .try_get::<Option<bool>>("", name)?
            .map(|yes| Cell::Int(yes.into())),
        Kind::Uuid => row.try_get::<Option<Uuid>>("", name)?.map(Cell::Id),
        // SQLite keeps ids as bytes too; nothing else of ours has sixteen of them.
        Kind::Bytes => row
            .try_get::<Option<Vec<u8>>>("", name)?
            .map(|bytes| Uuid::from_slice(&bytes).map_or(Cell::Bytes(bytes), Cell::Id)),
    }
    .unwrap_or(Cell::Null))
}

fn values(shape: &TableShape, row: CellRow) -> Vec<Value> {
    let columns = shape.columns.iter();
    columns
        .zip(row)
        .map(|((_, kind), cell)| value(*kind, cell))
        .collect()
}

fn value(kind: Kind, cell: Cell) -> Value {
    match (kind, cell) {
        (Kind::Bool, Cell::Int(number)) => Value::from(number != 0),
        (Kind::Int, Cell::Int(number)) => Value::from(i32::try_from(number).unwrap_or(i32::MAX)),
        (_, Cell::Int(number)) => Value::from(number),
        (_, Cell::Text(text)) => Value::from(text),
        (_, Cell::Id(id)) => Value::from(id),
        (_, Cell::Bytes(bytes)) => Value::from(bytes),
        (Kind::Text, Cell::Null) => Value::from(None::<String>),
        (Kind::BigInt, Cell::Null) => Value::from(None::<i64>),
        (Kind::Int, Cell::Null) => Value::from(None::<i32>),
        (Kind::Bool, Cell::Null) => Value::from(None::<bool>),
        (Kind::Uuid, Cell::Null) => Value::from(None::<Uuid>),
        (Kind::Bytes, Cell::Null) => Value::from(None::<Vec<u8>>),
    }
}
