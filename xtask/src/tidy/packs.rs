//! The standards of a bureau.

use std::collections::BTreeSet;

use super::{Fault, Tree};

/// The three ways that every item is tried.
const EXAMPLES: [&str; 3] = ["granted", "corrected", "denied"];

/// Every item folder of every pack has its three examples, unless the item is a general one.
pub(crate) fn examples(tree: &Tree) -> Vec<Fault> {
    let items: BTreeSet<String> = tree
        .files()
        .filter_map(|(path, _)| {
            let (pack, rest) = path.strip_prefix("packs/")?.split_once("/items/")?;
            let (item, _) = rest.split_once('/')?;
            Some(format!("packs/{pack}/items/{item}"))
        })
        .collect();
    let mut faults = Vec::new();
    let general = |item: &&String| {
        let facts = tree.file(&format!("{item}/item.toml"));
        facts.is_some_and(|facts| facts.lines().any(|line| line.starts_with("general = ")))
    };
    for item in items.iter().filter(|item| !general(item)) {
        for name in EXAMPLES {
            if tree.file(&format!("{item}/examples/{name}.toml")).is_none() {
                faults.push(Fault::new(item, format!("examples/{name}.toml is missing")));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::examples;
    use crate::tidy::Tree;

    #[test]
    fn every_item_has_three_examples() {
        let tree = Tree::of(&[
            ("packs/a/items/X-1/item.toml", ""),
            ("packs/a/items/X-1/examples/granted.toml", ""),
            ("packs/a/items/X-1/examples/corrected.toml", ""),
            ("packs/a/items/X-1/examples/denied.toml", ""),
            ("packs/a/items/X-2/item.toml", ""),
            ("packs/a/items/X-3/item.toml", "general = \"instant\"\n"),
            ("packs/a/items/X-2/examples/granted.toml", ""),
        ]);
        assert_eq!(examples(&tree).len(), 2);
    }
}
