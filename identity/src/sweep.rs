//! Sessions of people who never come back, and failures that say nothing any more: without this
//! their rows would stay for ever.

use std::collections::BTreeMap;

use kernel::{AppError, DivisionCode, caller::Actor, limits::SESSION_HOURS_MAX};
use store::{Command, Loads, Work, key};

use crate::{
    Identity,
    roster::bureau_of,
    session::{self, Done},
    store::{self as sql, session as row, throttle},
    throttle::{SPENT_SECONDS, is_spent},
};

/// Rows deleted in one transaction: short enough that no lane waits for it.
const SWEEP_ROWS: u64 = 500;
/// Transactions of one sweep: what is left then is for the next one.
const SWEEP_ROUNDS: usize = 200;

/// Ends the sessions that are past their longest time, in short transactions. Returns how many. To
/// be called from time to time; several programs may do it at once.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep_sessions(context: &Identity) -> Result<usize, AppError> {
    let mut swept = 0;
    for _ in 0..SWEEP_ROUNDS {
        let now = context.now();
        let latest = now.plus_seconds(-SESSION_HOURS_MAX * 3_600);
        let rows = sql::started_before(context.store(), latest, SWEEP_ROWS).await?;
        if rows.is_empty() {
            break;
        }
        swept += rows.len();
        let mut by_agency: BTreeMap<DivisionCode, Vec<Vec<u8>>> = BTreeMap::new();
        for row in rows {
            let bureau = bureau_of("session", row.session_id, &row.bureau)?;
            by_agency.entry(bureau).or_default().push(row.token_hash);
        }
        for (bureau, hashes) in by_agency {
            let envelope = context.envelope_as(Actor::System("sweeper".to_owned()), now);
            let command = SweepSessions { bureau, hashes };
            context.kit().run(envelope, command).await?;
        }
    }
    Ok(swept)
}

/// Deletes failed sign-ins from which nothing follows any more, in short transactions. Returns how
/// many rows. To be called from time to time; several programs may do it at once.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep_failures(context: &Identity) -> Result<usize, AppError> {
    let mut swept = 0;
    for _ in 0..SWEEP_ROUNDS {
        let now = context.now();
        let latest = now.plus_seconds(-SPENT_SECONDS);
        let rows = sql::counted_before(context.store(), latest, SWEEP_ROWS).await?;
        if rows.is_empty() {
            break;
        }
        swept += rows.len();
        let envelope = context.envelope_as(Actor::System("sweeper".to_owned()), now);
        let command = SweepFailures {
            bureau: context.city(),
            subjects: rows.into_iter().map(|row| row.subject).collect(),
        };
        context.kit().run(envelope, command).await?;
    }
    Ok(swept)
}

struct SweepFailures {
    bureau: DivisionCode,
    subjects: Vec<Vec<u8>>,
}

impl Command for SweepFailures {
    type Out = Done;
    const NAME: &'static str = "session.sweep_failures";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        "failures".to_owned()
    }

    fn lane(&self) -> u64 {
        0
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        for subject in &self.subjects {
            loads.row::<throttle::Model>(key!(subject.clone()));
        }
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Done, AppError> {
        for subject in &self.subjects {
            let key = key!(subject.clone());
            // One that failed again meanwhile is counted anew.
            let row = work.get::<throttle::Model>(&key)?;
            if row.is_some_and(|row| is_spent(row, work.now())) {
                work.remove::<throttle::Model>(key);
            }
        }
        Ok(Done {})
    }
}

struct SweepSessions {
    bureau: DivisionCode,
    hashes: Vec<Vec<u8>>,
}

impl Command for SweepSessions {
    type Out = Done;
    const NAME: &'static str = "session.sweep";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        "sessions".to_owned()
    }

    fn lane(&self) -> u64 {
        0
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        for hash in &self.hashes {
            loads.row::<row::Model>(key!(hash.clone()));
        }
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Done, AppError> {
        for hash in &self.hashes {
            session::end(work, hash, "swept")?;
        }
        Ok(Done {})
    }
}
