//! Derived registers of an item: a calculator that there is, over registers that are asked before.

use kernel::item::{Derived, ItemFacts};
use rules::Expression;

use crate::{
    calculator::CalculatorText,
    pack::{fault::Faults, registers, source::Source},
};

pub(super) fn check(
    calculators: &[CalculatorText],
    facts: &ItemFacts,
    source: &Source<'_>,
    faults: &mut Faults,
) {
    for (name, derived) in &facts.derived {
        let path = format!("derived/{name}");
        let mut tell = |part: &str, message: String| {
            faults.add(source.file, source.line(&format!("{path}{part}")), message);
        };
        let place = facts.registers.iter().position(|register| register == name);
        let before = facts
            .registers
            .get(..place.unwrap_or(0))
            .unwrap_or_default();
        if place.is_none() {
            tell("", format!("`registers` does not list `{name}`"));
        }
        if registers::names().any(|known| known == name) {
            tell("", format!("there is a register `{name}` already"));
        }
        let mut known = calculators.iter();
        let calculator = known.find(|one| one.facts.id == derived.calculator);
        if let Some(calculator) = calculator {
            inputs(derived, calculator, before, &mut tell);
        } else {
            let message = format!("there is no calculator `{}`", derived.calculator);
            tell("/calculator", message);
        }
    }
}

fn inputs(
    derived: &Derived,
    calculator: &CalculatorText,
    before: &[String],
    tell: &mut impl FnMut(&str, String),
) {
    let before: Vec<&str> = before.iter().map(String::as_str).collect();
    let fields = calculator.form.get("fields");
    for (field, text) in &derived.inputs {
        let part = format!("/inputs/{field}");
        if fields.is_none_or(|fields| fields.get(field).is_none()) {
            tell(&part, format!("the calculator has no field `{field}`"));
        }
        for fault in Expression::parse_over(text, &before)
            .err()
            .into_iter()
            .flatten()
        {
            tell(&part, fault.message);
        }
    }
    if derived.inputs.is_empty() {
        tell("", "`inputs` gives the calculator nothing".to_owned());
    }
}
