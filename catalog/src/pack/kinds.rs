//! Kinds: what items that have no form, rules, flow and words of their own yet share. An item with
//! `general = "promised"` takes `kinds/general.toml`, then `kinds/promised.toml`, then its own keys;
//! its form, rules and flow are those in `kinds/`, unless it has its own.

use kernel::item::ItemFacts;
use toml::{Table, Value};

use super::{agency::source, fault::Faults, items::path, read::Files, source::Source};

/// The folder.
const FOLDER: &str = "kinds";
/// What items of every kind share.
const GENERAL: &str = "kinds/general.toml";
/// The key of an item that names its kind.
const KEY: &str = "general";

/// The kind that an item names, if it names one.
pub(super) fn of(source: &Source<'_>) -> Option<String> {
    source.text_of(KEY)
}

/// The file of a kind with this ending.
fn file(kind: &str, ending: &str) -> String {
    format!("{FOLDER}/{kind}.{ending}")
}

/// The facts of an item of a kind.
pub(super) fn facts(
    files: &Files,
    kind: &str,
    source: &Source<'_>,
    faults: &mut Faults,
) -> Option<ItemFacts> {
    let (of_kind, mut whole) = (file(kind, "toml"), Table::new());
    if files.get(&of_kind).is_none() {
        let message = format!("there is no kind `{kind}`: {of_kind} is missing");
        faults.add(source.file, source.line(KEY), message);
        return None;
    }
    for shared in [GENERAL.to_owned(), of_kind] {
        let shared = self::source(files, &shared, faults)?.read(faults)?;
        lay_over(&mut whole, shared);
    }
    let own: Table = source.read(faults)?;
    let word = |key: &str| own.get(key).and_then(|value| value.get("zh")?.as_str());
    let basis = own.get("basis").and_then(Value::as_array);
    let basis: Vec<&str> = basis
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let places = [
        ("{item}", word("name").unwrap_or_default().to_owned()),
        ("{basis}", basis.join("；")),
    ];
    for value in whole.iter_mut().map(|(_, value)| value) {
        fill(value, &places);
    }
    lay_over(&mut whole, own);
    match Value::Table(whole).try_into() {
        Ok(facts) => Some(facts),
        Err(error) => {
            faults.add(source.file, None, error.message());
            None
        }
    }
}

/// A flow of a kind, for the organisation that handles an item.
pub(super) fn flow(text: &str, handled_by: &str) -> String {
    text.replace("{handled_by}", handled_by)
}

/// The values of one table over those of another; of two tables each value by itself.
fn lay_over(below: &mut Table, over: Table) {
    for (key, value) in over {
        match (below.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(over)) if !is_words(below) => {
                lay_over(below, over);
            }
            (_, value) => drop(below.insert(key, value)),
        }
    }
}

/// Words are one value in two languages.
fn is_words(table: &Table) -> bool {
    table.contains_key("zh")
}

fn fill(value: &mut Value, places: &[(&str, String)]) {
    match value {
        Value::String(text) => {
            for (place, word) in places {
                *text = text.replace(place, word);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| fill(value, places)),
        Value::Table(table) => table.iter_mut().for_each(|(_, value)| fill(value, places)),
        _ => {}
    }
}

/// The path of an item's own file, or of the one its kind has in its place.
pub(super) fn place(files: &Files, folder: &str, kind: Option<&str>, own: &str) -> String {
    let (mine, ending) = (
        path(folder, own),
        own.rsplit('.').next().unwrap_or_default(),
    );
    match kind {
        Some(kind) if files.get(&mine).is_none() => match ending {
            "bpmn" => file(kind, ending),
            _ => format!("{FOLDER}/{own}"),
        },
        _ => mine,
    }
}
