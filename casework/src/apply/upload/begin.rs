//! Beginning to send a file, or going on with the same file after the page was closed.

use axum::{Json, extract::State as Context};
use httpkit::{Act as Write, Authorised, Params, Refusals, Reply};
use kernel::{
    AppError, Caller, DivisionCode, Refusal,
    caller::{Permission, SignedIn},
    codes,
    ids::{CaseId, Id as _, UploadId},
    limits,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Command, Loads, NewJob, Work, key};
use utoipa::ToSchema;

use super::{Hidden, UploadView, expiry};
use crate::{
    apply::attach::{expect_room, expect_slot},
    content::parts_text,
    desk::{Casework, Seen},
    jobs::uploads::OLD_UPLOAD,
    perform::Asked,
    store::{self as rows, upload},
};

/// A file that is going to be sent.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginUpload {
    /// The material by its id in the item.
    pub material: String,
    /// The name of the file.
    pub name: String,
    /// How large it is.
    pub bytes: i64,
    /// SHA-256 of its content in hexadecimal letters: what arrives is compared with it, and an
    /// upload of the same content that was broken off goes on.
    #[serde(default)]
    pub digest: Option<String>,
}

/// Begins to send a file, or goes on with one: `offset` says from where.
#[utoipa::path(post, path = "/cases/{case_id}/uploads", tag = "cases", request_body = BeginUpload,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = UploadView), Refusals))]
pub(crate) async fn begin_upload(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<SignedIn>,
    Params(id): Params<CaseId>,
    write: Write<BeginUpload>,
) -> Reply<Json<UploadView>> {
    let asked = Asked::unversioned(&write);
    let begun = begin(&desk, &caller, id, &asked, write.body).await?;
    Ok(Json(begun))
}

/// Begins to send a file, or goes on with one.
///
/// # Errors
/// `E1206` for a material that is not listed, `E1003` and `E1058` for its size, `E1217`, `E1055` and
/// `E1056` when there are too many.
pub async fn begin<P: Permission>(
    desk: &Casework,
    caller: &Caller<P>,
    id: CaseId,
    asked: &Asked,
    given: BeginUpload,
) -> Result<UploadView, AppError> {
    let seen = desk.see(caller, id).await?;
    expect_slot(caller.principal(), &seen, &given.material)?;
    expect_fields(&given)?;
    if !seen.case.is_filled_in() {
        let state = seen.case.state.words();
        return Err(Refusal::new(&codes::E1201).worded("state", state).into());
    }
    let coming = rows::uploads_of(&desk.kit.store, &seen.file).await?;
    if let Some(same) = same(desk, &seen, &coming, &given)? {
        return desk.shown(&seen, same);
    }
    // Two that begin at once may both find the last place: what counts is asked again at the end.
    expect_room(&seen.case, &seen.model, &given.material, coming.len())?;
    if coming.len() >= limits::UPLOADS_OPEN_MAX {
        let max = limits::UPLOADS_OPEN_MAX.to_string();
        return Err(Refusal::new(&codes::E1056).with("max", max).into());
    }
    let row = begun(desk, &seen, given)?;
    let command = Begin {
        bureau: seen.case.bureau,
        case: seen.case.id,
        row,
    };
    let envelope = desk.envelope(caller, asked);
    let begun = desk.kit.run(envelope, command).await?;
    let key = key!(seen.file.bureau.clone(), seen.file.case_id, begun.uuid());
    let row = desk.kit.store.find::<upload::Model>(key).await?;
    let row = row.ok_or_else(|| AppError::refused(&codes::E1012))?;
    desk.shown(&seen, &row)
}

fn expect_fields(given: &BeginUpload) -> Result<(), AppError> {
    let most = limits::UPLOAD_BYTES_MAX;
    if given.bytes <= 0 {
        return Err(AppError::refused(&codes::E1058));
    }
    if usize::try_from(given.bytes).is_ok_and(|bytes| bytes > most) {
        let limit = format!("{} MB", most / 1024 / 1024);
        return Err(Refusal::new(&codes::E1003).with("limit", limit).into());
    }
    let is_digest = |text: &String| {
        let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        text.len() == 64 && text.bytes().all(hex)
    };
    if given.digest.as_ref().is_some_and(|text| !is_digest(text)) {
        return Err(Refusal::fields(Vec::new())
            .field("/digest", &codes::E1023)
            .into());
    }
    Ok(())
}

/// The upload of the same content to the same material that was broken off.
fn same<'a>(
    desk: &Casework,
    seen: &Seen,
    coming: &'a [upload::Model],
    given: &BeginUpload,
) -> Result<Option<&'a upload::Model>, AppError> {
    if given.digest.is_none() {
        return Ok(None);
    }
    let alike = |row: &&upload::Model| row.slot == given.material && row.size_bytes == given.bytes;
    for row in coming.iter().filter(alike) {
        if desk.hidden(seen, row)?.digest == given.digest {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

fn begun(desk: &Casework, seen: &Seen, given: BeginUpload) -> Result<upload::Model, AppError> {
    let now = desk.now();
    let hidden = Hidden {
        name: given.name.chars().take(limits::LINE_CHARS_MAX).collect(),
        digest: given.digest,
    };
    Ok(upload::Model {
        bureau: seen.file.bureau.clone(),
        case_id: seen.file.case_id,
        upload_id: UploadId::new(now, &mut desk.entropy()).uuid(),
        slot: given.material,
        sealed: desk.hide(seen, &hidden)?,
        size_bytes: given.bytes,
        received_bytes: 0,
        parts: parts_text(&[])?,
        changed_us: now.as_micros(),
    })
}

struct Begin {
    bureau: DivisionCode,
    case: CaseId,
    row: upload::Model,
}

impl Command for Begin {
    type Out = UploadId;
    const NAME: &'static str = "case.begin_upload";
    /// The file that comes of it is on record.
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

    fn declare(&self, _loads: &mut Loads<'_>) {}

    fn decide(&self, work: &mut Work<'_>) -> Result<UploadId, AppError> {
        let upload_id = UploadId::from_uuid(self.row.upload_id);
        work.append(self.row.clone());
        let payload =
            json!({ "v": 1, "bureau": self.bureau, "case": self.case, "upload": upload_id });
        work.job(NewJob::at(OLD_UPLOAD, payload, expiry(&self.row)));
        Ok(upload_id)
    }
}
