//! What is copied: cases that the simulator has lived through, with all their rows.

use std::collections::HashMap;

use anyhow::Context as _;
use insight::copies::CaseLog;
use store::{
    Store,
    copy::{Cell, CellRow, TableShape},
    events,
};
use uuid::Uuid;

use super::{id, number, text};
use crate::App;

/// Cases taken as models at most: more differ in nothing that lists could tell.
const MODELS_MAX: u64 = 5_000;
/// Copies without a log are no models. Of the others the newest: copies of closed cases are older than
/// their models.
const LOGGED_FIRST: &str = "EXISTS (SELECT 1 FROM event WHERE event.bureau = case_file.bureau \
    AND event.stream_id = case_file.case_id) DESC, case_id DESC";
/// Rows of a table that belong to them at most.
const ROWS_MAX: u64 = 400_000;

/// Tables with rows of a case: name, column of the case, order of the rows, and what the database fills
/// by itself. Events keep the order in which they happened: whoever reads the log counts on it.
const OF_CASE: [(&str, &str, &str, &[&str]); 6] = [
    ("case_task", "case_id", "case_id DESC", &[]),
    ("case_data", "case_id", "case_id DESC", &[]),
    ("case_text", "case_id", "case_id DESC", &[]),
    ("case_notice", "case_id", "case_id DESC", &[]),
    ("case_material", "case_id", "case_id DESC", &[]),
    ("event", "stream_id", "stream_id DESC, seq", &["gid", "xid"]),
];

/// Tables that are filled beside.
const BESIDE: [&str; 6] = [
    "case_file",
    "case_hand",
    "rating",
    "job",
    "demo_outbox",
    "audit_entry",
];

/// A case with its rows.
pub(crate) struct ModelCase {
    pub file: CellRow,
    pub is_open: bool,
    /// Its log as the figures see it.
    pub log: CaseLog,
    /// By table.
    pub rows: HashMap<&'static str, Vec<CellRow>>,
}

/// Everything that copies are made of.
pub(crate) struct Models {
    pub shapes: HashMap<&'static str, TableShape>,
    pub open: Vec<ModelCase>,
    pub closed: Vec<ModelCase>,
    /// Rows of which one is taken and changed.
    pub ratings: Vec<CellRow>,
    pub jobs: Vec<CellRow>,
    pub outbox: Vec<CellRow>,
    pub audit: Vec<CellRow>,
}

impl Models {
    /// Reads them.
    pub(crate) async fn read(app: &App) -> anyhow::Result<Self> {
        let store = &app.kit.store;
        let mut shapes = HashMap::new();
        for table in BESIDE {
            shapes.insert(table, store.shape(table, &[]).await?);
        }
        let mut by_case = rows_of_cases(store, &mut shapes).await?;
        let file = shape_of(&shapes, "case_file")?;
        let (id, received, closed) = (
            file.at("case_id")?,
            file.at("received_us")?,
            file.at("closed_us")?,
        );
        let (mut open_cases, mut closed_cases) = (Vec::new(), Vec::new());
        for row in store.copy_out(file, LOGGED_FIRST, MODELS_MAX).await? {
            if row[received] == Cell::Null {
                continue;
            }
            let Cell::Id(case) = row[id] else { continue };
            let is_open = row[closed] == Cell::Null;
            let rows = by_case.remove(&case).unwrap_or_default();
            if !rows.contains_key("event") {
                continue;
            }
            let events = rows.get("event").into_iter().flatten();
            let events: anyhow::Result<Vec<_>> = events.map(|row| event(&shapes, row)).collect();
            let of = if is_open {
                &mut open_cases
            } else {
                &mut closed_cases
            };
            of.push(ModelCase {
                file: row,
                is_open,
                log: app.insight.case_log(&events?)?,
                rows,
            });
        }
        let beside = async |table, order| {
            store
                .copy_out(shape_of(&shapes, table)?, order, 2_000)
                .await
                .map_err(anyhow::Error::from)
        };
        Ok(Self {
            ratings: beside("rating", "case_id").await?,
            jobs: beside("job", "job_id").await?,
            outbox: beside("demo_outbox", "dispatch_key").await?,
            audit: beside("audit_entry", "lane, seq").await?,
            open: open_cases,
            closed: closed_cases,
            shapes,
        })
    }

    /// The shape of a table.
    pub(crate) fn shape(&self, table: &str) -> anyhow::Result<&TableShape> {
        shape_of(&self.shapes, table)
    }
}

/// The rows of each case, by case and table.
type RowsOfCases = HashMap<Uuid, HashMap<&'static str, Vec<CellRow>>>;

async fn rows_of_cases(
    store: &Store,
    shapes: &mut HashMap<&'static str, TableShape>,
) -> anyhow::Result<RowsOfCases> {
    let mut by_case = RowsOfCases::new();
    for (table, of, order, generated) in OF_CASE {
        let shape = store.shape(table, generated).await?;
        let at = shape.at(of)?;
        for row in store.copy_out(&shape, order, ROWS_MAX).await? {
            if let Some(Cell::Id(case)) = row.get(at) {
                let rows = by_case.entry(*case).or_default();
                rows.entry(table).or_default().push(row);
            }
        }
        shapes.insert(table, shape);
    }
    Ok(by_case)
}

/// An event as its reader gets it.
fn event(
    shapes: &HashMap<&'static str, TableShape>,
    row: &CellRow,
) -> anyhow::Result<events::Model> {
    let shape = shape_of(shapes, "event")?;
    let of = |column| anyhow::Ok(&row[shape.at(column)?]);
    Ok(events::Model {
        bureau: text(of("bureau")?),
        stream_id: id(of("stream_id")?).context("an event of nothing")?,
        seq: number(of("seq")?),
        stream: text(of("stream")?),
        kind: text(of("kind")?),
        at_us: number(of("at_us")?),
        actor: text(of("actor")?),
        body: text(of("body")?),
        xid: 0,
        gid: 0,
    })
}

fn shape_of<'a>(
    shapes: &'a HashMap<&'static str, TableShape>,
    table: &str,
) -> anyhow::Result<&'a TableShape> {
    shapes
        .get(table)
        .with_context(|| format!("the table {table} is unknown"))
}
