//! Signing in: by password, or through an identity provider.

use axum::{Extension, extract::State, response::Response};
use httpkit::{Authorised, Faults, Input, ProblemDocument, Reply, caller::Surface};
use kernel::{
    AppError, DivisionCode, Principal, Private,
    caller::{Actor, Anyone, Caller},
    codes,
    ids::{Id as _, SessionId, StaffId},
    limits::LINE_CHARS_MAX,
};
use serde::Deserialize;
use store::Envelope;
use utoipa::ToSchema;

use crate::{
    ClientAddress, Identified, Identity, Session, book,
    enrol::{self, Wanted},
    http,
    one_time::{self, Replacement},
    own_sessions,
    people::{self, AccountName},
    roster::bureau_of,
    session::{Owner, Proof, StartSession},
    store::{self as sql, session, staff_account},
    throttle::{Attempt, CountFailure, Door},
};

/// Sessions one owner may have at once: more than the devices anybody uses; the oldest ends.
const SESSIONS_PER_OWNER_MAX: usize = 20;

/// An account with its password.
pub struct Credentials {
    /// Citizen number or mobile number; or the account of a staff member.
    pub account: String,
    /// The password.
    pub password: Private<String>,
    /// What a citizen puts in the place of a one-time password from a window.
    pub new_password: Option<Private<String>>,
    /// Where the attempt comes from, if that is known.
    pub address: Option<ClientAddress>,
}

/// A session that begins.
#[derive(Debug)]
pub struct NewSession {
    /// The token, for the cookie and nothing else.
    pub token: Private<String>,
    /// Which cookie.
    pub surface: Surface,
}

/// Signs a citizen in. An account that does not exist is refused like a wrong password, after the
/// same work. A one-time password signs nobody in: with it comes the password that takes its place.
///
/// # Errors
/// `E1103`, or `E1104` after too many failures; `E1116` for a one-time password without a new one,
/// `E1106` for a weak new one.
pub async fn sign_in_citizen(
    context: &Identity,
    caller: &Caller<Anyone>,
    credentials: Credentials,
) -> Result<NewSession, AppError> {
    let name = AccountName::parse(&credentials.account, context.now().day());
    let known = match &name {
        Some(name) => people::find(context, name).await?,
        None => None,
    };
    let subject = match known {
        Some(person) => Owner::Citizen(person).printed(),
        None => format!("portal {}", credentials.account.trim()),
    };
    let attempt = Attempt::at(Door::Portal, context.vault(), &subject, credentials.address);
    let account = match known {
        Some(person) => sql::account_of(context.store(), person).await?,
        None => None,
    };
    let until = account.as_ref().and_then(|row| row.one_time_until_us);
    let checked = Checked {
        owner: known.map(Owner::Citizen),
        is_one_time: until.is_some(),
        hash: account.and_then(|row| one_time::hash_at(row, context.now())),
        name: None,
    };
    by_password(context, caller, credentials, attempt, checked).await
}

/// Signs a staff member in.
///
/// # Errors
/// `E1103`, or `E1104` after too many failures.
pub async fn sign_in_staff(
    context: &Identity,
    caller: &Caller<Anyone>,
    credentials: Credentials,
) -> Result<NewSession, AppError> {
    let account = credentials.account.trim().to_lowercase();
    let subject = format!("workbench {account}");
    let attempt = Attempt::at(
        Door::Workbench,
        context.vault(),
        &subject,
        credentials.address,
    );
    let row = sql::account_by_name(context.store(), &account).await?;
    let checked = Checked {
        owner: row.as_ref().map(staff_owner).transpose()?,
        hash: row.and_then(|row| row.password_hash),
        is_one_time: false,
        name: Some(account),
    };
    by_password(context, caller, credentials, attempt, checked).await
}

/// Signs in whoever an identity provider vouches for.
///
/// # Errors
/// `E1108` when there is no such provider or it does not know the ticket.
pub async fn sign_in_with_provider(
    context: &Identity,
    caller: &Caller<Anyone>,
    provider: &str,
    ticket: &str,
) -> Result<NewSession, AppError> {
    let unknown = || AppError::refused(&codes::E1108);
    let found = context.providers().iter().find(|p| p.id() == provider);
    let found = found.ok_or_else(unknown)?;
    let owner = match found.redeem(ticket).await?.ok_or_else(unknown)? {
        Identified::Citizen { name, number } => {
            let wanted = Wanted::known_as(name.reveal(), number.into_revealed());
            let now = context.now();
            enrol::check_register(
                context,
                (&wanted.name, &wanted.number),
                enrol::Teller::Other,
                now,
            )
            .await?;
            let envelope = context.kit().envelope_of(caller);
            Owner::Citizen(enrol::save(context, envelope, wanted).await?)
        }
        Identified::Staff { account } => {
            let row = sql::account_by_name(context.store(), &account).await?;
            staff_owner(&row.ok_or_else(unknown)?)?
        }
    };
    start(context, caller, owner, found.id(), None).await
}

