//! The published standard of a service item, as plain data that contexts hand to each other.

use std::{collections::BTreeMap, fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{codes, error::Refusal, lang::Lang, roster::RosterFacts, time::Date};

/// The code of an item in the catalogue: two capital letters, a dash, three digits (`JY-009`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ItemCode(Arc<str>);

/// A text is not an item code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an item code looks like JY-009")]
pub struct NotAnItemCode;

impl ItemCode {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ItemCode {
    type Err = NotAnItemCode;
    fn from_str(text: &str) -> Result<Self, NotAnItemCode> {
        match text.as_bytes() {
            [a, b, b'-', rest @ ..]
                if a.is_ascii_uppercase()
                    && b.is_ascii_uppercase()
                    && rest.len() == 3
                    && rest.iter().all(u8::is_ascii_digit) =>
            {
                Ok(Self(text.into()))
            }
            _ => Err(NotAnItemCode),
        }
    }
}

impl TryFrom<String> for ItemCode {
    type Error = NotAnItemCode;
    fn try_from(text: String) -> Result<Self, NotAnItemCode> {
        text.parse()
    }
}

impl From<ItemCode> for String {
    fn from(code: ItemCode) -> Self {
        code.0.as_ref().to_owned()
    }
}

impl fmt::Display for ItemCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Words in both languages.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English; empty where it is not written yet.
    #[serde(default)]
    pub en: String,
}

impl Words {
    /// In the reader's language; in Chinese where the English is not written yet.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En if !self.en.is_empty() => &self.en,
            Lang::En | Lang::Zh => &self.zh,
        }
    }

    /// A text that is the same in both languages, such as a number.
    pub fn same(text: impl Into<String>) -> Self {
        let zh = text.into();
        let en = zh.clone();
        Self { zh, en }
    }

    /// A list of names, each language with its own comma.
    pub fn list(names: &[Self]) -> Self {
        let join = |lang, comma: &str| {
            let names: Vec<&str> = names.iter().map(|one| one.get(lang)).collect();
            names.join(comma)
        };
        Self {
            zh: join(Lang::Zh, "、"),
            en: join(Lang::En, ", "),
        }
    }
}

/// 事项类型, GB/T 39046 appendix A.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub enum ItemType {
    /// 01 行政许可
    #[serde(rename = "01")]
    Licence,
    /// 05 行政给付
    #[serde(rename = "05")]
    Benefit,
    /// 06 行政检查
    #[serde(rename = "06")]
    Inspection,
    /// 07 行政确认
    #[serde(rename = "07")]
    Confirmation,
    /// 08 行政奖励
    #[serde(rename = "08")]
    Award,
    /// 09 行政裁决
    #[serde(rename = "09")]
    Adjudication,
    /// 10 其他行政权力
    #[serde(rename = "10")]
    OtherPower,
    /// 20 公共服务
    #[serde(rename = "20")]
    PublicService,
}

/// 办件类型.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    /// 即办件: done at once.
    Instant,
    /// 承诺件: done within a promise.
    Promised,
}

/// 服务对象.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApplicantKind {
    /// 自然人
    Person,
    /// 法人和其他组织
    Enterprise,
}

/// Fund risk of an item.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, ToSchema)]
pub enum Risk {
    /// Low.
    L,
    /// Medium.
    M,
    /// High.
    H,
}

/// The unit of a legal period.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub enum PeriodUnit {
    /// 工作日
    #[serde(rename = "wd")]
    WorkingDays,
    /// 自然日
    #[serde(rename = "cd")]
    CalendarDays,
    /// 月
    #[serde(rename = "mon")]
    Months,
}

/// A length of time as the law counts it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// How many.
    pub n: u16,
    /// Of what.
    pub unit: PeriodUnit,
}

/// From when the statutory clock runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockStart {
    /// From receipt of the complete application (社会保险经办条例).
    Received,
    /// From acceptance (行政许可法 art. 42).
    Accepted,
}

/// The time limits of an item.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeLimits {
    /// From when the statutory limit counts.
    pub start: ClockStart,
    /// 法定时限; many public services have none.
    pub statutory: Option<Period>,
    /// The law it comes from.
    #[serde(default)]
    pub statutory_basis: String,
    /// 承诺时限; none for instant items.
    pub promised: Option<Period>,
    /// Time to accept, refuse or tell all corrections (行政许可法 art. 32: five working days).
    pub acceptance: Period,
    /// Time the applicant has for corrections (a local rule).
    pub correction: Period,
    /// Time to hand out the result after the decision (行政许可法 art. 44: ten working days).
    pub delivery: Period,
    /// Promise for the examination of an application on line (one working day as a rule).
    pub pre_review: Period,
}

