//! Accounts that the operator makes, such as those of a demo city.

use kernel::{
    AppError, CitizenNo, DivisionCode, Entropy as _, Private, codes,
    ids::{Id as _, StaffId},
};
use serde_json::json;
use store::{Command, Loads, Work, key};

use super::loader;
use crate::{
    Identity, StaffChanged, check_strength,
    enrol::{self, Password, Wanted},
    roster::bureau_of,
    session::lane_of,
    staff,
    store::{self as sql, staff_account, staff_row},
};

/// An account to make, or to give another password.
pub enum NewAccount {
    /// Of a citizen, who is enrolled when he is not known.
    Citizen {
        /// Name.
        name: Private<String>,
        /// Citizen number.
        number: Private<CitizenNo>,
        /// Mobile number to sign in with.
        mobile: Option<Private<String>>,
        /// The password.
        password: Private<String>,
    },
    /// Of a staff member, who must be there.
    Staff {
        /// The account.
        account: String,
        /// The password.
        password: Private<String>,
    },
}

/// Makes an account, or sets the password of an existing one. Nobody's register is asked.
///
/// # Errors
/// `E1106` for a weak password, `E1012` when there is no such staff member.
pub async fn create_account(context: &Identity, account: NewAccount) -> Result<(), AppError> {
    let now = context.now();
    match account {
        NewAccount::Citizen {
            name,
            number,
            mobile,
            password,
        } => {
            check_strength(password.reveal(), number.reveal().reveal(), "/password")?;
            let wanted = Wanted {
                mobile: mobile.map(Private::into_revealed),
                password: Some(Password::Any(hash(context, password).await?)),
                ..Wanted::known_as(name.reveal(), number.into_revealed())
            };
            enrol::save(context, context.envelope_as(loader(), now), wanted).await?;
        }
        NewAccount::Staff { account, password } => {
            check_strength(password.reveal(), &account, "/password")?;
            let row = sql::account_by_name(context.store(), &account).await?;
            let row = row.ok_or_else(|| AppError::refused(&codes::E1012))?;
            let staff = StaffId::from_uuid(row.staff_id);
            staff::find(context, staff).await?;
            let command = ResetPassword {
                bureau: bureau_of("staff_account", row.staff_id, &row.bureau)?,
                staff,
                account,
                hash: hash(context, password).await?,
            };
            let envelope = context.envelope_as(loader(), now);
            context.kit().run(envelope, command).await?;
        }
    }
    Ok(())
}

async fn hash(context: &Identity, password: Private<String>) -> Result<String, AppError> {
    let mut salt = [0; 16];
    context.entropy().fill(&mut salt);
    context.hasher().turn().await?.hash(password, salt).await
}

struct ResetPassword {
    bureau: DivisionCode,
    staff: StaffId,
    account: String,
    hash: String,
}

impl Command for ResetPassword {
    type Out = StaffChanged;
    const NAME: &'static str = "account.reset_password";

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
        loads.row::<staff_account::Model>(key!(self.account.as_str()));
        loads.row::<staff_row::Model>(key!(self.bureau, self.staff.uuid()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<StaffChanged, AppError> {
        let account = key!(self.account.as_str());
        let mut stored = work.require::<staff_account::Model>(&account)?.clone();
        stored.password_hash = Some(self.hash.clone());
        stored.changed_us = work.now().as_micros();
        work.put(stored)?;
        let staff = key!(self.bureau, self.staff.uuid());
        let mut row = work.require::<staff_row::Model>(&staff)?.clone();
        row.version += 1;
        let version = row.version;
        work.put(row)?;
        let id = self.staff.uuid();
        work.emit("staff", id, version, "staff.password_changed", json!({}));
        Ok(StaffChanged {
            staff_id: self.staff,
            version,
        })
    }
}
