//! The facts of an item agree with each other: the consistency rules for service guides.

use calendar::{Calendar, deadline};
use kernel::{
    Date,
    item::{CaseKind, ItemFacts, ItemType, MaterialSource, Period, PeriodUnit},
    limits::FILES_PER_MATERIAL_MAX,
};

use crate::pack::{fault::Faults, source::Source};

/// Names that would let a clerk ask for anything.
const CATCH_ALL: [&str; 5] = ["其他材料", "其它材料", "有关材料", "相关材料", "等材料"];
/// Words that leave a limit or a standard open.
const VAGUE: [&str; 4] = ["按规定", "视情况", "根据情况", "另行通知"];
/// Papers whose content the registers hold: they are shared, never asked.
const SHARED: [&str; 5] = ["居民身份证", "户口簿", "社会保障卡", "营业执照", "登记凭证"];
/// The acts that a prepared ground is for.
const ACTS: [&str; 3] = ["not_accepted", "not_required", "denied"];
/// Steps of a guide: 申请, 受理, 审查, 决定, 送达.
const STEPS_MIN: usize = 5;
/// Characters of the 基本编码 (GB/T 39046).
const CATALOG_CODE_MAX: usize = 50;
/// 网上办理深度: the last is 全程网办.
const DEPTH_MAX: u8 = 4;
/// 打包办 (人社部发〔2020〕26号).
const BUNDLES: u8 = 10;
/// Working days to accept (行政许可法 art. 32) and to deliver (art. 44) a licence.
const LICENCE_ACCEPTANCE_MAX: u16 = 5;
const LICENCE_DELIVERY_MAX: u16 = 10;

/// One item with its file.
pub(super) struct Facts<'a, 't> {
    pub(super) facts: &'a ItemFacts,
    pub(super) source: &'a Source<'t>,
}

impl Facts<'_, '_> {
    fn fault(&self, faults: &mut Faults, path: &str, message: impl Into<String>) {
        faults.add(self.source.file, self.source.line(path), message);
    }

    /// What an item with words of its own must say, and a general one may still leave open.
    fn missing(&self, faults: &mut Faults, path: &str, message: impl Into<String>) {
        let line = self.source.line(path);
        match self.facts.general {
            Some(_) => faults.gap(self.source.file, line, message),
            None => faults.add(self.source.file, line, message),
        }
    }

    pub(super) fn check(&self, registers: &[&str], calendar: &Calendar, faults: &mut Faults) {
        self.texts(faults);
        self.limits(calendar, faults);
        self.materials(faults);
        self.guide(faults);
        self.grounds(faults);
        for (at, name) in self.facts.registers.iter().enumerate() {
            let derived = self.facts.derived.contains_key(name);
            if !derived && !registers.contains(&name.as_str()) {
                let path = format!("registers/{at}");
                self.fault(faults, &path, format!("there is no register `{name}`"));
            }
        }
    }

    fn texts(&self, faults: &mut Faults) {
        let facts = self.facts;
        for (path, text) in [
            ("domain", &facts.domain),
            ("scope", &facts.scope),
            ("phone", &facts.phone),
            ("complaint_phone", &facts.complaint_phone),
            ("result/mark", &facts.result.mark),
        ] {
            if text.trim().is_empty() {
                self.fault(faults, path, "this is empty");
            }
        }
        if facts.phone == facts.complaint_phone {
            let message = "questions and complaints need different telephones";
            self.fault(faults, "complaint_phone", message);
        }
        for (path, phone) in [
            ("phone", &facts.phone),
            ("complaint_phone", &facts.complaint_phone),
        ] {
            if !is_phone(phone) {
                let message = "a telephone is a short number such as 12333, or has its area code";
                self.fault(faults, path, message);
            }
        }
        for (path, code) in [
            ("catalog_code", &facts.catalog_code),
            ("local_code", &facts.local_code),
        ] {
            if code.chars().count() > CATALOG_CODE_MAX {
                let message = format!("at most {CATALOG_CODE_MAX} characters");
                self.fault(faults, path, message);
            }
        }
        for (path, empty) in [
            ("applicants", facts.applicants.is_empty()),
            ("basis", facts.basis.is_empty()),
        ] {
            if empty {
                self.fault(faults, path, "at least one is needed");
            }
        }
        if facts.conditions.is_empty() {
            self.missing(faults, "conditions", "at least one is needed");
        }
        if facts.summary.zh.trim().is_empty() {
            self.missing(
                faults,
                "summary",
                "one sentence of what it is for is needed",
            );
        }
        self.coming(faults);
    }

