//! Reading the file: rows are taken from it in pages, and each page is kept before the next one is
//! read. A program that stops reads the file again and keeps what is not kept yet.

use std::{ops::ControlFlow, sync::Arc};

use kernel::{
    AppError, Date, Refusal, Timestamp, codes,
    error::Broken,
    ids::{CaseId, EmployerId, Id as _, PersonId, RosterId},
    item::Words,
    limits::{ROSTER_CELL_CHARS_MAX, ROSTER_COLUMNS_MAX, ROSTER_PLAIN_BYTES_MAX, ROSTER_ROWS_MAX},
    roster::RosterFacts,
};
use seal::DataKey;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use spreadsheets::{Limits, Row, SheetFault};
use store::{Work, jobs::Lease};
use tokio::sync::mpsc;

use super::{
    Filled, RosterState,
    command::{RosterAct, become_state, bureau_of, end_with, go_on_with, item_of},
    discard::drop_file,
    jobs::{CHECK, OfRoster, SWEEP, find},
    key_of, open_bytes, seal_row,
    sheet::{Headings, Reader, WrongHeadings, shown},
    stage::RowState,
};
use crate::{
    apply::open::{Applicant, ask, person_card},
    desk::Casework,
    model::Model,
    perform::FormData,
    store::rosters::{self, roster, row},
};

/// Rows kept together: what is in memory, and what one command writes.
const ROWS_PER_PAGE: usize = 500;
/// Pages on their way from the file to the database.
const PAGES_WAITING: usize = 2;

/// Why a file is not read, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileRefusal {
    pub code: String,
    /// Values of its places, in both languages.
    #[serde(default)]
    pub args: Vec<(String, Words)>,
    /// The cell, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
}

impl FileRefusal {
    fn new(code: &'static kernel::Code) -> Self {
        Self {
            code: code.id.to_owned(),
            args: Vec::new(),
            cell: None,
        }
    }

    fn with(mut self, name: &str, words: Words) -> Self {
        self.args.push((name.to_owned(), words));
        self
    }

    fn at(mut self, cell: String) -> Self {
        self.cell = Some(cell);
        self
    }

    fn of(fault: SheetFault) -> Self {
        let said = |zh: String, en: String| Words { zh, en };
        let same = |text: u32| said(text.to_string(), text.to_string());
        match fault {
            SheetFault::NotASheet
            | SheetFault::OldOrProtected
            | SheetFault::Encoding
            | SheetFault::Damaged => Self::new(&codes::E1070),
            SheetFault::Macros | SheetFault::Links => Self::new(&codes::E1073),
            SheetFault::Formula(cell) => Self::new(&codes::E1073).at(cell),
            SheetFault::TooManyRows(max) => Self::new(&codes::E1075).with("max", same(max)),
            SheetFault::TooManyColumns(max) => {
                let limit = said(format!("{max} 列"), format!("{max} columns"));
                Self::new(&codes::E1003).with("limit", limit)
            }
            SheetFault::TooLong { cell, max } => {
                let max = said(max.to_string(), max.to_string());
                Self::new(&codes::E1021).with("max", max).at(cell)
            }
            SheetFault::Swells => {
                let most = ROSTER_PLAIN_BYTES_MAX / 1024 / 1024;
                let limit = said(
                    format!("{most} MB（解压后）"),
                    format!("{most} MB unpacked"),
                );
                Self::new(&codes::E1003).with("limit", limit)
            }
        }
    }

    fn headings(wrong: WrongHeadings) -> Self {
        let none = || Words {
            zh: "没有".to_owned(),
            en: "none".to_owned(),
        };
        let listed = |names: Vec<Words>| {
            if names.is_empty() {
                none()
            } else {
                Words::list(&names)
            }
        };
        let unknown = wrong.unknown.into_iter().take(20).map(|column| Words {
            zh: format!("{column} 列"),
            en: format!("column {column}"),
        });
        Self::new(&codes::E1074)
            .with("missing", listed(wrong.missing))
            .with("unknown", listed(unknown.collect()))
    }

    /// The refusal in words.
    pub(super) fn refusal(&self) -> Refusal {
        let known = codes::ALL.iter().find(|code| code.id == self.code);
        let mut refusal = Refusal::new(known.copied().unwrap_or(&codes::E1070));
        for (name, words) in &self.args {
            let name = match name.as_str() {
                "max" => "max",
                "limit" => "limit",
                "missing" => "missing",
                _ => "unknown",
            };
            refusal = refusal.worded(name, words.clone());
        }
        refusal
    }
}

