//! What is wrong with a pack, for its author.

use std::fmt;

/// One fault of a pack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file, relative to the pack's folder.
    pub file: String,
    /// Line of the file, from 1; none where the file as a whole is wrong.
    pub line: Option<usize>,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

/// The faults found so far: a check adds to them and goes on.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(
        &mut self,
        file: &str,
        line: impl Into<Option<usize>>,
        message: impl Into<String>,
    ) {
        self.0.push(Fault {
            file: file.to_owned(),
            line: line.into(),
            message: message.into(),
        });
    }

    /// All faults in the order of files and lines, each once.
    pub(crate) fn done(mut self) -> Vec<Fault> {
        self.0.sort();
        self.0.dedup();
        self.0
    }
}
