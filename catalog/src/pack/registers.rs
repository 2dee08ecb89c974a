//! What the registers know of the named people and enterprises: one table per register.

use std::{collections::BTreeMap, str::FromStr};

use kernel::{CitizenNo, CreditCode, Date, DivisionCode};
use serde_json::{Map, Value, json};

use super::{
    RegisterFacts,
    fault::Faults,
    read::Files,
    tsv::{Line, lines},
};

/// What a column of a register holds.
#[derive(Clone, Copy)]
enum Kind {
    /// A text that is there.
    Text,
    /// A text or nothing.
    MaybeText,
    /// A date.
    Date,
    /// A date or nothing.
    MaybeDate,
    /// A month such as `2025-12`, or nothing.
    MaybeMonth,
    /// A whole number, not negative.
    Count,
    /// True or false.
    Flag,
    /// A division code.
    Division,
}

struct Register {
    name: &'static str,
    file: &'static str,
    columns: &'static [&'static str],
    /// Kinds of the columns after the subject.
    kinds: &'static [Kind],
}

const OF_PEOPLE: [Register; 9] = [
    Register {
        name: "population",
        file: "registers/population.tsv",
        columns: &[
            "citizen_no",
            "name",
            "sex",
            "birth",
            "death",
            "household",
            "household_name",
        ],
        kinds: &[
            Kind::Text,
            Kind::Text,
            Kind::Date,
            Kind::MaybeDate,
            Kind::Division,
            Kind::Text,
        ],
    },
    Register {
        name: "insurance",
        file: "registers/insurance.tsv",
        columns: &[
            "citizen_no",
            "unemployment_months",
            "pension_months",
            "last_employer",
            "last_employer_code",
            "last_paid_month",
            "active_employer",
            "claimed_months",
            "monthly_benefit_fen",
            "active",
        ],
        kinds: &[
            Kind::Count,
            Kind::Count,
            Kind::MaybeText,
            Kind::MaybeText,
            Kind::MaybeMonth,
            Kind::MaybeText,
            Kind::Count,
            Kind::Count,
            Kind::Flag,
        ],
    },
    Register {
        name: "employment",
        file: "registers/employment.tsv",
        columns: &[
            "citizen_no",
            "last_end_date",
            "end_reason",
            "end_reason_text",
            "end_employer",
            "registered_on",
            "registered_unemployed",
        ],
        kinds: &[
            Kind::MaybeDate,
            Kind::MaybeText,
            Kind::MaybeText,
            Kind::MaybeText,
            Kind::MaybeDate,
            Kind::Flag,
        ],
    },
    Register {
        name: "benefit",
        file: "registers/benefit.tsv",
        columns: &["citizen_no", "pension", "unemployment_active"],
        kinds: &[Kind::Flag, Kind::Flag],
    },
    Register {
        name: "card",
        file: "registers/card.tsv",
        columns: &["citizen_no", "bank", "tail", "active"],
        kinds: &[Kind::Text, Kind::Text, Kind::Flag],
    },
    Register {
        name: "pension",
        file: "registers/pension.tsv",
        columns: &[
            "citizen_no",
            "post_kind",
            "paid_months",
            "deemed_months",
            "first_worked_on",
            "account_fen",
            "file_checked",
        ],
        kinds: &[
            Kind::Text,
            Kind::Count,
            Kind::Count,
            Kind::MaybeDate,
            Kind::Count,
            Kind::Flag,
        ],
    },
    Register {
        name: "injury",
        file: "registers/injury.tsv",
        columns: &[
            "citizen_no",
            "decision_no",
            "decided_on",
            "injured_on",
            "part",
            "employer",
            "grade",
        ],
        kinds: &[
            Kind::Text,
            Kind::Date,
            Kind::Date,
            Kind::Text,
            Kind::Text,
            Kind::MaybeText,
        ],
    },
    Register {
        name: "family",
        file: "registers/family.tsv",
        columns: &[
            "citizen_no",
            "relation",
            "deceased_name",
            "deceased_no",
            "deceased_on",
            "deceased_status",
            "deceased_months",
        ],
        kinds: &[
            Kind::Text,
            Kind::Text,
            Kind::Text,
            Kind::Date,
            Kind::Text,
            Kind::Count,
        ],
    },
    Register {
        name: "venture",
        file: "registers/venture.tsv",
        columns: &[
            "citizen_no",
            "code",
            "name",
            "form",
            "founded",
            "staff",
            "new_hires",
            "category",
            "loan_balance_fen",
            "bad_credit",
        ],
        kinds: &[
            Kind::Text,
            Kind::Text,
            Kind::Text,
            Kind::Date,
            Kind::Count,
            Kind::Count,
            Kind::MaybeText,
            Kind::Count,
            Kind::Flag,
        ],
    },
];

