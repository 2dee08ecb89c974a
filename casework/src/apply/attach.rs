//! Papers: uploaded, taken away. Content is checked by what it is, sealed under the key of
//! its case, and reached through its case alone.

use axum::{
    Json,
    extract::{Multipart, State as Context, multipart::MultipartRejection},
};
use httpkit::{
    Authorised, Filter, Keyed, Params, Patience, Refusals, Reply, Versioned,
    upload::{self, Upload},
};
use kernel::{
    AppError, Caller, DivisionCode, Principal, Refusal, Timestamp,
    caller::{Permission, SignedIn},
    codes,
    error::Broken,
    ids::{CaseId, Id as _, MaterialId},
    item::Material,
    limits,
};
use serde::{Deserialize, Serialize};
use store::{Key, Loads, Work, key};
use utoipa::{IntoParams, ToSchema};

use super::{
    save::expect_editor,
    scan::{Scan, scan_later},
};
use crate::{
    case::Case,
    change::Change,
    command::{Act, Acted, MaterialRow, UploadRow},
    content::owner_of,
    desk::{Casework, Seen},
    event::{CaseEvent, Target},
    model::Model,
    perform::Asked,
    project::word,
    state::State,
};

/// To which material a file belongs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Slot {
    /// The material by its id in the item.
    material: String,
}

/// A file was attached.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AttachedFile {
    /// The file.
    pub material_id: MaterialId,
    /// The version of the case.
    pub version: i64,
}

/// The part of a multipart body that carries the file.
#[derive(ToSchema)]
pub(crate) struct FilePart {
    #[schema(value_type = String, format = Binary)]
    #[expect(dead_code, reason = "describes the body in the API document")]
    file: Vec<u8>,
}

/// Attaches a file to a material.
#[utoipa::path(post, path = "/cases/{case_id}/files", tag = "cases",
    request_body(content = inline(FilePart), content_type = "multipart/form-data"),
    params(("case_id" = CaseId, Path), Slot, ("Idempotency-Key" = String, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = AttachedFile), Refusals))]
pub(crate) async fn attach_file(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<SignedIn>,
    Params(id): Params<CaseId>,
    Filter(slot): Filter<Slot>,
    keyed: Keyed,
    multipart: Result<Multipart, MultipartRejection>,
) -> Reply<Json<AttachedFile>> {
    // Nobody makes room for a file that has no place in the case.
    let seen = desk.see(&caller, id).await?;
    expect_slot(caller.principal(), &seen, &slot.material)?;
    drop(seen);
    // Held until the file is stored: it is in memory as long.
    let _place = desk.uploads.try_take(caller.principal().actor())?;
    let upload = upload::receive(multipart, Patience::UPLOAD, limits::UPLOAD_BYTES_MAX).await?;
    let asked = Asked::keyed(&keyed, upload.digest(&slot.material));
    Ok(Json(
        attach(&desk, &caller, id, &asked, &slot.material, upload).await?,
    ))
}

/// What a file is, by its first bytes; never by what it calls itself.
pub fn kind_of(content: &[u8]) -> Option<&'static str> {
    match content {
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some("image/png"),
        [b'%', b'P', b'D', b'F', b'-', ..] => Some("application/pdf"),
        _ => None,
    }
}

