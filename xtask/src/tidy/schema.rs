//! Tables: whose they are, and over which column they can be distributed.

use super::{Fault, Tree, crates::is_context, rust::is_test_file};

const MIGRATIONS: &str = "store/src/migrations/";

/// Topics of migrations and the first words of their tables. The longest that fits decides.
const PREFIXES: &[(&str, &[&str])] = &[
    (
        "store",
        &[
            "event",
            "job",
            "idempotency",
            "installation",
            "audit",
            "node",
            "migration",
        ],
    ),
    (
        "identity",
        &[
            "person",
            "employer",
            "organisation",
            "post",
            "staff",
            "session",
            "sign_in",
        ],
    ),
    ("catalog", &["catalog"]),
    ("registers", &["register"]),
    ("casework", &["case", "roster"]),
    ("messages", &["message", "person_message", "demo_outbox"]),
    ("voice", &["rating"]),
    ("insight", &["insight"]),
];

/// One `CREATE TABLE`.
struct Table<'a> {
    name: &'a str,
    path: &'a str,
    line: usize,
    body: Vec<&'a str>,
}

enum Distribution<'a> {
    By(&'a str),
    Reference,
}

impl<'a> Table<'a> {
    fn distribution(&self) -> Option<Distribution<'a>> {
        self.body.iter().find_map(|line| {
            let note = line.trim().strip_prefix("-- ")?;
            match note.strip_prefix("distributed by ") {
                Some(column) => Some(Distribution::By(column.trim())),
                None => (note == "reference").then_some(Distribution::Reference),
            }
        })
    }

    fn columns(&self) -> impl Iterator<Item = &'a str> {
        self.body.iter().filter_map(|line| {
            let name = line.split_whitespace().next()?;
            name.starts_with(|c: char| c.is_ascii_lowercase())
                .then_some(name)
        })
    }

    /// The column lists of its primary and unique keys.
    fn keys(&self) -> Vec<Vec<&'a str>> {
        let mut keys = Vec::new();
        for line in self.body.iter().map(|line| line.trim()) {
            let is_key = ["PRIMARY KEY", "UNIQUE", "{event_key}"]
                .iter()
                .any(|word| line.contains(word));
            if !is_key {
                continue;
            }
            let own = line.starts_with(|c: char| c.is_ascii_lowercase());
            let list = if own {
                line.split_whitespace().next()
            } else {
                between(line)
            };
            keys.push(list.unwrap_or_default().split(',').map(str::trim).collect());
        }
        keys
    }
}

fn between(line: &str) -> Option<&str> {
    line.split_once('(')?.1.split(')').next()
}

fn read(tree: &Tree) -> Vec<Table<'_>> {
    let mut tables: Vec<Table<'_>> = Vec::new();
    for (path, text) in tree
        .of_kind("sql")
        .filter(|(path, _)| path.starts_with(MIGRATIONS))
    {
        let mut inside = false;
        for (at, line) in text.lines().enumerate() {
            if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
                let name = rest.split([' ', '(']).next().unwrap_or_default();
                tables.push(Table {
                    name,
                    path,
                    line: at + 1,
                    body: Vec::new(),
                });
                inside = true;
            } else if line.starts_with(')') {
                inside = false;
            } else if inside && let Some(table) = tables.last_mut() {
                table.body.push(line);
            }
        }
    }
    tables
}

/// `202611230640_casework.sql` is about casework.
fn topic(path: &str) -> &str {
    let stem = path
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .trim_end_matches(".sql");
    stem.split_once('_').map_or(stem, |(_, topic)| topic)
}

/// The topic that a table's name belongs to.
fn owner(table: &str) -> Option<&'static str> {
    let fits = |prefix: &&&str| {
        table
            .strip_prefix(**prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    };
    PREFIXES
        .iter()
        .filter_map(|(topic, prefixes)| {
            let longest = prefixes
                .iter()
                .filter(fits)
                .map(|prefix| prefix.len())
                .max()?;
            Some((longest, *topic))
        })
        .max()
        .map(|(_, topic)| topic)
}

/// Every table has the prefix of its topic and a distribution that all its keys contain.
pub(crate) fn tables(tree: &Tree) -> Vec<Fault> {
    let tables = read(tree);
    let mut faults = Vec::new();
    for table in &tables {
        let mut fault = |what: String| faults.push(Fault::at(table.path, table.line, what));
        let topic = topic(table.path);
        // A later step may be named after what it changes: `202701011200_casework_archive`.
        if !owner(table.name)
            .is_some_and(|owner| topic == owner || topic.starts_with(&format!("{owner}_")))
        {
            fault(format!(
                "`{}` does not begin with a word of {topic} (xtask/src/tidy/schema.rs)",
                table.name
            ));
        }
        match table.distribution() {
            None => fault(format!(
                "`{}`: add `-- distributed by COLUMN` or `-- reference`",
                table.name
            )),
            Some(Distribution::Reference) => {}
            Some(Distribution::By(column)) => {
                if !table.columns().any(|name| name == column) {
                    fault(format!("`{}` has no column `{column}`", table.name));
                }
                for key in table.keys().iter().filter(|key| !key.contains(&column)) {
                    fault(format!(
                        "`{}`: key ({}) lacks `{column}`",
                        table.name,
                        key.join(", ")
                    ));
                }
            }
        }
    }
    faults.extend(unique_indexes(tree, &tables));
    faults
}