const ENTERPRISE: Register = Register {
    name: "enterprise",
    file: "registers/enterprise.tsv",
    columns: &[
        "code",
        "name",
        "legal_person",
        "capital_fen",
        "status",
        "founded",
        "address",
        "scope_text",
    ],
    kinds: &[
        Kind::Text,
        Kind::Text,
        Kind::Count,
        Kind::Text,
        Kind::Date,
        Kind::Text,
        Kind::Text,
    ],
};

const LICENCE: Register = Register {
    name: "licence",
    file: "registers/licence.tsv",
    columns: &["code", "dispatch_no", "dispatch_valid_until"],
    kinds: &[Kind::Text, Kind::Date],
};

/// The names of all registers that an item may ask.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let people = OF_PEOPLE.iter().map(|register| register.name);
    people.chain([ENTERPRISE.name, LICENCE.name])
}

/// Facts of people by their number.
pub(super) fn of_people(files: &Files, faults: &mut Faults) -> BTreeMap<CitizenNo, RegisterFacts> {
    let mut known: BTreeMap<CitizenNo, RegisterFacts> = BTreeMap::new();
    for register in &OF_PEOPLE {
        for (number, facts) in read(files, register, faults) {
            let all = known.entry(number).or_default();
            all.insert(register.name.to_owned(), Value::Object(facts));
        }
    }
    known
}

/// Facts of enterprises by their code.
pub(super) fn of_employers(
    files: &Files,
    faults: &mut Faults,
) -> BTreeMap<CreditCode, RegisterFacts> {
    let mut known: BTreeMap<CreditCode, RegisterFacts> = BTreeMap::new();
    for (code, mut facts) in read::<CreditCode>(files, &ENTERPRISE, faults) {
        facts.insert("code".to_owned(), code.as_str().into());
        let all = known.entry(code).or_default();
        all.insert(ENTERPRISE.name.to_owned(), Value::Object(facts));
        all.insert(LICENCE.name.to_owned(), json!({ "dispatch": null }));
    }
    for (code, facts) in read::<CreditCode>(files, &LICENCE, faults) {
        let Some(all) = known.get_mut(&code) else {
            let message = format!("{code} is not in {}", ENTERPRISE.file);
            faults.add(LICENCE.file, None, message);
            continue;
        };
        let fact = |name: &str| facts.get(name).cloned().unwrap_or_default();
        let dispatch = json!({
            "no": fact("dispatch_no"),
            "valid_until": fact("dispatch_valid_until"),
        });
        all.insert(LICENCE.name.to_owned(), json!({ "dispatch": dispatch }));
    }
    known
}

fn read<S: FromStr<Err: std::fmt::Display> + Ord + Clone>(
    files: &Files,
    register: &Register,
    faults: &mut Faults,
) -> Vec<(S, Map<String, Value>)> {
    let mut rows: Vec<(S, Map<String, Value>)> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    let subject = register.columns.first().copied().unwrap_or_default();
    for line in lines(files, register.file, register.columns, faults) {
        let mut facts = Map::new();
        for (column, kind) in register.columns.iter().skip(1).zip(register.kinds) {
            let value = fact(&line, column, *kind, faults);
            facts.insert((*column).to_owned(), value);
        }
        let Some(subject) = line.value::<S>(subject, faults) else {
            continue;
        };
        if seen.insert(subject.clone()) {
            rows.push((subject, facts));
        } else {
            line.fault(faults, "this subject stands in the register twice");
        }
    }
    rows
}

fn fact(line: &Line<'_>, column: &str, kind: Kind, faults: &mut Faults) -> Value {
    let text = line.text(column);
    match kind {
        Kind::Text => line.filled(column, faults).into(),
        Kind::MaybeText | Kind::MaybeMonth | Kind::MaybeDate if text.is_empty() => Value::Null,
        Kind::MaybeText => text.into(),
        Kind::Date | Kind::MaybeDate => written::<Date>(line, column, faults),
        Kind::MaybeMonth => {
            if format!("{text}-01").parse::<Date>().is_err() {
                line.fault(faults, format!("`{column}` is not a month like 2025-12"));
            }
            text.into()
        }
        Kind::Count => line.value::<u64>(column, faults).into(),
        Kind::Flag => line.value::<bool>(column, faults).into(),
        Kind::Division => written::<DivisionCode>(line, column, faults),
    }
}

/// A text that reads as `T`.
fn written<T: FromStr<Err: std::fmt::Display>>(
    line: &Line<'_>,
    column: &str,
    faults: &mut Faults,
) -> Value {
    let known = line.value::<T>(column, faults).is_some();
    if known {
        line.text(column).into()
    } else {
        Value::Null
    }
}
