//! The content of an uploaded file, for whoever may see its case.

use axum::{
    body::{Body, Bytes},
    extract::State as Context,
    http::{HeaderName, HeaderValue, Response, header},
};
use httpkit::{Authorised, Params, Patience, Refusals, Reply, send};
use kernel::{
    AppError, Caller, Principal,
    caller::SignedIn,
    codes,
    ids::{CaseId, Id as _, MaterialId},
};

use super::scan::Scan;
use crate::{
    answer::evidence::EVIDENCE,
    desk::{Casework, Seen, Sight},
    store as rows,
};

/// The content of a file.
#[utoipa::path(get, path = "/cases/{case_id}/files/{material_id}", tag = "cases",
    params(("case_id" = CaseId, Path), ("material_id" = MaterialId, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), Refusals))]
pub(crate) async fn file_content(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<SignedIn>,
    Params((id, material_id)): Params<(CaseId, MaterialId)>,
) -> Reply<Response<Body>> {
    let seen = desk.see(&caller, id).await?;
    let row = rows::material_of(&desk.kit.store, &seen.file, material_id).await?;
    // Who only hands the result out: what the applicant gave is none of his business. What the other
    // party brings is for those who weigh it.
    let is_evidence = row.slot == EVIDENCE && matches!(caller.principal(), Principal::Citizen(_));
    if seen.sight == Sight::Result || is_evidence {
        return Err(AppError::refused(&codes::E1012).into());
    }
    Ok(content(&desk, &caller, &seen, row).await?)
}

/// The content of a file of a case in sight; staff leave a trace.
pub(crate) async fn content<P>(
    desk: &Casework,
    caller: &Caller<P>,
    seen: &Seen,
    row: rows::material::Model,
) -> Result<Response<Body>, AppError> {
    let material_id = MaterialId::from_uuid(row.material_id);
    match Scan::of(&row.scan)? {
        Scan::NotScanned | Scan::Clean => {}
        Scan::Waiting => return Err(AppError::refused(&codes::E1054)),
        Scan::Infected => return Err(AppError::refused(&codes::E1059)),
    }
    let who = caller.principal().actor();
    let place = desk.place_for_download(who, row.size_bytes).await?;
    desk.note_reading(caller, seen, material_id).await?;
    let content = Bytes::from(desk.read_file(&seen.file, &row).await?);
    let length = HeaderValue::from(content.len());
    let mut response = Response::new(send::body(content, place, Patience::DOWNLOAD));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, length);
    if let Ok(kind) = HeaderValue::from_str(&row.media_type) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    for (name, value) in shown_inside_our_pages(&row.media_type) {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// What applicants upload is shown, by our own pages only, and never run. The kinds are those of
/// [`super::attach::kind_of`]; a browser's PDF viewer does not start inside a sandbox.
fn shown_inside_our_pages(media_type: &str) -> [(HeaderName, &'static str); 5] {
    let policy = if media_type == "application/pdf" {
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; object-src 'self'; frame-ancestors 'self'"
    } else {
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; object-src 'self'; frame-ancestors 'self'; sandbox"
    };
    [
        (header::CACHE_CONTROL, "private, no-store"),
        (header::CONTENT_DISPOSITION, "inline"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (header::CONTENT_SECURITY_POLICY, policy),
    ]
}
