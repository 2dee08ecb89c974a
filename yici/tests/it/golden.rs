//! Golden files: compared exactly, written anew only when asked.

use std::path::Path;

/// Compares with `tests/golden/<name>`.
#[track_caller]
pub(crate) fn compare(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if std::env::var_os("YICI_UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, text).unwrap();
        return;
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    let (mut old, mut new) = (known.lines(), text.lines());
    let differs = (1..).find_map(|line| match (old.next(), new.next()) {
        (None, None) => Some(None),
        (was, is) if was != is => Some(Some((line, was, is))),
        _ => None,
    });
    if let Some(Some((line, was, is))) = differs {
        panic!(
            "{name} line {line} changed; look at it, then YICI_UPDATE_GOLDEN=1 writes it\n  was: {}\n   is: {}",
            was.unwrap_or("(end)"),
            is.unwrap_or("(end)"),
        );
    }
}
