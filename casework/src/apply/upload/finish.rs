//! The end of an upload: what came is what was promised, of a kind that is taken, without a virus;
//! then it is a file of its material.

use axum::{Json, extract::State as Context};
use httpkit::{Act as Write, Authorised, Params, Refusals, Reply};
use kernel::{
    AppError, Caller, Refusal,
    caller::{Permission, SignedIn},
    codes,
    ids::{CaseId, Id as _, MaterialId, UploadId},
};

use super::{Coming, Hidden, cancel::drop_upload};
use crate::{
    apply::{
        attach::{Attach, AttachedFile, expect_slot, kind_of},
        insist::Nothing,
        scan::Scan,
    },
    command::{Acted, MaterialRow},
    content::{Whole, parts_of},
    desk::Casework,
    perform::Asked,
    project::word,
};

/// Makes a file of the material of what has come.
#[utoipa::path(post, path = "/cases/{case_id}/uploads/{upload_id}/finish", tag = "cases", request_body = Nothing,
    params(("case_id" = CaseId, Path), ("upload_id" = UploadId, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = AttachedFile), Refusals))]
pub(crate) async fn finish_upload(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<SignedIn>,
    Params((id, upload_id)): Params<(CaseId, UploadId)>,
    write: Write<Nothing>,
) -> Reply<Json<AttachedFile>> {
    let asked = Asked::unversioned(&write);
    let done = Box::pin(finish(&desk, &caller, id, upload_id, &asked));
    let version = desk.once(&caller, &asked, done).await?.version;
    Ok(Json(AttachedFile {
        material_id: material_of(upload_id),
        version,
    }))
}

/// The file that comes of an upload. It has its number, so that it is made once.
fn material_of(upload_id: UploadId) -> MaterialId {
    MaterialId::from_uuid(upload_id.uuid())
}

/// Makes a file of the material of what has come. Again it changes nothing.
///
/// # Errors
/// `E1051` when parts are missing, `E1052` when it is not what was promised, `E1215` when it is no
/// JPEG, PNG or PDF, `E1053` when it carries a virus, `E1217` and `E1055` when there are too many.
pub async fn finish<P: Permission>(
    desk: &Casework,
    caller: &Caller<P>,
    id: CaseId,
    upload_id: UploadId,
    asked: &Asked,
) -> Result<Acted, AppError> {
    let coming = match desk.coming(caller, id, upload_id).await {
        Err(AppError::Refused(refusal)) => {
            return finished(desk, caller, id, upload_id, refusal).await;
        }
        coming => coming?,
    };
    expect_slot(caller.principal(), &coming.seen, &coming.row.slot)?;
    let missing = coming.row.size_bytes - coming.row.received_bytes;
    if missing > 0 {
        let missing = missing.to_string();
        return Err(Refusal::new(&codes::E1051).with("missing", missing).into());
    }
    // Held until the file was looked at: it is in memory as long.
    let _place = desk.uploads.try_take(caller.principal().actor())?;
    let hidden = desk.hidden(&coming.seen, &coming.row)?;
    let parts = parts_of(&coming.row.parts)?;
    let whole = desk
        .read_parts(&coming.seen.file, coming.owner, &parts)
        .await?;
    let (media_type, scan) = look(desk, caller, &coming, &hidden, &whole.content).await?;
    let act = attach(desk, &coming, &hidden, &whole, (media_type, scan))?;
    drop(whole);
    let acted = desk.perform(caller, asked, &coming.seen, act, None).await?;
    desk.drop_parts_but(coming.owner, &parts).await;
    Ok(acted)
}

/// What was finished before, perhaps a moment ago by somebody else; otherwise the refusal stands.
async fn finished<P>(
    desk: &Casework,
    caller: &Caller<P>,
    id: CaseId,
    upload_id: UploadId,
    refusal: Box<Refusal>,
) -> Result<Acted, AppError> {
    let seen = desk.edited(caller, id).await?;
    let made = material_of(upload_id);
    let mut files = seen.case.files.iter();
    if files.any(|file| file.material_id == made) {
        return Ok(Acted::of(&seen.case));
    }
    Err(AppError::Refused(refusal))
}

/// What a content is. One that is not taken is thrown away: no more parts can mend it.
async fn look<P>(
    desk: &Casework,
    caller: &Caller<P>,
    coming: &Coming,
    hidden: &Hidden,
    content: &[u8],
) -> Result<(&'static str, Scan), AppError> {
    let digest = hidden.digest.as_ref();
    let refused = if digest.is_some_and(|digest| *digest != seal::sha256_hex(content)) {
        &codes::E1052
    } else if let Some(media_type) = kind_of(content) {
        let upload = Some(coming.row.upload_id);
        let scan = desk.expect_no_virus(caller, &coming.seen, upload, content);
        let scan = scan.await;
        if let Err(AppError::Refused(_)) = &scan {
            desk.drop_content(coming.owner).await;
        }
        return Ok((media_type, scan?));
    } else {
        &codes::E1215
    };
    drop_upload(desk, desk.kit.envelope_of(caller), coming).await?;
    Err(AppError::refused(refused))
}

fn attach(
    desk: &Casework,
    coming: &Coming,
    hidden: &Hidden,
    whole: &Whole,
    (media_type, scan): (&str, Scan),
) -> Result<Attach, AppError> {
    let row = &coming.row;
    Ok(Attach {
        material_id: coming.owner.material,
        slot: row.slot.clone(),
        row: MaterialRow {
            bureau: row.bureau.clone(),
            case_id: row.case_id,
            material_id: row.upload_id,
            slot: row.slot.clone(),
            sealed_name: desk.seal(&coming.seen.file, hidden.name.as_bytes())?,
            media_type: media_type.to_owned(),
            size_bytes: row.size_bytes,
            digest: whole.digest.clone(),
            at_us: desk.now().as_micros(),
            parts: Some(row.parts.clone()),
            scan: word(&scan),
        },
        arrived: Some(coming.key()),
    })
}