fn unique_indexes(tree: &Tree, tables: &[Table<'_>]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree
        .of_kind("sql")
        .filter(|(path, _)| path.starts_with(MIGRATIONS))
    {
        for (at, line) in text.lines().enumerate() {
            let Some((_, on)) = line
                .strip_prefix("CREATE UNIQUE INDEX ")
                .and_then(|rest| rest.split_once(" ON "))
            else {
                continue;
            };
            let name = on.split([' ', '(']).next().unwrap_or_default();
            let distribution = tables
                .iter()
                .find(|table| table.name == name)
                .and_then(Table::distribution);
            let columns = between(on).unwrap_or_default();
            if let Some(Distribution::By(column)) = distribution
                && !columns.split(',').any(|found| found.trim() == column)
            {
                faults.push(Fault::at(
                    path,
                    at + 1,
                    format!("unique index on `{name}` lacks `{column}`"),
                ));
            }
        }
    }
    faults
}

/// SQL in a context names no table of another: neither `FROM x`, nor `table_name = "x"`.
pub(crate) fn owners(tree: &Tree) -> Vec<Fault> {
    let tables = read(tree);
    let mut faults = Vec::new();
    for (folder, path, text) in tree.rust() {
        if !is_context(folder) || is_test_file(path) {
            continue;
        }
        for (at, line) in text.lines().enumerate() {
            let foreign = named_tables(line).find(|name| {
                let table = tables.iter().find(|table| table.name == *name);
                table.is_some_and(|table| owner(table.name).is_some_and(|owner| owner != folder))
            });
            if let Some(name) = foreign {
                faults.push(Fault::at(
                    path,
                    at + 1,
                    format!("`{name}` is not a table of `{folder}`"),
                ));
            }
        }
    }
    faults
}

/// Names that stand where SQL or an entity names a table.
fn named_tables(line: &str) -> impl Iterator<Item = &str> {
    const OPENERS: &[&str] = &["FROM ", "JOIN ", "INTO ", "UPDATE ", "table_name = \""];
    OPENERS.iter().flat_map(move |opener| {
        line.match_indices(opener).filter_map(move |(at, _)| {
            let rest = line.get(at + opener.len()..)?;
            rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .next()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{owner, owners, tables};
    use crate::tidy::Tree;

    const FILE: &str = "store/src/migrations/202611230640_casework.sql";

    #[test]
    fn the_longest_prefix_owns_a_table() {
        assert_eq!(owner("person_message_box"), Some("messages"));
        assert_eq!(owner("person_key"), Some("identity"));
        assert_eq!(owner("caseload"), None);
    }

    #[test]
    fn keys_contain_the_distribution_column() {
        let good = "CREATE TABLE case_task (\n-- distributed by bureau\n  bureau text NOT NULL,\n  task_id {uuid} NOT NULL,\n  PRIMARY KEY (bureau, task_id)\n){strict}\n;\nCREATE UNIQUE INDEX case_task_one ON case_task (bureau, task_id)\n;\nCREATE TABLE case_place (\n-- reference\n  place text NOT NULL PRIMARY KEY\n){strict}\n";
        assert_eq!(tables(&Tree::of(&[(FILE, good)])), []);
        let bad = "CREATE TABLE case_task (\n-- distributed by bureau\n  bureau text NOT NULL,\n  task_id {uuid} NOT NULL PRIMARY KEY,\n  UNIQUE (bureau, no)\n){strict}\n;\nCREATE UNIQUE INDEX case_task_one ON case_task (task_id)\n;\nCREATE TABLE case_note (\n-- distributed by nothing\n  note text\n)\n;\nCREATE TABLE ticket (\n  a text\n)\n";
        let faults = tables(&Tree::of(&[(FILE, bad)]));
        assert_eq!(faults.len(), 5, "{faults:?}");
        assert!(
            faults[0]
                .to_string()
                .ends_with("key (task_id) lacks `bureau`"),
            "{}",
            faults[0]
        );
    }

    #[test]
    fn a_context_reads_its_own_tables() {
        let sql = (
            "store/src/migrations/1_identity.sql",
            "CREATE TABLE person (\n-- reference\n  a text\n)\n",
        );
        let good = Tree::of(&[
            sql,
            ("identity/src/store.rs", "\"SELECT a FROM person\""),
            ("casework/src/store.rs", "FROM case_row"),
        ]);
        assert_eq!(owners(&good), []);
        let bad = Tree::of(&[
            sql,
            (
                "casework/src/store.rs",
                "\n#[sea_orm(table_name = \"person\")]",
            ),
        ]);
        assert_eq!(owners(&bad).len(), 1);
    }
}