    /// How often the applicant comes, and how far he gets on line.
    fn coming(&self, faults: &mut Faults) {
        let facts = self.facts;
        if !(1..=DEPTH_MAX).contains(&facts.depth) {
            self.fault(faults, "depth", format!("the depth is 1 to {DEPTH_MAX}"));
        }
        if facts.depth == DEPTH_MAX && facts.visits > 0 {
            let message = "what is done wholly on line needs no visit";
            self.fault(faults, "depth", message);
        }
        match (facts.visits, facts.visit_reason.zh.trim().is_empty()) {
            (0, false) => {
                let message = "there is no reason for a visit that is not made";
                self.fault(faults, "visit_reason", message);
            }
            (1.., true) => self.missing(faults, "visits", "a visit needs its `visit_reason`"),
            _ => {}
        }
        for (at, number) in facts.bundles.iter().enumerate() {
            if !(1..=BUNDLES).contains(number) {
                let message = format!("bundles have the numbers 1 to {BUNDLES}");
                self.fault(faults, &format!("bundles/{at}"), message);
            }
        }
    }

    fn limits(&self, calendar: &Calendar, faults: &mut Faults) {
        let limits = &self.facts.limits;
        match (self.facts.kind, limits.promised) {
            (CaseKind::Instant, Some(_)) => {
                self.fault(
                    faults,
                    "limits/promised",
                    "an instant item promises no time",
                );
            }
            (CaseKind::Promised, None) => {
                self.fault(faults, "limits", "a promised item needs `promised`");
            }
            _ => {}
        }
        if let (Some(promised), Some(statutory)) = (limits.promised, limits.statutory)
            && exceeds(promised, statutory, calendar)
        {
            let message = "the promise may end after the statutory limit";
            self.fault(faults, "limits/promised", message);
        }
        if limits.statutory.is_some() && limits.statutory_basis.trim().is_empty() {
            self.fault(
                faults,
                "limits/statutory",
                "a statutory limit needs its law",
            );
        }
        self.vague("limits/statutory_basis", &limits.statutory_basis, faults);
        for (path, period) in [
            ("limits/statutory", limits.statutory),
            ("limits/promised", limits.promised),
            ("limits/acceptance", Some(limits.acceptance)),
            ("limits/correction", Some(limits.correction)),
            ("limits/delivery", Some(limits.delivery)),
            ("limits/pre_review", Some(limits.pre_review)),
        ] {
            if period.is_some_and(|period| period.n == 0) {
                self.fault(faults, path, "a limit is at least 1 long");
            }
        }
        if self.facts.item_type == ItemType::Licence {
            let most = |n| Period {
                n,
                unit: PeriodUnit::WorkingDays,
            };
            for (path, period, n) in [
                (
                    "limits/acceptance",
                    limits.acceptance,
                    LICENCE_ACCEPTANCE_MAX,
                ),
                ("limits/delivery", limits.delivery, LICENCE_DELIVERY_MAX),
            ] {
                if exceeds(period, most(n), calendar) {
                    self.fault(faults, path, format!("a licence has {n} working days"));
                }
            }
        }
    }

