//! Throwing a roster away that nobody confirmed: its key and its row go, then what was sealed. Of one
//! that became cases the rows go that could not, when it is old.

use axum::{Json, extract::State as Context};
use httpkit::{Authorised, Keyed, Params, Refusals, Reply};
use kernel::{
    AppError, Caller, DivisionCode, Timestamp,
    caller::CanApply,
    ids::{Id as _, RosterId},
    limits::ROSTER_DAYS_MAX,
};
use store::{Command, Envelope, Loads, NewJob, Work, jobs::Lease, key};

use super::{
    RosterState,
    command::{body_of, bureau_of},
    jobs::{OLD, OfRoster, SWEEP, find},
    stage::{RowState, expect},
    upload::enterprise_of,
};
use crate::{
    apply::insist::Nothing,
    desk::Casework,
    jobs::chain,
    perform::Asked,
    store::rosters::{self, file_part, roster, row},
};

/// Rows deleted by one command.
const ROWS_PER_PAGE: u32 = 500;
/// More parts than any file has; those that are not there do no harm.
const PARTS_MAX: i32 = 32;

/// States in which nothing was applied for yet, or in which all of it was read wrong.
const UNCONFIRMED: [RosterState; 4] = [
    RosterState::Reading,
    RosterState::Checking,
    RosterState::Checked,
    RosterState::Refused,
];

/// Throws a roster away that was not confirmed, with everything that was filled in.
#[utoipa::path(delete, path = "/rosters/{roster_id}", tag = "rosters",
    params(("roster_id" = RosterId, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Nothing), Refusals))]
pub(crate) async fn discard_roster(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Params(id): Params<RosterId>,
    keyed: Keyed,
) -> Reply<Json<Nothing>> {
    let asked = Asked::keyed(&keyed, Vec::new());
    let done = discard(&desk, &caller, id, &asked);
    desk.once(&caller, &asked, done).await?;
    Ok(Json(Nothing {}))
}

async fn discard(
    desk: &Casework,
    caller: &Caller<CanApply>,
    id: RosterId,
    asked: &Asked,
) -> Result<(), AppError> {
    let employer = enterprise_of(caller.citizen()?)?;
    let roster = rosters::find_own(&desk.kit.store, employer, id).await?;
    throw_away(desk, desk.envelope(caller, asked), &roster).await
}

async fn throw_away(
    desk: &Casework,
    envelope: Envelope,
    of: &roster::Model,
) -> Result<(), AppError> {
    let bureau = bureau_of(of)?;
    let roster = RosterId::from_uuid(of.roster_id);
    desk.kit.run(envelope, Discard { bureau, roster }).await
}

struct Discard {
    bureau: DivisionCode,
    roster: RosterId,
}

impl Command for Discard {
    type Out = ();
    const NAME: &'static str = "roster.discard";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.roster.to_string()
    }

    fn lane(&self) -> u64 {
        self.roster.uuid().as_u64_pair().1
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<roster::Model>(key!(self.bureau, self.roster.uuid()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        let key = key!(self.bureau, self.roster.uuid());
        let row = work.require::<roster::Model>(&key)?.clone();
        expect(&row, &UNCONFIRMED)?;
        let version = row.version + 1;
        work.emit(
            "roster",
            row.roster_id,
            version,
            "roster.discarded",
            body_of(&row),
        );
        drop_file(&row, work);
        work.remove::<roster::Model>(key);
        work.job(SWEEP.of(self.bureau, self.roster));
        Ok(())
    }
}

/// Deletes the parts of an uploaded file.
pub(super) fn drop_file(row: &roster::Model, work: &mut Work<'_>) {
    for part in 0..=PARTS_MAX {
        work.remove::<file_part::Model>(key!(row.bureau.clone(), row.roster_id, part));
    }
}

/// Looks at a roster when it is old enough to go.
pub(super) fn when_old(bureau: DivisionCode, roster: RosterId, now: Timestamp) -> NewJob {
    OLD.of(bureau, roster).due(now.plus_days(ROSTER_DAYS_MAX))
}

/// Throws an old roster away, or what is left of it once it became cases.
pub(super) async fn discard_old(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let of: OfRoster = lease.read()?;
    let Some(roster) = find(desk, &of).await? else {
        return Ok(());
    };
    let next = match RosterState::of(&roster)? {
        RosterState::Submitting => OLD.of(of.bureau, of.roster).due(desk.now().plus_days(1)),
        RosterState::Finished => {
            // What went wrong may be looked at as long as what nobody confirmed.
            let ended = roster.ended_us.unwrap_or(roster.created_us);
            let due = Timestamp::from_micros(ended).plus_days(ROSTER_DAYS_MAX);
            if due > desk.now() {
                OLD.of(of.bureau, of.roster).due(due)
            } else {
                SWEEP.of(of.bureau, of.roster)
            }
        }
        RosterState::Reading
        | RosterState::Checking
        | RosterState::Checked
        | RosterState::Refused => {
            return throw_away(desk, desk.kit.envelope_for(lease), &roster).await;
        }
    };
    chain::then(desk, lease, vec![next]).await
}

/// Deletes rows: those that could not become cases, or all where the roster is gone or was not read.
pub(super) async fn sweep(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let of: OfRoster = lease.read()?;
    let store = &desk.kit.store;
    let roster = find(desk, &of).await?;
    let state = roster.as_ref().map(RosterState::of).transpose()?;
    let numbers = match (&roster, state) {
        (None, _) | (_, Some(RosterState::Refused)) => {
            rosters::row_numbers(store, of.bureau, of.roster, ROWS_PER_PAGE).await?
        }
        (Some(roster), Some(RosterState::Finished)) => {
            let wrong = [RowState::Bad.as_str(), RowState::Failed.as_str()];
            let rows = rosters::rows_in(store, roster, &wrong, 0, ROWS_PER_PAGE).await?;
            rows.into_iter().map(|row| row.row_no).collect()
        }
        _ => Vec::new(),
    };
    if numbers.is_empty() {
        return chain::then(desk, lease, Vec::new()).await;
    }
    let sweep = Sweep {
        bureau: of.bureau,
        roster: of.roster,
        numbers,
    };
    desk.kit.run(desk.kit.envelope_for(lease), sweep).await
}

struct Sweep {
    bureau: DivisionCode,
    roster: RosterId,
    numbers: Vec<i32>,
}

impl Command for Sweep {
    type Out = ();
    const NAME: &'static str = "roster.sweep";
    const AUDITED: bool = false;

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.roster.to_string()
    }

    fn lane(&self) -> u64 {
        self.roster.uuid().as_u64_pair().1
    }

    fn declare(&self, _loads: &mut Loads<'_>) {}

    fn decide(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        for number in &self.numbers {
            work.remove::<row::Model>(key!(self.bureau, self.roster.uuid(), *number));
        }
        work.job(SWEEP.of(self.bureau, self.roster));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use kernel::limits::ROSTER_BYTES_MAX;

    use super::{super::upload::PART_BYTES, PARTS_MAX};

    #[test]
    fn the_largest_file_has_no_more_parts_than_are_dropped() {
        let parts = ROSTER_BYTES_MAX.div_ceil(PART_BYTES);
        assert!(i32::try_from(parts).unwrap() <= PARTS_MAX);
    }
}
