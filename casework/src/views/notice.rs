//! A paper as a page that prints.

use axum::{Json, extract::State as Context};
use httpkit::{Authorised, Params, Refusals, Reply};
use kernel::{
    AppError, Caller, Principal, Timestamp,
    caller::{CanApply, Permission, SignedIn},
    codes,
    ids::{CaseId, Id as _, NoticeId},
    item::{ItemType, Words},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{DefectView, opened_words, other_party::applicant_name, paper::Paper};
use crate::{
    apply::open::{Applicant, applicant_of, person_card},
    case::Party,
    change::applicant_kind,
    desk::{Casework, Seen, Sight},
    event::NoticeKind,
    store as rows,
};

/// Where to ask for review, and where to sue (行政复议法 art. 20, 行政诉讼法 art. 46).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Remedies {
    /// 行政复议机关
    pub review_organ: Words,
    /// Days to ask for review.
    pub review_days: u16,
    /// 人民法院
    pub court: Words,
    /// Months to sue.
    pub court_months: u16,
}

/// One paragraph of a paper.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Paragraph {
    /// Its heading.
    pub heading: Option<Words>,
    /// Its text.
    pub text: Words,
    /// Lines of a correction notice.
    pub lines: Vec<DefectView>,
}

/// A paper as a page that prints.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Notice {
    /// The paper.
    pub notice_id: NoticeId,
    /// What it is.
    pub kind: NoticeKind,
    /// Its title.
    pub title: Words,
    /// 文号
    pub doc_no: Option<String>,
    /// The agency.
    pub bureau: Words,
    /// To whom, in full. Staff who read a person's paper leave an audit entry.
    pub addressee: String,
    /// 办件编号
    pub case_no: String,
    /// The item's name.
    pub item: Words,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// What it says.
    pub paragraphs: Vec<Paragraph>,
    /// Remedies, on adverse papers.
    pub remedies: Option<Remedies>,
    /// For asking without an account, on receipts.
    pub query_code: Option<String>,
}

pub(super) fn words(zh: &str, en: &str) -> Words {
    Words {
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

/// The kind under a word of the table.
pub(crate) fn kind_of(word: &str) -> NoticeKind {
    serde_json::from_value(Value::String(word.to_owned())).unwrap_or(NoticeKind::Receipt)
}

/// The title of a paper.
pub(crate) fn title_of(kind: NoticeKind, seen: &Seen) -> Words {
    let item = &seen.model.edition.facts;
    let result = &item.result.name;
    match kind {
        NoticeKind::Receipt => words("收件凭证", "Receipt"),
        NoticeKind::PreReturn => words("预审意见", "Pre-review opinion"),
        NoticeKind::AcceptNotice => words("受理通知书", "Notice of acceptance"),
        NoticeKind::RefuseAcceptance => words("不予受理通知书", "Refusal of acceptance"),
        NoticeKind::NotRequired => words("不需要办理告知书", "Notice that nothing is required"),
        NoticeKind::CorrectionNotice => words("一次性补正告知书", "Notice of corrections"),
        // What a licence is handed out as is made of its own; the paper in the system decides on it.
        NoticeKind::Grant if item.item_type == ItemType::Licence => {
            words("准予行政许可决定书", "Decision to grant the licence")
        }
        NoticeKind::Grant => result.clone(),
        NoticeKind::Deny => words("不予批准决定书", "Decision of denial"),
        NoticeKind::Lapse => words("终止办理告知书", "Notice of lapse"),
        NoticeKind::Withdrawal => words("撤回申请确认书", "Confirmation of withdrawal"),
        NoticeKind::DeliveryReceipt | NoticeKind::OtherPartyReceipt => {
            words("送达回证", "Delivery receipt")
        }
        NoticeKind::OtherPartyNotice => item
            .other_party(applicant_kind(&seen.case))
            .map_or_else(|| words("通知书", "Notice"), |party| party.notice.clone()),
        NoticeKind::OtherPartyDecision => {
            let mut papers = seen.case.notices.iter().map(|notice| notice.kind);
            let decision = papers.find(|kind| matches!(kind, NoticeKind::Grant | NoticeKind::Deny));
            title_of(decision.unwrap_or(NoticeKind::Grant), seen)
        }
    }
}

/// A paper of a case.
#[utoipa::path(get, path = "/cases/{case_id}/notices/{notice_id}", tag = "cases",
    params(("case_id" = CaseId, Path), ("notice_id" = NoticeId, Path)),
    responses((status = 200, body = Notice), Refusals))]
pub(crate) async fn find_notice(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<SignedIn>,
    Params((id, notice_id)): Params<(CaseId, NoticeId)>,
) -> Reply<Json<Notice>> {
    Ok(Json(notice(&desk, &caller, id, notice_id).await?))
}

/// A paper of a case.
///
/// # Errors
/// `E1012` when it is none of the caller's business.
pub async fn notice<P: Permission>(
    desk: &Casework,
    caller: &Caller<P>,
    id: CaseId,
    notice_id: NoticeId,
) -> Result<Notice, AppError> {
    let seen = desk.see(caller, id).await?;
    let paper = rows::notice_of(&desk.kit.store, &seen.file, notice_id).await?;
    let kind = kind_of(&paper.kind);
    let is_applicant = matches!(caller.principal(), Principal::Citizen(_));
    let is_strange = (seen.sight == Sight::Result && !kind.is_of_delivery())
        || (is_applicant && kind.is_of_other_party());
    if is_strange {
        return Err(AppError::refused(&codes::E1012));
    }
    shown(desk, caller, &seen, &paper).await
}

