//! The first sheet of an `.xlsx` file.

use std::io::Cursor;

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx};

use crate::{
    Cell, guard,
    read::{Bounded, Growing, Limits, SheetFault, address},
};

/// Rows of a sheet (ECMA-376 as spreadsheets keep it).
const ROWS_MAX: u32 = 1_048_576;

/// Reads the rows of the first sheet that is shown.
pub(crate) fn read(content: &[u8], limits: &Limits, each: Bounded<'_>) -> Result<(), SheetFault> {
    guard::inspect(content, limits.plain_bytes)?;
    let damaged = |_| SheetFault::Damaged;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(content)).map_err(damaged)?;
    let first = book
        .sheets_metadata()
        .iter()
        .find(|one| one.visible == SheetVisible::Visible && one.typ == SheetType::WorkSheet)
        .map(|one| one.name.clone())
        .ok_or(SheetFault::NotASheet)?;
    let mut cells = book.worksheet_cells_reader(&first).map_err(damaged)?;
    let mut row = Growing::default();
    while let Some(found) = cells.next_cell_with_formula_metadata().map_err(damaged)? {
        let (at, column) = found.pos;
        let number = at.saturating_add(1);
        if found.formula.is_some() {
            return Err(SheetFault::Formula(address(number, column)));
        }
        if number < row.number() || number > ROWS_MAX {
            return Err(SheetFault::Damaged);
        }
        if number != row.number()
            && let Some(whole) = row.take()
            && each(whole)?.is_break()
        {
            return Ok(());
        }
        if let DataRef::SharedString(text) = &found.value {
            limits.hold(text, (number, column))?;
        }
        row.put((number, column), cell_of(&found.value), limits)?;
    }
    if let Some(whole) = row.take() {
        let _ = each(whole)?;
    }
    Ok(())
}

