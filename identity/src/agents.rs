//! The agents (经办人) of an enterprise, kept by its agents.

use axum::extract::State;
use httpkit::{Act, Authorised, Faults, Params, ProblemDocument, Reply, Rows, Versioned};
use kernel::{
    AppError, CitizenNo, Private, Timestamp,
    caller::{Caller, CanApply},
    codes,
    ids::{EmployerId, Id as _, PersonId},
    mask,
};
use serde::{Deserialize, Serialize};
use store::Envelope;
use utoipa::ToSchema;

use crate::{
    Identity,
    employers::{Change, ChangeAgent},
    enrol::{self, Wanted},
    http::Bare,
    people::{self, NAME_CHARS_MAX},
    sign_in::count_failure,
    store as sql,
    throttle::Attempt,
};

/// An agent, masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgentRow {
    /// Who.
    pub person_id: PersonId,
    /// Name with stars.
    pub name_masked: String,
    /// Citizen number with stars.
    pub number_masked: String,
    /// Since when he may act.
    pub since: Timestamp,
}

/// Whom to add.
pub struct NewAgent {
    /// Name as in the population register.
    pub name: Private<String>,
    /// Citizen number.
    pub number: Private<CitizenNo>,
}

/// What a change of agents answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgentsChanged {
    /// The agent.
    pub person_id: PersonId,
    /// Version of the enterprise.
    pub version: i64,
}

/// The agents of an enterprise, for its agents.
///
/// # Errors
/// `E1107` when the caller is not one of them.
pub async fn list_agents(
    context: &Identity,
    caller: &Caller<CanApply>,
    employer: EmployerId,
) -> Result<Vec<AgentRow>, AppError> {
    let person = caller.citizen()?.person;
    let agents = sql::agents_of(context.store(), employer).await?;
    if !agents.iter().any(|row| row.person_id == person.uuid()) {
        return Err(AppError::refused(&codes::E1107));
    }
    let ids: Vec<PersonId> = agents
        .iter()
        .map(|row| PersonId::from_uuid(row.person_id))
        .collect();
    let cards = people::cards(context, &ids).await?;
    Ok(agents
        .iter()
        .filter_map(|row| {
            let card = cards.get(&PersonId::from_uuid(row.person_id))?;
            Some(AgentRow {
                person_id: card.id,
                name_masked: mask::name(card.name.reveal()),
                number_masked: mask::citizen_no(card.number.reveal().reveal()),
                since: Timestamp::from_micros(row.since_us),
            })
        })
        .collect())
}

/// Lets a person act for an enterprise. Adding an agent again changes nothing.
///
/// # Errors
/// `E1107` when the caller is not its agent, `E1113` when name and number do not belong together.
pub async fn add_agent(
    context: &Identity,
    caller: &Caller<CanApply>,
    envelope: Envelope,
    employer: EmployerId,
    agent: NewAgent,
) -> Result<AgentsChanged, AppError> {
    let by = caller.citizen()?.person;
    if !sql::is_agent(context.store(), employer, by).await? {
        return Err(AppError::refused(&codes::E1107));
    }
    let name = agent.name.into_revealed();
    let number = agent.number.into_revealed();
    check_name(context, caller, by, &name, &number).await?;
    let wanted = Wanted::known_as(&name, number);
    let enrolling = context.kit().envelope_of(caller);
    let person = enrol::save(context, enrolling, wanted).await?;
    change(context, envelope, employer, person, by, Change::Add).await
}

/// Nobody tries out names of strangers through this door: his failures are counted.
async fn check_name(
    context: &Identity,
    caller: &Caller<CanApply>,
    by: PersonId,
    name: &str,
    number: &CitizenNo,
) -> Result<(), AppError> {
    let attempt = Attempt::inside(context.vault(), &format!("agents by {by}"));
    let now = context.now();
    attempt.check(context.store(), now).await?;
    match enrol::check_register(context, (name, number), enrol::Teller::Other, now).await {
        Err(error) if error.code() == codes::E1113.id => {
            count_failure(context, context.kit().envelope_of(caller), attempt).await?;
            Err(error)
        }
        other => other,
    }
}

