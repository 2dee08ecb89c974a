//! `yici fill`: makes a demo city's database as large as a city's after years, for measurements.
//!
//! The cases that the simulator has lived through are copied with ids, days, people and agencies of
//! their own. Some copies of closed cases are whole: their log is there and replays to them. The others
//! have what lists, figures and searches read, and no more: the case, its open tasks, who handled it,
//! a rating, an audit entry. Figures of whole copies come from the log, as always; those of the others
//! are counted here, as if the log of the model had happened to them. What is sealed in a copy stays
//! sealed under the id of its model, so that no page opens it. The same seed gives the same copies.

mod beside;
mod figures;
mod model;
mod place;
mod rewrite;

use std::collections::HashMap;

use anyhow::Context as _;
use catalog::pack::Pack;
use insight::{Insight, copies::Copies};
use kernel::Timestamp;
use store::copy::{Cell, CellRow};
use uuid::Uuid;

use self::{
    model::{ModelCase, Models},
    place::{Face, Places},
    rewrite::Shift,
};
use crate::{App, city};

/// Of a hundred cases so many are open: what a city works on in two weeks of two years.
const OPEN_PERCENT: u64 = 3;
/// Copies written in one transaction.
const BATCH: u64 = 500;
/// Copies after which what was written is moved into the database.
const SETTLE_EACH: u64 = 10 * BATCH;
/// Copies after which what they add to the figures is written: many of them add to the same counters.
const COUNT_EACH: u64 = 100 * BATCH;
/// Weeks over which closed cases are spread.
const WEEKS: u64 = 104;
/// The chain of audit entries of the copies: no program has this number.
const AUDIT_LANE: i64 = 1 << 40;

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// So many copies.
    pub cases: u64,
    /// The seed of all choices.
    pub seed: u64,
    /// One copy in so many is whole.
    pub whole_each: u64,
}

/// Fills the database of a demo city.
///
/// # Errors
/// When there is nothing to copy, or the database refuses a row.
pub async fn fill(app: &App, pack: &Pack, plan: Plan) -> anyhow::Result<()> {
    let store = &app.kit.store;
    let models = Models::read(app).await?;
    let places = Places::find(app, pack, plan).await?;
    let mut work = Work {
        insight: &app.insight,
        figures: Copies::default(),
        link: seal::chain::Link::start(AUDIT_LANE),
        numbers: HashMap::new(),
        now: app.kit.clock.now(),
        models: &models,
        places: &places,
        plan,
    };
    for link in store.audit_heads().await? {
        if link.lane == AUDIT_LANE {
            work.link = link;
        }
    }
    let first = u64::try_from(work.link.seq)?;
    let mut done = 0;
    while done < plan.cases {
        let mut rows = Rows::default();
        for n in done..(done + BATCH).min(plan.cases) {
            work.copy(first + n, &mut rows)?;
        }
        done = (done + BATCH).min(plan.cases);
        let tables: anyhow::Result<Vec<_>> = rows
            .0
            .into_iter()
            .map(|(table, rows)| Ok((models.shape(table)?, rows)))
            .collect();
        store.copy_in(tables?).await?;
        if done.is_multiple_of(SETTLE_EACH) {
            store.settle().await?;
        }
        if done.is_multiple_of(COUNT_EACH) || done == plan.cases {
            work.figures.write(work.insight).await.map_err(city::told)?;
            tracing::info!(done, "cases are copied");
        }
    }
    store.events_settled().await?;
    insight::catch_up(&app.insight).await.map_err(city::told)?;
    store.analyze().await?;
    Ok(store.settle().await?)
}

/// Rows on their way, by table.
#[derive(Default)]
struct Rows(HashMap<&'static str, Vec<CellRow>>);

impl Rows {
    fn add(&mut self, table: &'static str, row: CellRow) {
        self.0.entry(table).or_default().push(row);
    }
}

/// Random numbers of one copy.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64, n: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_F491_4F6C_DD1D) ^ n.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// The next one (SplitMix64).
    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// One below a number.
    pub(crate) const fn below(&mut self, most: u64) -> u64 {
        self.next() % if most == 0 { 1 } else { most }
    }

    /// One of several.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let at = self.below(u64::try_from(of.len()).unwrap_or(1));
        of.get(usize::try_from(at).unwrap_or(0))
    }
}

struct Work<'a> {
    insight: &'a Insight,
    /// What the copies add to them.
    figures: Copies,
    models: &'a Models,
    places: &'a Places,
    link: seal::chain::Link,
    /// The last serial given, by agency, item and day.
    numbers: HashMap<String, u32>,
    now: Timestamp,
    plan: Plan,
}

