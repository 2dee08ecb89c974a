//! A pack is loaded, and accounts are made by the operator. Both may be run again.

mod accounts;
mod reference;

use kernel::{
    AppError, CitizenNo, OrgPath,
    caller::{Actor, PERMISSIONS, Rule},
    codes,
    error::Broken,
    ids::{Id as _, StaffId},
    item::Words,
};

pub use accounts::{NewAccount, create_account};

use crate::{
    Identity, employers,
    employers::{Change, ChangeAgent},
    enrol::{self, Wanted},
    people::{self, AccountName},
    staff::{CreateStaff, agency_of, is_account},
    store as sql,
};

/// Who acts while a pack is loaded.
const LOADER: &str = "pack.load";

/// An organisation of a pack.
#[derive(Debug, Clone)]
pub struct PackOrganisation {
    /// Its path.
    pub path: OrgPath,
    /// Its name.
    pub name: Words,
}

/// A post of a pack.
#[derive(Debug, Clone)]
pub struct PackPost {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Words,
    /// What it may do.
    pub permissions: Vec<String>,
    /// Posts that nobody may hold beside it; it is enough that one of two names the other.
    pub incompatible: Vec<String>,
}

/// A staff member of a pack.
#[derive(Clone)]
pub struct PackStaff {
    /// Account.
    pub account: String,
    /// Name among colleagues.
    pub name: String,
    /// Organisation.
    pub org: OrgPath,
    /// Posts, each with the organisation where it holds.
    pub posts: Vec<(String, OrgPath)>,
    /// Citizen number, if his person is to be known.
    pub number: Option<CitizenNo>,
}

/// A person of a pack.
#[derive(Clone)]
pub struct PackPerson {
    /// Name.
    pub name: String,
    /// Citizen number.
    pub number: CitizenNo,
    /// Mobile number.
    pub mobile: Option<String>,
    /// Whether he agreed to electronic service.
    pub electronic_service: bool,
}

/// An agent of a pack: the first ones of an enterprise come from nowhere else.
#[derive(Clone)]
pub struct PackAgent {
    /// The enterprise, as the enterprise register knows it.
    pub credit_code: String,
    /// The citizen number of a person of the pack.
    pub number: CitizenNo,
}

/// What a pack says about people and organisations.
#[derive(Clone, Default)]
pub struct Pack {
    /// Organisations of all agencies.
    pub organisations: Vec<PackOrganisation>,
    /// Posts in the order of the staff page.
    pub posts: Vec<PackPost>,
    /// Staff.
    pub staff: Vec<PackStaff>,
    /// People.
    pub people: Vec<PackPerson>,
    /// Agents.
    pub agents: Vec<PackAgent>,
}

/// What a load has added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Loaded {
    /// Staff created.
    pub staff: usize,
    /// People enrolled or given a mobile number or a consent.
    pub people: usize,
    /// Agents added.
    pub agents: usize,
}

/// Loads a pack. Organisations and posts become what the pack says. Staff, people and agents are
/// added where they are missing; who is there already stays as the administrators have made him.
///
/// # Errors
/// Broken, with the place in the pack, when the pack contradicts itself.
pub async fn load_pack(context: &Identity, pack: &Pack) -> Result<Loaded, AppError> {
    check(pack)?;
    reference::load(context, pack).await?;
    let mut loaded = Loaded::default();
    for person in &pack.people {
        loaded.people += usize::from(load_person(context, person).await?);
    }
    for staff in &pack.staff {
        loaded.staff += usize::from(load_staff(context, staff).await?);
    }
    for agent in &pack.agents {
        loaded.agents += usize::from(load_agent(context, agent).await?);
    }
    context.book().forget_all();
    Ok(loaded)
}

