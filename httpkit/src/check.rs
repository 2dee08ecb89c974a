//! Collects field faults, so that the caller hears all of them at once.

use kernel::{AppError, Code, Date, Refusal, codes, error::FieldFault};

/// The faults found so far.
#[derive(Debug, Default)]
pub struct Faults(Vec<FieldFault>);

impl Faults {
    /// Notes a fault.
    pub fn add(&mut self, pointer: &str, code: &'static Code) {
        self.0.push(FieldFault {
            pointer: pointer.to_owned(),
            code,
            args: Vec::new(),
        });
    }

    /// A text that must be there and within so many characters; returns it trimmed.
    pub fn text(&mut self, pointer: &str, text: &str, max: usize) -> String {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            self.add(pointer, &codes::E1020);
        }
        self.optional(pointer, trimmed, max)
    }

    /// A text that may be empty, within so many characters; returns it trimmed.
    pub fn optional(&mut self, pointer: &str, text: &str, max: usize) -> String {
        let trimmed = text.trim();
        if trimmed.chars().count() > max {
            self.0.push(FieldFault {
                pointer: pointer.to_owned(),
                code: &codes::E1021,
                args: vec![("max", max.to_string())],
            });
        }
        if trimmed
            .chars()
            .any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t'))
        {
            self.add(pointer, &codes::E1023);
        }
        trimmed.to_owned()
    }

    /// A value parsed from a text; its fault is `code`.
    pub fn parse<T: std::str::FromStr>(
        &mut self,
        pointer: &str,
        text: &str,
        code: &'static Code,
    ) -> Option<T> {
        let value = text.trim().parse().ok();
        if value.is_none() {
            self.add(pointer, code);
        }
        value
    }

    /// Notes that a day lies outside its bounds.
    pub fn between(&mut self, pointer: &str, first: Date, last: Date) {
        self.0.push(FieldFault {
            pointer: pointer.to_owned(),
            code: &codes::E1030,
            args: vec![("min", first.to_string()), ("max", last.to_string())],
        });
    }

    /// Ends the collection.
    ///
    /// # Errors
    /// `E1002` listing every fault.
    pub fn done(self) -> Result<(), AppError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Refusal::fields(self.0).into())
        }
    }
}
