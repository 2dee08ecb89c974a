//! What the list of cases is narrowed to, as its address says it.

use std::collections::BTreeSet;

use kernel::{
    AppError, Date, DivisionCode, OrgPath, Refusal, Timestamp, caller::Staff, codes, ids::Id as _,
    limits,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    state::State,
    store::{
        NO_LIMIT,
        lists::cases::{CaseFilter, Days, Listed, Marks},
    },
};

/// What the list of cases is narrowed to. Nothing of a person stands in it: proxies keep addresses,
/// and views of it are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct CaseQuery {
    /// States, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Only this item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Only these organisations and those below them, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org: Option<String>,
    /// `person` or `enterprise`.
    #[param(inline)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applicant: Option<CaseApplicant>,
    /// `online` or `window`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Only cases for which somebody came to this hall: the organisation of its clerks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hall: Option<String>,
    /// How the limit stands that presses; closed cases have none.
    #[param(inline)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockColour>,
    /// Received on or after this day.
    #[param(value_type = Option<String>, format = Date)]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_from: Option<Date>,
    /// Received on or before this day.
    #[param(value_type = Option<String>, format = Date)]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_to: Option<Date>,
    /// Accepted on or after this day.
    #[param(value_type = Option<String>, format = Date)]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_from: Option<Date>,
    /// Accepted on or before this day.
    #[param(value_type = Option<String>, format = Date)]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_to: Option<Date>,
    /// Decided on or after this day.
    #[param(value_type = Option<String>, format = Date)]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_from: Option<Date>,
    /// Decided on or before this day.
    #[param(value_type = Option<String>, format = Date)]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_to: Option<Date>,
    /// Closed on or after this day.
    #[param(value_type = Option<String>, format = Date)]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_from: Option<Date>,
    /// Closed on or before this day.
    #[param(value_type = Option<String>, format = Date)]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_to: Option<Date>,
    /// Delivered on or after this day.
    #[param(value_type = Option<String>, format = Date)]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_from: Option<Date>,
    /// Delivered on or before this day.
    #[param(value_type = Option<String>, format = Date)]
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_to: Option<Date>,
    /// Decided in time, or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_time: Option<bool>,
    /// Decided within the limit of the law, or beyond it; cases without one are neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within_law: Option<bool>,
    /// Delivered with at most one visit, or with more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_visit: Option<bool>,
    /// Of an instant item, or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instant: Option<bool>,
    /// Decided after corrections had been asked for, or without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected: Option<bool>,
    /// Only cases that the caller has handled, the last handled first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handled: Option<bool>,
    /// `newest` (received last), or `due`: open cases, most urgent first.
    #[param(inline)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<CaseOrder>,
}

/// Who applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseApplicant {
    Person,
    Enterprise,
}

/// How the limit of an open case stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockColour {
    /// Its last day has passed.
    Overdue,
    /// Its last day is today.
    Today,
    /// Its last day is today or tomorrow.
    Soon,
    /// There is more time.
    Later,
    /// None presses: it waits for the applicant, or has no limit.
    None,
}

/// Orders of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseOrder {
    Newest,
    Due,
}

impl ClockColour {
    pub(crate) fn of(due: &str, today: Date) -> Self {
        let tomorrow = today.tomorrow().unwrap_or(today).to_string();
        match due {
            NO_LIMIT => Self::None,
            due if *due < *today.to_string() => Self::Overdue,
            due if *due == *today.to_string() => Self::Today,
            due if *due == *tomorrow => Self::Soon,
            _ => Self::Later,
        }
    }

    /// The days on which it stands so, seen from a day.
    fn days(self, today: Date) -> Days {
        let tomorrow = today.tomorrow().unwrap_or(today);
        let day_after = tomorrow.tomorrow().unwrap_or(tomorrow).to_string();
        let yesterday = today.yesterday().unwrap_or(today).to_string();
        let (today, tomorrow) = (today.to_string(), tomorrow.to_string());
        let (from, to) = match self {
            Self::Overdue => (None, Some(yesterday)),
            Self::Today => (Some(today.clone()), Some(today)),
            Self::Soon => (Some(today), Some(tomorrow)),
            // The last day before the one that stands for no limit.
            Self::Later => (Some(day_after), Some("9999-12-30".to_owned())),
            Self::None => (Some(NO_LIMIT.to_owned()), None),
        };
        Days { from, to }
    }
}