/// A paper of the other party, for itself.
#[utoipa::path(get, path = "/cases/{case_id}/other-party/notices/{notice_id}", tag = "cases",
    params(("case_id" = CaseId, Path), ("notice_id" = NoticeId, Path)),
    responses((status = 200, body = Notice), Refusals))]
pub(crate) async fn find_other_party_notice(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Params((id, notice_id)): Params<(CaseId, NoticeId)>,
) -> Reply<Json<Notice>> {
    let seen = desk.see_as_other(&caller, id).await?;
    let paper = rows::notice_of(&desk.kit.store, &seen.file, notice_id).await?;
    if !kind_of(&paper.kind).is_of_other_party() {
        return Err(AppError::refused(&codes::E1012).into());
    }
    Ok(Json(shown(&desk, &caller, &seen, &paper).await?))
}

/// To whom a paper is addressed, in full, and whether that is a natural person.
async fn addressee(
    desk: &Casework,
    seen: &Seen,
    kind: NoticeKind,
    applicant: &Applicant,
) -> Result<(String, bool), AppError> {
    let other = seen
        .case
        .other
        .as_ref()
        .filter(|_| kind.is_of_other_party());
    Ok(match other.map(|other| other.party) {
        Some(Party::Person(id)) => {
            let card = person_card(desk, id).await?;
            (card.name.reveal().clone(), true)
        }
        Some(Party::Employer(id)) => {
            let card = desk.parts.parties.employers(&[id]).await?.remove(&id);
            (card.map(|card| card.name).unwrap_or_default(), false)
        }
        None => match &applicant.employer {
            Some(card) => (card.name.clone(), false),
            None => (applicant.person.name.reveal().clone(), true),
        },
    })
}

async fn shown<P>(
    desk: &Casework,
    caller: &Caller<P>,
    seen: &Seen,
    paper: &rows::notice::Model,
) -> Result<Notice, AppError> {
    let (kind, notice_id) = (kind_of(&paper.kind), NoticeId::from_uuid(paper.notice_id));
    let facts: Value = serde_json::from_str(&paper.facts).unwrap_or(Value::Null);
    let said = match paper.sealed.as_deref() {
        Some(sealed) => opened_words(desk, seen, sealed)?,
        None => Value::Null,
    };
    let applicant = applicant_of(desk, &seen.case).await?;
    // A paper is printed and handed over: it names its addressee in full.
    let (addressee, is_person) = addressee(desk, seen, kind, &applicant).await?;
    if is_person {
        desk.note_reading(caller, seen, notice_id).await?;
    }
    let item = &seen.model.edition.facts;
    Ok(Notice {
        notice_id,
        kind,
        title: title_of(kind, seen),
        doc_no: paper.number.clone(),
        bureau: desk.agency(seen.case.bureau)?.name.clone(),
        addressee,
        case_no: seen.case.number.clone().unwrap_or_default(),
        item: item.name.clone(),
        issued_at: Timestamp::from_micros(paper.at_us),
        paragraphs: Paper {
            kind,
            seen,
            facts: &facts,
            said: &said,
            enterprise: applicant.employer.is_some(),
            applicant: &applicant_name(&applicant),
        }
        .paragraphs()
        .into_iter()
        .chain(later_date(seen, notice_id, &facts))
        .collect(),
        remedies: remedies(kind, said.get("benefit").is_some(), seen),
        query_code: match kind {
            NoticeKind::Receipt => desk.query_code(seen)?,
            _ => None,
        },
    })
}

/// What stands below a notice of corrections whose last day has moved since it was issued. The paper
/// itself stays as it was served.
fn later_date(seen: &Seen, notice: NoticeId, facts: &Value) -> Option<Paragraph> {
    let mut known = seen.case.corrections.iter();
    let due_on = known.find(|one| one.notice_id == notice)?.due_on?;
    let (served, now) = (facts.get("due_on")?.as_str()?, due_on.to_string());
    (served != now).then(|| Paragraph {
        heading: Some(words("最后日期后延", "Later last day")),
        text: words(
            &format!(
                "放假安排公布后，补正的最后日期改为{}。",
                super::timeline::spelled(&now)
            ),
            &format!("Holidays were published since: the last day for corrections is {now} now."),
        ),
        lines: Vec::new(),
    })
}

/// Where to go against an adverse paper, against a benefit whose amount is in doubt, and against any
/// decision that another party is served too: what one asked for, the other may fight.
fn remedies(kind: NoticeKind, benefit: bool, seen: &Seen) -> Option<Remedies> {
    let item = &seen.model.edition.facts;
    let doubtful = benefit || seen.case.other.is_some();
    let adverse = doubtful && kind == NoticeKind::Grant
        || matches!(
            kind,
            NoticeKind::RefuseAcceptance
                | NoticeKind::NotRequired
                | NoticeKind::Deny
                | NoticeKind::Lapse
                | NoticeKind::OtherPartyDecision
        );
    adverse.then(|| Remedies {
        review_organ: item.review_organ.clone(),
        review_days: 60,
        court: item.court.clone(),
        court_months: 6,
    })
}
