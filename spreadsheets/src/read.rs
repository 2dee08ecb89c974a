//! Rows, whatever the file is.

use std::ops::ControlFlow;

use crate::{Cell, text, workbook};

/// How much is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Rows that are not empty, the heading among them.
    pub rows: u32,
    /// Columns.
    pub columns: u32,
    /// Characters of one cell.
    pub cell_chars: usize,
    /// Bytes of everything that is packed in the file, unpacked.
    pub plain_bytes: u64,
}

impl Limits {
    /// Refuses a text that is too long for its cell; a blank one counts like any other.
    pub(crate) fn hold(&self, text: &str, (row, column): (u32, u32)) -> Result<(), SheetFault> {
        // Most letters have fewer bytes than four: what has more than that is not worth counting.
        if text.len() / 4 > self.cell_chars || text.chars().count() > self.cell_chars {
            return Err(SheetFault::TooLong {
                cell: address(row, column),
                max: self.cell_chars,
            });
        }
        Ok(())
    }
}

/// A row that is not empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its number as the program shows it that wrote the file; the first is 1.
    pub number: u32,
    /// Its cells from the first column on.
    pub cells: Vec<Cell>,
}

/// Why a file is not read, or not read to its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetFault {
    /// Neither a spreadsheet nor a text with separators.
    #[error("neither an .xlsx file nor a text")]
    NotASheet,
    /// An old `.xls` file, or one that needs a password.
    #[error("an old or a protected file")]
    OldOrProtected,
    /// It holds programs.
    #[error("macros")]
    Macros,
    /// It refers to other files.
    #[error("links to other files")]
    Links,
    /// A cell is worked out from others.
    #[error("a formula in {0}")]
    Formula(String),
    /// More rows than are read.
    #[error("more than {0} rows")]
    TooManyRows(u32),
    /// More columns than are read.
    #[error("more than {0} columns")]
    TooManyColumns(u32),
    /// A cell holds more than is read.
    #[error("more than {max} characters in {cell}")]
    TooLong {
        /// Such as `C12`.
        cell: String,
        /// What is read.
        max: usize,
    },
    /// Unpacked it is too large.
    #[error("too large when unpacked")]
    Swells,
    /// A text in an unknown encoding.
    #[error("an unknown encoding")]
    Encoding,
    /// Damaged.
    #[error("damaged")]
    Damaged,
}

/// Takes rows; says whether there may be more.
pub(crate) type Sink<'a> = &'a mut dyn FnMut(Row) -> ControlFlow<()>;

/// Reads the rows of a file in their order, until there are no more or `each` has enough.
///
/// # Errors
/// Why it is not read further; rows before may have been given already.
pub fn read(content: &[u8], limits: &Limits, each: Sink<'_>) -> Result<(), SheetFault> {
    const OLD: [u8; 4] = [0xD0, 0xCF, 0x11, 0xE0];
    let mut rows = 0;
    let mut bounded = |row: Row| -> Result<ControlFlow<()>, SheetFault> {
        rows += 1;
        if rows > limits.rows {
            return Err(SheetFault::TooManyRows(limits.rows.saturating_sub(1)));
        }
        Ok(each(row))
    };
    if content.starts_with(b"PK\x03\x04") {
        workbook::read(content, limits, &mut bounded)
    } else if content.starts_with(&OLD) {
        Err(SheetFault::OldOrProtected)
    } else {
        text::read(content, limits, &mut bounded)
    }
}

/// Takes a row, or says why no more are read.
pub(crate) type Bounded<'a> = &'a mut dyn FnMut(Row) -> Result<ControlFlow<()>, SheetFault>;

/// The row that grows while its cells are read.
#[derive(Default)]
pub(crate) struct Growing {
    number: u32,
    cells: Vec<Cell>,
}

impl Growing {
    /// Puts a cell in; the column counts from 0.
    pub(crate) fn put(
        &mut self,
        (number, column): (u32, u32),
        cell: Cell,
        limits: &Limits,
    ) -> Result<(), SheetFault> {
        self.number = number;
        let cell = match cell {
            Cell::Text(text) => {
                limits.hold(&text, (number, column))?;
                Cell::Text(printable(text))
            }
            Cell::Day(day) => Cell::Day(printable(day)),
            other => other,
        };
        if cell.is_empty() {
            return Ok(());
        }
        if column >= limits.columns {
            return Err(SheetFault::TooManyColumns(limits.columns));
        }
        let at = usize::try_from(column).unwrap_or(usize::MAX);
        if self.cells.len() <= at {
            self.cells.resize(at + 1, Cell::Empty);
        }
        if let Some(place) = self.cells.get_mut(at) {
            *place = cell;
        }
        Ok(())
    }

    /// The number of the row.
    pub(crate) const fn number(&self) -> u32 {
        self.number
    }

