//! Takes commands, runs them in batches, answers each.
//!
//! While one batch commits, the next gathers: nobody waits for company, and under load the cost of
//! a commit is shared. One lane on SQLite; a few on PostgreSQL, where commands that want the same
//! rows mostly meet in the same lane, and locks are taken in a fixed order everywhere. If the database refuses a
//! batch it is halved until the faulty command stands alone; what may be nobody's fault (a race for
//! the first row of its kind, a deadlock, a broken connection) is tried again before.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt as _;
use kernel::{AppError, Refusal, codes, error::Broken, limits};
use sea_orm::EntityName as _;
use seal::chain::Link;
use tokio::sync::{mpsc, oneshot};

use crate::{
    Store, StoreError,
    audit::{self, Tip},
    batch::{self, Job, Pending},
    command::{Command, Envelope},
    fault::{self, Sort},
    jobs::Subscriptions,
    pool::Db,
};

/// Attempts when the database breaks off a transaction for reasons of its own (deadlock,
/// serialisation): the locks are ordered, so that one more attempt is nearly always enough.
const BREAK_OFF_ATTEMPTS: usize = 5;
/// Attempts of a command whose new row was there already. In a race for the first row of its kind
/// the loser finds the row of the winner when it loads again; a real collision stays one.
const TAKEN_ATTEMPTS: usize = 3;
/// Attempts when connections break before a commit: a server that was started anew leaves the pool
/// full of dead ones.
const LOST_ATTEMPTS: usize = 12;

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
        for (lane, db) in (node * 64..).zip(store.lanes()) {
            let tip = Tip(store
                .audit_tip(lane)
                .await?
                .unwrap_or_else(|| Link::start(lane)));
            let (sender, receiver) = mpsc::channel(limits::LANE_QUEUE_MAX);
            let runner = Lane {
                db,
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

    /// Whether every lane takes commands. A program of which this is not true serves nobody well.
    pub fn is_alive(&self) -> bool {
        self.lanes.iter().all(|lane| !lane.is_closed())
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
            wrote: false,
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

    /// Runs the commands and answers each, halving them as long as the database refuses.
    async fn settle(&mut self, commands: &mut [Box<dyn Pending>]) {
        // A stack instead of recursion: halves are run in the order of arrival.
        let mut parts = vec![(commands, 0)];
        while let Some((part, attempts)) = parts.pop() {
            let Err(error) = self.attempt(part).await else {
                for command in part {
                    command.answer();
                }
                continue;
            };
            if is_of_chain(&error) {
                self.refresh_tip().await;
            }
            match Remedy::of(&error, part.len(), attempts) {
                Remedy::Again => parts.push((part, attempts + 1)),
                Remedy::Halve => {
                    let (first, second) = part.split_at_mut(part.len() / 2);
                    parts.push((second, 0));
                    parts.push((first, 0));
                }
                Remedy::Fail => {
                    for command in part {
                        command.fail(answer_to(error.clone()));
                    }
                }
            }
        }
    }

    /// Runs the commands once. A panic outside of a decision must not end the lane.
    async fn attempt(&mut self, part: &mut [Box<dyn Pending>]) -> Result<(), StoreError> {
        let run = batch::run(&self.db, &self.subscriptions, &mut self.tip, part);
        AssertUnwindSafe(run)
            .catch_unwind()
            .await
            .unwrap_or(Err(StoreError::Panicked))
    }

    /// The chain has grown without us: after a commit whose answer was lost, or because another
    /// program has taken our number. Its end is read again.
    async fn refresh_tip(&mut self) {
        match self.store.audit_tip(self.tip.0.lane).await {
            Ok(Some(last)) => self.tip = Tip(last),
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "the audit chain cannot be read"),
        }
    }
}

/// What to do with commands that could not be run.
enum Remedy {
    Again,
    Halve,
    Fail,
}

impl Remedy {
    fn of(error: &StoreError, commands: usize, attempts: usize) -> Self {
        let alone = commands == 1;
        let (attempts_max, then) = match error {
            StoreError::CommitLost(_) => (0, Self::Fail),
            StoreError::Database(error) => match fault::sort(error) {
                Sort::BrokenOff => (BREAK_OFF_ATTEMPTS, Self::Halve),
                Sort::Lost => (LOST_ATTEMPTS, Self::Fail),
                Sort::Unreachable => (0, Self::Fail),
                Sort::Refused => (0, Self::Halve),
            },
            StoreError::Taken { .. } if is_of_chain(error) => (BREAK_OFF_ATTEMPTS, Self::Fail),
            StoreError::Taken { .. } if alone => (TAKEN_ATTEMPTS, Self::Fail),
            _ => (0, Self::Halve),
        };
        match then {
            _ if attempts < attempts_max => Self::Again,
            Self::Halve if alone => Self::Fail,
            then => then,
        }
    }
}

/// Whether somebody else has written the next entry of our audit chain.
fn is_of_chain(error: &StoreError) -> bool {
    matches!(error, StoreError::Taken { table, .. } if *table == audit::Entity.table_name())
}

fn answer_to(error: StoreError) -> AppError {
    if is_of_chain(&error) {
        Broken::caused("another program writes our audit chain", error).into()
    } else {
        error.into()
    }
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}
