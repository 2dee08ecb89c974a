//! What happened stays as it was written: no code changes or deletes an event or an audit entry.

use super::{
    Fault, Tree,
    rust::{code, line_of, without_tests},
};

/// A log: its table, the module of its rows in `store`, and that module's file.
struct Log {
    table: &'static str,
    module: &'static str,
    file: &'static str,
}

const LOGS: &[Log] = &[
    Log {
        table: "event",
        module: "events",
        file: "store/src/events.rs",
    },
    Log {
        table: "audit_entry",
        module: "audit",
        file: "store/src/audit.rs",
    },
];

/// SQL that changes what stands in a table, as it begins.
const CHANGING: &[&str] = &[
    "update",
    "delete from",
    "truncate",
    "truncate table",
    "drop table",
];

/// After a restore into another cluster events get new places in the order of reading; what they
/// say stays (`yici renumber`).
const PLACES: (&str, &str) = (
    "store/src/dialect.rs",
    "update event set xid = 0, gid = renumbered.",
);

/// Events and audit entries are added, and nothing else.
pub(crate) fn append_only(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.files() {
        let is_ours = path.contains("/src/") && !path.starts_with("xtask/");
        if !is_ours || path.contains("/tests/") {
            continue;
        }
        let found = match super::tree::kind_of(path) {
            "rs" => [sql(path, text), rows(path, text)].concat(),
            "sql" => sql(path, text),
            _ => continue,
        };
        let fault = |(line, log): (usize, &Log)| {
            Fault::at(path, line, format!("`{}` is only added to", log.table))
        };
        faults.extend(found.into_iter().map(fault));
    }
    faults
}

/// Lines where SQL changes a log.
fn sql(path: &str, text: &str) -> Vec<(usize, &'static Log)> {
    let text = text.to_ascii_lowercase().replace(['"', '\\'], "");
    let mut found = Vec::new();
    for log in LOGS {
        for begins in CHANGING {
            let words = format!("{begins} {}", log.table);
            for (at, _) in text.match_indices(&words) {
                let after = text.get(at + words.len()..).unwrap_or_default();
                let longer = after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
                let whole = text.get(at..).unwrap_or_default();
                let renumbers = path == PLACES.0 && whole.starts_with(PLACES.1);
                if !longer && !renumbers {
                    found.push((line_of(&text, at), log));
                }
            }
        }
    }
    found
}

/// Lines where rows of a log are changed through their entity or in a batch.
fn rows(path: &str, text: &str) -> Vec<(usize, &'static Log)> {
    let text = without_tests(&code(text));
    let mut found = Vec::new();
    for log in LOGS {
        let model = format!("{}::Model", log.module);
        for (at, _) in text.match_indices(&model) {
            let before = text.get(..at).unwrap_or_default().trim_end();
            let after = text.get(at + model.len()..).unwrap_or_default();
            let taken = after.strip_prefix(">()").map(str::trim_start);
            let changed = ["put(", "put::<", "remove::<"];
            if changed.iter().any(|call| before.ends_with(call))
                || taken.is_some_and(|call| !call.starts_with(".append("))
            {
                found.push((line_of(&text, at), log));
            }
        }
        let outside = format!("{}::Entity::", log.module);
        let entity = if path == log.file {
            "Entity::"
        } else {
            &outside
        };
        for (at, _) in text.match_indices(entity) {
            let call = text.get(at + entity.len()..).unwrap_or_default();
            if call.starts_with("update") || call.starts_with("delete") {
                found.push((line_of(&text, at), log));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::append_only;
    use crate::tidy::Tree;

    fn faults(path: &str, text: &str) -> Vec<String> {
        let faults = append_only(&Tree::of(&[(path, text)]));
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn adding_and_reading_is_all_there_is() {
        let good = "work.of::<events::Model>()\n.append(events::Model::of(&event));\n\
            \"SELECT gid FROM event\"; \"DELETE FROM event_place\"; \"UPDATE job SET a\";\n\
            audit::Entity::find(); job::Entity::delete_many();\n";
        assert_eq!(faults("store/src/work.rs", good), [""; 0]);
        let renumbers = "\"UPDATE event SET xid = 0, gid = renumbered.place FROM renumbered\"";
        assert_eq!(faults("store/src/dialect.rs", renumbers), [""; 0]);
        let tests = "\"DELETE FROM audit_entry\"";
        assert_eq!(faults("yici/tests/it/audit.rs", tests), [""; 0]);
    }

    #[test]
    fn whoever_changes_what_happened_is_named() {
        for (path, text) in [
            (
                "store/src/work.rs",
                "\n\"UPDATE event SET xid = 0, gid = 1\"",
            ),
            ("store/src/dialect.rs", "\n\"UPDATE event SET body = '{}'\""),
            (
                "insight/src/store.rs",
                "\n\"delete from event WHERE seq = 1\"",
            ),
            ("store/src/sweep.rs", "\n\"TRUNCATE audit_entry\""),
            ("store/src/migrations/1_store.sql", "\nDROP TABLE \"event\""),
            ("store/src/work.rs", "\nwork.put(events::Model::of(&event))"),
            ("store/src/work.rs", "\nwork.remove::<audit::Model>(key)"),
            (
                "store/src/work.rs",
                "\ntables.of::<events::Model>().remove(key)",
            ),
            ("store/src/sweep.rs", "\naudit::Entity::delete_many()"),
            ("store/src/events.rs", "\nEntity::update_many()"),
        ] {
            let found = faults(path, text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(found[0].starts_with(&format!("{path}:2: ")), "{}", found[0]);
        }
    }
}
