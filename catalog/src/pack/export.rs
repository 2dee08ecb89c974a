//! A pack as it is in force: what the database says of items and sheets, written as files over those
//! of a folder. A file that says the same as the database stays as it was written.

use kernel::{error::Broken, item::ItemEdition};
use serde::Serialize;
use serde_json::{Value, json};
use toml::Table;

use super::{Files, Pack, calculators, items::path, kinds, sheets};
use crate::{
    calculator::CalculatorText,
    sheets::{
        CALCULATORS, ELSEWHERE, Elsewhere, Everyday, HALLS, Hall, LIFE_EVENTS, LifeEvent, OwnPage,
        PAGES, Sheets, TOPICS, Topic, WORDS,
    },
};

/// The folder's pack with what is in force laid over it.
pub(crate) fn export(
    folder: (&Files, &Pack),
    items: &[&ItemEdition],
    sheets: &Sheets,
) -> Result<Files, Broken> {
    let (files, pack) = folder;
    let mut out = files.clone();
    let listed = |path: &str| {
        let code = path
            .strip_prefix("items/")
            .and_then(|rest| rest.split('/').next());
        code.is_none_or(|code| items.iter().any(|one| one.facts.code.as_str() == code))
    };
    out.0.retain(|path, _| listed(path));
    for one in items {
        let mut known = pack.items.iter();
        let known = known.find(|known| known.facts.code == one.facts.code);
        let is_same = known.is_some_and(|known| {
            known.facts == one.facts
                && known.form == one.form
                && known.rules == one.rules
                && known.flow == one.flow
        });
        if !is_same {
            item(&mut out, one)?;
        }
    }
    for name in [
        WORDS,
        LIFE_EVENTS,
        TOPICS,
        HALLS,
        ELSEWHERE,
        PAGES,
        CALCULATORS,
    ] {
        let in_force = sheets.0.get(name).map(|sheet| &sheet.content);
        if in_force != pack.sheets.get(name) {
            sheet(&mut out, name, sheets)?;
        }
    }
    Ok(out)
}

fn item(out: &mut Files, one: &ItemEdition) -> Result<(), Broken> {
    let (code, kind) = (one.facts.code.as_str(), one.facts.general.as_deref());
    out.0
        .insert(path(code, "item.toml"), toml_text(&one.facts)?);
    let form = serde_json::to_string_pretty(&one.form);
    let form = form.map_err(|fault| Broken::caused("form of an item", fault))? + "\n";
    let own = [
        ("form.json", form),
        ("rules.dmn", one.rules.to_string()),
        ("flow.bpmn", one.flow.to_string()),
    ];
    for (file, text) in own {
        let mine = path(code, file);
        out.0.remove(&mine);
        let shared = out.get(&kinds::place(out, code, kind, file)).map(|shared| {
            if file == "flow.bpmn" {
                kinds::flow(shared, &one.facts.handled_by)
            } else {
                shared.to_owned()
            }
        });
        if !shared.is_some_and(|shared| says_the_same(file, &shared, &text)) {
            out.0.insert(mine, text);
        }
    }
    Ok(())
}

/// Whether a shared file stands for an item's own.
fn says_the_same(file: &str, shared: &str, own: &str) -> bool {
    if file != "form.json" {
        return shared == own;
    }
    let read = |text| serde_json::from_str::<Value>(text).ok();
    read(shared) == read(own)
}

fn sheet(out: &mut Files, name: &str, sheets: &Sheets) -> Result<(), Broken> {
    let (file, text) = match name {
        WORDS => (sheets::WORDS_FILE, words(&sheets.list(name))),
        HALLS => (sheets::HALLS_FILE, halls(&sheets.list(name))),
        ELSEWHERE => (sheets::ELSEWHERE_FILE, elsewhere(&sheets.list(name))),
        PAGES => (sheets::PAGES_FILE, pages(&sheets.list(name))),
        LIFE_EVENTS => {
            let list: Vec<LifeEvent> = sheets.list(name);
            (
                sheets::EVENTS_FILE,
                toml_text(&json!({ "life_event": list }))?,
            )
        }
        TOPICS => {
            let list: Vec<Topic> = sheets.list(name);
            (sheets::TOPICS_FILE, toml_text(&json!({ "topic": list }))?)
        }
        _ => return calculators_of(out, &sheets.list(name)),
    };
    if sheets.0.contains_key(name) {
        out.0.insert(file.to_owned(), text);
    } else {
        out.0.remove(file);
    }
    Ok(())
}

