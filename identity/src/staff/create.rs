//! A new staff member.

use axum::extract::State;
use httpkit::{Act, Authorised, Faults, ProblemDocument, Reply, Versioned};
use kernel::{
    AppError, CitizenNo, DivisionCode, Entropy as _, OrgPath, Private,
    caller::{Caller, CanManageStaff},
    codes,
    ids::{Id as _, PersonId, StaffId},
};
use serde::Deserialize;
use serde_json::json;
use store::{Command, Envelope, Loads, Work, key};
use utoipa::ToSchema;

use super::{StaffChanged, is_possible_org};
use crate::{
    Identity, check_strength,
    enrol::{self, Wanted},
    people::NAME_CHARS_MAX,
    store::{staff_account, staff_post, staff_row},
};

/// A new staff member.
pub struct NewStaff {
    /// Account, in small letters.
    pub account: String,
    /// Name among colleagues.
    pub name: String,
    /// Organisation.
    pub org: OrgPath,
    /// First password.
    pub password: Private<String>,
    /// Citizen number, so that he never handles his own case.
    pub number: Option<Private<CitizenNo>>,
}

/// Creates a staff member without posts. One person has one account in an agency: with two he could
/// review with one what he accepted with the other.
///
/// # Errors
/// `E1002` when the organisation is outside what the caller manages, `E1106`, `E1111`, `E1113`,
/// `E1119` when the person has an account in this agency, even one that is switched off.
pub async fn create_staff(
    context: &Identity,
    caller: &Caller<CanManageStaff>,
    envelope: Envelope,
    new: NewStaff,
) -> Result<StaffChanged, AppError> {
    let directory = context.directory().await?;
    let mut faults = Faults::default();
    if !is_account(&new.account) {
        faults.add("/account", &codes::E1023);
    }
    if !is_possible_org(&directory, caller.principal(), &new.org) {
        faults.add("/org", &codes::E1024);
    }
    faults.done()?;
    check_strength(new.password.reveal(), &new.account, "/password")?;
    let person = match new.number {
        Some(number) => {
            let number = number.into_revealed();
            enrol::check_register(
                context,
                (&new.name, &number),
                enrol::Teller::Staff,
                context.now(),
            )
            .await?;
            let enrolling = context.kit().envelope_of(caller);
            Some(enrol::save(context, enrolling, Wanted::known_as(&new.name, number)).await?)
        }
        None => None,
    };
    let mut salt = [0; 16];
    context.entropy().fill(&mut salt);
    let turn = context.hasher().turn().await?;
    let hash = turn.hash(new.password, salt).await?;
    drop(turn);
    let command = CreateStaff {
        bureau: agency_of(&new.org)?,
        staff: StaffId::new(envelope.now, &mut context.entropy()),
        account: new.account,
        name: new.name,
        org: new.org,
        person,
        password_hash: Some(hash),
        posts: Vec::new(),
    };
    context.kit().run(envelope, command).await
}

/// Small letters, digits, dots and dashes, a letter first.
pub(crate) fn is_account(text: &str) -> bool {
    (2..=32).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|b| {
            b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_')
        })
}

/// The agency of an organisation: the first part of its path.
pub(crate) fn agency_of(org: &OrgPath) -> Result<DivisionCode, AppError> {
    let root = org.as_str().split('/').next().unwrap_or_default();
    root.parse().map_err(|_| {
        kernel::error::Broken::new(format!("organisation {org} does not begin with an agency"))
            .into()
    })
}

/// A staff member is created, with posts when a pack says so.
pub(crate) struct CreateStaff {
    pub bureau: DivisionCode,
    pub staff: StaffId,
    pub account: String,
    pub name: String,
    pub org: OrgPath,
    pub person: Option<PersonId>,
    pub password_hash: Option<String>,
    pub posts: Vec<(String, OrgPath)>,
}

impl Command for CreateStaff {
    type Out = StaffChanged;
    const NAME: &'static str = "staff.create";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.staff.to_string()
    }

    fn lane(&self) -> u64 {
        self.account.bytes().map(u64::from).sum()
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<staff_account::Model>(key!(self.account.as_str()));
        loads.row::<staff_row::Model>(key!(self.bureau, self.staff.uuid()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<StaffChanged, AppError> {
        let account = key!(self.account.as_str());
        if work.get::<staff_account::Model>(&account)?.is_some() {
            return Err(AppError::refused(&codes::E1111));
        }
        work.put(staff_account::Model {
            account: self.account.clone(),
            bureau: self.bureau.to_string(),
            staff_id: self.staff.uuid(),
            password_hash: self.password_hash.clone(),
            changed_us: work.now().as_micros(),
        })?;
        work.put(staff_row::Model {
            bureau: self.bureau.to_string(),
            staff_id: self.staff.uuid(),
            account: self.account.clone(),
            name: self.name.clone(),
            org: self.org.to_string(),
            person_id: self.person.map(PersonId::uuid),
            active: true,
            version: 1,
        })?;
        for (post, org) in &self.posts {
            work.append(staff_post::Model {
                bureau: self.bureau.to_string(),
                staff_id: self.staff.uuid(),
                post: post.clone(),
                org: org.to_string(),
            });
        }
        let body = json!({"org": self.org});
        work.emit("staff", self.staff.uuid(), 1, "staff.created", body);
        Ok(StaffChanged {
            staff_id: self.staff,
            version: 1,
        })
    }
}

/// A new staff member.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StaffIn {
    account: String,
    name: String,
    org: String,
    password: String,
    citizen_no: Option<String>,
}

impl StaffIn {
    fn checked(self, context: &Identity) -> Result<NewStaff, AppError> {
        let mut faults = Faults::default();
        let name = faults.text("/name", &self.name, NAME_CHARS_MAX);
        let org = faults.parse("/org", &self.org, &codes::E1024);
        let today = context.now().day();
        let number = self
            .citizen_no
            .as_deref()
            .map(str::trim)
            .filter(|no| !no.is_empty());
        let number = number.and_then(|no| {
            let parsed = CitizenNo::parse(no, today).ok();
            if parsed.is_none() {
                faults.add("/citizen_no", &codes::E1025);
            }
            parsed
        });
        faults.done()?;
        Ok(NewStaff {
            account: self.account.trim().to_lowercase(),
            name,
            org: org.ok_or_else(|| AppError::refused(&codes::E1024))?,
            password: Private::new(self.password),
            number: number.map(Private::new),
        })
    }
}

/// Create a staff member without posts.
#[utoipa::path(post, path = "/staff", tag = "identity", request_body = StaffIn, params(
    ("Idempotency-Key" = String, Header, description = "Recognises a repetition"),
), responses(
    (status = 200, description = "Created", body = StaffChanged),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn create_staff_member(
    State(context): State<Identity>,
    Authorised(caller): Authorised<CanManageStaff>,
    act: Act<StaffIn>,
) -> Reply<Versioned<StaffChanged>> {
    let envelope = context.blind_envelope(&caller, &act.repetition);
    let new = act.body.checked(&context)?;
    let changed = create_staff(&context, &caller, envelope, new).await?;
    Ok(Versioned(changed.version, changed))
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_account_is_a_short_word_in_small_letters() {
        for good in ["zhoumin", "li.juan", "a1", "he-zhen_2"] {
            assert!(super::is_account(good), "{good}");
        }
        for bad in ["", "a", "1a", "Zhou", "周敏", "a b", &"x".repeat(33)] {
            assert!(!super::is_account(bad), "{bad}");
        }
    }
}
