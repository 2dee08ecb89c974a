//! The audit log of the caller's agency: who did what to what.

use ::store::{
    audit::{Model, Search},
    page::{Page, PageQuery},
};
use axum::extract::State;
use httpkit::{Authorised, Filter, Refusals, Reply, Rows};
use kernel::{
    AppError, Caller, Date, Refusal, Timestamp,
    caller::{Actor, CanAudit},
    codes,
    error::Broken,
    ids::{EmployerId, Id as _, RequestId},
    limits,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Insight;

/// Which entries.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct AuditQuery {
    /// Only about this id, such as `case_…`.
    pub subject: Option<String>,
    /// From this day on, in Beijing.
    pub from: Option<Date>,
    /// Up to this day, in Beijing.
    pub to: Option<Date>,
    /// Where to go on, as the previous page said.
    pub cursor: Option<String>,
    /// Rows wanted.
    pub limit: Option<u32>,
}

/// Who acted: a reference, never a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuditActor {
    /// `stranger`, `person`, `agent`, `staff` or `system`.
    pub kind: String,
    /// His id, or the name of the part of the system.
    pub id: Option<String>,
    /// For which enterprise he acted.
    pub employer_id: Option<EmployerId>,
}

/// One entry of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuditRow {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: AuditActor,
    /// What, such as `case.accept`.
    pub action: String,
    /// To what: a printed id.
    pub subject: String,
    /// `done`, or the code of the refusal.
    pub outcome: String,
    /// The request.
    pub request_id: RequestId,
    /// The window or terminal.
    pub station: Option<String>,
    /// Its chain.
    pub lane: i64,
    /// Its number in the chain.
    pub seq: i64,
    /// SM3 of this entry and of the one before it.
    pub hash: String,
}

/// Entries of the caller's agency, newest first.
pub async fn list_audit(
    context: &Insight,
    caller: &Caller<CanAudit>,
    query: AuditQuery,
) -> Result<Page<AuditRow>, AppError> {
    let wrong = |name: &str| AppError::from(Refusal::new(&codes::E1014).with("name", name));
    let subject = query.subject.filter(|subject| !subject.is_empty());
    if subject
        .as_ref()
        .is_some_and(|text| text.len() > limits::LINE_CHARS_MAX || text.contains('\0'))
    {
        return Err(wrong("subject"));
    }
    if matches!((query.from, query.to), (Some(from), Some(to)) if from > to) {
        return Err(wrong("from"));
    }
    let search = Search {
        bureau: caller.staff()?.bureau,
        subject,
        from: query.from.map(Timestamp::start_of),
        until: query.to.map(Timestamp::end_of),
    };
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    let wanted = page.rows();
    let store = &context.kit.store;
    let rows = store
        .audit_entries(&search, page.position()?, wanted + 1)
        .await?;
    let page = Page::cut(rows, wanted, Model::place);
    let rows: Result<Vec<AuditRow>, AppError> = page.rows.iter().map(show).collect();
    Ok(Page {
        rows: rows?,
        next: page.next,
    })
}

fn show(entry: &Model) -> Result<AuditRow, AppError> {
    let actor = serde_json::from_str(&entry.actor)
        .map_err(|fault| Broken::caused("actor of an audit entry", fault))?;
    Ok(AuditRow {
        at: Timestamp::from_micros(entry.at_us),
        actor: actor_of(actor),
        action: entry.action.clone(),
        subject: entry.subject.clone(),
        outcome: entry.outcome.clone(),
        request_id: RequestId::from_uuid(entry.request_id),
        station: (!entry.station.is_empty()).then(|| entry.station.clone()),
        lane: entry.lane,
        seq: entry.seq,
        hash: seal::hex::encode(&entry.hash),
    })
}

fn actor_of(actor: Actor) -> AuditActor {
    let (kind, id, employer_id) = match actor {
        Actor::Stranger => ("stranger", None, None),
        Actor::Person(person) => ("person", Some(person.to_string()), None),
        Actor::Agent { person, employer } => ("agent", Some(person.to_string()), Some(employer)),
        Actor::Staff(staff) => ("staff", Some(staff.to_string()), None),
        Actor::System(name) => ("system", Some(name), None),
    };
    AuditActor {
        kind: kind.to_owned(),
        id,
        employer_id,
    }
}

/// The audit log of my agency
#[utoipa::path(
    get, path = "/audit", operation_id = "list_audit", tag = "operation",
    params(
        ("subject" = Option<String>, Query, description = "Only about this id"),
        ("from" = Option<String>, Query, format = Date, description = "From this day on"),
        ("to" = Option<String>, Query, format = Date, description = "Up to this day"),
        ("cursor" = Option<String>, Query, description = "Where to go on, as the previous page said"),
        ("limit" = Option<u32>, Query, description = "Rows wanted"),
    ),
    responses(
        (status = 200, body = Rows<AuditRow>),
        Refusals,
    )
)]
pub(crate) async fn list_audit_page(
    State(context): State<Insight>,
    Authorised(caller): Authorised<CanAudit>,
    Filter(query): Filter<AuditQuery>,
) -> Reply<Rows<AuditRow>> {
    Ok(list_audit(&context, &caller, query).await?.into())
}
