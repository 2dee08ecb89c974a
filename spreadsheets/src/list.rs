//! A spreadsheet (ECMA-376, `.xlsx`) that is written row by row: each row leaves memory before the
//! next one is read.
//!
//! A workbook is a ZIP file. Its parts are compressed as they come, and their sizes stand behind
//! them, so that nothing is ever gone back to.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    sync::{Arc, Mutex, PoisonError},
};

use zip::{
    CompressionMethod, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

/// A list is packed as it goes: speed counts.
const FASTEST: i64 = 1;
/// Bytes gathered before a piece is given away.
const PIECE_BYTES: usize = 32 * 1024;
/// The most columns: as many as one letter names.
const COLUMNS_MAX: usize = 26;

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
const ROOT: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const PARTS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
/// Two looks: of a cell, and of a heading.
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>"#;

/// A column: its heading, and how wide it is in letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListColumn {
    /// What stands above it.
    pub heading: &'static str,
    /// Its width.
    pub letters: u32,
}

/// What is written and not taken yet.
#[derive(Clone, Default)]
struct Ready(Arc<Mutex<Vec<u8>>>);

impl Ready {
    fn bytes(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl io::Write for Ready {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let mut ready = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ready.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A workbook of one sheet on its way out.
pub struct List {
    zip: ZipWriter<StreamWriter<Ready>>,
    ready: Ready,
    rows: u64,
}

impl List {
    /// Begins a workbook; `name` stands on the tab of its sheet.
    ///
    /// # Errors
    /// None in practice: it is written to memory.
    pub fn begin(name: &str, columns: &[ListColumn]) -> io::Result<Self> {
        let ready = Ready::default();
        let mut zip = ZipWriter::new_stream(ready.clone());
        let packed = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(FASTEST));
        let workbook = format!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="{}" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
            escaped(name)
        );
        for (path, content) in [
            ("[Content_Types].xml", TYPES),
            ("_rels/.rels", ROOT),
            ("xl/workbook.xml", workbook.as_str()),
            ("xl/_rels/workbook.xml.rels", PARTS),
            ("xl/styles.xml", STYLES),
        ] {
            zip.start_file(path, packed)?;
            zip.write_all(content.as_bytes())?;
        }
        zip.start_file("xl/worksheets/sheet1.xml", packed)?;
        zip.write_all(head(columns).as_bytes())?;
        let mut list = Self {
            zip,
            ready,
            rows: 0,
        };
        let headings: Vec<&str> = columns.iter().map(|column| column.heading).collect();
        list.write_row(&headings, 1)?;
        Ok(list)
    }

    /// Adds a row of texts.
    ///
    /// # Errors
    /// None in practice: it is written to memory.
    pub fn row<T: AsRef<str>>(&mut self, cells: &[T]) -> io::Result<()> {
        self.write_row(cells, 0)
    }

    fn write_row<T: AsRef<str>>(&mut self, cells: &[T], style: u32) -> io::Result<()> {
        self.rows += 1;
        let mut xml = format!(r#"<row r="{}">"#, self.rows);
        for (cell, letter) in cells.iter().zip('A'..='Z').take(COLUMNS_MAX) {
            let text = cell.as_ref();
            if text.is_empty() {
                continue;
            }
            let text = escaped(&inert(text));
            let row = self.rows;
            // Writing to a text cannot fail.
            let _ = write!(
                xml,
                r#"<c r="{letter}{row}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>"#
            );
        }
        xml.push_str("</row>");
        self.zip.write_all(xml.as_bytes())
    }

    /// What is ready to be sent, once it is worth a piece.
    pub fn piece(&mut self) -> Option<Vec<u8>> {
        (self.ready.bytes() >= PIECE_BYTES).then(|| self.ready.take())
    }

    /// Ends the workbook; what is left of it.
    ///
    /// # Errors
    /// None in practice: it is written to memory.
    pub fn finish(mut self) -> io::Result<Vec<u8>> {
        self.zip.write_all(b"</sheetData></worksheet>")?;
        self.zip.finish()?;
        Ok(self.ready.take())
    }
}

fn head(columns: &[ListColumn]) -> String {
    let mut xml = String::from(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>"#,
    );
    for (at, column) in (1..).zip(columns) {
        let width = column.letters;
        let _ = write!(
            xml,
            r#"<col min="{at}" max="{at}" width="{width}" customWidth="1"/>"#
        );
    }
    xml.push_str("</cols><sheetData>");
    xml
}

/// A text that no program takes for a formula, also after it was saved as another kind of file: one
/// that begins like one gets an apostrophe in front, as spreadsheets know it.
fn inert(text: &str) -> String {
    let begins = text.chars().next();
    if matches!(begins, Some('=' | '+' | '-' | '@' | '\t' | '\r')) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// A text as XML: without the letters that XML does not know.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use zip::ZipArchive;

    use super::*;

    const COLUMNS: [ListColumn; 2] = [
        ListColumn {
            heading: "办件编号",
            letters: 24,
        },
        ListColumn {
            heading: "申请人",
            letters: 16,
        },
    ];

    fn written(rows: &[[&str; 2]]) -> String {
        let mut list = List::begin("清单", &COLUMNS).unwrap();
        let mut file = Vec::new();
        for row in rows {
            list.row(row).unwrap();
            file.extend(list.piece().into_iter().flatten());
        }
        file.extend(list.finish().unwrap());
        let mut parts = ZipArchive::new(Cursor::new(file)).unwrap();
        assert_eq!(parts.len(), 6);
        let mut content = String::new();
        let mut sheet = parts.by_name("xl/worksheets/sheet1.xml").unwrap();
        sheet.read_to_string(&mut content).unwrap();
        content
    }

    #[test]
    fn a_workbook_holds_its_headings_and_rows() {
        let sheet = written(&[["180100SB084202603020001", "王*兰"], ["2", ""]]);
        assert!(
            sheet.contains(r#"<c r="B1" s="1" t="inlineStr"><is><t xml:space="preserve">申请人"#)
        );
        assert!(
            sheet.contains(r#"<c r="B2" s="0" t="inlineStr"><is><t xml:space="preserve">王*兰"#)
        );
        assert!(!sheet.contains(r#"r="B3""#), "an empty cell is none");
        assert!(sheet.ends_with("</row></sheetData></worksheet>"));
    }

    #[test]
    fn nothing_that_begins_like_a_formula_is_one_and_nothing_breaks_the_file() {
        let sheet = written(&[["=1+1", "@SUM(A1)"], ["-2", "a<b & \"c\"\u{0}\n"]]);
        for text in [
            ">'=1+1<",
            ">'@SUM(A1)<",
            ">'-2<",
            ">a&lt;b &amp; &quot;c&quot; <",
        ] {
            assert!(sheet.contains(text), "{text}: {sheet}");
        }
    }

    #[test]
    fn a_long_list_leaves_in_pieces() {
        let mut list = List::begin("清单", &COLUMNS).unwrap();
        let mut pieces = 0;
        let mut held = 0;
        for n in 0..60_000_u64 {
            let number = format!("{:x}", n.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            list.row(&[number.as_str(), "张*"]).unwrap();
            held = held.max(list.ready.bytes());
            pieces += u32::from(list.piece().is_some());
        }
        assert!(pieces > 10, "{pieces}");
        assert!(held < 4 * PIECE_BYTES, "{held}");
    }
}
