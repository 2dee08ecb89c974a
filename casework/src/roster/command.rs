//! The one command shape of rosters: load the roster, let an act change it, write what came out.

use httpkit::Versioned;
use kernel::{
    AppError, DivisionCode, codes,
    ids::{EmployerId, Id as _, PersonId, RosterId},
    item::{ItemCode, Words},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Command, Loads, Work, jobs::Lease, key};
use utoipa::ToSchema;

use super::RosterState;
use crate::{desk::Casework, jobs::without_lease, store::rosters::roster};

/// What a caller learns of an act on a roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RosterActed {
    /// The roster.
    pub roster_id: RosterId,
    /// Its version, for `If-Match`.
    pub version: i64,
    /// How far it is.
    pub state: RosterState,
}

impl RosterActed {
    pub(super) fn of(row: &roster::Model) -> Result<Self, AppError> {
        Ok(Self {
            roster_id: RosterId::from_uuid(row.roster_id),
            version: row.version,
            state: RosterState::of(row)?,
        })
    }

    /// With its version as `ETag`.
    pub(super) const fn tagged(self) -> Versioned<Self> {
        Versioned(self.version, self)
    }
}

/// One act on a roster. Pure: it changes the row, and writes others beside it.
pub(super) trait RosterAct: Send + Sync + 'static {
    /// The name in audit, logs and metrics.
    const NAME: &'static str;
    /// Whether somebody did it; progress is none.
    const AUDITED: bool = true;

    /// Decides.
    fn decide(&self, row: &mut roster::Model, work: &mut Work<'_>) -> Result<(), AppError>;
}

/// An act on a roster, ready for the executor.
pub(super) struct OnRoster<A> {
    pub bureau: DivisionCode,
    pub roster: RosterId,
    /// The version the caller has seen; jobs have none.
    pub version: Option<i64>,
    pub act: A,
}

impl<A: RosterAct> OnRoster<A> {
    /// An act on a roster as it was found.
    pub(super) fn new(of: &roster::Model, version: Option<i64>, act: A) -> Result<Self, AppError> {
        Ok(Self {
            bureau: bureau_of(of)?,
            roster: RosterId::from_uuid(of.roster_id),
            version,
            act,
        })
    }

    fn key(&self) -> store::Key {
        key!(self.bureau, self.roster.uuid())
    }
}

impl<A: RosterAct> Command for OnRoster<A> {
    type Out = RosterActed;
    const NAME: &'static str = A::NAME;
    const AUDITED: bool = A::AUDITED;

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.roster.to_string()
    }

    fn lane(&self) -> u64 {
        self.roster.uuid().as_u64_pair().1
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<roster::Model>(self.key());
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<RosterActed, AppError> {
        let mut row = work.require::<roster::Model>(&self.key())?.clone();
        if self.version.is_some_and(|seen| seen != row.version) {
            return Err(AppError::refused(&codes::E1010));
        }
        self.act.decide(&mut row, work)?;
        row.updated_us = work.now().as_micros();
        let acted = RosterActed::of(&row)?;
        work.put(row)?;
        Ok(acted)
    }
}

/// Runs an act for a job and ends it in the same transaction.
pub(super) async fn end_with<A: RosterAct>(
    desk: &Casework,
    lease: &Lease,
    of: &roster::Model,
    act: A,
) -> Result<(), AppError> {
    let command = OnRoster::new(of, None, act)?;
    let envelope = desk.kit.envelope_for(lease);
    desk.kit.run(envelope, command).await.map(drop)
}

/// Runs one of several acts of a job: it does not end it.
pub(super) async fn go_on_with<A: RosterAct>(
    desk: &Casework,
    lease: &Lease,
    of: &roster::Model,
    act: A,
) -> Result<(), AppError> {
    let command = OnRoster::new(of, None, act)?;
    let envelope = without_lease(desk, lease);
    desk.kit.run(envelope, command).await.map(drop)
}

/// Moves a roster to a state and records that it happened.
pub(super) fn become_state(
    row: &mut roster::Model,
    state: RosterState,
    (kind, more): (&str, Value),
    work: &mut Work<'_>,
) {
    state.as_str().clone_into(&mut row.state);
    row.version += 1;
    let mut body = body_of(row);
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    work.emit("roster", row.roster_id, row.version, kind, body);
}

/// What every listener needs to know of a roster.
pub(super) fn body_of(row: &roster::Model) -> Value {
    let employer = EmployerId::from_uuid(row.employer_id);
    let person = PersonId::from_uuid(row.person_id);
    json!({
        "roster_id": RosterId::from_uuid(row.roster_id),
        "item": row.item,
        "edition": row.edition,
        "name": Words { zh: row.name_zh.clone(), en: row.name_en.clone() },
        "notify": person,
        "owner": { "employer": employer, "agent": person },
    })
}

/// The agency of a roster.
pub(super) fn bureau_of(row: &roster::Model) -> Result<DivisionCode, AppError> {
    row.bureau
        .parse()
        .map_err(|fault| kernel::error::Broken::caused("the agency of a roster", fault).into())
}

/// The item of a roster.
pub(super) fn item_of(row: &roster::Model) -> Result<ItemCode, AppError> {
    row.item
        .parse()
        .map_err(|fault| kernel::error::Broken::caused("the item of a roster", fault).into())
}
