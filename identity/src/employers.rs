//! Enterprises and their agents, as commands.

use kernel::{
    AppError, CreditCode, DivisionCode, Private, Refusal, Timestamp, codes,
    error::FieldFault,
    ids::{EmployerId, Id as _, PersonId},
    ports::Question,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Command, Envelope, Loads, Work, key};

use crate::{
    Identity,
    session::lane_of,
    store::{self as sql, agent, employer, employer_code, person},
};

/// The enterprise with this credit code, created from the enterprise register when met first.
///
/// # Errors
/// `E1026` at `/credit_code` when the code is wrong or the register does not know it.
pub(crate) async fn enrol(
    context: &Identity,
    envelope: Envelope,
    credit_code: &str,
) -> Result<EmployerId, AppError> {
    let code: CreditCode = credit_code.parse().map_err(|_| unknown())?;
    if let Some(known) = sql::employer_by_code(context.store(), code.as_str()).await? {
        return Ok(known);
    }
    let name = registered_name(context, &code, envelope.now).await?;
    let command = EnrolEmployer {
        bureau: context.city(),
        employer: EmployerId::new(envelope.now, &mut context.entropy()),
        credit_code: code.as_str().to_owned(),
        name,
    };
    match context.kit().run(envelope, command).await {
        Ok(enrolled) => Ok(enrolled.employer),
        // Somebody else met it at the same moment.
        Err(error) if error.code() == codes::E1010.id => {
            let known = sql::employer_by_code(context.store(), code.as_str()).await?;
            known.ok_or(error)
        }
        Err(error) => Err(error),
    }
}

async fn registered_name(
    context: &Identity,
    code: &CreditCode,
    now: Timestamp,
) -> Result<String, AppError> {
    let question = Question {
        register: "enterprise".to_owned(),
        subject: Private::new(code.as_str().to_owned()),
    };
    let answers = context.registers().ask(&[question], now).await?;
    answers
        .first()
        .and_then(|answer| answer.facts.reveal().get("name")?.as_str())
        .map(ToOwned::to_owned)
        .ok_or_else(unknown)
}

fn unknown() -> AppError {
    Refusal::fields(vec![FieldFault {
        pointer: "/credit_code".to_owned(),
        code: &codes::E1026,
        args: Vec::new(),
    }])
    .into()
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Enrolled {
    employer: EmployerId,
}

struct EnrolEmployer {
    bureau: DivisionCode,
    employer: EmployerId,
    credit_code: String,
    name: String,
}

impl Command for EnrolEmployer {
    type Out = Enrolled;
    const NAME: &'static str = "employer.enrol";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.employer.to_string()
    }

    fn lane(&self) -> u64 {
        self.credit_code.bytes().map(u64::from).sum()
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<employer_code::Model>(key!(self.credit_code.as_str()));
        loads.row::<employer::Model>(key!(self.employer.uuid()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Enrolled, AppError> {
        let code = key!(self.credit_code.as_str());
        if let Some(row) = work.get::<employer_code::Model>(&code)? {
            return Ok(Enrolled {
                employer: EmployerId::from_uuid(row.employer_id),
            });
        }
        work.put(employer_code::Model {
            credit_code: self.credit_code.clone(),
            employer_id: self.employer.uuid(),
        })?;
        work.put(employer::Model {
            employer_id: self.employer.uuid(),
            credit_code: self.credit_code.clone(),
            name: self.name.clone(),
            agents: 0,
            created_us: work.now().as_micros(),
            version: 1,
        })?;
        Ok(Enrolled {
            employer: self.employer,
        })
    }
}

/// What becomes of an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Add,
    Remove,
}

/// The version of the enterprise afterwards.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct AgentChanged {
    pub person: PersonId,
    pub version: i64,
}

/// A person may act for an enterprise from now on, or no more.
pub(crate) struct ChangeAgent {
    pub bureau: DivisionCode,
    pub employer: EmployerId,
    pub person: PersonId,
    /// The agent who asks; none for the system.
    pub by: Option<PersonId>,
    pub change: Change,
}

impl ChangeAgent {
    fn apply(&self, work: &mut Work<'_>, employer: &mut employer::Model) -> Result<(), AppError> {
        let key = key!(self.employer.uuid(), self.person.uuid());
        employer.version += 1;
        match self.change {
            Change::Add => {
                employer.agents += 1;
                work.put(agent::Model {
                    employer_id: self.employer.uuid(),
                    person_id: self.person.uuid(),
                    since_us: work.now().as_micros(),
                })
            }
            Change::Remove if employer.agents < 2 => Err(AppError::refused(&codes::E1115)),
            Change::Remove => {
                employer.agents -= 1;
                work.remove::<agent::Model>(key);
                Ok(())
            }
        }
    }
}

impl Command for ChangeAgent {
    type Out = AgentChanged;
    const NAME: &'static str = "employer.change_agent";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.employer.to_string()
    }

    fn lane(&self) -> u64 {
        lane_of(self.employer.uuid())
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        let employer = self.employer.uuid();
        loads.row::<employer::Model>(key!(employer));
        loads.row::<person::Model>(key!(self.person.uuid()));
        for person in [Some(self.person), self.by].into_iter().flatten() {
            loads.row::<agent::Model>(key!(employer, person.uuid()));
        }
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<AgentChanged, AppError> {
        let agent = |person: PersonId| key!(self.employer.uuid(), person.uuid());
        if let Some(by) = self.by
            && work.get::<agent::Model>(&agent(by))?.is_none()
        {
            return Err(AppError::refused(&codes::E1107));
        }
        let mut row = work
            .require::<employer::Model>(&key!(self.employer.uuid()))?
            .clone();
        let is_agent = work.get::<agent::Model>(&agent(self.person))?.is_some();
        match self.change {
            Change::Remove if !is_agent => return Err(AppError::refused(&codes::E1012)),
            Change::Add if is_agent => {}
            change => {
                self.apply(work, &mut row)?;
                let mut person = work
                    .require::<person::Model>(&key!(self.person.uuid()))?
                    .clone();
                person.version += 1;
                let kind = match change {
                    Change::Add => "person.agent_added",
                    Change::Remove => "person.agent_removed",
                };
                let body = json!({"employer": self.employer});
                work.emit("person", person.person_id, person.version, kind, body);
                work.put(person)?;
                work.put(row.clone())?;
            }
        }
        Ok(AgentChanged {
            person: self.person,
            version: row.version,
        })
    }
}
