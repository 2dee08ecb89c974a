//! How much of the machine others took while we measured.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use anyhow::{Context as _, Result};

/// Reads the processor time of everybody, and of our processes.
pub(crate) struct Meter {
    roots: BTreeSet<u32>,
}

/// Processor time so far, in ticks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Reading {
    /// Of all processors, idle or not.
    all: f64,
    busy: f64,
    ours: f64,
}

impl Reading {
    /// The share of the machine that others used, between 0 and 1.
    pub(crate) fn foreign_share_since(&self, before: &Self) -> f64 {
        let busy = (self.busy - before.busy) - (self.ours - before.ours);
        (busy / (self.all - before.all).max(1.0)).clamp(0.0, 1.0)
    }
}

impl Meter {
    /// Ours are this process, another one if given, and all that they start.
    pub(crate) fn of_us_and(other: Option<u32>) -> Self {
        Self {
            roots: other.into_iter().chain([std::process::id()]).collect(),
        }
    }

    pub(crate) fn read(&self) -> Result<Reading> {
        let stat = fs::read_to_string("/proc/stat")?;
        let (all, busy) = machine(&stat).context("/proc/stat")?;
        let entries = fs::read_dir("/proc")?.flatten();
        let processes: BTreeMap<u32, Process> = entries
            .filter_map(|entry| {
                let id: u32 = entry.file_name().to_str()?.parse().ok()?;
                Some((
                    id,
                    process(&fs::read_to_string(entry.path().join("stat")).ok()?)?,
                ))
            })
            .collect();
        Ok(Reading {
            all,
            busy,
            ours: self.ours(&processes),
        })
    }

    /// Time of a process that has ended is in what its parent says of its children, so the sum over
    /// those alive loses nothing.
    fn ours(&self, processes: &BTreeMap<u32, Process>) -> f64 {
        let is_ours = |mut id: u32| {
            // As deep as a chain of parents may be; a cycle cannot be.
            for _ in 0..64 {
                if self.roots.contains(&id) {
                    return true;
                }
                match processes.get(&id) {
                    Some(process) => id = process.parent,
                    None => return false,
                }
            }
            false
        };
        processes
            .iter()
            .filter(|(id, _)| is_ours(**id))
            .map(|(_, process)| process.ticks)
            .sum()
    }
}

struct Process {
    parent: u32,
    /// User and system time of itself and of its children that have ended.
    ticks: f64,
}

/// All time and busy time of the first line, `cpu user nice system idle iowait irq softirq steal`.
fn machine(stat: &str) -> Option<(f64, f64)> {
    let line = stat.lines().next()?.strip_prefix("cpu ")?;
    let fields: Vec<f64> = line
        .split_whitespace()
        .take(8)
        .filter_map(|field| field.parse().ok())
        .collect();
    let all: f64 = fields.iter().sum();
    Some((all, all - fields.get(3)? - fields.get(4)?))
}

/// Fields 4 and 14 to 17 of `/proc/<id>/stat`; the name before them may hold anything.
fn process(stat: &str) -> Option<Process> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = fields
        .get(11..15)?
        .iter()
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    Some(Process {
        parent: fields.get(1)?.parse().ok()?,
        ticks,
    })
}

#[cfg(test)]
mod tests {
    use super::{Meter, Process, Reading, machine, process};

    #[test]
    fn what_the_system_says_is_read() {
        assert_eq!(
            machine("cpu  10 1 5 80 3 0 1 2 0 0\ncpu0 1"),
            Some((102.0, 19.0))
        );
        let found = process("42 (a b) c) S 7 42 42 0 -1 4 0 0 0 0 100 20 3 4 20 0 1 0 5").unwrap();
        assert_eq!(found.parent, 7);
        assert!((found.ticks - 127.0).abs() < 0.1);
    }

    #[test]
    fn children_of_ours_are_ours() {
        let process = |parent, ticks| Process { parent, ticks };
        let all = [
            (1, process(0, 1.0)),
            (50, process(1, 10.0)),
            (51, process(50, 100.0)),
            (60, process(1, 1000.0)),
        ];
        let meter = Meter { roots: [50].into() };
        assert!((meter.ours(&all.into()) - 110.0).abs() < 0.1);
    }

    #[test]
    fn what_is_busy_and_not_ours_is_foreign() {
        let before = Reading {
            all: 0.0,
            busy: 0.0,
            ours: 0.0,
        };
        let after = Reading {
            all: 200.0,
            busy: 150.0,
            ours: 100.0,
        };
        assert!((after.foreign_share_since(&before) - 0.25).abs() < 1e-9);
    }
}
