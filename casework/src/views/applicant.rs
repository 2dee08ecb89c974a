//! What an applicant sees of his case.

use axum::extract::State as Context;
use httpkit::{Authorised, Params, Refusals, Reply, Versioned};
use kernel::{
    AppError, Date, Timestamp,
    caller::CanApply,
    ids::{CaseId, Id as _, NoticeId},
    item::{CaseKind, ItemCode, Words},
    mask,
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    ClockView, DefectView, MaterialSlot, StepView, clocks, defects, item_of, masked, materials,
    notice::{kind_of, title_of},
    opened_words,
    other_party::{self, OtherPartyProgress},
    steps,
    timeline::{TimelineEntry, timeline},
};
use crate::{
    apply::open::{Applicant, applicant_of},
    case::Channel,
    clock::ClockKind,
    desk::{Casework, Seen},
    event::NoticeKind,
    state::State,
    store as rows,
};

/// Who applies, masked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PartyView {
    /// `person` or `enterprise`.
    pub kind: String,
    /// His name, masked; an enterprise's name is public.
    pub name_masked: String,
    /// His number, masked.
    pub number_masked: String,
}

/// A paper of the case.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NoticeRow {
    /// The paper.
    pub notice_id: NoticeId,
    /// What it is.
    pub kind: NoticeKind,
    /// Its title.
    pub title: Words,
    /// 文号
    pub doc_no: Option<String>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it was served.
    pub served_at: Option<Timestamp>,
    /// How it was served.
    pub served_how: Option<String>,
}

/// What the applicant is asked for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CorrectionView {
    /// The lines.
    pub lines: Vec<DefectView>,
    /// His time ends; a pre-return has no limit.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// Whether that day may move.
    pub provisional: bool,
    /// The paper.
    pub notice_id: NoticeId,
}

/// What everybody who may see a case sees.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CaseView {
    /// The case.
    pub case_id: CaseId,
    /// 办件编号
    pub case_no: Option<String>,
    /// Its version, for `If-Match`.
    pub version: i64,
    /// The item.
    pub item: ItemCode,
    /// Its name.
    pub name: Words,
    /// The edition it is handled under.
    pub edition: i32,
    /// Its state.
    pub state: State,
    /// Its state in words.
    pub state_name: Words,
    /// Instant or promised.
    pub kind: CaseKind,
    /// By which way it came.
    pub channel: Channel,
    /// The agency.
    pub bureau_name: Words,
    /// Who applies.
    pub applicant: PartyView,
    /// Who acts for an enterprise.
    pub agent: Option<PartyView>,
    /// The public steps.
    pub steps: Vec<StepView>,
    /// When it was received.
    pub received_at: Option<Timestamp>,
    /// The legal day of acceptance.
    #[schema(value_type = Option<String>, format = Date)]
    pub accepted_on: Option<Date>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// When the result reached the applicant.
    pub delivered_at: Option<Timestamp>,
    /// `granted` or `denied`.
    pub outcome: Option<String>,
    /// Limits.
    pub clocks: Vec<ClockView>,
    /// The day by which there is a result.
    #[schema(value_type = Option<String>, format = Date)]
    pub expected_on: Option<Date>,
    /// Whether that day may move.
    pub expected_provisional: bool,
    /// What happened, newest first.
    pub timeline: Vec<TimelineEntry>,
    /// Papers, oldest first.
    pub notices: Vec<NoticeRow>,
    /// What the applicant is asked for now.
    pub correction: Option<CorrectionView>,
    /// What the applicant may do now.
    pub can: Vec<String>,
    /// For asking without an account.
    pub query_code: Option<String>,
    /// The form.
    #[schema(value_type = Object)]
    pub form: Value,
    /// What was filled in; sensitive values masked.
    #[schema(value_type = Object)]
    pub data: Map<String, Value>,
    /// Materials.
    pub materials: Vec<MaterialSlot>,
    /// Whether results may be served electronically.
    pub electronic_service: bool,
    /// How far the other party has come, where the case has one.
    pub other_party: Option<OtherPartyProgress>,
}

/// A case as its applicant sees it.
#[utoipa::path(get, path = "/cases/{case_id}", tag = "cases",
    params(("case_id" = CaseId, Path)),
    responses((status = 200, body = CaseView), Refusals))]
pub(crate) async fn find_case(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Params(id): Params<CaseId>,
) -> Reply<Versioned<CaseView>> {
    let seen = desk.see(&caller, id).await?;
    let view = case_view(&desk, &seen, None).await?;
    Ok(Versioned(view.version, view))
}

pub(crate) fn parties(applicant: &Applicant) -> (PartyView, Option<PartyView>) {
    let person = PartyView {
        kind: "person".to_owned(),
        name_masked: mask::name(applicant.person.name.reveal()),
        number_masked: mask::citizen_no(applicant.person.number.reveal().reveal()),
    };
    match &applicant.employer {
        Some(card) => (
            PartyView {
                kind: "enterprise".to_owned(),
                name_masked: card.name.clone(),
                number_masked: card.credit_code.clone(),
            },
            Some(person),
        ),
        None => (person, None),
    }
}

