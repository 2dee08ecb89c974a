//! Everyday questions as a load: each of those by which the search is tuned and measured, as people
//! type them.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

/// Under which name all of them are counted together.
pub(super) const STEP: &str = "everybody: search by a question";

/// Writes the scenario that asks every question of a pack.
pub(super) fn scenario(pack: &Path, file: &Path) -> Result<()> {
    let questions = pack.join("search/questions.tsv");
    let table = fs::read_to_string(&questions).with_context(|| questions.display().to_string())?;
    fs::write(file, asked(&table).to_string())?;
    Ok(())
}

fn asked(table: &str) -> Value {
    let questions = table.lines().skip(1);
    let round: Vec<Value> = questions
        .filter_map(|line| line.split('\t').nth(1))
        .map(|question| {
            json!({
                "name": STEP,
                "method": "GET",
                "path": format!("/api/v1/search?query={}", encoded(question)),
                "headers": { "x-yici-surface": "portal" },
            })
        })
        .collect();
    json!({ "name": "search: what people ask", "start": [], "round": round })
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut path, byte| {
        if byte.is_ascii_alphanumeric() {
            path.push(char::from(byte));
        } else {
            let _ = write!(path, "%{byte:02X}");
        }
        path
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_question_is_asked_as_it_was_typed() {
        let asked = super::asked("half\tquestion\titems\ntune\t没 sybx\tSB-084\n");
        assert_eq!(
            asked["round"][0]["path"],
            "/api/v1/search?query=%E6%B2%A1%20sybx"
        );
        assert_eq!(asked["round"].as_array().map(Vec::len), Some(1));
    }
}
