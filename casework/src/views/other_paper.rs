//! What the papers of the other party say.

use kernel::item::{OtherParty as Facts, Period, PeriodUnit, Words};
use serde_json::Value;

use super::{
    notice::{Paragraph, words},
    paper::{headed, plain, worded},
    timeline::{dated, spelled},
};

/// A paper of the other party and what goes into it.
pub(super) struct OtherPaper<'a> {
    /// What the item says of the other party.
    pub party: &'a Facts,
    /// The name of the item.
    pub item: &'a Words,
    /// The applicant's name.
    pub applicant: &'a str,
    /// References, dates and prepared words.
    pub facts: &'a Value,
    /// Words a person wrote.
    pub said: &'a Value,
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A period as a paper writes it: 15 日, 10 个工作日.
fn spelled_period(period: Period) -> Words {
    let n = period.n;
    let (zh, en) = match period.unit {
        PeriodUnit::WorkingDays => ("个工作日", "working days"),
        PeriodUnit::CalendarDays => ("日", "days"),
        PeriodUnit::Months => ("个月", "months"),
    };
    words(&format!("{n} {zh}"), &format!("{n} {en}"))
}

impl OtherPaper<'_> {
    /// The notice: who applied for what, what is asked, until when, and what follows from silence.
    pub(super) fn notice(&self) -> Vec<Paragraph> {
        let Words { zh, en } = self.item;
        let on = text(self.facts, "accepted_on");
        let time = spelled_period(self.party.answer);
        vec![
            plain(
                format!(
                    "{}办理“{zh}”，我局已于{}受理。现将有关情况告知，请予以说明。",
                    self.applicant,
                    spelled(on)
                ),
                format!(
                    "{} applied for “{en}”; it was accepted on {on}.",
                    self.applicant
                ),
            ),
            worded("请说明的内容", "What we ask", self.party.asks.clone()),
            worded(
                "可以提供的证据",
                "What you may bring",
                self.party.evidence.clone(),
            ),
            worded(
                "答复期限",
                "Time to answer",
                words(
                    &format!("自收到本通知书之日起 {}内", time.zh),
                    &format!("{} from the day you receive this notice", time.en),
                ),
            ),
            worded(
                "怎么答复",
                "How to answer",
                words(
                    "登录网上办事大厅，在“我的办件”的“请我说明的”里答复；也可以把书面答复和证据交到窗口。",
                    "Sign in and answer under “My cases”, or bring a written answer and evidence to a window.",
                ),
            ),
            headed("依据", "Article", &self.party.basis),
        ]
    }

    /// The copy of the decision.
    pub(super) fn decision(&self) -> Vec<Paragraph> {
        let Words { zh, en } = self.item;
        let on = text(self.facts, "decided_on");
        let granted = text(self.facts, "outcome") == "granted";
        let (how_zh, how_en) = if granted {
            ("经审查符合规定，准予办理", "is granted")
        } else {
            ("经审查不符合规定，决定不予批准", "is denied")
        };
        let mut all = vec![plain(
            format!(
                "{}申请的“{zh}”，{how_zh}。决定日期{}。",
                self.applicant,
                spelled(on)
            ),
            format!(
                "The application “{en}” of {} {how_en}. Date of decision: {on}.",
                self.applicant
            ),
        )];
        for (key, zh, en) in [("reason", "理由", "Reason"), ("basis", "依据", "Article")] {
            let said = text(self.said, key);
            if !said.is_empty() {
                all.push(headed(zh, en, said));
            }
        }
        all
    }

    /// What was served, how, on which day.
    pub(super) fn receipt(
        &self,
        served: &Words,
        relation: Words,
        number: Option<String>,
    ) -> Vec<Paragraph> {
        let how = match text(self.facts, "how") {
            "mail" => words("邮寄", "By mail"),
            _ => words("当面送达", "By hand"),
        };
        let mut all = vec![
            worded("送达文书", "Paper served", served.clone()),
            worded("送达方式", "How", how),
            worded(
                "送达日期",
                "Date of service",
                dated(text(self.facts, "delivered_on"), false),
            ),
            headed("签收人", "Received by", text(self.said, "receiver")),
            worded("与受送达人关系", "Relation to the addressee", relation),
        ];
        all.extend(number.map(|number| headed("签收人证件号码", "Number of his card", &number)));
        all
    }
}
