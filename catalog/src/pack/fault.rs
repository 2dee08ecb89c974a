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

/// The faults found so far: a check adds to them and goes on. Gaps are what a general item may leave
/// open.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    faults: Vec<Fault>,
    gaps: Vec<Fault>,
}

impl Faults {
    pub(crate) fn add(
        &mut self,
        file: &str,
        line: impl Into<Option<usize>>,
        message: impl Into<String>,
    ) {
        self.faults.push(Fault {
            file: file.to_owned(),
            line: line.into(),
            message: message.into(),
        });
    }

    pub(crate) fn gap(&mut self, file: &str, line: usize, message: impl Into<String>) {
        self.gaps.push(Fault {
            file: file.to_owned(),
            line: Some(line),
            message: message.into(),
        });
    }

    /// All faults and all gaps in the order of files and lines, each once.
    pub(crate) fn done(self) -> (Vec<Fault>, Vec<Fault>) {
        let in_order = |mut found: Vec<Fault>| {
            found.sort();
            found.dedup();
            found
        };
        (in_order(self.faults), in_order(self.gaps))
    }
}