fn cell_of(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        #[expect(
            clippy::cast_precision_loss,
            reason = "a spreadsheet holds no whole numbers that a float does not"
        )]
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) | DataRef::DurationIso(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Bool(flag) => Cell::Flag(*flag),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            Cell::Day(format!("{year:04}-{month:02}-{day:02}"))
        }
        DataRef::DateTime(moment) => Cell::Number(moment.as_f64()),
        DataRef::DateTimeIso(text) => Cell::Day(text.chars().take(10).collect()),
        DataRef::Error(_) => Cell::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Cursor, Read as _, Write as _},
        ops::ControlFlow,
    };

    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

    use crate::{Cell, Limits, Row, SheetFault, read};

    const LIMITS: Limits = Limits {
        rows: 100,
        columns: 10,
        cell_chars: 50,
        plain_bytes: 1_000_000,
    };

    fn rows(content: &[u8]) -> Result<Vec<Row>, SheetFault> {
        let mut rows = Vec::new();
        read(content, &LIMITS, &mut |row| {
            rows.push(row);
            ControlFlow::Continue(())
        })?;
        Ok(rows)
    }

    fn book(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
        let mut book = Workbook::new();
        fill(book.add_worksheet());
        book.save_to_buffer().unwrap()
    }

    /// The same file with one more part.
    fn with_part(content: &[u8], name: &str, plain: &[u8]) -> Vec<u8> {
        let mut writer = ZipWriter::new_append(Cursor::new(content.to_vec())).unwrap();
        writer
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(plain).unwrap();
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn cells_keep_their_kind_and_empty_rows_are_left_out() {
        let content = book(|sheet| {
            sheet.write_string(0, 0, "姓名").unwrap();
            sheet.write_string(2, 1, "王一").unwrap();
            sheet.write_number(2, 2, 6500.5).unwrap();
            sheet.write_boolean(2, 3, true).unwrap();
            let day = ExcelDateTime::parse_from_str("2026-03-01").unwrap();
            let format = Format::new().set_num_format("yyyy-mm-dd");
            sheet
                .write_datetime_with_format(2, 4, &day, &format)
                .unwrap();
        });
        let rows = rows(&content).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[1].number, 3);
        let wanted = [
            Cell::Empty,
            Cell::Text("王一".to_owned()),
            Cell::Number(6500.5),
            Cell::Flag(true),
            Cell::Day("2026-03-01".to_owned()),
        ];
        assert_eq!(rows[1].cells, wanted);
    }

    #[test]
    fn formulas_macros_and_links_are_refused() {
        let formula = book(|sheet| {
            sheet.write_string(0, 0, "a").unwrap();
            sheet.write_formula(4, 2, "=1+1").unwrap();
        });
        assert_eq!(
            rows(&formula).unwrap_err(),
            SheetFault::Formula("C5".to_owned())
        );
        let plain = book(|sheet| {
            sheet.write_string(0, 0, "a").unwrap();
        });
        let macros = with_part(&plain, "xl/vbaProject.bin", b"x");
        assert_eq!(rows(&macros).unwrap_err(), SheetFault::Macros);
        let links = with_part(&plain, "xl/externalLinks/externalLink1.xml", b"<a/>");
        assert_eq!(rows(&links).unwrap_err(), SheetFault::Links);
        assert_eq!(rows(&plain).unwrap().len(), 1);
    }

    #[test]
    fn what_swells_is_refused_before_it_is_kept() {
        let plain = book(|sheet| {
            sheet.write_string(0, 0, "a").unwrap();
        });
        let swelling = with_part(&plain, "xl/worksheets/more.xml", &vec![b' '; 2_000_000]);
        assert!(swelling.len() < 20_000);
        assert_eq!(rows(&swelling).unwrap_err(), SheetFault::Swells);
        let strings = with_part(&plain, "xl/strings.xml", &vec![b' '; 600_000]);
        assert_eq!(rows(&strings).unwrap_err(), SheetFault::Swells);
    }

    /// A workbook of which one part is other than its program wrote it.
    fn with_changed(content: &[u8], name: &str, change: impl Fn(String) -> Vec<u8>) -> Vec<u8> {
        let mut parts = ZipArchive::new(Cursor::new(content)).unwrap();
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for at in 0..parts.len() {
            let mut part = parts.by_index(at).unwrap();
            let called = part.name().unwrap().into_owned();
            let mut plain = String::new();
            part.read_to_string(&mut plain).unwrap();
            let options = SimpleFileOptions::default();
            writer.start_file(called.clone(), options).unwrap();
            let plain = if called == name {
                change(plain)
            } else {
                plain.into_bytes()
            };
            writer.write_all(&plain).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn texts_that_claim_to_be_more_than_there_is_room_for_are_refused() {
        let plain = book(|sheet| {
            sheet.write_string(0, 0, "a").unwrap();
        });
        let texts = |from: &'static str, to: &'static str| {
            let change = move |plain: String| {
                assert!(plain.contains(from), "{plain}");
                plain.replace(from, to).into_bytes()
            };
            rows(&with_changed(&plain, "xl/sharedStrings.xml", change))
        };
        let count = "uniqueCount=\"1\"";
        assert_eq!(texts(count, "uniqueCount=\"9\"").unwrap().len(), 1);
        for claim in [
            "uniqueCount=\"99999999999\"",
            "uniqueCount=\"many\"",
            "uniqueCount=\"1\" uniqueCount=\"99999999999\"",
        ] {
            assert_eq!(
                texts(count, claim).unwrap_err(),
                SheetFault::Damaged,
                "{claim}"
            );
        }
        let encoding = texts("UTF-8", "UTF-16");
        assert_eq!(encoding.unwrap_err(), SheetFault::Encoding);
    }

    #[test]
    fn looks_that_would_be_copied_without_end_are_refused() {
        let plain = book(|sheet| {
            sheet.write_string(0, 0, "a").unwrap();
        });
        let looks = |more: String| {
            let change = move |plain: String| {
                assert!(plain.contains("</cellXfs>"), "{plain}");
                plain
                    .replace("</cellXfs>", &format!("{more}</cellXfs>"))
                    .into_bytes()
            };
            rows(&with_changed(&plain, "xl/styles.xml", change))
        };
        let one = "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>";
        assert_eq!(looks(one.repeat(100)).unwrap().len(), 1);
        assert_eq!(
            looks("<xf/>".repeat(16_384)).unwrap_err(),
            SheetFault::Swells
        );
        let long = format!("<xf name=\"{}\"/>", "x".repeat(2_000));
        assert_eq!(looks(long).unwrap_err(), SheetFault::Swells);
    }

    #[test]
    fn rows_rise_and_blank_texts_are_no_longer_than_others() {
        let plain = book(|sheet| {
            for row in 0..3 {
                sheet.write_string(row, 0, "a\u{1}b").unwrap();
            }
        });
        assert_eq!(
            rows(&plain).unwrap()[0].cells[0],
            Cell::Text("ab".to_owned())
        );
        let falling = with_changed(&plain, "xl/worksheets/sheet1.xml", |plain| {
            plain
                .replace("\"A3\"", "\"A1\"")
                .replace("r=\"3\"", "r=\"1\"")
                .into_bytes()
        });
        assert_eq!(rows(&falling).unwrap_err(), SheetFault::Damaged);
        let blank = book(|sheet| {
            sheet.write_string(1, 1, " ".repeat(51)).unwrap();
        });
        let long = SheetFault::TooLong {
            cell: "B2".to_owned(),
            max: 50,
        };
        assert_eq!(rows(&blank).unwrap_err(), long);
    }

    #[test]
    fn a_cut_file_is_damaged_and_not_read() {
        let content = book(|sheet| {
            sheet.write_string(0, 0, "a").unwrap();
        });
        let half = content.get(..content.len() / 2).unwrap();
        assert_eq!(rows(half).unwrap_err(), SheetFault::Damaged);
    }
}
