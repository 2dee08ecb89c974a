//! Libraries that may be named in few places.

use super::{
    Fault, Tree,
    crates::is_context,
    rust::{code, line_of, words},
};

/// A library and where it may be named.
struct Door {
    name: &'static str,
    may: fn(folder: &str, path: &str, code: &str) -> bool,
    hint: &'static str,
}

const DOORS: &[Door] = &[
    Door {
        name: "sea_orm",
        may: |folder, path, _| {
            matches!(folder, "store" | "testkit")
                || path.starts_with("yici/tests/")
                || (is_context(folder) || folder == "registers") && may_hold_sql(folder, path)
        },
        hint: "SQL lives in `store`, and in `src/store.rs` or `src/store/` of a context",
    },
    Door {
        name: "DbBackend",
        may: |_, path, _| {
            matches!(
                path,
                "store/src/dialect.rs" | "store/src/pool.rs" | "testkit/src/database.rs"
            )
        },
        hint: "the two databases differ in store/src/dialect.rs alone",
    },
    Door {
        name: "axum",
        may: |folder, path, code| {
            matches!(folder, "httpkit" | "yici")
                || is_context(folder) && (speaks_http(code) || path.contains("/tests/"))
        },
        hint: "HTTP lives in `httpkit`, `yici` and files with endpoints or extractors",
    },
    Door {
        name: "dsntk",
        may: |folder, _, _| folder == "rules",
        hint: "the rule engine is known to `rules` alone",
    },
    Door {
        name: "typst",
        may: |folder, _, _| folder == "paper",
        hint: "papers are set by `paper` alone",
    },
];

impl Door {
    /// The library itself, or one of its family: `dsntk_feel`.
    fn leads_to(&self, word: &str) -> bool {
        word.strip_prefix(self.name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    }
}

fn may_hold_sql(folder: &str, path: &str) -> bool {
    let inner = path.strip_prefix(folder).unwrap_or(path);
    inner == "/src/store.rs" || inner.starts_with("/src/store/") || inner.starts_with("/tests/")
}

/// Endpoints, routes, or an implementation of axum's traits.
fn speaks_http(code: &str) -> bool {
    const SIGNS: [&str; 6] = [
        "#[utoipa::path",
        "fn routes",
        "FromRef<",
        "FromRequest<",
        "FromRequestParts<",
        " IntoResponse for ",
    ];
    SIGNS.iter().any(|sign| code.contains(sign))
}

/// Each library is named only where it may be.
pub(crate) fn doors(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (folder, path, text) in tree.rust() {
        let code = code(text);
        for door in DOORS.iter().filter(|door| !(door.may)(folder, path, &code)) {
            if let Some((at, _)) = words(&code).find(|(_, word)| door.leads_to(word)) {
                let what = format!("`{}` may not be named here: {}", door.name, door.hint);
                faults.push(Fault::at(path, line_of(&code, at), what));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::doors;
    use crate::tidy::Tree;

    #[test]
    fn libraries_are_named_where_they_may_be() {
        let good = Tree::of(&[
            ("store/src/pool.rs", "use sea_orm::DbBackend;"),
            ("casework/src/store.rs", "use sea_orm::Statement;"),
            ("casework/src/store/cases.rs", "use sea_orm::Statement;"),
            (
                "casework/src/accept.rs",
                "use axum::Json;\n#[utoipa::path(post)]\nfn a() {}",
            ),
            (
                "casework/src/case.rs",
                "// axum and sea_orm are not for here\nuse utoipa_axum::x;",
            ),
            (
                "casework/src/context.rs",
                "use axum::extract::FromRef;\nimpl FromRef<Casework> for Kit {}",
            ),
            ("yici/tests/it/replay.rs", "use sea_orm::Statement;"),
            (
                "casework/tests/it.rs",
                "use axum::body::Body; use sea_orm::Statement;",
            ),
        ]);
        assert_eq!(doors(&good), []);
        let bad = Tree::of(&[
            ("store/src/jobs.rs", "use sea_orm::DbBackend;"),
            ("casework/src/accept.rs", "use sea_orm::Statement;"),
            ("casework/src/case.rs", "use axum::Json;"),
            ("kernel/src/lib.rs", "use axum::Json;"),
            ("casework/src/print.rs", "\n\nuse typst::World;"),
            ("forms/src/lib.rs", "use dsntk_feel::Name;"),
        ]);
        let faults = doors(&bad);
        assert_eq!(faults.len(), 6, "{faults:?}");
        assert!(
            faults
                .iter()
                .any(|fault| fault.to_string().starts_with("casework/src/print.rs:3:"))
        );
    }
}
