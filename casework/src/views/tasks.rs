//! The inbox.

use std::collections::{BTreeMap, BTreeSet};

use axum::{Json, extract::State as Context};
use httpkit::{Authorised, Filter, Input, Refusals, Reply, Rows};
use kernel::{
    AppError, Caller, Date, Refusal, Timestamp,
    caller::{IsStaff, Staff},
    codes,
    ids::{CaseId, EmployerId, Id, StaffId, TaskId},
    item::Words,
};
use serde::{Deserialize, Serialize};
use store::page::PageQuery;
use utoipa::{IntoParams, ToSchema};

use crate::{
    desk::Casework,
    store::{
        lists::{self, Counted, InboxFilter, Scopes},
        task,
    },
};

/// Permissions that put tasks into an inbox.
const WORKING: [&str; 5] = [
    "case.accept",
    "case.review",
    "case.decide",
    "case.deliver",
    "case.supervise",
];

/// A colleague, as lists show him.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HolderView {
    /// Who.
    pub staff_id: StaffId,
    /// Name among colleagues.
    pub name: String,
}

/// A row of the inbox.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "columns of a list")]
pub struct TaskRow {
    /// The task.
    pub task_id: TaskId,
    /// Its case.
    pub case_id: CaseId,
    /// 办件编号
    pub case_no: String,
    /// The item.
    pub item: String,
    /// Its name.
    pub item_name: Words,
    /// The applicant, masked.
    pub applicant_masked: String,
    /// Last four of the applicant's number.
    pub number_tail: String,
    /// By which way it came.
    pub channel: String,
    /// The stage.
    pub stage: String,
    /// The stage in words.
    pub stage_name: Words,
    /// The last day of the limit that presses.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// The day from which that limit counts.
    #[schema(value_type = Option<String>, format = Date)]
    pub counts_from: Option<Date>,
    /// Whether the limit has passed.
    pub overdue: bool,
    /// Whether the date may move.
    pub provisional: bool,
    /// What the rules want a person to look at.
    pub risk_note: Option<String>,
    /// Who holds it.
    pub holder: Option<HolderView>,
    /// Whether it waits for the applicant.
    pub waiting: bool,
    /// When the application was received.
    pub received_at: Timestamp,
    /// Version of the case.
    pub version: i64,
    /// Whether the caller may take it.
    pub may_claim: bool,
    /// Why not: the code of the refusal.
    pub why_not: Option<String>,
}

/// The words of a stage.
pub(crate) fn stage_words(stage: &str) -> Words {
    let (zh, en) = match stage {
        "intake" => ("受理", "Intake"),
        "review" => ("审查", "Review"),
        "second_review" => ("复核", "Second review"),
        "site_check" => ("现场核查", "Site check"),
        "decide" => ("决定", "Decision"),
        "make" => ("制证", "Certificate"),
        "hand_out" => ("出件", "Hand-out"),
        other => (other, other),
    };
    Words {
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

/// What an inbox shows.
#[derive(Debug, Default, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct InboxQuery {
    /// `all`, `mine`, `unclaimed`, `today`, `overdue` or `waiting`.
    #[param(inline)]
    #[serde(default)]
    pub view: InboxView,
    /// Only this item.
    pub item: Option<String>,
    /// Only this stage.
    pub stage: Option<String>,
    /// `online` or `window`.
    pub channel: Option<String>,
    /// Received on or after this day.
    #[param(value_type = Option<String>, format = Date)]
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// Received on or before this day.
    #[param(value_type = Option<String>, format = Date)]
    #[schema(value_type = Option<String>, format = Date)]
    pub to: Option<Date>,
    /// `due` (most urgent first) or `newest`.
    #[param(inline)]
    #[serde(default)]
    pub order: InboxOrder,
    pub cursor: Option<String>,
    pub limit: Option<u32>,
}

/// What is looked for in an inbox. A name stands in no address: proxies keep those.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InboxSearch {
    /// Number of the case, last four of the applicant's number, beginning of his name, item.
    #[schema(max_length = 40)]
    pub query: String,
    /// Among these.
    #[serde(default)]
    pub filter: InboxQuery,
}

/// Saved views of an inbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InboxView {
    #[default]
    All,
    Mine,
    Unclaimed,
    Today,
    Overdue,
    Waiting,
}

/// Orders of an inbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InboxOrder {
    #[default]
    Due,
    Newest,
}