/// Whose account it is, and the hash that the password must fit.
struct Checked {
    owner: Option<Owner>,
    hash: Option<String>,
    /// Whether it is of a one-time password, which only serves to choose another.
    is_one_time: bool,
    /// The account name of a staff member.
    name: Option<String>,
}

fn staff_owner(row: &staff_account::Model) -> Result<Owner, AppError> {
    let bureau = bureau_of("staff_account", row.staff_id, &row.bureau)?;
    Ok(Owner::Staff(bureau, StaffId::from_uuid(row.staff_id)))
}

async fn by_password(
    context: &Identity,
    caller: &Caller<Anyone>,
    credentials: Credentials,
    attempt: Attempt,
    checked: Checked,
) -> Result<NewSession, AppError> {
    let (store, password) = (context.store(), credentials.password);
    if let Some(address) = &attempt.address
        && address.rests(store, context.now()).await?
    {
        context.queue().wait(&address.hash).await?;
    }
    // The turn is held until a failure is counted: guesses sent at once do not pass the limit.
    let turn = context.hasher().turn().await?;
    attempt.account.check(store, context.now()).await?;
    let fits = turn.fits(password.clone(), checked.hash.clone()).await?;
    if let (true, Some(owner), Some(mut hash)) = (fits, checked.owner, checked.hash) {
        if let (true, Owner::Citizen(person)) = (checked.is_one_time, owner) {
            let replacement = Replacement {
                person,
                old: password,
                verified: hash,
                new: credentials.new_password,
            };
            hash = one_time::replace(context, caller, &turn, replacement).await?;
        }
        let proof = Proof {
            failures: attempt.account.clone(),
            name: checked.name,
            hash,
        };
        match start(context, caller, owner, "password", Some(proof)).await {
            // The colleague has left, or the password is another by now: the same answer as for a
            // wrong password, counted as well.
            Err(error) if error.code() == codes::E1103.id => {}
            other => return other,
        }
    }
    count_failure(context, context.kit().envelope_of(caller), attempt).await?;
    drop(turn);
    Err(AppError::refused(&codes::E1103))
}

/// Counts a failed attempt.
pub(crate) async fn count_failure(
    context: &Identity,
    envelope: Envelope,
    attempt: Attempt,
) -> Result<(), AppError> {
    let bureau = context.city();
    let command = CountFailure { bureau, attempt };
    context.kit().run(envelope, command).await.map(drop)
}

/// Begins a session and ends the one that this browser had.
pub(crate) async fn start(
    context: &Identity,
    caller: &Caller<Anyone>,
    owner: Owner,
    means: &str,
    proof: Option<Proof>,
) -> Result<NewSession, AppError> {
    let (token, hash) = book::new_token(&context.kit().seeds);
    let (bureau, actor, surface) = of_owner(context, owner);
    let sweep = to_sweep(context, owner).await?;
    let command = StartSession {
        owner,
        bureau,
        token_hash: hash.to_vec(),
        means: means.to_owned(),
        proof,
        sweep: sweep.clone(),
    };
    let envelope = Envelope {
        actor,
        ..context.kit().envelope_of(caller)
    };
    context.kit().run(envelope, command).await?;
    if !sweep.is_empty() {
        context.book().forget_tokens(&sweep);
    }
    // One browser may hold a citizen's session and a staff member's: they do not end each other.
    if is_same_kind(caller.principal(), owner)
        && let Some(earlier) = session_of(caller.principal())
    {
        own_sessions::end(context, caller, earlier, "signed_in_again").await?;
    }
    Ok(NewSession { token, surface })
}

const fn is_same_kind(principal: &Principal, owner: Owner) -> bool {
    matches!(
        (principal, owner),
        (Principal::Citizen(_), Owner::Citizen(_)) | (Principal::Staff(_), Owner::Staff(..))
    )
}

fn of_owner(context: &Identity, owner: Owner) -> (DivisionCode, Actor, Surface) {
    match owner {
        Owner::Citizen(person) => (context.city(), Actor::Person(person), Surface::Portal),
        Owner::Staff(bureau, staff) => (bureau, Actor::Staff(staff), Surface::Workbench),
    }
}

/// The session of a principal.
pub(crate) const fn session_of(principal: &Principal) -> Option<SessionId> {
    match principal {
        Principal::Citizen(citizen) => Some(citizen.session),
        Principal::Staff(staff) => Some(staff.session),
        Principal::Stranger | Principal::System(_) => None,
    }
}

