//! The list of cases (办件清单): every case received that the caller may look at, narrowed by what the
//! address says.

use std::collections::BTreeSet;

use axum::{Json, extract::State as Context};
use httpkit::{Authorised, Filter, Refusals, Reply};
use kernel::{
    AppError, Caller, Date, DivisionCode, OrgPath, Refusal, Timestamp,
    caller::{CanViewCases, Staff},
    codes,
    ids::{CaseId, Id as _},
    item::Words,
    limits,
};
use serde::{Deserialize, Serialize};
use store::page::PageQuery;
use utoipa::{IntoParams, ToSchema};

use crate::{
    desk::{Casework, sight},
    state::State,
    store::{
        NO_LIMIT,
        lists::cases::{self, CaseFilter, Days, Entry, Listed, Sort},
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
    /// Only this organisation and those below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org: Option<String>,
    /// `person` or `enterprise`.
    #[param(inline)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applicant: Option<CaseApplicant>,
    /// `online` or `window`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
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

/// Which page of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// A row of the list of cases.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CaseEntry {
    /// The case.
    pub case_id: CaseId,
    /// 办件编号
    pub case_no: Option<String>,
    /// The item.
    pub item: String,
    /// Its name.
    pub name: Words,
    /// Its state.
    pub state: State,
    /// Its state in words.
    pub state_name: Words,
    /// The applicant, masked.
    pub applicant_masked: String,
    /// Last four of the applicant's number.
    pub number_tail: String,
    /// Who applies.
    pub applicant: CaseApplicant,
    /// By which way it came.
    pub channel: String,
    /// The organisation that handles it.
    pub org: String,
    /// Its name.
    pub org_name: Words,
    /// When it was received.
    pub received_at: Timestamp,
    /// The day of acceptance.
    pub accepted_on: Option<String>,
    /// The day of the decision.
    pub decided_on: Option<String>,
    /// The day by which there is a result.
    pub expected_on: Option<String>,
    /// Whether that day may move.
    pub provisional: bool,
    /// How the limit stands; none once it is closed.
    pub clock: Option<ClockColour>,
}

/// A page of the list of cases.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CaseEntries {
    /// The rows.
    pub rows: Vec<CaseEntry>,
    /// Cursor of what comes next; none at the end.
    pub next: Option<String>,
    /// The day up to which was looked, where looking ended before the page was full: who goes on may
    /// find more.
    pub looked_to: Option<String>,
}

/// The cases that the caller may look at.
#[utoipa::path(get, path = "/workbench/cases", tag = "work", params(CaseQuery, Paging),
    responses((status = 200, body = CaseEntries), Refusals))]
pub(crate) async fn list_cases(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanViewCases>,
    Filter(query): Filter<CaseQuery>,
    Filter(paging): Filter<Paging>,
) -> Reply<Json<CaseEntries>> {
    let page = PageQuery {
        cursor: paging.cursor,
        limit: paging.limit,
    };
    Ok(Json(page_of(&desk, &caller, &query, &page).await?))
}

/// A page of the list.
///
/// # Errors
/// `E1014` for a value that is none of a filter, or a made-up cursor.
pub async fn page_of(
    desk: &Casework,
    caller: &Caller<CanViewCases>,
    query: &CaseQuery,
    page: &PageQuery,
) -> Result<CaseEntries, AppError> {
    let staff = caller.staff()?;
    let today = desk.now().day();
    let listed = query.listed(staff, sight(staff), today)?;
    let found = cases::page_of(&desk.kit.store, &listed, page).await?;
    let next = found.page.next;
    let rows = found.page.rows.into_iter();
    Ok(CaseEntries {
        rows: rows.map(|row| desk.entry(row, today)).collect(),
        next,
        looked_to: found.looked_to.map(|sort| match sort {
            Sort::At(at) => Timestamp::from_micros(at).day().to_string(),
            Sort::Due(day) => day,
        }),
    })
}