impl Work<'_> {
    /// Makes the rows of one copy.
    fn copy(&mut self, n: u64, rows: &mut Rows) -> anyhow::Result<()> {
        let mut dice = Dice::new(self.plan.seed, n);
        // An open case has its place among those of its applicant: a second one cannot be whole.
        let whole = n.is_multiple_of(self.plan.whole_each);
        let open = !whole && dice.below(100) < OPEN_PERCENT;
        let of = if open {
            &self.models.open
        } else {
            &self.models.closed
        };
        let model = dice
            .pick(of)
            .context("the city has no cases to copy: let it live for some weeks")?;
        // Open cases are of these weeks: their limits press now.
        let weeks = if model.is_open { 0 } else { dice.below(WEEKS) };
        let shift = Shift {
            salt: Dice::new(!self.plan.seed, n).next(),
            days: -7 * i64::try_from(weeks)?,
        };
        let mut face = self.places.face(&mut dice, model, self.models, whole, n)?;
        // Simulated colleagues leave little undone: what is open waits for applicants. A city's work
        // has limits that press, some today, some passed.
        if model.is_open && dice.below(10) < 7 {
            let days = i64::try_from(dice.below(25))? - 4;
            let today = self.now.day().to_string();
            face.presses = Some(Shift { salt: 0, days }.day(&today));
        }
        let number = self.number(&face, model, shift)?;
        let file = self.file(model, shift, &face, &number, &mut dice)?;
        self.tasks(model, shift, &face, &number, &mut dice, rows)?;
        if whole {
            self.history(model, shift, &number, rows)?;
        } else {
            self.counted(model, shift, &face, &file)?;
        }
        self.beside(model, &file, shift, &mut dice, rows)?;
        rows.add("case_file", file);
        Ok(())
    }

    /// The number of the case: agency, item, day of receipt, serial.
    fn number(&mut self, face: &Face, model: &ModelCase, shift: Shift) -> anyhow::Result<String> {
        let at = self.models.shape("case_file")?.at("received_us")?;
        let Cell::Int(received) = model.file[at] else {
            anyhow::bail!("a model was never received");
        };
        let day = Timestamp::from_micros(shift.micros(received)).day();
        let item = face.item.replace('-', "");
        let series = format!("{}{item}{}", face.bureau, day.strftime("%Y%m%d"));
        // The city's own numbers of a day are far below.
        let last = self.numbers.entry(series.clone()).or_insert(1_000);
        *last += 1;
        Ok(format!("{series}{last:04}"))
    }

    fn file(
        &self,
        model: &ModelCase,
        shift: Shift,
        face: &Face,
        number: &str,
        dice: &mut Dice,
    ) -> anyhow::Result<CellRow> {
        let shape = self.models.shape("case_file")?;
        let old = text(&model.file[shape.at("number")?]);
        let mut row = moved(shape, &model.file, shift);
        let body = text(&row[shape.at("body")?]).replace(&old, number);
        let agency = |body: String| match face.moved_from.as_deref() {
            Some(from) => body.replace(from, &face.bureau),
            None => body,
        };
        let jitter = if face.is_model {
            0
        } else {
            i64::try_from(dice.below(1_800_000_000))?
        };
        for (column, cell) in [
            ("bureau", Cell::Text(face.bureau.clone())),
            ("number", Cell::Text(number.to_owned())),
            ("item", Cell::Text(face.item.clone())),
            ("name_zh", Cell::Text(face.name_zh.clone())),
            ("name_en", Cell::Text(face.name_en.clone())),
            ("org", Cell::Text(face.org.clone())),
            ("person_id", Cell::Id(face.person)),
            ("employer_id", face.employer.map_or(Cell::Null, Cell::Id)),
            ("applicant_masked", Cell::Text(face.applicant.clone())),
            ("number_tail", Cell::Text(face.tail.clone())),
            ("body", Cell::Text(agency(body))),
        ] {
            row[shape.at(column)?] = cell;
        }
        for column in ["received_us", "updated_us", "closed_us"] {
            if let Cell::Int(at) = &mut row[shape.at(column)?] {
                *at = same_day(*at, jitter);
            }
        }
        if let Some(day) = &face.presses {
            row[shape.at("state")?] = Cell::Text("REVIEWING".to_owned());
            row[shape.at("expected_on")?] = Cell::Text(day.clone());
            row[shape.at("due_on")?] = Cell::Text(day.clone());
        }
        for column in ["hall", "ready_org"] {
            if let Cell::Text(org) = &mut row[shape.at(column)?] {
                *org = face.at_home(org);
            }
        }
        Ok(row)
    }

    fn tasks(
        &self,
        model: &ModelCase,
        shift: Shift,
        face: &Face,
        number: &str,
        dice: &mut Dice,
        rows: &mut Rows,
    ) -> anyhow::Result<()> {
        let shape = self.models.shape("case_task")?;
        let own_org = text(&model.file[self.models.shape("case_file")?.at("org")?]);
        for task in model.rows.get("case_task").into_iter().flatten() {
            let mut row = moved(shape, task, shift);
            let org = text(&row[shape.at("org")?]);
            let org = if org == own_org {
                face.org.clone()
            } else {
                face.at_home(&org)
            };
            let permission = text(&row[shape.at("permission")?]);
            let holder = match row[shape.at("holder")?] {
                Cell::Null => Cell::Null,
                Cell::Id(holder) if face.is_model => Cell::Id(holder),
                _ => self.places.colleague(dice, &face.bureau, &permission),
            };
            for (column, cell) in [
                ("bureau", Cell::Text(face.bureau.clone())),
                ("case_number", Cell::Text(number.to_owned())),
                ("item", Cell::Text(face.item.clone())),
                ("name_zh", Cell::Text(face.name_zh.clone())),
                ("name_en", Cell::Text(face.name_en.clone())),
                ("applicant_masked", Cell::Text(face.applicant.clone())),
                ("number_tail", Cell::Text(face.tail.clone())),
                ("org", Cell::Text(org)),
                ("holder", holder),
                ("party", Cell::Id(face.person)),
                ("employer", face.employer.map_or(Cell::Null, Cell::Id)),
            ] {
                row[shape.at(column)?] = cell;
            }
            if let Some(day) = &face.presses {
                self.pressed(&mut row, day, face, dice)?;
            }
            rows.add("case_task", row);
        }
        Ok(())
    }

    /// Makes a task one that colleagues have to do by a day.
    fn pressed(
        &self,
        row: &mut CellRow,
        day: &str,
        face: &Face,
        dice: &mut Dice,
    ) -> anyhow::Result<()> {
        let shape = self.models.shape("case_task")?;
        let (stage, permission) = match dice.below(3) {
            0 => ("intake", "case.accept"),
            _ => ("review", "case.review"),
        };
        for (column, cell) in [
            ("stage", Cell::Text(stage.to_owned())),
            ("permission", Cell::Text(permission.to_owned())),
            ("org", Cell::Text(face.org.clone())),
            ("waiting", Cell::Int(0)),
            ("due_on", Cell::Text(day.to_owned())),
        ] {
            row[shape.at(column)?] = cell;
        }
        if dice.below(2) == 0 {
            row[shape.at("holder")?] = self.places.colleague(dice, &face.bureau, permission);
        }
        Ok(())
    }

    /// The log of a whole copy, and what was written beside the case.
    fn history(
        &self,
        model: &ModelCase,
        shift: Shift,
        number: &str,
        rows: &mut Rows,
    ) -> anyhow::Result<()> {
        let file = self.models.shape("case_file")?;
        let old = text(&model.file[file.at("number")?]);
        for (table, of_case) in &model.rows {
            if *table == "case_task" {
                continue;
            }
            let shape = self.models.shape(table)?;
            for row in of_case {
                let mut row = moved(shape, row, shift);
                for cell in &mut row {
                    if let Cell::Text(text) = cell {
                        *text = text.replace(&old, number);
                    }
                }
                rows.add(table, row);
            }
        }
        Ok(())
    }
}

