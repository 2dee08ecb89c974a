//! What of a case staff read leaves a trace.

use std::fmt;

use kernel::{
    AppError, Caller, DivisionCode,
    caller::Principal,
    ids::{CaseId, Id as _, MaterialId, NoticeId},
};
use store::{Command, Loads, Work};

use crate::desk::{Casework, Seen};

/// What is read, and the name of reading it in the audit log.
pub(crate) trait Readable: fmt::Display + Send + Sync + 'static {
    const READING: &'static str;
}

impl Readable for MaterialId {
    const READING: &'static str = "case.read_file";
}

impl Readable for NoticeId {
    const READING: &'static str = "case.read_paper";
}

/// A version of the form.
pub(crate) struct FormVersion(pub i64);

impl fmt::Display for FormVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "form-{}", self.0)
    }
}

impl Readable for FormVersion {
    const READING: &'static str = "case.read_form";
}

impl Casework {
    /// Whoever of the staff reads this leaves an audit entry, before he gets it; applicants read what
    /// is theirs.
    pub(crate) async fn note_reading<P, T: Readable>(
        &self,
        caller: &Caller<P>,
        seen: &Seen,
        what: T,
    ) -> Result<(), AppError> {
        if !matches!(caller.principal(), Principal::Staff(_)) {
            return Ok(());
        }
        let reading = Reading {
            bureau: seen.case.bureau,
            case: seen.case.id,
            what,
        };
        self.kit.run(self.kit.envelope_of(caller), reading).await
    }
}

/// Leaves the audit entry.
struct Reading<T> {
    bureau: DivisionCode,
    case: CaseId,
    what: T,
}

impl<T: Readable> Command for Reading<T> {
    type Out = ();
    const NAME: &'static str = T::READING;

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        format!("{}/{}", self.case, self.what)
    }

    fn lane(&self) -> u64 {
        self.case.uuid().as_u64_pair().1
    }

    fn declare(&self, _loads: &mut Loads<'_>) {}

    fn decide(&self, _work: &mut Work<'_>) -> Result<(), AppError> {
        Ok(())
    }
}
