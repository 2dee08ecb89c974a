//! The one place where the two databases differ. One topic, one function, both sides together.

use std::{collections::BTreeSet, fmt::Write as _};

use sea_orm::{
    Condition, DbBackend, Statement, Value,
    sea_query::{Alias, ArrayType, Expr, ExprTrait as _, ValueTuple, extension::postgres::PgFunc},
};

use crate::key::{Key, KeyPart, value_of};

/// Rows per statement on SQLite: few sizes, so that every statement is prepared once.
const SQLITE_ROWS_MAX: usize = 64;

/// The kind of a column, for typed bulk writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    BigInt,
    Int,
    Bool,
    Uuid,
    Bytes,
}

/// What happens where the key of a row is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// The database refuses the row.
    Refused,
    /// The new row stands for the old one.
    Replaced,
    /// The numbers of both are added up: every column that is no key holds one.
    Added,
}

/// A bulk write: many rows into one table.
pub(crate) struct Bulk<'a> {
    pub table: &'static str,
    pub columns: &'a [(&'static str, Kind)],
    /// Names of the key columns, which are never null.
    pub keys: &'a [&'static str],
    /// What happens to existing rows.
    pub known: Known,
    pub rows: Vec<Vec<Value>>,
}

const fn postgres_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::BigInt => "int8",
        Kind::Int => "int4",
        Kind::Bool => "bool",
        Kind::Uuid => "uuid",
        Kind::Bytes => "bytea",
    }
}

