//! Looking for viruses: before a file is taken, or later while the scanner does not answer.

use kernel::{
    AppError, Caller, DivisionCode, Refusal, codes,
    error::Broken,
    ids::{CaseId, Id as _, MaterialId},
    limits,
    ports::Verdict,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Command, Loads, NewJob, Work, key};
use utoipa::ToSchema;

use crate::{
    case::Case,
    change::Change,
    command::{Act, MaterialRow},
    desk::{Casework, Seen},
    event::CaseEvent,
    project::word,
    store::upload,
};

/// Job that looks at a file again which no scanner has answered for.
pub(crate) const SCAN_FILE: &str = "casework.scan_file";

/// What is known of viruses in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scan {
    /// Nobody looked: no scanner was connected.
    NotScanned,
    /// Nothing was found.
    Clean,
    /// The scanner has not answered yet; until then nobody opens it.
    Waiting,
    /// A virus was found later; the content is gone.
    Infected,
}

impl Scan {
    /// As its row says it.
    pub(crate) fn of(text: &str) -> Result<Self, AppError> {
        serde_json::from_value(text.into())
            .map_err(|fault| Broken::caused("what a scanner said", fault).into())
    }
}

impl Casework {
    /// What the scanner says of a content now, and the virus if it found one.
    pub(crate) async fn scan(&self, content: &[u8]) -> (Scan, Option<String>) {
        let Some(scanner) = &self.parts.scanner else {
            return (Scan::NotScanned, None);
        };
        match scanner.scan(content).await {
            Verdict::Clean => (Scan::Clean, None),
            Verdict::Infected { virus } => (Scan::Infected, Some(virus)),
            Verdict::Unavailable => (Scan::Waiting, None),
        }
    }

    /// The same for a file that somebody brings: one with a virus is refused, and that is on record.
    ///
    /// # Errors
    /// `E1053` when a virus was found.
    pub(crate) async fn expect_no_virus<P>(
        &self,
        caller: &Caller<P>,
        seen: &Seen,
        upload: Option<uuid::Uuid>,
        content: &[u8],
    ) -> Result<Scan, AppError> {
        let (scan, virus) = self.scan(content).await;
        let Some(virus) = virus else { return Ok(scan) };
        let refuse = RefuseFile {
            bureau: seen.case.bureau,
            case: seen.case.id,
            upload,
        };
        self.kit.run(self.kit.envelope_of(caller), refuse).await?;
        Err(Refusal::new(&codes::E1053).with("virus", virus).into())
    }
}

/// A file was refused for its virus; nothing of it stays.
struct RefuseFile {
    bureau: DivisionCode,
    case: CaseId,
    upload: Option<uuid::Uuid>,
}

impl Command for RefuseFile {
    type Out = ();
    const NAME: &'static str = "case.refuse_file";

    fn outcome(&self) -> &'static str {
        codes::E1053.id
    }

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

    fn decide(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        if let Some(upload) = self.upload {
            work.remove::<upload::Model>(key!(self.bureau, self.case.uuid(), upload));
        }
        Ok(())
    }
}

/// Looks at a file again, a little later.
pub(crate) fn scan_later(case: &Case, material: MaterialId, now: kernel::Timestamp) -> NewJob {
    let payload = json!({ "v": 1, "bureau": case.bureau, "case": case.id, "material": material });
    NewJob::at(
        SCAN_FILE,
        payload,
        now.plus_seconds(limits::SCAN_AGAIN_SECONDS),
    )
}

/// The answer of the scanner for a file that waited for it.
pub(crate) struct NoteScan {
    pub material_id: MaterialId,
    pub scan: Scan,
    pub virus: Option<String>,
}

impl NoteScan {
    fn key(&self, bureau: DivisionCode, case: CaseId) -> store::Key {
        key!(bureau, case.uuid(), self.material_id.uuid())
    }
}

impl Act for NoteScan {
    const NAME: &'static str = "case.scan_file";

    fn outcome(&self) -> &'static str {
        match self.scan {
            Scan::Infected => codes::E1053.id,
            _ => "done",
        }
    }

    fn declare(&self, bureau: DivisionCode, case: CaseId, loads: &mut Loads<'_>) {
        loads.row::<MaterialRow>(self.key(bureau, case));
    }

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        let mut files = change.case.files.iter();
        // It was taken away meanwhile.
        if !files.any(|file| file.material_id == self.material_id) {
            return Ok(());
        }
        change.emit(CaseEvent::FileScanned {
            material_id: self.material_id,
            scan: self.scan,
            virus: self.virus.clone(),
        })
    }

    fn write(&self, case: &Case, work: &mut Work<'_>) -> Result<(), AppError> {
        let row = work.require::<MaterialRow>(&self.key(case.bureau, case.id))?;
        let row = MaterialRow {
            scan: word(&self.scan),
            ..row.clone()
        };
        work.put(row)
    }
}