fn calculators_of(out: &mut Files, list: &[CalculatorText]) -> Result<(), Broken> {
    let listed = |path: &str| {
        let id = path
            .strip_prefix("calculators/")
            .and_then(|rest| rest.split('/').next());
        id.is_none_or(|id| list.iter().any(|one| one.facts.id == id))
    };
    out.0.retain(|path, _| listed(path));
    for one in list {
        let id = one.facts.id.as_str();
        let form = serde_json::to_string_pretty(&one.form);
        let form = form.map_err(|fault| Broken::caused("form of a calculator", fault))? + "\n";
        let facts = toml_text(&one.facts)?;
        for (file, text) in [
            ("calculator.toml", facts),
            ("form.json", form),
            ("rules.dmn", one.rules.clone()),
        ] {
            out.0.insert(calculators::path(id, file), text);
        }
    }
    Ok(())
}

/// TOML of what is there; what is null, and words that nobody wrote, are left out.
fn toml_text<T: Serialize>(value: &T) -> Result<String, Broken> {
    let value =
        serde_json::to_value(value).map_err(|fault| Broken::caused("a pack's file", fault))?;
    let table: Table = without_nulls(value)
        .and_then(|value| Table::try_from(value).ok())
        .ok_or_else(|| Broken::new("a pack's file is no table"))?;
    toml::to_string(&table).map_err(|fault| Broken::caused("a pack's file", fault))
}

fn without_nulls(value: Value) -> Option<Value> {
    Some(match value {
        Value::Null => return None,
        Value::Array(list) => list.into_iter().filter_map(without_nulls).collect(),
        Value::Object(map) if map.contains_key("zh") && map.values().all(|one| one == "") => {
            return None;
        }
        Value::Object(map) => {
            let kept = map.into_iter();
            kept.filter_map(|(key, value)| Some((key, without_nulls(value)?)))
                .collect()
        }
        other => other,
    })
}

fn lines(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    rows.fold(head.join("\t") + "\n", |all, row| {
        let row: Vec<String> = row
            .iter()
            .map(|text| text.replace(['\t', '\n'], " "))
            .collect();
        all + row.join("\t").as_str() + "\n"
    })
}

fn words(list: &[Everyday]) -> String {
    let row = |one: &Everyday| {
        vec![
            one.item.to_string(),
            one.words.join(";"),
            one.asked.join("|"),
            one.english.join(";"),
        ]
    };
    lines(&sheets::WORDS_COLUMNS, list.iter().map(row))
}

fn halls(list: &[Hall]) -> String {
    let row = |one: &Hall| {
        let mut row = vec![one.id.clone()];
        for words in [&one.name, &one.address, &one.hours] {
            row.extend([words.zh.clone(), words.en.clone()]);
        }
        row.extend([
            one.phone.clone(),
            one.travel.zh.clone(),
            one.travel.en.clone(),
        ]);
        row
    };
    lines(&sheets::HALLS_COLUMNS, list.iter().map(row))
}

fn elsewhere(list: &[Elsewhere]) -> String {
    let row = |one: &Elsewhere| {
        let mut row = vec![
            one.matter.zh.clone(),
            one.matter.en.clone(),
            one.words.join(";"),
        ];
        for words in [&one.body, &one.how] {
            row.extend([words.zh.clone(), words.en.clone()]);
        }
        row.push(one.phone.clone());
        row
    };
    lines(&sheets::ELSEWHERE_COLUMNS, list.iter().map(row))
}

fn pages(list: &[OwnPage]) -> String {
    let row = |one: &OwnPage| {
        let mut row = vec![one.path.clone()];
        for words in [&one.title, &one.lead] {
            row.extend([words.zh.clone(), words.en.clone()]);
        }
        row.push(one.words.join(";"));
        row
    };
    lines(&sheets::PAGES_COLUMNS, list.iter().map(row))
}
