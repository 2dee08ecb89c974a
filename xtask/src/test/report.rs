//! The table of what ran.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Result;

use crate::{place, shell};

/// Lines of a failed step's output that are shown at once.
const TAIL: usize = 60;

/// How many tests a program ran.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

impl Counts {
    /// Reads the last line that says `N passed` or `N failed`, as nextest and vitest do.
    pub(crate) fn read(said: &str) -> Option<Self> {
        said.lines().rev().find_map(|line| {
            let (passed, failed) = (number_before(line, "passed"), number_before(line, "failed"));
            (passed.is_some() || failed.is_some()).then(|| Self {
                passed: passed.unwrap_or(0),
                failed: failed.unwrap_or(0),
            })
        })
    }
}

fn number_before(line: &str, word: &str) -> Option<usize> {
    let words: Vec<&str> = line
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let at = words.iter().position(|found| *found == word)?;
    words.get(at.checked_sub(1)?)?.parse().ok()
}

/// What became of a step.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed(Counts, String),
    Failed(Counts, String),
    /// With the reason.
    NotChecked(String),
}

impl Outcome {
    /// A step that is one check and passed.
    pub(crate) fn once() -> Self {
        Self::Passed(
            Counts {
                passed: 1,
                failed: 0,
            },
            String::new(),
        )
    }

    /// A step that counts its tests. A run that says nothing of any test has checked nothing.
    pub(crate) fn of(well: bool, counts: Option<Counts>, note: String) -> Self {
        match counts {
            Some(counts) if well && counts.failed == 0 && counts.passed > 0 => {
                Self::Passed(counts, note)
            }
            Some(counts) => Self::Failed(
                Counts {
                    failed: counts.failed.max(1),
                    ..counts
                },
                note,
            ),
            None => Self::Failed(
                Counts {
                    passed: 0,
                    failed: 1,
                },
                "ended before any test did".into(),
            ),
        }
    }
}

struct Line {
    name: String,
    outcome: Outcome,
    seconds: f64,
}

/// Collects the steps.
pub(crate) struct Report {
    lines: Vec<Line>,
}

impl Report {
    /// Starts with an empty folder of logs.
    pub(crate) fn start() -> Self {
        let _ = fs::remove_dir_all(place::logs());
        let _ = fs::create_dir_all(place::logs());
        Self { lines: Vec::new() }
    }

    /// Runs a step and shows at once how it went.
    pub(crate) fn step(&mut self, name: &str, work: impl FnOnce(&Path) -> Result<Outcome>) {
        println!("… {name}");
        let log = log_of(name);
        let start = shell::now();
        let outcome = work(&log).unwrap_or_else(|fault| {
            Outcome::Failed(
                Counts {
                    passed: 0,
                    failed: 1,
                },
                format!("{fault:#}"),
            )
        });
        let seconds = start.elapsed().as_secs_f64();
        if let Outcome::Failed(_, note) = &outcome {
            show_failure(name, note, &log);
        }
        self.lines.push(Line {
            name: name.to_owned(),
            outcome,
            seconds,
        });
    }

    /// Makes something that later steps need; a line in the table only when that fails.
    pub(crate) fn prepare<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        match work() {
            Ok(made) => Some(made),
            Err(fault) => {
                self.step(name, |_| Err(fault));
                None
            }
        }
    }

    /// Prints the table and says whether all is well.
    pub(crate) fn finish(self) -> ExitCode {
        print!("\n{}", self.table());
        if self.total().failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }

    fn total(&self) -> Counts {
        self.lines
            .iter()
            .fold(Counts::default(), |sum, line| match &line.outcome {
                Outcome::Passed(counts, _) | Outcome::Failed(counts, _) => Counts {
                    passed: sum.passed + counts.passed,
                    failed: sum.failed + counts.failed,
                },
                Outcome::NotChecked(_) => sum,
            })
    }

    fn table(&self) -> String {
        let width = self
            .lines
            .iter()
            .map(|line| line.name.len())
            .max()
            .unwrap_or(0);
        let mut out = String::new();
        for Line {
            name,
            outcome,
            seconds,
        } in &self.lines
        {
            let (result, counts, note) = match outcome {
                Outcome::Passed(counts, note) => {
                    ("passed", counts.passed.to_string(), note.as_str())
                }
                Outcome::Failed(Counts { passed, failed }, note) => (
                    "failed",
                    format!("{failed} of {}", passed + failed),
                    note.lines().next().unwrap_or(""),
                ),
                Outcome::NotChecked(why) => ("not checked", String::new(), why.as_str()),
            };
            let line = format!("{name:width$}  {result:11}  {seconds:7.1} s  {counts:>9}  {note}");
            out.push_str(line.trim_end());
            out.push('\n');
        }
        let Counts { passed, failed } = self.total();
        out + &format!(
            "\nfull output: {}\n{passed} passed, {failed} failed\n",
            place::logs().display()
        )
    }
}

fn log_of(name: &str) -> PathBuf {
    let file: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    place::logs().join(file.to_ascii_lowercase() + ".log")
}

fn show_failure(name: &str, note: &str, log: &Path) {
    eprintln!("✗ {name}: {note}");
    let said = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = said.lines().collect();
    for line in lines.iter().skip(lines.len().saturating_sub(TAIL)) {
        eprintln!("    {line}");
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, Line, Outcome, Report};

    #[test]
    fn counts_are_read_from_what_the_runners_say() {
        let nextest =
            "     Summary [   1.2s] 23 tests run: 21 passed (1 slow), 2 failed, 0 skipped";
        assert_eq!(
            Counts::read(nextest),
            Some(Counts {
                passed: 21,
                failed: 2
            })
        );
        let vitest =
            " Test Files  3 passed (3)\n      Tests  1 failed | 40 passed (41)\n   Duration  2.1s";
        assert_eq!(
            Counts::read(vitest),
            Some(Counts {
                passed: 40,
                failed: 1
            })
        );
        assert_eq!(Counts::read("nothing to see"), None);
    }

    #[test]
    fn a_run_without_tests_or_with_a_bad_end_is_never_green() {
        let green = Some(Counts {
            passed: 3,
            failed: 0,
        });
        assert!(matches!(
            Outcome::of(true, green, String::new()),
            Outcome::Passed(..)
        ));
        assert!(matches!(
            Outcome::of(false, green, String::new()),
            Outcome::Failed(Counts { failed: 1, .. }, _)
        ));
        assert!(matches!(
            Outcome::of(true, None, String::new()),
            Outcome::Failed(..)
        ));
        assert!(matches!(
            Outcome::of(true, Some(Counts::default()), String::new()),
            Outcome::Failed(..)
        ));
    }

    #[test]
    fn the_last_line_counts_what_ran_and_leaves_out_what_did_not() {
        let line = |name: &str, outcome| Line {
            name: name.into(),
            outcome,
            seconds: 1.0,
        };
        let report = Report {
            lines: vec![
                line("format", Outcome::once()),
                line(
                    "tests",
                    Outcome::Failed(
                        Counts {
                            passed: 7,
                            failed: 2,
                        },
                        "see\nmore".into(),
                    ),
                ),
                line("deny", Outcome::NotChecked("not installed".into())),
            ],
        };
        let table = report.table();
        assert!(table.ends_with("\n8 passed, 2 failed\n"), "{table}");
        assert!(table.contains("2 of 9  see\n"), "{table}");
        assert!(table.contains("not checked"), "{table}");
    }
}
