//! Which crate may depend on which.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::{Fault, Tree};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layer {
    /// No IO, no runtime, no SQL.
    Vocabulary,
    /// Pure: clock and randomness are parameters.
    Engine,
    Shell,
    /// Stands in for a system outside; only the program knows it.
    Adapter,
    Context,
    Program,
    /// For tests of everything that does IO.
    Fixture,
    /// Knows nothing of ours.
    Tool,
}

const CRATES: &[(&str, Layer)] = &[
    ("kernel", Layer::Vocabulary),
    ("calendar", Layer::Engine),
    ("rules", Layer::Engine),
    ("flow", Layer::Engine),
    ("forms", Layer::Engine),
    ("spreadsheets", Layer::Engine),
    ("hallsim", Layer::Engine),
    ("seal", Layer::Engine),
    ("search", Layer::Engine),
    ("store", Layer::Shell),
    ("httpkit", Layer::Shell),
    ("paper", Layer::Shell),
    ("registers", Layer::Adapter),
    ("identity", Layer::Context),
    ("catalog", Layer::Context),
    ("casework", Layer::Context),
    ("messages", Layer::Context),
    ("hall", Layer::Context),
    ("insight", Layer::Context),
    ("fund", Layer::Context),
    ("voice", Layer::Context),
    ("academy", Layer::Context),
    ("oversight", Layer::Context),
    ("yici", Layer::Program),
    ("testkit", Layer::Fixture),
    ("xtask", Layer::Tool),
    ("load", Layer::Tool),
    ("sqlite_floor", Layer::Tool),
];

/// Edges within one layer.
const BETWEEN: &[(&str, &str)] = &[("flow", "rules"), ("forms", "rules"), ("httpkit", "store")];

/// Edges of tests alone: the registers of the demo city are tried with its pack.
const FOR_TESTS: &[(&str, &str)] = &[("registers", "catalog")];

fn layer(name: &str) -> Option<Layer> {
    CRATES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, layer)| *layer)
}

/// The contexts, whether they exist yet or not.
pub(crate) fn is_context(name: &str) -> bool {
    layer(name) == Some(Layer::Context)
}

fn may(from: (&str, Layer), to: (&str, Layer), for_tests: bool) -> bool {
    use Layer::{Adapter, Context, Engine, Fixture, Program, Shell, Tool, Vocabulary};
    if for_tests && FOR_TESTS.contains(&(from.0, to.0)) {
        return true;
    }
    if for_tests && to.1 == Fixture {
        return matches!(from.1, Shell | Adapter | Context | Program);
    }
    match from.1 {
        Vocabulary | Tool => false,
        Engine => to.1 == Vocabulary || BETWEEN.contains(&(from.0, to.0)),
        Shell => matches!(to.1, Vocabulary | Engine) || BETWEEN.contains(&(from.0, to.0)),
        Adapter => to.1 == Vocabulary || matches!(to.0, "seal" | "store"),
        Context | Fixture => matches!(to.1, Vocabulary | Engine | Shell),
        Program => !matches!(to.1, Fixture | Tool | Program),
    }
}

/// Every edge is allowed; every crate is known, named after its folder, and under the house's lints.
pub(crate) fn edges(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    let members = members(tree);
    for folder in &members {
        let path = format!("{folder}/Cargo.toml");
        let Some(manifest) = parse(tree, &path) else {
            faults.push(Fault::new(path, "no such manifest, or not TOML"));
            continue;
        };
        let name = text(&manifest, &["package", "name"]).unwrap_or_default();
        if name != name_of(folder) {
            faults.push(Fault::new(
                &path,
                format!("crate `{name}` is not named after its folder"),
            ));
        }
        if at(&manifest, &["lints", "workspace"]) != Some(&Value::Boolean(true)) {
            faults.push(Fault::new(&path, "add `[lints] workspace = true`"));
        }
        let Some(own) = layer(name) else {
            let what =
                format!("which layer does `{name}` belong to? Say it in xtask/src/tidy/crates.rs");
            faults.push(Fault::new(&path, what));
            continue;
        };
        for (to, for_tests) in dependencies(&manifest) {
            let Some(layer) = layer(&to) else { continue };
            if !may((name, own), (&to, layer), for_tests) {
                let what = format!("`{name}` ({own:?}) may not depend on `{to}` ({layer:?})");
                faults.push(Fault::new(&path, what));
            }
        }
    }
    faults
}

/// `ARCHITECTURE.md` has a table with a column `crate` that names exactly the crates that exist.
pub(crate) fn page(tree: &Tree) -> Vec<Fault> {
    const PAGE: &str = "ARCHITECTURE.md";
    let text = tree.file(PAGE).unwrap_or_default();
    let named: BTreeSet<&str> = super::text::columns(text, "crate")
        .filter_map(|cell| cell.split('`').nth(1))
        .collect();
    let members = members(tree);
    let exist: BTreeSet<&str> = members.iter().map(|folder| name_of(folder)).collect();
    let missing = exist
        .difference(&named)
        .map(|name| format!("crate `{name}` is missing"));
    let gone = named
        .difference(&exist)
        .map(|name| format!("there is no crate `{name}`"));
    missing
        .chain(gone)
        .map(|what| Fault::new(PAGE, what))
        .collect()
}

