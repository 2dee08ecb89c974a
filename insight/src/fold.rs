//! What a stretch of the log changes: pure, from the events and the open cases they are about.

use std::collections::BTreeMap;

use kernel::{Date, item::Words};
use uuid::Uuid;

use crate::{
    scope::days_before,
    store::{Counters, Grain, rows::open},
    tally::{Decision, Noted, What},
};

/// A row of counters: agency, grain, span, organisation, item, channel, hall.
pub(crate) type CountKey = (String, Grain, String, String, String, String, String);
/// Open cases by their last day: agency, item, day, organisation, channel, hall.
pub(crate) type DueKey = (String, String, String, String, String, String);
/// Cases closed late: agency, day of closing, last day, organisation, item, channel,
/// hall.
pub(crate) type OverrunKey = (String, String, String, String, String, String, String);
/// An item: agency, code.
pub(crate) type ItemKey = (String, String);
/// An open case: agency, case.
pub(crate) type CaseKey = (String, Uuid);

/// What changes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// What is added to counters.
    pub counts: BTreeMap<CountKey, Counters>,
    /// What is added to the open cases of a day.
    pub dues: BTreeMap<DueKey, i64>,
    /// What is added to the cases that were closed late.
    pub overruns: BTreeMap<OverrunKey, i64>,
    /// Cases as they are now; none where nothing more is to come.
    pub cases: BTreeMap<CaseKey, Option<open::Model>>,
    /// Names of items by agency and code, as the last event has them.
    pub names: BTreeMap<ItemKey, Words>,
}

impl Changes {
    /// Of these events, in their order, when these of their cases are open.
    pub(crate) fn of(noted: &[Noted], open: Vec<open::Model>) -> Self {
        let known = open
            .into_iter()
            .map(|case| ((case.bureau.clone(), case.case_id), Some(case)));
        let mut changes = Self::default();
        changes.take(noted, known.collect());
        // What went and came back again is no change.
        changes.dues.retain(|_, cases| *cases != 0);
        changes
    }

    /// Adds what these events change, in their order, when these cases are known.
    pub(crate) fn take(&mut self, noted: &[Noted], known: BTreeMap<CaseKey, Option<open::Model>>) {
        let mut fold = Fold {
            known,
            changes: self,
        };
        for event in noted {
            fold.take(event);
        }
    }
}

struct Fold<'a> {
    known: BTreeMap<CaseKey, Option<open::Model>>,
    changes: &'a mut Changes,
}

impl Fold<'_> {
    fn take(&mut self, noted: &Noted) {
        if let Some(name) = &noted.name {
            let key = (noted.bureau.clone(), noted.item.clone());
            self.changes.names.insert(key, name.clone());
        }
        let key = (noted.bureau.clone(), noted.case);
        let before = self.known.get(&key).cloned().flatten();
        // A program of the version before writes events without a hall.
        let hall = before.as_ref().map_or(&noted.hall, |case| &case.hall);
        self.count(noted, hall, counted(noted, before.as_ref()));
        if !noted.moves_case() {
            return;
        }
        let case = before.clone().unwrap_or_else(|| open::Model::new(noted));
        let after = moved(noted, case.clone());
        let is_open = |case: &&open::Model| !case.decided;
        let (was, is) = (
            before.as_ref().filter(is_open),
            after.as_ref().filter(is_open),
        );
        self.stock(was, -1);
        self.stock(is, 1);
        if matches!(noted.what, What::Closed | What::Decided(_)) {
            self.close(&case, noted.day);
        }
        self.known.insert(key.clone(), after.clone());
        self.changes.cases.insert(key, after);
    }

    fn count(&mut self, noted: &Noted, hall: &str, counters: Counters) {
        if counters == Counters::default() {
            return;
        }
        let (day, month) = (noted.day.to_string(), month_of(noted.day));
        let monday = monday_of(noted.day).to_string();
        let (item, domain) = (noted.item.as_str(), noted.domain.as_deref());
        let spans = [
            (Grain::Day, &day, Some("")),
            (Grain::DomainDay, &day, domain),
            (Grain::ItemDay, &day, Some(item)),
            (Grain::ItemWeek, &monday, Some(item)),
            (Grain::ItemMonth, &month, Some(item)),
        ];
        for (grain, span, item) in spans {
            let Some(item) = item else {
                continue;
            };
            let key = (
                noted.bureau.clone(),
                grain,
                span.clone(),
                noted.org.clone(),
                item.to_owned(),
                noted.channel.clone(),
                hall.to_owned(),
            );
            let sum = self.changes.counts.entry(key).or_default();
            *sum = sum.plus(counters);
        }
    }

    fn stock(&mut self, case: Option<&open::Model>, by: i64) {
        let Some(case) = case else {
            return;
        };
        for item in ["", case.item.as_str()] {
            let key = (
                case.bureau.clone(),
                item.to_owned(),
                case.pressing().unwrap_or_default().to_owned(),
                case.org.clone(),
                case.channel.clone(),
                case.hall.clone(),
            );
            *self.changes.dues.entry(key).or_default() += by;
        }
    }

    fn close(&mut self, case: &open::Model, on: Date) {
        let closed_on = on.to_string();
        let Some(due_on) = case.pressing().filter(|due| **due < *closed_on) else {
            return;
        };
        let key = (
            case.bureau.clone(),
            closed_on,
            due_on.to_owned(),
            case.org.clone(),
            case.item.clone(),
            case.channel.clone(),
            case.hall.clone(),
        );
        *self.changes.overruns.entry(key).or_default() += 1;
    }
}

