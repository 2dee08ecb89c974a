//! Texts with separators, as spreadsheets export them.

use std::{borrow::Cow, iter::Peekable, str::Chars};

use encoding_rs::{Encoding, GB18030};

use crate::{
    Cell,
    read::{Bounded, Growing, Limits, SheetFault, address},
};

/// Reads the rows of a text. Rows are numbered as a spreadsheet would show them: an empty line is one,
/// and a cell that is broken over lines makes no further one.
pub(crate) fn read(content: &[u8], limits: &Limits, each: Bounded<'_>) -> Result<(), SheetFault> {
    let text = decoded(content)?;
    let mark = separator(&text);
    let mut letters = text.chars().peekable();
    let (mut number, mut column) = (1, 0);
    let mut row = Growing::default();
    while letters.peek().is_some() {
        let (cell, end) = next_cell(&mut letters, mark)?;
        row.put((number, column), cell_of(&cell, number, column)?, limits)?;
        if end == End::Cell {
            column += 1;
            continue;
        }
        if let Some(whole) = row.take()
            && each(whole)?.is_break()
        {
            return Ok(());
        }
        (number, column) = (number + 1, 0);
    }
    if let Some(whole) = row.take() {
        let _ = each(whole)?;
    }
    Ok(())
}

/// What a cell ends with.
#[derive(PartialEq, Eq)]
enum End {
    Cell,
    Row,
}

/// The next cell (RFC 4180): one in quotation marks may hold anything, two of them stand for one.
fn next_cell(letters: &mut Peekable<Chars<'_>>, mark: char) -> Result<(String, End), SheetFault> {
    let mut cell = String::new();
    let mut quoted = letters.next_if_eq(&'"').is_some();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted => {
                quoted = letters.next_if_eq(&'"').is_some();
                if quoted {
                    cell.push('"');
                }
            }
            letter if quoted => cell.push(letter),
            letter if letter == mark => return Ok((cell, End::Cell)),
            '\r' => {}
            '\n' => return Ok((cell, End::Row)),
            letter => cell.push(letter),
        }
    }
    if quoted {
        return Err(SheetFault::Damaged);
    }
    Ok((cell, End::Row))
}

/// The text in whichever encoding it is.
fn decoded(content: &[u8]) -> Result<Cow<'_, str>, SheetFault> {
    let text = if let Some((encoding, mark)) = Encoding::for_bom(content) {
        let rest = content.get(mark..).unwrap_or_default();
        encoding.decode_without_bom_handling_and_without_replacement(rest)
    } else if let Ok(text) = std::str::from_utf8(content) {
        Some(Cow::Borrowed(text))
    } else {
        GB18030.decode_without_bom_handling_and_without_replacement(content)
    };
    let text = text.ok_or(SheetFault::Encoding)?;
    let binary = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t');
    if text.chars().any(binary) {
        return Err(SheetFault::NotASheet);
    }
    Ok(text)
}

/// What parts the cells: whatever stands most often in the first line.
fn separator(text: &str) -> char {
    let first = text.lines().next().unwrap_or_default();
    // Of equals the last one counts: without any of them it is a comma.
    [';', '\t', ',']
        .into_iter()
        .max_by_key(|mark| first.matches(*mark).count())
        .unwrap_or(',')
}

fn cell_of(text: &str, row: u32, column: u32) -> Result<Cell, SheetFault> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(Cell::Empty);
    }
    let Some(formula) = trimmed.strip_prefix('=') else {
        return Ok(Cell::Text(trimmed.to_owned()));
    };
    let quoted = formula.strip_prefix('"').and_then(|f| f.strip_suffix('"'));
    match quoted.filter(|inner| !inner.contains('"')) {
        Some(inner) => Ok(Cell::Text(inner.trim().to_owned())),
        None => Err(SheetFault::Formula(address(row, column))),
    }
}
