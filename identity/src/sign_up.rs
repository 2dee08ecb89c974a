//! A citizen whom we meet for the first time opens an account.
//!
//! Name and number are no secret: whoever knows them must not get at what somebody did at a window
//! or for his enterprise. So who is known already comes to a window with his identity card, where
//! he gets a one-time password, or signs in through an identity provider; outside a demo, whose
//! people are fictional, everybody does.

use axum::{Extension, extract::State, response::Response};
use httpkit::{Act, Authorised, Faults, ProblemDocument, Reply};
use kernel::{
    AppError, CitizenNo, Code, Entropy as _, Private,
    caller::{Anyone, Caller},
    codes,
};
use serde::Deserialize;
use store::Envelope;
use utoipa::ToSchema;

use crate::{
    ClientAddress, Identity, NewSession, Session, check_strength,
    enrol::{self, Password, Wanted},
    http,
    people::{NAME_CHARS_MAX, is_mobile},
    session::Owner,
    sign_in::{self, count_failure},
    throttle::{Attempt, Door},
};

/// A new account.
pub struct Registration {
    /// Name as in the population register.
    pub name: Private<String>,
    /// Citizen number.
    pub number: Private<CitizenNo>,
    /// Mobile number, eleven digits.
    pub mobile: Private<String>,
    /// The password.
    pub password: Private<String>,
    /// Where the request comes from, if that is known.
    pub address: Option<ClientAddress>,
}

/// Opens an account and signs its owner in.
///
/// # Errors
/// `E1106`, `E1111` when there is an account or the mobile number is taken, `E1113` when name and
/// number do not belong together, `E1118` when the person is known without an account and
/// for everybody outside a demo, `E1104` after too many tries of these two kinds.
pub async fn sign_up(
    context: &Identity,
    caller: &Caller<Anyone>,
    envelope: Envelope,
    registration: Registration,
) -> Result<NewSession, AppError> {
    let password = registration.password;
    let number = registration.number.into_revealed();
    let mobile = registration.mobile.into_revealed();
    for account in [number.reveal(), mobile.as_str()] {
        check_strength(password.reveal(), account, "/password")?;
    }
    let subject = format!("sign-up {}", number.reveal());
    let attempt = Attempt::at(
        Door::SignUp,
        context.vault(),
        &subject,
        registration.address,
    );
    let name = registration.name.into_revealed();
    check_name(context, caller, &name, &number, attempt.clone()).await?;
    // The register of a demo city is all the proof that it needs.
    let is_enough = if context.kit().demo {
        Ok(())
    } else {
        Err(AppError::refused(&codes::E1118))
    };
    counted(context, caller, attempt.clone(), &codes::E1118, is_enough).await?;
    let mut salt = [0; 16];
    context.entropy().fill(&mut salt);
    let turn = context.hasher().turn().await?;
    let hash = turn.hash(password, salt).await?;
    drop(turn);
    let wanted = Wanted {
        name,
        number,
        mobile: Some(mobile),
        password: Some(Password::New(hash)),
        electronic_service: None,
    };
    let saved = enrol::save(context, envelope, wanted).await;
    let person = counted(context, caller, attempt, &codes::E1118, saved).await?;
    sign_in::start(context, caller, Owner::Citizen(person), "password", None).await
}

/// Whether name and number belong together; nobody can try out names without end.
async fn check_name(
    context: &Identity,
    caller: &Caller<Anyone>,
    name: &str,
    number: &CitizenNo,
    attempt: Attempt,
) -> Result<(), AppError> {
    let now = context.now();
    attempt.check(context.store(), now).await?;
    let checked = enrol::check_register(context, (name, number), enrol::Teller::Other, now).await;
    counted(context, caller, attempt, &codes::E1113, checked).await
}

/// Counts the attempt as failed if this is how it was refused.
async fn counted<T>(
    context: &Identity,
    caller: &Caller<Anyone>,
    attempt: Attempt,
    code: &Code,
    result: Result<T, AppError>,
) -> Result<T, AppError> {
    if let Err(error) = &result
        && error.code() == code.id
    {
        count_failure(context, context.kit().envelope_of(caller), attempt).await?;
    }
    result
}

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountIn {
    name: String,
    citizen_no: String,
    mobile: String,
    password: String,
}

impl AccountIn {
    fn checked(
        self,
        context: &Identity,
        address: Option<Extension<ClientAddress>>,
    ) -> Result<Registration, AppError> {
        let mut faults = Faults::default();
        let name = faults.text("/name", &self.name, NAME_CHARS_MAX);
        let number = CitizenNo::parse(&self.citizen_no, context.now().day()).ok();
        if number.is_none() {
            faults.add("/citizen_no", &codes::E1025);
        }
        let mobile = self.mobile.trim();
        if !is_mobile(mobile) {
            faults.add("/mobile", &codes::E1028);
        }
        faults.done()?;
        Ok(Registration {
            name: Private::new(name),
            number: Private::new(number.ok_or_else(|| AppError::refused(&codes::E1025))?),
            mobile: Private::new(mobile.to_owned()),
            password: Private::new(self.password),
            address: address.map(|Extension(address)| address),
        })
    }
}

/// Open an account; signs its owner in and sets the cookie of the portal.
#[utoipa::path(post, path = "/accounts", tag = "identity", request_body = AccountIn, params(
    ("Idempotency-Key" = String, Header, description = "Recognises a repetition"),
), responses(
    (status = 200, description = "The session", body = Session),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn create_account(
    State(context): State<Identity>,
    Authorised(caller): Authorised<Anyone>,
    address: Option<Extension<ClientAddress>>,
    act: Act<AccountIn>,
) -> Reply<Response> {
    let envelope = context.blind_envelope(&caller, &act.repetition);
    let registration = act.body.checked(&context, address)?;
    let signed_in = sign_up(&context, &caller, envelope, registration).await?;
    Ok(http::signed_in(&context, &signed_in, caller.request().lang).await?)
}
