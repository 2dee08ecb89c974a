//! Drafts that nobody goes on with: thrown away with their key when they have lain long enough.

use kernel::{
    AppError, Timestamp,
    limits::{DRAFT_DAYS_MAX, WINDOW_DRAFT_DAYS_MAX},
};
use serde_json::json;
use store::{NewJob, jobs::Lease};

use super::{OfCase, chain::then, find};
use crate::{
    apply::discard::throw_away,
    case::{Case, Channel},
    desk::Casework,
    state::State,
};

/// Job that throws a draft away when nobody has changed it for long.
pub(super) const OLD_DRAFT: &str = "casework.old_draft";

/// Looks at the draft when it would be old enough if it stays as it is.
pub(crate) fn when_old(case: &Case, changed: Timestamp) -> NewJob {
    let days = match case.opening.channel {
        Channel::Online => DRAFT_DAYS_MAX,
        Channel::Window => WINDOW_DRAFT_DAYS_MAX,
    };
    let payload = json!({ "v": 1, "bureau": case.bureau, "case": case.id });
    NewJob::at(OLD_DRAFT, payload, changed.plus_days(days))
}

/// Throws the draft away, or looks again when it was changed since.
pub(super) async fn discard_old(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let OfCase { bureau, case } = lease.read()?;
    let Some(seen) = find(desk, bureau, case).await? else {
        return Ok(());
    };
    if seen.case.state != State::Draft {
        return Ok(());
    }
    let changed = Timestamp::from_micros(seen.file.updated_us);
    let again = when_old(&seen.case, changed);
    if again.not_before.is_some_and(|due| due > desk.now()) {
        return then(desk, lease, vec![again]).await;
    }
    let version = Some(seen.case.version);
    throw_away(desk, desk.kit.envelope_for(lease), &seen, version).await
}
