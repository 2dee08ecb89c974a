//! What the other party of a case sees: that there is a case, by whom, the fields that the item names,
//! its own papers, evidence and answer. Nothing else of what the applicant gave, and nothing of how
//! it is weighed.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State as Context;
use httpkit::{Authorised, Filter, Params, Refusals, Reply, Rows, Versioned};
use kernel::{
    AppError, Date, Timestamp,
    caller::CanApply,
    codes,
    error::Broken,
    ids::CaseId,
    item::{ApplicantKind, ItemCode, MaterialSource, OtherParty as Facts, Words},
    limits,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::page::PageQuery;
use utoipa::{IntoParams, ToSchema};

use super::{
    MaterialSlot,
    applicant::{NoticeRow, notice_row, outcome},
    opened_words,
};
use crate::{
    answer::evidence::EVIDENCE,
    apply::{
        attach::FileView,
        open::{Applicant, applicant_of},
    },
    case::{Case, OtherParty, Party},
    change::applicant_kind,
    clock::{ClockKind, DueClock},
    desk::{Casework, Seen, party_of},
    store::{self as rows, lists},
};

/// How far the other party has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OtherPartyState {
    /// Its notice is not served yet.
    Notified,
    /// Its time runs.
    Answering,
    /// It has answered.
    Answered,
    /// Its time passed without a word.
    Silent,
    /// The case ended without a decision.
    Released,
}

impl OtherPartyState {
    pub(super) fn of(case: &Case, other: &OtherParty, now: Timestamp) -> Self {
        if other.answer.is_some() {
            Self::Answered
        } else if other.released_at.is_some() {
            Self::Released
        } else if other.silent_at.is_some() || case.is_unanswered(now) {
            Self::Silent
        } else if case.service_of(other.notice_id).is_some() {
            Self::Answering
        } else {
            Self::Notified
        }
    }
}

/// What the other party said, as it reads it back.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PartyAnswerView {
    /// When.
    pub at: Timestamp,
    /// Whether it agrees with the applicant.
    pub agrees: bool,
    /// Its words.
    pub text: String,
}

/// A case as its other party sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OtherPartyCase {
    /// The case.
    pub case_id: CaseId,
    /// 办件编号
    pub case_no: Option<String>,
    /// The item.
    pub item: ItemCode,
    /// Its name.
    pub name: Words,
    /// The agency.
    pub bureau_name: Words,
    /// What the other party is called: 用人单位.
    pub role: Words,
    /// The applicant's name, in full: it must know whom the case is about.
    pub applicant: String,
    /// How far it has come.
    pub state: OtherPartyState,
    /// When its notice was issued.
    pub notified_at: Timestamp,
    /// When its notice was served.
    pub served_at: Option<Timestamp>,
    /// The last day to answer, once the notice was served.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// Whether that day may move.
    pub provisional: bool,
    /// Whether it agreed to electronic service.
    pub electronic_service: bool,
    /// What it is asked.
    pub asks: Words,
    /// The article.
    pub basis: String,
    /// The form, with the fields it is shown.
    #[schema(value_type = Object)]
    pub form: Value,
    /// Their values.
    #[schema(value_type = Object)]
    pub data: Map<String, Value>,
    /// Where its evidence lies.
    pub evidence: MaterialSlot,
    /// What it said.
    pub answer: Option<PartyAnswerView>,
    /// Its papers, oldest first.
    pub notices: Vec<NoticeRow>,
    /// `granted` or `denied`.
    pub outcome: Option<String>,
    /// What it may do now: `confirm`, `answer`.
    pub can: Vec<String>,
}

/// A case as its other party sees it.
#[utoipa::path(get, path = "/cases/{case_id}/other-party", tag = "cases",
    params(("case_id" = CaseId, Path)),
    responses((status = 200, body = OtherPartyCase), Refusals))]
pub(crate) async fn find_other_party_case(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Params(id): Params<CaseId>,
) -> Reply<Versioned<OtherPartyCase>> {
    let seen = desk.see_as_other(&caller, id).await?;
    let view = other_party_case(&desk, &seen).await?;
    Ok(Versioned(seen.case.version, view))
}

/// What the item says of the other party of a case, and the other party itself.
pub(super) fn both(seen: &Seen) -> Option<(&Facts, &OtherParty)> {
    let facts = &seen.model.edition.facts;
    let facts = facts.other_party(applicant_kind(&seen.case))?;
    Some((facts, seen.case.other.as_ref()?))
}

