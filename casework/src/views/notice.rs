//! A paper as a page that prints.

use axum::{Json, extract::State as Context};
use httpkit::{Authorised, Params, Refusals, Reply};
use kernel::{
    AppError, Caller, Timestamp,
    caller::{Permission, Principal, SignedIn},
    ids::{CaseId, NoticeId},
    item::Words,
    mask,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{DefectView, defects, opened_words};
use crate::{
    apply::open::{Applicant, applicant_of},
    desk::{Casework, Seen},
    event::NoticeKind,
    model::Model,
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
    /// To whom: the applicant's full name, for himself; masked for staff.
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
    /// What stands in the place of the seal until sealed papers are issued.
    pub seal: Words,
    /// For asking without an account, on receipts.
    pub query_code: Option<String>,
}

fn words(zh: &str, en: &str) -> Words {
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
pub(crate) fn title_of(kind: NoticeKind, model: &Model) -> Words {
    let result = &model.edition.facts.result.name;
    match kind {
        NoticeKind::Receipt => words("收件凭证", "Receipt"),
        NoticeKind::PreReturn => words("预审意见", "Pre-review opinion"),
        NoticeKind::AcceptNotice => words("受理通知书", "Notice of acceptance"),
        NoticeKind::RefuseAcceptance => words("不予受理通知书", "Refusal of acceptance"),
        NoticeKind::NotRequired => words("不需要办理告知书", "Notice that nothing is required"),
        NoticeKind::CorrectionNotice => words("一次性补正告知书", "Notice of corrections"),
        NoticeKind::Grant => result.clone(),
        NoticeKind::Deny => words("不予批准决定书", "Decision of denial"),
        NoticeKind::Lapse => words("终止办理告知书", "Notice of lapse"),
        NoticeKind::Withdrawal => words("撤回申请确认书", "Confirmation of withdrawal"),
        NoticeKind::CheckRecord => words("现场核查笔录", "Record of the site check"),
        NoticeKind::DeliveryReceipt => words("送达回证", "Delivery receipt"),
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
    let facts: Value = serde_json::from_str(&paper.facts).unwrap_or(Value::Null);
    let said = match paper.sealed.as_deref() {
        Some(sealed) => opened_words(desk, &seen, sealed)?,
        None => Value::Null,
    };
    let applicant = applicant_of(desk, &seen.case).await?;
    let addressee = match (&applicant.employer, caller.principal()) {
        (Some(card), _) => card.name.clone(),
        (None, Principal::Citizen(_)) => applicant.person.name.reveal().clone(),
        (None, _) => mask::name(applicant.person.name.reveal()),
    };
    let adverse = matches!(
        kind,
        NoticeKind::RefuseAcceptance
            | NoticeKind::NotRequired
            | NoticeKind::Deny
            | NoticeKind::Lapse
    );
    let item = &seen.model.edition.facts;
    Ok(Notice {
        notice_id,
        kind,
        title: title_of(kind, &seen.model),
        doc_no: paper.number.clone(),
        bureau: desk.agency(seen.case.bureau)?.name.clone(),
        addressee,
        case_no: seen.case.number.clone().unwrap_or_default(),
        item: item.name.clone(),
        issued_at: Timestamp::from_micros(paper.at_us),
        paragraphs: paragraphs(kind, &seen, &applicant, &facts, &said),
        remedies: adverse.then(|| Remedies {
            review_organ: item.review_organ.clone(),
            review_days: 60,
            court: item.court.clone(),
            court_months: 6,
        }),
        seal: words(
            "电子文书（盖章文书启用前）",
            "Electronic paper (before sealed papers)",
        ),
        query_code: seen
            .case
            .query_code
            .clone()
            .filter(|_| kind == NoticeKind::Receipt),
    })
}

fn paragraphs(
    kind: NoticeKind,
    seen: &Seen,
    applicant: &Applicant,
    facts: &Value,
    said: &Value,
) -> Vec<Paragraph> {
    let item = &seen.model.edition.facts;
    let text = |value: &Value, key: &str| {
        value
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or("")
            .to_owned()
    };
    let plain = |zh: String, en: String| Paragraph {
        heading: None,
        text: Words { zh, en },
        lines: Vec::new(),
    };
    let headed = |zh: &str, en: &str, text: String| Paragraph {
        heading: Some(words(zh, en)),
        text: Words {
            zh: text.clone(),
            en: text,
        },
        lines: Vec::new(),
    };
    let (name_zh, name_en) = (&item.name.zh, &item.name.en);
    let who = if applicant.employer.is_some() {
        "贵单位"
    } else {
        "您"
    };
    let reasons = || {
        vec![
            headed("理由", "Reason", text(said, "reason")),
            headed("依据", "Article", text(said, "basis")),
            headed("去哪里办", "Where to go instead", text(said, "instead")),
        ]
    };
    let mut all = Vec::new();
    match kind {
        NoticeKind::Receipt => {
            let list: Vec<&str> = seen
                .case
                .files
                .iter()
                .filter_map(|file| seen.model.material(&file.slot))
                .map(|material| material.name.zh.as_str())
                .collect();
            let list = if list.is_empty() {
                "无，信息由数据共享取得".to_owned()
            } else {
                list.join("、")
            };
            all.push(plain(
                format!("{who}申请的“{name_zh}”已经收到。"),
                format!("Your application “{name_en}” has been received."),
            ));
            all.push(headed("收到的材料", "Papers received", list));
        }
        NoticeKind::PreReturn | NoticeKind::CorrectionNotice => {
            let due = text(facts, "due_on");
            let intro = if kind == NoticeKind::PreReturn {
                plain(
                    format!(
                        "{who}网上提交的“{name_zh}”有下列内容建议修改。改好后可以重新提交；不同意的，可以坚持提交，收件日期不变。"
                    ),
                    format!(
                        "We suggest the following changes to “{name_en}”. Amend and submit again, or insist; the date of receipt stays."
                    ),
                )
            } else {
                plain(
                    format!(
                        "{who}申请的“{name_zh}”需要补正下列内容，请在 {due} 前交齐。逾期不补正，视为撤回申请。依据：行政许可法第三十二条第四项。"
                    ),
                    format!(
                        "“{name_en}” needs the following corrections by {due}. Without them the application counts as withdrawn."
                    ),
                )
            };
            all.push(intro);
            all.push(Paragraph {
                heading: Some(words("需要改的内容", "What to change")),
                text: words("", ""),
                lines: defects(&seen.model, said),
            });
        }
        NoticeKind::AcceptNotice => {
            let on = text(facts, "accepted_on");
            let silent = text(facts, "mode") == "deemed";
            let how = if silent {
                "因逾期未答复，自收到之日起视为受理"
            } else {
                "已经受理"
            };
            all.push(plain(
                format!("{who}申请的“{name_zh}”于 {on} {how}。"),
                format!("“{name_en}” was accepted as of {on}."),
            ));
            let due = |key: &str| Some(text(facts, key)).filter(|day| !day.is_empty());
            if let Some(day) = due("promised_on") {
                all.push(headed(
                    "我们承诺最晚有结果的日期",
                    "Promised result by",
                    day,
                ));
            }
            if let Some(day) = due("statutory_on") {
                all.push(headed("法律规定的最晚日期", "Statutory limit", day));
            }
        }
        NoticeKind::RefuseAcceptance | NoticeKind::NotRequired => {
            let (zh, en) = if kind == NoticeKind::NotRequired {
                ("依法不需要办理", "is not required by law")
            } else {
                ("不予受理", "is not accepted")
            };
            all.push(plain(
                format!("{who}申请的“{name_zh}”，{zh}。"),
                format!("“{name_en}” {en}."),
            ));
            all.extend(reasons());
        }
        NoticeKind::Grant => {
            let on = text(facts, "decided_on");
            all.push(plain(
                format!("{who}申请的“{name_zh}”，经审查符合规定，准予办理。决定日期 {on}。"),
                format!("“{name_en}” is granted. Date of decision: {on}."),
            ));
            if let Some(months) = facts.get("valid_months").and_then(Value::as_u64) {
                all.push(headed("有效期", "Valid for", format!("{} 年", months / 12)));
            }
            let rule = text(facts, "by_rule");
            if !rule.is_empty() {
                all.push(headed(
                    "作出方式",
                    "How it was decided",
                    format!("由公布的规则自动作出（{rule}）"),
                ));
            }
        }
        NoticeKind::Deny => {
            all.push(plain(
                format!("{who}申请的“{name_zh}”，经审查不符合规定，决定不予批准。"),
                format!("“{name_en}” is denied."),
            ));
            all.extend(reasons());
        }
        NoticeKind::Lapse => {
            let due = text(facts, "due_on");
            all.push(plain(
                format!("补正期限 {due} 已过，没有收到补正材料，{who}申请的“{name_zh}”视为撤回。需要时可以重新申请。"),
                format!("The corrections due by {due} did not come; “{name_en}” counts as withdrawn. You may apply again."),
            ));
        }
        NoticeKind::Withdrawal => all.push(plain(
            format!("按{who}的要求，“{name_zh}”的申请已经撤回。需要时可以重新申请。"),
            format!(
                "At your request the application “{name_en}” is withdrawn. You may apply again."
            ),
        )),
        NoticeKind::CheckRecord => {
            all.push(headed("地点", "Place", text(said, "place")));
            all.push(headed("事实", "Facts", text(said, "facts")));
        }
        NoticeKind::DeliveryReceipt => {
            all.push(headed(
                "送达文书",
                "Paper served",
                item.result.name.zh.clone(),
            ));
            all.push(headed("领取人", "Received by", text(said, "receiver")));
            all.push(headed("与申请人关系", "Relation", text(said, "relation")));
        }
    }
    all
}
