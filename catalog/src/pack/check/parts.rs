//! Forms and rules load, whatever they belong to.

use forms::Form;
use rules::Decisions;
use serde_json::Value;

use crate::pack::{fault::Faults, read::Files};

/// A form; its faults stand at the lines of its file.
pub(super) fn form(
    files: &Files,
    file: &str,
    document: &Value,
    faults: &mut Faults,
) -> Option<Form> {
    match Form::load(document) {
        Ok(form) => Some(form),
        Err(found) => {
            let text = files.get(file).unwrap_or_default();
            for fault in found {
                faults.add(file, line_of(text, &fault.pointer), fault.to_string());
            }
            None
        }
    }
}

/// Rules that have these decisions.
pub(super) fn rules(
    file: &str,
    text: &str,
    wanted: &[&str],
    faults: &mut Faults,
) -> Option<Decisions> {
    match Decisions::load(text) {
        Ok(decisions) => {
            for name in wanted {
                if decisions.names().all(|known| known != *name) {
                    faults.add(file, None, format!("there is no decision `{name}`"));
                }
            }
            Some(decisions)
        }
        Err(found) => {
            for fault in found {
                let message = format!("column {}: {}", fault.column, fault.message);
                faults.add(file, fault.line, message);
            }
            None
        }
    }
}

/// Where the parts of a JSON pointer stand one after the other: JSON has no spans, so that this is
/// the line where an author looks first.
fn line_of(text: &str, pointer: &str) -> Option<usize> {
    let mut place = 0;
    for part in pointer.split('/').filter(|part| !part.is_empty()) {
        let key = format!("\"{part}\"");
        if let Some(found) = text.get(place..).and_then(|rest| rest.find(&key)) {
            place += found;
        }
    }
    let before = text.get(..place)?;
    Some(before.matches('\n').count() + 1)
}