async fn other_party_case(desk: &Casework, seen: &Seen) -> Result<OtherPartyCase, AppError> {
    let (facts, other) = both(seen).ok_or_else(|| AppError::refused(&codes::E1012))?;
    let (case, now) = (&seen.case, desk.now());
    let state = OtherPartyState::of(case, other, now);
    let clock = case.last(ClockKind::Answer);
    let whole = desk.form_of(seen).await?.whole(&seen.model);
    let data = shown_data(&whole, &facts.shows);
    let papers = rows::notices_of(&desk.kit.store, &seen.file).await?;
    let own = papers
        .iter()
        .filter(|paper| super::notice::kind_of(&paper.kind).is_of_other_party());
    let served = case.service_of(other.notice_id);
    Ok(OtherPartyCase {
        case_id: case.id,
        case_no: case.number.clone(),
        item: case.opening.item.clone(),
        name: seen.model.edition.facts.name.clone(),
        bureau_name: desk.agency(case.bureau)?.name.clone(),
        role: facts.name.clone(),
        applicant: applicant_name(&applicant_of(desk, case).await?),
        state,
        notified_at: other.notified_at,
        served_at: served.map(|(at, _)| *at),
        due_on: clock.map(|clock| clock.due_on),
        provisional: clock.is_some_and(|clock| clock.provisional),
        electronic_service: other.electronic,
        asks: facts.asks.clone(),
        basis: facts.basis.clone(),
        form: shown_form(seen.model.form.view(), &data),
        data,
        evidence: evidence_slot(facts, evidence(desk, seen).await?),
        answer: answer_of(desk, seen, other).await?,
        notices: own.map(|paper| notice_row(seen, paper)).collect(),
        outcome: outcome(seen),
        can: can(state, case.awaits_answer(now)),
    })
}

fn can(state: OtherPartyState, open: bool) -> Vec<String> {
    let acts: &[&str] = match (open, state) {
        (true, OtherPartyState::Notified) => &["confirm", "answer"],
        (true, _) => &["answer"],
        (false, _) => &[],
    };
    acts.iter().map(|act| (*act).to_owned()).collect()
}

/// The applicant's name in full.
pub(super) fn applicant_name(applicant: &Applicant) -> String {
    match &applicant.employer {
        Some(card) => card.name.clone(),
        None => applicant.person.name.reveal().clone(),
    }
}

/// The form with the fields that are shown, as facts: the others do not even stand in its layout, and
/// conditions over them mean nothing here.
fn shown_form(form: &Value, data: &Map<String, Value>) -> Value {
    const OF_FACTS: [&str; 4] = ["label", "unit", "widget", "options"];
    let mut form = form.clone();
    if let Some(fields) = form.get_mut("fields").and_then(Value::as_object_mut) {
        fields.retain(|key, _| data.contains_key(key));
        for field in fields.values_mut().filter_map(Value::as_object_mut) {
            field.retain(|key, _| OF_FACTS.contains(&key.as_str()));
        }
    }
    let is_shown = |key: &Value| key.as_str().is_some_and(|key| data.contains_key(key));
    if let Some(sections) = form.get_mut("layout").and_then(Value::as_array_mut) {
        for section in sections.iter_mut() {
            if let Some(keys) = section.get_mut("fields").and_then(Value::as_array_mut) {
                keys.retain(is_shown);
            }
        }
        let is_empty = |section: &Value| {
            let keys = section.get("fields").and_then(Value::as_array);
            keys.is_none_or(Vec::is_empty)
        };
        sections.retain(|section| !is_empty(section));
    }
    form
}

/// The values that the item shows.
fn shown_data(whole: &Value, shows: &[String]) -> Map<String, Value> {
    let field = |key: &String| {
        let value = whole.get(key).filter(|value| !value.is_null())?;
        Some((key.clone(), value.clone()))
    };
    shows.iter().filter_map(field).collect()
}

fn evidence_slot(facts: &Facts, files: Vec<FileView>) -> MaterialSlot {
    MaterialSlot {
        id: EVIDENCE.to_owned(),
        name: Words {
            zh: "证据材料".to_owned(),
            en: "Evidence".to_owned(),
        },
        source: MaterialSource::Applicant,
        required: false,
        needed: true,
        standard: facts.evidence.clone(),
        promise_allowed: false,
        promised: false,
        basis: facts.basis.clone(),
        covered_by: None,
        files,
        files_max: limits::EVIDENCE_FILES_MAX,
        infected: Vec::new(),
    }
}

/// The evidence of the other party, oldest first.
pub(super) async fn evidence(desk: &Casework, seen: &Seen) -> Result<Vec<FileView>, AppError> {
    let files = rows::materials_of(&desk.kit.store, &seen.file).await?;
    let own = files.into_iter().filter(|file| file.slot == EVIDENCE);
    own.map(|file| super::file_view(desk, seen, file)).collect()
}

/// What it said, opened.
pub(super) async fn answer_of(
    desk: &Casework,
    seen: &Seen,
    other: &OtherParty,
) -> Result<Option<PartyAnswerView>, AppError> {
    let Some(answer) = &other.answer else {
        return Ok(None);
    };
    let said = match answer.text_id {
        Some(id) => rows::text_of(&desk.kit.store, &seen.file, id).await?,
        None => None,
    };
    let said = match said {
        Some(row) => opened_words(desk, seen, &row.sealed)?,
        None => Value::Null,
    };
    let text = said.get("text").and_then(Value::as_str);
    Ok(Some(PartyAnswerView {
        at: answer.at,
        agrees: answer.agrees,
        text: text.unwrap_or_default().to_owned(),
    }))
}