fn members(tree: &Tree) -> Vec<String> {
    let manifest = parse(tree, "Cargo.toml").unwrap_or_default();
    let list = at(&manifest, &["workspace", "members"]).and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|member| member.as_str().map(str::to_owned))
        .collect()
}

fn name_of(folder: &str) -> &str {
    folder.rsplit('/').next().unwrap_or(folder)
}

/// Names of the crates depended on, and whether only tests do.
fn dependencies(manifest: &Table) -> Vec<(String, bool)> {
    let kinds = [
        ("dependencies", false),
        ("build-dependencies", false),
        ("dev-dependencies", true),
    ];
    let mut found = Vec::new();
    for (kind, for_tests) in kinds {
        for (key, value) in manifest
            .get(kind)
            .and_then(Value::as_table)
            .into_iter()
            .flatten()
        {
            let name = value.get("package").and_then(Value::as_str).unwrap_or(key);
            found.push((name.to_owned(), for_tests));
        }
    }
    found
}

fn parse(tree: &Tree, path: &str) -> Option<Table> {
    tree.file(path)?.parse().ok()
}

fn at<'a>(table: &'a Table, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    rest.iter()
        .try_fold(table.get(*first)?, |value, key| value.get(key))
}

fn text<'a>(table: &'a Table, path: &[&str]) -> Option<&'a str> {
    at(table, path).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::{edges, page};
    use crate::tidy::Tree;

    fn tree(name: &str, dependencies: &str) -> Tree {
        let root = format!("[workspace]\nmembers = [\"{name}\"]");
        let own =
            format!("[package]\nname = \"{name}\"\n[lints]\nworkspace = true\n{dependencies}");
        Tree::of(&[("Cargo.toml", &root), (&format!("{name}/Cargo.toml"), &own)])
    }

    #[test]
    fn edges_go_downwards_only() {
        let allowed = [
            (
                "flow",
                "[dependencies]\nrules.workspace = true\nkernel.workspace = true",
            ),
            (
                "casework",
                "[dependencies]\nstore.workspace = true\n[dev-dependencies]\ntestkit.workspace = true",
            ),
            ("registers", "[dependencies]\nseal.workspace = true"),
            (
                "yici",
                "[dependencies]\ncasework.workspace = true\nregisters.workspace = true",
            ),
        ];
        for (name, dependencies) in allowed {
            assert_eq!(edges(&tree(name, dependencies)), [], "{name}");
        }
        let refused = [
            ("kernel", "[dependencies]\nseal.workspace = true"),
            ("rules", "[dependencies]\nflow.workspace = true"),
            ("casework", "[dependencies]\ncatalog.workspace = true"),
            ("casework", "[dev-dependencies]\ncatalog.workspace = true"),
            ("casework", "[dependencies]\nregisters.workspace = true"),
            ("casework", "[dependencies]\ntestkit.workspace = true"),
            ("calendar", "[dev-dependencies]\ntestkit.workspace = true"),
            (
                "store",
                "[dependencies]\nother = { workspace = true, package = \"httpkit\" }",
            ),
        ];
        for (name, dependencies) in refused {
            assert_eq!(
                edges(&tree(name, dependencies)).len(),
                1,
                "{name}: {dependencies}"
            );
        }
    }

    #[test]
    fn a_crate_is_known_and_named_after_its_folder() {
        assert_eq!(edges(&tree("surprise", "")).len(), 1);
        let renamed = Tree::of(&[
            ("Cargo.toml", "[workspace]\nmembers = [\"flow\"]"),
            (
                "flow/Cargo.toml",
                "[package]\nname = \"kernel\"\n[lints]\nworkspace = true",
            ),
        ]);
        assert_eq!(edges(&renamed).len(), 1);
    }

    #[test]
    fn the_page_names_what_exists() {
        let root = (
            "Cargo.toml",
            "[workspace]\nmembers = [\"kernel\", \"bench/load\"]",
        );
        let good = (
            "ARCHITECTURE.md",
            "| kind | crate | owns |\n|---|---|---|\n| a | `kernel` | `x` |\n| b | `load` | y |\n",
        );
        assert_eq!(page(&Tree::of(&[root, good])), []);
        let bad = (
            "ARCHITECTURE.md",
            "| kind | crate | owns |\n|---|---|---|\n| a | `kernel` | |\n| b | `ghost` | |\n",
        );
        assert_eq!(page(&Tree::of(&[root, bad])).len(), 2);
    }
}
