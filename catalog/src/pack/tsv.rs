//! Tables of a pack: tab-separated, the first line names the columns.

use std::str::FromStr;

use kernel::item::Words;

use super::{fault::Faults, read::Files, source::words};

/// One line of a table.
pub(crate) struct Line<'t> {
    pub(crate) file: &'t str,
    /// From 1, the header included.
    pub(crate) number: usize,
    columns: &'t [&'t str],
    cells: Vec<&'t str>,
}

impl<'t> Line<'t> {
    /// A cell; empty where the table has no such column.
    pub(crate) fn text(&self, column: &str) -> &'t str {
        let place = self.columns.iter().position(|name| *name == column);
        let cell = place.and_then(|place| self.cells.get(place));
        cell.copied().unwrap_or_default().trim()
    }

    /// A cell that must be filled.
    pub(crate) fn filled(&self, column: &str, faults: &mut Faults) -> &'t str {
        let text = self.text(column);
        if text.is_empty() {
            self.fault(faults, format!("`{column}` is empty"));
        }
        text
    }

    /// Words in both languages, each in a column of its own, such as `name_zh` and `name_en`.
    pub(crate) fn words(&self, column: &str, faults: &mut Faults) -> Words {
        let zh = self.filled(&format!("{column}_zh"), faults);
        words(zh, self.filled(&format!("{column}_en"), faults))
    }

    /// A cell read as `T`.
    pub(crate) fn value<T: FromStr>(&self, column: &str, faults: &mut Faults) -> Option<T>
    where
        T::Err: std::fmt::Display,
    {
        match self.text(column).parse() {
            Ok(value) => Some(value),
            Err(fault) => {
                self.fault(faults, format!("`{column}`: {fault}"));
                None
            }
        }
    }

    /// A cell that is empty or read as `T`.
    pub(crate) fn optional<T: FromStr>(&self, column: &str, faults: &mut Faults) -> Option<T>
    where
        T::Err: std::fmt::Display,
    {
        if self.text(column).is_empty() {
            None
        } else {
            self.value(column, faults)
        }
    }

    /// A cell of several values separated by semicolons.
    pub(crate) fn list(&self, column: &str) -> impl Iterator<Item = &'t str> {
        let parts = self.text(column).split(';').map(str::trim);
        parts.filter(|part| !part.is_empty())
    }

    pub(crate) fn fault(&self, faults: &mut Faults, message: impl Into<String>) {
        faults.add(self.file, self.number, message);
    }
}

/// The lines of a table that has exactly these columns.
pub(crate) fn lines<'t>(
    files: &'t Files,
    file: &'t str,
    columns: &'t [&'t str],
    faults: &mut Faults,
) -> Vec<Line<'t>> {
    let Some(text) = files.get(file) else {
        faults.add(file, None, "the file is missing");
        return Vec::new();
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows = (1..).zip(text.lines());
    let header: Vec<&str> = rows
        .next()
        .map_or_else(Vec::new, |(_, l)| l.split('\t').collect());
    if header != columns {
        faults.add(file, 1, format!("the columns are {}", columns.join(", ")));
        return Vec::new();
    }
    let mut lines = Vec::new();
    for (number, row) in rows.filter(|(_, row)| !row.is_empty()) {
        let mut cells: Vec<&str> = row.split('\t').collect();
        if cells.len() > columns.len() {
            faults.add(file, number, format!("more than {} columns", columns.len()));
        }
        // Editors cut empty cells at the end of a line.
        cells.resize(columns.len(), "");
        lines.push(Line {
            file,
            number,
            columns,
            cells,
        });
    }
    lines
}
