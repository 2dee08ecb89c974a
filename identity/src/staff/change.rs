//! Name, organisation and activity of a staff member.

use axum::extract::State;
use httpkit::{Act, Authorised, Faults, Params, ProblemDocument, Reply, Versioned};
use kernel::{
    AppError, DivisionCode, OrgPath, Refusal,
    caller::{Caller, CanManageStaff},
    codes,
    error::FieldFault,
    ids::{Id as _, StaffId},
};
use serde::Deserialize;
use serde_json::json;
use store::{Command, Envelope, Loads, Work, key};
use utoipa::ToSchema;

use super::{StaffChanged, create::agency_of, is_possible_org, managed, not_oneself};
use crate::{
    Identity,
    people::NAME_CHARS_MAX,
    roster::bureau_of,
    session::{self, lane_of},
    store::{self as sql, session as session_row, staff_row},
};

/// What a staff member is from now on.
#[derive(Debug, Clone)]
pub struct StaffChange {
    /// Name among colleagues.
    pub name: String,
    /// Organisation, of the same agency.
    pub org: OrgPath,
    /// Whether he works here; who does not has no session.
    pub active: bool,
}

/// Changes a staff member. Who leaves is signed out everywhere; `staff.left` tells others.
///
/// # Errors
/// `E1114` for oneself, `E1010` when the version is not the one seen.
pub async fn change_staff(
    context: &Identity,
    caller: &Caller<CanManageStaff>,
    envelope: Envelope,
    id: StaffId,
    version: i64,
    change: StaffChange,
) -> Result<StaffChanged, AppError> {
    not_oneself(caller.principal(), id)?;
    let row = managed(context, caller.principal(), id).await?;
    let bureau = bureau_of("staff", row.staff_id, &row.bureau)?;
    let directory = context.directory().await?;
    if !is_possible_org(&directory, caller.principal(), &change.org)
        || agency_of(&change.org)? != bureau
    {
        return Err(wrong_org());
    }
    let sessions = if change.active {
        Vec::new()
    } else {
        sql::of_staff(context.store(), id).await?
    };
    let command = ChangeStaff {
        bureau,
        staff: id,
        version,
        change,
        sessions: sessions.into_iter().map(|row| row.token_hash).collect(),
    };
    let changed = context.kit().run(envelope, command).await;
    context.book().forget_all();
    changed
}

fn wrong_org() -> AppError {
    Refusal::fields(vec![FieldFault {
        pointer: "/org".to_owned(),
        code: &codes::E1024,
        args: Vec::new(),
    }])
    .into()
}

struct ChangeStaff {
    bureau: DivisionCode,
    staff: StaffId,
    version: i64,
    change: StaffChange,
    sessions: Vec<Vec<u8>>,
}

impl Command for ChangeStaff {
    type Out = StaffChanged;
    const NAME: &'static str = "staff.change";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.staff.to_string()
    }

    fn lane(&self) -> u64 {
        lane_of(self.staff.uuid())
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<staff_row::Model>(key!(self.bureau, self.staff.uuid()));
        for hash in &self.sessions {
            loads.row::<session_row::Model>(key!(hash.clone()));
        }
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<StaffChanged, AppError> {
        let mut row = expect(work, self.bureau, self.staff, self.version)?;
        let leaves = row.active && !self.change.active;
        row.name.clone_from(&self.change.name);
        row.org = self.change.org.to_string();
        row.active = self.change.active;
        row.version += 1;
        let version = row.version;
        work.put(row)?;
        let kind = if leaves {
            "staff.left"
        } else {
            "staff.changed"
        };
        let body = json!({
            "bureau": self.bureau, "from": self.staff,
            "org": self.change.org, "active": self.change.active,
        });
        work.emit("staff", self.staff.uuid(), version, kind, body);
        for hash in &self.sessions {
            session::end(work, hash, "left")?;
        }
        Ok(StaffChanged {
            staff_id: self.staff,
            version,
        })
    }
}

/// The declared row of a staff member, if it is at the version that the caller has seen.
pub(super) fn expect(
    work: &Work<'_>,
    bureau: DivisionCode,
    staff: StaffId,
    version: i64,
) -> Result<staff_row::Model, AppError> {
    let row = work.require::<staff_row::Model>(&key!(bureau, staff.uuid()))?;
    if row.version == version {
        Ok(row.clone())
    } else {
        Err(AppError::refused(&codes::E1010))
    }
}

/// What a staff member is from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StaffChangeIn {
    name: String,
    org: String,
    active: bool,
}

/// Change name, organisation or activity of a staff member.
#[utoipa::path(put, path = "/staff/{staff_id}", tag = "identity", request_body = StaffChangeIn, params(
    ("staff_id" = StaffId, Path, description = "The staff member"),
    ("Idempotency-Key" = String, Header, description = "Recognises a repetition"),
    ("If-Match" = String, Header, description = "The version that was seen"),
), responses(
    (status = 200, description = "Changed", body = StaffChanged),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn update_staff_member(
    State(context): State<Identity>,
    Authorised(caller): Authorised<CanManageStaff>,
    Params(id): Params<StaffId>,
    act: Act<StaffChangeIn>,
) -> Reply<Versioned<StaffChanged>> {
    let version = act.version()?;
    let mut faults = Faults::default();
    let name = faults.text("/name", &act.body.name, NAME_CHARS_MAX);
    let org = faults.parse("/org", &act.body.org, &codes::E1024);
    faults.done()?;
    let change = StaffChange {
        name,
        org: org.ok_or_else(wrong_org)?,
        active: act.body.active,
    };
    let envelope = context.kit().envelope(&caller, &act.repetition);
    let changed = change_staff(&context, &caller, envelope, id, version, change).await?;
    Ok(Versioned(changed.version, changed))
}
