//! Single rows by their whole keys, read together: while one query runs, who asks next gathers, and
//! the next query reads for all of them. Nobody waits for company, and what one finds was committed
//! before he asked or later.

use std::{
    any::{Any, TypeId},
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, EntityTrait as _, QueryFilter as _, QueryTrait as _,
};
use tokio::sync::{mpsc, oneshot};

use crate::{
    Store, StoreError, dialect,
    fault::{self, Sort},
    key::Key,
    row::{Row, key_of},
    table::sought,
};

/// Rows read by one query.
const ROWS_MAX: usize = 64;

type Found<M> = Result<Option<M>, StoreError>;

/// Somebody who wants a row.
struct Asked<M> {
    key: Key,
    reply: oneshot::Sender<Found<M>>,
}

/// One reader for each table, by type of row; a reader ends with the last store that knows it.
#[derive(Clone, Default)]
pub(crate) struct Readers(Arc<Mutex<HashMap<TypeId, Box<dyn Any + Send>>>>);

impl Readers {
    /// Hands a question to the reader of its table. One that panicked has a successor.
    fn ask<M: Row>(&self, mut asked: Asked<M>, read: &DatabaseConnection) {
        let mut readers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let reader = readers.get(&TypeId::of::<M>());
        if let Some(reader) = reader.and_then(|it| it.downcast_ref::<mpsc::UnboundedSender<_>>()) {
            match reader.send(asked) {
                Ok(()) => return,
                Err(mpsc::error::SendError(back)) => asked = back,
            }
        }
        let (reader, questions) = mpsc::unbounded_channel();
        // The receiver is at hand: this cannot fail.
        drop(reader.send(asked));
        tokio::spawn(answer(questions, read.clone()));
        readers.insert(TypeId::of::<M>(), Box::new(reader));
    }
}

async fn answer<M: Row>(
    mut questions: mpsc::UnboundedReceiver<Asked<M>>,
    read: DatabaseConnection,
) {
    let mut gathered: Vec<Asked<M>> = Vec::with_capacity(ROWS_MAX);
    while questions.recv_many(&mut gathered, ROWS_MAX).await > 0 {
        gathered.retain(|asked| !asked.reply.is_closed());
        let keys = gathered.iter().map(|asked| asked.key.clone()).collect();
        match rows(&read, &keys).await {
            Ok(found) => {
                for asked in gathered.drain(..) {
                    let row = found.get(&asked.key).cloned();
                    drop(asked.reply.send(Ok(row)));
                }
            }
            // A row that cannot be read is the fault of one; a database that does not answer is not
            // asked again for each.
            Err(error) if keys.len() > 1 && is_of_one(&error) => {
                for asked in gathered.drain(..) {
                    let alone = rows(&read, &BTreeSet::from([asked.key.clone()])).await;
                    let row = alone.map(|mut found: BTreeMap<Key, M>| found.remove(&asked.key));
                    drop(asked.reply.send(row));
                }
            }
            Err(error) => {
                for asked in gathered.drain(..) {
                    drop(asked.reply.send(Err(error.clone())));
                }
            }
        }
    }
}

fn is_of_one(error: &StoreError) -> bool {
    match error {
        StoreError::Database(error) => fault::sort(error) == Sort::Refused,
        _ => true,
    }
}

async fn rows<M: Row>(
    read: &DatabaseConnection,
    keys: &BTreeSet<Key>,
) -> Result<BTreeMap<Key, M>, StoreError> {
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let backend = read.get_database_backend();
    let select = M::Entity::find().filter(dialect::around(backend, &sought::<M>(keys)));
    let statement = select.build(backend);
    let mut found = BTreeMap::new();
    for result in read.query_all_raw(statement).await? {
        let row = M::from_query_result(&result, "")?;
        found.insert(key_of(&row)?, row);
    }
    Ok(found)
}

impl Store {
    /// The row with this key, as it is committed.
    ///
    /// # Errors
    /// When the database does not answer or the row cannot be read.
    pub async fn find<M: Row>(&self, key: Key) -> Result<Option<M>, StoreError> {
        self.ask(key).await.unwrap_or(Err(StoreError::Panicked))
    }

    /// The rows with these keys, in their order; those that are not there are missing.
    ///
    /// # Errors
    /// When the database does not answer or a row cannot be read.
    pub async fn find_each<M: Row>(
        &self,
        keys: impl IntoIterator<Item = Key>,
    ) -> Result<Vec<M>, StoreError> {
        let answers: Vec<_> = keys.into_iter().map(|key| self.ask::<M>(key)).collect();
        let mut rows = Vec::with_capacity(answers.len());
        for answer in answers {
            rows.extend(answer.await.unwrap_or(Err(StoreError::Panicked))?);
        }
        Ok(rows)
    }

    fn ask<M: Row>(&self, key: Key) -> oneshot::Receiver<Found<M>> {
        let (reply, answer) = oneshot::channel();
        self.readers.ask(Asked { key, reply }, &self.read);
        answer
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnAcquireErr, DbErr};

    use super::*;

    #[test]
    fn a_database_that_does_not_answer_is_nobodys_fault_and_a_row_that_cannot_be_read_is() {
        let silent = DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
        assert!(!is_of_one(&silent.into()));
        assert!(is_of_one(
            &DbErr::Type("a text in place of a number".to_owned()).into()
        ));
    }
}
