//! Sheets to fill in: headings with notes, cells that take only what fits, and a page that explains.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties,
    ExcelDateTime, Format, FormatAlign, FormatBorder, Note, Workbook, Worksheet, XlsxError,
};

/// What the cells of a column hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Holds {
    /// Letters and numbers of people: kept as they are typed.
    Text,
    /// A number within bounds.
    Number {
        /// The least.
        min: f64,
        /// The most.
        max: f64,
    },
    /// One of these.
    Choice(Vec<String>),
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its heading.
    pub heading: String,
    /// What the heading explains when it is pointed at; empty where nothing is to say.
    pub note: String,
    /// What the cells hold.
    pub holds: Holds,
    /// Whether it must be filled in: the heading stands out.
    pub required: bool,
    /// Characters that fit.
    pub width: u16,
}

/// A sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Rows that stand in it already.
    pub rows: Vec<Vec<String>>,
    /// Rows that the cells are prepared for.
    pub prepared: u32,
    /// The name of the page that explains.
    pub guide_name: String,
    /// Its lines.
    pub guide: Vec<String>,
}

/// A sheet could not be written.
#[derive(Debug, thiserror::Error)]
#[error("a sheet could not be written: {0}")]
pub struct WriteFault(#[from] XlsxError);

/// Words of a list in a validation: the format allows no more.
const LIST_CHARS_MAX: usize = 255;

/// Writes the sheet as an `.xlsx` file. The same sheet gives the same bytes.
///
/// # Errors
/// When it has more rows or letters than the format allows.
pub fn write(sheet: &Sheet) -> Result<Vec<u8>, WriteFault> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let page = book.add_worksheet();
    page.set_name(&sheet.name)?;
    page.set_freeze_panes(1, 0)?;
    for (at, column) in (0..).zip(&sheet.columns) {
        head(page, at, column, sheet.prepared)?;
    }
    for (line, row) in (1..).zip(&sheet.rows) {
        for (at, text) in (0..).zip(row) {
            // Always letters: a value that begins like a formula stays what it is.
            page.write_string_with_format(line, at, text, &kept())?;
        }
    }
    if !sheet.guide.is_empty() {
        let page = book.add_worksheet();
        page.set_name(&sheet.guide_name)?;
        page.set_column_width(0, 100)?;
        let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        for (line, text) in (0..).zip(&sheet.guide) {
            page.write_string_with_format(line, 0, text, &wrapped)?;
        }
    }
    Ok(book.save_to_buffer()?)
}

/// Letters, whatever they look like.
fn kept() -> Format {
    Format::new().set_num_format("@")
}

fn head(page: &mut Worksheet, at: u16, column: &Column, prepared: u32) -> Result<(), XlsxError> {
    let paper = if column.required {
        0x00FF_F2CC
    } else {
        0x00EE_EEEE
    };
    let format = Format::new()
        .set_bold()
        .set_background_color(Color::RGB(paper))
        .set_border(FormatBorder::Thin)
        .set_text_wrap();
    page.write_string_with_format(0, at, &column.heading, &format)?;
    page.set_column_width(at, f64::from(column.width))?;
    if column.holds == Holds::Text {
        page.set_column_format(at, &kept())?;
    }
    if !column.note.is_empty() {
        let note = Note::new(&column.note).add_author_prefix(false);
        page.insert_note(0, at, &note)?;
    }
    match rule(column) {
        Some(rule) if prepared > 0 => page
            .add_data_validation(1, at, prepared, at, &rule)
            .map(drop),
        _ => Ok(()),
    }
}

/// What the cells of a column refuse; none where anything may stand.
fn rule(column: &Column) -> Option<DataValidation> {
    let rule = match &column.holds {
        Holds::Text => return None,
        Holds::Number { min, max } => {
            DataValidation::new().allow_decimal_number(DataValidationRule::Between(*min, *max))
        }
        Holds::Choice(words) => {
            let letters: usize = words.iter().map(|word| word.chars().count() + 1).sum();
            if letters > LIST_CHARS_MAX {
                return None;
            }
            DataValidation::new().allow_list_strings(words).ok()?
        }
    };
    let message: String = column.note.chars().take(200).collect();
    Some(
        rule.set_error_style(DataValidationErrorStyle::Stop)
            .set_error_message(message)
            .unwrap_or_else(|_| DataValidation::new()),
    )
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::{Cell, Limits, read};

    fn sheet() -> Sheet {
        Sheet {
            name: "名册".to_owned(),
            columns: vec![
                Column {
                    heading: "姓名".to_owned(),
                    note: "与身份证一致".to_owned(),
                    holds: Holds::Text,
                    required: true,
                    width: 12,
                },
                Column {
                    heading: "用工形式".to_owned(),
                    note: String::new(),
                    holds: Holds::Choice(vec!["全日制".to_owned(), "非全日制".to_owned()]),
                    required: false,
                    width: 12,
                },
                Column {
                    heading: "月薪".to_owned(),
                    note: "元".to_owned(),
                    holds: Holds::Number {
                        min: 1.0,
                        max: 99.0,
                    },
                    required: true,
                    width: 12,
                },
            ],
            rows: vec![vec!["=1+1".to_owned(), String::new(), "5".to_owned()]],
            prepared: 100,
            guide_name: "填写说明".to_owned(),
            guide: vec!["第一行是表头，请不要改。".to_owned()],
        }
    }

    #[test]
    fn what_was_written_is_read_back_and_letters_stay_letters() {
        let content = write(&sheet()).unwrap();
        assert_eq!(content, write(&sheet()).unwrap());
        let limits = Limits {
            rows: 10,
            columns: 10,
            cell_chars: 50,
            plain_bytes: 1_000_000,
        };
        let mut rows = Vec::new();
        read(&content, &limits, &mut |row| {
            rows.push(row.cells);
            ControlFlow::Continue(())
        })
        .unwrap();
        let text = |text: &str| Cell::Text(text.to_owned());
        assert_eq!(rows[0], [text("姓名"), text("用工形式"), text("月薪")]);
        assert_eq!(rows[1], [text("=1+1"), Cell::Empty, text("5")]);
    }
}