/// Where a material comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MaterialSource {
    /// 自备: the applicant brings or uploads it.
    Applicant,
    /// 共享免交: fetched from a register, never asked.
    Shared,
    /// 政府部门核发: issued by an authority; asked only where no register answers.
    Government,
}

/// One line of the closed list of materials.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// Stable within the item, such as `m1`.
    pub id: String,
    /// Name on the guide.
    pub name: Words,
    /// Where it comes from.
    pub source: MaterialSource,
    /// The register that stands in for it (source `shared`).
    #[serde(default)]
    pub register: Option<String>,
    /// Needed always, or (FEEL over the form) under a condition; absent means always.
    #[serde(default)]
    pub needed_when: Option<String>,
    /// Whether it must be there at all; `false` means it may be added.
    pub required: bool,
    /// What makes it acceptable, in words the applicant understands.
    #[serde(default)]
    pub standard: Words,
    /// The law that lets us ask for it.
    #[serde(default)]
    pub basis: String,
    /// Whether a written promise may stand in for it (告知承诺).
    #[serde(default)]
    pub promise_allowed: bool,
    /// How many files it may have; as many as any material may if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub files_max: Option<u16>,
}

impl Material {
    /// How many files it may have.
    pub fn files_max(&self) -> usize {
        let most = crate::limits::FILES_PER_MATERIAL_MAX;
        self.files_max
            .map_or(most, |max| usize::from(max).min(most))
    }
}

/// One question and answer of the guide.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Faq {
    /// Question.
    pub q: Words,
    /// Answer.
    pub a: Words,
}

/// A step as the public sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuideStep {
    /// 申请 受理 审查 决定 送达
    pub name: Words,
    /// Who does it and what happens.
    pub text: Words,
}

/// The result an applicant gets.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemResult {
    /// Such as 失业登记凭证.
    pub name: Words,
    /// How it is served: electronically when the applicant agrees, or on paper at the desk.
    pub paper: bool,
    /// Abbreviation in document numbers, such as 失登.
    pub mark: String,
    /// Months of validity; none is without end.
    #[serde(default)]
    pub valid_months: Option<u16>,
    /// What follows for whoever got it: what he receives and when, and what he has to do.
    #[serde(default)]
    pub next: Option<Words>,
}

/// A prepared ground for refusal, so that no clerk invents one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefusalGround {
    /// Stable within the item.
    pub id: String,
    /// For which act: `not_accepted`, `not_required` or `denied`.
    pub act: String,
    /// The reason in plain words.
    pub reason: Words,
    /// The article.
    pub basis: String,
    /// Where to go instead.
    pub instead: Words,
}

/// A register that nobody is asked for: a calculator of the pack derives it from the answers of others.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Derived {
    /// The calculator.
    pub calculator: String,
    /// For each field of its form FEEL over the registers that stand before this one.
    pub inputs: BTreeMap<String, String>,
}

/// A calculator as an edition keeps it: a case that runs goes on with the one it began under.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptCalculator {
    /// Its name, which stands where pages name the source.
    pub name: Words,
    /// DMN XML (crate `rules`) with the decision `result` over `form`.
    pub rules: String,
}

/// Another party that a case is about: it is told when the case is accepted, answers within its time,
/// and is served the decision (工伤保险条例 art. 19, 20).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherParty {
    /// For which kind of applicant.
    pub applicant: ApplicantKind,
    /// What it is itself.
    pub kind: ApplicantKind,
    /// What pages call it: 用人单位, 职工.
    pub name: Words,
    /// The fields of the form with its credit code or citizen number; the first that is filled in counts.
    pub number_fields: Vec<String>,
    /// The fields with the name of a person, in the same order; an enterprise has its name in the
    /// register.
    #[serde(default)]
    pub name_fields: Vec<String>,
    /// Registers asked about it; the rules see them under `registers.other`.
    #[serde(default)]
    pub registers: Vec<String>,
    /// Its time to answer, from the day its notice was served.
    pub answer: Period,
    /// The title of its notice.
    pub notice: Words,
    /// What it is asked, and what follows when it says nothing.
    pub asks: Words,
    /// What it may bring as evidence.
    pub evidence: Words,
    /// The article.
    pub basis: String,
    /// The fields of the form that it is shown; nothing else of what the applicant gave.
    pub shows: Vec<String>,
}