fn names(columns: &[(&'static str, Kind)]) -> String {
    columns
        .iter()
        .map(|(name, _)| *name)
        .collect::<Vec<_>>()
        .join(",")
}

fn on_conflict(bulk: &Bulk<'_>) -> String {
    let table = bulk.table;
    let set = |name: &str| match bulk.known {
        Known::Added => format!("{name}={table}.{name}+excluded.{name}"),
        Known::Refused | Known::Replaced => format!("{name}=excluded.{name}"),
    };
    if bulk.known == Known::Refused {
        return String::new();
    }
    let sets: Vec<String> = bulk
        .columns
        .iter()
        .filter(|(name, _)| !bulk.keys.contains(name))
        .map(|(name, _)| set(name))
        .collect();
    format!(
        " ON CONFLICT ({}) DO UPDATE SET {}",
        bulk.keys.join(","),
        sets.join(",")
    )
}

/// A query with a row when this table of ours is there.
pub(crate) fn has_table(backend: DbBackend, table: &'static str) -> String {
    match backend {
        DbBackend::Postgres => {
            format!("SELECT 1 AS there WHERE to_regclass('{table}') IS NOT NULL")
        }
        _ => format!("SELECT 1 AS there FROM sqlite_master WHERE type='table' AND name='{table}'"),
    }
}

/// The statements of a bulk write.
///
/// PostgreSQL takes all rows as one JSON parameter: one statement text per table whatever the
/// number of rows, so it is parsed and planned once per connection, and one round trip. SQLite is
/// in the process, on a thread of its own: it takes typed values, and rows of nulls up to the next
/// power of two, which it passes over. That is cheaper than to hand it several statements.
pub(crate) fn bulk_write(backend: DbBackend, bulk: Bulk<'_>) -> Vec<Statement> {
    if backend == DbBackend::Postgres {
        vec![postgres_bulk(bulk)]
    } else {
        sqlite_bulk(bulk)
    }
}

/// Makes one statement of many on PostgreSQL, where each costs a round trip: all but the first stand
/// in a `WITH`. They touch different rows, so that their order does not matter to the outcome; only
/// which of two refusals is told depends on it. PostgreSQL runs the main statement first and those
/// in the `WITH` from the last to the first.
pub(crate) fn in_one(backend: DbBackend, statements: Vec<Statement>) -> Vec<Statement> {
    if backend != DbBackend::Postgres || statements.len() < 2 {
        return statements;
    }
    let (mut sql, mut values) = (String::new(), Vec::new());
    for (at, statement) in statements.into_iter().enumerate().rev() {
        let text = renumbered(&statement.sql, values.len());
        values.extend(statement.values.into_iter().flat_map(|values| values.0));
        let before = if sql.is_empty() { "WITH" } else { "," };
        let _ = match at {
            0 => write!(sql, " {text}"),
            _ => write!(sql, "{before} w{at} AS ({text})"),
        };
    }
    vec![Statement::from_sql_and_values(backend, sql, values)]
}

/// The text with its placeholders `$1`, `$2`, … counted on from `before`.
fn renumbered(sql: &str, before: usize) -> String {
    let mut parts = sql.split('$');
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        let number: usize = number.parse().unwrap_or(0);
        let _ = write!(out, "${}{rest}", number + before);
    }
    out
}

fn postgres_bulk(bulk: Bulk<'_>) -> Statement {
    let sql = format!(
        "INSERT INTO {table} ({names}) SELECT {names} FROM {given}{tail}",
        table = bulk.table,
        names = names(bulk.columns),
        given = recordset("r", bulk.columns),
        tail = on_conflict(&bulk),
    );
    let json = json_rows(bulk.columns, bulk.rows);
    Statement::from_sql_and_values(DbBackend::Postgres, sql, [Value::from(json)])
}

/// The rows of the one JSON parameter of a PostgreSQL statement.
fn recordset(name: &str, columns: &[(&'static str, Kind)]) -> String {
    let typed: Vec<String> = columns
        .iter()
        .map(|(name, kind)| format!("{name} {}", postgres_type(*kind)))
        .collect();
    format!(
        "json_to_recordset($1::text::json) AS {name}({})",
        typed.join(",")
    )
}

/// Rows as that parameter.
fn json_rows(
    columns: &[(&'static str, Kind)],
    rows: impl IntoIterator<Item = Vec<Value>>,
) -> String {
    let mut json = String::from("[");
    for (at, row) in rows.into_iter().enumerate() {
        json.push_str(if at == 0 { "{" } else { ",{" });
        for (place, ((name, _), value)) in columns.iter().zip(row).enumerate() {
            if place > 0 {
                json.push(',');
            }
            let _ = write!(json, "\"{name}\":");
            push_json(&mut json, &value);
        }
        json.push('}');
    }
    json.push(']');
    json
}

/// Rows of a table by their keys.
pub(crate) struct Sought<'a> {
    pub table: &'static str,
    /// The columns of the key.
    pub columns: Vec<(&'static str, Kind)>,
    pub keys: &'a BTreeSet<Key>,
}

impl Sought<'_> {
    fn column(&self, name: &'static str) -> Expr {
        Expr::col((Alias::new(self.table), Alias::new(name)))
    }

    fn rows(&self) -> impl Iterator<Item = Vec<Value>> {
        self.keys
            .iter()
            .map(|key| key.0.iter().map(value_of).collect())
    }
}

/// `distribution IN (…) AND … AND last IN (…)`. The lists may match rows nobody asked for. PostgreSQL
/// takes a list as one parameter, SQLite padded to a power of two: few statement texts exist.
pub(crate) fn around(backend: DbBackend, sought: &Sought<'_>) -> Condition {
    let mut all = Condition::all();
    for (place, (name, _)) in sought.columns.iter().enumerate() {
        let parts = sought.keys.iter().filter_map(|key| key.0.get(place));
        let parts: BTreeSet<&KeyPart> = parts.collect();
        let values = parts.into_iter().map(value_of).collect();
        let alone = sought.keys.len() == 1;
        all = all.add(if backend == DbBackend::Postgres && !alone {
            sought.column(name).eq(PgFunc::any(listed(values)))
        } else {
            sought.column(name).is_in(padded(values))
        });
    }
    all
}

/// Exactly these rows: what is deleted is never more than what was asked for.
pub(crate) fn exactly(backend: DbBackend, sought: &Sought<'_>) -> Condition {
    // Lists of one row, or of one column, leave nothing out and nothing in.
    if sought.keys.len() == 1 || sought.columns.len() == 1 {
        return around(backend, sought);
    }
    if backend != DbBackend::Postgres {
        let rows = padded(sought.rows().map(ValueTuple::Many).collect());
        let columns = sought.columns.iter().map(|(name, _)| sought.column(name));
        return Condition::all().add(Expr::tuple(columns).in_tuples(rows));
    }
    let own: Vec<String> = sought
        .columns
        .iter()
        .map(|(name, _)| format!("{}.{name}", sought.table))
        .collect();
    let sql = format!(
        "({}) IN (SELECT {} FROM {})",
        own.join(","),
        names(&sought.columns),
        recordset("wanted", &sought.columns),
    );
    let rows = json_rows(&sought.columns, sought.rows());
    // The lists lead to an index, the rows leave the others out.
    around(backend, sought).add(Expr::cust_with_values(sql, [Value::from(rows)]))
}

/// Up to a power of two with its last value again.
fn padded<T: Clone>(mut values: Vec<T>) -> Vec<T> {
    if let Some(last) = values.last().cloned() {
        values.resize(values.len().next_power_of_two(), last);
    }
    values
}

/// As one parameter.
fn listed(values: Vec<Value>) -> Value {
    let kind = match values.first() {
        Some(Value::BigInt(_)) => ArrayType::BigInt,
        Some(Value::Uuid(_)) => ArrayType::Uuid,
        Some(Value::Bytes(_)) => ArrayType::Bytes,
        _ => ArrayType::String,
    };
    Value::Array(kind, Some(Box::new(values)))
}

fn push_json(json: &mut String, value: &Value) {
    match value {
        Value::String(Some(text)) => match serde_json::to_string(text) {
            Ok(quoted) => json.push_str(&quoted),
            Err(_) => json.push_str("null"),
        },
        Value::BigInt(Some(number)) => drop(write!(json, "{number}")),
        Value::Int(Some(number)) => drop(write!(json, "{number}")),
        Value::Bool(Some(truth)) => json.push_str(if *truth { "true" } else { "false" }),
        Value::Uuid(Some(id)) => drop(write!(json, "\"{id}\"")),
        Value::Bytes(Some(bytes)) => {
            json.push_str("\"\\\\x");
            for byte in bytes {
                let _ = write!(json, "{byte:02x}");
            }
            json.push('"');
        }
        _ => json.push_str("null"),
    }
}

fn sqlite_bulk(bulk: Bulk<'_>) -> Vec<Statement> {
    let width = bulk.columns.len();
    let (table, names, tail) = (bulk.table, names(bulk.columns), on_conflict(&bulk));
    let one = format!("({})", vec!["?"; width].join(","));
    let taken: Vec<String> = (1..=width).map(|n| format!("column{n}")).collect();
    let is_key = |name: &str| bulk.keys.contains(&name);
    let key = bulk.columns.iter().position(|(name, _)| is_key(name));
    let key = key.map_or(1, |at| at + 1);
    let mut rows = bulk.rows.into_iter();
    let mut statements = Vec::new();
    while rows.len() > 0 {
        let size = rows.len().min(SQLITE_ROWS_MAX).next_power_of_two();
        let mut values: Vec<Value> = rows.by_ref().take(size).flatten().collect();
        values.resize(size * width, Value::String(None));
        let given = vec![one.as_str(); size].join(",");
        let sql = match size {
            1 => format!("INSERT INTO {table} ({names}) VALUES {given}{tail}"),
            _ => format!(
                "INSERT INTO {table} ({names}) SELECT {} FROM (VALUES {given}) \
                 WHERE column{key} IS NOT NULL{tail}",
                taken.join(","),
            ),
        };
        statements.push(Statement::from_sql_and_values(
            DbBackend::Sqlite,
            sql,
            values,
        ));
    }
    statements
}

/// Placeholder number `n` (from 1).
pub(crate) fn place(backend: DbBackend, n: usize) -> String {
    if backend == DbBackend::Postgres {
        format!("${n}")
    } else {
        format!("?{n}")
    }
}

/// Locks the selected rows until the end of the transaction. SQLite has one writer already.
pub(crate) fn for_update(backend: DbBackend) -> &'static str {
    if backend == DbBackend::Postgres {
        " FOR UPDATE"
    } else {
        ""
    }
}

/// Locks the selected rows and leaves out those that others hold.
pub(crate) fn for_update_skip_locked(backend: DbBackend) -> &'static str {
    if backend == DbBackend::Postgres {
        " FOR UPDATE SKIP LOCKED"
    } else {
        ""
    }
}

/// Deletes answers older than the first parameter, at most as many as the second; rows that a lane
/// holds are left for the next time.
pub(crate) fn sweep_answers(backend: DbBackend) -> &'static str {
    if backend == DbBackend::Postgres {
        "WITH old AS MATERIALIZED (SELECT request_hash FROM idempotency WHERE at_us < $1 \
         ORDER BY at_us LIMIT $2 FOR UPDATE SKIP LOCKED) \
         DELETE FROM idempotency WHERE request_hash IN (SELECT request_hash FROM old)"
    } else {
        "DELETE FROM idempotency WHERE request_hash IN \
         (SELECT request_hash FROM idempotency WHERE at_us < ?1 ORDER BY at_us LIMIT ?2)"
    }
}

/// Events after a position, in an order in which none can appear behind a reader.
///
/// PostgreSQL hands out sequence numbers before commit: a reader orders by (transaction, number)
/// and stops below the oldest running transaction. SQLite has one writer: the number is enough.
pub(crate) fn events_after(backend: DbBackend) -> &'static str {
    if backend == DbBackend::Postgres {
        "SELECT * FROM event WHERE (xid, gid) > ($1, $2) \
         AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::int8 ORDER BY xid, gid LIMIT $3"
    } else {
        "SELECT * FROM event WHERE xid >= ?1 AND gid > ?2 ORDER BY gid LIMIT ?3"
    }
}