/// The month of a day, such as `2026-03`.
pub(crate) fn month_of(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// The Monday of a day's week.
pub(crate) fn monday_of(day: Date) -> Date {
    days_before(day, day.weekday().to_monday_zero_offset().into())
}

/// What an event adds to the counters of its day.
fn counted(noted: &Noted, open: Option<&open::Model>) -> Counters {
    let mut counters = Counters::default();
    match &noted.what {
        // Once for each case, whatever is submitted again.
        What::Received { .. } => counters.received = i64::from(open.is_none()),
        What::Accepted { .. } => counters.accepted = 1,
        What::Closed => counters.closed = 1,
        What::Decided(decision) => {
            let last = open.and_then(|case| case.statutory_on.as_deref());
            decide(&mut counters, *decision);
            counters.limited = i64::from(last.is_some());
            counters.within_law =
                i64::from(last.is_some_and(|last| *noted.day.to_string() <= *last));
        }
        What::Delivered { .. } => {
            let case = open.cloned().unwrap_or_else(|| open::Model::new(noted));
            let visits = came(noted, case).visits;
            counters.delivered = 1;
            counters.one_visit = i64::from(visits <= 1);
        }
        What::Rated { stars } => {
            if !counters.rate(*stars) {
                tracing::error!(stars, "a rating outside 1 to 5 is not counted");
            }
        }
        What::Waiting | What::Resumed { .. } | What::Recounted { .. } => {}
    }
    counters
}

fn decide(counters: &mut Counters, decision: Decision) {
    counters.closed = 1;
    counters.granted = decision.granted;
    counters.denied = decision.denied;
    counters.on_time = decision.on_time;
    counters.instant = decision.instant;
    counters.corrected = decision.corrected;
    counters.working_days_sum = decision.working_days;
    counters.pace(decision.working_days);
}

/// The case with the visit that an event is, if it is one.
fn came(noted: &Noted, mut case: open::Model) -> open::Model {
    if let What::Received { at_window, .. }
    | What::Resumed { at_window, .. }
    | What::Delivered { at_window } = noted.what
        && at_window
    {
        case.come(noted.day.to_string());
    }
    case
}

/// The case after an event; none when nothing more is to come.
fn moved(noted: &Noted, case: open::Model) -> Option<open::Model> {
    let text = |day: &Date| day.to_string();
    let mut case = came(noted, case);
    match &noted.what {
        What::Accepted {
            due_on,
            statutory_on,
        } => {
            case.due_on = due_on.as_ref().map(text);
            case.statutory_on = statutory_on.as_ref().map(text);
            case.waiting = false;
        }
        What::Waiting => case.waiting = true,
        What::Received { due_on, .. } | What::Resumed { due_on, .. } => {
            case.waiting = false;
            case.due_on = due_on.as_ref().map(text).or(case.due_on);
        }
        What::Recounted {
            old,
            due_on,
            statutory,
        } => {
            let (old, new) = (old.as_ref().map(text), Some(text(due_on)));
            // Behind a promise the legal limits do not press.
            if old.is_none() || old == case.due_on {
                case.due_on.clone_from(&new);
            }
            if *statutory && case.statutory_on.is_some() {
                case.statutory_on = new;
            }
        }
        What::Decided(_) => case.decided = true,
        What::Closed | What::Delivered { .. } => return None,
        What::Rated { .. } => {}
    }
    Some(case)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(day: &str, what: What) -> Noted {
        Noted {
            bureau: "180100".to_owned(),
            case: Uuid::from_u128(7),
            day: day.parse().unwrap(),
            org: "180100/employment".to_owned(),
            item: "JY-009".to_owned(),
            domain: Some("就业".to_owned()),
            channel: "online".to_owned(),
            hall: String::new(),
            name: None,
            what,
        }
    }

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    const LATE: Decision = Decision {
        granted: 1,
        denied: 0,
        on_time: 0,
        instant: 0,
        corrected: 0,
        working_days: 6,
    };

    const fn received(at_window: bool) -> What {
        What::Received {
            due_on: None,
            at_window,
        }
    }

    fn accepted() -> What {
        What::Accepted {
            due_on: Some(date("2026-03-04")),
            statutory_on: Some(date("2026-03-09")),
        }
    }

    #[test]
    fn a_case_that_comes_and_goes_in_one_stretch_leaves_its_counters_and_nothing_open() {
        let events = [
            event("2026-02-27", received(false)),
            event("2026-03-02", accepted()),
            event("2026-03-09", What::Decided(LATE)),
        ];
        let changes = Changes::of(&events, Vec::new());
        assert_eq!(changes.dues, BTreeMap::new());
        let case = changes.cases.values().next().unwrap().as_ref();
        assert!(case.is_some_and(|case| case.decided));
        let overrun = changes.overruns.keys().next().unwrap();
        assert_eq!((&*overrun.1, &*overrun.2), ("2026-03-09", "2026-03-04"));
        let sum = |grain| {
            let of_grain = changes.counts.iter().filter(|(key, _)| key.1 == grain);
            of_grain.fold(Counters::default(), |sum, (_, counters)| {
                sum.plus(*counters)
            })
        };
        let day = sum(Grain::Day);
        assert_eq!((day.received, day.accepted, day.closed), (1, 1, 1));
        assert_eq!((day.limited, day.within_law, day.days_7), (1, 1, 1));
        let rows = |grain| changes.counts.keys().filter(|key| key.1 == grain).count();
        for (grain, spans) in [
            (Grain::DomainDay, 3),
            (Grain::ItemDay, 3),
            // The 27th of February is a Friday, the 2nd and 9th of March are Mondays.
            (Grain::ItemWeek, 3),
            (Grain::ItemMonth, 2),
        ] {
            assert_eq!((sum(grain), rows(grain)), (day, spans), "{grain:?}");
        }
    }

    #[test]
    fn what_is_submitted_again_is_received_once() {
        let again = || event("2026-03-02", received(false));
        let first = Changes::of(&[again()], Vec::new());
        let open: Vec<open::Model> = first.cases.into_values().flatten().collect();
        assert_eq!(
            Changes::of(&[again()], open.clone()).counts,
            BTreeMap::new()
        );
        assert_eq!(open[0].pressing(), None);
    }

    #[test]
    fn one_visit_is_one_day_at_a_window_until_the_result_is_there() {
        let one_visit = |came: bool, collects: Option<&str>| {
            let events = [
                event("2026-03-02", received(came)),
                event("2026-03-02", What::Decided(LATE)),
                event(
                    collects.unwrap_or("2026-03-02"),
                    What::Delivered {
                        at_window: collects.is_some(),
                    },
                ),
            ];
            let changes = Changes::of(&events, Vec::new());
            let counted = changes.counts.values().map(|sum| sum.one_visit);
            assert_eq!(changes.cases.values().next(), Some(&None));
            counted.max()
        };
        assert_eq!(one_visit(false, None), Some(1));
        assert_eq!(one_visit(true, Some("2026-03-02")), Some(1));
        assert_eq!(one_visit(false, Some("2026-03-05")), Some(1));
        assert_eq!(one_visit(true, Some("2026-03-05")), Some(0));
    }

    #[test]
    fn open_cases_move_from_day_to_day() {
        let [before, after] = [accepted(), What::Waiting].map(|what| event("2026-03-02", what));
        let first = Changes::of(&[before], Vec::new());
        let open: Vec<open::Model> = first.cases.into_values().flatten().collect();
        let dues = Changes::of(&[after], open).dues;
        let days: Vec<(&str, &str, i64)> = dues
            .iter()
            .map(|(key, by)| (&*key.1, &*key.2, *by))
            .collect();
        let moved = |item| [(item, "", 1), (item, "2026-03-04", -1)];
        assert_eq!(days, [moved(""), moved("JY-009")].concat());
    }

    #[test]
    fn the_day_of_the_law_moves_behind_the_promise() {
        let moved = What::Recounted {
            old: Some(date("2026-03-09")),
            due_on: "2026-03-06".parse().unwrap(),
            statutory: true,
        };
        let events = [
            event("2026-03-02", accepted()),
            event("2026-03-03", moved),
            event("2026-03-09", What::Decided(LATE)),
        ];
        let changes = Changes::of(&events, Vec::new());
        let limited = changes
            .counts
            .values()
            .map(|sum| (sum.limited, sum.within_law));
        assert_eq!(limited.max(), Some((1, 0)));
    }
}
