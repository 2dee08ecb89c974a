//! An item's form, rules and flow load and fit its facts.

use std::{collections::BTreeMap, sync::Arc};

use calendar::Calendar;
use kernel::item::ItemFacts;
use rules::Expression;

use super::{derived, example, facts::Facts, flow, other_party::Others, parts, roster};
use crate::pack::{
    Item, Pack, agency::source, fault::Faults, items::path, kinds, read::Files, registers,
    source::Source,
};

/// Decisions that every item has.
const DECISIONS: [&str; 2] = ["checks", "outcome"];

/// What was checked for one item and is the same for the next: a form by its text, rules by theirs.
#[derive(Default)]
pub(super) struct Known {
    forms: BTreeMap<String, Vec<String>>,
    rules: BTreeMap<Arc<str>, Vec<String>>,
}

pub(super) fn check(
    files: &Files,
    pack: &Pack,
    item: &Item,
    (calendar, known): (&Calendar, &mut Known),
    faults: &mut Faults,
) {
    let code = item.facts.code.as_str();
    let file = path(code, "item.toml");
    let Some(source) = source(files, &file, faults) else {
        return;
    };
    let registers: Vec<&str> = registers::names().collect();
    let facts = Facts {
        facts: &item.facts,
        source: &source,
    };
    facts.check(&registers, calendar, faults);
    derived::check(&pack.calculators, &item.facts, &source, faults);
    let text = item.form.to_string();
    let keys = known
        .forms
        .entry(text)
        .or_insert_with(|| form(files, item, faults))
        .clone();
    conditions(&item.facts, &source, &keys, faults);
    Others {
        facts: &item.facts,
        source: &source,
        form: &item.form,
        registers: &registers,
    }
    .check(calendar, faults);
    let facts = &item.facts;
    if facts.about.is_some() || !facts.one_open_about.is_empty() || facts.roster.is_some() {
        // A form with faults has told them already.
        if let Ok(form) = forms::Form::load(&item.form) {
            roster::check(&item.facts, &form, &source, faults);
        }
    }
    let text = Arc::clone(&item.rules);
    let decisions = known
        .rules
        .entry(text)
        .or_insert_with(|| rules(files, item, faults));
    let handled_by = format!("{}/{}", pack.city.code, item.facts.handled_by);
    if pack
        .organisations
        .iter()
        .all(|org| org.path.as_str() != handled_by)
    {
        let message = format!("there is no organisation {handled_by}");
        faults.add(&file, source.line("handled_by"), message);
    }
    flow::check(files, pack, item, decisions, faults);
    for (name, one) in &item.examples {
        example::check(files, pack, item, (name, one), &keys, faults);
    }
}

/// Where a file of an item stands: with it, or with its kind.
pub(super) fn place(files: &Files, item: &Item, own: &str) -> String {
    let (code, kind) = (item.facts.code.as_str(), item.facts.general.as_deref());
    kinds::place(files, code, kind, own)
}

/// The keys of the form's fields.
fn form(files: &Files, item: &Item, faults: &mut Faults) -> Vec<String> {
    let file = place(files, item, "form.json");
    let form = parts::form(files, &file, &item.form, faults);
    form.map_or_else(Vec::new, |form| {
        form.keys().map(ToOwned::to_owned).collect()
    })
}

fn conditions(facts: &ItemFacts, source: &Source<'_>, keys: &[String], faults: &mut Faults) {
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    for (at, material) in facts.materials.iter().enumerate() {
        let Some(condition) = &material.needed_when else {
            continue;
        };
        if let Err(found) = Expression::parse_over(condition, &keys) {
            let line = source.line(&format!("materials/{at}/needed_when"));
            for fault in found {
                faults.add(
                    source.file,
                    line,
                    format!("`needed_when`: {}", fault.message),
                );
            }
        }
    }
}

/// The names of the decisions; empty when the rules do not load.
fn rules(files: &Files, item: &Item, faults: &mut Faults) -> Vec<String> {
    let file = place(files, item, "rules.dmn");
    let rules = parts::rules(&file, &item.rules, &DECISIONS, faults);
    rules.map_or_else(Vec::new, |rules| {
        rules.names().map(ToOwned::to_owned).collect()
    })
}