/// A row of the list of cases in which the caller is the other party.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OtherPartyRow {
    /// The case.
    pub case_id: CaseId,
    /// 办件编号
    pub case_no: Option<String>,
    /// The item's name.
    pub name: Words,
    /// How far it has come.
    pub state: OtherPartyState,
    /// The last day to answer, once the notice was served.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// Whether that day may move.
    pub provisional: bool,
    /// Whether it is waited for an answer.
    pub needs_me: bool,
    /// `granted` or `denied`.
    pub outcome: Option<String>,
    /// When something last happened to it.
    pub updated_at: Timestamp,
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// Cases in which the caller, or the enterprise he acts for, is the other party; newest first.
#[utoipa::path(get, path = "/my/other-party-cases", tag = "cases", params(Paging),
    responses((status = 200, body = Rows<OtherPartyRow>), Refusals))]
pub(crate) async fn list_other_party_cases(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Filter(paging): Filter<Paging>,
) -> Reply<Rows<OtherPartyRow>> {
    let page = PageQuery {
        cursor: paging.cursor,
        limit: paging.limit,
    };
    let me = party_of(caller.citizen()?);
    let page = lists::of_other_party(&desk.kit.store, me, &page).await?;
    let now = desk.now();
    let mut shown = Vec::with_capacity(page.rows.len());
    for row in page.rows {
        shown.push(other_party_row(&row, now)?);
    }
    Ok(store::page::Page {
        rows: shown,
        next: page.next,
    }
    .into())
}

fn other_party_row(row: &rows::file::Model, now: Timestamp) -> Result<OtherPartyRow, AppError> {
    let case: Case = serde_json::from_str(&row.body)
        .map_err(|fault| Broken::caused(format!("body of case {}", row.case_id), fault))?;
    let other = case.other.as_ref();
    let other = other.ok_or_else(|| Broken::new("a case in this list has another party"))?;
    let clock = case.last(ClockKind::Answer);
    let kinds = case.notices.iter().map(|notice| notice.kind);
    Ok(OtherPartyRow {
        case_id: case.id,
        case_no: case.number.clone(),
        name: case.opening.name.clone(),
        state: OtherPartyState::of(&case, other, now),
        due_on: clock.map(|clock| clock.due_on),
        provisional: clock.is_some_and(|clock| clock.provisional),
        needs_me: case.awaits_answer(now),
        outcome: super::applicant::outcome_of(kinds.rev()),
        updated_at: Timestamp::from_micros(row.updated_us),
    })
}

/// What the applicant sees of the other party: that it was told, and whether it has spoken.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OtherPartyProgress {
    /// What it is called: 用人单位.
    pub role: Words,
    /// How far it has come.
    pub state: OtherPartyState,
    /// Its last day, once its notice was served.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// Whether that day may move.
    pub provisional: bool,
}

pub(super) fn progress(seen: &Seen, now: Timestamp) -> Option<OtherPartyProgress> {
    let (facts, other) = both(seen)?;
    let clock = seen.case.last(ClockKind::Answer);
    Some(OtherPartyProgress {
        role: facts.name.clone(),
        state: OtherPartyState::of(&seen.case, other, now),
        due_on: clock.map(|clock: &DueClock| clock.due_on),
        provisional: clock.is_some_and(|clock| clock.provisional),
    })
}

/// The kind of party as a word of the API.
pub(super) const fn kind_word(kind: ApplicantKind) -> &'static str {
    match kind {
        ApplicantKind::Person => "person",
        ApplicantKind::Enterprise => "enterprise",
    }
}

/// The names of other parties for a list, masked where they are persons.
pub(super) async fn names_of(
    desk: &Casework,
    cases: &[&Case],
) -> Result<BTreeMap<CaseId, String>, AppError> {
    let party = |case: &Case| case.other.as_ref().map(|other| other.party);
    let (mut persons, mut employers) = (BTreeSet::new(), BTreeSet::new());
    for one in cases.iter().copied().filter_map(party) {
        match one {
            Party::Person(person) => drop(persons.insert(person)),
            Party::Employer(employer) => drop(employers.insert(employer)),
        }
    }
    let persons: Vec<_> = persons.into_iter().collect();
    let employers: Vec<_> = employers.into_iter().collect();
    let parties = &desk.parts.parties;
    let people = parties.persons(&persons).await?;
    let firms = parties.employers(&employers).await?;
    let name = |case: &Case| {
        let name = match party(case)? {
            Party::Person(id) => kernel::mask::name(people.get(&id)?.name.reveal()),
            Party::Employer(id) => firms.get(&id)?.name.clone(),
        };
        Some((case.id, name))
    };
    Ok(cases.iter().copied().filter_map(name).collect())
}
