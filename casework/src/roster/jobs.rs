//! What runs later: reading, checking, submitting, serving, throwing away.

use kernel::{AppError, DivisionCode, ids::RosterId};
use serde::Deserialize;
use serde_json::json;
use store::{NewJob, jobs::Handlers};

use super::{checking, discard, reading, serving, submitting};
use crate::{
    desk::Casework,
    jobs::handler,
    store::rosters::{self, roster},
};

/// A kind of job about a roster.
pub(super) struct Kind(pub &'static str);

/// Reads the file.
pub(super) const READ: Kind = Kind("casework.roster_read");
/// Checks some rows.
pub(super) const CHECK: Kind = Kind("casework.roster_check");
/// Makes cases of some rows.
pub(super) const SUBMIT: Kind = Kind("casework.roster_submit");
/// Serves the results of some rows.
pub(super) const SERVE: Kind = Kind("casework.roster_serve");
/// Throws away a roster that nobody confirmed.
pub(super) const OLD: Kind = Kind("casework.roster_old");
/// Deletes rows of a roster that is gone.
pub(super) const SWEEP: Kind = Kind("casework.roster_sweep");
/// The message about a finished roster has arrived.
pub(crate) const ARRIVED: &str = "casework.roster_arrived";

/// The roster a job is about, and behind which row it goes on.
#[derive(Debug, Deserialize)]
pub(super) struct OfRoster {
    pub bureau: DivisionCode,
    pub roster: RosterId,
    #[serde(default)]
    pub after: i32,
}

impl Kind {
    /// A job of this kind, as soon as possible.
    pub(super) fn of(&self, bureau: DivisionCode, roster: RosterId) -> NewJob {
        self.after(bureau, roster, 0)
    }

    /// The same for the rows behind one.
    pub(super) fn after(&self, bureau: DivisionCode, roster: RosterId, after: i32) -> NewJob {
        let payload = json!({ "v": 1, "bureau": bureau, "roster": roster, "after": after });
        NewJob::now(self.0, payload)
    }
}

/// The roster of a job; none when it is gone.
pub(super) async fn find(
    desk: &Casework,
    of: &OfRoster,
) -> Result<Option<roster::Model>, AppError> {
    rosters::find_in(&desk.kit.store, of.bureau, of.roster).await
}

/// The handlers of the jobs of rosters.
pub(crate) fn jobs(desk: &Casework) -> Handlers {
    Handlers::from([
        (READ.0, handler(desk, |d, l| Box::pin(reading::read(d, l)))),
        (
            CHECK.0,
            handler(desk, |d, l| Box::pin(checking::check(d, l))),
        ),
        (
            SUBMIT.0,
            handler(desk, |d, l| Box::pin(submitting::submit_rows(d, l))),
        ),
        (
            SERVE.0,
            handler(desk, |d, l| Box::pin(serving::serve(d, l))),
        ),
        (
            OLD.0,
            handler(desk, |d, l| Box::pin(discard::discard_old(d, l))),
        ),
        (
            SWEEP.0,
            handler(desk, |d, l| Box::pin(discard::sweep(d, l))),
        ),
        (
            ARRIVED,
            handler(desk, |d, l| Box::pin(serving::arrived(d, l))),
        ),
    ])
}
