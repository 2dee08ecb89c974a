//! The rules of the tree, each a small function over its files.
//!
//! A rule that old code breaks keeps a list of exceptions in `xtask/tidy/`; a list must say exactly
//! what is still wrong, so it can only shrink.

mod crates;
mod errors;
mod glossary;
mod handlers;
mod log;
mod names;
mod packs;
mod rust;
mod schema;
mod size;
mod text;
mod tree;
mod web;

use std::process::ExitCode;

use anyhow::{Result, bail};

pub(crate) use self::tree::{Fault, Tree};
use crate::test::report::Outcome;

/// A rule: its name, and what breaks it.
type Rule = (&'static str, fn(&Tree) -> Vec<Fault>);

const RULES: &[Rule] = &[
    ("crates depend downwards", crates::edges),
    (
        "the architecture page names the crates that exist",
        crates::page,
    ),
    ("libraries stay behind their doors", names::doors),
    ("every handler takes a proof", handlers::proofs),
    ("every code has a page", errors::pages),
    ("words come from the glossary", glossary::words),
    ("tables name owner and distribution", schema::tables),
    ("a context reads its own tables", schema::owners),
    ("what happened stays as it was written", log::append_only),
    ("files and functions stay small", size::limits),
    ("texts are clean", text::clean),
    ("nothing speaks of a machine", text::banned),
    ("what is left to do has a number", text::todos),
    ("browser packages are pinned", web::packages),
    ("every item has its examples", packs::examples),
];

/// All faults of the tree, under the names of their rules.
fn faults(tree: &Tree) -> Vec<String> {
    let under = |(name, rule): &Rule| {
        let name = *name;
        rule(tree)
            .into_iter()
            .map(move |fault| format!("{name}: {fault}"))
    };
    RULES.iter().flat_map(under).collect()
}

/// `cargo xtask tidy`.
pub(crate) fn command() -> ExitCode {
    let tree = Tree::read(&crate::place::root());
    let faults = faults(&tree);
    for fault in &faults {
        println!("{fault}");
    }
    println!("{}", size::summary(&tree));
    println!("{} rules, {} faults", RULES.len(), faults.len());
    if faults.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// As a step of `make test`.
pub(crate) fn step() -> Result<Outcome> {
    let faults = faults(&Tree::read(&crate::place::root()));
    if !faults.is_empty() {
        bail!("{} faults\n{}", faults.len(), faults.join("\n"));
    }
    Ok(Outcome::once())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_tree_is_tidy() {
        let faults = super::faults(&super::Tree::read(&crate::place::root()));
        assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    }
}