    /// The row, if anything is in it; then it is empty again.
    pub(crate) fn take(&mut self) -> Option<Row> {
        let cells = std::mem::take(&mut self.cells);
        (!cells.is_empty()).then_some(Row {
            number: self.number,
            cells,
        })
    }
}

/// The text without letters that are orders to a printer or a terminal; a database refuses some of them.
fn printable(text: String) -> String {
    let order = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t');
    if text.contains(order) {
        return text.replace(order, "");
    }
    text
}

/// A cell as spreadsheets name it: `C12`. The column counts from 0, the row from 1.
pub(crate) fn address(row: u32, column: u32) -> String {
    format!("{}{row}", column_letters(column))
}

/// A column as spreadsheets name it, counted from 0: `C`.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    letters.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        rows: 4,
        columns: 3,
        cell_chars: 5,
        plain_bytes: 100_000,
    };

    fn rows(content: &[u8]) -> Result<Vec<Row>, SheetFault> {
        let mut rows = Vec::new();
        read(content, &LIMITS, &mut |row| {
            rows.push(row);
            ControlFlow::Continue(())
        })?;
        Ok(rows)
    }

    fn shown(content: &[u8]) -> Vec<(u32, Vec<String>)> {
        let rows = rows(content).unwrap().into_iter();
        rows.map(|row| (row.number, row.cells.iter().map(Cell::shown).collect()))
            .collect()
    }

    #[test]
    fn cells_have_the_names_that_spreadsheets_give_them() {
        assert_eq!(address(1, 0), "A1");
        assert_eq!(address(12, 25), "Z12");
        assert_eq!(address(3, 26), "AA3");
        assert_eq!(address(3, 701), "ZZ3");
        assert_eq!(address(3, 702), "AAA3");
    }

    #[test]
    fn a_text_is_read_in_the_encodings_that_spreadsheets_write() {
        let wanted = [
            (1, vec!["姓名".to_owned(), "月薪".to_owned()]),
            (3, vec!["王一".to_owned(), "6500".to_owned()]),
        ];
        let plain = "姓名,月薪\r\n\r\n王一,6500\r\n";
        let (gb, ..) = encoding_rs::GB18030.encode(plain);
        let mut utf16 = vec![0xFF, 0xFE];
        utf16.extend(plain.encode_utf16().flat_map(u16::to_le_bytes));
        let marked = [b"\xEF\xBB\xBF".as_slice(), plain.as_bytes()].concat();
        for content in [plain.as_bytes(), &gb, &utf16, &marked] {
            assert_eq!(shown(content), wanted);
        }
        assert_eq!(shown("a\tb\n1\t2\n".as_bytes())[1].1, ["1", "2"]);
        assert_eq!(shown("a;b\n1;2\n".as_bytes())[1].1, ["1", "2"]);
        let broken = shown(b"a,b\n\"1\n,2\",3\n\"5\"\"\",6");
        assert_eq!(broken[1], (2, vec!["1\n,2".to_owned(), "3".to_owned()]));
        assert_eq!(broken[2], (3, vec!["5\"".to_owned(), "6".to_owned()]));
        // Some programs write numbers of many digits like this, so that they stay texts.
        assert_eq!(shown(b"a\n=\"0012\"\n")[1].1, ["0012"]);
    }

    #[test]
    fn what_is_beyond_the_limits_or_no_sheet_is_refused() {
        let refused = |content: &[u8]| rows(content).unwrap_err();
        assert_eq!(refused(b"a\nb\nc\nd\ne\n"), SheetFault::TooManyRows(3));
        assert_eq!(refused(b"a,b,c,d\n"), SheetFault::TooManyColumns(3));
        let long = SheetFault::TooLong {
            cell: "B2".to_owned(),
            max: 5,
        };
        assert_eq!(refused(b"a,b\n1,123456\n"), long);
        assert_eq!(refused(b"a\n=1+1\n"), SheetFault::Formula("A2".to_owned()));
        assert_eq!(refused(b"\x00\x01\x02"), SheetFault::NotASheet);
        assert_eq!(refused(b"a,\xFF\xFF\n"), SheetFault::Encoding);
        assert_eq!(refused(b"a,\"b\n"), SheetFault::Damaged);
        assert_eq!(refused(b"\xD0\xCF\x11\xE0rest"), SheetFault::OldOrProtected);
        assert_eq!(refused(b"PK\x03\x04rest"), SheetFault::Damaged);
    }

    #[test]
    fn whoever_has_enough_rows_gets_no_more() {
        let mut seen = 0;
        read(b"a\nb\nc\nd\ne\n", &LIMITS, &mut |_| {
            seen += 1;
            ControlFlow::Break(())
        })
        .unwrap();
        assert_eq!(seen, 1);
    }
}