impl Casework {
    /// A row as pages show it on a day.
    pub(crate) fn entry(&self, row: Entry, today: Date) -> CaseEntry {
        let state = State::from_text(&row.state).unwrap_or(State::Draft);
        CaseEntry {
            case_id: CaseId::from_uuid(row.case_id),
            case_no: row.number,
            item: row.item,
            name: Words {
                zh: row.name_zh,
                en: row.name_en,
            },
            state,
            state_name: state.words(),
            applicant_masked: row.applicant_masked,
            number_tail: row.number_tail,
            applicant: if row.employer_id.is_some() {
                CaseApplicant::Enterprise
            } else {
                CaseApplicant::Person
            },
            channel: row.channel,
            org_name: self.org_name(&row.org),
            org: row.org,
            received_at: Timestamp::from_micros(row.received_us),
            accepted_on: row.accepted_on,
            decided_on: row.decided_on,
            expected_on: row.expected_on,
            provisional: row.provisional,
            clock: row.due_on.map(|due| ClockColour::of(&due, today)),
        }
    }

    /// The name of an organisation; its path where nobody knows it any more.
    pub(crate) fn org_name(&self, org: &str) -> Words {
        let known = self.parts.organisations.get(org).cloned();
        known.unwrap_or_else(|| Words {
            zh: org.to_owned(),
            en: org.to_owned(),
        })
    }
}

impl ClockColour {
    fn of(due: &str, today: Date) -> Self {
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
            orgs: narrowed(staff.bureau, scope, self.org()?),
            filter: CaseFilter {
                states: self.states()?,
                item: short("item", self.item.as_ref())?,
                enterprise: self.applicant.map(|kind| kind == CaseApplicant::Enterprise),
                channel: short("channel", self.channel.as_ref())?,
                received_from_us: self
                    .received_from
                    .map(|day| Timestamp::start_of(day).as_micros()),
                received_before_us: self.received_before_us(),
                accepted: days("accepted_from", self.accepted_from, self.accepted_to)?,
                decided: days("decided_from", self.decided_from, self.decided_to)?,
                due: self.clock.map(|clock| clock.days(today)),
                urgent_first: self.order == Some(CaseOrder::Due),
                hand: self.handled.unwrap_or(false).then(|| staff.staff.uuid()),
            },
        })
    }

    fn org(&self) -> Result<Option<OrgPath>, AppError> {
        let path = self.org.as_ref().filter(|path| !path.is_empty());
        path.map(|path| path.parse().map_err(|_| wrong("org")))
            .transpose()
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

    /// No case is accepted or decided before it is received: the latest day that is asked for says
    /// where looking begins.
    fn received_before_us(&self) -> Option<i64> {
        let last = [self.received_to, self.accepted_to, self.decided_to];
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
    wanted: Option<OrgPath>,
) -> Option<Vec<OrgPath>> {
    let whole = bureau.to_string();
    let scope = scope.filter(|orgs| !orgs.iter().any(|org| org.as_str() == whole));
    let wanted = wanted.filter(|org| org.as_str() != whole);
    match (scope, wanted) {
        (scope, None) => scope.map(outermost),
        (None, Some(wanted)) => Some(vec![wanted]),
        (Some(scope), Some(wanted)) if scope.iter().any(|org| org.contains(&wanted)) => {
            Some(vec![wanted])
        }
        (Some(scope), Some(wanted)) => {
            let inside = scope.into_iter().filter(|org| wanted.contains(org));
            Some(outermost(inside.collect()))
        }
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
            let wanted = wanted.map(|path| path.parse().unwrap());
            narrowed(bureau, scope.map(orgs), wanted)
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
            let state = query.states().err().or_else(|| query.org().err());
            state.map(|error| error.code())
        };
        let state = |word: &str| CaseQuery {
            state: Some(word.to_owned()),
            ..CaseQuery::default()
        };
        assert_eq!(refused(state("REVIEWING, DENIED,")), None);
        assert_eq!(refused(state("DRAFT")), Some("E1014"));
        assert_eq!(refused(state("reviewing")), Some("E1014"));
        let org = CaseQuery {
            org: Some("18'".to_owned()),
            ..CaseQuery::default()
        };
        assert_eq!(refused(org), Some("E1014"));
    }
}
