//! Calculators: one folder each. Items that the pack does not have are a gap and left out.

use std::collections::BTreeSet;

use kernel::item::ItemCode;

use super::{Item, agency::source, fault::Faults, items::json, read::Files};
use crate::calculator::{CalculatorFacts, CalculatorText};

const FOLDER: &str = "calculators";

/// The path of a file of a calculator.
pub(super) fn path(id: &str, file: &str) -> String {
    format!("{FOLDER}/{id}/{file}")
}

pub(super) fn calculators(files: &Files, faults: &mut Faults) -> Vec<CalculatorText> {
    let folders: BTreeSet<&str> = files
        .0
        .keys()
        .filter_map(|path| {
            path.strip_prefix(FOLDER)?
                .strip_prefix('/')?
                .split('/')
                .next()
        })
        .collect();
    folders
        .into_iter()
        .filter_map(|folder| calculator(files, folder, faults))
        .collect()
}

fn calculator(files: &Files, folder: &str, faults: &mut Faults) -> Option<CalculatorText> {
    let file = path(folder, "calculator.toml");
    let facts = source(files, &file, faults).and_then(|source| {
        let mut facts: CalculatorFacts = source.read(faults)?;
        for (at, code) in facts.items.iter().enumerate() {
            if !is_there(files, code) {
                let line = source.line(&format!("items/{at}"));
                faults.gap(&file, line, format!("there is no item {code}"));
            }
        }
        facts.items.retain(|code| is_there(files, code));
        if facts.id != folder {
            let message = format!("the folder is called {folder}");
            faults.add(&file, source.line("id"), message);
        }
        Some(facts)
    });
    let form = json(files, &path(folder, "form.json"), faults);
    let file = path(folder, "rules.dmn");
    let rules = files.get(&file);
    if rules.is_none() {
        faults.add(&file, None, "the file is missing");
    }
    Some(CalculatorText {
        facts: facts?,
        form: form?,
        rules: rules?.to_owned(),
    })
}

fn is_there(files: &Files, code: &ItemCode) -> bool {
    files
        .get(&super::items::path(code.as_str(), "item.toml"))
        .is_some()
}

/// Gives each item the calculators of its derived registers.
pub(super) fn keep(items: &mut [Item], calculators: &[CalculatorText]) {
    for item in items {
        for (register, derived) in &item.facts.derived {
            let mut known = calculators.iter();
            if let Some(text) = known.find(|one| one.facts.id == derived.calculator) {
                let kept = kernel::item::KeptCalculator {
                    name: text.facts.name.clone(),
                    rules: text.rules.clone(),
                };
                item.calculators.insert(register.clone(), kept);
            }
        }
    }
}
