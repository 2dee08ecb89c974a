//! Work that is done in several jobs, one after the other.

use kernel::{AppError, DivisionCode};
use store::{Command, Loads, NewJob, Work, jobs::Lease};

use crate::desk::Casework;

/// Ends a job and queues what goes on from it, in one transaction.
pub(crate) async fn then(
    desk: &Casework,
    lease: &Lease,
    next: Vec<NewJob>,
) -> Result<(), AppError> {
    let follow = Follow {
        bureau: lease.bureau,
        kind: lease.kind.clone(),
        next,
    };
    desk.kit.run(desk.kit.envelope_for(lease), follow).await
}

struct Follow {
    bureau: DivisionCode,
    kind: String,
    next: Vec<NewJob>,
}

impl Command for Follow {
    type Out = ();
    const NAME: &'static str = "job.follow";
    const AUDITED: bool = false;

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.kind.clone()
    }

    fn lane(&self) -> u64 {
        0
    }

    fn declare(&self, _loads: &mut Loads<'_>) {}

    fn decide(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        for job in &self.next {
            work.job(job.clone());
        }
        Ok(())
    }
}