fn scopes_of(staff: &Staff) -> Scopes {
    let mut scopes: Scopes = WORKING
        .iter()
        .flat_map(|permission| {
            staff
                .scopes(permission)
                .map(move |org| ((*permission).to_owned(), org.clone()))
        })
        .collect();
    // Who supervises sees everybody's work below him.
    for org in staff.scopes("case.supervise") {
        scopes.extend(
            WORKING
                .iter()
                .map(|permission| ((*permission).to_owned(), org.clone())),
        );
    }
    // Several ways may lead to one scope; each is asked for once, all of a permission together.
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

/// The caller's inbox.
#[utoipa::path(get, path = "/tasks", tag = "tasks", params(InboxQuery),
    responses((status = 200, body = Rows<TaskRow>), Refusals))]
pub(crate) async fn list_tasks(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<IsStaff>,
    Filter(query): Filter<InboxQuery>,
) -> Reply<Rows<TaskRow>> {
    Ok(inbox(&desk, &caller, query, None).await?)
}

/// Tasks of the caller's inbox that a text finds.
#[utoipa::path(post, path = "/task-searches", tag = "tasks", request_body = InboxSearch,
    responses((status = 200, body = Rows<TaskRow>), Refusals))]
pub(crate) async fn search_tasks(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<IsStaff>,
    Input(search): Input<InboxSearch>,
) -> Reply<Rows<TaskRow>> {
    Ok(inbox(&desk, &caller, search.filter, Some(&search.query)).await?)
}

/// The inbox of a staff member.
///
/// # Errors
/// `E1014` for a made-up cursor.
pub async fn inbox(
    desk: &Casework,
    caller: &Caller<IsStaff>,
    query: InboxQuery,
    text: Option<&str>,
) -> Result<Rows<TaskRow>, AppError> {
    let staff = caller.staff()?;
    let scopes = scopes_of(staff);
    if scopes.is_empty() {
        return Ok(Rows::all(Vec::new()));
    }
    let today = desk.now().day();
    let mut filter = InboxFilter {
        item: query.item,
        stage: query.stage,
        channel: query.channel,
        received_from_us: query.from.map(|day| Timestamp::start_of(day).as_micros()),
        received_to_us: query.to.map(|day| Timestamp::end_of(day).as_micros()),
        text: text.map(|text| text.trim().chars().take(40).collect::<String>()),
        newest_first: query.order == InboxOrder::Newest,
        ..InboxFilter::default()
    };
    filter.text = filter.text.filter(|text| !text.is_empty());
    match query.view {
        InboxView::All => {}
        InboxView::Mine => filter.holder = Some(staff.staff.uuid()),
        InboxView::Unclaimed => filter.unclaimed = true,
        InboxView::Today => {
            filter.due_from = Some(today.to_string());
            filter.due_to = Some(today.to_string());
        }
        InboxView::Overdue => {
            let yesterday = today.yesterday().unwrap_or(today);
            filter.due_to = Some(yesterday.to_string());
        }
        InboxView::Waiting => filter.waiting = true,
    }
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    let page = lists::inbox(&desk.kit.store, staff.bureau, &scopes, &filter, &page).await?;
    let holders: Vec<StaffId> = page
        .rows
        .iter()
        .filter_map(|row| row.holder)
        .map(StaffId::from_uuid)
        .collect();
    let cards = desk.parts.parties.staff(staff.bureau, &holders).await?;
    let name = |id: StaffId| cards.get(&id).map(|card| card.name.clone());
    let own = own_enterprises(desk, staff, &page.rows).await?;
    let now = desk.now();
    Ok(page
        .map(|row| task_row(row, staff, &own, now, &name))
        .into())
}

/// Those of the enterprises that are a party on a page for which a colleague may act as a citizen.
async fn own_enterprises(
    desk: &Casework,
    staff: &Staff,
    rows: &[task::Model],
) -> Result<BTreeSet<EmployerId>, AppError> {
    let Some(person) = staff.person else {
        return Ok(BTreeSet::new());
    };
    let applying: BTreeSet<EmployerId> = rows
        .iter()
        .flat_map(|row| [row.employer, row.other_party])
        .flatten()
        .map(EmployerId::from_uuid)
        .collect();
    if applying.is_empty() {
        return Ok(applying);
    }
    let applying: Vec<EmployerId> = applying.into_iter().collect();
    let agents = desk.parts.parties.agents(&applying).await?;
    let own = agents.into_iter().filter(|(_, who)| who.contains(&person));
    Ok(own.map(|(employer, _)| employer).collect())
}