impl CaseQuery {
    /// The list that a staff member means, in the organisations of which he may see the cases.
    ///
    /// # Errors
    /// `E1014` for a value that no filter has.
    pub(crate) fn listed(
        &self,
        staff: &Staff,
        scope: Option<Vec<OrgPath>>,
        today: Date,
    ) -> Result<Listed, AppError> {
        Ok(Listed {
            bureau: staff.bureau,
            orgs: narrowed(staff.bureau, scope, self.orgs()?),
            filter: CaseFilter {
                states: self.states()?,
                item: short("item", self.item.as_ref())?,
                enterprise: self.applicant.map(|kind| kind == CaseApplicant::Enterprise),
                channel: short("channel", self.channel.as_ref())?,
                hall: self.hall()?,
                received_from_us: self
                    .received_from
                    .map(|day| Timestamp::start_of(day).as_micros()),
                received_before_us: self.received_before_us(),
                accepted: days("accepted_from", self.accepted_from, self.accepted_to)?,
                decided: days("decided_from", self.decided_from, self.decided_to)?,
                closed: days("closed_from", self.closed_from, self.closed_to)?,
                delivered: days("delivered_from", self.delivered_from, self.delivered_to)?,
                marks: Marks {
                    on_time: self.on_time,
                    within_law: self.within_law,
                    one_visit: self.one_visit,
                    instant: self.instant,
                    corrected: self.corrected,
                },
                due: self.clock.map(|clock| clock.days(today)),
                urgent_first: self.order == Some(CaseOrder::Due),
                hand: self.handled.unwrap_or(false).then(|| staff.staff.uuid()),
            },
        })
    }

    fn orgs(&self) -> Result<Vec<OrgPath>, AppError> {
        let text = self.org.as_deref().unwrap_or_default();
        OrgPath::several(text).map_err(|_| wrong("org"))
    }

    fn hall(&self) -> Result<Option<OrgPath>, AppError> {
        let given = self.hall.as_deref().map(str::trim);
        let given = given.filter(|text| !text.is_empty()).map(str::parse);
        given.transpose().map_err(|_| wrong("hall"))
    }

    fn states(&self) -> Result<Vec<String>, AppError> {
        let given = self.state.as_deref().unwrap_or_default().split(',');
        let mut states = BTreeSet::new();
        for word in given.map(str::trim).filter(|word| !word.is_empty()) {
            let state = State::from_text(word).filter(|state| *state != State::Draft);
            states.insert(state.ok_or_else(|| wrong("state"))?.as_str().to_owned());
        }
        Ok(states.into_iter().collect())
    }

    /// Nothing happens to a case before it is received: the earliest of the last days that are asked
    /// for says where looking begins.
    fn received_before_us(&self) -> Option<i64> {
        let last = [
            self.received_to,
            self.accepted_to,
            self.decided_to,
            self.closed_to,
            self.delivered_to,
        ];
        let last = last.into_iter().flatten().min();
        last.map(|day| Timestamp::end_of(day).as_micros())
    }
}

fn wrong(name: &str) -> AppError {
    Refusal::new(&codes::E1014).with("name", name).into()
}

fn short(name: &str, text: Option<&String>) -> Result<Option<String>, AppError> {
    let Some(text) = text.map(|text| text.trim()).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if text.len() > limits::LINE_CHARS_MAX || text.contains(char::is_control) {
        return Err(wrong(name));
    }
    Ok(Some(text.to_owned()))
}

fn days(name: &str, from: Option<Date>, to: Option<Date>) -> Result<Days, AppError> {
    if matches!((from, to), (Some(from), Some(to)) if from > to) {
        return Err(wrong(name));
    }
    Ok(Days {
        from: from.map(|day| day.to_string()),
        to: to.map(|day| day.to_string()),
    })
}

/// The organisations that are both in sight and wanted; none means the whole agency.
fn narrowed(
    bureau: DivisionCode,
    scope: Option<Vec<OrgPath>>,
    wanted: Vec<OrgPath>,
) -> Option<Vec<OrgPath>> {
    let whole = bureau.to_string();
    let is_part = |orgs: &Vec<OrgPath>| !orgs.iter().any(|org| org.as_str() == whole);
    let scope = scope.filter(is_part);
    let wanted = Some(wanted).filter(|orgs| !orgs.is_empty() && is_part(orgs));
    match (scope, wanted) {
        (None, None) => None,
        (Some(orgs), None) | (None, Some(orgs)) => Some(outermost(orgs)),
        (Some(scope), Some(wanted)) => Some(outermost(OrgPath::common(&scope, &wanted))),
    }
}

