//! The registers there are.

/// Whose number a register is asked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A citizen number.
    Person,
    /// A unified social credit code.
    Enterprise,
}

/// One register.
#[derive(Debug)]
pub(crate) struct Register {
    /// Its name in questions.
    pub(crate) name: &'static str,
    /// The name that pages show.
    pub(crate) source: &'static str,
    /// Whom it knows.
    pub(crate) subject: Subject,
}

pub(crate) const POPULATION: &str = "population";
pub(crate) const INSURANCE: &str = "insurance";
pub(crate) const EMPLOYMENT: &str = "employment";
pub(crate) const BENEFIT: &str = "benefit";
pub(crate) const CARD: &str = "card";
pub(crate) const PENSION: &str = "pension";
pub(crate) const INJURY: &str = "injury";
pub(crate) const FAMILY: &str = "family";
pub(crate) const VENTURE: &str = "venture";
pub(crate) const ENTERPRISE: &str = "enterprise";
pub(crate) const LICENCE: &str = "licence";

const fn of(name: &'static str, source: &'static str, subject: Subject) -> Register {
    Register {
        name,
        source,
        subject,
    }
}

static REGISTERS: [Register; 11] = [
    of(POPULATION, "公安人口库", Subject::Person),
    of(INSURANCE, "社保参保库", Subject::Person),
    of(EMPLOYMENT, "就业信息库", Subject::Person),
    of(BENEFIT, "社保待遇库", Subject::Person),
    of(CARD, "社会保障卡库", Subject::Person),
    of(PENSION, "企业职工养老保险库", Subject::Person),
    of(INJURY, "工伤保险库", Subject::Person),
    of(FAMILY, "户籍关系和死亡登记库", Subject::Person),
    of(VENTURE, "创业扶持信息库", Subject::Person),
    of(ENTERPRISE, "市场主体登记库", Subject::Enterprise),
    of(LICENCE, "人社许可信息库", Subject::Enterprise),
];

/// The register of this name.
pub(crate) fn find(name: &str) -> Option<&'static Register> {
    REGISTERS.iter().find(|register| register.name == name)
}
