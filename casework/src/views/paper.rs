//! What the papers say.

use kernel::{item::Words, mask};
use serde_json::Value;

use super::{
    defects,
    notice::{Paragraph, words},
    other_paper::OtherPaper,
    timeline::dated,
};
use crate::{desk::Seen, event::NoticeKind, work::hand_out::Relation};

/// A paper and what goes into it.
pub(super) struct Paper<'a> {
    pub kind: NoticeKind,
    pub seen: &'a Seen,
    /// References, dates and prepared words.
    pub facts: &'a Value,
    /// Words a person wrote.
    pub said: &'a Value,
    /// Whether an enterprise is addressed.
    pub enterprise: bool,
    /// The applicant's name.
    pub applicant: &'a str,
}

fn text(value: &Value, key: &str) -> String {
    let text = value.get(key).and_then(Value::as_str);
    text.unwrap_or("").to_owned()
}

/// An amount in fen as a paper writes it in yuan: 1,836.00.
fn yuan(fen: i64) -> String {
    let (whole, rest) = (fen / 100, fen % 100);
    let digits = whole.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped}.{rest:02}")
}

pub(super) fn plain(zh: String, en: String) -> Paragraph {
    Paragraph {
        heading: None,
        text: Words { zh, en },
        lines: Vec::new(),
    }
}

pub(super) fn headed(zh: &str, en: &str, text: &str) -> Paragraph {
    worded(zh, en, words(text, text))
}

pub(super) fn worded(zh: &str, en: &str, text: Words) -> Paragraph {
    Paragraph {
        heading: Some(words(zh, en)),
        text,
        lines: Vec::new(),
    }
}