    fn materials(&self, faults: &mut Faults) {
        for (at, material) in self.facts.materials.iter().enumerate() {
            let path = |part: &str| format!("materials/{at}/{part}");
            let mut before = self.facts.materials.iter().take(at);
            if before.any(|other| other.id == material.id) {
                self.fault(faults, &path("id"), "another material has this id");
            }
            let name = &material.name.zh;
            if let Some(word) = CATCH_ALL.iter().find(|word| name.contains(**word)) {
                let message = format!("“{word}” leaves the list open (优化营商环境条例)");
                self.fault(faults, &path("name"), message);
            }
            self.vague(&path("standard"), &material.standard.zh, faults);
            if !material.basis.contains('第') || !material.basis.contains('条') {
                let message = "name the article that lets us ask for it";
                self.missing(faults, &path("basis"), message);
            }
            let most = usize::from(material.files_max.unwrap_or(1));
            if !(1..=FILES_PER_MATERIAL_MAX).contains(&most) {
                let message = format!("a material may have 1 to {FILES_PER_MATERIAL_MAX} files");
                self.fault(faults, &path("files_max"), message);
            }
            self.sharing(at, faults);
        }
    }

    fn sharing(&self, at: usize, faults: &mut Faults) {
        let Some(material) = self.facts.materials.get(at) else {
            return;
        };
        let path = |part: &str| format!("materials/{at}/{part}");
        match (material.source, &material.register) {
            (MaterialSource::Shared, None) => {
                let message = "a shared material names the register that stands in for it";
                self.missing(faults, &path("source"), message);
            }
            (MaterialSource::Shared, Some(register)) => {
                if !self.facts.registers.contains(register) {
                    let message = format!("the item does not ask the register `{register}`");
                    self.fault(faults, &path("register"), message);
                }
            }
            (_, Some(_)) => {
                let message = "what a register holds is not asked: the source is `shared`";
                self.fault(faults, &path("register"), message);
            }
            (_, None) => {
                let name = &material.name.zh;
                if SHARED.iter().any(|paper| name.contains(paper)) {
                    let message = "this paper can be had by sharing: the source is `shared`";
                    self.fault(faults, &path("source"), message);
                }
            }
        }
    }

    fn guide(&self, faults: &mut Faults) {
        if self.facts.steps.len() < STEPS_MIN {
            self.fault(
                faults,
                "steps",
                format!("a guide has at least {STEPS_MIN} steps"),
            );
        }
        if self.facts.faq.is_empty() {
            self.fault(faults, "faq", "a guide answers at least one question");
        }
    }

    fn grounds(&self, faults: &mut Faults) {
        for (at, ground) in self.facts.grounds.iter().enumerate() {
            let path = |part: &str| format!("grounds/{at}/{part}");
            let mut before = self.facts.grounds.iter().take(at);
            if before.any(|other| other.id == ground.id) {
                self.fault(faults, &path("id"), "another ground has this id");
            }
            if !ACTS.contains(&ground.act.as_str()) {
                let message = format!("the act is one of {}", ACTS.join(", "));
                self.fault(faults, &path("act"), message);
            }
            if ground.basis.trim().is_empty() {
                self.fault(faults, &path("basis"), "a refusal needs its article");
            }
        }
        for act in ["not_accepted", "denied"] {
            if self.facts.grounds.iter().all(|ground| ground.act != act) {
                self.fault(faults, "grounds", format!("there is no ground for `{act}`"));
            }
        }
    }

    fn vague(&self, path: &str, text: &str, faults: &mut Faults) {
        if let Some(word) = VAGUE.iter().find(|word| text.contains(**word)) {
            self.fault(faults, path, format!("“{word}” says nothing definite"));
        }
    }
}

/// Whether `period` can end later than `limit`: counted from every day of the published years
/// where their units differ.
fn exceeds(period: Period, limit: Period, calendar: &Calendar) -> bool {
    if period.unit == limit.unit {
        return period.n > limit.n;
    }
    let later = |day: Date| deadline(day, period, calendar).on > deadline(day, limit, calendar).on;
    calendar.published_years().any(|year| {
        let first = Date::new(year, 1, 1).unwrap_or(Date::MIN);
        let days = std::iter::successors(Some(first), |day| day.tomorrow().ok());
        days.take_while(|day| day.year() == year).any(later)
    })
}

/// A national short number, or an area code and a number: `12333`, `0871-12345678`.
fn is_phone(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('-') {
        Some((area, number)) => {
            area.starts_with('0')
                && (3..=4).contains(&area.len())
                && (7..=8).contains(&number.len())
                && digits(area)
                && digits(number)
        }
        None => (3..=6).contains(&text.len()) && digits(text),
    }
}
