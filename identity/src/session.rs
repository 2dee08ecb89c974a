//! What can happen to a session.

use kernel::{
    AppError, DivisionCode, codes,
    ids::{EmployerId, Id as _, PersonId, SessionId, StaffId},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Command, Loads, Work, key};
use uuid::Uuid;

use crate::{
    book::{PORTAL, WORKBENCH},
    store::{agent, session, staff_row, throttle},
    throttle::{self as failures, Attempt},
};

/// Whose session it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    Citizen(PersonId),
    Staff(DivisionCode, StaffId),
}

impl Owner {
    /// The id as it stands in the database.
    pub(crate) fn uuid(self) -> Uuid {
        match self {
            Self::Citizen(person) => person.uuid(),
            Self::Staff(_, staff) => staff.uuid(),
        }
    }

    /// The printed id.
    pub(crate) fn printed(self) -> String {
        match self {
            Self::Citizen(person) => person.to_string(),
            Self::Staff(_, staff) => staff.to_string(),
        }
    }
}

/// Spreads commands over lanes by an id.
pub(crate) fn lane_of(id: Uuid) -> u64 {
    id.as_u64_pair().1
}

/// Which session it became.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Started {
    pub session: SessionId,
}

/// A session begins; ended ones of the same owner are swept away.
pub(crate) struct StartSession {
    pub owner: Owner,
    /// Where events about the owner are told.
    pub bureau: DivisionCode,
    pub token_hash: Vec<u8>,
    /// `password`, or the id of an identity provider.
    pub means: String,
    /// The attempt by password; a success forgets the failures of the account.
    pub attempt: Option<Attempt>,
    /// Sessions to end: past their time, or too many.
    pub sweep: Vec<Vec<u8>>,
}

impl StartSession {
    fn row(&self, work: &mut Work<'_>) -> session::Model {
        let (surface, person, staff) = match self.owner {
            Owner::Citizen(person) => (PORTAL, Some(person.uuid()), None),
            Owner::Staff(_, staff) => (WORKBENCH, None, Some(staff.uuid())),
        };
        let now = work.now().as_micros();
        session::Model {
            token_hash: self.token_hash.clone(),
            session_id: work.id::<SessionId>().uuid(),
            surface: surface.to_owned(),
            person_id: person,
            employer_id: None,
            bureau: self.bureau.to_string(),
            staff_id: staff,
            started_us: now,
            seen_us: now,
            version: 1,
        }
    }
}

impl Command for StartSession {
    type Out = Started;
    const NAME: &'static str = "session.start";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.owner.printed()
    }

    fn lane(&self) -> u64 {
        lane_of(self.owner.uuid())
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        for subject in self.attempt.iter().flat_map(Attempt::subjects) {
            loads.row::<throttle::Model>(key!(subject.hash.clone()));
        }
        for hash in self.sweep.iter().chain([&self.token_hash]) {
            loads.row::<session::Model>(key!(hash.clone()));
        }
        if let Owner::Staff(bureau, staff) = self.owner {
            loads.row::<staff_row::Model>(key!(bureau, staff.uuid()));
        }
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Started, AppError> {
        if let Some(attempt) = &self.attempt {
            for subject in attempt.subjects() {
                let row = work.get::<throttle::Model>(&key!(subject.hash.clone()))?;
                failures::check(row, work.now())?;
            }
            work.remove::<throttle::Model>(key!(attempt.account.hash.clone()));
        }
        if let Owner::Staff(bureau, staff) = self.owner {
            let row = work.require::<staff_row::Model>(&key!(bureau, staff.uuid()))?;
            if !row.active {
                return Err(AppError::refused(&codes::E1103));
            }
        }
        for hash in &self.sweep {
            end(work, hash, "swept")?;
        }
        let row = self.row(work);
        let session = SessionId::from_uuid(row.session_id);
        let body = json!({"surface": row.surface, "by": self.means});
        work.put(row)?;
        work.emit("session", session.uuid(), 1, "session.started", body);
        Ok(Started { session })
    }
}

/// Ends a declared session, if it is still there.
pub(crate) fn end(work: &mut Work<'_>, hash: &[u8], reason: &str) -> Result<(), AppError> {
    let key = key!(hash.to_vec());
    let Some(row) = work.get::<session::Model>(&key)?.cloned() else {
        return Ok(());
    };
    work.remove::<session::Model>(key);
    let body = json!({"reason": reason});
    let seq = row.version + 1;
    work.emit("session", row.session_id, seq, "session.ended", body);
    Ok(())
}

/// Nothing to tell.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Done {}

/// A session ends because somebody said so.
pub(crate) struct EndSession {
    pub bureau: DivisionCode,
    pub session: SessionId,
    pub token_hash: Vec<u8>,
    pub reason: &'static str,
}

impl Command for EndSession {
    type Out = Done;
    const NAME: &'static str = "session.end";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.session.to_string()
    }

    fn lane(&self) -> u64 {
        lane_of(self.session.uuid())
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<session::Model>(key!(self.token_hash.clone()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Done, AppError> {
        end(work, &self.token_hash, self.reason)?;
        Ok(Done {})
    }
}

/// A sign of life is noted.
pub(crate) struct Touch {
    pub bureau: DivisionCode,
    pub session: SessionId,
    pub token_hash: Vec<u8>,
}

impl Command for Touch {
    type Out = Done;
    const NAME: &'static str = "session.touch";
    const AUDITED: bool = false;

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.session.to_string()
    }

    fn lane(&self) -> u64 {
        lane_of(self.session.uuid())
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<session::Model>(key!(self.token_hash.clone()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Done, AppError> {
        let mut row = work
            .require::<session::Model>(&key!(self.token_hash.clone()))?
            .clone();
        row.seen_us = row.seen_us.max(work.now().as_micros());
        work.put(row)?;
        Ok(Done {})
    }
}

/// A citizen acts for somebody else from now on; the session gets another token.
pub(crate) struct ChangeRole {
    pub bureau: DivisionCode,
    pub session: SessionId,
    pub person: PersonId,
    pub employer: Option<EmployerId>,
    pub old_hash: Vec<u8>,
    pub new_hash: Vec<u8>,
}

impl Command for ChangeRole {
    type Out = Done;
    const NAME: &'static str = "session.change_role";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.session.to_string()
    }

    fn lane(&self) -> u64 {
        lane_of(self.session.uuid())
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<session::Model>(key!(self.old_hash.clone()));
        loads.row::<session::Model>(key!(self.new_hash.clone()));
        if let Some(employer) = self.employer {
            loads.row::<agent::Model>(key!(employer.uuid(), self.person.uuid()));
        }
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Done, AppError> {
        if let Some(employer) = self.employer
            && work
                .get::<agent::Model>(&key!(employer.uuid(), self.person.uuid()))?
                .is_none()
        {
            return Err(AppError::refused(&codes::E1107));
        }
        let old = key!(self.old_hash.clone());
        let row = work.get::<session::Model>(&old)?.cloned();
        let row = row.ok_or_else(|| AppError::refused(&codes::E1105))?;
        let version = row.version + 1;
        work.remove::<session::Model>(old);
        work.put(session::Model {
            token_hash: self.new_hash.clone(),
            employer_id: self.employer.map(EmployerId::uuid),
            seen_us: row.seen_us.max(work.now().as_micros()),
            version,
            ..row
        })?;
        let body = json!({"employer": self.employer});
        let id = self.session.uuid();
        work.emit("session", id, version, "session.role_changed", body);
        Ok(Done {})
    }
}