/// All sessions of an owner, newest first, ended ones too.
pub(crate) async fn sessions_of(
    context: &Identity,
    owner: Owner,
) -> Result<Vec<session::Model>, AppError> {
    Ok(match owner {
        Owner::Citizen(person) => sql::of_person(context.store(), person).await?,
        Owner::Staff(_, staff) => sql::of_staff(context.store(), staff).await?,
    })
}

async fn to_sweep(context: &Identity, owner: Owner) -> Result<Vec<Vec<u8>>, AppError> {
    let now = context.now();
    let rows = sessions_of(context, owner).await?;
    let (running, ended): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .partition(|row| book::end_of_row(context.book(), row) > now);
    let too_many = running.into_iter().skip(SESSIONS_PER_OWNER_MAX - 1);
    Ok(ended
        .into_iter()
        .chain(too_many)
        .map(|row| row.token_hash)
        .collect())
}

/// Sign-in of a citizen by password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CitizenSignIn {
    /// Citizen number or mobile number.
    account: String,
    password: String,
    /// The password from now on, when `password` is a one-time password from a window (`E1116`);
    /// it counts in no other case.
    new_password: Option<String>,
}

impl CitizenSignIn {
    fn checked(self, address: Option<Extension<ClientAddress>>) -> Result<Credentials, AppError> {
        let Self {
            account,
            password,
            new_password,
        } = self;
        let credentials = PasswordSignIn { account, password }.checked(address)?;
        Ok(Credentials {
            new_password: new_password.map(Private::new),
            ..credentials
        })
    }
}

/// Sign-in by password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordSignIn {
    /// The account.
    account: String,
    password: String,
}

impl PasswordSignIn {
    fn checked(self, address: Option<Extension<ClientAddress>>) -> Result<Credentials, AppError> {
        let mut faults = Faults::default();
        let account = faults.text("/account", &self.account, LINE_CHARS_MAX);
        if self.password.is_empty() {
            faults.add("/password", &codes::E1020);
        }
        faults.done()?;
        Ok(Credentials {
            account,
            password: Private::new(self.password),
            new_password: None,
            address: address.map(|Extension(address)| address),
        })
    }
}

/// Sign-in through a provider.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProviderSignIn {
    provider: String,
    ticket: String,
}

/// Sign a citizen in; sets the cookie of the portal.
#[utoipa::path(post, path = "/session/citizen", tag = "identity", request_body = CitizenSignIn, responses(
    (status = 200, description = "The session", body = Session),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn create_citizen_session(
    State(context): State<Identity>,
    Authorised(caller): Authorised<Anyone>,
    address: Option<Extension<ClientAddress>>,
    Input(body): Input<CitizenSignIn>,
) -> Reply<Response> {
    let signed_in = sign_in_citizen(&context, &caller, body.checked(address)?).await?;
    Ok(http::signed_in(&context, &signed_in, caller.request().lang).await?)
}

/// Sign a staff member in; sets the cookie of the workbench.
#[utoipa::path(post, path = "/session/staff", tag = "identity", request_body = PasswordSignIn, responses(
    (status = 200, description = "The session", body = Session),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn create_staff_session(
    State(context): State<Identity>,
    Authorised(caller): Authorised<Anyone>,
    address: Option<Extension<ClientAddress>>,
    Input(body): Input<PasswordSignIn>,
) -> Reply<Response> {
    let signed_in = sign_in_staff(&context, &caller, body.checked(address)?).await?;
    Ok(http::signed_in(&context, &signed_in, caller.request().lang).await?)
}

/// Sign in through an identity provider; sets the cookie of the surface it vouches for.
#[utoipa::path(post, path = "/session/provider", tag = "identity", request_body = ProviderSignIn, responses(
    (status = 200, description = "The session", body = Session),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn create_provider_session(
    State(context): State<Identity>,
    Authorised(caller): Authorised<Anyone>,
    Input(body): Input<ProviderSignIn>,
) -> Reply<Response> {
    let signed_in = sign_in_with_provider(&context, &caller, &body.provider, &body.ticket).await?;
    Ok(http::signed_in(&context, &signed_in, caller.request().lang).await?)
}

/// The owner of the caller's session.
pub(crate) fn owner_of(principal: &Principal) -> Result<Owner, AppError> {
    match principal {
        Principal::Citizen(citizen) => Ok(Owner::Citizen(citizen.person)),
        Principal::Staff(staff) => Ok(Owner::Staff(staff.bureau, staff.staff)),
        Principal::Stranger | Principal::System(_) => Err(AppError::refused(&codes::E1101)),
    }
}
