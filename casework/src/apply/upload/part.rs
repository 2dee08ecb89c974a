//! Taking in a part of a file. Where it begins makes it this one: sent again after a lost answer it
//! does not fit any more, and of two writers one is too late.

use axum::{
    extract::State as Context,
    http::{HeaderName, HeaderValue, StatusCode},
};
use httpkit::{
    Authorised, Params, Patience, Refusals, Reply,
    part::{Part as Sent, UPLOAD_OFFSET, wrong_size},
};
use kernel::{
    AppError, Caller, DivisionCode, Refusal,
    caller::{Permission, SignedIn},
    codes,
    ids::{CaseId, Id as _, UploadId},
    limits,
};
use store::{Command, Key, Loads, Work};

use crate::{
    content::{Part, parts_of, parts_text},
    desk::Casework,
    store::upload,
};

/// Takes in the next part of a file.
#[utoipa::path(patch, path = "/cases/{case_id}/uploads/{upload_id}", tag = "cases",
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    params(("case_id" = CaseId, Path), ("upload_id" = UploadId, Path),
        ("Upload-Offset" = i64, Header, description = "Where in the file the part begins.")),
    responses((status = 204, headers(("Upload-Offset" = i64, description = "How many bytes are there."))), Refusals))]
pub(crate) async fn take_part(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<SignedIn>,
    Params((id, upload_id)): Params<(CaseId, UploadId)>,
    sent: Sent,
) -> Reply<(StatusCode, [(HeaderName, HeaderValue); 1])> {
    let offset = take(&desk, &caller, id, upload_id, sent).await?;
    let here = [(UPLOAD_OFFSET, HeaderValue::from(offset))];
    Ok((StatusCode::NO_CONTENT, here))
}

/// Takes in the next part of a file. Returns how many bytes are there.
///
/// # Errors
/// `E1050` when it begins where no part is missing, `E1057` for its size, `E1016` when it comes too
/// slowly.
async fn take<P: Permission>(
    desk: &Casework,
    caller: &Caller<P>,
    id: CaseId,
    upload_id: UploadId,
    sent: Sent,
) -> Result<i64, AppError> {
    let coming = desk.coming(caller, id, upload_id).await?;
    // Nobody reads what does not fit.
    fits(&coming.row, sent.offset)?;
    let _place = desk.file_parts.try_take(caller.principal().actor())?;
    let offset = sent.offset;
    let content = sent.read(Patience::PART).await?;
    let end = offset + i64::try_from(content.len()).unwrap_or(i64::MAX);
    let short = content.len() < limits::PART_BYTES_MIN && end != coming.row.size_bytes;
    if short || end > coming.row.size_bytes {
        return Err(wrong_size().into());
    }
    let owner = coming.owner;
    let part = desk
        .put_part(&coming.seen.file, owner, offset, &content)
        .await?;
    let take = TakePart {
        bureau: owner.bureau,
        case: owner.case,
        key: coming.key(),
        offset,
        part: part.clone(),
    };
    let taken = desk.kit.run(desk.kit.envelope_of(caller), take).await;
    if let Err(AppError::Refused(_)) = &taken {
        desk.drop_part(owner, &part).await;
    }
    taken
}

fn fits(row: &upload::Model, offset: i64) -> Result<(), AppError> {
    if row.received_bytes == offset {
        return Ok(());
    }
    let here = row.received_bytes.to_string();
    Err(Refusal::new(&codes::E1050).with("offset", here).into())
}

struct TakePart {
    bureau: DivisionCode,
    case: CaseId,
    key: Key,
    offset: i64,
    part: Part,
}

impl Command for TakePart {
    type Out = i64;
    const NAME: &'static str = "case.take_part";
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

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<upload::Model>(self.key.clone());
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<i64, AppError> {
        let row = work.require::<upload::Model>(&self.key)?.clone();
        fits(&row, self.offset)?;
        let mut parts = parts_of(&row.parts)?;
        parts.push(self.part.clone());
        let received_bytes = row.received_bytes + self.part.bytes;
        work.put(upload::Model {
            received_bytes,
            parts: parts_text(&parts)?,
            changed_us: work.now().as_micros(),
            ..row
        })?;
        Ok(received_bytes)
    }
}
