//! The worker: takes what is due and runs it, each kind in a queue of its own.
//!
//! Jobs of one line run in the order in which they were queued; lines run side by side, so that the
//! commands they send meet in one batch.

use std::{
    collections::{BTreeMap, HashMap},
    panic::AssertUnwindSafe,
    pin::pin,
    sync::Arc,
    time::Duration,
};

use futures_util::{FutureExt as _, StreamExt as _, stream};
use kernel::{AppError, Clock, Timestamp, error::Broken, limits};
use tokio::{
    sync::watch,
    task::{Id as TaskId, JoinSet},
};

use super::{Handlers, Lease};
use crate::{Store, StoreError};

/// Jobs of one kind a worker takes at once: few enough that another worker can share a long queue,
/// enough that taking them costs little.
const TAKEN_AT_ONCE: u32 = 64;
/// Lines of one kind that run side by side.
const LINES: usize = 32;
/// How long news gather before the queue is looked at: what follows from a request need not be done
/// when the request is answered.
const GATHER: Duration = Duration::from_millis(20);
/// How often the queue is looked at without news: jobs come due, other programs queue some.
const QUIET: Duration = Duration::from_secs(1);
/// How long a lease is held before it is renewed: two more chances before it ends.
const RENEW: Duration = Duration::from_secs(limits::JOB_LEASE_SECONDS.unsigned_abs() / 3);

impl Store {
    /// Runs everything that is due at `now`, and what that brings about, until nothing is left.
    /// Returns how many jobs ran. For simulation and tests; a server uses [`serve`].
    pub async fn run_due_jobs(
        &self,
        handlers: &Handlers,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        let mut ran = 0;
        loop {
            let leases = self.lease_jobs(now, 256).await?;
            if leases.is_empty() {
                return Ok(ran);
            }
            for lease in &leases {
                let outcome = run_one(handlers, lease, now).await;
                self.settle_job(lease, outcome, now).await?;
                ran += 1;
            }
        }
    }

    /// Ends a job that is done, puts one that failed back or aside.
    async fn settle_job(
        &self,
        lease: &Lease,
        outcome: Result<(), AppError>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Err(error) = outcome else {
            return if lease.has_ended() {
                Ok(())
            } else {
                self.finish_job(lease).await
            };
        };
        let text = match &error {
            AppError::Refused(refusal) => refusal.code().id.to_owned(),
            AppError::Broken(broken) => broken.to_string(),
        };
        tracing::warn!(job = %lease.job, kind = %lease.kind, attempt = lease.attempts, error = %text, "job failed");
        self.fail_job(lease, &text, now).await
    }
}

/// Works on jobs until `stop` says so, and ends after those that are running. Kinds run side by side;
/// one kind never holds up another, and no more of it is taken while it runs.
pub async fn serve(
    store: Store,
    handlers: Handlers,
    clock: Arc<dyn Clock>,
    mut stop: watch::Receiver<bool>,
) {
    let mut news = store.news();
    let mut queues = Queues {
        worker: Arc::new(Worker {
            store,
            handlers,
            clock,
            stop: stop.clone(),
        }),
        tasks: JoinSet::new(),
        kinds: BTreeMap::new(),
    };
    while !*stop.borrow() {
        if let Err(error) = queues.start_due().await {
            tracing::error!(%error, "jobs cannot be taken");
        }
        tokio::select! {
            _ = stop.changed() => {}
            _ = news.changed() => {}
            Some(ended) = queues.tasks.join_next_with_id() => {
                let task = match ended {
                    Ok((task, ())) => task,
                    Err(error) => error.id(),
                };
                queues.kinds.remove(&task);
            }
            () = tokio::time::sleep(QUIET) => {}
        }
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(GATHER) => {}
        }
    }
    while queues.tasks.join_next().await.is_some() {}
}

/// The kinds that are running.
struct Queues {
    worker: Arc<Worker>,
    tasks: JoinSet<()>,
    kinds: BTreeMap<TaskId, String>,
}

impl Queues {
    async fn start_due(&mut self) -> Result<(), StoreError> {
        let worker = &self.worker;
        for kind in worker.store.due_kinds(worker.clock.now()).await? {
            if self.kinds.values().any(|running| *running == kind) {
                continue;
            }
            let now = worker.clock.now();
            let leases = worker.store.lease_kind(&kind, now, TAKEN_AT_ONCE).await?;
            if !leases.is_empty() {
                let task = self.tasks.spawn(Arc::clone(worker).work(leases, now));
                self.kinds.insert(task.id(), kind);
            }
        }
        Ok(())
    }
}