/// Lets a person act for an enterprise no more; his sessions act for himself again at once.
///
/// # Errors
/// `E1107`, `E1115` for the last agent, `E1012` when he is none.
pub async fn remove_agent(
    context: &Identity,
    caller: &Caller<CanApply>,
    envelope: Envelope,
    employer: EmployerId,
    person: PersonId,
) -> Result<AgentsChanged, AppError> {
    let by = caller.citizen()?.person;
    let changed = change(context, envelope, employer, person, by, Change::Remove).await;
    context.book().forget_all();
    changed
}

async fn change(
    context: &Identity,
    envelope: Envelope,
    employer: EmployerId,
    person: PersonId,
    by: PersonId,
    change: Change,
) -> Result<AgentsChanged, AppError> {
    let command = ChangeAgent {
        bureau: context.city(),
        employer,
        person,
        by: Some(by),
        change,
    };
    let changed = context.kit().run(envelope, command).await?;
    Ok(AgentsChanged {
        person_id: changed.person,
        version: changed.version,
    })
}

/// Whom to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgentIn {
    name: String,
    citizen_no: String,
}

impl AgentIn {
    fn checked(self, context: &Identity) -> Result<NewAgent, AppError> {
        let mut faults = Faults::default();
        let name = faults.text("/name", &self.name, NAME_CHARS_MAX);
        let number = CitizenNo::parse(&self.citizen_no, context.now().day()).ok();
        if number.is_none() {
            faults.add("/citizen_no", &codes::E1025);
        }
        faults.done()?;
        Ok(NewAgent {
            name: Private::new(name),
            number: Private::new(number.ok_or_else(|| AppError::refused(&codes::E1025))?),
        })
    }
}

/// The agents of an enterprise.
#[utoipa::path(get, path = "/employers/{employer_id}/agents", tag = "identity", params(
    ("employer_id" = EmployerId, Path, description = "The enterprise"),
), responses(
    (status = 200, description = "The longest serving first", body = Rows<AgentRow>),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn list_employer_agents(
    State(context): State<Identity>,
    Authorised(caller): Authorised<CanApply>,
    Params(employer): Params<EmployerId>,
) -> Reply<Rows<AgentRow>> {
    Ok(Rows::all(list_agents(&context, &caller, employer).await?))
}

/// Add an agent.
#[utoipa::path(post, path = "/employers/{employer_id}/agents", tag = "identity", request_body = AgentIn, params(
    ("employer_id" = EmployerId, Path, description = "The enterprise"),
    ("Idempotency-Key" = String, Header, description = "Recognises a repetition"),
), responses(
    (status = 200, description = "Added", body = AgentsChanged),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn create_employer_agent(
    State(context): State<Identity>,
    Authorised(caller): Authorised<CanApply>,
    Params(employer): Params<EmployerId>,
    act: Act<AgentIn>,
) -> Reply<Versioned<AgentsChanged>> {
    let envelope = context.blind_envelope(&caller, &act.repetition);
    let agent = act.body.checked(&context)?;
    let changed = add_agent(&context, &caller, envelope, employer, agent).await?;
    Ok(Versioned(changed.version, changed))
}

/// Remove an agent.
#[utoipa::path(delete, path = "/employers/{employer_id}/agents/{person_id}", tag = "identity", params(
    ("employer_id" = EmployerId, Path, description = "The enterprise"),
    ("person_id" = PersonId, Path, description = "The agent"),
    ("Idempotency-Key" = String, Header, description = "Recognises a repetition"),
), responses(
    (status = 200, description = "Removed", body = AgentsChanged),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn delete_employer_agent(
    State(context): State<Identity>,
    Authorised(caller): Authorised<CanApply>,
    Params((employer, person)): Params<(EmployerId, PersonId)>,
    Bare(repetition): Bare,
) -> Reply<Versioned<AgentsChanged>> {
    let envelope = context.kit().envelope(&caller, &repetition);
    let changed = remove_agent(&context, &caller, envelope, employer, person).await?;
    Ok(Versioned(changed.version, changed))
}