impl Paper<'_> {
    /// Its paragraphs.
    pub(super) fn paragraphs(&self) -> Vec<Paragraph> {
        match self.kind {
            NoticeKind::Receipt => self.receipt(),
            NoticeKind::PreReturn | NoticeKind::CorrectionNotice => self.corrections(),
            NoticeKind::AcceptNotice => self.acceptance(),
            NoticeKind::RefuseAcceptance | NoticeKind::NotRequired | NoticeKind::Deny => {
                self.refusal()
            }
            NoticeKind::Grant => self.grant(),
            NoticeKind::Lapse | NoticeKind::Withdrawal => vec![self.end()],
            NoticeKind::OtherPartyNotice
            | NoticeKind::OtherPartyDecision
            | NoticeKind::OtherPartyReceipt => self.to_other(),
            NoticeKind::DeliveryReceipt => {
                let result = &self.seen.model.edition.facts.result.name.zh;
                let how = match self.fact("how").as_str() {
                    "mail" => words("邮寄", "By mail"),
                    _ => words("窗口领取", "Over the counter"),
                };
                let number = self
                    .receiver_number()
                    .map(|number| headed("领取人证件号码", "Number of his card", &number));
                let mut all = vec![
                    headed("送达文书", "Paper served", result),
                    worded("送达方式", "How", how),
                    worded(
                        "送达日期",
                        "Date of service",
                        dated(&self.fact("delivered_on"), false),
                    ),
                    headed("领取人", "Received by", &self.said("receiver")),
                    worded("与申请人关系", "Relation", self.relation()),
                ];
                all.extend(number);
                all
            }
        }
    }

    /// A paper that is addressed to the other party.
    fn to_other(&self) -> Vec<Paragraph> {
        let Some((party, other)) = super::other_party::both(self.seen) else {
            return Vec::new();
        };
        let paper = OtherPaper {
            party,
            item: &self.seen.model.edition.facts.name,
            applicant: self.applicant,
            facts: self.facts,
            said: self.said,
        };
        match self.kind {
            NoticeKind::OtherPartyNotice => paper.notice(),
            NoticeKind::OtherPartyDecision => paper.decision(),
            _ => {
                let served = self.fact("served");
                let kind = if served == other.notice_id.to_string() {
                    NoticeKind::OtherPartyNotice
                } else {
                    NoticeKind::OtherPartyDecision
                };
                let title = super::notice::title_of(kind, self.seen);
                paper.receipt(&title, self.relation(), self.receiver_number())
            }
        }
    }

    /// The number of who received it, masked.
    fn receiver_number(&self) -> Option<String> {
        let number = Some(self.said("receiver_number")).filter(|text| !text.is_empty());
        number.map(|number| mask::citizen_no(&number))
    }

    /// The receiver's relation to the applicant; receipts of an earlier format hold the words.
    fn relation(&self) -> Words {
        let said = self.said.get("relation").cloned().unwrap_or_default();
        let written = self.said("relation");
        serde_json::from_value(said).map_or_else(|_| words(&written, &written), Relation::words)
    }

    fn fact(&self, key: &str) -> String {
        text(self.facts, key)
    }

    fn said(&self, key: &str) -> String {
        text(self.said, key)
    }

    /// A day in words, marked where the calendar it was counted with may still change.
    fn limit(&self, day: &str, provisional: &str) -> Words {
        let provisional = self.facts.get(provisional) == Some(&Value::Bool(true));
        dated(&self.fact(day), provisional)
    }

    fn who(&self) -> &'static str {
        if self.enterprise { "贵单位" } else { "您" }
    }

    fn item(&self) -> (&str, &str) {
        let name = &self.seen.model.edition.facts.name;
        (&name.zh, &name.en)
    }

    fn receipt(&self) -> Vec<Paragraph> {
        let (who, (zh, en)) = (self.who(), self.item());
        let files = self.seen.case.files.iter();
        let list: Vec<&str> = files
            .filter_map(|file| self.seen.model.material(&file.slot))
            .map(|material| material.name.zh.as_str())
            .collect();
        let list = if list.is_empty() {
            "无，信息由数据共享取得".to_owned()
        } else {
            list.join("、")
        };
        vec![
            plain(
                format!("{who}申请的“{zh}”已经收到。"),
                format!("Your application “{en}” has been received."),
            ),
            headed("收到的材料", "Papers received", &list),
        ]
    }

    fn corrections(&self) -> Vec<Paragraph> {
        let (who, (zh, en)) = (self.who(), self.item());
        let due = self.limit("due_on", "provisional");
        let intro = if self.kind == NoticeKind::PreReturn {
            plain(
                format!(
                    "{who}网上提交的“{zh}”有下列内容建议修改。改好后可以重新提交；不同意的，可以坚持提交，收件日期不变。"
                ),
                format!(
                    "We suggest the following changes to “{en}”. Amend and submit again, or insist; the date of receipt stays."
                ),
            )
        } else {
            plain(
                format!(
                    "{who}申请的“{zh}”需要补正下列内容，请在{}前交齐。逾期不补正，视为撤回申请。依据：行政许可法第三十二条第四项。",
                    due.zh
                ),
                format!(
                    "“{en}” needs the following corrections by {}. Without them the application counts as withdrawn.",
                    due.en
                ),
            )
        };
        let lines = Paragraph {
            heading: Some(words("需要改的内容", "What to change")),
            text: words("", ""),
            lines: defects(&self.seen.model, self.said),
        };
        vec![intro, lines]
    }

    fn acceptance(&self) -> Vec<Paragraph> {
        let (who, (zh, en)) = (self.who(), self.item());
        let on = self.fact("accepted_on");
        let how = if self.fact("mode") == "deemed" {
            "因逾期未答复，自收到之日起视为受理"
        } else {
            "已经受理"
        };
        let mut all = vec![plain(
            format!(
                "{who}申请的“{zh}”于{}{how}。",
                super::timeline::spelled(&on)
            ),
            format!("“{en}” was accepted as of {on}."),
        )];
        let dates = [
            (
                "我们承诺最晚有结果的日期",
                "Promised result by",
                self.limit("promised_on", "promised_provisional"),
            ),
            (
                "法律规定的最晚日期",
                "Statutory limit",
                self.limit("statutory_on", "statutory_provisional"),
            ),
        ];
        for (zh, en, text) in dates {
            if !text.zh.is_empty() {
                all.push(worded(zh, en, text));
            }
        }
        all
    }

    fn refusal(&self) -> Vec<Paragraph> {
        let (who, (zh, en)) = (self.who(), self.item());
        let (how_zh, how_en) = match self.kind {
            NoticeKind::NotRequired => ("，依法不需要办理", "is not required by law"),
            NoticeKind::Deny => ("，经审查不符合规定，决定不予批准", "is denied"),
            _ => ("，不予受理", "is not accepted"),
        };
        vec![
            plain(
                format!("{who}申请的“{zh}”{how_zh}。"),
                format!("“{en}” {how_en}."),
            ),
            headed("理由", "Reason", &self.said("reason")),
            headed("依据", "Article", &self.said("basis")),
            headed("去哪里办", "Where to go instead", &self.said("instead")),
        ]
    }

    fn grant(&self) -> Vec<Paragraph> {
        let (who, (zh, en)) = (self.who(), self.item());
        let on = self.fact("decided_on");
        let mut all = vec![plain(
            format!(
                "{who}申请的“{zh}”，经审查符合规定，准予办理。决定日期{}。",
                super::timeline::spelled(&on)
            ),
            format!("“{en}” is granted. Date of decision: {on}."),
        )];
        all.extend(self.benefit());
        if let Some(months) = self.facts.get("valid_months").and_then(Value::as_u64) {
            let span = match (months / 12, months % 12) {
                (years, 0) => format!("{years} 年"),
                _ => format!("{months} 个月"),
            };
            all.push(headed("有效期", "Valid for", &span));
        }
        if let Some(next) = &self.seen.model.edition.facts.result.next {
            all.push(worded("接下来", "What comes next", next.clone()));
        }
        // The name of a set of rules is an address; people read what comes after it.
        let rule = self.fact("by_rule");
        let rule = rule.rsplit_once('#').map_or(&*rule, |(_, name)| name);
        if !rule.is_empty() {
            let how = format!("由公布的规则自动作出（{rule}）");
            all.push(headed("作出方式", "How it was decided", &how));
        }
        all
    }

    /// What is paid, as it was assessed when it was decided.
    fn benefit(&self) -> Option<Paragraph> {
        let benefit = self.said.get("benefit")?;
        let number = |key: &str| benefit.get(key).and_then(Value::as_i64);
        let (months, monthly) = (number("months")?, number("monthly_fen")?);
        let (monthly, total) = (yuan(monthly), yuan(number("total_fen")?));
        let basis = text(benefit, "basis");
        let payee = Some(text(benefit, "payee")).filter(|payee| !payee.is_empty());
        let (to_zh, to_en) = payee.map_or_else(Default::default, |payee| {
            (format!("发到{payee}。"), format!(" Paid into: {payee}."))
        });
        Some(Paragraph {
            heading: Some(words("可领金额", "What you receive")),
            text: Words {
                zh: format!(
                    "可领 {months} 个月，每月 {monthly} 元，合计 {total} 元。{to_zh}依据：{basis}。"
                ),
                en: format!(
                    "{months} months, {monthly} yuan each month, {total} yuan in all.{to_en} Law: {basis}."
                ),
            },
            lines: Vec::new(),
        })
    }

    /// A case that ends without a decision.
    fn end(&self) -> Paragraph {
        let (who, (zh, en)) = (self.who(), self.item());
        if self.kind == NoticeKind::Withdrawal {
            return plain(
                format!("按{who}的要求，“{zh}”的申请已经撤回。需要时可以重新申请。"),
                format!(
                    "At your request the application “{en}” is withdrawn. You may apply again."
                ),
            );
        }
        let due = self.fact("due_on");
        plain(
            format!(
                "补正期限{}已过，没有收到补正材料，{who}申请的“{zh}”视为撤回。需要时可以重新申请。",
                super::timeline::spelled(&due)
            ),
            format!(
                "The corrections due by {due} did not come; “{en}” counts as withdrawn. You may apply again."
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::yuan;

    #[test]
    fn amounts_are_written_in_yuan_with_groups_of_three() {
        for (fen, written) in [
            (0, "0.00"),
            (5, "0.05"),
            (183_600, "1,836.00"),
            (99_999, "999.99"),
            (2_570_400, "25,704.00"),
            (123_456_789, "1,234,567.89"),
        ] {
            assert_eq!(yuan(fen), written);
        }
    }
}
