//! What the tables hold, in words that both databases agree on: to compare one database with another.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait as _, Statement};

use crate::{Store, StoreError, dialect};

impl Store {
    /// The digest of each table's rows, whatever their order, by the table's name. Columns of which
    /// `leave_out` (table, column) is true do not count, nor do tables without any other.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn content(
        &self,
        leave_out: impl Fn(&str, &str) -> bool,
    ) -> Result<BTreeMap<String, String>, StoreError> {
        let backend = self.db().backend;
        let mut tables: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        let columns = Statement::from_string(backend, dialect::columns(backend));
        for row in self.read().query_all_raw(columns).await? {
            let [table, column, kind]: [String; 3] = [
                row.try_get("", "table_name")?,
                row.try_get("", "column_name")?,
                row.try_get("", "kind")?,
            ];
            if !leave_out(&table, &column) {
                tables.entry(table).or_default().push((column, kind));
            }
        }
        let mut digests = BTreeMap::new();
        for (table, mut columns) in tables {
            columns.sort_unstable();
            let digest = self.digest_rows(&table, &columns).await?;
            digests.insert(table, digest);
        }
        Ok(digests)
    }

    async fn digest_rows(
        &self,
        table: &str,
        columns: &[(String, String)],
    ) -> Result<String, StoreError> {
        let backend = self.db().backend;
        let texts: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(at, (name, kind))| format!("{} AS c{at}", dialect::as_text(backend, name, kind)))
            .collect();
        let sql = format!("SELECT {} FROM {table}", texts.join(", "));
        let statement = Statement::from_string(backend, sql);
        let mut rows = Vec::new();
        for row in self.read().query_all_raw(statement).await? {
            let mut bytes = Vec::new();
            for (at, (name, _)) in columns.iter().enumerate() {
                let value: Option<String> = row.try_get("", &format!("c{at}"))?;
                for part in [Some(name), value.as_ref()] {
                    let length = part.map_or(u64::MAX, |part| part.len().try_into().unwrap_or(0));
                    bytes.extend_from_slice(&length.to_be_bytes());
                    bytes.extend_from_slice(part.map_or(&[], |part| part.as_bytes()));
                }
            }
            rows.push(seal::sm3(&bytes));
        }
        rows.sort_unstable();
        Ok(seal::sm3_hex(&rows.concat()))
    }
}