/// The last position a reader may start from without missing anything.
pub(crate) fn events_end(backend: DbBackend) -> &'static str {
    if backend == DbBackend::Postgres {
        "SELECT xid, gid FROM event WHERE xid < pg_snapshot_xmin(pg_current_snapshot())::text::int8 \
         ORDER BY xid DESC, gid DESC LIMIT 1"
    } else {
        "SELECT xid, gid FROM event ORDER BY gid DESC LIMIT 1"
    }
}

/// Whether events are committed that readers do not see yet, because an older transaction runs
/// somewhere in the cluster. SQLite hides none.
pub(crate) fn events_hidden(backend: DbBackend) -> Option<&'static str> {
    (backend == DbBackend::Postgres).then_some(
        "SELECT EXISTS (SELECT 1 FROM event \
         WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())::text::int8 \
         AND xid < pg_snapshot_xmax(pg_current_snapshot())::text::int8) AS hidden",
    )
}

/// Counts the events whose transaction this database has not begun yet: they come from another one.
/// SQLite numbers no transactions.
pub(crate) fn events_misplaced(backend: DbBackend) -> Option<&'static str> {
    (backend == DbBackend::Postgres).then_some(
        "SELECT count(*) AS events FROM event \
         WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())::text::int8",
    )
}

/// Gives all events numbers 1, 2, 3, … of transaction 0, in the order in which readers find them;
/// events that were written after misplaced ones come after them. `cursors` are tables with the
/// columns `xid` and `gid`: each reader goes on after the event that it read last.
pub(crate) fn renumber_events(backend: DbBackend, cursors: &[&'static str]) -> Vec<String> {
    if backend != DbBackend::Postgres {
        return Vec::new();
    }
    let mut statements = vec![
        "LOCK TABLE event IN EXCLUSIVE MODE".to_owned(),
        "CREATE TEMPORARY TABLE renumbered ON COMMIT DROP AS SELECT xid, gid, \
         row_number() OVER (ORDER BY gid > last_misplaced, xid, gid) AS place \
         FROM event, (SELECT coalesce(max(gid), (SELECT max(gid) FROM event)) AS last_misplaced \
         FROM event WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())::text::int8) AS restored"
            .to_owned(),
        "ALTER TABLE renumbered ADD PRIMARY KEY (xid, gid)".to_owned(),
    ];
    statements.extend(cursors.iter().map(|table| {
        format!(
            "UPDATE {table} SET xid = 0, gid = coalesce((SELECT place FROM renumbered AS r \
             WHERE (r.xid, r.gid) <= ({table}.xid, {table}.gid) ORDER BY r.xid DESC, r.gid DESC \
             LIMIT 1), 0)"
        )
    }));
    statements.push(
        "UPDATE event SET xid = 0, gid = renumbered.place FROM renumbered \
         WHERE renumbered.xid = event.xid AND renumbered.gid = event.gid"
            .to_owned(),
    );
    statements
}

/// Every column of every table of ours: `table_name`, `column_name`, `kind`.
pub(crate) fn columns(backend: DbBackend) -> &'static str {
    if backend == DbBackend::Postgres {
        "SELECT table_name::text, column_name::text, data_type::text AS kind \
         FROM information_schema.columns WHERE table_schema = current_schema()"
    } else {
        "SELECT tables.name AS table_name, columns.name AS column_name, columns.type AS kind \
         FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns \
         WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%'"
    }
}

