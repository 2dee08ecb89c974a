//! What a packed file holds, before anything of it is kept.

use std::{
    io::{BufReader, Cursor, Read},
    ops::ControlFlow,
};

use quick_xml::{Reader, events::Event};
use zip::ZipArchive;

use crate::read::SheetFault;

/// Parts of a workbook: a large one with pictures has some hundreds.
const PARTS_MAX: usize = 1_000;
/// Texts and styles are kept while the rows are read; of all that is unpacked they may be half.
const KEPT_SHARE: u64 = 2;

/// Bytes of the shortest text: `<si/>`.
const TEXT_BYTES: u64 = 5;
/// Looks of cells: each is kept with copies of what it names. Spreadsheets of people have some dozens.
const LOOKS_MAX: u32 = 16_384;
/// Letters of what a look names: a format or a font (ECMA-376 part 1, §18.8.30).
const NAME_CHARS_MAX: usize = 255;

/// Unpacks every part once without keeping it.
pub(crate) fn inspect(content: &[u8], plain_bytes: u64) -> Result<(), SheetFault> {
    let damaged = |_| SheetFault::Damaged;
    let mut archive = ZipArchive::new(Cursor::new(content)).map_err(damaged)?;
    if archive.len() > PARTS_MAX {
        return Err(SheetFault::Swells);
    }
    let mut left = plain_bytes;
    for at in 0..archive.len() {
        let mut part = archive
            .by_index(at)
            .map_err(|_| SheetFault::OldOrProtected)?;
        let name = part.name().map_err(damaged)?.to_ascii_lowercase();
        if name.contains("vbaproject") || name.contains("/macrosheets/") {
            return Err(SheetFault::Macros);
        }
        if name.contains("externallink") || name.ends_with("/connections.xml") {
            return Err(SheetFault::Links);
        }
        let is_styles = name.ends_with("styles.xml");
        let is_texts = name.ends_with("sharedstrings.xml");
        let kept = is_styles || is_texts || !name.contains("/worksheets/");
        let most = if kept { plain_bytes / KEPT_SHARE } else { left };
        let most = most.min(left);
        let mut piece = (&mut part).take(most + 1);
        let read =
            std::io::copy(&mut piece, &mut std::io::sink()).map_err(|_| SheetFault::Damaged)?;
        if read > most {
            return Err(SheetFault::Swells);
        }
        left -= read;
        drop(part);
        if is_texts || is_styles {
            let part = archive.by_index(at).map_err(damaged)?.take(read);
            if is_texts {
                texts(part, read)?;
            } else {
                styles(part)?;
            }
        }
    }
    Ok(())
}

/// The texts of a workbook say beforehand how many they are, and room is made for so many: no more than
/// could be there (ECMA-376 part 1, §18.4.9).
fn texts(part: impl Read, bytes: u64) -> Result<(), SheetFault> {
    let found = walk(part, |event| {
        match event {
            Event::Decl(declared) => {
                let encoding = declared.encoding().transpose();
                let encoding = encoding.map_err(|_| SheetFault::Damaged)?;
                if encoding.is_some_and(|name| !name.eq_ignore_ascii_case("utf-8")) {
                    return Err(SheetFault::Encoding);
                }
            }
            Event::Start(sst) | Event::Empty(sst) if sst.local_name().as_ref() == "sst" => {
                for attribute in sst.attributes().with_checks(false) {
                    let attribute = attribute.map_err(|_| SheetFault::Damaged)?;
                    if attribute.key.local_name().as_ref() != "uniqueCount" {
                        continue;
                    }
                    let count = attribute.value.parse::<u64>();
                    if count.map_or(true, |count| count > bytes / TEXT_BYTES) {
                        return Err(SheetFault::Damaged);
                    }
                }
                return Ok(ControlFlow::Break(()));
            }
            _ => {}
        }
        Ok(ControlFlow::Continue(()))
    });
    if found?.is_break() {
        Ok(())
    } else {
        Err(SheetFault::Damaged)
    }
}

/// Looks name formats and fonts by number, and each look is kept with what it names: neither may be long,
/// nor there be many.
fn styles(part: impl Read) -> Result<(), SheetFault> {
    let mut looks = 0;
    let to_the_end = walk(part, |event| {
        if let Event::Start(one) | Event::Empty(one) = event {
            looks += u32::from(one.local_name().as_ref() == "xf");
            if looks > LOOKS_MAX {
                return Err(SheetFault::Swells);
            }
            for attribute in one.attributes().with_checks(false) {
                let attribute = attribute.map_err(|_| SheetFault::Damaged)?;
                // Most letters have fewer bytes than four.
                if attribute.value.len() > 4 * NAME_CHARS_MAX {
                    return Err(SheetFault::Swells);
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    });
    to_the_end.map(drop)
}

/// Reads a part element by element, as the reader of workbooks does, until somebody has seen enough;
/// whether anybody had.
fn walk(
    part: impl Read,
    mut each: impl FnMut(&Event<'_>) -> Result<ControlFlow<()>, SheetFault>,
) -> Result<ControlFlow<()>, SheetFault> {
    let mut reader = Reader::from_reader(BufReader::new(part));
    reader.config_mut().check_end_names = false;
    let mut piece = Vec::new();
    loop {
        piece.clear();
        let event = reader.read_event_into(&mut piece);
        let event = event.map_err(|_| SheetFault::Damaged)?;
        if matches!(event, Event::Eof) {
            return Ok(ControlFlow::Continue(()));
        }
        if each(&event)?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
}
