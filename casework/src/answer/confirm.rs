//! 签收: the other party confirms on line that it has its notice, and says how it is served from now
//! on (domain §1.9: electronic service needs consent). Its time to answer begins.

use axum::extract::State as Context;
use httpkit::{Act as Write, Authorised, Params, Refusals, Reply, Versioned};
use kernel::{AppError, Caller, caller::CanApply, ids::CaseId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::may_speak;
use crate::{
    change::{Change, Service},
    command::{Act, Acted},
    desk::Casework,
    perform::Asked,
};

/// How the other party is served from now on.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmNotice {
    /// Whether the decision may be served electronically.
    pub electronic_service: bool,
}

/// The other party confirms that it has its notice.
#[utoipa::path(post, path = "/cases/{case_id}/other-party/confirm", tag = "cases", request_body = ConfirmNotice,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn confirm_notice(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Params(id): Params<CaseId>,
    write: Write<ConfirmNotice>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::unversioned(&write);
    let done = confirm(&desk, &caller, id, &asked, write.body);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// The other party confirms that it has its notice; one that was served before stays served then.
///
/// # Errors
/// `E1242` when its time has passed, `E1243` when it has answered.
pub async fn confirm(
    desk: &Casework,
    caller: &Caller<CanApply>,
    id: CaseId,
    asked: &Asked,
    given: ConfirmNotice,
) -> Result<Acted, AppError> {
    let seen = desk.see_as_other(caller, id).await?;
    let act = Confirm {
        electronic: given.electronic_service,
    };
    desk.perform(caller, asked, &seen, act, None).await
}

pub(crate) struct Confirm {
    pub electronic: bool,
}

impl Act for Confirm {
    const NAME: &'static str = "case.confirm_notice";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        let notice_id = may_speak(change)?.notice_id;
        if change.case.service_of(notice_id).is_some() {
            return Ok(());
        }
        change.serve_other(
            notice_id,
            Service {
                how: "electronic",
                on: None,
                agreed: self.electronic,
                received: None,
            },
        )
    }
}
