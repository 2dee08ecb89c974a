//! One batch: load once, decide one after the other, write once, commit once; then answer each.

use std::panic::{AssertUnwindSafe, catch_unwind};

use kernel::{AppError, Refusal, codes, error::Broken};
use sea_orm::{DbErr, TransactionTrait as _};
use tokio::sync::oneshot;

use crate::{
    StoreError,
    audit::{self, Note, Tip},
    command::{Command, Envelope},
    fault::{self, Sort},
    idempotency::answer_of,
    jobs::Subscriptions,
    pool::Db,
    work::{Loads, Tables, Work},
    write,
};

/// A command whose answer type the batch does not know.
pub(crate) trait Pending: Send {
    /// Names its rows. One that panics has its answer by then.
    fn declare(&mut self, tables: &mut Tables);
    /// Decides, unless it has its answer, and remembers it. `true` when there is something to
    /// write. A panic is an answer too, and its rows are taken back.
    fn decide(&mut self, tables: &mut Tables, subscriptions: &Subscriptions, tip: &mut Tip)
    -> bool;
    /// Gives the remembered answer to whoever waits.
    fn answer(&mut self);
    /// Gives this error to whoever waits.
    fn fail(&mut self, error: AppError);
}

pub(crate) struct Job<C: Command> {
    pub command: C,
    pub envelope: Envelope,
    pub reply: Option<oneshot::Sender<Result<C::Out, AppError>>>,
    pub outcome: Option<Result<C::Out, AppError>>,
    /// Whether its decision stands in the database once the batch is committed.
    pub wrote: bool,
}

/// An answer, and what to note in the audit log when it is fresh.
type Decided<Out> = (Out, Option<Note>);

impl<C: Command> Job<C> {
    fn repeat_or_decide(&self, work: &mut Work<'_>) -> Result<(Decided<C::Out>, bool), AppError> {
        if let (Some(earlier), Some(repetition)) =
            (work.earlier_answer()?, &self.envelope.idempotency)
        {
            if !repetition.is_same_body(earlier) {
                return Err(Refusal::new(&codes::E1008).into());
            }
            return Ok(((answer_of(earlier)?, None), false));
        }
        let out = self.command.decide(work)?;
        if self.envelope.idempotency.is_some() {
            let answer = serde_json::to_string(&out)
                .map_err(|fault| Broken::caused("an answer cannot be kept", fault))?;
            work.keep_answer(answer)?;
        }
        work.finish_job()?;
        Ok(((out, self.note()), true))
    }

    fn note(&self) -> Option<Note> {
        C::AUDITED.then(|| Note {
            bureau: self.command.bureau().to_string(),
            action: C::NAME,
            subject: self.command.subject(),
            outcome: self.command.outcome(),
        })
    }
}

/// What a command that panicked answers; the words of the panic went to the standard error and may
/// hold anything.
fn panicked<C: Command>() -> AppError {
    Broken::new(format!("{} panicked", C::NAME)).into()
}

impl<C: Command> Pending for Job<C> {
    fn declare(&mut self, tables: &mut Tables) {
        self.outcome = None;
        self.wrote = false;
        let declared = catch_unwind(AssertUnwindSafe(|| {
            Work::declare(tables, &self.envelope);
            self.command.declare(&mut Loads { tables });
        }));
        if declared.is_err() {
            self.outcome = Some(Err(panicked::<C>()));
        }
    }

    fn decide(
        &mut self,
        tables: &mut Tables,
        subscriptions: &Subscriptions,
        tip: &mut Tip,
    ) -> bool {
        if self.outcome.is_some() {
            return false;
        }
        let result = catch_unwind(AssertUnwindSafe(|| {
            let bureau = self.command.bureau();
            let mut work = Work::new(tables, &self.envelope, subscriptions, bureau);
            self.repeat_or_decide(&mut work)
        }))
        .unwrap_or_else(|_| Err(panicked::<C>()));
        let wrote = matches!(&result, Ok((_, true)));
        let result = result.map(|((out, note), _)| {
            if let Some(note) = note {
                tables
                    .of::<audit::Model>()
                    .append(tip.add(note, &self.envelope));
            }
            out
        });
        for table in tables.all() {
            if wrote {
                table.keep();
            } else {
                table.take_back();
            }
        }
        self.outcome = Some(result);
        self.wrote = wrote;
        wrote
    }

    fn answer(&mut self) {
        if let Some(lease) = self.envelope.lease.as_ref().filter(|_| self.wrote) {
            lease.end();
        }
        if let (Some(reply), Some(outcome)) = (self.reply.take(), self.outcome.take()) {
            // A caller who has gone away does not need the answer; the work is done all the same.
            drop(reply.send(outcome));
        }
    }

    fn fail(&mut self, error: AppError) {
        if let Some(reply) = self.reply.take() {
            drop(reply.send(Err(error)));
        }
    }
}

/// Runs the commands in one transaction; nobody is answered yet. On an error nothing was changed,
/// but for [`StoreError::CommitLost`], after which nobody knows.
pub(crate) async fn run(
    db: &Db,
    subscriptions: &Subscriptions,
    tip: &mut Tip,
    commands: &mut [Box<dyn Pending>],
) -> Result<(), StoreError> {
    let mut tables = Tables::default();
    for command in &mut *commands {
        command.declare(&mut tables);
    }
    let tx = db
        .write
        .begin_with_options(Db::transaction_options())
        .await?;
    for table in tables.all() {
        table.load(db, &tx).await?;
    }
    let mut new_tip = tip.clone();
    let mut anything = false;
    for command in commands {
        anything |= command.decide(&mut tables, subscriptions, &mut new_tip);
    }
    if anything {
        let writes = tables.all().flat_map(|table| table.writes(db)).collect();
        write::all(db, &tx, writes).await?;
        tx.commit().await.map_err(unsure)?;
        *tip = new_tip;
    } else {
        tx.rollback().await?;
    }
    Ok(())
}

/// A commit that was sent and not answered may have happened.
fn unsure(error: DbErr) -> StoreError {
    match fault::sort(&error) {
        Sort::Lost | Sort::Unreachable => StoreError::CommitLost(error),
        Sort::BrokenOff | Sort::Refused => error.into(),
    }
}
