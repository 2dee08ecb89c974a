//! 证据: what the other party uploads before it answers. It is sealed under the key of the case like
//! every paper, and read by the other party itself and by those who weigh the case.

use axum::{
    Json,
    body::Body,
    extract::{Multipart, State as Context, multipart::MultipartRejection},
    http::Response,
};
use httpkit::{
    Authorised, Filter, Keyed, Params, Patience, Refusals, Reply, Versioned,
    upload::{self, Upload},
};
use kernel::{
    AppError, Caller, Refusal,
    caller::CanApply,
    codes,
    ids::{CaseId, Id as _, MaterialId},
    limits,
};
use serde::Deserialize;
use store::{Work, key};
use utoipa::{IntoParams, ToSchema};

use super::may_speak;
use crate::{
    apply::{
        attach::{AttachedFile, attached_by, kind_of, sealed},
        scan::{Scan, scan_later},
        show::content,
    },
    case::Case,
    change::Change,
    command::{Act, Acted, MaterialRow},
    content::owner_of,
    desk::{Casework, Seen},
    event::CaseEvent,
    perform::Asked,
    project::word,
    store as rows,
};

/// The one place where evidence of the other party lies; no material of an item is called like that.
pub(crate) const EVIDENCE: &str = "evidence";

/// To what a file belongs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Place {
    /// `evidence`.
    material: String,
}

/// The part of a multipart body that carries the file.
#[derive(ToSchema)]
pub(crate) struct EvidencePart {
    #[schema(value_type = String, format = Binary)]
    #[expect(dead_code, reason = "describes the body in the API document")]
    file: Vec<u8>,
}

/// The other party uploads evidence.
#[utoipa::path(post, path = "/cases/{case_id}/other-party/files", tag = "cases",
    request_body(content = inline(EvidencePart), content_type = "multipart/form-data"),
    params(("case_id" = CaseId, Path), Place, ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = AttachedFile), Refusals))]
pub(crate) async fn attach_evidence(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Params(id): Params<CaseId>,
    Filter(place): Filter<Place>,
    keyed: Keyed,
    multipart: Result<Multipart, MultipartRejection>,
) -> Reply<Json<AttachedFile>> {
    let seen = desk.see_as_other(&caller, id).await?;
    if place.material != EVIDENCE {
        let refusal = Refusal::new(&codes::E1206).with("material", place.material);
        return Err(AppError::from(refusal).into());
    }
    drop(seen);
    // Held until the file is stored: it is in memory as long.
    let _place = desk.uploads.try_take(caller.principal().actor())?;
    let upload = upload::receive(multipart, Patience::UPLOAD, limits::UPLOAD_BYTES_MAX).await?;
    let asked = Asked {
        version: None,
        ..Asked::keyed(&keyed, upload.digest(EVIDENCE))
    };
    Ok(Json(attach(&desk, &caller, id, &asked, upload).await?))
}

/// The other party uploads evidence, until it has answered.
///
/// # Errors
/// `E1215` when it is no JPEG, PNG or PDF, `E1217` when there are too many, `E1242` and `E1243` when it
/// is too late.
pub async fn attach(
    desk: &Casework,
    caller: &Caller<CanApply>,
    id: CaseId,
    asked: &Asked,
    upload: Upload,
) -> Result<AttachedFile, AppError> {
    let seen = desk.see_as_other(caller, id).await?;
    let mut own = None;
    let done = keep(desk, caller, &seen, asked, &upload, &mut own);
    let version = desk.once(caller, asked, done).await?.version;
    let material_id = attached_by(desk, &seen.case, version).await?;
    // A repetition: what it brought is there already.
    if let Some(own) = own.filter(|own| *own != material_id) {
        desk.drop_content(owner_of(&seen.file, own.uuid())?).await;
    }
    Ok(AttachedFile {
        material_id,
        version,
    })
}

