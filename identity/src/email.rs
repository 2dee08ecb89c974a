//! The e-mail address at which a person also hears of his cases. It is no name to sign in with.

use axum::{Json, extract::State};
use httpkit::{Act, Authorised, Faults, ProblemDocument, Reply};
use kernel::{
    AppError, DivisionCode, Private,
    caller::{Caller, CanApply},
    codes,
    ids::{Id as _, PersonId},
};
use serde::Deserialize;
use serde_json::json;
use store::{Command, Envelope, Loads, Work, key};
use utoipa::ToSchema;

use crate::{
    Identity, Session,
    enrol::PersonVersion,
    session::lane_of,
    session_view,
    store::{person, person_key},
    vault::{self, EMAIL, Vault},
};

/// Characters of an address, and of what stands before its `@` (RFC 5321 4.5.3.1).
const EMAIL_CHARS_MAX: usize = 254;
const LOCAL_CHARS_MAX: usize = 64;

/// Sets the address, or forgets it. Returns the version of the person.
///
/// # Errors
/// `E1002` for what is no address; when the caller is not a citizen.
pub async fn set_email(
    context: &Identity,
    caller: &Caller<CanApply>,
    envelope: Envelope,
    email: Option<Private<String>>,
) -> Result<i64, AppError> {
    let mut faults = Faults::default();
    let email = email.map(|email| email.reveal().trim().to_owned());
    if email.as_deref().is_some_and(|email| !is_email(email)) {
        faults.add("/email", &codes::E1023);
    }
    faults.done()?;
    let command = SetEmail {
        vault: context.vault().clone(),
        bureau: context.city(),
        person: caller.citizen()?.person,
        email,
    };
    let changed = context.kit().run(envelope, command).await?;
    Ok(changed.version)
}

/// Whether mail can be sent there: a name, and a domain with a dot. Only the answer to a mail
/// shows more.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let is_label = |label: &str| {
        let letters = label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        !label.is_empty() && letters && !label.starts_with('-') && !label.ends_with('-')
    };
    let is_name = |part: &str| {
        let letters = part
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte));
        !part.is_empty() && letters
    };
    text.len() <= EMAIL_CHARS_MAX
        && local.len() <= LOCAL_CHARS_MAX
        && local.split('.').all(is_name)
        && domain.contains('.')
        && domain.split('.').all(is_label)
}

struct SetEmail {
    vault: Vault,
    bureau: DivisionCode,
    person: PersonId,
    email: Option<String>,
}

impl Command for SetEmail {
    type Out = PersonVersion;
    const NAME: &'static str = "person.email";

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
        loads.row::<person::Model>(key!(self.person.uuid()));
        loads.row::<person_key::Model>(key!(self.person.uuid()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<PersonVersion, AppError> {
        let id = key!(self.person.uuid());
        let mut row = work.require::<person::Model>(&id)?.clone();
        let key_row = work.require::<person_key::Model>(&id)?.clone();
        if self.vault.open(&row, &key_row)?.email != self.email {
            let key = self.vault.key(&key_row)?;
            row.email_sealed = match &self.email {
                Some(email) => Some(vault::seal_value(
                    &key,
                    self.person,
                    EMAIL,
                    email,
                    work.entropy(),
                )?),
                None => None,
            };
            row.version += 1;
            let body = json!({ "known": self.email.is_some() });
            let (id, version) = (row.person_id, row.version);
            work.emit("person", id, version, "person.email_changed", body);
            work.put(row.clone())?;
        }
        Ok(PersonVersion {
            version: row.version,
        })
    }
}

/// The address; none forgets it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmailIn {
    email: Option<String>,
}

/// Leave an e-mail address for messages, or take it back.
#[utoipa::path(put, path = "/me/email", tag = "identity", request_body = EmailIn, params(
    ("Idempotency-Key" = String, Header, description = "Recognises a repetition"),
), responses(
    (status = 200, description = "The session", body = Session),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn update_email(
    State(context): State<Identity>,
    Authorised(caller): Authorised<CanApply>,
    act: Act<EmailIn>,
) -> Reply<Json<Session>> {
    let envelope = context.blind_envelope(&caller, &act.repetition);
    set_email(
        &context,
        &caller,
        envelope,
        act.body.email.map(Private::new),
    )
    .await?;
    let lang = caller.request().lang;
    Ok(Json(
        session_view(&context, caller.principal(), lang).await?,
    ))
}

#[cfg(test)]
mod tests {
    use super::is_email;

    #[test]
    fn an_address_has_a_name_and_a_domain_with_a_dot() {
        for good in [
            "a@b.cn",
            "wang.xiulan+hrss@mail.example.org",
            "1@x-y.example",
        ] {
            assert!(is_email(good), "{good}");
        }
        let long = format!("{}@example.org", "a".repeat(65));
        for bad in [
            "",
            "王@example.org",
            "a",
            "@b.cn",
            "a@",
            "a@b",
            "a@b..cn",
            "a@-b.cn",
            "a b@c.cn",
            "a@b@c.cn",
            ".a@b.cn",
            "a@b.cn\r\nBcc: c@d.cn",
            &long,
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