/// Attaches a file to a material of the closed list.
///
/// # Errors
/// `E1215` when it is no JPEG, PNG or PDF, `E1206` for a material that is not listed, `E1217` and
/// `E1055` when there are too many, `E1053` when it carries a virus.
pub async fn attach<P: Permission>(
    desk: &Casework,
    caller: &Caller<P>,
    id: CaseId,
    asked: &Asked,
    slot: &str,
    upload: Upload,
) -> Result<AttachedFile, AppError> {
    let seen = desk.see(caller, id).await?;
    let mut own = None;
    let done = store(desk, caller, &seen, asked, slot, &upload, &mut own);
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

/// Stores the content and attaches it; `own` is the name under which it lies from then on.
async fn store<P: Permission>(
    desk: &Casework,
    caller: &Caller<P>,
    seen: &Seen,
    asked: &Asked,
    slot: &str,
    upload: &Upload,
    own: &mut Option<MaterialId>,
) -> Result<Acted, AppError> {
    expect_slot(caller.principal(), seen, slot)?;
    let media_type = kind_of(&upload.content).ok_or_else(|| Refusal::new(&codes::E1215))?;
    let content = &upload.content;
    let scan = desk.expect_no_virus(caller, seen, None, content).await?;
    let act = sealed(desk, seen, slot, (media_type, scan), upload).await?;
    let material_id = act.material_id;
    *own = Some(material_id);
    let done = desk.perform(caller, asked, seen, act, None).await;
    if let Err(AppError::Refused(_)) = &done {
        // The content is not needed. One that stays behind is unreadable without its row, and is
        // found by `yici doctor`.
        desk.drop_content(owner_of(&seen.file, material_id.uuid())?)
            .await;
    }
    done
}

/// Whether this caller may attach something to this material.
pub(super) fn expect_slot(principal: &Principal, seen: &Seen, slot: &str) -> Result<(), AppError> {
    expect_editor(principal, seen)?;
    if seen.model.material(slot).is_none() {
        return Err(Refusal::new(&codes::E1206).with("material", slot).into());
    }
    Ok(())
}

/// The file that came with a version of a case: its event says which it was.
pub(crate) async fn attached_by(
    desk: &Casework,
    case: &Case,
    version: i64,
) -> Result<MaterialId, AppError> {
    let history = desk.kit.store.history(case.bureau, case.id.uuid()).await?;
    let event = history.iter().find(|event| event.seq == version);
    event
        .and_then(|event| event.body.get("material_id")?.as_str()?.parse().ok())
        .ok_or_else(|| Broken::new("an attached file without its event").into())
}

/// Seals a file, stores its content, and makes the act that refers to it.
pub(crate) async fn sealed(
    desk: &Casework,
    seen: &Seen,
    slot: &str,
    (media_type, scan): (&str, Scan),
    upload: &Upload,
) -> Result<Attach, AppError> {
    let now = desk.now();
    let material_id = MaterialId::new(now, &mut desk.entropy());
    let owner = owner_of(&seen.file, material_id.uuid())?;
    let digest = desk.put_whole(&seen.file, owner, &upload.content).await?;
    let row = MaterialRow {
        bureau: seen.file.bureau.clone(),
        case_id: seen.file.case_id,
        material_id: material_id.uuid(),
        slot: slot.to_owned(),
        sealed_name: desk.seal(&seen.file, upload.name.as_bytes())?,
        media_type: media_type.to_owned(),
        size_bytes: i64::try_from(upload.content.len()).unwrap_or(i64::MAX),
        digest,
        at_us: now.as_micros(),
        parts: None,
        scan: word(&scan),
    };
    Ok(Attach {
        material_id,
        slot: slot.to_owned(),
        row,
        arrived: None,
    })
}

pub(crate) struct Attach {
    pub material_id: MaterialId,
    pub slot: String,
    pub row: MaterialRow,
    /// The upload that ends with it, if the file came in parts.
    pub arrived: Option<Key>,
}

impl Act for Attach {
    const NAME: &'static str = "case.attach";

    fn declare(&self, _bureau: DivisionCode, _case: CaseId, loads: &mut Loads<'_>) {
        if let Some(key) = &self.arrived {
            loads.row::<UploadRow>(key.clone());
        }
    }

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        let files = &change.case.files;
        // Somebody else has finished the same upload.
        if files
            .iter()
            .any(|file| file.material_id == self.material_id)
        {
            return Ok(());
        }
        change.expect_filled_in()?;
        expect_room(&change.case, &change.model, &self.slot, 0)?;
        let (material_id, slot) = (self.material_id, self.slot.clone());
        change.emit(CaseEvent::FileAttached { material_id, slot })
    }

    fn write(&self, case: &Case, work: &mut Work<'_>) -> Result<(), AppError> {
        if let Some(key) = &self.arrived {
            // One that was cancelled meanwhile has no content any more.
            work.require::<UploadRow>(key)?;
            work.remove::<UploadRow>(key.clone());
        }
        if self.row.scan == word(&Scan::Waiting) {
            work.job(scan_later(case, self.material_id, work.now()));
        }
        work.append(self.row.clone());
        Ok(())
    }
}

