//! Files that come in parts, so that a broken connection costs no more than the last one: begun,
//! sent part by part, finished, or cancelled. Whoever may attach files to the case may go on with
//! them, from any device.

pub mod begin;
pub mod cancel;
pub mod finish;
pub mod part;
pub mod show;

use kernel::{
    AppError, Caller, Timestamp, codes,
    error::Broken,
    ids::{CaseId, Id as _, UploadId},
    limits,
};
use serde::{Deserialize, Serialize};
use store::{Key, key};
use utoipa::ToSchema;

use super::save::expect_editor;
use crate::{
    content::{Owner, owner_of},
    desk::{Casework, Seen},
    store::upload,
};

/// A file on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UploadView {
    /// The upload.
    pub upload_id: UploadId,
    /// The material by its id in the item.
    pub material: String,
    /// The name of the file.
    pub name: String,
    /// How large it is.
    pub bytes: i64,
    /// How many bytes are there: the next part begins here.
    pub offset: i64,
    /// Bytes of a part at most.
    pub part_bytes_max: i64,
    /// When it is thrown away if nothing more of it comes.
    pub expires_at: Timestamp,
}

/// What the row of an upload keeps sealed.
#[derive(Serialize, Deserialize)]
struct Hidden {
    name: String,
    digest: Option<String>,
}

/// A file on its way, for whoever may go on with it.
struct Coming {
    seen: Seen,
    row: upload::Model,
    owner: Owner,
}

impl Coming {
    fn key(&self) -> Key {
        key_of(&self.row)
    }
}

fn key_of(row: &upload::Model) -> Key {
    key!(row.bureau.clone(), row.case_id, row.upload_id)
}

impl Casework {
    /// A case whose files this caller may change.
    async fn edited<P>(&self, caller: &Caller<P>, id: CaseId) -> Result<Seen, AppError> {
        let seen = self.see(caller, id).await?;
        expect_editor(caller.principal(), &seen)?;
        Ok(seen)
    }

    /// A file on its way to a case.
    async fn coming<P>(
        &self,
        caller: &Caller<P>,
        id: CaseId,
        upload: UploadId,
    ) -> Result<Coming, AppError> {
        let seen = self.edited(caller, id).await?;
        let key = key!(seen.file.bureau.clone(), seen.file.case_id, upload.uuid());
        let row = self.kit.store.find::<upload::Model>(key).await?;
        let row = row.ok_or_else(|| AppError::refused(&codes::E1012))?;
        let owner = owner_of(&seen.file, row.upload_id)?;
        Ok(Coming { seen, row, owner })
    }

    fn hide(&self, seen: &Seen, hidden: &Hidden) -> Result<Vec<u8>, AppError> {
        let text = serde_json::to_vec(hidden);
        self.seal(
            &seen.file,
            &text.map_err(|fault| Broken::caused("an upload", fault))?,
        )
    }

    fn hidden(&self, seen: &Seen, row: &upload::Model) -> Result<Hidden, AppError> {
        let opened = self.open(&seen.file, &row.sealed)?;
        serde_json::from_slice(&opened).map_err(|fault| Broken::caused("an upload", fault).into())
    }

    fn shown(&self, seen: &Seen, row: &upload::Model) -> Result<UploadView, AppError> {
        Ok(UploadView {
            upload_id: UploadId::from_uuid(row.upload_id),
            material: row.slot.clone(),
            name: self.hidden(seen, row)?.name,
            bytes: row.size_bytes,
            offset: row.received_bytes,
            part_bytes_max: i64::try_from(limits::PART_BYTES_MAX).unwrap_or(i64::MAX),
            expires_at: expiry(row),
        })
    }
}

/// When an upload has rested too long.
pub(crate) fn expiry(row: &upload::Model) -> Timestamp {
    Timestamp::from_micros(row.changed_us).plus_seconds(limits::UPLOAD_IDLE_HOURS * 3_600)
}
