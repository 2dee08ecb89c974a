//! Migrations: one ordered list, up only.

use sea_orm::{ConnectionTrait as _, Statement, TransactionTrait as _};

use crate::{Store, StoreError, dialect, migrations::MIGRATIONS, pool::Db};

/// One step of the schema.
pub(crate) struct Migration {
    /// `YYYYMMDDHHMM_topic`: the order of the list.
    pub id: &'static str,
    /// Statements separated by lines that hold only `;`, spelled by [`dialect::spell`].
    pub sql: &'static str,
}

/// What a run of the migrations did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrated {
    /// Steps applied now.
    pub applied: Vec<&'static str>,
}

/// Brings the schema up to date. Run twice, the second run does nothing.
///
/// # Errors
/// When the database was made by a newer program, or refuses a statement.
pub async fn migrate(store: &Store) -> Result<Migrated, StoreError> {
    let db = store.db();
    let tx = db
        .write
        .begin_with_options(Db::transaction_options())
        .await?;
    if let Some(lock) = dialect::migration_lock(db.backend) {
        tx.query_one_raw(Statement::from_string(db.backend, lock))
            .await?;
    }
    tx.execute_unprepared("CREATE TABLE IF NOT EXISTS migration (id text PRIMARY KEY)")
        .await?;
    let rows = tx
        .query_all_raw(Statement::from_string(
            db.backend,
            "SELECT id FROM migration ORDER BY id",
        ))
        .await?;
    let mut known = Vec::with_capacity(rows.len());
    for row in rows {
        known.push(row.try_get::<String>("", "id")?);
    }
    if let Some(newer) = known
        .iter()
        .find(|id| MIGRATIONS.iter().all(|step| step.id != *id))
    {
        return Err(StoreError::NewerDatabase(newer.clone()));
    }
    let mut applied = Vec::new();
    for step in MIGRATIONS
        .iter()
        .filter(|step| !known.iter().any(|id| id == step.id))
    {
        for statement in dialect::spell(db.backend, step.sql).split("\n;\n") {
            tx.execute_unprepared(statement).await?;
        }
        let note = format!(
            "INSERT INTO migration (id) VALUES ({})",
            dialect::place(db.backend, 1)
        );
        tx.execute_raw(Statement::from_sql_and_values(
            db.backend,
            note,
            [step.id.into()],
        ))
        .await?;
        applied.push(step.id);
    }
    tx.commit().await?;
    Ok(Migrated { applied })
}

/// A short digest of the whole schema: changes whenever a step is added or edited.
pub fn schema_fingerprint() -> String {
    let all: String = MIGRATIONS
        .iter()
        .flat_map(|step| [step.id, step.sql])
        .collect();
    seal::sm3_hex(all.as_bytes()).chars().take(16).collect()
}