/// Reads the file of a roster.
pub(super) async fn read(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let of: OfRoster = lease.read()?;
    let Some(roster) = find(desk, &of).await? else {
        return Ok(());
    };
    if RosterState::of(&roster)? != RosterState::Reading {
        return Ok(());
    }
    let reading = prepare(desk, &roster).await?;
    let (pages, mut waiting) = mpsc::channel(PAGES_WAITING);
    let reader = tokio::task::spawn_blocking(move || reading.run(&pages));
    while let Some(page) = waiting.recv().await {
        go_on_with(desk, lease, &roster, KeepRows { page }).await?;
    }
    // A reader that panicked has met a file that nobody foresaw.
    let outcome = reader.await.unwrap_or(Err(FileRefusal::new(&codes::E1070)));
    match outcome {
        Ok(rows) if rows > 0 => end_with(desk, lease, &roster, HaveRead).await,
        Ok(_) => {
            let refusal = FileRefusal::new(&codes::E1079);
            end_with(desk, lease, &roster, RefuseFile { refusal }).await
        }
        Err(refusal) => end_with(desk, lease, &roster, RefuseFile { refusal }).await,
    }
}

/// Who applies with a roster.
pub(super) async fn applicant_of(
    desk: &Casework,
    roster: &roster::Model,
) -> Result<Applicant, AppError> {
    let person = person_card(desk, PersonId::from_uuid(roster.person_id)).await?;
    let employer = EmployerId::from_uuid(roster.employer_id);
    let employer = desk.parts.parties.employers(&[employer]).await?;
    Ok(Applicant {
        person,
        employer: employer.into_values().next(),
    })
}

/// The edition under which a roster is checked.
pub(super) fn model_of(desk: &Casework, roster: &roster::Model) -> Result<Arc<Model>, AppError> {
    let items = desk.parts.items.as_ref();
    desk.models.get(items, &item_of(roster)?, roster.edition)
}

/// What the item says of rosters.
pub(super) fn facts_of(model: &Model) -> Result<&RosterFacts, AppError> {
    let facts = model.edition.facts.roster.as_ref();
    facts.ok_or_else(|| Broken::new("an item has lost its roster").into())
}

/// Everything that reading needs, away from the database.
struct Reading {
    model: Arc<Model>,
    content: Vec<u8>,
    known: Map<String, Value>,
    today: Date,
    now: Timestamp,
    key: DataKey,
    roster: roster::Model,
    entropy: store::system::SeededEntropy,
    /// Whether a row could not be sealed.
    is_broken: bool,
}

async fn prepare(desk: &Casework, roster: &roster::Model) -> Result<Reading, AppError> {
    let model = model_of(desk, roster)?;
    let key = key_of(desk, roster)?;
    let mut content = Vec::new();
    for part in rosters::parts_of(&desk.kit.store, roster).await? {
        content.extend(open_bytes(&key, roster.roster_id, &part.sealed)?);
    }
    let empty = FormData {
        form: json!({}),
        ..FormData::default()
    };
    let applicant = applicant_of(desk, roster).await?;
    let data = ask(desk, &model, &applicant, empty).await?;
    Ok(Reading {
        model,
        content,
        known: data.facts,
        today: desk.now().day(),
        now: desk.now(),
        key,
        roster: roster.clone(),
        entropy: desk.entropy(),
        is_broken: false,
    })
}

/// A page of new rows.
struct Page {
    rows: Vec<row::Model>,
    bad: i32,
}

impl Reading {
    /// Reads all rows; tells how many there are.
    fn run(mut self, pages: &mpsc::Sender<Page>) -> Result<usize, FileRefusal> {
        let model = Arc::clone(&self.model);
        let lost = || FileRefusal::new(&codes::E1070);
        let facts = model.edition.facts.roster.as_ref().ok_or_else(lost)?;
        let most = facts.rows.min(ROSTER_ROWS_MAX);
        let limits = Limits {
            rows: most.saturating_add(1),
            columns: ROSTER_COLUMNS_MAX,
            cell_chars: ROSTER_CELL_CHARS_MAX,
            plain_bytes: ROSTER_PLAIN_BYTES_MAX,
        };
        let content = std::mem::take(&mut self.content);
        let known = std::mem::take(&mut self.known);
        let mut reader = None;
        let mut wrong = None;
        let mut page = Vec::with_capacity(ROWS_PER_PAGE);
        let mut count = 0;
        let done = spreadsheets::read(&content, &limits, &mut |one: Row| {
            let Some(reader) = &mut reader else {
                return match Headings::read(&model.form, facts, &one) {
                    Ok(headings) => {
                        let of = (&model.form, facts);
                        reader = Some(Reader::new(of, headings, known.clone(), self.today));
                        ControlFlow::Continue(())
                    }
                    Err(faults) => {
                        wrong = Some(faults);
                        ControlFlow::Break(())
                    }
                };
            };
            let filled = reader.read(&one);
            if filled.cells.is_empty() {
                return ControlFlow::Continue(());
            }
            count += 1;
            let number = i32::try_from(one.number).unwrap_or(i32::MAX);
            // What is kept already is read again for what must not come twice.
            if number > self.roster.last_row {
                page.push((number, filled));
            }
            if page.len() < ROWS_PER_PAGE {
                return ControlFlow::Continue(());
            }
            self.send(facts, std::mem::take(&mut page), pages)
        });
        if let Some(wrong) = wrong {
            return Err(FileRefusal::headings(wrong));
        }
        done.map_err(FileRefusal::of)?;
        if !page.is_empty() {
            let _ = self.send(facts, page, pages);
        }
        if self.is_broken {
            return Err(lost());
        }
        Ok(count)
    }

