//! What a batch writes: on PostgreSQL in one round trip, on SQLite one statement after the other.

use kernel::Code;
use sea_orm::{DatabaseTransaction, Statement};

use crate::{StoreError, dialect, fault, pool::Db};

/// One statement of a batch.
pub(crate) struct Write {
    pub statement: Statement,
    /// The table it writes.
    pub table: &'static str,
    /// The refusal when a row that must be new exists already.
    pub taken: &'static Code,
}

/// Writes everything.
pub(crate) async fn all(
    db: &Db,
    tx: &DatabaseTransaction,
    writes: Vec<Write>,
) -> Result<(), StoreError> {
    let tables: Vec<(&'static str, &'static Code)> = writes
        .iter()
        .map(|write| (write.table, write.taken))
        .collect();
    let statements = writes.into_iter().map(|write| write.statement).collect();
    for (at, statement) in dialect::in_one(db.backend, statements)
        .into_iter()
        .enumerate()
    {
        if let Err(error) = db.execute(tx, statement).await {
            let Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) = error.sql_err() else {
                return Err(error.into());
            };
            // PostgreSQL names the table; SQLite ran the statements one by one.
            let named = fault::table(&error);
            let found = named.and_then(|name| tables.iter().find(|(table, _)| *table == name));
            return Err(match found.or_else(|| tables.get(at)) {
                Some(&(table, code)) => StoreError::Taken { table, code },
                None => error.into(),
            });
        }
    }
    Ok(())
}
