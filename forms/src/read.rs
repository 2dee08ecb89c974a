//! Reading a JSON document so that all its faults are told at once.

use serde_json::{Map, Value};

use crate::fault::Fault;

/// Collects the faults.
#[derive(Default)]
pub(crate) struct Faults(pub(crate) Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, pointer: &str, message: impl Into<String>) {
        self.0.push(Fault {
            pointer: pointer.to_owned(),
            message: message.into(),
        });
    }

    /// An object with known keys only.
    pub(crate) fn object<'v>(
        &mut self,
        value: Option<&'v Value>,
        pointer: &str,
        known: &[&str],
    ) -> Option<&'v Map<String, Value>> {
        let Some(object) = value.and_then(Value::as_object) else {
            self.add(pointer, "an object is needed");
            return None;
        };
        for key in object.keys().filter(|key| !known.contains(&key.as_str())) {
            let message = format!("unknown key; known are {}", known.join(", "));
            self.add(&join(pointer, key), message);
        }
        Some(object)
    }

    pub(crate) fn array<'v>(&mut self, value: Option<&'v Value>, pointer: &str) -> &'v [Value] {
        match value.and_then(Value::as_array) {
            Some(items) if !items.is_empty() => items,
            _ => {
                self.add(pointer, "a list that is not empty is needed");
                &[]
            }
        }
    }

    /// A text that is not blank.
    pub(crate) fn text<'v>(&mut self, value: Option<&'v Value>, pointer: &str) -> Option<&'v str> {
        let text = value
            .and_then(Value::as_str)
            .filter(|text| !text.trim().is_empty());
        if text.is_none() {
            self.add(pointer, "a text is needed");
        }
        text
    }

    /// A text that may be absent.
    pub(crate) fn optional_text<'v>(
        &mut self,
        value: Option<&'v Value>,
        pointer: &str,
    ) -> Option<&'v str> {
        value.and_then(|value| self.text(Some(value), pointer))
    }

    /// `true`, `false` or absent.
    pub(crate) fn flag(&mut self, value: Option<&Value>, pointer: &str) -> bool {
        match value {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.add(pointer, "true or false is needed");
                false
            }
        }
    }

    /// Words in both languages.
    pub(crate) fn words(&mut self, value: Option<&Value>, pointer: &str) -> (String, String) {
        let object = self.object(value, pointer, &["zh", "en"]);
        let mut word = |language: &str| {
            let text =
                object.and_then(|object| self.text(object.get(language), &join(pointer, language)));
            text.unwrap_or_default().to_owned()
        };
        (word("zh"), word("en"))
    }

    /// Words that may be absent.
    pub(crate) fn optional_words(&mut self, value: Option<&Value>, pointer: &str) {
        if value.is_some() {
            self.words(value, pointer);
        }
    }
}

/// The pointer of a part (RFC 6901).
pub(crate) fn join(pointer: &str, part: &str) -> String {
    let part = part.replace('~', "~0").replace('/', "~1");
    format!("{pointer}/{part}")
}

/// The pointer of an item.
pub(crate) fn join_index(pointer: &str, index: usize) -> String {
    format!("{pointer}/{index}")
}
