//! Changing one's own password. Every other session of the account ends.

use axum::extract::State;
use httpkit::{Act, Authorised, ProblemDocument, Reply, Versioned};
use kernel::{
    AppError, DivisionCode, Entropy as _, Principal, Private, Refusal,
    caller::{Caller, SignedIn},
    codes,
    error::FieldFault,
    ids::Id as _,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Command, Envelope, Loads, Work, key};
use utoipa::ToSchema;

use crate::{
    Identity, check_strength, one_time, people,
    session::{self, Owner, lane_of},
    sign_in::{count_failure, owner_of, session_of, sessions_of},
    staff,
    store::{self as sql, account, person, session as session_row, staff_account, staff_row},
    throttle::Attempt,
};

/// A change of password.
pub struct NewPassword {
    /// The password so far.
    pub old: Private<String>,
    /// The password from now on.
    pub new: Private<String>,
}

/// The version of the person or staff member afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PasswordChanged {
    /// Version.
    pub version: i64,
}

/// The account whose password changes.
struct Account {
    owner: Owner,
    /// Account name of a staff member.
    name: Option<String>,
    /// What the password must not contain.
    words: Vec<String>,
    /// Names the account to the throttle.
    subject: String,
    hash: Option<String>,
}

/// Changes the password of the caller.
///
/// # Errors
/// `E1002` with `E1103` at `/old`, `E1104` after too many failures, `E1106` for a weak new one.
pub async fn change_password(
    context: &Identity,
    caller: &Caller<SignedIn>,
    envelope: Envelope,
    passwords: NewPassword,
) -> Result<PasswordChanged, AppError> {
    let account = account_of(context, caller.principal()).await?;
    for word in &account.words {
        check_strength(passwords.new.reveal(), word, "/new")?;
    }
    let attempt = Attempt::inside(context.vault(), &account.subject);
    let turn = context.hasher().turn().await?;
    attempt.check(context.store(), context.now()).await?;
    let fits = turn.fits(passwords.old, account.hash.clone()).await?;
    let mut salt = [0; 16];
    context.entropy().fill(&mut salt);
    let current = session_of(caller.principal()).map(kernel::ids::Id::uuid);
    let others = sessions_of(context, account.owner).await?;
    let command = SetPassword {
        bureau: match account.owner {
            Owner::Citizen(_) => context.city(),
            Owner::Staff(bureau, _) => bureau,
        },
        owner: account.owner,
        name: account.name,
        verified: account.hash.filter(|_| fits),
        hash: turn.hash(passwords.new, salt).await?,
        sessions: others
            .iter()
            .filter(|row| Some(row.session_id) != current)
            .map(|row| row.token_hash.clone())
            .collect(),
    };
    let changed = context.kit().run(envelope, command).await;
    if changed.is_err() && !fits {
        count_failure(context, context.kit().envelope_of(caller), attempt).await?;
    }
    context.book().forget_all();
    changed
}

async fn account_of(context: &Identity, principal: &Principal) -> Result<Account, AppError> {
    let owner = owner_of(principal)?;
    match owner {
        Owner::Citizen(person) => {
            let card = people::card_of(context, person).await?;
            let card = card.ok_or_else(|| AppError::refused(&codes::E1012))?;
            let mobile = card.mobile.map(Private::into_revealed);
            let row = sql::account_of(context.store(), person).await?;
            Ok(Account {
                owner,
                name: None,
                words: mobile
                    .into_iter()
                    .chain([card.number.reveal().reveal().to_owned()])
                    .collect(),
                subject: owner.printed(),
                hash: row.and_then(|row| one_time::hash_at(row, context.now())),
            })
        }
        Owner::Staff(_, staff) => {
            let row = staff::find(context, staff).await?;
            let account = sql::account_by_name(context.store(), &row.account).await?;
            Ok(Account {
                owner,
                words: vec![row.account.clone()],
                subject: format!("workbench {}", row.account),
                name: Some(row.account),
                hash: account.and_then(|account| account.password_hash),
            })
        }
    }
}

/// A new password takes the place of the old one.
pub(crate) struct SetPassword {
    pub bureau: DivisionCode,
    pub owner: Owner,
    /// Account name of a staff member.
    pub name: Option<String>,
    /// The hash that the old password fitted; none when it did not.
    pub verified: Option<String>,
    pub hash: String,
    /// Sessions to end.
    pub sessions: Vec<Vec<u8>>,
}