fn task_row(
    row: task::Model,
    staff: &Staff,
    own: &BTreeSet<EmployerId>,
    now: Timestamp,
    name: &dyn Fn(StaffId) -> Option<String>,
) -> TaskRow {
    let due: Option<Date> = row
        .due_on
        .parse()
        .ok()
        .filter(|day: &Date| day.year() < 9999);
    let why_not = why_not(&row, staff, own);
    TaskRow {
        task_id: TaskId::from_uuid(row.task_id),
        case_id: CaseId::from_uuid(row.case_id),
        stage_name: stage_words(&row.stage),
        item_name: Words {
            zh: row.name_zh,
            en: row.name_en,
        },
        due_on: due,
        counts_from: row.promised_from.and_then(|day| day.parse().ok()),
        overdue: due.is_some_and(|day| now >= Timestamp::end_of(day)),
        provisional: row.provisional,
        risk_note: Some(row.note).filter(|note| !note.is_empty()),
        holder: row
            .holder
            .map(StaffId::from_uuid)
            .map(|staff_id| HolderView {
                staff_id,
                name: name(staff_id).unwrap_or_default(),
            }),
        waiting: row.waiting,
        received_at: Timestamp::from_micros(row.received_us),
        version: row.version,
        may_claim: why_not.is_none(),
        why_not,
        case_no: row.case_number,
        item: row.item,
        applicant_masked: row.applicant_masked,
        number_tail: row.number_tail,
        channel: row.channel,
        stage: row.stage,
    }
}

/// What keeps this colleague from taking a task, by the row alone.
fn why_not(row: &task::Model, staff: &Staff, own: &BTreeSet<EmployerId>) -> Option<String> {
    let org = row.org.parse().ok();
    if !org.is_some_and(|org| staff.may(&row.permission, &org)) {
        return Some(codes::E1102.id.to_owned());
    }
    let person = staff.person.map(Id::uuid);
    let firms = [row.employer, row.other_party].into_iter().flatten();
    let acts_for_one = firms
        .map(EmployerId::from_uuid)
        .any(|firm| own.contains(&firm));
    let is_one = person.is_some() && (person == Some(row.party) || person == row.other_party);
    if is_one || acts_for_one {
        return Some(codes::E1204.id.to_owned());
    }
    let barred: BTreeMap<String, String> = serde_json::from_str(&row.barred).unwrap_or_default();
    let by_account = barred.get(&staff.staff.to_string());
    let by_person = || staff.person.and_then(|who| barred.get(&who.to_string()));
    if let Some(code) = by_account.or_else(by_person) {
        return Some(code.clone());
    }
    let held = row.holder.is_some_and(|who| who != staff.staff.uuid());
    held.then(|| codes::E1210.id.to_owned())
}

/// Counts of the saved views: each up to 1,000, which stands for more than 999.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct TaskCounts {
    /// All open tasks.
    pub all: u64,
    /// Those the caller holds.
    pub mine: u64,
    /// Those nobody holds.
    pub unclaimed: u64,
    /// Those due today.
    pub today: u64,
    /// Those overdue.
    pub overdue: u64,
    /// Those that wait for the applicant.
    pub waiting: u64,
}

/// Counts of the saved views.
#[utoipa::path(get, path = "/tasks/counts", tag = "tasks",
    responses((status = 200, body = TaskCounts), Refusals))]
pub(crate) async fn count_tasks(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<IsStaff>,
) -> Reply<Json<TaskCounts>> {
    let staff = caller.staff()?;
    let scopes = scopes_of(staff);
    if scopes.is_empty() {
        return Ok(Json(TaskCounts::default()));
    }
    let store = &desk.kit.store;
    let mine = lists::count_held(store, (staff.bureau, staff.staff), &scopes).await?;
    let of = Counted {
        bureau: staff.bureau,
        scopes,
        today: desk.now().day().to_string(),
    };
    let answer = async { Ok(lists::counts(store, &of).await?) };
    let counts = desk.counts.ask(of.clone(), answer).await?;
    Ok(Json(TaskCounts {
        all: counts.all,
        mine,
        unclaimed: counts.unclaimed,
        today: counts.today,
        overdue: counts.overdue,
        waiting: counts.waiting,
    }))
}

/// Refuses a search text that finds nothing in particular.
pub(crate) fn search_text(text: &str) -> Result<String, AppError> {
    let text: String = text.trim().chars().take(50).collect();
    if text.is_empty() {
        return Err(Refusal::new(&codes::E1014).with("name", "query").into());
    }
    Ok(text)
}
