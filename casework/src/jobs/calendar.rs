//! Limits counted again when the calendar changes.

use kernel::{AppError, error::Broken};
use serde::Deserialize;
use store::jobs::Lease;

use super::{Heard, without_lease};
use crate::{
    change::Change,
    clock::DueClock,
    command::Act,
    desk::{Casework, Seen},
    event::CaseEvent,
    store as rows,
};

/// Cases read at once when clocks are counted again.
const RECOUNT_CASES: u64 = 200;

#[derive(Deserialize)]
struct Loaded {
    edition: i32,
}

/// A new edition of the calendar: running clocks are counted again, old and new in the log.
pub(super) async fn recount_clocks(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let Heard { body } = lease.read::<Heard<Loaded>>()?;
    expect_calendar(desk, body.edition).await?;
    for bureau in desk.parts.agencies.keys() {
        let mut after = uuid::Uuid::nil();
        loop {
            let store = &desk.kit.store;
            let cases = rows::running_after(store, *bureau, after, RECOUNT_CASES).await?;
            let Some(last) = cases.last() else { break };
            after = last.case_id;
            for file in cases {
                recount(desk, lease, desk.opened(file).await?).await?;
            }
        }
    }
    Ok(())
}

/// Takes the edition in if another program has loaded it; counting with an older one would find
/// nothing to do.
///
/// # Errors
/// Broken when it is not there yet: the queue tries again.
async fn expect_calendar(desk: &Casework, edition: i32) -> Result<(), AppError> {
    if desk.calendar().edition() < edition {
        desk.parts.items.refresh().await?;
    }
    if desk.calendar().edition() < edition {
        return Err(
            Broken::new(format!("edition {edition} of the calendar is not here yet")).into(),
        );
    }
    Ok(())
}

async fn recount(desk: &Casework, lease: &Lease, seen: Seen) -> Result<(), AppError> {
    let calendar = desk.calendar();
    let mut clocks = seen.case.clocks.iter();
    if !clocks.any(|clock| clock.recount(&calendar).is_some()) {
        return Ok(());
    }
    let envelope = without_lease(desk, lease);
    let command = desk.by_system(&seen, &envelope, None, Recount)?;
    desk.kit.run(envelope, command).await.map(drop)
}

pub(crate) struct Recount;

impl Act for Recount {
    const NAME: &'static str = "case.recount";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        let counted: Vec<(DueClock, DueClock)> = change
            .case
            .clocks
            .iter()
            .filter_map(|old| old.recount(&change.calendar).map(|new| (old.clone(), new)))
            .collect();
        let shown = change.case.shown().map(|clock| clock.clock);
        for (old, new) in counted {
            change.emit(CaseEvent::ClockRecomputed {
                clock: old.clock,
                old: old.due_on,
                new,
                shown: shown == Some(old.clock),
            })?;
        }
        Ok(())
    }
}
