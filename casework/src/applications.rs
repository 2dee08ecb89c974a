//! What was applied for, told to whoever carries out what was granted.

use kernel::{
    AppError, DivisionCode, Private,
    ids::CaseId,
    ports::{Answer, Applications},
};
use serde_json::Value;

use crate::{desk::Casework, jobs::find};

impl Applications for Casework {
    fn form(&self, bureau: DivisionCode, case: CaseId) -> Answer<'_, Option<Private<Value>>> {
        Box::pin(async move {
            let Some(seen) = find(self, bureau, case).await? else {
                return Ok::<_, AppError>(None);
            };
            let data = self.form_of(&seen).await?;
            Ok(Some(Private::new(data.whole(&seen.model))))
        })
    }
}
