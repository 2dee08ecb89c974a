//! TOML files with the lines of their values.

use kernel::item::Words;
use serde::de::DeserializeOwned;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::fault::Faults;

/// A TOML file that was parsed; it knows in which line a value stands.
pub(crate) struct Source<'t> {
    pub(crate) file: &'t str,
    text: &'t str,
    tree: Spanned<DeTable<'t>>,
}

impl<'t> Source<'t> {
    /// Parses the file; every fault of its form is told.
    pub(crate) fn parse(file: &'t str, text: &'t str, faults: &mut Faults) -> Option<Self> {
        let (tree, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let line = error.span().map(|span| line_at(text, span.start));
            faults.add(file, line, error.message());
        }
        errors.is_empty().then_some(Self { file, text, tree })
    }

    /// The file as `T`.
    pub(crate) fn read<T: DeserializeOwned>(&self, faults: &mut Faults) -> Option<T> {
        match toml::from_str(self.text) {
            Ok(value) => Some(value),
            Err(error) => {
                let line = error.span().map(|span| line_at(self.text, span.start));
                faults.add(self.file, line, error.message());
                None
            }
        }
    }

    /// The text at a key of the file's top.
    pub(crate) fn text_of(&self, key: &str) -> Option<String> {
        let value = self.tree.get_ref().get(key)?;
        value.get_ref().as_str().map(ToOwned::to_owned)
    }

    /// The line of the value at a path such as `materials/2/basis`; where the file has no such
    /// value, that of the last part which is there.
    pub(crate) fn line(&self, path: &str) -> usize {
        let mut line = 1;
        let mut here: Option<&Spanned<DeValue<'_>>> = None;
        for (depth, part) in path.split('/').enumerate() {
            let next = match here.map(Spanned::get_ref) {
                None if depth == 0 => self.tree.get_ref().get(part),
                Some(DeValue::Table(table)) => table.get(part),
                Some(DeValue::Array(items)) => {
                    part.parse::<usize>().ok().and_then(|at| items.get(at))
                }
                _ => None,
            };
            let Some(next) = next else { break };
            line = line_at(self.text, next.span().start);
            here = Some(next);
        }
        line
    }

    /// Every pair of words in the file is written in both languages.
    pub(crate) fn check_words(&self, faults: &mut Faults) {
        self.check_table(self.tree.get_ref(), 1, faults);
    }

    fn check_table(&self, table: &DeTable<'_>, line: usize, faults: &mut Faults) {
        let text = |key: &str| table.get(key).and_then(|value| value.get_ref().as_str());
        if table.contains_key("zh") || table.contains_key("en") {
            for language in ["zh", "en"] {
                if text(language).is_none_or(|words| words.trim().is_empty()) {
                    faults.add(self.file, line, format!("`{language}` is missing"));
                }
            }
        }
        for value in table.values() {
            self.check_value(value, faults);
        }
    }

    fn check_value(&self, value: &Spanned<DeValue<'_>>, faults: &mut Faults) {
        let line = line_at(self.text, value.span().start);
        match value.get_ref() {
            DeValue::Table(table) => self.check_table(table, line, faults),
            DeValue::Array(items) => {
                for item in items {
                    self.check_value(item, faults);
                }
            }
            _ => {}
        }
    }
}

/// The words of two columns.
pub(crate) fn words(zh: &str, en: &str) -> Words {
    Words {
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

fn line_at(text: &str, byte: usize) -> usize {
    let before = text.as_bytes().iter().take(byte);
    before.filter(|letter| **letter == b'\n').count() + 1
}
