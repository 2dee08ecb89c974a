//! The history of a case in words, from its events.

use kernel::{Event, Timestamp, caller::Actor, event::is_internal, ids::NoticeId, item::Words};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

use kernel::ids::StaffId;

/// One entry of the timeline.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TimelineEntry {
    /// When.
    pub at: Timestamp,
    /// The kind of event.
    pub kind: String,
    /// What happened.
    pub title: Words,
    /// More about it.
    pub text: Option<Words>,
    /// Who did it.
    pub actor: Words,
    /// The paper that tells more.
    pub notice_id: Option<NoticeId>,
}

fn words(zh: &str, en: &str) -> Words {
    Words {
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

/// The kinds of what happens to the other party.
const OTHER_PARTY: &str = "case.other_party_";

/// What happened to the other party, by what it is called.
fn other_title(kind: &str, body: &Value, name: &Words) -> Option<Words> {
    let Words { zh, en } = name;
    Some(match kind {
        "case.other_party_notified" => words(
            &format!("通知{zh}说明情况"),
            &format!("Told and asked to answer: {en}"),
        ),
        "case.other_party_served" if body.get("clocks") == Some(&Value::Array(Vec::new())) => {
            words(
                &format!("决定书已送达{zh}"),
                &format!("The decision was served: {en}"),
            )
        }
        "case.other_party_served" => words(
            &format!("{zh}收到通知，开始计算答复期"),
            &format!("The notice was served, the time to answer runs: {en}"),
        ),
        "case.other_party_answered" => {
            words(&format!("{zh}已答复"), &format!("Has answered: {en}"))
        }
        "case.other_party_silent" => words(
            &format!("{zh}没有在期限内答复"),
            &format!("Did not answer in time: {en}"),
        ),
        "case.other_party_decided" => words(
            &format!("决定书同时送{zh}"),
            &format!("The decision goes to the other side too: {en}"),
        ),
        _ => return None,
    })
}

fn step_done(stage: &str) -> Words {
    match stage {
        "review" => words("审查完成", "Reviewed"),
        "second_review" => words("复核完成", "Reviewed a second time"),
        _ => words("完成一个环节", "A step is done"),
    }
}

fn title(kind: &str, body: &Value) -> Option<Words> {
    let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or("");
    Some(match kind {
        "case.submitted" => words("网上提交", "Submitted on line"),
        "case.received" => words("已收件", "Received"),
        "case.pre_returned" => words(
            "请修改后重新提交，也可以坚持提交",
            "Please amend, or insist",
        ),
        "case.insisted" => words("坚持提交", "The applicant insisted"),
        "case.pre_passed" => words("预审通过", "Pre-review passed"),
        "case.correction_noticed" => words(
            "一次性告知需要补正的内容",
            "Corrections asked for, all at once",
        ),
        "case.correction_supplied" => words("补正已提交", "Corrections supplied"),
        "case.accepted" => match text("mode") {
            "deemed" => words("视为受理：逾期未答复", "Accepted by silence"),
            _ => words("已受理，开始计时", "Accepted, the clock runs"),
        },
        "case.refusal_proposed" => words(
            "拟不予受理，等第二人签署",
            "A refusal waits for a second signature",
        ),
        "case.refusal_sent_back" => {
            words("不予受理未签署，退回受理人", "The refusal was not signed")
        }
        "case.not_accepted" => words("不予受理", "Not accepted"),
        "case.not_required" => words("不需要办理", "Not required"),
        "case.checked" => words("数据核验完成", "Checked against the registers"),
        "case.step_done" => step_done(text("stage")),
        "case.site_checked" => words("现场核查", "Site check"),
        "case.returned_to_review" => words("退回重新审查", "Sent back to review"),
        "case.granted" => words("准予", "Granted"),
        "case.denied" => words("不予批准", "Denied"),
        "case.made" => words("证照制作完成", "The certificate is made"),
        "case.ready" => match text("how") {
            "counter" => words("可以领取", "Ready to be collected"),
            _ => words("结果已出，正在送达", "The result is on its way"),
        },
        "case.notice_served" => words("文书已送达", "A paper was served"),
        "case.consent_withdrawn" => words(
            "不再电子送达，结果改为领取",
            "No electronic service any more: the result is handed out",
        ),
        "case.delivered" => words("已送达", "Delivered"),
        "case.withdrawn" => words("申请人撤回申请", "Withdrawn by the applicant"),
        "case.lapsed" => words("逾期未补正，视为撤回", "Lapsed: corrections never came"),
        "case.clock_recomputed" => words("节假日安排公布，期限重新计算", "Dates counted anew"),
        "case.task_opened" => match text("stage") {
            "site_check" => words("安排现场核查", "A site check is due"),
            "decide" => words("待决定", "Awaiting decision"),
            "make" => words("制作证照", "The certificate is being made"),
            _ => return None,
        },
        _ => return None,
    })
}

/// The entries staff see besides those the applicant sees.
fn staff_title(kind: &str) -> Option<Words> {
    Some(match kind {
        "case.drafted" => words("打开申请", "Application opened"),
        "case.task_claimed" => words("领取任务", "Task claimed"),
        "case.task_released" => words("退回任务", "Task given back"),
        "case.task_reassigned" => words("转交任务", "Task reassigned"),
        "case.file_attached" => words("上传材料", "File attached"),
        "case.file_removed" => words("移除材料", "File removed"),
        "case.files_ordered" => words("调整材料顺序", "Files put in order"),
        "case.file_scanned" => words("文件查毒", "File scanned for viruses"),
        "case.incident" => words("流程异常，等待处理", "The flow met an incident"),
        "case.incident_retried" => words("重新尝试往下办", "The flow was tried again"),
        _ => return None,
    })
}

/// The history in words. `names` are colleagues' names for staff; the applicant reads posts, and
/// nothing of what stays among colleagues. `papers` are the titles of the papers of the case.
pub(crate) fn timeline(
    events: &[Event],
    names: Option<&BTreeMap<StaffId, String>>,
    papers: &BTreeMap<NoticeId, Words>,
    other: Option<&Words>,
) -> Vec<TimelineEntry> {
    let entry = |event: &Event| {
        if names.is_none() && is_internal(&event.kind) {
            return None;
        }
        let notice_id = event
            .body
            .get("notice_id")
            .and_then(Value::as_str)
            .and_then(|text| text.parse().ok());
        let paper = notice_id.and_then(|id| papers.get(&id));
        let title = match (&*event.kind, paper) {
            // A paper of the other party, for the applicant.
            ("case.notice_served", None) if notice_id.is_some() => return None,
            (kind, _) if kind.starts_with(OTHER_PARTY) => other_title(kind, &event.body, other?)?,
            ("case.notice_served", Some(Words { zh, en })) => {
                words(&format!("{zh}已送达"), &format!("{en}: served"))
            }
            (kind, _) => {
                title(kind, &event.body).or_else(|| names.and_then(|_| staff_title(kind)))?
            }
        };
        Some(TimelineEntry {
            at: event.at,
            kind: event.kind.clone(),
            title,
            text: text(&event.kind, &event.body),
            actor: if is_automatic(&event.kind, &event.body) {
                system()
            } else {
                actor(&event.actor, names, event.kind.starts_with(OTHER_PARTY))
            },
            notice_id: notice_id.filter(|_| paper.is_some()),
        })
    };
    events.iter().rev().filter_map(entry).collect()
}

fn text(kind: &str, body: &Value) -> Option<Words> {
    let day = |key: &str| body.get(key).and_then(Value::as_str);
    match kind {
        "case.accepted" => {
            let promised = day("promised_on").map(|on| (on, "promised"));
            let (on, clock) = promised.or_else(|| Some((day("statutory_on")?, "statutory")))?;
            let Words { zh, en } = dated(on, is_provisional(body, clock));
            Some(words(
                &format!("最晚{zh}有结果"),
                &format!("Result by {en}"),
            ))
        }
        "case.correction_noticed" => {
            let Words { zh, en } = dated(day("due_on")?, is_provisional(body, "correction"));
            Some(words(
                &format!("请在{zh}前补正"),
                &format!("Please supply by {en}"),
            ))
        }
        "case.delivered" | "case.notice_served" => {
            Some(match (day("method").or_else(|| day("how"))?, day("on")) {
                ("electronic", _) => words("电子送达", "Electronically"),
                ("mail", Some(on)) => {
                    let Words { zh, en } = dated(on, false);
                    words(
                        &format!("邮寄，{zh}签收"),
                        &format!("By mail, received on {en}"),
                    )
                }
                ("mail", None) => words("邮寄", "By mail"),
                _ => words("窗口领取", "Over the counter"),
            })
        }
        "case.clock_recomputed" => {
            let new = body.get("new")?;
            let (old, on) = (day("old")?, new.get("due_on").and_then(Value::as_str)?);
            let Words { zh, en } = dated(on, new.get("provisional") == Some(&Value::Bool(true)));
            Some(if old == on {
                words(&format!("仍是{zh}"), &format!("Still {en}"))
            } else {
                words(
                    &format!("{}改为{zh}", spelled(old)),
                    &format!("{old} became {en}"),
                )
            })
        }
        "case.granted" if body.get("by_rule").is_some_and(|rule| !rule.is_null()) => {
            Some(words("由公布的规则自动作出", "By the published rules"))
        }
        _ => None,
    }
}

/// Whether an event started a clock of a kind on a date that may still change.
fn is_provisional(body: &Value, clock: &str) -> bool {
    let clocks = body.get("clocks").and_then(Value::as_array);
    let mut started = clocks.into_iter().flatten();
    started.any(|found| {
        found.get("clock").and_then(Value::as_str) == Some(clock)
            && found.get("provisional") == Some(&Value::Bool(true))
    })
}

/// A day in words, marked where a year without a published holiday notice was needed to count it.
pub(crate) fn dated(day: &str, provisional: bool) -> Words {
    let (zh, en) = if provisional {
        ("（暂定）", " (provisional)")
    } else {
        ("", "")
    };
    words(&format!("{}{zh}", spelled(day)), &format!("{day}{en}"))
}

/// A day as a notice writes it, 2026年3月4日.
pub(crate) fn spelled(day: &str) -> String {
    let mut parts = day.splitn(3, '-').map(|part| part.trim_start_matches('0'));
    match (parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(date)) => format!("{year}年{month}月{date}日"),
        _ => day.to_owned(),
    }
}

fn system() -> Words {
    words("系统", "System")
}

/// What follows from somebody's act without being his: his act is the one before.
fn is_automatic(kind: &str, body: &Value) -> bool {
    match kind {
        "case.checked"
        | "case.ready"
        | "case.task_opened"
        | "case.clock_recomputed"
        | "case.other_party_notified"
        | "case.other_party_decided" => true,
        "case.accepted" => body.get("mode").and_then(Value::as_str) != Some("regular"),
        "case.granted" => body.get("by_rule").is_some_and(|rule| !rule.is_null()),
        _ => false,
    }
}

fn actor(actor: &Actor, names: Option<&BTreeMap<StaffId, String>>, is_of_other: bool) -> Words {
    match actor {
        Actor::Stranger => words("", ""),
        Actor::Person(_) | Actor::Agent { .. } if is_of_other => words("另一方", "Other party"),
        Actor::Person(_) | Actor::Agent { .. } => words("申请人", "Applicant"),
        Actor::System(_) => system(),
        Actor::Staff(id) => match names.and_then(|names| names.get(id)) {
            Some(name) => words(name, name),
            None => words("工作人员", "Staff"),
        },
    }
}
