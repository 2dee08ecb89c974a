//! Opening a draft at the counter: the clerk identifies the applicant and his agent.

use axum::extract::State as Context;
use httpkit::{Act as Write, Authorised, Faults, Refusals, Reply, Versioned};
use kernel::{
    AppError, Caller, CitizenNo, CreditCode, Date, Private,
    caller::{CanAccept, Staff},
    codes,
    item::{ApplicantKind, ItemCode},
    limits::LINE_CHARS_MAX,
    ports::EmployerCard,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    apply::open::{Applicant, Start, draft},
    command::Acted,
    desk::Casework,
    perform::{Asked, serves},
};

/// Who stands at the counter.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Name as on the card.
    pub name: String,
    /// Citizen number as on the card.
    pub citizen_no: String,
}

/// For whom the application is.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum CounterApplicant {
    /// A natural person.
    Person(Identity),
    /// An enterprise; `agent` says who came.
    Enterprise {
        /// Unified social credit code.
        credit_code: String,
    },
}

/// What the clerk opens.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenAtCounter {
    /// The item.
    pub item: ItemCode,
    /// For whom.
    pub applicant: CounterApplicant,
    /// Who came for an enterprise.
    #[serde(default)]
    pub agent: Option<Identity>,
}

/// Opens a draft at the counter.
#[utoipa::path(post, path = "/counter/cases", tag = "counter", request_body = OpenAtCounter,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn open_case_at_counter(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanAccept>,
    write: Write<OpenAtCounter>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::unversioned(&write);
    let done = Box::pin(open_at_counter(&desk, &caller, &asked, write.body));
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Opens a draft at the counter.
///
/// # Errors
/// `E1002` for numbers that cannot be right, `E1113` when name and number do not fit, `E1204` when
/// the clerk is a party himself.
pub async fn open_at_counter(
    desk: &Casework,
    caller: &Caller<CanAccept>,
    asked: &Asked,
    wanted: OpenAtCounter,
) -> Result<Acted, AppError> {
    let staff = caller.staff()?;
    let model = desk
        .models
        .current(desk.parts.items.as_ref(), &wanted.item)?;
    let kind = match wanted.applicant {
        CounterApplicant::Person(_) => ApplicantKind::Person,
        CounterApplicant::Enterprise { .. } => ApplicantKind::Enterprise,
    };
    // Before anybody is enrolled.
    serves(&model, kind)?;
    let (name, number, code) = checked(&wanted, desk.now().day())?;
    let by = caller.principal();
    let person = desk
        .parts
        .parties
        .enrol_person(&name, &number, by, desk.now())
        .await?;
    if staff.person == Some(person.id) {
        return Err(AppError::refused(&codes::E1204));
    }
    let employer = match code {
        Some(code) => Some(
            desk.parts
                .parties
                .enrol_employer(code.as_str(), by, desk.now())
                .await?,
        ),
        None => None,
    };
    expect_no_agent(desk, staff, employer.as_ref()).await?;
    let start = Start::at_counter(staff);
    draft(
        desk,
        caller,
        asked,
        &model,
        Applicant { person, employer },
        start,
    )
    .await
}

/// Refuses a clerk who may act for the enterprise himself.
async fn expect_no_agent(
    desk: &Casework,
    staff: &Staff,
    employer: Option<&EmployerCard>,
) -> Result<(), AppError> {
    let (Some(person), Some(employer)) = (staff.person, employer) else {
        return Ok(());
    };
    let agents = desk.parts.parties.agents(&[employer.id]).await?;
    if agents
        .get(&employer.id)
        .is_some_and(|agents| agents.contains(&person))
    {
        return Err(AppError::refused(&codes::E1204));
    }
    Ok(())
}

/// Name and number of who stands at the counter, and the code of the enterprise he came for.
type Checked = (Private<String>, Private<CitizenNo>, Option<CreditCode>);

fn checked(wanted: &OpenAtCounter, today: Date) -> Result<Checked, AppError> {
    let mut faults = Faults::default();
    let (who, prefix, code) = match (&wanted.applicant, &wanted.agent) {
        (CounterApplicant::Person(identity), _) => (Some(identity), "/applicant", None),
        (CounterApplicant::Enterprise { credit_code }, agent) => {
            let code: Option<CreditCode> =
                faults.parse("/applicant/credit_code", credit_code, &codes::E1026);
            if agent.is_none() {
                faults.add("/agent", &codes::E1020);
            }
            (agent.as_ref(), "/agent", code)
        }
    };
    let name = who.map(|who| faults.text(&format!("{prefix}/name"), &who.name, LINE_CHARS_MAX));
    let number = who.and_then(|who| {
        let number = CitizenNo::parse(&who.citizen_no, today).ok();
        if number.is_none() {
            faults.add(&format!("{prefix}/citizen_no"), &codes::E1025);
        }
        number
    });
    faults.done()?;
    match (name, number) {
        (Some(name), Some(number)) => Ok((Private::new(name), Private::new(number), code)),
        _ => Err(AppError::refused(&codes::E1002)),
    }
}
