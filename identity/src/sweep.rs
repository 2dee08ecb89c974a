//! Sessions of people who never come back: without this their rows would stay for ever.

use std::collections::BTreeMap;

use kernel::{AppError, DivisionCode, caller::Actor, limits::SESSION_HOURS_MAX};
use store::{Command, Loads, Work, key};

use crate::{
    Identity,
    roster::bureau_of,
    session::{self, Done},
    store::{self as sql, session as row},
};

/// Sessions ended in one transaction: short enough that no lane waits for it.
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
