//! Confirming: one declaration for everybody in the roster who is in order.

use axum::extract::State as Context;
use httpkit::{Act as Write, Authorised, Params, Refusals, Reply, Versioned};
use kernel::{
    AppError, Caller, Refusal,
    caller::CanApply,
    codes,
    error::FieldFault,
    ids::{Id as _, PersonId, RosterId},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Work;
use utoipa::ToSchema;

use super::{
    RosterState,
    command::{OnRoster, RosterAct, RosterActed, become_state, bureau_of, item_of},
    jobs::SUBMIT,
    stage::expect,
    upload::enterprise_of,
};
use crate::{
    desk::Casework,
    model::check_offered,
    perform::Asked,
    store::rosters::{self, roster},
};

/// What the agent confirms.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmRoster {
    /// That what is stated of everybody is true.
    pub declaration: bool,
    /// That results are served electronically: nobody collects thousands of papers.
    pub electronic_service: bool,
    /// That he has seen the papers of those for whom a promise stands in (告知承诺); needed where there
    /// are such.
    #[serde(default)]
    pub promise: bool,
}

/// Confirms a roster: everybody who is in order is applied for.
#[utoipa::path(post, path = "/rosters/{roster_id}/confirm", tag = "rosters", request_body = ConfirmRoster,
    params(("roster_id" = RosterId, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = RosterActed), Refusals))]
pub(crate) async fn confirm_roster(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    Params(id): Params<RosterId>,
    write: Write<ConfirmRoster>,
) -> Reply<Versioned<RosterActed>> {
    let asked = Asked::over_http(&write)?;
    let done = confirm(&desk, &caller, id, &asked, write.body);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

async fn confirm(
    desk: &Casework,
    caller: &Caller<CanApply>,
    id: RosterId,
    asked: &Asked,
    given: ConfirmRoster,
) -> Result<RosterActed, AppError> {
    let citizen = caller.citizen()?;
    let employer = enterprise_of(citizen)?;
    let roster = rosters::find_own(&desk.kit.store, employer, id).await?;
    expect(&roster, &[RosterState::Checked])?;
    check_offered(desk.parts.items.as_ref(), &item_of(&roster)?)?;
    let needed = [
        ("/declaration", given.declaration),
        ("/electronic_service", given.electronic_service),
        ("/promise", given.promise || roster.rows_promised == 0),
    ];
    let faults: Vec<FieldFault> = needed
        .into_iter()
        .filter(|(_, confirmed)| !confirmed)
        .map(|(pointer, _)| FieldFault {
            pointer: pointer.to_owned(),
            code: &codes::E1033,
            args: Vec::new(),
        })
        .collect();
    if !faults.is_empty() {
        return Err(Refusal::fields(faults).into());
    }
    let act = Confirm {
        person: citizen.person,
    };
    let command = OnRoster::new(&roster, asked.version, act)?;
    desk.kit.run(desk.envelope(caller, asked), command).await
}

struct Confirm {
    /// Who confirms: the applications are his.
    person: PersonId,
}

impl RosterAct for Confirm {
    const NAME: &'static str = "roster.confirm";

    fn decide(&self, row: &mut roster::Model, work: &mut Work<'_>) -> Result<(), AppError> {
        expect(row, &[RosterState::Checked])?;
        let rows = row.rows_good + row.rows_doubtful;
        if rows == 0 {
            return Err(AppError::refused(&codes::E1079));
        }
        row.person_id = self.person.uuid();
        row.confirmed_us = Some(work.now().as_micros());
        let counts = json!({ "rows": rows });
        become_state(
            row,
            RosterState::Submitting,
            ("roster.confirmed", counts),
            work,
        );
        work.job(SUBMIT.of(bureau_of(row)?, RosterId::from_uuid(row.roster_id)));
        Ok(())
    }
}
