//! Derived registers: nobody is asked, a calculator of the edition finds the answer in those of other
//! registers. What it cannot find it does not know, like any register.

use kernel::item::{ItemEdition, Words};
use rules::{Decisions, Expression};
use serde_json::{Map, Value, json};

/// The decision of a calculator.
const RESULT: &str = "result";

/// One derived register, ready to answer.
#[derive(Debug)]
pub(crate) struct DerivedRegister {
    /// Its name among the registers of the item.
    pub name: String,
    /// The calculator, as pages name the source.
    pub source: Words,
    rules: Decisions,
    inputs: Vec<(String, Expression)>,
}

impl DerivedRegister {
    /// The derived registers of an edition, in the order in which it names them.
    ///
    /// # Errors
    /// What is wrong with the edition: it was checked when it was published.
    pub(crate) fn all_of(edition: &ItemEdition) -> Result<Vec<Self>, String> {
        let registers = edition.facts.registers.iter();
        let derived = registers.filter(|name| edition.facts.derived.contains_key(*name));
        derived.map(|name| Self::of(edition, name)).collect()
    }

    fn of(edition: &ItemEdition, name: &str) -> Result<Self, String> {
        let calculator = edition.calculators.get(name);
        let calculator =
            calculator.ok_or_else(|| format!("the calculator of `{name}` is missing"))?;
        let rules = Decisions::load(&calculator.rules).map_err(|f| format!("{name}: {f:?}"))?;
        let texts = edition.facts.derived.get(name);
        let texts = texts.into_iter().flat_map(|derived| &derived.inputs);
        let inputs = texts.map(|(field, text)| match Expression::parse(text) {
            Ok(expression) => Ok((field.clone(), expression)),
            Err(faults) => Err(format!("{name}: {field}: {faults:?}")),
        });
        Ok(Self {
            name: name.to_owned(),
            source: calculator.name.clone(),
            rules,
            inputs: inputs.collect::<Result<_, _>>()?,
        })
    }

    /// What it knows, given the answers so far; null where they do not tell enough.
    pub(crate) fn answer(&self, registers: &Value) -> Value {
        let inputs = self.inputs.iter().filter_map(|(field, expression)| {
            let value = expression.eval(registers).ok()?;
            (!value.is_null()).then(|| (field.clone(), value))
        });
        let form: Map<String, Value> = inputs.collect();
        let decided = self.rules.decide(RESULT, &json!({ "form": form }));
        decided.map_or(Value::Null, |outcome| outcome.value)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::tests::model;

    fn retirement(registers: &Value) -> Value {
        model("SB-033").derived[0].answer(registers)
    }

    #[test]
    fn a_derived_register_answers_from_those_before_it() {
        let person = json!({ "sex": "男", "birth": "1966-03-05" });
        let found = retirement(&json!({ "population": person, "pension": null }));
        assert_eq!(found["legal_month"], "2026-07");
        assert_eq!(found["earliest_month"], "2026-03");
        let person = json!({ "sex": "女", "birth": "1975-10-20" });
        let of = |kind: &str| {
            retirement(&json!({ "population": person, "pension": { "post_kind": kind } }))
        };
        assert_eq!(of("worker")["legal_age_months"], 605);
        assert_eq!(of("cadre")["legal_age_months"], 678);
    }

    #[test]
    fn what_cannot_be_told_is_not_known() {
        let person = json!({ "sex": "女", "birth": "1973-03-03" });
        let unclear = json!({ "population": person, "pension": { "post_kind": "unclear" } });
        assert_eq!(retirement(&unclear), Value::Null);
        assert_eq!(
            retirement(&json!({ "population": null, "pension": null })),
            Value::Null
        );
        let odd = json!({ "population": { "sex": "男", "birth": "soon" }, "pension": null });
        assert_eq!(retirement(&odd), Value::Null);
    }

    #[test]
    fn prefill_reads_a_derived_register_like_any_other() {
        let model = model("SB-033");
        let mut registers = json!({
            "population": { "sex": "男", "birth": "1966-03-05", "name": "某" },
            "pension": null, "benefit": null, "card": null,
        });
        registers["retirement"] = model.derived[0].answer(&registers);
        let facts = model.form.prefill(&registers);
        assert_eq!(
            facts["retirement_time"],
            "2026 年 7 月（可以选 2026-03 到 2029-07）"
        );
    }
}
