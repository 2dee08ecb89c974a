//! Refused access leaves an audit entry of its own (GB/T 22239 L3-CES1-12).

use axum::{extract::MatchedPath, http::request::Parts};
use kernel::{AppError, DivisionCode, Principal, caller::Request, codes};
use store::{Command, Envelope, Loads, Work};

use crate::Kit;

/// Notes that a signed-in caller reached for what he may not. Nobody waits for it: the refusal is
/// answered at once, and when too much is waiting the log line alone remains.
pub(crate) fn note(
    kit: &Kit,
    principal: &Principal,
    request: &Request,
    parts: &Parts,
    permission: &'static str,
    error: &AppError,
) {
    if error.code() != codes::E1102.id {
        return;
    }
    let bureau = match principal {
        Principal::Staff(staff) => Some(staff.bureau),
        _ => "000000".parse().ok(),
    };
    let Some(bureau) = bureau else { return };
    let path = parts
        .extensions
        .get::<MatchedPath>()
        .map_or("unmatched", MatchedPath::as_str);
    let command = RefusedAccess {
        bureau,
        subject: format!("{} {path} needs {permission}", parts.method),
    };
    let envelope = Envelope {
        actor: principal.actor(),
        request: request.id,
        station: request.station.as_deref().map(ToOwned::to_owned),
        now: kit.clock.now(),
        seed: (kit.seeds)(),
        idempotency: None,
        lease: None,
    };
    if kit.executor.submit(envelope, command).is_err() {
        tracing::warn!(path, permission, "refused access could not be noted");
    }
}

struct RefusedAccess {
    bureau: DivisionCode,
    subject: String,
}

impl Command for RefusedAccess {
    type Out = ();
    const NAME: &'static str = "access.refused";

    fn outcome(&self) -> &'static str {
        codes::E1102.id
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
