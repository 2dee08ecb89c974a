//! A model in which no decision needs another: what it needed is given to it. The engine decides
//! again whatever is needed more than once, and copies all inputs each time; over a flat model we
//! decide each once, in the order of need.

use std::fmt::Write as _;

use dsntk_model::{Definitions, DmnElement as _, NamedElement as _};
use roxmltree::Document;

use crate::model::is;

/// The model with an input for each decision, under the decision's variable, in place of the
/// decision where it is needed.
pub(crate) fn flat(xml: &str, definitions: &Definitions) -> Result<String, String> {
    let document = Document::parse(xml).map_err(|error| error.to_string())?;
    let root = document.root_element();
    let namespace = root.tag_name().namespace();
    let prefix = namespace.and_then(|namespace| root.lookup_prefix(namespace));
    let prefix = prefix.map_or_else(String::new, |prefix| format!("{prefix}:"));
    let mut flat = String::with_capacity(xml.len() * 2);
    let mut copied = 0;
    let needed = root
        .descendants()
        .filter(|node| is(node, "requiredDecision"));
    for node in needed {
        let (range, id) = (node.range(), node.attribute("href").unwrap_or(""));
        let id = given(&escaped(id.trim().trim_start_matches('#')));
        flat.push_str(xml.get(copied..range.start).unwrap_or(""));
        let _ = write!(flat, "<{prefix}requiredInput href=\"#{id}\"/>");
        copied = range.end;
    }
    let end = root.last_child().map_or(xml.len(), |last| last.range().end);
    flat.push_str(xml.get(copied..end).unwrap_or(""));
    for decision in definitions.decisions() {
        let id = given(&escaped(decision.id()));
        let name = escaped(decision.variable().name());
        let kind = escaped(given_type(decision.variable().type_ref()));
        let _ = write!(
            flat,
            "<{prefix}inputData id=\"{id}\" name=\"{name}\">\
             <{prefix}variable name=\"{name}\" typeRef=\"{kind}\"/></{prefix}inputData>"
        );
    }
    flat.push_str(xml.get(end..).unwrap_or(""));
    Ok(flat)
}

/// The id of the input that stands for a decision; no id that people write begins so.
fn given(id: &str) -> String {
    format!("given..{id}")
}

/// The name of a type where an input has it: the engine knows some types of decisions under another
/// name there.
fn given_type(kind: &str) -> &str {
    match kind {
        "date and time" => "dateTime",
        "days and time duration" => "dayTimeDuration",
        "years and months duration" => "yearMonthDuration",
        kind => kind,
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