async fn keep(
    desk: &Casework,
    caller: &Caller<CanApply>,
    seen: &Seen,
    asked: &Asked,
    upload: &Upload,
    own: &mut Option<MaterialId>,
) -> Result<Acted, AppError> {
    let media_type = kind_of(&upload.content).ok_or_else(|| Refusal::new(&codes::E1215))?;
    let content = &upload.content;
    let scan = desk.expect_no_virus(caller, seen, None, content).await?;
    let file = sealed(desk, seen, EVIDENCE, (media_type, scan), upload).await?;
    let material_id = file.material_id;
    *own = Some(material_id);
    let act = AttachEvidence {
        material_id,
        row: file.row,
    };
    let done = desk.perform(caller, asked, seen, act, None).await;
    if let Err(AppError::Refused(_)) = &done {
        desk.drop_content(owner_of(&seen.file, material_id.uuid())?)
            .await;
    }
    done
}

pub(crate) struct AttachEvidence {
    pub material_id: MaterialId,
    pub row: MaterialRow,
}

impl Act for AttachEvidence {
    const NAME: &'static str = "case.attach_evidence";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        if may_speak(change)?.files.len() >= limits::EVIDENCE_FILES_MAX {
            let max = limits::EVIDENCE_FILES_MAX.to_string();
            return Err(Refusal::new(&codes::E1217).with("max", max).into());
        }
        change.emit(CaseEvent::OtherPartyFileAttached {
            material_id: self.material_id,
        })
    }

    fn write(&self, case: &Case, work: &mut Work<'_>) -> Result<(), AppError> {
        if self.row.scan == word(&Scan::Waiting) {
            work.job(scan_later(case, self.material_id, work.now()));
        }
        work.append(self.row.clone());
        Ok(())
    }
}

/// The other party takes a piece of evidence away again.
#[utoipa::path(delete, path = "/cases/{case_id}/other-party/files/{material_id}", tag = "cases",
    params(("case_id" = CaseId, Path), ("material_id" = MaterialId, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn remove_evidence(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Params((id, material_id)): Params<(CaseId, MaterialId)>,
    keyed: Keyed,
) -> Reply<Versioned<Acted>> {
    let asked = Asked {
        version: None,
        ..Asked::keyed(&keyed, Vec::new())
    };
    let done = remove(&desk, &caller, id, &asked, material_id);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

async fn remove(
    desk: &Casework,
    caller: &Caller<CanApply>,
    id: CaseId,
    asked: &Asked,
    material_id: MaterialId,
) -> Result<Acted, AppError> {
    let seen = desk.see_as_other(caller, id).await?;
    let act = RemoveEvidence { material_id };
    let acted = desk.perform(caller, asked, &seen, act, None).await?;
    desk.drop_content(owner_of(&seen.file, material_id.uuid())?)
        .await;
    Ok(acted)
}

pub(crate) struct RemoveEvidence {
    pub material_id: MaterialId,
}

impl Act for RemoveEvidence {
    const NAME: &'static str = "case.remove_evidence";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        let material_id = self.material_id;
        if !may_speak(change)?.files.contains(&material_id) {
            return Err(AppError::refused(&codes::E1012));
        }
        change.emit(CaseEvent::OtherPartyFileRemoved { material_id })
    }

    fn write(&self, case: &Case, work: &mut Work<'_>) -> Result<(), AppError> {
        work.remove::<MaterialRow>(key!(case.bureau, case.id.uuid(), self.material_id.uuid()));
        Ok(())
    }
}

/// The content of a piece of evidence, for the other party that brought it.
#[utoipa::path(get, path = "/cases/{case_id}/other-party/files/{material_id}", tag = "cases",
    params(("case_id" = CaseId, Path), ("material_id" = MaterialId, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), Refusals))]
pub(crate) async fn evidence_content(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Params((id, material_id)): Params<(CaseId, MaterialId)>,
) -> Reply<Response<Body>> {
    let seen = desk.see_as_other(&caller, id).await?;
    let row = rows::material_of(&desk.kit.store, &seen.file, material_id).await?;
    if row.slot != EVIDENCE {
        return Err(AppError::refused(&codes::E1012).into());
    }
    Ok(content(&desk, &caller, &seen, row).await?)
}
