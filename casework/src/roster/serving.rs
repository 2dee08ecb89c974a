//! Serving results: one message tells of the whole roster, and with its arrival all that was granted
//! at once is served.

use futures_util::future::try_join_all;
use kernel::{
    AppError, DivisionCode,
    ids::{CaseId, Id as _, RosterId},
};
use serde::Deserialize;
use store::jobs::Lease;

use super::{
    jobs::{OfRoster, SERVE, find},
    stage::RowState,
};
use crate::{
    desk::Casework,
    jobs::{Serve, chain, without_lease},
    store::rosters,
};

/// Rows served in one job.
const ROWS_PER_PAGE: u32 = 256;

#[derive(Deserialize)]
struct Heard {
    body: Arrival,
}

#[derive(Deserialize)]
struct Arrival {
    roster_id: RosterId,
}

/// The message about a roster has arrived.
pub(super) async fn arrived(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let Heard { body } = lease.read()?;
    let bureau: DivisionCode = lease.bureau;
    let next = vec![SERVE.of(bureau, body.roster_id)];
    chain::then(desk, lease, next).await
}

/// Serves the results of the next rows.
pub(super) async fn serve(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let of: OfRoster = lease.read()?;
    let Some(roster) = find(desk, &of).await? else {
        return Ok(());
    };
    let wanted = [RowState::Opened.as_str()];
    let rows = rosters::rows_in(&desk.kit.store, &roster, &wanted, of.after, ROWS_PER_PAGE).await?;
    let Some(last) = rows.last() else {
        return chain::then(desk, lease, Vec::new()).await;
    };
    let next = SERVE.after(of.bureau, of.roster, last.row_no);
    // All wait at once: they share commits.
    let served = rows
        .iter()
        .map(|row| serve_one(desk, lease, of.bureau, CaseId::from_uuid(row.case_id)));
    try_join_all(served).await?;
    chain::then(desk, lease, vec![next]).await
}

async fn serve_one(
    desk: &Casework,
    lease: &Lease,
    bureau: DivisionCode,
    case: CaseId,
) -> Result<(), AppError> {
    let Some(seen) = crate::jobs::find(desk, bureau, case).await? else {
        return Ok(());
    };
    // What a person decided is told by a message of its own.
    let decision = seen.case.decision.as_ref();
    let Some(decision) = decision.filter(|decision| decision.by_rule.is_some()) else {
        return Ok(());
    };
    let notice_id = decision.notice_id;
    let envelope = without_lease(desk, lease);
    let command = desk.by_system(&seen, &envelope, None, Serve { notice_id })?;
    desk.kit.run(envelope, command).await.map(drop)
}