/// Everything published about an item; the content of one edition.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemFacts {
    /// Code in the catalogue.
    pub code: ItemCode,
    /// The kind whose form, rules, flow and words it shares; none where it has its own. What such an
    /// item leaves empty is not known yet: 以窗口公布为准.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub general: Option<String>,
    /// Name.
    pub name: Words,
    /// One sentence of what it is for; empty where a general item has none yet.
    #[serde(default)]
    pub summary: Words,
    /// Domain: 就业, 社保, …
    pub domain: String,
    /// 事项类型
    pub item_type: ItemType,
    /// 基本编码, up to 50 characters, always text.
    #[serde(default)]
    pub catalog_code: String,
    /// 地方事项编码, up to 50 characters, always text.
    #[serde(default)]
    pub local_code: String,
    /// 打包办: numbers of the bundles it belongs to (人社部发〔2020〕26号).
    #[serde(default)]
    pub bundles: Vec<u8>,
    /// 服务对象
    pub applicants: Vec<ApplicantKind>,
    /// 办件类型
    pub kind: CaseKind,
    /// Fund risk; absent counts as M for licences and confirmations.
    #[serde(default)]
    pub risk: Option<Risk>,
    /// Time limits.
    pub limits: TimeLimits,
    /// 到现场次数
    pub visits: u8,
    /// Why he has to come, where he has to.
    #[serde(default)]
    pub visit_reason: Words,
    /// 网上办理深度, 1 to 4; 4 is done wholly on line.
    #[serde(default = "wholly_on_line")]
    pub depth: u8,
    /// 通办范围
    pub scope: String,
    /// Fee; none is charged unless a law says so (行政许可法 art. 58).
    #[serde(default)]
    pub fee: Option<Words>,
    /// 受理条件
    pub conditions: Vec<Words>,
    /// 设定依据
    pub basis: Vec<String>,
    /// The closed list.
    pub materials: Vec<Material>,
    /// Steps for the public.
    pub steps: Vec<GuideStep>,
    /// The result.
    pub result: ItemResult,
    /// Prepared grounds for refusals.
    pub grounds: Vec<RefusalGround>,
    /// Questions and answers.
    pub faq: Vec<Faq>,
    /// 行政复议机关
    pub review_organ: Words,
    /// 行政诉讼法院
    pub court: Words,
    /// Where it is handled at a counter.
    pub place: Words,
    /// Opening hours.
    pub hours: Words,
    /// Telephone for questions.
    pub phone: String,
    /// Telephone for complaints.
    pub complaint_phone: String,
    /// Registers asked for prefill and checks, in this order.
    pub registers: Vec<String>,
    /// Those of the registers that are derived, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub derived: BTreeMap<String, Derived>,
    /// Organisation of the agency that handles it, relative to the agency (`employment/office`).
    pub handled_by: String,
    /// One open case per applicant only, or per person whom `one_open_about` names.
    pub one_open_case: bool,
    /// Fields of the form, the first filled in of which has the citizen number of the person about whom
    /// there may be one open case: among those of the enterprise that applies, otherwise whoever
    /// applies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub one_open_about: Vec<String>,
    /// Declaration the applicant confirms.
    pub declaration: Words,
    /// Another party, for each kind of applicant that has one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_parties: Vec<OtherParty>,
    /// The field of the form with the citizen number of the person whom it is about: registers of
    /// persons are asked about him. None where it is about the one who applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// How many are applied for with one spreadsheet; none where each application is made by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roster: Option<RosterFacts>,
}

const fn wholly_on_line() -> u8 {
    4
}

impl ItemFacts {
    /// The risk that counts for separation: empty is M for types 01 and 07, else L.
    pub fn counted_risk(&self) -> Risk {
        self.risk.unwrap_or(match self.item_type {
            ItemType::Licence | ItemType::Confirmation => Risk::M,
            _ => Risk::L,
        })
    }

    /// The other party of an application of this kind of applicant, if there is one.
    pub fn other_party(&self, applicant: ApplicantKind) -> Option<&OtherParty> {
        let mut parties = self.other_parties.iter();
        parties.find(|party| party.applicant == applicant)
    }
}

/// One edition of an item: what a case was accepted under never changes.
#[derive(Clone, PartialEq, Debug)]
pub struct ItemEdition {
    /// The facts.
    pub facts: ItemFacts,
    /// 1, 2, 3, …
    pub edition: i32,
    /// SM3 of the canonical content, hex.
    pub digest: String,
    /// The form definition (crate `forms`).
    pub form: Value,
    /// BPMN 2.0 XML (crate `flow`).
    pub flow: Arc<str>,
    /// DMN XML (crate `rules`).
    pub rules: Arc<str>,
    /// The calculators of its derived registers, by the name of the register.
    pub calculators: BTreeMap<String, KeptCalculator>,
}

/// Why no new cases of an item are taken for a while. Cases that run go on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Suspension {
    /// As citizens read it.
    pub reason: String,
    /// The last day; none is until further notice.
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
}

impl Suspension {
    /// `E1043`: a new case is refused.
    pub fn refusal(&self) -> Refusal {
        let until = self.until.map_or_else(Words::default, |day| Words {
            zh: format!("预计到 {day}。"),
            en: format!("It is expected to last until {day}. "),
        });
        Refusal::new(&codes::E1043)
            .with("reason", self.reason.clone())
            .worded("until", until)
    }
}
