//! Files nobody goes on sending, and files that wait for the virus scanner.

use kernel::{
    AppError, DivisionCode, Principal,
    ids::{CaseId, Id as _, MaterialId, UploadId},
};
use serde::Deserialize;
use store::{Command, Key, Loads, NewJob, Work, jobs::Lease, key};

use super::{act, chain::then, find};
use crate::{
    apply::{
        scan::{NoteScan, SCAN_FILE, Scan, scan_later},
        upload::expiry,
    },
    content::{Owner, owner_of},
    desk::Casework,
    store::{material, upload},
};

/// Job that throws an upload away of which nothing more has come for long.
pub(crate) const OLD_UPLOAD: &str = "casework.old_upload";

#[derive(Deserialize)]
struct OfUpload {
    bureau: DivisionCode,
    case: CaseId,
    upload: UploadId,
}

/// Throws the upload away, or looks again when more has come since.
pub(super) async fn discard_old(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let OfUpload {
        bureau,
        case,
        upload,
    } = lease.read()?;
    let key = key!(bureau, case.uuid(), upload.uuid());
    let discard = DiscardOld {
        bureau,
        case,
        key,
        payload: serde_json::from_str(&lease.payload).unwrap_or_default(),
    };
    let gone = desk.kit.run(desk.kit.envelope_for(lease), discard).await?;
    if gone {
        let material = MaterialId::from_uuid(upload.uuid());
        let owner = Owner {
            bureau,
            case,
            material,
        };
        desk.drop_content(owner).await;
    }
    Ok(())
}

struct DiscardOld {
    bureau: DivisionCode,
    case: CaseId,
    key: Key,
    payload: serde_json::Value,
}

impl Command for DiscardOld {
    /// Whether it is gone.
    type Out = bool;
    const NAME: &'static str = "case.discard_upload";
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

    fn decide(&self, work: &mut Work<'_>) -> Result<bool, AppError> {
        let Some(row) = work.get::<upload::Model>(&self.key)? else {
            return Ok(false);
        };
        let due = expiry(row);
        if due > work.now() {
            work.job(NewJob::at(OLD_UPLOAD, self.payload.clone(), due));
            return Ok(false);
        }
        work.remove::<upload::Model>(self.key.clone());
        Ok(true)
    }
}

#[derive(Deserialize)]
struct OfFile {
    bureau: DivisionCode,
    case: CaseId,
    material: MaterialId,
}

/// Looks for viruses in a file for which the scanner had no answer, again and again until it has.
pub(super) async fn scan_file(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let OfFile {
        bureau,
        case,
        material,
    } = lease.read()?;
    let Some(seen) = find(desk, bureau, case).await? else {
        return Ok(());
    };
    let key = key!(bureau, case.uuid(), material.uuid());
    let row = desk.kit.store.find::<material::Model>(key).await?;
    let Some(row) = row else { return Ok(()) };
    if Scan::of(&row.scan)? != Scan::Waiting {
        return Ok(());
    }
    let who = Principal::System(SCAN_FILE).actor();
    let place = desk.place_for_download(who, row.size_bytes).await?;
    let content = desk.read_file(&seen.file, &row).await?;
    let (scan, virus) = desk.scan(&content).await;
    drop((content, place));
    if scan == Scan::Waiting {
        let again = scan_later(&seen.case, material, desk.now());
        return then(desk, lease, vec![again]).await;
    }
    let note = NoteScan {
        material_id: material,
        scan,
        virus,
    };
    act(desk, lease, &seen, note, None).await?;
    if scan == Scan::Infected {
        let owner = owner_of(&seen.file, row.material_id)?;
        desk.drop_content(owner).await;
    }
    Ok(())
}
