//! Cancelling an upload: by whoever sends it, or because what came is not taken.

use axum::{Json, extract::State as Context};
use httpkit::{Authorised, Keyed, Params, Refusals, Reply};
use kernel::{
    AppError, Caller, DivisionCode,
    caller::{Permission, SignedIn},
    ids::{CaseId, Id as _, UploadId},
};
use store::{Command, Envelope, Key, Loads, Work};

use super::Coming;
use crate::{apply::insist::Nothing, desk::Casework, perform::Asked, store::upload};

/// Cancels an upload.
#[utoipa::path(delete, path = "/cases/{case_id}/uploads/{upload_id}", tag = "cases",
    params(("case_id" = CaseId, Path), ("upload_id" = UploadId, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Nothing), Refusals))]
pub(crate) async fn cancel_upload(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<SignedIn>,
    Params((id, upload_id)): Params<(CaseId, UploadId)>,
    keyed: Keyed,
) -> Reply<Json<Nothing>> {
    let asked = Asked::keyed(&keyed, Vec::new());
    let done = cancel(&desk, &caller, id, upload_id, &asked);
    desk.once(&caller, &asked, done).await?;
    Ok(Json(Nothing {}))
}

/// Cancels an upload: what came of it is deleted.
///
/// # Errors
/// `E1012` when it is finished, or was thrown away.
pub async fn cancel<P: Permission>(
    desk: &Casework,
    caller: &Caller<P>,
    id: CaseId,
    upload_id: UploadId,
    asked: &Asked,
) -> Result<(), AppError> {
    let coming = desk.coming(caller, id, upload_id).await?;
    drop_upload(desk, desk.envelope(caller, asked), &coming).await
}

/// Throws an upload away with what came of it.
pub(super) async fn drop_upload(
    desk: &Casework,
    envelope: Envelope,
    coming: &Coming,
) -> Result<(), AppError> {
    let owner = coming.owner;
    let cancel = Cancel {
        bureau: owner.bureau,
        case: owner.case,
        key: coming.key(),
    };
    desk.kit.run(envelope, cancel).await?;
    desk.drop_content(owner).await;
    Ok(())
}

struct Cancel {
    bureau: DivisionCode,
    case: CaseId,
    key: Key,
}

impl Command for Cancel {
    type Out = ();
    const NAME: &'static str = "case.cancel_upload";
    /// Nothing came of it.
    const AUDITED: bool = false;

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.case.to_string()
    }

    fn lane(&self) -> u64 {
        self.case.uuid().as_u64_pair().1
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<upload::Model>(self.key.clone());
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        work.require::<upload::Model>(&self.key)?;
        work.remove::<upload::Model>(self.key.clone());
        Ok(())
    }
}
