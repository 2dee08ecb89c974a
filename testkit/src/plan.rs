//! How a database finds the rows of a query.

use sea_orm::{ConnectionTrait as _, QueryTrait, Statement};
use store::Store;

/// The plan of `SQLite`; none on `PostgreSQL`, which reads small tables whole whatever indexes they
/// have.
///
/// # Panics
/// When the query is none.
pub async fn plan_of(store: &Store, query: &impl QueryTrait) -> Option<String> {
    let read = store.read();
    let backend = read.get_database_backend();
    if backend != sea_orm::DatabaseBackend::Sqlite {
        return None;
    }
    let asked = query.build(backend);
    let explained = Statement {
        sql: format!("EXPLAIN QUERY PLAN {}", asked.sql),
        ..asked
    };
    let steps = match read.query_all_raw(explained).await {
        Ok(steps) => steps,
        Err(fault) => panic!("{fault}"),
    };
    let step = |row: &sea_orm::QueryResult| row.try_get::<String>("", "detail").unwrap_or_default();
    Some(steps.iter().map(step).collect::<Vec<_>>().join("\n"))
}
