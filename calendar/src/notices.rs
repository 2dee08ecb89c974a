//! The file of a calendar edition: the days that the notices move, one line each.
//!
//! ```text
//! date⇥kind⇥name
//! 2026-01-01⇥off⇥元旦
//! 2026-01-04⇥work⇥元旦
//! ```
//!
//! `off` is a day off (放假), `work` a weekend day that is worked (调休上班). All faults of a file
//! are reported at once, each with its line.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use jiff::civil::Weekday;
use kernel::Date;

use crate::{edition::DayKind, statutory};

const HEADER: &str = "date\tkind\tname";

/// One thing wrong with a file of notices.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {kind}")]
pub struct Fault {
    /// Line of the file, from 1; for a missing day the line after the last.
    pub line: usize,
    /// What is wrong there.
    pub kind: FaultKind,
}

/// What can be wrong with a line of a file of notices.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    /// The first line is not the header.
    #[error("the file begins with the columns date, kind, name, separated by tabs")]
    Header,
    /// A line has more or fewer than three columns.
    #[error("expected three columns separated by tabs, found {found}")]
    Columns {
        /// How many there are.
        found: usize,
    },
    /// The date does not exist or is not written `YYYY-MM-DD`.
    #[error("“{text}” is not a date like 2026-01-01")]
    NotADate {
        /// The text found.
        text: String,
    },
    /// The kind is neither `off` nor `work`.
    #[error("the kind is off or work, not “{text}”")]
    NotAKind {
        /// The text found.
        text: String,
    },
    /// The name of the holiday is empty.
    #[error("the name of the holiday is missing")]
    NoName,
    /// The day has been named before.
    #[error("{day} was named before, on line {first}")]
    Twice {
        /// The day.
        day: Date,
        /// The line that named it first.
        first: usize,
    },
    /// `work` is said of a Monday to Friday, which is worked anyway.
    #[error("{day} is a weekday and worked anyway")]
    WorkOnWeekday {
        /// The day.
        day: Date,
    },
    /// A day fixed by law is not off in a year whose notice the file holds.
    #[error("{day} is off by law ({name}), but the file does not say so")]
    StatutoryDayNotOff {
        /// The day.
        day: Date,
        /// The festival.
        name: &'static str,
    },
}

/// All faults of a file of notices, in the order of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, fault) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// One day that a notice moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) kind: DayKind,
    pub(crate) name: String,
    line: usize,
}

/// What a file of notices says.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    pub(crate) days: BTreeMap<Date, Moved>,
    pub(crate) published: BTreeSet<i16>,
}

/// Reads a file of notices, or lists everything that is wrong with it.
pub(crate) fn read(tsv: &str) -> Result<Notices, Faults> {
    // Spreadsheet programs put a byte order mark in front.
    let tsv = tsv.strip_prefix('\u{feff}').unwrap_or(tsv);
    let mut faults = Vec::new();
    let mut days = BTreeMap::new();
    let mut lines = 0;
    for (line, text) in (1..).zip(tsv.lines()) {
        lines = line;
        let read = if line == 1 {
            (text == HEADER).then_some(()).ok_or(FaultKind::Header)
        } else if text.is_empty() {
            Ok(())
        } else {
            read_line(line, text, &mut days)
        };
        faults.extend(read.err().map(|kind| Fault { line, kind }));
    }
    if lines == 0 {
        faults.push(Fault {
            line: 1,
            kind: FaultKind::Header,
        });
    }
    let published = published_years(&days);
    faults.extend(missing_festivals(&days, &published, lines + 1));
    if faults.is_empty() {
        Ok(Notices { days, published })
    } else {
        faults.sort_by_key(|fault| fault.line);
        Err(Faults(faults))
    }
}

fn read_line(line: usize, text: &str, days: &mut BTreeMap<Date, Moved>) -> Result<(), FaultKind> {
    let columns: Vec<&str> = text.split('\t').collect();
    let [day, kind, name] = columns[..] else {
        return Err(FaultKind::Columns {
            found: columns.len(),
        });
    };
    let day = read_date(day)?;
    let kind = match kind {
        "off" => DayKind::Off,
        "work" => DayKind::Work,
        other => return Err(FaultKind::NotAKind { text: other.into() }),
    };
    if name.trim().is_empty() {
        return Err(FaultKind::NoName);
    }
    if kind == DayKind::Work && !is_weekend(day) {
        return Err(FaultKind::WorkOnWeekday { day });
    }
    if let Some(first) = days.get(&day) {
        return Err(FaultKind::Twice {
            day,
            first: first.line,
        });
    }
    days.insert(
        day,
        Moved {
            kind,
            name: name.trim().to_owned(),
            line,
        },
    );
    Ok(())
}

fn read_date(text: &str) -> Result<Date, FaultKind> {
    text.parse::<Date>()
        .ok()
        .filter(|day| day.to_string() == text)
        .ok_or_else(|| FaultKind::NotADate { text: text.into() })
}

pub(crate) fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The years whose own notice the file holds: those with a day off at New Year or on National Day.
/// A single day at the end of December may belong to the notice of the next year (2022-12-31 did).
fn published_years(days: &BTreeMap<Date, Moved>) -> BTreeSet<i16> {
    let is_anchor = |day: &Date| matches!((day.month(), day.day()), (1 | 10, 1));
    days.iter()
        .filter(|(day, moved)| is_anchor(day) && moved.kind == DayKind::Off)
        .map(|(day, _)| day.year())
        .collect()
}

fn missing_festivals(
    days: &BTreeMap<Date, Moved>,
    published: &BTreeSet<i16>,
    line_after: usize,
) -> Vec<Fault> {
    let festivals = published
        .iter()
        .flat_map(|year| statutory::festivals(*year));
    festivals
        .filter_map(|(day, name)| {
            let moved = days.get(&day);
            if moved.is_some_and(|moved| moved.kind == DayKind::Off) {
                return None;
            }
            let kind = FaultKind::StatutoryDayNotOff { day, name };
            let line = moved.map_or(line_after, |moved| moved.line);
            Some(Fault { line, kind })
        })
        .collect()
}

#[cfg(test)]
mod tests;
