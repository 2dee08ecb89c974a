//! The application as it is being filled in.

use axum::extract::State as Context;
use calendar::deadline;
use httpkit::{Authorised, Params, Refusals, Reply, Versioned};
use kernel::{
    AppError, Caller, Date, Refusal, Timestamp,
    caller::{Permission, Principal, SignedIn},
    codes,
    ids::CaseId,
    item::{ItemCode, Period, PeriodUnit, Words},
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{MaterialSlot, applicant::outcome, masked, materials};
use crate::{
    apply::{
        other::is_of_applicant,
        save::{expect_editor, reads_masked},
    },
    desk::{Casework, Seen},
    perform::FormData,
    reading::FormVersion,
    state::State,
    store::lists,
};

/// Which register said something, and when.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SourceView {
    /// The register.
    pub register: String,
    /// Its name on the page.
    pub source: String,
    /// When it was asked.
    pub at: Timestamp,
}

/// What the registers know of the form.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PrefillView {
    /// Values by field; sensitive ones are masked.
    #[schema(value_type = Object)]
    pub values: Map<String, Value>,
    /// Who said it.
    pub sources: Vec<SourceView>,
}

/// An earlier case of the same item that was granted to the same applicant.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GrantedBefore {
    /// That case.
    pub case_id: CaseId,
    /// The day it was granted on.
    #[schema(value_type = String, format = Date)]
    pub on: Date,
}

/// The application as it is being filled in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CaseDraft {
    /// The case.
    pub case_id: CaseId,
    /// Its version, for `If-Match`.
    pub version: i64,
    /// Its state.
    pub state: State,
    /// The item.
    pub item: ItemCode,
    /// The edition.
    pub edition: i32,
    /// The item's name.
    pub name: Words,
    /// The form (see crate `forms`).
    #[schema(value_type = Object)]
    pub form: Value,
    /// What was filled in so far.
    #[schema(value_type = Object)]
    pub data: Map<String, Value>,
    /// What the registers know.
    pub prefill: PrefillView,
    /// The closed list with what was supplied.
    pub materials: Vec<MaterialSlot>,
    /// What the applicant declares.
    pub declaration: Words,
    /// An earlier grant of the same that still holds, told to the applicant alone: he may have no
    /// need to apply.
    pub granted_before: Option<GrantedBefore>,
    /// When something was last saved.
    pub saved_at: Timestamp,
}

/// The application as it is being filled in.
#[utoipa::path(get, path = "/cases/{case_id}/draft", tag = "cases",
    params(("case_id" = CaseId, Path)),
    responses((status = 200, body = CaseDraft), Refusals))]
pub(crate) async fn find_draft(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<SignedIn>,
    Params(id): Params<CaseId>,
) -> Reply<Versioned<CaseDraft>> {
    let draft = draft(&desk, &caller, id).await?;
    Ok(Versioned(draft.version, draft))
}

/// The application as it is being filled in, for whoever may fill it in. Staff who read what they
/// have not taken in themselves leave an audit entry, and after receipt see sensitive values masked.
///
/// # Errors
/// `E1012` when it is none of the caller's business, `E1201` when nothing is filled in any more.
pub async fn draft<P: Permission>(
    desk: &Casework,
    caller: &Caller<P>,
    id: CaseId,
) -> Result<CaseDraft, AppError> {
    let seen = desk.see(caller, id).await?;
    expect_editor(caller.principal(), &seen)?;
    if !seen.case.is_filled_in() {
        let state = seen.case.state.words();
        return Err(Refusal::new(&codes::E1201).worded("state", state).into());
    }
    note_reading(desk, caller, &seen).await?;
    let data = desk.form_of(&seen).await?;
    let whole = data.whole(&seen.model);
    let materials = materials(desk, &seen, &whole, &data).await?;
    let facts = &seen.model.edition.facts;
    let sources = sources_of(&data);
    let mut given = match data.form {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    // Facts the registers know are shown masked; what the applicant typed himself he sees whole.
    let known = masked(&seen.model, &data.facts);
    let locked = |key: &str| {
        seen.model
            .form
            .view()
            .pointer(&format!("/fields/{key}/locked"))
            == Some(&Value::Bool(true))
    };
    given.retain(|key, _| !(known.contains_key(key) && locked(key)));
    if reads_masked(caller.principal(), &seen.case) {
        given = masked(&seen.model, &given);
    }
    Ok(CaseDraft {
        case_id: seen.case.id,
        version: seen.case.version,
        state: seen.case.state,
        item: facts.code.clone(),
        edition: seen.model.edition.edition,
        name: facts.name.clone(),
        form: seen.model.form.view().clone(),
        prefill: PrefillView {
            values: known,
            sources,
        },
        data: given,
        materials,
        declaration: facts.declaration.clone(),
        granted_before: granted_before(desk, caller.principal(), &seen).await?,
        saved_at: Timestamp::from_micros(seen.file.updated_us),
    })
}

/// Who said what is filled in. What was asked about the other party is filled in nowhere.
fn sources_of(data: &FormData) -> Vec<SourceView> {
    let view = |source: &Value| {
        let register = source.get("register")?.as_str()?;
        is_of_applicant(register).then_some(SourceView {
            register: register.to_owned(),
            source: source.get("source")?.as_str()?.to_owned(),
            at: source.get("at")?.as_str()?.parse().ok()?,
        })
    };
    data.sources.iter().filter_map(view).collect()
}

/// Closed cases of an applicant and an item that are looked through for one that was granted.
const LOOKED_THROUGH: u32 = 10;

/// The newest grant among his last cases of the item, unless it has run out.
async fn granted_before(
    desk: &Casework,
    who: &Principal,
    seen: &Seen,
) -> Result<Option<GrantedBefore>, AppError> {
    if !matches!(who, Principal::Citizen(_)) {
        return Ok(None);
    }
    let (opening, today) = (&seen.case.opening, desk.now().day());
    let calendar = (desk.parts.calendar)();
    let mut newest: Option<GrantedBefore> = None;
    for row in lists::earlier_of(&desk.kit.store, opening, LOOKED_THROUGH).await? {
        let earlier = desk.opened(row).await?;
        let granted = outcome(&earlier).as_deref() == Some("granted");
        let Some(at) = earlier.case.decided_at.filter(|_| granted) else {
            continue;
        };
        let (case_id, on) = (earlier.case.id, at.day());
        let unit = PeriodUnit::Months;
        let months = earlier.model.edition.facts.result.valid_months;
        let period = months.map(|n| Period { n, unit });
        let holds = period.is_none_or(|period| today <= deadline(on, period, &calendar).on);
        if holds && newest.as_ref().is_none_or(|known| known.on < on) {
            newest = Some(GrantedBefore { case_id, on });
        }
    }
    Ok(newest)
}

/// Whoever fills in the draft that he opened himself reads nothing that he was not told.
async fn note_reading<P: Permission>(
    desk: &Casework,
    caller: &Caller<P>,
    seen: &Seen,
) -> Result<(), AppError> {
    let case = &seen.case;
    let his = match caller.principal() {
        Principal::Staff(staff) => case.opening.opened_by == Some(staff.staff),
        _ => false,
    };
    if his && case.state == State::Draft {
        return Ok(());
    }
    let version = FormVersion(case.data_version);
    desk.note_reading(caller, seen, version).await
}
