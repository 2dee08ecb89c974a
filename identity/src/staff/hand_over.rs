//! Somebody hands his work over to a colleague, as when he leaves.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use httpkit::{Act, Authorised, Params, ProblemDocument, Reply, Versioned};
use kernel::{
    AppError, DivisionCode,
    caller::{Caller, CanManageStaff},
    codes,
    ids::{Id as _, StaffId},
};
use serde::Deserialize;
use serde_json::json;
use store::{Command, Envelope, Loads, Work, key};
use utoipa::ToSchema;

use super::{StaffChanged, managed};
use crate::{Identity, roster::bureau_of, session::lane_of, store::staff_row};

/// Tells everybody who keeps work of `from` that it is `to`'s now (`staff.handed_over`).
///
/// # Errors
/// `E1110` when `to` is not another active colleague of the same agency.
pub async fn hand_over(
    context: &Identity,
    caller: &Caller<CanManageStaff>,
    envelope: Envelope,
    from: StaffId,
    to: StaffId,
) -> Result<StaffChanged, AppError> {
    let row = managed(context, caller.principal(), from).await?;
    let command = HandOver {
        bureau: bureau_of("staff", row.staff_id, &row.bureau)?,
        from,
        to,
    };
    context.kit().run(envelope, command).await
}

struct HandOver {
    bureau: DivisionCode,
    from: StaffId,
    to: StaffId,
}

impl Command for HandOver {
    type Out = StaffChanged;
    const NAME: &'static str = "staff.hand_over";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.from.to_string()
    }

    fn lane(&self) -> u64 {
        lane_of(self.from.uuid())
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        for staff in [self.from, self.to] {
            loads.row::<staff_row::Model>(key!(self.bureau, staff.uuid()));
        }
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<StaffChanged, AppError> {
        let to = work.get::<staff_row::Model>(&key!(self.bureau, self.to.uuid()))?;
        if self.from == self.to || !to.is_some_and(|row| row.active) {
            return Err(AppError::refused(&codes::E1110));
        }
        let from = key!(self.bureau, self.from.uuid());
        let mut row = work.require::<staff_row::Model>(&from)?.clone();
        row.version += 1;
        let version = row.version;
        work.put(row)?;
        let body = json!({"bureau": self.bureau, "from": self.from, "to": self.to});
        work.emit(
            "staff",
            self.from.uuid(),
            version,
            "staff.handed_over",
            body,
        );
        Ok(StaffChanged {
            staff_id: self.from,
            version,
        })
    }
}

/// To whom.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandOverIn {
    to: StaffId,
}

/// Hand the work of a staff member over; it moves shortly after.
#[utoipa::path(post, path = "/staff/{staff_id}/hand-over", tag = "identity", request_body = HandOverIn, params(
    ("staff_id" = StaffId, Path, description = "Whose work"),
    ("Idempotency-Key" = String, Header, description = "Recognises a repetition"),
), responses(
    (status = 202, description = "It will be moved", body = StaffChanged),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn create_hand_over(
    State(context): State<Identity>,
    Authorised(caller): Authorised<CanManageStaff>,
    Params(from): Params<StaffId>,
    act: Act<HandOverIn>,
) -> Reply<Response> {
    let envelope = context.kit().envelope(&caller, &act.repetition);
    let changed = hand_over(&context, &caller, envelope, from, act.body.to).await?;
    Ok((StatusCode::ACCEPTED, Versioned(changed.version, changed)).into_response())
}
