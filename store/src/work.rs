//! What a decision sees and does: rows in memory, events, jobs, ids.

use std::collections::BTreeMap;

use kernel::{
    AppError, DivisionCode, Entropy, Event, Timestamp,
    caller::Actor,
    ids::{Id, JobId},
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    command::Envelope,
    events, idempotency,
    jobs::{self, Lease, NewJob, Subscriptions},
    key::Key,
    row::{Row, table_name},
    system::SeededEntropy,
    table::{AnyTable, Table},
};

/// The tables of a batch in the order of locks.
#[derive(Default)]
pub(crate) struct Tables {
    map: BTreeMap<(u16, &'static str), Box<dyn AnyTable>>,
}

impl Tables {
    pub(crate) fn of<M: Row>(&mut self) -> &mut Table<M> {
        let table = self
            .map
            .entry((M::RANK, table_name::<M>()))
            .or_insert_with(|| Box::new(Table::<M>::default()));
        match table.as_any().downcast_mut::<Table<M>>() {
            Some(typed) => typed,
            // Two row types with one table name and rank would meet here: a fault in our sources
            // that the first test of either context finds.
            None => unreachable!("two row types claim table {}", table_name::<M>()),
        }
    }

    fn get<M: Row>(&self, key: &Key) -> Result<Option<&M>, crate::StoreError> {
        match self
            .map
            .get(&(M::RANK, table_name::<M>()))
            .and_then(|table| table.as_any_ref().downcast_ref::<Table<M>>())
        {
            Some(table) => table.get(key),
            None => Err(crate::StoreError::NotLoaded {
                table: table_name::<M>(),
                key: key.to_string(),
            }),
        }
    }

    pub(crate) fn all(&mut self) -> impl Iterator<Item = &mut Box<dyn AnyTable>> {
        self.map.values_mut()
    }
}

/// Names the rows a command needs.
pub struct Loads<'a> {
    pub(crate) tables: &'a mut Tables,
}

impl Loads<'_> {
    /// A row by its whole primary key; it is locked until the batch commits.
    pub fn row<M: Row>(&mut self, key: Key) {
        self.tables.of::<M>().want(key);
    }
}

/// One decision at work.
pub struct Work<'a> {
    tables: &'a mut Tables,
    envelope: &'a Envelope,
    subscriptions: &'a Subscriptions,
    entropy: SeededEntropy,
    bureau: DivisionCode,
    /// Jobs queued so far: they are worked off in their order.
    jobs: u16,
}

impl<'a> Work<'a> {
    pub(crate) fn new(
        tables: &'a mut Tables,
        envelope: &'a Envelope,
        subscriptions: &'a Subscriptions,
        bureau: DivisionCode,
    ) -> Self {
        let entropy = SeededEntropy::new(envelope.seed);
        Self {
            tables,
            envelope,
            subscriptions,
            entropy,
            bureau,
            jobs: 0,
        }
    }

    /// The time of the request.
    pub fn now(&self) -> Timestamp {
        self.envelope.now
    }

    /// Who asks.
    pub fn actor(&self) -> &Actor {
        &self.envelope.actor
    }

    /// The job this command runs for, if any.
    pub fn lease(&self) -> Option<&Lease> {
        self.envelope.lease.as_ref()
    }

    /// A new id, the same each time the command runs.
    pub fn id<I: Id>(&mut self) -> I {
        I::new(self.envelope.now, &mut self.entropy)
    }

    /// Random values, the same each time the command runs.
    pub fn entropy(&mut self) -> &mut dyn Entropy {
        &mut self.entropy
    }

    /// A declared row as the commands before this one left it.
    ///
    /// # Errors
    /// Broken when the row was not declared.
    pub fn get<M: Row>(&self, key: &Key) -> Result<Option<&M>, AppError> {
        Ok(self.tables.get(key)?)
    }

    /// A declared row that must be there; otherwise `E1012`.
    pub fn require<M: Row>(&self, key: &Key) -> Result<&M, AppError> {
        self.get(key)?
            .ok_or_else(|| AppError::refused(&kernel::codes::E1012))
    }

    /// Writes a row, new or changed. A declared row that was not there must be new (a race is
    /// refused with [`Row::TAKEN`]); a row that was not declared replaces whatever stands there.
    pub fn put<M: Row>(&mut self, row: M) -> Result<(), AppError> {
        Ok(self.tables.of::<M>().put(row)?)
    }

    /// Deletes a row, declared or not.
    pub fn remove<M: Row>(&mut self, key: Key) {
        self.tables.of::<M>().remove(key);
    }

    /// Adds a row that nobody reads back in this batch; cheaper than [`Work::put`].
    pub fn append<M: Row>(&mut self, row: M) {
        self.tables.of::<M>().append(row);
    }

    /// Records that something happened, and queues the jobs of whoever listens.
    pub fn emit(&mut self, stream: &str, id: Uuid, seq: i64, kind: &str, body: Value) {
        let event = Event {
            bureau: self.bureau,
            stream: stream.to_owned(),
            id,
            seq,
            kind: kind.to_owned(),
            at: self.envelope.now,
            actor: self.envelope.actor.clone(),
            body,
        };
        let subscriptions = self.subscriptions;
        for listener in subscriptions.of(kind, &event.body) {
            self.job(NewJob::about(listener, &event));
        }
        self.tables
            .of::<events::Model>()
            .append(events::Model::of(&event));
    }

    /// Queues work for later, in this transaction.
    pub fn job(&mut self, job: NewJob) {
        let id = JobId::numbered(self.envelope.now, self.jobs, &mut self.entropy);
        self.jobs = self.jobs.saturating_add(1);
        let row = job.row(self.bureau, id, self.envelope.now);
        self.tables.of::<jobs::Model>().append(row);
    }

    pub(crate) fn earlier_answer(&self) -> Result<Option<&idempotency::Model>, AppError> {
        let Some(repetition) = &self.envelope.idempotency else {
            return Ok(None);
        };
        let kept = self.get::<idempotency::Model>(&repetition.key())?;
        Ok(kept.filter(|answer| answer.stands_at(self.envelope.now)))
    }

    pub(crate) fn keep_answer(&mut self, answer: String) -> Result<(), AppError> {
        match &self.envelope.idempotency {
            Some(repetition) => self.put(repetition.row(answer, self.envelope.now)),
            None => Ok(()),
        }
    }

    /// Ends the job this command runs for, unless another worker has it by now.
    pub(crate) fn finish_job(&mut self) -> Result<(), AppError> {
        let Some(lease) = &self.envelope.lease else {
            return Ok(());
        };
        let held = self
            .get::<jobs::Model>(&lease.key())?
            .is_some_and(|row| row.fence == lease.fence && row.state == jobs::RUNNING);
        if held {
            let key = lease.key();
            self.remove::<jobs::Model>(key);
            Ok(())
        } else {
            Err(
                kernel::error::Broken::new("the lease of this job has passed to another worker")
                    .into(),
            )
        }
    }

    pub(crate) fn declare(tables: &mut Tables, envelope: &Envelope) {
        if let Some(repetition) = &envelope.idempotency {
            tables.of::<idempotency::Model>().want(repetition.key());
        }
        if let Some(lease) = &envelope.lease {
            tables.of::<jobs::Model>().want(lease.key());
        }
    }
}
