//! Limits counted again when the calendar changes.

use futures_util::future::try_join_all;
use kernel::{AppError, DivisionCode, Timestamp, error::Broken};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{NewJob, jobs::Lease};
use uuid::Uuid;

use super::{Heard, chain::then, without_lease};
use crate::{
    change::Change,
    clock::DueClock,
    command::{Act, Acted},
    desk::{Casework, Seen},
    event::CaseEvent,
    store as rows,
};

/// Job that counts the clocks of some cases of an agency again and queues itself for the next ones.
pub(super) const RECOUNT: &str = "casework.recount_page";

/// Cases whose clocks one job counts again: read at once, and done within seconds.
const RECOUNT_CASES: usize = 200;
/// Seconds after which an agency is gone through once more: another program may count with the old
/// edition until it has looked for new ones, and has done so long before.
const RECOUNT_AGAIN_SECONDS: i64 = 300;

#[derive(Deserialize)]
struct Loaded {
    edition: i32,
}

/// How far an agency has been gone through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Position {
    v: u8,
    edition: i32,
    bureau: DivisionCode,
    /// The last case that was looked at.
    after: Uuid,
    /// Whether it is the second time.
    again: bool,
}

impl Position {
    const fn start(edition: i32, bureau: DivisionCode) -> Self {
        Self {
            v: 1,
            edition,
            bureau,
            after: Uuid::nil(),
            again: false,
        }
    }

    /// What comes after these cases; nothing when the second time is over.
    fn next(self, cases: &[Uuid], now: Timestamp) -> Option<NewJob> {
        match cases.last() {
            Some(last) if cases.len() == RECOUNT_CASES => Some(
                Self {
                    after: *last,
                    ..self
                }
                .job(),
            ),
            _ if self.again => None,
            _ => {
                let again = Self {
                    again: true,
                    ..Self::start(self.edition, self.bureau)
                };
                let time = now.plus_seconds(RECOUNT_AGAIN_SECONDS);
                Some(NewJob {
                    not_before: Some(time),
                    ..again.job()
                })
            }
        }
    }

    fn job(&self) -> NewJob {
        NewJob::now(RECOUNT, json!(self))
    }
}

/// A new edition of the calendar: running clocks are counted again, agency by agency, old and new in
/// the log.
pub(super) async fn recount_clocks(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let Heard { body } = lease.read::<Heard<Loaded>>()?;
    let agencies = desk.parts.agencies.keys();
    let jobs = agencies.map(|bureau| Position::start(body.edition, *bureau).job());
    then(desk, lease, jobs.collect()).await
}

/// Counts the clocks of some cases again, and goes on with the next ones in a job of its own: what was
/// done stays done.
pub(super) async fn recount_page(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let position: Position = lease.read()?;
    expect_calendar(desk, position.edition).await?;
    let cases = rows::counted_before(
        &desk.kit.store,
        position.bureau,
        position.edition,
        position.after,
        u64::try_from(RECOUNT_CASES).unwrap_or(u64::MAX),
    )
    .await?;
    let ids: Vec<Uuid> = cases.iter().map(|file| file.case_id).collect();
    let mut recounts = Vec::new();
    for file in cases {
        recounts.extend(recount(desk, lease, &desk.opened(file).await?)?);
    }
    // All wait at once: they share commits.
    try_join_all(recounts).await?;
    then(
        desk,
        lease,
        position.next(&ids, desk.now()).into_iter().collect(),
    )
    .await
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

/// The command that counts a case again; none when no date moves.
fn recount<'a>(
    desk: &'a Casework,
    lease: &Lease,
    seen: &Seen,
) -> Result<Option<impl Future<Output = Result<Acted, AppError>> + use<'a>>, AppError> {
    let calendar = desk.calendar();
    let mut clocks = seen.case.clocks.iter();
    if !clocks.any(|clock| clock.recount(&calendar).is_some()) {
        return Ok(None);
    }
    let envelope = without_lease(desk, lease);
    let command = desk.by_system(seen, &envelope, None, Recount)?;
    Ok(Some(desk.kit.run(envelope, command)))
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

#[cfg(test)]
mod tests {
    use serde_json::from_value;
    use uuid::Uuid;

    use super::{Position, RECOUNT_AGAIN_SECONDS, RECOUNT_CASES};
    use crate::tests::morning;

    fn ids(n: usize) -> Vec<Uuid> {
        let numbers = (1..=n).map(|n| Uuid::from_u128(u128::try_from(n).unwrap()));
        numbers.collect()
    }

    #[test]
    fn an_agency_is_gone_through_page_by_page_and_once_more_later() {
        let now = morning("2026-12-01");
        let first = Position::start(2, "180100".parse().unwrap());
        let job = first.next(&ids(RECOUNT_CASES), now).unwrap();
        let second: Position = from_value(job.payload).unwrap();
        assert_eq!(job.not_before, None, "at once");
        assert_eq!(second.after, *ids(RECOUNT_CASES).last().unwrap());
        let job = second.next(&ids(RECOUNT_CASES - 1), now).unwrap();
        let again: Position = from_value(job.payload).unwrap();
        assert_eq!(
            job.not_before,
            Some(now.plus_seconds(RECOUNT_AGAIN_SECONDS))
        );
        assert_eq!((again.after, again.again), (Uuid::nil(), true));
        let job = again.next(&ids(RECOUNT_CASES), now).unwrap();
        let last: Position = from_value(job.payload).unwrap();
        assert!(last.again && last.after != Uuid::nil());
        assert_eq!(last.next(&[], now), None);
    }
}