    /// Hands a page over, and waits while others are on their way. Nobody may want it any more.
    fn send(
        &mut self,
        facts: &RosterFacts,
        filled: Vec<(i32, Filled)>,
        pages: &mpsc::Sender<Page>,
    ) -> ControlFlow<()> {
        let bad = filled.iter().filter(|(_, one)| !one.faults.is_empty());
        let bad = i32::try_from(bad.count()).unwrap_or(i32::MAX);
        let mut rows = Vec::with_capacity(filled.len());
        for (number, one) in filled {
            let Ok(row) = self.row(facts, number, &one) else {
                self.is_broken = true;
                return ControlFlow::Break(());
            };
            rows.push(row);
        }
        match pages.blocking_send(Page { rows, bad }) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    fn row(
        &mut self,
        facts: &RosterFacts,
        row_no: i32,
        filled: &Filled,
    ) -> Result<row::Model, AppError> {
        let id = RosterId::from_uuid(self.roster.roster_id);
        let state = if filled.faults.is_empty() {
            RowState::Read
        } else {
            RowState::Bad
        };
        Ok(row::Model {
            bureau: self.roster.bureau.clone(),
            roster_id: id.uuid(),
            row_no,
            state: state.as_str().to_owned(),
            case_id: CaseId::new(self.now, &mut self.entropy).uuid(),
            shown: shown(facts, filled),
            sealed: seal_row(&self.key, id, filled, &mut self.entropy)?,
        })
    }
}

/// Keeps a page of rows.
struct KeepRows {
    page: Page,
}

impl RosterAct for KeepRows {
    const NAME: &'static str = "roster.read_rows";
    const AUDITED: bool = false;

    fn decide(&self, row: &mut roster::Model, work: &mut Work<'_>) -> Result<(), AppError> {
        let rows = &self.page.rows;
        let last = rows.last().map_or(0, |row| row.row_no);
        // Another worker was faster, or the roster was thrown away and is no longer read.
        if RosterState::of(row)? != RosterState::Reading || last <= row.last_row {
            return Ok(());
        }
        row.last_row = last;
        row.rows_read += i32::try_from(rows.len()).unwrap_or(0);
        row.rows_bad += self.page.bad;
        row.rows_checked += self.page.bad;
        for one in rows {
            work.append(one.clone());
        }
        Ok(())
    }
}

/// All rows are kept: the file is not needed any more.
struct HaveRead;

impl RosterAct for HaveRead {
    const NAME: &'static str = "roster.read";

    fn decide(&self, row: &mut roster::Model, work: &mut Work<'_>) -> Result<(), AppError> {
        if RosterState::of(row)? != RosterState::Reading {
            return Ok(());
        }
        let counts = json!({ "rows": row.rows_read });
        become_state(row, RosterState::Checking, ("roster.read", counts), work);
        drop_file(row, work);
        work.job(CHECK.of(bureau_of(row)?, RosterId::from_uuid(row.roster_id)));
        Ok(())
    }
}

/// The file is not read.
struct RefuseFile {
    refusal: FileRefusal,
}

impl RosterAct for RefuseFile {
    const NAME: &'static str = "roster.refuse";

    fn decide(&self, row: &mut roster::Model, work: &mut Work<'_>) -> Result<(), AppError> {
        if RosterState::of(row)? != RosterState::Reading {
            return Ok(());
        }
        row.refusal = serde_json::to_string(&self.refusal)
            .map_err(|fault| Broken::caused("a refusal", fault))?;
        row.ended_us = Some(work.now().as_micros());
        // What was read before the fault is of no use to anybody.
        (row.rows_read, row.rows_bad, row.rows_checked) = (0, 0, 0);
        let why = json!({ "code": self.refusal.code });
        become_state(row, RosterState::Refused, ("roster.refused", why), work);
        drop_file(row, work);
        work.job(SWEEP.of(bureau_of(row)?, RosterId::from_uuid(row.roster_id)));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use kernel::Lang;

    use super::*;

    #[test]
    fn what_is_wrong_with_a_file_is_told_in_words_with_its_cell() {
        let long = FileRefusal::of(SheetFault::TooLong {
            cell: "C12".to_owned(),
            max: 500,
        });
        assert_eq!(long.cell.as_deref(), Some("C12"));
        assert_eq!(long.refusal().advice(Lang::Zh), "最多 500 个字。");
        let many = FileRefusal::of(SheetFault::TooManyRows(10_000)).refusal();
        assert_eq!(many.advice(Lang::Zh), "最多 10000 人，请分成几份上传。");
        let wrong = WrongHeadings {
            missing: Vec::new(),
            unknown: vec!["B".to_owned()],
        };
        let told = FileRefusal::headings(wrong).refusal();
        assert!(
            told.advice(Lang::Zh)
                .starts_with("缺少：没有；不认识或重复：B 列。")
        );
    }
}
