//! One digest over the logical rows of all tables: without what differs between databases or from one
//! start of the program to the next, and says nothing about the city.

use anyhow::Context as _;
use store::Store;

/// Tables and columns that do not count; `*` is a whole table.
const LEFT_OUT: [(&str, &str); 6] = [
    // The database's own order of events, and the places of readers in it.
    ("event", "gid"),
    ("event", "xid"),
    ("insight_cursor", "*"),
    // The program that runs, not the city.
    ("installation", "*"),
    ("migration", "*"),
    ("node_slot", "*"),
];

/// SM3 over the rows of all tables, in an order both databases agree on. Sealed values count: their
/// keys and nonces come from the seed.
///
/// # Errors
/// When a table cannot be read.
pub async fn digest(store: &Store) -> anyhow::Result<String> {
    let tables = store
        .content(|table, column| {
            LEFT_OUT
                .iter()
                .any(|(left, part)| *left == table && (*part == "*" || *part == column))
        })
        .await
        .context("the rows cannot be read")?;
    let lines: Vec<String> = tables
        .iter()
        .map(|(table, digest)| format!("{table} {digest}"))
        .collect();
    for line in &lines {
        tracing::debug!(line, "rows of a table");
    }
    Ok(seal::sm3_hex(lines.join("\n").as_bytes()))
}