fn check(pack: &Pack) -> Result<(), Broken> {
    let post = |id: &str| pack.posts.iter().find(|post| post.id == id);
    for one in &pack.posts {
        for permission in &one.permissions {
            let is_known = PERMISSIONS
                .iter()
                .any(|(name, rule, _)| name == permission && *rule == Rule::Granted);
            ensure(is_known, || {
                format!("post {}: no permission {permission}", one.id)
            })?;
        }
        for other in &one.incompatible {
            ensure(post(other).is_some(), || {
                format!("post {}: no post {other}", one.id)
            })?;
        }
    }
    let exists = |org: &OrgPath| pack.organisations.iter().any(|one| one.path == *org);
    for (at, staff) in pack.staff.iter().enumerate() {
        let who = &staff.account;
        ensure(is_account(who), || format!("staff {who}: not an account"))?;
        let is_same = |other: &&PackStaff| {
            staff.number.is_some()
                && other.number == staff.number
                && agency_of(&other.org).ok() == agency_of(&staff.org).ok()
        };
        let other = pack.staff.iter().skip(at + 1).find(is_same);
        ensure(other.is_none(), || {
            format!("staff {who}: another account is the same person's")
        })?;
        ensure(exists(&staff.org), || {
            format!("staff {who}: no organisation {}", staff.org)
        })?;
        for (at, (id, org)) in staff.posts.iter().enumerate() {
            ensure(exists(org), || {
                format!("staff {who}: no organisation {org}")
            })?;
            let held = post(id).ok_or_else(|| Broken::new(format!("staff {who}: no post {id}")))?;
            let meets = staff.posts.iter().skip(at + 1).find(|(other, _)| {
                held.incompatible.contains(other)
                    || post(other).is_some_and(|other| other.incompatible.contains(id))
            });
            ensure(meets.is_none(), || {
                format!("staff {who}: {id} must not meet another post")
            })?;
        }
    }
    Ok(())
}

fn ensure(holds: bool, fault: impl FnOnce() -> String) -> Result<(), Broken> {
    if holds {
        Ok(())
    } else {
        Err(Broken::new(fault()))
    }
}

fn loader() -> Actor {
    Actor::System(LOADER.to_owned())
}

async fn load_person(context: &Identity, person: &PackPerson) -> Result<bool, AppError> {
    let number = AccountName::Number(person.number.clone());
    if let Some(known) = people::find(context, &number).await? {
        let card = people::card_of(context, known).await?;
        if card.is_some_and(|card| card.mobile.is_some() || person.mobile.is_none()) {
            return Ok(false);
        }
    }
    let wanted = Wanted {
        mobile: person.mobile.clone(),
        electronic_service: person.electronic_service.then_some(true),
        ..Wanted::known_as(&person.name, person.number.clone())
    };
    let envelope = context.envelope_as(loader(), context.now());
    enrol::save(context, envelope, wanted).await?;
    Ok(true)
}

async fn load_staff(context: &Identity, staff: &PackStaff) -> Result<bool, AppError> {
    let known = sql::account_by_name(context.store(), &staff.account).await?;
    if known.is_some() {
        return Ok(false);
    }
    let person = match &staff.number {
        Some(number) => {
            let envelope = context.envelope_as(loader(), context.now());
            let wanted = Wanted::known_as(&staff.name, number.clone());
            Some(enrol::save(context, envelope, wanted).await?)
        }
        None => None,
    };
    let envelope = context.envelope_as(loader(), context.now());
    let command = CreateStaff {
        bureau: agency_of(&staff.org)?,
        staff: StaffId::new(envelope.now, &mut context.entropy()),
        account: staff.account.clone(),
        name: staff.name.clone(),
        org: staff.org.clone(),
        person,
        password_hash: None,
        posts: staff.posts.clone(),
    };
    context.kit().run(envelope, command).await?;
    Ok(true)
}

async fn load_agent(context: &Identity, agent: &PackAgent) -> Result<bool, AppError> {
    let number = AccountName::Number(agent.number.clone());
    let person = people::find(context, &number).await?;
    let person = person.ok_or_else(|| AppError::refused(&codes::E1012))?;
    let envelope = context.envelope_as(loader(), context.now());
    let employer = employers::enrol(context, envelope, &agent.credit_code).await?;
    if sql::is_agent(context.store(), employer, person).await? {
        return Ok(false);
    }
    let command = ChangeAgent {
        bureau: context.city(),
        employer,
        person,
        by: None,
        change: Change::Add,
    };
    let envelope = context.envelope_as(loader(), context.now());
    context.kit().run(envelope, command).await?;
    Ok(true)
}
