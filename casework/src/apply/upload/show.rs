//! How far the files of a case are.

use axum::{
    Json,
    extract::State as Context,
    http::{HeaderName, HeaderValue, header},
};
use httpkit::{
    Authorised, Params, Refusals, Reply, Rows,
    part::{UPLOAD_LENGTH, UPLOAD_OFFSET},
};
use kernel::{
    caller::SignedIn,
    ids::{CaseId, UploadId},
};

use super::UploadView;
use crate::{desk::Casework, store as rows};

/// How far a file is; `HEAD` tells it by headers alone.
#[utoipa::path(get, path = "/cases/{case_id}/uploads/{upload_id}", tag = "cases",
    params(("case_id" = CaseId, Path), ("upload_id" = UploadId, Path)),
    responses((status = 200, body = UploadView, headers(
        ("Upload-Offset" = i64, description = "How many bytes are there."),
        ("Upload-Length" = i64, description = "How large the whole file is."))), Refusals))]
pub(crate) async fn find_upload(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<SignedIn>,
    Params((id, upload_id)): Params<(CaseId, UploadId)>,
) -> Reply<([(HeaderName, HeaderValue); 3], Json<UploadView>)> {
    let coming = desk.coming(&caller, id, upload_id).await?;
    let view = desk.shown(&coming.seen, &coming.row)?;
    let headers = [
        (UPLOAD_OFFSET, HeaderValue::from(view.offset)),
        (UPLOAD_LENGTH, HeaderValue::from(view.bytes)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, Json(view)))
}

/// The files of a case that are on their way, oldest first.
#[utoipa::path(get, path = "/cases/{case_id}/uploads", tag = "cases",
    params(("case_id" = CaseId, Path)),
    responses((status = 200, body = Rows<UploadView>), Refusals))]
pub(crate) async fn list_uploads(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<SignedIn>,
    Params(id): Params<CaseId>,
) -> Reply<Rows<UploadView>> {
    let seen = desk.edited(&caller, id).await?;
    let coming = rows::uploads_of(&desk.kit.store, &seen.file).await?;
    let views: Result<Vec<_>, _> = coming.iter().map(|row| desk.shown(&seen, row)).collect();
    Ok(Rows::all(views?))
}
