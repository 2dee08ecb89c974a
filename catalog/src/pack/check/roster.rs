//! What an item says of the people whom it is about, and of rosters, fits its form.

use forms::Form;
use kernel::{
    item::{ApplicantKind, ItemFacts},
    limits::ROSTER_ROWS_MAX,
    roster::RosterFacts,
};

use crate::pack::{fault::Faults, source::Source};

/// Checks which fields name the people whom an item is about, and its roster.
pub(super) fn check(facts: &ItemFacts, form: &Form, source: &Source<'_>, faults: &mut Faults) {
    let about = facts.about.iter().map(|field| ("about", field));
    let one_open = facts.one_open_about.iter();
    for (path, field) in about.chain(one_open.map(|field| ("one_open_about", field))) {
        if form.keys().all(|key| key != field) {
            let message = format!("there is no field `{field}`");
            faults.add(source.file, source.line(path), message);
        }
    }
    if let Some(roster) = &facts.roster {
        let check = Check {
            roster,
            form,
            source,
        };
        if !facts.applicants.contains(&ApplicantKind::Enterprise) {
            check.fault(faults, "roster", "only enterprises upload rosters");
        }
        check.columns(faults);
        check.names(faults);
    }
}

struct Check<'a, 't> {
    roster: &'a RosterFacts,
    form: &'a Form,
    source: &'a Source<'t>,
}

impl Check<'_, '_> {
    fn fault(&self, faults: &mut Faults, path: &str, message: impl Into<String>) {
        faults.add(self.source.file, self.source.line(path), message);
    }

    fn is_column(&self, field: &str) -> bool {
        let mut columns = self.roster.columns.iter();
        columns.any(|column| column.field == field)
    }

    fn columns(&self, faults: &mut Faults) {
        let columns = &self.roster.columns;
        for (at, column) in columns.iter().enumerate() {
            let path = format!("roster/columns/{at}/field");
            let field = column.field.as_str();
            if !self.form.is_column(field) {
                let message = format!("`{field}` is no field that somebody fills in in one cell");
                self.fault(faults, &path, message);
            }
            if columns.iter().take(at).any(|other| other.field == field) {
                self.fault(faults, &path, format!("`{field}` is a column twice"));
            }
        }
        for field in self.form.always_required() {
            if !self.is_column(field) {
                let message = format!("`{field}` must be filled in and is no column");
                self.fault(faults, "roster/columns", message);
            }
        }
        if !(1..=ROSTER_ROWS_MAX).contains(&self.roster.rows) {
            let message = format!("a roster has 1 to {ROSTER_ROWS_MAX} rows");
            self.fault(faults, "roster/rows", message);
        }
    }

    fn names(&self, faults: &mut Faults) {
        let named = [("roster/shown".to_owned(), &self.roster.shown)];
        let unique = self.roster.unique.iter().enumerate();
        let unique = unique.map(|(at, field)| (format!("roster/unique/{at}"), field));
        let checks = self.roster.checks.iter().enumerate();
        let checks = checks.filter_map(|(at, check)| {
            Some((format!("roster/checks/{at}/field"), check.field.as_ref()?))
        });
        for (path, field) in named.into_iter().chain(unique).chain(checks) {
            if !self.is_column(field) {
                self.fault(faults, &path, format!("`{field}` is no column"));
            }
        }
    }
}
