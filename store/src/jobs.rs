//! Jobs: work that runs later, written in the transaction that wants it.
//!
//! A worker leases a job with a fencing token: who comes back late with an old token changes
//! nothing. A failing job is tried again with doubling delays and ends as a dead letter that a
//! person can send again. Queues are separate: a partner that does not answer holds up its own.

mod backlog;
mod lease;
mod serve;

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use kernel::{
    AppError, DivisionCode, Event, Timestamp,
    ids::{Id, JobId},
};
use sea_orm::entity::prelude::*;
use serde_json::{Value as Json, json};

use crate::{key, key::Key, row::Row};

pub use backlog::Backlog;
pub use serve::serve;

pub(crate) const READY: &str = "ready";
pub(crate) const RUNNING: &str = "running";
pub(crate) const DEAD: &str = "dead";

/// A job as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    /// Distribution column.
    #[sea_orm(primary_key, auto_increment = false)]
    pub bureau: String,
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub job_id: Uuid,
    /// What to do, such as `messages.notify`.
    pub kind: String,
    /// References as JSON, with a version `v`.
    #[sea_orm(column_type = "Text")]
    pub payload: String,
    /// `ready`, `running` or `dead`.
    pub state: String,
    /// When it may be taken: the planned time, or the end of the lease; null when dead.
    pub due_us: Option<i64>,
    /// How often it was taken.
    pub attempts: i32,
    /// Grows with every lease.
    pub fence: i64,
    /// When it was queued.
    pub queued_us: i64,
    /// What went wrong last, for the operator.
    #[sea_orm(column_type = "Text")]
    pub last_error: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

impl Row for Model {
    const RANK: u16 = 910;
}

/// A job to queue.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// What to do.
    pub kind: &'static str,
    /// References, no personal values.
    pub payload: Json,
    /// Not before this time; at once if none.
    pub not_before: Option<Timestamp>,
}

impl NewJob {
    /// A job to run as soon as possible.
    pub const fn now(kind: &'static str, payload: Json) -> Self {
        Self {
            kind,
            payload,
            not_before: None,
        }
    }

    /// A job to run at a time.
    pub const fn at(kind: &'static str, payload: Json, time: Timestamp) -> Self {
        Self {
            kind,
            payload,
            not_before: Some(time),
        }
    }

    /// The same job, not before a time.
    #[must_use]
    pub const fn due(mut self, time: Timestamp) -> Self {
        self.not_before = Some(time);
        self
    }

    /// The job of a listener about an event.
    pub(crate) fn about(kind: &'static str, event: &Event) -> Self {
        Self::now(
            kind,
            json!({
                "v": 1,
                "stream": event.stream,
                "id": event.id,
                "seq": event.seq,
                "kind": event.kind,
                "at": event.at,
                "body": event.body,
            }),
        )
    }

    pub(crate) fn row(self, bureau: DivisionCode, id: JobId, now: Timestamp) -> Model {
        Model {
            bureau: bureau.to_string(),
            job_id: id.uuid(),
            kind: self.kind.to_owned(),
            payload: self.payload.to_string(),
            state: READY.to_owned(),
            due_us: Some(self.not_before.unwrap_or(now).as_micros()),
            attempts: 0,
            fence: 0,
            queued_us: now.as_micros(),
            last_error: String::new(),
        }
    }
}

/// Who hears of an event, as far as its body matters to him.
#[derive(Debug, Clone, Copy)]
struct Listener {
    job: &'static str,
    wants: fn(&Json) -> bool,
}

/// Which jobs are queued when something happens.
#[derive(Debug, Default, Clone)]
pub struct Subscriptions(BTreeMap<&'static str, Vec<Listener>>);

impl Subscriptions {
    /// Queues a job of kind `job` whenever an event of kind `event` is written.
    #[must_use]
    pub fn on(self, event: &'static str, job: &'static str) -> Self {
        self.on_those(event, job, |_| true)
    }

    /// The same for those events alone whose body `wants` says yes to: a job that would find nothing to
    /// do is not queued, and holds up nobody.
    #[must_use]
    pub fn on_those(
        mut self,
        event: &'static str,
        job: &'static str,
        wants: fn(&Json) -> bool,
    ) -> Self {
        let listener = Listener { job, wants };
        self.0.entry(event).or_default().push(listener);
        self
    }

    /// Joins two sets.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        for (event, listeners) in other.0 {
            self.0.entry(event).or_default().extend(listeners);
        }
        self
    }

    /// The jobs that an event queues.
    pub(crate) fn of<'a>(
        &'a self,
        event: &str,
        body: &'a Json,
    ) -> impl Iterator<Item = &'static str> + use<'a> {
        let listeners = self.0.get(event).map_or(&[][..], Vec::as_slice);
        let wanting = listeners
            .iter()
            .filter(move |listener| (listener.wants)(body));
        wanting.map(|listener| listener.job)
    }
}

/// A job in a worker's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The agency.
    pub bureau: DivisionCode,
    /// The job.
    pub job: JobId,
    /// The token that makes late workers harmless.
    pub fence: i64,
    /// How often it was taken, this time included.
    pub attempts: i32,
    /// What to do.
    pub kind: String,
    /// References as JSON.
    pub payload: String,
    /// Whether a command has ended the job.
    pub ended: Ended,
}

/// Whether a command that carried a lease has ended its job: all copies of a lease share it.
#[derive(Debug, Clone, Default)]
pub struct Ended(Arc<AtomicBool>);

impl PartialEq for Ended {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl Eq for Ended {}

impl Ended {
    fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl Lease {
    /// The command that ends the job is durable.
    pub(crate) fn end(&self) {
        self.ended.0.store(true, Ordering::Release);
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ended.get()
    }

    /// What it is about: the aggregate to which the event happened that queued it, if one did.
    pub fn stream(&self) -> Option<Uuid> {
        #[derive(serde::Deserialize)]
        struct About {
            id: Uuid,
        }
        let about: Result<About, _> = serde_json::from_str(&self.payload);
        about.ok().map(|about| about.id)
    }

    pub(crate) fn key(&self) -> Key {
        key!(self.bureau, self.job.uuid())
    }

    /// The payload read as `T`.
    ///
    /// # Errors
    /// Broken when it has another shape.
    pub fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, AppError> {
        serde_json::from_str(&self.payload).map_err(|fault| {
            kernel::error::Broken::caused(format!("payload of {}", self.kind), fault).into()
        })
    }
}

/// Does the work of one kind of job. It may run twice: the second time must change nothing more.
/// A command that carries the lease in its envelope ends the job in its own transaction.
pub trait Handler: Send + Sync {
    /// Does the work.
    fn run<'a>(
        &'a self,
        lease: &'a Lease,
        now: Timestamp,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<(), AppError>> + Send + 'a>>;

    /// Jobs of one line run in the order in which they were queued, as far as one worker has them;
    /// others run side by side. What happened to one aggregate is a line.
    fn line(&self, lease: &Lease) -> Option<Uuid> {
        lease.stream()
    }
}

/// The handlers by kind.
pub type Handlers = BTreeMap<&'static str, Arc<dyn Handler>>;
