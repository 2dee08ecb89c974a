//! What the files of a pack say of each other.

mod agency;
mod calculator;
mod derived;
mod example;
mod facts;
mod flow;
mod item;
mod other_party;
mod parts;
mod people;
mod roster;

use super::{Pack, fault::Faults, read::Files};

/// Checks a pack that was read.
pub(super) fn whole(files: &Files, pack: &Pack, faults: &mut Faults) {
    agency::check(files, pack, faults);
    people::check(files, pack, faults);
    let calendar = calendar::Calendar::read(1, &pack.holidays).unwrap_or_default();
    for one in &pack.calculators {
        calculator::check(files, one, faults);
    }
    let mut known = item::Known::default();
    for item in &pack.items {
        item::check(files, pack, item, (&calendar, &mut known), faults);
    }
}

/// The line of a table whose first cell is `key`.
fn row(files: &Files, file: &str, key: &str) -> Option<usize> {
    let rows = (1..).zip(files.get(file)?.lines());
    let mut found = rows.filter(|(_, row)| row.split('\t').next() == Some(key));
    found.next().map(|(line, _)| line)
}

/// The line of a table whose first cell is `key` for the second time, if there is one.
fn second_row(files: &Files, file: &str, key: &str) -> Option<usize> {
    let rows = (1..).zip(files.get(file)?.lines());
    let mut found = rows.filter(|(_, row)| row.split('\t').next() == Some(key));
    found.nth(1).map(|(line, _)| line)
}
