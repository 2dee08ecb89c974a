//! What a database is for, and which keys open it: written once, asked at every start, so that no
//! data folder is ever laid over a database that is not its own.

use kernel::Timestamp;
use sea_orm::{ConnectionTrait as _, Statement, TransactionTrait as _};
use uuid::Uuid;

use crate::{Store, StoreError, dialect, migrations::MIGRATIONS, pool::Db};

/// What a database is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The work of a bureau.
    Bureau,
    /// A demo whose history is still being made.
    UnfinishedDemo,
    /// A demo: everybody may enter as anybody.
    Demo,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::Bureau => "bureau",
            Self::UnfinishedDemo => "unfinished_demo",
            Self::Demo => "demo",
        }
    }

    fn read(word: &str) -> Result<Self, StoreError> {
        [Self::Bureau, Self::UnfinishedDemo, Self::Demo]
            .into_iter()
            .find(|purpose| purpose.word() == word)
            .ok_or_else(|| StoreError::BadRow {
                table: "installation",
                key: "1".to_owned(),
                fault: format!("purpose {word}"),
            })
    }
}

/// The one row that says what a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// Its name, drawn once: what lies outside the database (anchors) is kept under it.
    pub id: Uuid,
    /// What it is for.
    pub purpose: Purpose,
    /// Fingerprint of the keys it was made with.
    pub keys: String,
}

impl Store {
    /// What this database is; none before its first start, and none without a schema.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub async fn installation(&self) -> Result<Option<Installation>, StoreError> {
        let backend = self.db().backend;
        let there = Statement::from_string(backend, dialect::has_table(backend, "installation"));
        if self.db().write.query_one_raw(there).await?.is_none() {
            return Ok(None);
        }
        let sql = "SELECT installation_id, purpose, keys FROM installation";
        let row = self
            .db()
            .write
            .query_one_raw(Statement::from_string(backend, sql))
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Installation {
            id: row.try_get("", "installation_id")?,
            purpose: Purpose::read(&row.try_get::<String>("", "purpose")?)?,
            keys: row.try_get("", "keys")?,
        }))
    }

    /// Says what a database is, unless somebody has said so before; answers what holds.
    ///
    /// # Errors
    /// When the row cannot be written.
    pub async fn claim(
        &self,
        wanted: &Installation,
        now: Timestamp,
    ) -> Result<Installation, StoreError> {
        let place = |n| dialect::place(self.db().backend, n);
        let sql = format!(
            "INSERT INTO installation (one, installation_id, purpose, keys, since_us) VALUES (1,{},{},{},{}) ON CONFLICT (one) DO NOTHING",
            place(1),
            place(2),
            place(3),
            place(4)
        );
        let values = [
            wanted.id.into(),
            wanted.purpose.word().into(),
            wanted.keys.clone().into(),
            now.as_micros().into(),
        ];
        self.write_one(Statement::from_sql_and_values(
            self.db().backend,
            sql,
            values,
        ))
        .await?;
        Ok(self.installation().await?.unwrap_or_else(|| wanted.clone()))
    }

    /// The history of a demo is there.
    ///
    /// # Errors
    /// When the row cannot be written.
    pub async fn finish_demo(&self) -> Result<(), StoreError> {
        let sql = format!(
            "UPDATE installation SET purpose='{}' WHERE purpose='{}'",
            Purpose::Demo.word(),
            Purpose::UnfinishedDemo.word()
        );
        self.write_one(Statement::from_string(self.db().backend, sql))
            .await
    }

    /// Drops all our tables. Only for a demo whose preparation broke off.
    ///
    /// # Errors
    /// When this is anything else, or the database refuses.
    pub async fn start_over(&self) -> Result<(), StoreError> {
        let purpose = self.installation().await?.map(|found| found.purpose);
        if purpose != Some(Purpose::UnfinishedDemo) {
            return Err(sea_orm::DbErr::Custom("this is no unfinished demo".into()).into());
        }
        let tx = self
            .db()
            .write
            .begin_with_options(Db::transaction_options())
            .await?;
        for table in tables() {
            tx.execute_unprepared(&format!("DROP TABLE IF EXISTS {table}"))
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Every table that the migrations make, and the list of migrations itself; the newest first,
/// because newer ones refer to older ones.
fn tables() -> Vec<&'static str> {
    let made = MIGRATIONS.iter().flat_map(|step| {
        step.sql.lines().filter_map(|line| {
            let name = line.strip_prefix("CREATE TABLE ")?;
            name.split([' ', '(']).next()
        })
    });
    let mut all: Vec<&str> = std::iter::once("migration").chain(made).collect();
    all.reverse();
    all
}
