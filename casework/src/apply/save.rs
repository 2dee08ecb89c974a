//! Saving the form: a draft as it grows, an application that must be amended, a correction.

use std::collections::BTreeSet;

use axum::extract::State as Context;
use httpkit::{Act as Write, Authorised, Params, Refusals, Reply, Versioned};
use kernel::{
    AppError, Caller, Principal, Refusal, Timestamp,
    caller::{Permission, SignedIn},
    codes,
    error::FieldFault,
    ids::CaseId,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::{Work, key};
use utoipa::ToSchema;

use crate::{
    case::{Case, Channel},
    change::Change,
    command::{Act, Acted, data_row},
    desk::{Casework, Seen},
    event::{CaseEvent, Target},
    model::Model,
    perform::{Asked, PackedForm},
    state::State,
    store::data,
    views::masked,
};

/// The form as filled in so far.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveForm {
    /// Values by field.
    #[schema(value_type = Object)]
    pub data: Map<String, Value>,
}

/// Saves the form of a draft, of an application to amend, or of a correction.
#[utoipa::path(put, path = "/cases/{case_id}/form", tag = "cases", request_body = SaveForm,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn save_form(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<SignedIn>,
    Params(id): Params<CaseId>,
    write: Write<SaveForm>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::over_http(&write)?;
    let done = save(&desk, &caller, id, &asked, write.body);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Saves the form.
///
/// # Errors
/// `E1002` with the faults of shape, `E1201` when the form cannot change now, `E1029` for fields a
/// correction does not ask for.
pub async fn save<P: Permission>(
    desk: &Casework,
    caller: &Caller<P>,
    id: CaseId,
    asked: &Asked,
    given: SaveForm,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    expect_editor(caller.principal(), &seen)?;
    let mut form = desk.form_of(&seen).await?;
    let given = if reads_masked(caller.principal(), &seen.case) {
        unmasked(&seen.model, &form.form, given.data)
    } else {
        given.data
    };
    let given = Value::Object(given);
    let faults = seen.model.form.check_draft(&given);
    if !faults.is_empty() {
        return Err(Refusal::fields(faults).into());
    }
    only_what_is_asked(&seen, &form.form, &given)?;
    form.form = given;
    let packed = desk.pack_form(&seen, &form)?;
    desk.perform(
        caller,
        asked,
        &seen,
        Save {
            packed,
            now: desk.now(),
        },
        None,
    )
    .await
}

/// Who may change the form and its papers: the applicant on line, the clerks at the counter.
///
/// # Errors
/// `E1012` for everybody else.
pub(crate) fn expect_editor(principal: &Principal, seen: &Seen) -> Result<(), AppError> {
    let case = &seen.case;
    let may = match principal {
        Principal::Citizen(_) => {
            case.opening.channel == Channel::Online || case.state.needs_applicant()
        }
        Principal::Staff(staff) => {
            case.opening.channel == Channel::Window && staff.scopes("case.accept").next().is_some()
        }
        Principal::System(_) | Principal::Stranger => false,
    };
    if may {
        Ok(())
    } else {
        Err(AppError::refused(&codes::E1012))
    }
}

/// Whether this reader of the form sees its sensitive values masked: a colleague who is not typing in
/// what he is told, and holds no permission to see them in full.
pub(crate) fn reads_masked(principal: &Principal, case: &Case) -> bool {
    match principal {
        Principal::Staff(staff) => {
            case.state != State::Draft && !staff.may("person.unmask", &case.opening.org)
        }
        Principal::Citizen(_) | Principal::System(_) | Principal::Stranger => false,
    }
}

/// What came back as it was shown masked stays what it was.
fn unmasked(model: &Model, before: &Value, mut given: Map<String, Value>) -> Map<String, Value> {
    let Value::Object(before) = before else {
        return given;
    };
    let (_, secret) = model.form.split(before);
    let shown = masked(model, before);
    for (key, value) in secret {
        if given.get(&key).is_some() && given.get(&key) == shown.get(&key) {
            given.insert(key, value);
        }
    }
    given
}

/// A correction changes what the notice lists, nothing else (一次性告知 binds both sides).
fn only_what_is_asked(seen: &Seen, before: &Value, after: &Value) -> Result<(), AppError> {
    if seen.case.state != State::Correcting {
        return Ok(());
    }
    let asked = asked_fields(seen);
    let was_empty = |name: &str| before.get(name).is_none_or(Value::is_null);
    let faults: Vec<FieldFault> = seen
        .model
        .form
        .keys()
        .filter(|name| before.get(name) != after.get(name))
        .filter(|name| {
            let appears_or_goes = was_empty(name) || after.get(name).is_none();
            !asked.contains(*name) && (asked.is_empty() || !appears_or_goes)
        })
        .map(|name| FieldFault {
            pointer: format!("/form/{name}"),
            code: &codes::E1029,
            args: Vec::new(),
        })
        .collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Refusal::fields(faults).into())
    }
}

/// The fields that the last notice lists, and those that appear because a listed one changed.
pub(crate) fn asked_fields(seen: &Seen) -> BTreeSet<String> {
    let notices = seen.case.corrections.last().into_iter();
    let targets = notices.flat_map(|notice| &notice.targets);
    let fields = targets.filter_map(|target| match target {
        Target::Field(name) => Some(name.as_str()),
        Target::Material(_) => None,
    });
    seen.model.form.with_dependents(fields)
}

/// Saves sealed form data.
pub(crate) struct Save {
    pub packed: PackedForm,
    pub now: Timestamp,
}

impl Act for Save {
    const NAME: &'static str = "case.save";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        change.expect_filled_in()?;
        emit_saved(change, &self.packed)
    }

    fn write(&self, case: &Case, work: &mut Work<'_>) -> Result<(), AppError> {
        keep_data(case, &self.packed, self.now, work);
        Ok(())
    }
}

/// Records that the data has a new version.
pub(crate) fn emit_saved(change: &mut Change<'_>, packed: &PackedForm) -> Result<(), AppError> {
    change.emit(CaseEvent::DataSaved {
        data_version: change.case.data_version + 1,
        digest: packed.digest(),
    })
}

/// Writes the new version; of a draft only the newest is kept.
pub(crate) fn keep_data(case: &Case, packed: &PackedForm, now: Timestamp, work: &mut Work<'_>) {
    let row = data_row(case, packed.plain.clone(), packed.sealed.clone(), now);
    if case.state == State::Draft && row.version > 1 {
        work.remove::<data::Model>(key!(case.bureau, row.case_id, row.version - 1));
    }
    work.append(row);
}
