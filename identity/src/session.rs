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
    store::{account, agent, session, staff_account, staff_row, throttle},
    throttle::{self as failures, Subject},
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

/// A password that fitted, with what must still be so when the session begins.
pub(crate) struct Proof {
    /// The failures of the account; a success forgets them.
    pub failures: Subject,
    /// Account name of a staff member.
    pub name: Option<String>,
    /// The hash that the password fitted.
    pub hash: String,
}

/// A session begins; ended ones of the same owner are swept away.
pub(crate) struct StartSession {
    pub owner: Owner,
    /// Where events about the owner are told.
    pub bureau: DivisionCode,
    pub token_hash: Vec<u8>,
    /// `password`, or the id of an identity provider.
    pub means: String,
    /// What was shown, if it was a password.
    pub proof: Option<Proof>,
    /// Sessions to end: past their time, or too many.
    pub sweep: Vec<Vec<u8>>,
}

impl StartSession {
    /// The hash that is stored now.
    fn stored<'a>(&self, work: &'a Work<'_>, proof: &Proof) -> Result<Option<&'a str>, AppError> {
        Ok(match (self.owner, &proof.name) {
            (Owner::Citizen(person), _) => work
                .get::<account::Model>(&key!(person.uuid()))?
                .map(|row| row.password_hash.as_str()),
            (Owner::Staff(..), Some(name)) => work
                .get::<staff_account::Model>(&key!(name.as_str()))?
                .and_then(|row| row.password_hash.as_deref()),
            (Owner::Staff(..), None) => None,
        })
    }

    /// Refuses while the account rests, and a password that was changed while it was looked at.
    fn check(&self, work: &mut Work<'_>, proof: &Proof) -> Result<(), AppError> {
        let failures = key!(proof.failures.hash.clone());
        failures::check(work.get::<throttle::Model>(&failures)?, work.now())?;
        if self.stored(work, proof)? != Some(proof.hash.as_str()) {
            return Err(AppError::refused(&codes::E1103));
        }
        work.remove::<throttle::Model>(failures);
        Ok(())
    }

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
        if let Some(proof) = &self.proof {
            loads.row::<throttle::Model>(key!(proof.failures.hash.clone()));
            match (self.owner, &proof.name) {
                (Owner::Citizen(person), _) => loads.row::<account::Model>(key!(person.uuid())),
                (Owner::Staff(..), Some(name)) => {
                    loads.row::<staff_account::Model>(key!(name.as_str()));
                }
                (Owner::Staff(..), None) => {}
            }
        }
        for hash in self.sweep.iter().chain([&self.token_hash]) {
            loads.row::<session::Model>(key!(hash.clone()));
        }
        if let Owner::Staff(bureau, staff) = self.owner {
            loads.row::<staff_row::Model>(key!(bureau, staff.uuid()));
        }
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Started, AppError> {
        if let Some(proof) = &self.proof {
            self.check(work, proof)?;
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

#[cfg(test)]
mod tests {
    use kernel::{caller::Actor, ids::RequestId};
    use store::{Envelope, Executor, jobs::Subscriptions};
    use testkit::{MONDAY, on_both};

    use super::*;

    /// Writes an account.
    struct Open(account::Model);

    impl Command for Open {
        type Out = Done;
        const NAME: &'static str = "test.open";

        fn bureau(&self) -> DivisionCode {
            "180100".parse().unwrap()
        }

        fn subject(&self) -> String {
            "account".to_owned()
        }

        fn lane(&self) -> u64 {
            0
        }

        fn declare(&self, loads: &mut Loads<'_>) {
            loads.row::<account::Model>(key!(self.0.person_id));
        }

        fn decide(&self, work: &mut Work<'_>) -> Result<Done, AppError> {
            work.put(self.0.clone())?;
            Ok(Done {})
        }
    }

    fn envelope(n: u8) -> Envelope {
        Envelope {
            actor: Actor::Stranger,
            request: testkit::id::<RequestId>(u128::from(n)),
            station: None,
            now: MONDAY,
            seed: [n; 32],
            idempotency: None,
            lease: None,
        }
    }

    fn begin(person: PersonId, hash: &str) -> StartSession {
        StartSession {
            owner: Owner::Citizen(person),
            bureau: "180100".parse().unwrap(),
            token_hash: seal::sm3(hash.as_bytes()).to_vec(),
            means: "password".to_owned(),
            proof: Some(Proof {
                failures: Subject {
                    hash: vec![7; 32],
                    max: 5,
                },
                name: None,
                hash: hash.to_owned(),
            }),
            sweep: Vec::new(),
        }
    }

    on_both! {
        async fn a_password_that_was_replaced_while_it_was_looked_at_begins_no_session(database) {
            let store = database.open().await;
            let executor = Executor::start(&store, Subscriptions::default(), 1).await.unwrap();
            let person = testkit::id::<PersonId>(1);
            let row = account::Model {
                person_id: person.uuid(),
                password_hash: "of the new one".to_owned(),
                changed_us: MONDAY.as_micros(),
                one_time_until_us: None,
            };
            executor.run(envelope(1), Open(row)).await.unwrap();
            let refused = executor.run(envelope(2), begin(person, "of the old one")).await;
            assert_eq!(refused.unwrap_err().code(), "E1103");
            assert!(executor.run(envelope(3), begin(person, "of the new one")).await.is_ok());
        }
    }
}