/// What everybody who may see a case sees; `names` are colleagues' names, for staff.
pub(crate) async fn case_view(
    desk: &Casework,
    seen: &Seen,
    names: Option<&std::collections::BTreeMap<kernel::ids::StaffId, String>>,
) -> Result<CaseView, AppError> {
    let case = &seen.case;
    let (applicant, agent) = parties(&applicant_of(desk, case).await?);
    let data = desk.form_of(seen).await?;
    let whole = data.whole(&seen.model);
    let fields = whole.as_object().cloned().unwrap_or_default();
    let events = desk.kit.store.history(case.bureau, case.id.uuid()).await?;
    let papers = papers_for(desk, seen, names.is_some()).await?;
    let titles = papers.iter().map(|paper| {
        let title = title_of(kind_of(&paper.kind), seen);
        (NoticeId::from_uuid(paper.notice_id), title)
    });
    let titles = titles.collect();
    let expected = case.expected();
    let facts = &seen.model.edition.facts;
    Ok(CaseView {
        case_id: case.id,
        case_no: case.number.clone(),
        version: case.version,
        item: item_of(case),
        name: facts.name.clone(),
        edition: case.opening.edition,
        state: case.state,
        state_name: case.state.words(),
        kind: case.opening.kind,
        channel: case.opening.channel,
        bureau_name: desk.agency(case.bureau)?.name.clone(),
        applicant,
        agent,
        steps: steps(case),
        received_at: case.received_at,
        accepted_on: case.accepted_on,
        decided_at: case.decided_at,
        delivered_at: case.delivered_at,
        outcome: outcome(seen),
        clocks: clocks(case, desk.now()),
        expected_on: expected.map(|clock| clock.due_on),
        expected_provisional: expected.is_some_and(|clock| clock.provisional),
        timeline: timeline(
            &events,
            names,
            &titles,
            other_party::both(seen).map(|both| &both.0.name),
        ),
        notices: papers.iter().map(|paper| notice_row(seen, paper)).collect(),
        correction: correction(desk, seen, &papers)?,
        can: can(seen),
        query_code: desk.query_code(seen)?,
        form: seen.model.form.view().clone(),
        data: masked(&seen.model, &fields),
        materials: materials(desk, seen, &whole, &data).await?,
        electronic_service: case.electronic,
        other_party: other_party::progress(seen, desk.now()),
    })
}

/// The papers of a case; the applicant has no part in what is addressed to the other party.
async fn papers_for(
    desk: &Casework,
    seen: &Seen,
    staff: bool,
) -> Result<Vec<rows::notice::Model>, AppError> {
    let mut papers = rows::notices_of(&desk.kit.store, &seen.file).await?;
    papers.retain(|paper| staff || !kind_of(&paper.kind).is_of_other_party());
    Ok(papers)
}

pub(super) fn outcome(seen: &Seen) -> Option<String> {
    outcome_of(seen.case.notices.iter().map(|notice| notice.kind).rev())
}

/// The outcome by the kinds of papers, newest first.
pub(super) fn outcome_of(mut kinds: impl Iterator<Item = NoticeKind>) -> Option<String> {
    kinds.find_map(|kind| match kind {
        NoticeKind::Grant => Some("granted".to_owned()),
        NoticeKind::Deny => Some("denied".to_owned()),
        _ => None,
    })
}

pub(super) fn notice_row(seen: &Seen, paper: &rows::notice::Model) -> NoticeRow {
    let notice_id = NoticeId::from_uuid(paper.notice_id);
    let kind = kind_of(&paper.kind);
    let issued = seen
        .case
        .notices
        .iter()
        .find(|notice| notice.notice_id == notice_id);
    let served = issued.and_then(|notice| notice.served.clone());
    NoticeRow {
        notice_id,
        kind,
        title: title_of(kind, seen),
        doc_no: paper.number.clone(),
        issued_at: Timestamp::from_micros(paper.at_us),
        served_at: served.as_ref().map(|(at, _)| *at),
        served_how: served.map(|(_, how)| how),
    }
}

fn correction(
    desk: &Casework,
    seen: &Seen,
    papers: &[rows::notice::Model],
) -> Result<Option<CorrectionView>, AppError> {
    let open = match seen.case.state {
        State::PreReturned => seen.case.pre_return.as_ref(),
        State::Correcting | State::Corrected => seen.case.corrections.last(),
        _ => None,
    };
    let Some(open) = open else { return Ok(None) };
    let paper = papers
        .iter()
        .find(|paper| paper.notice_id == open.notice_id.uuid());
    let lines = match paper.and_then(|paper| paper.sealed.as_deref()) {
        Some(sealed) => defects(&seen.model, &opened_words(desk, seen, sealed)?),
        None => Vec::new(),
    };
    // The notice keeps the date it was written with; the clock has the one that counts.
    let clock = open
        .due_on
        .and_then(|_| seen.case.last(ClockKind::Correction));
    Ok(Some(CorrectionView {
        lines,
        due_on: clock.map(|clock| clock.due_on),
        provisional: clock.is_some_and(|clock| clock.provisional),
        notice_id: open.notice_id,
    }))
}

fn can(seen: &Seen) -> Vec<String> {
    let state = seen.case.state;
    let mut acts = Vec::new();
    match state {
        State::Draft => acts.extend(["submit", "discard"]),
        State::PreReturned => acts.extend(["submit", "insist"]),
        State::Correcting => acts.push("supply"),
        _ => {}
    }
    if state.may_become(State::Withdrawn) {
        acts.push("withdraw");
    }
    if state.is_closed() && state != State::Withdrawn {
        acts.push("rate");
    }
    acts.into_iter().map(ToOwned::to_owned).collect()
}
