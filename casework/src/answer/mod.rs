//! What the other party does: confirm its notice, bring evidence, answer once.
//!
//! It never acts as the applicant: every use case here finds the case as its other party
//! ([`crate::desk::Casework::see_as_other`]), and every use case of applicants as their own.

pub mod confirm;
pub mod evidence;
pub mod say;

use kernel::{AppError, codes, error::Broken};

use crate::{case::OtherParty, change::Change};

/// The other party, while it may still speak.
///
/// # Errors
/// `E1243` when it has answered, `E1242` when its time has passed or the case is over.
pub(crate) fn may_speak<'a>(change: &'a Change<'_>) -> Result<&'a OtherParty, AppError> {
    let other = change.case.other.as_ref();
    let other = other.ok_or_else(|| Broken::new("the case has no other party"))?;
    if other.answer.is_some() {
        return Err(AppError::refused(&codes::E1243));
    }
    if !change.case.awaits_answer(change.now) {
        return Err(AppError::refused(&codes::E1242));
    }
    Ok(other)
}