/// Ids that a copy has of its own.
const OWN_IDS: [&str; 7] = [
    "case_id",
    "task_id",
    "notice_id",
    "material_id",
    "text_id",
    "stream_id",
    "rating_id",
];

/// A row with the ids and days of its copy.
fn moved(shape: &store::copy::TableShape, row: &CellRow, shift: Shift) -> CellRow {
    let cells = shape.names().zip(row).map(|(name, cell)| match cell {
        Cell::Id(id) if OWN_IDS.contains(&name) => Cell::Id(shift.id(*id)),
        Cell::Int(at) if name.ends_with("_us") => Cell::Int(shift.micros(*at)),
        Cell::Text(text) if text != "9999-12-31" => Cell::Text(shift.text(text)),
        other => other.clone(),
    });
    cells.collect()
}

/// An instant so many microseconds later, unless that is another day.
fn same_day(at: i64, later: i64) -> i64 {
    let day = |at| Timestamp::from_micros(at).day();
    if day(at) == day(at + later) {
        at + later
    } else {
        at
    }
}

const fn id(cell: &Cell) -> Option<Uuid> {
    match cell {
        Cell::Id(id) => Some(*id),
        _ => None,
    }
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        _ => String::new(),
    }
}

const fn number(cell: &Cell) -> i64 {
    match cell {
        Cell::Int(number) => *number,
        _ => 0,
    }
}
