//! One word per thing.

use super::{
    Fault, Tree,
    rust::{code, is_test_file, without_tests},
    text::columns,
    tree::kind_of,
};

const GLOSSARY: &str = "docs/glossary.md";

/// Names that we declare, and the addresses that we serve, use no word that the glossary's column `not` forbids.
/// The names of tests are sentences, and free.
pub(crate) fn words(tree: &Tree) -> Vec<Fault> {
    let forbidden: Vec<Vec<String>> = columns(tree.file(GLOSSARY).unwrap_or_default(), "not")
        .flat_map(|cell| cell.split([',', ';', '，', '、']))
        .map(|word| parts(word.trim().trim_matches('`')))
        .filter(|parts| !parts.is_empty())
        .collect();
    let mut faults = Vec::new();
    for (path, text) in tree.files().filter(|(path, _)| is_source(path)) {
        let code = if kind_of(path) == "rs" {
            without_tests(&code(text))
        } else {
            text.to_owned()
        };
        for (at, (line, original)) in code.lines().zip(text.lines()).enumerate() {
            for name in declared(path, line).into_iter().chain(served(original)) {
                let parts = parts(name);
                let hit = forbidden
                    .iter()
                    .find(|word| parts.windows(word.len()).any(|part| part == *word));
                if let Some(word) = hit {
                    let what = format!(
                        "`{name}`: the glossary has another word for “{}”",
                        word.join(" ")
                    );
                    faults.push(Fault::at(path, at + 1, what));
                }
            }
        }
    }
    faults
}

/// The segments of an endpoint's address: `path = "/cases/{case_id}"`.
fn served(line: &str) -> impl Iterator<Item = &str> {
    let address = line
        .split_once("path = \"/")
        .and_then(|(_, rest)| rest.split('"').next());
    address.into_iter().flat_map(|address| address.split('/'))
}

fn is_source(path: &str) -> bool {
    matches!(kind_of(path), "rs" | "ts" | "vue" | "sql")
        && !path.starts_with("bench/")
        && !is_test_file(path)
}

/// Words that a declared name follows.
const RUST: &[&str] = &[
    "struct", "enum", "trait", "type", "fn", "mod", "const", "static", "pub",
];
const TYPESCRIPT: &[&str] = &["interface", "type", "class", "function", "const", "let"];

/// Names that a line declares: of types, functions, values, modules, public fields, tables, columns.
fn declared<'a>(path: &str, line: &'a str) -> Vec<&'a str> {
    let trimmed = line.trim_start();
    if kind_of(path) == "sql" {
        let table = trimmed.strip_prefix("CREATE TABLE ").and_then(first_name);
        let column = (line.starts_with("  ")
            && trimmed.starts_with(|c: char| c.is_ascii_lowercase()))
        .then(|| first_name(trimmed))
        .flatten();
        return table.into_iter().chain(column).collect();
    }
    let openers = if kind_of(path) == "rs" {
        RUST
    } else {
        TYPESCRIPT
    };
    let words: Vec<&str> = trimmed
        .split(|c: char| !is_name(c))
        .filter(|word| !word.is_empty())
        .collect();
    words
        .windows(2)
        .filter(|pair| openers.contains(&pair[0]))
        .map(|pair| pair[1])
        .collect()
}

fn first_name(text: &str) -> Option<&str> {
    text.split(|c: char| !is_name(c))
        .find(|word| !word.is_empty())
}

const fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// `CaseState`, `case_state` and "case state" are all `case state`.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for c in name.chars() {
        if !c.is_alphanumeric() {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut()
            && (!c.is_uppercase() || last.is_empty())
        {
            last.extend(c.to_lowercase());
        } else {
            parts.push(c.to_lowercase().collect());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::{parts, words};
    use crate::tidy::Tree;

    const GLOSSARY: (&str, &str) = (
        "docs/glossary.md",
        "# Words\n| 中文 | English | SQL | not |\n|---|---|---|---|\n| 办件 | case | `case` | `matter`, work order |\n| 事项 | item | | |\n",
    );

    #[test]
    fn names_are_taken_apart() {
        assert_eq!(parts("CaseState"), ["case", "state"]);
        assert_eq!(parts("case_state"), ["case", "state"]);
        assert_eq!(parts("work order"), ["work", "order"]);
    }

    #[test]
    fn forbidden_words_are_found_in_declared_names_only() {
        let good = Tree::of(&[
            GLOSSARY,
            (
                "casework/src/case.rs",
                "pub struct Case; // a matter of words\nlet x = other::matter();",
            ),
        ]);
        assert_eq!(words(&good), []);
        let bad = Tree::of(&[
            GLOSSARY,
            ("casework/src/case.rs", "pub(crate) struct CaseMatter;"),
            (
                "casework/src/b.rs",
                "#[utoipa::path(get, path = \"/matters/{matter_id}\")]",
            ),
            ("web/src/a.ts", "export interface WorkOrder {}"),
            (
                "store/src/migrations/1_x.sql",
                "CREATE TABLE case_file (\n  work_order_id text\n)",
            ),
        ]);
        let faults = words(&bad);
        assert_eq!(faults.len(), 4, "{faults:?}");
    }
}
