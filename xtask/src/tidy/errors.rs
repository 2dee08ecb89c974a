//! Codes of refusals and their pages.

use std::collections::BTreeSet;

use super::{Fault, Tree};

const CODES: &str = "kernel/src/codes.rs";
const PAGES: &str = "docs/errors/";

/// Every code has a page and every page a code.
pub(crate) fn pages(tree: &Tree) -> Vec<Fault> {
    let text = tree.file(CODES).unwrap_or_default();
    let codes: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let (code, status) = (words.next()?, words.next()?);
            (is_code(code) && status.parse::<u16>().is_ok()).then_some(code)
        })
        .collect();
    let pages: BTreeSet<&str> = tree
        .files()
        .filter_map(|(path, _)| path.strip_prefix(PAGES)?.strip_suffix(".md"))
        .filter(|name| is_code(name))
        .collect();
    let missing = codes
        .difference(&pages)
        .map(|code| Fault::new(CODES, format!("{code} has no page {PAGES}{code}.md")));
    let gone = pages
        .difference(&codes)
        .map(|code| Fault::new(format!("{PAGES}{code}.md"), "there is no such code"));
    missing.chain(gone).collect()
}

fn is_code(text: &str) -> bool {
    text.len() == 5
        && text
            .strip_prefix('E')
            .is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::pages;
    use crate::tidy::Tree;

    #[test]
    fn codes_and_pages_match() {
        let codes = (
            "kernel/src/codes.rs",
            "codes! {\n    E1001 400\n    E1020 422 \"必填\"\n  // E1999 is free\n}",
        );
        let good = Tree::of(&[
            codes,
            ("docs/errors/E1001.md", ""),
            ("docs/errors/E1020.md", ""),
            ("docs/errors/README.md", ""),
        ]);
        assert_eq!(pages(&good), []);
        let bad = Tree::of(&[
            codes,
            ("docs/errors/E1001.md", ""),
            ("docs/errors/E1777.md", ""),
        ]);
        assert_eq!(pages(&bad).len(), 2);
    }
}