struct Worker {
    store: Store,
    handlers: Handlers,
    clock: Arc<dyn Clock>,
    stop: watch::Receiver<bool>,
}

impl Worker {
    /// Runs jobs of one kind; when told to stop, gives back what was not begun.
    async fn work(self: Arc<Self>, leases: Vec<Lease>, taken: Timestamp) {
        let lines = stream::iter(self.lines(leases));
        lines
            .for_each_concurrent(LINES, |line| self.work_off(line, taken))
            .await;
    }

    /// The jobs of each line in their order, and the lines in the order of their first jobs.
    fn lines(&self, leases: Vec<Lease>) -> Vec<Vec<Lease>> {
        let mut places = HashMap::new();
        let mut lines: Vec<Vec<Lease>> = Vec::new();
        for lease in leases {
            let handler = self.handlers.get(lease.kind.as_str());
            let line = handler.and_then(|handler| handler.line(&lease));
            let place = match line {
                Some(line) => *places.entry(line).or_insert(lines.len()),
                None => lines.len(),
            };
            match lines.get_mut(place) {
                Some(line) => line.push(lease),
                None => lines.push(vec![lease]),
            }
        }
        lines
    }

    async fn work_off(&self, line: Vec<Lease>, taken: Timestamp) {
        for lease in line {
            let done = if *self.stop.borrow() {
                self.store.give_back(&lease, self.clock.now()).await
            } else {
                self.run_if_held(&lease, taken).await
            };
            if let Err(error) = done {
                tracing::error!(%error, "a job could not be put back; its lease will end");
            }
        }
    }

    /// A job that waited behind slow ones may be in other hands by now.
    async fn run_if_held(&self, lease: &Lease, taken: Timestamp) -> Result<(), StoreError> {
        let now = self.clock.now();
        let fresh = i64::try_from(RENEW.as_secs()).unwrap_or(0);
        if now >= taken.plus_seconds(fresh) && !self.store.renew_lease(lease, now).await? {
            return Ok(());
        }
        let mut work = pin!(run_one(&self.handlers, lease, now));
        loop {
            tokio::select! {
                outcome = &mut work => {
                    // A failed job waits from now on, however long it ran.
                    return self.store.settle_job(lease, outcome, self.clock.now()).await;
                }
                () = tokio::time::sleep(RENEW) => {
                    match self.store.renew_lease(lease, self.clock.now()).await {
                        Ok(true) => {}
                        Ok(false) => return Ok(()),
                        Err(error) => tracing::warn!(%error, "a lease could not be renewed"),
                    }
                }
            }
        }
    }
}

/// A handler that panics or never ends fails its own job and holds up no others.
async fn contained(
    run: impl Future<Output = Result<(), AppError>>,
    patience: Duration,
) -> Result<(), AppError> {
    let run = AssertUnwindSafe(run).catch_unwind();
    match tokio::time::timeout(patience, run).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(Broken::new("the handler panicked").into()),
        Err(_) => Err(Broken::new("the handler did not end in time").into()),
    }
}

async fn run_one(handlers: &Handlers, lease: &Lease, now: Timestamp) -> Result<(), AppError> {
    match handlers.get(lease.kind.as_str()) {
        Some(handler) => {
            let patience = Duration::from_secs(limits::JOB_RUN_SECONDS_MAX);
            // Inside the block: a handler may panic before its future is there.
            contained(async { handler.run(lease, now).await }, patience).await
        }
        None => Err(Broken::new(format!("nobody handles {}", lease.kind)).into()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::contained;

    #[tokio::test]
    async fn a_handler_that_never_ends_or_panics_fails_its_job() {
        let soon = Duration::from_millis(1);
        let hung = contained(std::future::pending(), soon).await.unwrap_err();
        assert!(
            format!("{hung:?}").contains("did not end in time"),
            "{hung:?}"
        );
        let patience = Duration::from_mins(1);
        let broken = contained(async { panic!("in a test") }, patience)
            .await
            .unwrap_err();
        assert!(format!("{broken:?}").contains("panicked"), "{broken:?}");
        assert!(contained(async { Ok(()) }, patience).await.is_ok());
    }
}
