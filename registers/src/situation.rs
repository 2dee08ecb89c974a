//! In which situation a subject is: by what the registers know, without today's date.

use serde_json::Value;

use crate::{
    dictionary::{BENEFIT, EMPLOYMENT, ENTERPRISE, INSURANCE, LICENCE, POPULATION},
    record::{Facts, fact},
};

macro_rules! situations {
    ($(#[$type_doc:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$type_doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$doc])* $variant,)*
        }

        impl $name {
            /// Every situation.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word in the database.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }
    };
}

situations! {
    /// In which situation a person is.
    Situation {
        /// Has died.
        Deceased = "deceased",
        /// Draws a pension.
        Retired = "retired",
        /// Draws unemployment benefit.
        Drawing = "drawing",
        /// An employer pays insurance now.
        Insured = "insured",
        /// Out of work as his employer reported, not registered: may register.
        OutOfWork = "out_of_work",
        /// Registered, lost his work against his will, paid for a year, drew nothing yet: may claim.
        MayClaim = "may_claim",
        /// Registered, but something speaks against the benefit.
        Registered = "registered",
        /// Left work that nobody reported, or pays for himself.
        Unreported = "unreported",
        /// Has neither insurance nor employment.
        NeverWorked = "never_worked",
    }
}

situations! {
    /// In which situation an enterprise is.
    EmployerSituation {
        /// Deregistered, or its licence of business revoked.
        Closed = "closed",
        /// Holds a licence for labour dispatch, valid or expired.
        Licensed = "licensed",
        /// Has the capital for such a licence.
        Licensable = "licensable",
        /// Has not.
        TooSmall = "too_small",
    }
}

/// Reasons of leaving that open the way to the benefit (失业保险条例 art. 14).
const AGAINST_HIS_WILL: [&str; 4] = [
    "contract_expired",
    "dismissed",
    "closed",
    "mutual_by_employer",
];
/// Months of contributions that the benefit needs (社会保险法 art. 45).
const MONTHS_MIN: u64 = 12;
/// Registered capital of a dispatch company: 2,000,000 yuan (劳动合同法 art. 57), in fen.
const DISPATCH_CAPITAL_FEN: u64 = 200_000_000;

impl Situation {
    /// The situation of a person with these facts.
    pub fn of(facts: &Facts) -> Self {
        let is = |register: &str, name: &str| fact(facts, register, name) == &Value::Bool(true);
        let known = |register: &str, name: &str| !fact(facts, register, name).is_null();
        if known(POPULATION, "death") {
            Self::Deceased
        } else if is(BENEFIT, "pension") {
            Self::Retired
        } else if is(BENEFIT, "unemployment_active") {
            Self::Drawing
        } else if is(INSURANCE, "active") {
            Self::Insured
        } else if is(EMPLOYMENT, "registered_unemployed") {
            if may_claim(facts) {
                Self::MayClaim
            } else {
                Self::Registered
            }
        } else if known(EMPLOYMENT, "last_end_date") {
            Self::OutOfWork
        } else if facts.contains_key(INSURANCE) {
            Self::Unreported
        } else {
            Self::NeverWorked
        }
    }
}

fn may_claim(facts: &Facts) -> bool {
    let number = |name: &str| fact(facts, INSURANCE, name).as_u64().unwrap_or(0);
    let reason = fact(facts, EMPLOYMENT, "end_reason").as_str();
    reason.is_some_and(|reason| AGAINST_HIS_WILL.contains(&reason))
        && number("unemployment_months") >= MONTHS_MIN
        && number("claimed_months") == 0
}

impl EmployerSituation {
    /// The situation of an enterprise with these facts.
    pub fn of(facts: &Facts) -> Self {
        let capital = fact(facts, ENTERPRISE, "capital_fen").as_u64();
        if fact(facts, ENTERPRISE, "status") != "存续" {
            Self::Closed
        } else if !fact(facts, LICENCE, "dispatch").is_null() {
            Self::Licensed
        } else if capital.is_some_and(|capital| capital >= DISPATCH_CAPITAL_FEN) {
            Self::Licensable
        } else {
            Self::TooSmall
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn facts(whole: &Value) -> Facts {
        let registers = whole.as_object().unwrap().iter();
        registers
            .map(|(name, facts)| (name.clone(), facts.clone()))
            .collect()
    }

    #[test]
    fn the_first_situation_that_fits_counts() {
        let paid = |months: u32| json!({"active": false, "unemployment_months": months, "claimed_months": 0});
        let left = |reason: &str, registered: bool| json!({"last_end_date": "2025-12-31", "end_reason": reason, "registered_unemployed": registered});
        for (whole, wanted) in [
            (
                json!({"population": {"death": "2025-01-01"}}),
                Situation::Deceased,
            ),
            (
                json!({"benefit": {"pension": true}, "insurance": {"active": true}}),
                Situation::Retired,
            ),
            (
                json!({"benefit": {"unemployment_active": true}}),
                Situation::Drawing,
            ),
            (json!({"insurance": {"active": true}}), Situation::Insured),
            (
                json!({"insurance": paid(30), "employment": left("closed", false)}),
                Situation::OutOfWork,
            ),
            (
                json!({"insurance": paid(12), "employment": left("closed", true)}),
                Situation::MayClaim,
            ),
            (
                json!({"insurance": paid(11), "employment": left("closed", true)}),
                Situation::Registered,
            ),
            (
                json!({"insurance": paid(30), "employment": left("quit", true)}),
                Situation::Registered,
            ),
            (json!({"insurance": paid(30)}), Situation::Unreported),
            (json!({}), Situation::NeverWorked),
        ] {
            assert_eq!(Situation::of(&facts(&whole)), wanted, "{whole}");
        }
    }

    #[test]
    fn an_enterprise_needs_two_million_yuan() {
        let with = |status: &str, fen: u64, dispatch: &Value| {
            EmployerSituation::of(&facts(&json!({
                "enterprise": {"status": status, "capital_fen": fen},
                "licence": {"dispatch": dispatch},
            })))
        };
        assert_eq!(
            with("存续", 200_000_000, &Value::Null),
            EmployerSituation::Licensable
        );
        assert_eq!(
            with("存续", 199_999_999, &Value::Null),
            EmployerSituation::TooSmall
        );
        assert_eq!(
            with("注销", 200_000_000, &Value::Null),
            EmployerSituation::Closed
        );
        assert_eq!(
            with("存续", 1, &json!({"no": "1"})),
            EmployerSituation::Licensed
        );
    }
}
