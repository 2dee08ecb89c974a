//! One batch: load once, decide one after the other, write once, commit once, answer each.

use kernel::{AppError, Refusal, codes, error::Broken};
use sea_orm::TransactionTrait as _;
use tokio::sync::oneshot;

use crate::{
    StoreError,
    audit::{Note, Tip},
    command::{Command, Envelope},
    jobs::Subscriptions,
    pool::Db,
    work::{Loads, Tables, Work},
};

/// A command whose answer type the batch does not know.
pub(crate) trait Pending: Send {
    fn declare(&self, tables: &mut Tables);
    /// Decides and remembers the answer. `true` when there is something to write.
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
}

impl<C: Command> Job<C> {
    fn repeat_or_decide(&self, work: &mut Work<'_>) -> Result<(C::Out, bool), AppError> {
        if let (Some(earlier), Some(repetition)) =
            (work.earlier_answer()?, &self.envelope.idempotency)
        {
            if !repetition.is_same_body(earlier) {
                return Err(Refusal::new(&codes::E1008).into());
            }
            let answer = serde_json::from_str(&earlier.answer)
                .map_err(|fault| Broken::caused("a kept answer cannot be read", fault))?;
            return Ok((answer, false));
        }
        let out = self.command.decide(work)?;
        if self.envelope.idempotency.is_some() {
            let answer = serde_json::to_string(&out)
                .map_err(|fault| Broken::caused("an answer cannot be kept", fault))?;
            work.keep_answer(answer)?;
        }
        work.finish_job()?;
        Ok((out, true))
    }
}

impl<C: Command> Pending for Job<C> {
    fn declare(&self, tables: &mut Tables) {
        Work::declare(tables, &self.envelope);
        self.command.declare(&mut Loads { tables });
    }

    fn decide(
        &mut self,
        tables: &mut Tables,
        subscriptions: &Subscriptions,
        tip: &mut Tip,
    ) -> bool {
        let bureau = self.command.bureau();
        let mut work = Work::new(tables, &self.envelope, subscriptions, bureau);
        let result = self.repeat_or_decide(&mut work);
        let wrote = match &result {
            Ok((_, fresh)) => *fresh,
            Err(_) => false,
        };
        if wrote && C::AUDITED {
            work.note(
                tip,
                Note {
                    bureau: bureau.to_string(),
                    action: C::NAME,
                    subject: self.command.subject(),
                    outcome: self.command.outcome(),
                },
            );
        }
        for table in tables.all() {
            if wrote {
                table.keep();
            } else {
                table.take_back();
            }
        }
        self.outcome = Some(result.map(|(out, _)| out));
        wrote
    }

    fn answer(&mut self) {
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

/// Runs the commands in one transaction. On an error nothing was changed and nobody was answered.
pub(crate) async fn run(
    db: &Db,
    subscriptions: &Subscriptions,
    tip: &mut Tip,
    commands: &mut [Box<dyn Pending>],
) -> Result<(), StoreError> {
    let mut tables = Tables::default();
    for command in &*commands {
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
    for command in &mut *commands {
        anything |= command.decide(&mut tables, subscriptions, &mut new_tip);
    }
    if anything {
        for table in tables.all() {
            table.flush(db, &tx).await?;
        }
        tx.commit().await?;
        *tip = new_tip;
    } else {
        tx.rollback().await?;
    }
    for command in commands {
        command.answer();
    }
    Ok(())
}