/// Without those that lie in another one of them.
fn outermost(mut orgs: Vec<OrgPath>) -> Vec<OrgPath> {
    orgs.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
    let mut kept: Vec<OrgPath> = Vec::new();
    for org in orgs {
        if !kept.iter().any(|outer| outer.contains(&org)) {
            kept.push(org);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn orgs(paths: &[&str]) -> Vec<OrgPath> {
        paths.iter().map(|path| path.parse().unwrap()).collect()
    }

    #[test]
    fn a_list_shows_what_is_both_in_sight_and_wanted() {
        let bureau: DivisionCode = "180100".parse().unwrap();
        let narrowed = |scope: Option<&[&str]>, wanted: Option<&str>| {
            let wanted: Vec<&str> = wanted.unwrap_or_default().split(' ').collect();
            let wanted = wanted.into_iter().filter(|path| !path.is_empty());
            narrowed(bureau, scope.map(orgs), orgs(&wanted.collect::<Vec<_>>()))
        };
        assert_eq!(narrowed(None, None), None);
        assert_eq!(narrowed(Some(&["180100"]), Some("180100")), None);
        let below = Some(orgs(&["180100/insurance/injury"]));
        assert_eq!(narrowed(None, Some("180100/insurance/injury")), below);
        assert_eq!(
            narrowed(Some(&["180100/insurance"]), Some("180100/insurance/injury")),
            below
        );
        assert_eq!(
            narrowed(
                Some(&["180100/insurance/injury", "180100/hall"]),
                Some("180100/insurance")
            ),
            below
        );
        assert_eq!(
            narrowed(Some(&["180100/hall"]), Some("180100/labour")),
            Some(Vec::new())
        );
        assert_eq!(
            narrowed(
                Some(&["180100/insurance", "180100/cards"]),
                Some("180100/insurance/injury 180100/labour 180100/insurance/injury")
            ),
            below
        );
        assert_eq!(narrowed(None, Some("180100/cards 180100")), None);
        assert_eq!(
            narrowed(Some(&["180100/insurance/injury", "180100/insurance"]), None),
            Some(orgs(&["180100/insurance"]))
        );
    }

    #[test]
    fn the_colour_of_a_clock_is_that_of_the_days_by_which_it_is_looked_for() {
        let today: Date = "2026-03-02".parse().unwrap();
        let within = |days: &Days, due: &str| {
            days.from.as_deref().is_none_or(|from| from <= due)
                && days.to.as_deref().is_none_or(|to| due <= to)
        };
        for due in [
            "2026-02-28",
            "2026-03-02",
            "2026-03-03",
            "2026-03-04",
            NO_LIMIT,
        ] {
            let colour = ClockColour::of(due, today);
            assert!(within(&colour.days(today), due), "{due} {colour:?}");
            for other in [ClockColour::Overdue, ClockColour::Later, ClockColour::None] {
                assert_eq!(within(&other.days(today), due), other == colour, "{due}");
            }
        }
    }

    #[test]
    fn a_value_that_no_filter_has_is_refused() {
        let refused = |query: CaseQuery| {
            let state = query.states().err().or_else(|| query.orgs().err());
            state.map(|error| error.code())
        };
        let state = |word: &str| CaseQuery {
            state: Some(word.to_owned()),
            ..CaseQuery::default()
        };
        assert_eq!(refused(state("REVIEWING, DENIED,")), None);
        assert_eq!(refused(state("DRAFT")), Some("E1014"));
        assert_eq!(refused(state("reviewing")), Some("E1014"));
        let org = |path: &str| CaseQuery {
            org: Some(path.to_owned()),
            ..CaseQuery::default()
        };
        assert_eq!(refused(org("180100/hall,180100/cards")), None);
        assert_eq!(refused(org("18'")), Some("E1014"));
        assert_eq!(refused(org(&"180100/hall,".repeat(17))), Some("E1014"));
    }
}
