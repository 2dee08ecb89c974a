//! A draft follows its item: an application is handled under the edition that is in force when it is
//! submitted or received, however long the draft lay.

use std::sync::Arc;

use kernel::{AppError, Caller, Timestamp, caller::Permission, codes};
use serde_json::Value;
use store::Work;

use super::{
    open::{applicant_of, ask},
    save::{emit_saved, keep_data},
};
use crate::{
    case::Case,
    change::Change,
    command::Act,
    desk::{Casework, Seen},
    event::{CaseEvent, Moved},
    model::Model,
    perform::{Asked, FormData, PackedForm},
    state::State,
};

/// Lets a draft of the edition in force pass; one of another is moved to it first.
///
/// # Errors
/// `E1236` when it was moved: whoever wanted to go on looks at it again. `E1010` when somebody else
/// changed it meanwhile.
pub(crate) async fn expect_edition_in_force<P: Permission>(
    desk: &Casework,
    caller: &Caller<P>,
    seen: &Seen,
) -> Result<(), AppError> {
    let opening = &seen.case.opening;
    if seen.case.state != State::Draft {
        return Ok(());
    }
    let model = desk
        .models
        .in_force(desk.parts.items.as_ref(), &opening.item)?;
    if model.edition.edition == opening.edition {
        return Ok(());
    }
    let applicant = applicant_of(desk, &seen.case).await?;
    let kept = FormData {
        form: still_asked(&model, desk.form_of(seen).await?.form),
        ..FormData::default()
    };
    let data = ask(desk, &model, &applicant, kept).await?;
    let moved = Seen {
        file: seen.file.clone(),
        case: seen.case.clone(),
        model: Arc::clone(&model),
        agents: seen.agents.clone(),
        sight: seen.sight,
    };
    let facts = &model.edition.facts;
    let act = Renew {
        to: Moved {
            edition: model.edition.edition,
            name: facts.name.clone(),
            kind: facts.kind,
            handled_in: model.handled_in(seen.case.bureau)?,
        },
        packed: desk.pack_form(&moved, &data)?,
        now: desk.now(),
    };
    // Only as it was read: what somebody saves meanwhile is not written over.
    let asked = Asked {
        version: Some(seen.case.version),
        repetition: None,
    };
    desk.perform(caller, &asked, &moved, act, None).await?;
    Err(AppError::refused(&codes::E1236))
}

/// The values for which the form has a field.
fn still_asked(model: &Model, form: Value) -> Value {
    match form {
        Value::Object(mut values) => {
            values.retain(|key, _| model.form.keys().any(|known| known == key));
            Value::Object(values)
        }
        other => other,
    }
}

/// Moves a draft to another edition.
struct Renew {
    to: Moved,
    packed: PackedForm,
    now: Timestamp,
}

impl Act for Renew {
    const NAME: &'static str = "case.change_edition";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        change.expect_state(&[State::Draft])?;
        change.emit(CaseEvent::EditionChanged(Box::new(self.to.clone())))?;
        emit_saved(change, &self.packed)
    }

    fn write(&self, case: &Case, work: &mut Work<'_>) -> Result<(), AppError> {
        keep_data(case, &self.packed, self.now, work);
        Ok(())
    }
}
