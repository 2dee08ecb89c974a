//! Service items: one folder each.

use std::collections::{BTreeMap, BTreeSet};

use kernel::item::ItemFacts;
use serde_json::Value;

use super::{Example, Item, agency::source, fault::Faults, kinds, read::Files};

/// The examples that every item has.
const EXAMPLES: [&str; 3] = ["granted", "corrected", "denied"];

/// The path of a file of an item.
pub(super) fn path(code: &str, file: &str) -> String {
    format!("items/{code}/{file}")
}

pub(super) fn items(files: &Files, faults: &mut Faults) -> Vec<Item> {
    let folders: BTreeSet<&str> = files
        .0
        .keys()
        .filter_map(|path| path.strip_prefix("items/")?.split('/').next())
        .collect();
    if folders.is_empty() {
        faults.add("items", None, "there is no service item");
    }
    folders
        .into_iter()
        .filter_map(|folder| item(files, folder, faults))
        .collect()
}

fn item(files: &Files, folder: &str, faults: &mut Faults) -> Option<Item> {
    let file = path(folder, "item.toml");
    let mut kind = None;
    let facts = source(files, &file, faults).and_then(|source| {
        kind = kinds::of(&source);
        let facts: ItemFacts = match &kind {
            Some(kind) => kinds::facts(files, kind, &source, faults)?,
            None => source.read(faults)?,
        };
        if facts.code.as_str() != folder {
            let message = format!("the folder is called {folder}");
            faults.add(&file, source.line("code"), message);
        }
        Some(facts)
    });
    let facts = facts?;
    let place = |own| kinds::place(files, folder, kind.as_deref(), own);
    let form = json(files, &place("form.json"), faults);
    let rules = text(files, &place("rules.dmn"), faults);
    let flow = text(files, &place("flow.bpmn"), faults);
    let examples = match &kind {
        Some(_) => BTreeMap::new(),
        None => examples(files, folder, faults),
    };
    Some(Item {
        form: form?,
        rules: rules?.into(),
        flow: kinds::flow(flow?, &facts.handled_by).into(),
        facts,
        examples,
        calculators: BTreeMap::new(),
    })
}

fn text<'t>(files: &'t Files, file: &str, faults: &mut Faults) -> Option<&'t str> {
    let text = files.get(file);
    if text.is_none() {
        faults.add(file, None, "the file is missing");
    }
    text
}

/// A JSON file.
pub(super) fn json(files: &Files, file: &str, faults: &mut Faults) -> Option<Value> {
    match serde_json::from_str(text(files, file, faults)?) {
        Ok(value) => Some(value),
        Err(fault) => {
            faults.add(file, fault.line(), fault.to_string());
            None
        }
    }
}

fn examples(files: &Files, folder: &str, faults: &mut Faults) -> BTreeMap<String, Example> {
    let mut examples = BTreeMap::new();
    for name in EXAMPLES {
        let file = path(folder, &format!("examples/{name}.toml"));
        let read = source(files, &file, faults).and_then(|source| source.read(faults));
        if let Some(example) = read {
            examples.insert(name.to_owned(), example);
        }
    }
    examples
}
