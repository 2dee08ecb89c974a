//! The packages of the browser side.

use serde_json::Value;

use super::{Fault, Tree};

const PACKAGE: &str = "web/package.json";
const LOCK: &str = "web/package-lock.json";

/// Exact versions, and a lock that names no server: it works with any mirror of the registry.
pub(crate) fn packages(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    let package: Value =
        serde_json::from_str(tree.file(PACKAGE).unwrap_or("{}")).unwrap_or_default();
    for kind in ["dependencies", "devDependencies"] {
        for (name, version) in package
            .get(kind)
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let version = version.as_str().unwrap_or_default();
            if !version.starts_with(|c: char| c.is_ascii_digit()) {
                faults.push(Fault::new(
                    PACKAGE,
                    format!("`{name}` is `{version}`: pin one version"),
                ));
            }
        }
    }
    let lock = tree.file(LOCK).unwrap_or_default();
    if let Some(at) = lock
        .lines()
        .position(|line| line.trim_start().starts_with("\"resolved\""))
    {
        let what = "npm install --omit-lockfile-registry-resolved leaves the address out";
        faults.push(Fault::at(LOCK, at + 1, what));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::packages;
    use crate::tidy::Tree;

    #[test]
    fn packages_are_pinned_and_the_lock_names_no_server() {
        let good = Tree::of(&[
            ("web/package.json", r#"{"dependencies": {"vue": "3.5.45"}}"#),
            (
                "web/package-lock.json",
                "{\n  \"integrity\": \"sha512-x\"\n}\n",
            ),
        ]);
        assert_eq!(packages(&good), []);
        let bad = Tree::of(&[
            (
                "web/package.json",
                r#"{"dependencies": {"vue": "^3.5.45"}, "devDependencies": {"vite": "*"}}"#,
            ),
            (
                "web/package-lock.json",
                "{\n  \"resolved\": \"https://example.org/vue.tgz\"\n}\n",
            ),
        ]);
        assert_eq!(packages(&bad).len(), 3);
    }
}