/// A column as a text that does not tell which database it comes from: bytes and ids in small
/// hexadecimal digits, booleans as 0 and 1, numbers in decimal digits.
pub(crate) fn as_text(backend: DbBackend, column: &str, kind: &str) -> String {
    let postgres = backend == DbBackend::Postgres;
    match kind {
        "uuid" => format!("encode(uuid_send(\"{column}\"), 'hex')"),
        "bytea" => format!("encode(\"{column}\", 'hex')"),
        "boolean" => format!("\"{column}\"::int::text"),
        "BLOB" => format!("CASE WHEN \"{column}\" IS NOT NULL THEN lower(hex(\"{column}\")) END"),
        _ if postgres => format!("\"{column}\"::text"),
        _ => format!("CAST(\"{column}\" AS text)"),
    }
}

/// Writes a migration's SQL for one database: `{uuid}`, `{bytes}`, `{bool}`, `{bigint}`, `{int}`,
/// `{strict}`, `{event_gid}`, `{event_xid}`, `{event_key}` stand for what differs.
pub(crate) fn spell(backend: DbBackend, sql: &str) -> String {
    let words: [(&str, &str, &str); 9] = [
        ("{uuid}", "uuid", "BLOB"),
        ("{bytes}", "bytea", "BLOB"),
        ("{bool}", "boolean", "INTEGER"),
        ("{bigint}", "bigint", "INTEGER"),
        ("{int}", "integer", "INTEGER"),
        ("{strict}", "", " STRICT"),
        (
            "{event_gid}",
            "bigint GENERATED BY DEFAULT AS IDENTITY",
            "INTEGER PRIMARY KEY AUTOINCREMENT",
        ),
        (
            "{event_xid}",
            "bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint)",
            "INTEGER NOT NULL DEFAULT 0",
        ),
        ("{event_key}", "PRIMARY KEY", "UNIQUE"),
    ];
    words
        .iter()
        .fold(sql.to_owned(), |sql, (word, postgres, sqlite)| {
            sql.replace(
                word,
                if backend == DbBackend::Postgres {
                    postgres
                } else {
                    sqlite
                },
            )
        })
}

/// Takes the lock that keeps two programs from migrating at once.
pub(crate) fn migration_lock(backend: DbBackend) -> Option<&'static str> {
    (backend == DbBackend::Postgres).then_some("SELECT pg_advisory_xact_lock(7914501)")
}
