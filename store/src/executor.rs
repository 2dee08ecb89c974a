//! Takes commands, runs them in batches, answers each.
//!
//! While one batch commits, the next gathers: nobody waits for company, and under load the cost of
//! a commit is shared. One lane on SQLite; a few on PostgreSQL, where commands on the same
//! aggregate meet in the same lane and locks are taken in a fixed order. If the database refuses a
//! batch it is halved until the faulty command stands alone.

use std::sync::Arc;

use kernel::{AppError, Refusal, codes, error::Broken, limits};
use seal::chain::Link;
use tokio::sync::{mpsc, oneshot};

use crate::{
    Store, StoreError,
    audit::Tip,
    batch::{self, Job, Pending},
    command::{Command, Envelope},
    jobs::Subscriptions,
    pool::Db,
};

/// Attempts when the database breaks off a transaction for reasons of its own (deadlock,
/// serialisation): the locks are ordered, so that one more attempt is nearly always enough.
const BREAK_OFF_ATTEMPTS: usize = 5;

/// The way commands take.
#[derive(Clone)]
pub struct Executor {
    lanes: Arc<[mpsc::Sender<Box<dyn Pending>>]>,
}

impl Executor {
    /// Starts the lanes. `node` keeps the audit chains of several programs apart.
    ///
    /// # Errors
    /// When the end of an audit chain cannot be read.
    pub async fn start(
        store: &Store,
        subscriptions: Subscriptions,
        node: i64,
    ) -> Result<Self, StoreError> {
        let subscriptions = Arc::new(subscriptions);
        let mut lanes = Vec::new();
        for index in 0..store.lanes() {
            let lane = node * 64 + i64::from(index);
            let tip = Tip(store
                .audit_tip(lane)
                .await?
                .unwrap_or_else(|| Link::start(lane)));
            let (sender, receiver) = mpsc::channel(limits::LANE_QUEUE_MAX);
            let runner = Lane {
                db: store.db().clone(),
                store: store.clone(),
                subscriptions: Arc::clone(&subscriptions),
                tip,
                receiver,
            };
            tokio::spawn(runner.run());
            lanes.push(sender);
        }
        Ok(Self {
            lanes: lanes.into(),
        })
    }

    /// Runs a command and waits until it is durable.
    ///
    /// # Errors
    /// What the command refuses; `E1901` when too many are waiting; broken when the database is.
    pub async fn run<C: Command>(
        &self,
        envelope: Envelope,
        command: C,
    ) -> Result<C::Out, AppError> {
        self.submit(envelope, command)?
            .await
            .unwrap_or_else(|_| Err(Broken::new("the lane stopped before it answered").into()))
    }

    /// Queues a command at once, in the order of calls; the answer comes after the commit.
    ///
    /// # Errors
    /// `E1901` when too many are waiting.
    pub fn submit<C: Command>(
        &self,
        envelope: Envelope,
        command: C,
    ) -> Result<oneshot::Receiver<Result<C::Out, AppError>>, AppError> {
        let lanes = u64::try_from(self.lanes.len()).unwrap_or(1).max(1);
        let index = usize::try_from(command.lane() % lanes).unwrap_or(0);
        let (reply, answer) = oneshot::channel();
        let job = Job {
            command,
            envelope,
            reply: Some(reply),
            outcome: None,
        };
        match self
            .lanes
            .get(index)
            .map(|lane| lane.try_send(Box::new(job)))
        {
            Some(Ok(())) => Ok(answer),
            Some(Err(mpsc::error::TrySendError::Full(_))) => {
                Err(Refusal::new(&codes::E1901).with("seconds", "2").into())
            }
            _ => Err(Broken::new("the lane has stopped").into()),
        }
    }
}

struct Lane {
    db: Db,
    store: Store,
    subscriptions: Arc<Subscriptions>,
    tip: Tip,
    receiver: mpsc::Receiver<Box<dyn Pending>>,
}

impl Lane {
    async fn run(mut self) {
        let mut gathered = Vec::with_capacity(limits::BATCH_COMMANDS_MAX);
        while self
            .receiver
            .recv_many(&mut gathered, limits::BATCH_COMMANDS_MAX)
            .await
            > 0
        {
            metrics::histogram!("yici_batch_commands").record(count(gathered.len()));
            let started = tokio::time::Instant::now();
            self.settle(&mut gathered).await;
            metrics::histogram!("yici_batch_seconds").record(started.elapsed().as_secs_f64());
            gathered.clear();
            self.store.announce();
        }
    }

    /// Runs the commands, halving them as long as the database refuses.
    async fn settle(&mut self, commands: &mut [Box<dyn Pending>]) {
        // A stack instead of recursion: halves are run in the order of arrival.
        let mut parts = vec![commands];
        let mut attempts = 0;
        while let Some(part) = parts.pop() {
            let Err(error) = batch::run(&self.db, &self.subscriptions, &mut self.tip, part).await
            else {
                attempts = 0;
                continue;
            };
            if is_break_off(&error) && attempts < BREAK_OFF_ATTEMPTS {
                attempts += 1;
                parts.push(part);
            } else if let [single] = part {
                attempts = 0;
                self.refresh_tip().await;
                single.fail(error.into());
            } else {
                let (first, second) = part.split_at_mut(part.len() / 2);
                parts.push(second);
                parts.push(first);
            }
        }
    }

    /// After a failed commit the end of the chain is read again: it may have been written.
    async fn refresh_tip(&mut self) {
        match self.store.audit_tip(self.tip.0.lane).await {
            Ok(Some(last)) => self.tip = Tip(last),
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "the audit chain cannot be read"),
        }
    }
}

fn is_break_off(error: &StoreError) -> bool {
    let StoreError::Database(error) = error else {
        return false;
    };
    let text = error.to_string();
    text.contains("deadlock detected")
        || text.contains("could not serialize")
        || text.contains("database is locked")
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}
