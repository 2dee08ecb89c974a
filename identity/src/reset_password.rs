//! A citizen who forgot his password, or who has no account and must prove who he is to get one,
//! comes to a window with his identity card and gets a one-time password. All his sessions end; who
//! gave it stands in the audit log.

use axum::{
    Json,
    extract::State,
    http::{HeaderName, HeaderValue, header},
};
use httpkit::{Act, Authorised, Faults, ProblemDocument, Reply};
use kernel::{
    AppError, CitizenNo, DivisionCode, Entropy as _, Private, Timestamp,
    caller::{Caller, CanResetPasswords},
    codes,
    ids::{Id as _, PersonId},
    limits::ONE_TIME_PASSWORD_HOURS,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Command, Loads, Work, key};
use utoipa::ToSchema;

use crate::{
    Identity,
    enrol::{self, PersonVersion, Wanted},
    one_time,
    people::{self, AccountName, NAME_CHARS_MAX},
    session::{self, Owner, lane_of},
    sign_in::sessions_of,
    store::{account, person, session as session_row, throttle},
    throttle::Attempt,
};

/// A one-time password, for the screen and the slip of this window and nothing else.
#[derive(Serialize, ToSchema)]
pub struct OneTimePassword {
    /// The password.
    pub one_time_password: String,
    /// Until when it can be exchanged for one of the citizen's own.
    pub valid_until: Timestamp,
}

/// Gives a citizen whose identity card the clerk holds a one-time password.
///
/// # Errors
/// `E1113` when name and number do not belong together, `E1114` for the clerk's own.
pub async fn reset_password(
    context: &Identity,
    caller: &Caller<CanResetPasswords>,
    name: &Private<String>,
    number: &Private<CitizenNo>,
) -> Result<OneTimePassword, AppError> {
    let number = number.reveal();
    enrol::check_register(
        context,
        (name.reveal(), number),
        enrol::Teller::Staff,
        context.now(),
    )
    .await?;
    let person = enrolled(context, caller, name.reveal(), number).await?;
    if caller.staff()?.person == Some(person) {
        return Err(AppError::refused(&codes::E1114));
    }
    let one_time_password = one_time::write(&mut context.entropy());
    let mut salt = [0; 16];
    context.entropy().fill(&mut salt);
    let turn = context.hasher().turn().await?;
    let hash = turn
        .hash(Private::new(one_time_password.clone()), salt)
        .await?;
    drop(turn);
    let owner = Owner::Citizen(person);
    let sessions = sessions_of(context, owner).await?;
    let envelope = context.kit().envelope_of(caller);
    let valid_until = envelope.now.plus_seconds(ONE_TIME_PASSWORD_HOURS * 3_600);
    let command = ResetAtWindow {
        bureau: context.city(),
        person,
        hash,
        valid_until,
        failures: Attempt::inside(context.vault(), &owner.printed())
            .account
            .hash,
        sessions: sessions.into_iter().map(|row| row.token_hash).collect(),
    };
    let done = context.kit().run(envelope, command).await;
    context.book().forget_all();
    done.map(|_: PersonVersion| OneTimePassword {
        one_time_password,
        valid_until,
    })
}

/// The person with this number, who becomes known here if he is not.
async fn enrolled(
    context: &Identity,
    caller: &Caller<CanResetPasswords>,
    name: &str,
    number: &CitizenNo,
) -> Result<PersonId, AppError> {
    let account = AccountName::Number(number.clone());
    if let Some(person) = people::find(context, &account).await? {
        return Ok(person);
    }
    let wanted = Wanted::known_as(name, number.clone());
    enrol::save(context, context.kit().envelope_of(caller), wanted).await
}

struct ResetAtWindow {
    bureau: DivisionCode,
    person: PersonId,
    hash: String,
    valid_until: Timestamp,
    /// Failed sign-ins, which are forgotten.
    failures: Vec<u8>,
    sessions: Vec<Vec<u8>>,
}

impl Command for ResetAtWindow {
    type Out = PersonVersion;
    const NAME: &'static str = "account.reset_at_window";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.person.to_string()
    }

    fn lane(&self) -> u64 {
        lane_of(self.person.uuid())
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        for hash in &self.sessions {
            loads.row::<session_row::Model>(key!(hash.clone()));
        }
        loads.row::<throttle::Model>(key!(self.failures.clone()));
        loads.row::<account::Model>(key!(self.person.uuid()));
        loads.row::<person::Model>(key!(self.person.uuid()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<PersonVersion, AppError> {
        let id = self.person.uuid();
        let kind = match work.get::<account::Model>(&key!(id))? {
            Some(_) => "person.password_reset",
            None => "person.account_opened",
        };
        work.put(account::Model {
            person_id: id,
            password_hash: self.hash.clone(),
            changed_us: work.now().as_micros(),
            one_time_until_us: Some(self.valid_until.as_micros()),
        })?;
        work.remove::<throttle::Model>(key!(self.failures.clone()));
        for hash in &self.sessions {
            session::end(work, hash, "password_reset")?;
        }
        let mut row = work.require::<person::Model>(&key!(id))?.clone();
        row.version += 1;
        let version = row.version;
        work.emit("person", id, version, kind, json!({}));
        work.put(row)?;
        Ok(PersonVersion { version })
    }
}

/// Whose password; both are read from the identity card.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordResetIn {
    /// Name.
    name: String,
    /// Citizen number.
    citizen_no: String,
}

impl PasswordResetIn {
    fn checked(
        self,
        context: &Identity,
    ) -> Result<(Private<String>, Private<CitizenNo>), AppError> {
        let mut faults = Faults::default();
        let name = faults.text("/name", &self.name, NAME_CHARS_MAX);
        let number = CitizenNo::parse(&self.citizen_no, context.now().day()).ok();
        if number.is_none() {
            faults.add("/citizen_no", &codes::E1025);
        }
        faults.done()?;
        let number = number.ok_or_else(|| AppError::refused(&codes::E1025))?;
        Ok((Private::new(name), Private::new(number)))
    }
}

/// Give a citizen at the window a one-time password, and an account if he has none; all his sessions end.
#[utoipa::path(post, path = "/counter/password-resets", tag = "identity", request_body = PasswordResetIn, params(
    ("Idempotency-Key" = String, Header, description = "Required like everywhere; a repetition gives another password, and the last one counts"),
), responses(
    (status = 200, description = "To be shown once", body = OneTimePassword),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn create_password_reset(
    State(context): State<Identity>,
    Authorised(caller): Authorised<CanResetPasswords>,
    act: Act<PasswordResetIn>,
) -> Reply<([(HeaderName, HeaderValue); 1], Json<OneTimePassword>)> {
    // An answer kept for a repetition would be a password kept: this one is decided anew.
    let (name, number) = act.body.checked(&context)?;
    let given = reset_password(&context, &caller, &name, &number).await?;
    let no_store = HeaderValue::from_static("no-store");
    Ok(([(header::CACHE_CONTROL, no_store)], Json(given)))
}
