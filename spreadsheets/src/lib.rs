//! Spreadsheets: rows out of what somebody uploads, sheets to fill in, and long lists.
//!
//! Reads the first sheet of an `.xlsx` file, or a text with separators in UTF-8, UTF-16 or GB18030,
//! one row after the other. What is packed is unpacked once beforehand without being kept, so that
//! nothing which swells beyond the limits is ever held. Macros, links to other files and formulas are
//! refused: what a cell shows must be what it is.
//!
//! Pure: bytes in, rows out. What a cell means is the business of whoever asked.

mod cell;
mod guard;
mod list;
mod read;
mod text;
mod workbook;
mod write;

pub use cell::Cell;
pub use list::{List, ListColumn};
pub use read::{Limits, Row, SheetFault, column_letters, read};
pub use write::{Column, Holds, Sheet, WriteFault, write};

/// The kind of an `.xlsx` file.
pub const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
