//! The other parties of an item fit its facts and its form.

use calendar::{Calendar, deadline};
use kernel::{
    Date,
    item::{ApplicantKind, CaseKind, ItemFacts, OtherParty, Period},
};
use serde_json::Value;

use crate::pack::{fault::Faults, source::Source};

/// Widgets whose values are nobody else's business: telephone, account, number.
const NEVER_SHOWN: [&str; 3] = ["phone", "bank_account", "citizen_no"];
/// A day in a year whose holidays are published, to compare periods of different units.
const FROM: &str = "2026-03-02";

/// The other parties of one item.
pub(super) struct Others<'a, 't> {
    pub(super) facts: &'a ItemFacts,
    pub(super) source: &'a Source<'t>,
    pub(super) form: &'a Value,
    pub(super) registers: &'a [&'a str],
}

impl Others<'_, '_> {
    fn fault(&self, faults: &mut Faults, path: &str, message: impl Into<String>) {
        faults.add(self.source.file, self.source.line(path), message);
    }

    pub(super) fn check(&self, calendar: &Calendar, faults: &mut Faults) {
        if !self.facts.other_parties.is_empty() && self.facts.kind == CaseKind::Instant {
            let message = "an instant item leaves another party no time to answer";
            self.fault(faults, "other_parties", message);
        }
        for (at, party) in self.facts.other_parties.iter().enumerate() {
            let path = format!("other_parties/{at}");
            self.one(&path, party, faults);
            self.time(&path, party, calendar, faults);
            let earlier = self.facts.other_parties.iter().take(at);
            if earlier.clone().any(|one| one.applicant == party.applicant) {
                let message = "this kind of applicant has another party already";
                self.fault(faults, &format!("{path}/applicant"), message);
            }
        }
    }

    fn one(&self, path: &str, party: &OtherParty, faults: &mut Faults) {
        if !self.facts.applicants.contains(&party.applicant) {
            let message = "the item does not serve this kind of applicant";
            self.fault(faults, &format!("{path}/applicant"), message);
        }
        let widget = match party.kind {
            ApplicantKind::Person => "citizen_no",
            ApplicantKind::Enterprise => "credit_code",
        };
        for (at, field) in party.number_fields.iter().enumerate() {
            if self.widget(field) != Some(widget) {
                let path = format!("{path}/number_fields/{at}");
                let message = format!("the form has no field `{field}` of widget {widget}");
                self.fault(faults, &path, message);
            }
        }
        let names = match party.kind {
            ApplicantKind::Person => party.number_fields.len(),
            ApplicantKind::Enterprise => 0,
        };
        if party.number_fields.is_empty() || party.name_fields.len() != names {
            let message = "a number is needed, and for a person a name beside each";
            self.fault(faults, &format!("{path}/number_fields"), message);
        }
        for (at, field) in party.name_fields.iter().enumerate() {
            if self.widget(field).is_none() {
                let path = format!("{path}/name_fields/{at}");
                self.fault(faults, &path, format!("the form has no field `{field}`"));
            }
        }
        for (at, key) in party.shows.iter().enumerate() {
            let path = format!("{path}/shows/{at}");
            match self.widget(key) {
                None => self.fault(faults, &path, format!("the form has no field `{key}`")),
                Some(widget) if NEVER_SHOWN.contains(&widget) => {
                    self.fault(faults, &path, format!("`{key}` is nobody else's business"));
                }
                Some(_) => {}
            }
        }
        for (at, name) in party.registers.iter().enumerate() {
            if !self.registers.contains(&name.as_str()) {
                let path = format!("{path}/registers/{at}");
                self.fault(faults, &path, format!("there is no register `{name}`"));
            }
        }
    }

    fn widget(&self, key: &str) -> Option<&str> {
        let pointer = format!("/fields/{key}/widget");
        self.form.pointer(&pointer)?.as_str()
    }

    /// It is heard before the promise is due.
    fn time(&self, path: &str, party: &OtherParty, calendar: &Calendar, faults: &mut Faults) {
        let Ok(from) = FROM.parse::<Date>() else {
            return;
        };
        let ends = |period: Period| deadline(from, period, calendar).on;
        let result = self.facts.limits.promised.or(self.facts.limits.statutory);
        if party.answer.n == 0 || result.is_some_and(|result| ends(party.answer) >= ends(result)) {
            let message = "the time to answer ends before the result is due";
            self.fault(faults, &format!("{path}/answer"), message);
        }
    }
}