impl SetPassword {
    fn wrong() -> AppError {
        Refusal::fields(vec![FieldFault {
            pointer: "/old".to_owned(),
            code: &codes::E1103,
            args: Vec::new(),
        }])
        .into()
    }

    /// Whether the stored hash is still the one that the old password fitted.
    fn check(&self, stored: Option<&str>) -> Result<(), AppError> {
        match (&self.verified, stored) {
            (Some(verified), Some(stored)) if verified == stored => Ok(()),
            (Some(_), _) => Err(AppError::refused(&codes::E1010)),
            (None, _) => Err(Self::wrong()),
        }
    }

    fn set_for_citizen(&self, work: &mut Work<'_>, id: uuid::Uuid) -> Result<i64, AppError> {
        let stored = work.get::<account::Model>(&key!(id))?.cloned();
        self.check(stored.as_ref().map(|row| row.password_hash.as_str()))?;
        work.put(account::Model {
            person_id: id,
            password_hash: self.hash.clone(),
            changed_us: work.now().as_micros(),
            one_time_until_us: None,
        })?;
        let mut row = work.require::<person::Model>(&key!(id))?.clone();
        row.version += 1;
        let version = row.version;
        work.emit("person", id, version, "person.password_changed", json!({}));
        work.put(row)?;
        Ok(version)
    }

    fn set_for_staff(
        &self,
        work: &mut Work<'_>,
        bureau: DivisionCode,
        id: uuid::Uuid,
    ) -> Result<i64, AppError> {
        let name = key!(self.name.as_deref().unwrap_or_default());
        let mut stored = work.require::<staff_account::Model>(&name)?.clone();
        self.check(stored.password_hash.as_deref())?;
        stored.password_hash = Some(self.hash.clone());
        stored.changed_us = work.now().as_micros();
        work.put(stored)?;
        let mut row = work.require::<staff_row::Model>(&key!(bureau, id))?.clone();
        row.version += 1;
        let version = row.version;
        work.emit("staff", id, version, "staff.password_changed", json!({}));
        work.put(row)?;
        Ok(version)
    }
}

impl Command for SetPassword {
    type Out = PasswordChanged;
    const NAME: &'static str = "account.change_password";

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
        for hash in &self.sessions {
            loads.row::<session_row::Model>(key!(hash.clone()));
        }
        match self.owner {
            Owner::Citizen(person) => {
                loads.row::<account::Model>(key!(person.uuid()));
                loads.row::<person::Model>(key!(person.uuid()));
            }
            Owner::Staff(bureau, staff) => {
                let name = self.name.as_deref().unwrap_or_default();
                loads.row::<staff_account::Model>(key!(name));
                loads.row::<staff_row::Model>(key!(bureau, staff.uuid()));
            }
        }
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<PasswordChanged, AppError> {
        let version = match self.owner {
            Owner::Citizen(person) => self.set_for_citizen(work, person.uuid())?,
            Owner::Staff(bureau, staff) => self.set_for_staff(work, bureau, staff.uuid())?,
        };
        for hash in &self.sessions {
            session::end(work, hash, "password_changed")?;
        }
        Ok(PasswordChanged { version })
    }
}

/// Old and new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordIn {
    old: String,
    new: String,
}

/// Change one's own password; every other session of the account ends.
#[utoipa::path(put, path = "/me/password", tag = "identity", request_body = PasswordIn, params(
    ("Idempotency-Key" = String, Header, description = "Recognises a repetition"),
), responses(
    (status = 200, description = "Changed", body = PasswordChanged),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn update_password(
    State(context): State<Identity>,
    Authorised(caller): Authorised<SignedIn>,
    act: Act<PasswordIn>,
) -> Reply<Versioned<PasswordChanged>> {
    let envelope = context.blind_envelope(&caller, &act.repetition);
    let passwords = NewPassword {
        old: Private::new(act.body.old),
        new: Private::new(act.body.new),
    };
    let changed = change_password(&context, &caller, envelope, passwords).await?;
    Ok(Versioned(changed.version, changed))
}
