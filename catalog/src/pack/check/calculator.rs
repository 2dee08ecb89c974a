//! A calculator loads and gives what its vectors say.

use kernel::Date;
use serde_json::{Map, Value, json};

use super::parts;
use crate::{
    calculator::{Calculator, CalculatorText, RESULT},
    pack::{agency::source, calculators::path, fault::Faults, read::Files},
};

/// A cell that stands for a fact which is not there.
const NOTHING: &str = "-";

pub(super) fn check(files: &Files, text: &CalculatorText, faults: &mut Faults) {
    let id = text.facts.id.as_str();
    let file = path(id, "calculator.toml");
    let Some(source) = source(files, &file, faults) else {
        return;
    };
    for (part, empty) in [
        ("basis", text.facts.basis.is_empty()),
        ("line", text.facts.lines.is_empty()),
    ] {
        if empty {
            faults.add(&file, source.line(part), "at least one is needed");
        }
    }
    let form = parts::form(files, &path(id, "form.json"), &text.form, faults);
    let dmn = path(id, "rules.dmn");
    let rules = parts::rules(&dmn, &text.rules, &[RESULT], faults);
    let (Some(form), Some(rules)) = (form, rules) else {
        return;
    };
    if rules.names().all(|name| name != RESULT) {
        return;
    }
    let calculator = match Calculator::new(text.facts.clone(), form, rules) {
        Ok(calculator) => calculator,
        Err(found) => {
            for (place, message) in found {
                faults.add(&file, source.line(&place), message);
            }
            return;
        }
    };
    let Some(known) = Vectors::read(files, &calculator, faults).check(faults) else {
        return;
    };
    for (place, name) in calculator.used() {
        if !known.contains_key(&name) {
            let message = format!("`{RESULT}` gives no fact `{name}`");
            faults.add(&file, source.line(&place), message);
        }
    }
}

/// The table of inputs and of what must come out.
struct Vectors<'a> {
    calculator: &'a Calculator,
    file: String,
    columns: Vec<&'a str>,
    rows: Vec<(usize, Vec<&'a str>)>,
}

impl<'a> Vectors<'a> {
    fn read(files: &'a Files, calculator: &'a Calculator, faults: &mut Faults) -> Self {
        let file = path(&calculator.facts.id, "vectors.tsv");
        let text = files.get(&file);
        let cells = |row: &'a str| row.split('\t').map(str::trim).collect::<Vec<_>>();
        let mut rows = (1..).zip(text.unwrap_or_default().lines());
        let columns = rows.next().map_or_else(Vec::new, |(_, row)| cells(row));
        let rows: Vec<_> = rows
            .filter(|(_, row)| !row.trim().is_empty())
            .map(|(line, row)| (line, cells(row)))
            .collect();
        if text.is_none() {
            faults.add(&file, None, "the file is missing");
        } else if rows.is_empty() {
            faults.add(&file, None, "there is no vector");
        }
        Self {
            calculator,
            file,
            columns,
            rows,
        }
    }

    /// Runs every line. Gives the facts of the first one that has some, to know their names.
    fn check(&self, faults: &mut Faults) -> Option<Map<String, Value>> {
        let mut known: Option<Map<String, Value>> = None;
        for (line, cells) in &self.rows {
            if cells.len() > self.columns.len() {
                let message = format!("more than {} columns", self.columns.len());
                faults.add(&self.file, *line, message);
            }
            match self.run(cells) {
                Ok(facts) => known = known.or(facts),
                Err(found) => {
                    for message in found {
                        faults.add(&self.file, *line, message);
                    }
                }
            }
        }
        self.outputs(known.as_ref(), faults);
        known
    }

    /// Every column is a field or a fact.
    fn outputs(&self, known: Option<&Map<String, Value>>, faults: &mut Faults) {
        let Some(known) = known else { return };
        let told = self.columns.iter().filter(|name| !self.is_field(name));
        for name in told.filter(|name| !known.contains_key(**name)) {
            let message = format!("`{name}` is neither a field nor a fact of `{RESULT}`");
            faults.add(&self.file, 1, message);
        }
    }

    fn is_field(&self, name: &str) -> bool {
        self.calculator.form.keys().any(|key| key == name)
    }

    fn run(&self, cells: &[&str]) -> Result<Option<Map<String, Value>>, Vec<String>> {
        let told: Vec<(&str, &str)> = self
            .columns
            .iter()
            .copied()
            .zip(cells.iter().copied())
            .filter(|(_, cell)| !cell.is_empty())
            .collect();
        let given = told.iter().filter(|(name, _)| self.is_field(name));
        let given: Map<String, Value> = given
            .map(|(name, cell)| ((*name).to_owned(), value(cell)))
            .collect();
        let answers = self
            .calculator
            .answers(&Value::Object(given), Date::MAX)
            .map_err(|faults| {
                let told = faults.iter().map(|fault| {
                    let title = fault.title(kernel::Lang::En);
                    format!("{}: {title}", fault.pointer)
                });
                told.collect::<Vec<_>>()
            })?;
        let found = self
            .calculator
            .find(&answers)
            .map_err(|fault| vec![fault.to_string()])?;
        let wanted = told.iter().filter(|(name, _)| !self.is_field(name));
        let wrong = wanted.filter_map(|(name, cell)| {
            let fact = found.as_ref().and_then(|facts| facts.get(*name));
            let fact = written(fact);
            (fact != *cell).then(|| format!("`{name}` is {fact}, not {cell}"))
        });
        let wrong: Vec<String> = wrong.collect();
        if wrong.is_empty() {
            Ok(found)
        } else {
            Err(wrong)
        }
    }
}

/// An answer as it is written in a cell: a number or a flag where it reads as one.
fn value(cell: &str) -> Value {
    match serde_json::from_str(cell) {
        Ok(plain @ (Value::Number(_) | Value::Bool(_))) => plain,
        _ => json!(cell),
    }
}

/// A fact as a cell writes it.
fn written(fact: Option<&Value>) -> String {
    match fact {
        None | Some(Value::Null) => NOTHING.to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
