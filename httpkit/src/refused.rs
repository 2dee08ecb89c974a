//! Refused access leaves an audit entry of its own (GB/T 22239 L3-CES1-12).
//!
//! Two kinds count: who lacks the permission, and who has it and reached for a case, an enterprise
//! or a step that is not his (scope, agency, separation of duties). The extractor leaves its
//! [`Trace`] in the request; the middleware notes what the answer says.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicU32, Ordering},
};

use axum::http::request::Parts;
use kernel::{
    AppError, Code, DivisionCode, Principal, Timestamp, caller::Request, codes,
    limits::REFUSALS_NOTED_MAX,
};
use store::{Command, Envelope, Loads, Work};

use crate::Kit;

/// The refusals that are about who somebody is: no permission, not his to see, not his enterprise,
/// not his step of the case.
const NOTED: [&Code; 8] = [
    &codes::E1012,
    &codes::E1102,
    &codes::E1107,
    &codes::E1114,
    &codes::E1202,
    &codes::E1203,
    &codes::E1204,
    &codes::E1227,
];

/// Who a request turned out to be from, and what it needed. The middleware puts an empty one into
/// the request, the extractor fills it.
#[derive(Clone, Default)]
pub(crate) struct Trace(Arc<OnceLock<Reached>>);

struct Reached {
    principal: Principal,
    request: Request,
    permission: &'static str,
}

impl Trace {
    /// Leaves who calls in the request.
    pub(crate) fn leave(
        parts: &Parts,
        principal: &Principal,
        request: &Request,
        permission: &'static str,
    ) {
        if let Some(trace) = parts.extensions.get::<Self>() {
            trace.0.get_or_init(|| Reached {
                principal: principal.clone(),
                request: request.clone(),
                permission,
            });
        }
    }
}

/// How many refusals were noted in this minute: a caller who tries out a million addresses fills
/// neither the log nor the queues of those who work.
#[derive(Default)]
pub(crate) struct Minute {
    started: AtomicU32,
    noted: AtomicU32,
}

impl Minute {
    /// Whether there is room for one more.
    fn has_room(&self, now: Timestamp) -> bool {
        let minute = u32::try_from(now.as_micros() / 60_000_000).unwrap_or(u32::MAX);
        if self.started.swap(minute, Ordering::Relaxed) != minute {
            self.noted.store(0, Ordering::Relaxed);
        }
        self.noted.fetch_add(1, Ordering::Relaxed) < REFUSALS_NOTED_MAX
    }
}

/// Notes that a signed-in caller reached for what is not his. Nobody waits for it: the refusal is
/// answered at once, and when too much is waiting the log line alone remains.
pub(crate) fn note(
    kit: &Kit,
    minute: &Minute,
    trace: &Trace,
    (method, path): (&axum::http::Method, &str),
    error: &AppError,
) {
    let Some(reached) = trace.0.get() else { return };
    let Some(code) = NOTED.into_iter().find(|code| code.id == error.code()) else {
        return;
    };
    let bureau = match &reached.principal {
        Principal::Staff(staff) => Some(staff.bureau),
        Principal::Citizen(_) => Some(kit.city),
        Principal::Stranger | Principal::System(_) => None,
    };
    let Some(bureau) = bureau else { return };
    let (now, permission) = (kit.clock.now(), reached.permission);
    let command = RefusedAccess {
        bureau,
        subject: format!("{method} {path} needs {permission}"),
        outcome: code.id,
    };
    let envelope = Envelope {
        actor: reached.principal.actor(),
        request: reached.request.id,
        station: reached.request.station.as_deref().map(ToOwned::to_owned),
        now,
        seed: (kit.seeds)(),
        idempotency: None,
        lease: None,
    };
    if !minute.has_room(now) || kit.executor.submit(envelope, command).is_err() {
        tracing::warn!(
            path,
            permission,
            code = code.id,
            "refused access could not be noted"
        );
    }
}

struct RefusedAccess {
    bureau: DivisionCode,
    subject: String,
    outcome: &'static str,
}

impl Command for RefusedAccess {
    type Out = ();
    const NAME: &'static str = "access.refused";

    fn outcome(&self) -> &'static str {
        self.outcome
    }

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.subject.clone()
    }

    fn lane(&self) -> u64 {
        0
    }

    fn declare(&self, _loads: &mut Loads<'_>) {}

    fn decide(&self, _work: &mut Work<'_>) -> Result<(), AppError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_refusals_a_minute_are_noted_and_then_no_more() {
        let minute = Minute::default();
        let start = Timestamp::from_micros(0);
        let noted = |seconds| {
            let now = start.plus_seconds(seconds);
            (0..2 * REFUSALS_NOTED_MAX)
                .filter(|_| minute.has_room(now))
                .count()
        };
        let max = usize::try_from(REFUSALS_NOTED_MAX).unwrap_or_default();
        assert_eq!(noted(0), max);
        assert_eq!(noted(59), 0);
        assert_eq!(noted(60), max);
    }
}
