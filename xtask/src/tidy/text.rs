//! What holds for every text.

use super::{Fault, Tree, rust::words, tree::kind_of};

/// Words that have no place in the project, one per line.
const BANNED: &str = "xtask/tidy/banned-words.txt";

/// Files end with one newline, lines end with no space and no carriage return.
pub(crate) fn clean(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.files().filter(|(path, _)| kind_of(path) != "snap") {
        if text.contains('\r') {
            faults.push(Fault::new(path, "lines end with carriage returns"));
        }
        if !text.is_empty() && !text.ends_with('\n') {
            faults.push(Fault::new(path, "the last line does not end"));
        }
        if text.ends_with("\n\n") {
            faults.push(Fault::new(path, "empty lines at the end"));
        }
        // A tab at the end of a line of a table is an empty last cell.
        let blank: &[char] = if kind_of(path) == "tsv" {
            &[' ']
        } else {
            &[' ', '\t']
        };
        if let Some(at) = text.lines().position(|line| line.ends_with(blank)) {
            faults.push(Fault::at(path, at + 1, "space at the end of a line"));
        }
    }
    faults
}

/// No file holds a banned word. A word that begins with `/` is a path, found where one begins.
pub(crate) fn banned(tree: &Tree) -> Vec<Fault> {
    let banned = tree.file(BANNED).unwrap_or_default().lines();
    let banned: Vec<&str> = banned
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let mut faults = Vec::new();
    for (path, text) in tree.files().filter(|(path, _)| *path != BANNED) {
        for (at, line) in text.lines().enumerate() {
            if let Some(word) = banned.iter().find(|word| holds(line, word)) {
                faults.push(Fault::at(
                    path,
                    at + 1,
                    format!("“{word}” has no place here"),
                ));
            }
        }
    }
    faults
}

fn holds(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !word.starts_with('/')
            || before.is_none_or(|c| !(c.is_alphanumeric() || ".}-_~$*)".contains(c)))
    })
}

/// What is left to do says where it is written down: `#12` or `ADR-3`.
pub(crate) fn todos(tree: &Tree) -> Vec<Fault> {
    // Written apart, so that this file does not find itself.
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("HA", "CK"),
    ];
    let kinds = ["rs", "ts", "vue", "css", "sql", "toml", "sh", "mjs"];
    let mut faults = Vec::new();
    for (path, text) in tree
        .files()
        .filter(|(path, _)| kinds.contains(&kind_of(path)))
    {
        for (at, line) in text.lines().enumerate() {
            let marked = words(line).any(|(_, word)| marks.contains(&word));
            if marked && !names_a_number(line) {
                faults.push(Fault::at(
                    path,
                    at + 1,
                    "say which issue (#12) or ADR (ADR-3) this is left to",
                ));
            }
        }
    }
    faults
}

fn names_a_number(line: &str) -> bool {
    ["#", "ADR-"].iter().any(|mark| {
        line.match_indices(mark).any(|(at, _)| {
            line.get(at + mark.len()..)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        })
    })
}

/// The cells of the columns so named in all tables of a Markdown text.
pub(crate) fn columns<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    let mut column = None;
    text.lines().filter_map(move |line| {
        let line = line.trim();
        let Some(inner) = line.strip_prefix('|') else {
            column = None;
            return None;
        };
        let mut cells = inner.trim_end_matches('|').split('|').map(str::trim);
        match column {
            None => {
                // The first row of a table is its head.
                column = Some(cells.position(|cell| cell.eq_ignore_ascii_case(name)));
                None
            }
            Some(None) => None,
            Some(Some(at)) => {
                let cell = cells.nth(at)?;
                (!cell.is_empty() && !cell.starts_with("--") && !cell.starts_with(":-"))
                    .then_some(cell)
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{BANNED, banned, clean, columns, todos};
    use crate::tidy::Tree;

    #[test]
    fn untidy_texts_are_found() {
        let good = Tree::of(&[("a.md", "x\n"), ("b.tsv", "x\t\n"), ("empty", "")]);
        assert_eq!(clean(&good), []);
        let bad = Tree::of(&[
            ("a.md", "x"),
            ("b.md", "x \n"),
            ("c.md", "x\r\n"),
            ("d.md", "x\n\n"),
            ("e.tsv", "x \n"),
        ]);
        assert_eq!(clean(&bad).len(), 5);
    }

    #[test]
    fn banned_words_and_paths_are_found() {
        let list = (BANNED, "# words\n/places/\nold name\n");
        let good = Tree::of(&[
            list,
            ("a.rs", "let a = \"docs/places/x\"; // names of old\n"),
        ]);
        assert_eq!(banned(&good), []);
        let bad = Tree::of(&[list, ("a.rs", "let a = \"/places/me\";\n// the old name\n")]);
        assert_eq!(banned(&bad).len(), 2);
    }

    #[test]
    fn what_is_left_to_do_has_a_number() {
        let mark = concat!("TO", "DO");
        let line = |rest: &str| format!("// {mark}{rest}\n");
        let run = |text: &str| todos(&Tree::of(&[("a/src/lib.rs", text)])).len();
        assert_eq!(run(&line(" later")), 1);
        assert_eq!(run(&line(" #12: later")), 0);
        assert_eq!(run(&line(" (ADR-3)")), 0);
        assert_eq!(run("let mastodon_todos = 1;\n"), 0);
    }

    #[test]
    fn columns_of_tables_are_read() {
        let text = "| a | Not |\n|---|---|\n| 1 | x |\n| 2 |  |\n\n| b |\n|---|\n| y |\n";
        assert_eq!(columns(text, "not").collect::<Vec<_>>(), ["x"]);
    }
}