/// Whether a case, and a material of it, may have one more file; `coming` are on their way to the
/// case.
///
/// # Errors
/// `E1217` when the case has too many, `E1055` when the material has.
pub(super) fn expect_room(
    case: &Case,
    model: &Model,
    slot: &str,
    coming: usize,
) -> Result<(), AppError> {
    let full = |code, max: usize| Err(Refusal::new(code).with("max", max.to_string()).into());
    if case.files.len() + coming >= limits::FILES_PER_CASE_MAX {
        return full(&codes::E1217, limits::FILES_PER_CASE_MAX);
    }
    let most = model
        .material(slot)
        .map_or(limits::FILES_PER_MATERIAL_MAX, Material::files_max);
    let here = case.files.iter().filter(|file| file.slot == slot).count();
    if here >= most {
        return full(&codes::E1055, most);
    }
    Ok(())
}

/// Takes a file away.
#[utoipa::path(delete, path = "/cases/{case_id}/files/{material_id}", tag = "cases",
    params(("case_id" = CaseId, Path), ("material_id" = MaterialId, Path), ("Idempotency-Key" = String, Header),
        ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn remove_file(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<SignedIn>,
    Params((id, material_id)): Params<(CaseId, MaterialId)>,
    keyed: Keyed,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::keyed(&keyed, Vec::new());
    let done = remove(&desk, &caller, id, &asked, material_id);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

async fn remove(
    desk: &Casework,
    caller: &Caller<SignedIn>,
    id: CaseId,
    asked: &Asked,
    material_id: MaterialId,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    expect_editor(caller.principal(), &seen)?;
    let act = Remove { material_id };
    let acted = desk.perform(caller, asked, &seen, act, None).await?;
    desk.drop_content(owner_of(&seen.file, material_id.uuid())?)
        .await;
    Ok(acted)
}

pub(crate) struct Remove {
    pub material_id: MaterialId,
}

impl Act for Remove {
    const NAME: &'static str = "case.remove_file";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        change.expect_filled_in()?;
        let case = &change.case;
        let mut files = case.files.iter();
        let file = files.find(|file| file.material_id == self.material_id);
        let file = file.ok_or_else(|| AppError::refused(&codes::E1012))?;
        // A correction replaces what the notice lists; what was in order stays.
        let listed = case.corrections.last().is_some_and(|notice| {
            let target = Target::Material(file.slot.clone());
            notice.targets.contains(&target)
        });
        let new = case.supplied.contains(&self.material_id);
        if case.state == State::Correcting && !listed && !new {
            return Err(Refusal::fields(Vec::new())
                .field("/material_id", &codes::E1029)
                .into());
        }
        change.emit(CaseEvent::FileRemoved {
            material_id: self.material_id,
        })
    }

    fn write(&self, case: &Case, work: &mut Work<'_>) -> Result<(), AppError> {
        work.remove::<MaterialRow>(key!(case.bureau, case.id.uuid(), self.material_id.uuid()));
        Ok(())
    }
}

/// A file of a case as pages show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FileView {
    /// The file.
    pub material_id: MaterialId,
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: i64,
    /// What it is.
    pub media_type: String,
    /// When it came.
    pub uploaded_at: Timestamp,
    /// What is known of viruses in it.
    pub scan: Scan,
}
