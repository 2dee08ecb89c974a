//! From a pack to the contexts: reading, loading, and the demo city's fictional people.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::{Context as _, anyhow, bail};
use casework::Agency;
use catalog::{
    PackLoaded, Publication,
    pack::{Fault, Files, Pack, PostHeld},
};
use identity::{DemoPerson, DemoStaff, NewAccount, create_account};
use kernel::{
    AppError, Caller, CitizenNo, DivisionCode, Principal, Private, Timestamp,
    caller::{CanManageJobs, Request},
    ids::{Id as _, RequestId},
    item::Words,
};
use registers::{EmployerRecord, PersonRecord, population};

use crate::App;

/// The password of demo accounts, printed at the start of a demo.
pub const DEMO_PASSWORD: &str = "Yunchuan-2026";
/// The seed of the demo city's generated people.
const POPULATION_SEED: u64 = 1;

/// Reads and checks a pack.
///
/// # Errors
/// Every fault of it, one line each.
pub fn read_pack(folder: &Path) -> anyhow::Result<Pack> {
    let read = Files::read(folder).map_err(|faults| told_all(&faults));
    read.and_then(|files| check_pack(&files))
        .with_context(|| folder.display().to_string())
}

/// Checks the files of a pack.
///
/// # Errors
/// Every fault, one line each.
pub fn check_pack(files: &Files) -> anyhow::Result<Pack> {
    Pack::check(files).map_err(|faults| told_all(&faults))
}

fn told_all(faults: &[Fault]) -> anyhow::Error {
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    anyhow!("{} faults:\n{}", lines.len(), lines.join("\n"))
}

/// The agencies of a pack: roots of organisations.
pub fn agencies(pack: &Pack) -> BTreeMap<DivisionCode, Agency> {
    let root = |code: &DivisionCode| {
        pack.organisations
            .iter()
            .find(|one| one.path.as_str() == code.to_string())
    };
    pack.divisions
        .iter()
        .filter_map(|division| {
            let name = root(&division.code)?.name.clone();
            let first: String = division.name.zh.chars().take(1).collect();
            let name = if division.code == pack.city.code {
                pack.city.bureau.clone()
            } else {
                name
            };
            Some((
                division.code,
                Agency {
                    name,
                    mark: format!("{first}人社"),
                },
            ))
        })
        .collect()
}

/// The names of the organisations of a pack, by path.
pub fn organisation_names(pack: &Pack) -> BTreeMap<String, Words> {
    let organisations = pack.organisations.iter();
    organisations
        .map(|one| (one.path.to_string(), one.name.clone()))
        .collect()
}

/// The proof under which the operator loads a pack.
///
/// # Errors
/// Never in practice: the system may.
pub fn operator() -> Result<Caller<CanManageJobs>, AppError> {
    let request = Request {
        id: RequestId::from_uuid(uuid::Uuid::nil()),
        lang: kernel::Lang::Zh,
        station: None,
    };
    Caller::prove(Principal::System("operator"), request)
}

/// Loads a pack into every context. Loading it again changes nothing.
///
/// # Errors
/// When a context refuses it.
pub async fn load(app: &App, pack: &Pack) -> anyhow::Result<()> {
    let publication = Publication::From(app.kit.clock.now().day());
    load_as(app, pack, publication).await.map(drop)
}

/// Loads a pack, its items published from a day on or as drafts. Drafts alone change nothing else.
///
/// # Errors
/// When a context refuses it.
pub async fn load_as(
    app: &App,
    pack: &Pack,
    publication: Publication,
) -> anyhow::Result<PackLoaded> {
    load_with(app, pack, publication, || generated(pack)).await
}

/// Loads a pack with the people and employers it names, without the generated rest of the city.
///
/// # Errors
/// When a context refuses it.
pub async fn load_named(app: &App, pack: &Pack) -> anyhow::Result<()> {
    let nobody = population::City {
        people: Vec::new(),
        employers: Vec::new(),
    };
    let publication = Publication::From(app.kit.clock.now().day());
    load_with(app, pack, publication, || Ok(nobody))
        .await
        .map(drop)
}

async fn load_with(
    app: &App,
    pack: &Pack,
    publication: Publication,
    rest: impl FnOnce() -> anyhow::Result<population::City>,
) -> anyhow::Result<PackLoaded> {
    let now = app.kit.clock.now();
    let operator = operator().map_err(told)?;
    let loaded = catalog::load_pack(&app.catalog, &operator, pack, publication)
        .await
        .map_err(told)?;
    if publication == Publication::Draft {
        return Ok(loaded);
    }
    if app.kit.demo {
        load_registers(app, pack, rest()?, now).await?;
    }
    identity::load_pack(&app.identity, &people_of(app, pack))
        .await
        .map_err(told)?;
    Ok(loaded)
}

async fn load_registers(
    app: &App,
    pack: &Pack,
    city: population::City,
    now: Timestamp,
) -> anyhow::Result<()> {
    let named_people = pack
        .person_registers
        .iter()
        .map(|(number, facts)| PersonRecord {
            number: number.clone(),
            facts: facts.clone(),
        });
    let named_employers = pack
        .employer_registers
        .iter()
        .map(|(code, facts)| EmployerRecord {
            code: code.clone(),
            facts: facts.clone(),
        });
    let people = named_people
        .chain(city.people.into_iter().map(|one| one.record))
        .collect();
    let employers = named_employers.chain(city.employers).collect();
    app.registers
        .load(people, employers, now, (app.kit.seeds)())
        .await
        .map_err(told)?;
    Ok(())
}

/// The generated rest of the demo city.
///
/// # Errors
/// When the parameters have faults.
pub fn generated(pack: &Pack) -> anyhow::Result<population::City> {
    let params = population::Population::read(&pack.population)
        .map_err(|faults| anyhow!("population.toml: {faults:?}"))?;
    let employer_names = pack.employers.iter().map(|one| one.name.clone()).collect();
    let people = pack.people.iter();
    let named = population::Named {
        numbers: people.clone().map(|one| one.number.clone()).collect(),
        names: people
            .clone()
            .map(|one| one.name.reveal().clone())
            .chain(pack.staff.iter().map(|one| one.name.clone()))
            .collect(),
        codes: pack.employers.iter().map(|one| one.code.clone()).collect(),
        employer_names,
        mobiles: people
            .filter_map(|one| one.mobile.as_ref().map(|mobile| mobile.reveal().clone()))
            .collect::<BTreeSet<_>>(),
    };
    Ok(population::generate(&params, POPULATION_SEED, &named))
}

fn people_of(app: &App, pack: &Pack) -> identity::Pack {
    let staff = pack.staff.iter().map(|one| identity::PackStaff {
        account: one.account.clone(),
        name: one.name.clone(),
        org: one.org.clone(),
        posts: one
            .posts
            .iter()
            .map(|held| (held.post.clone(), held.org.clone()))
            .collect(),
        number: one.number.clone(),
    });
    let organisations = pack
        .organisations
        .iter()
        .map(|one| identity::PackOrganisation {
            path: one.path.clone(),
            name: one.name.clone(),
        });
    let posts = pack.posts.iter().map(|one| identity::PackPost {
        id: one.id.clone(),
        name: one.name.clone(),
        permissions: one.permissions.clone(),
        incompatible: one.incompatible.clone(),
    });
    let mut people = Vec::new();
    let mut agents = Vec::new();
    // Fictional people exist in demo databases only; so do fictional colleagues.
    if app.kit.demo {
        // Whoever has no account, no mobile number and no enterprise was never here before.
        let is_known = |one: &&catalog::pack::Person| {
            one.account || one.mobile.is_some() || !one.agent_of.is_empty()
        };
        for one in pack.people.iter().filter(is_known) {
            people.push(identity::PackPerson {
                name: one.name.reveal().clone(),
                number: one.number.clone(),
                mobile: one.mobile.as_ref().map(|mobile| mobile.reveal().clone()),
                electronic_service: one.electronic_service,
            });
            agents.extend(one.agent_of.iter().map(|code| identity::PackAgent {
                credit_code: code.to_string(),
                number: one.number.clone(),
            }));
        }
    }
    identity::Pack {
        organisations: organisations.collect(),
        posts: posts.collect(),
        staff: if app.kit.demo || !pack.city.fictional {
            staff.collect()
        } else {
            Vec::new()
        },
        people,
        agents,
    }
}

/// Gives every demo citizen and colleague the demo password.
///
/// # Errors
/// When this is no demo database.
pub async fn demo_accounts(app: &App, pack: &Pack) -> anyhow::Result<()> {
    if !app.kit.demo {
        bail!("demo accounts exist only in a database created with --demo");
    }
    let password = || Private::new(DEMO_PASSWORD.to_owned());
    for one in pack.people.iter().filter(|one| one.account) {
        let account = NewAccount::Citizen {
            name: one.name.clone(),
            number: Private::new(one.number.clone()),
            mobile: one.mobile.clone(),
            password: password(),
        };
        create_account(&app.identity, account).await.map_err(told)?;
    }
    for one in &pack.staff {
        let account = NewAccount::Staff {
            account: one.account.clone(),
            password: password(),
        };
        create_account(&app.identity, account).await.map_err(told)?;
    }
    Ok(())
}

/// The people the demo provider vouches for.
pub fn demo_people(pack: &Pack) -> (Vec<DemoPerson>, Vec<DemoStaff>) {
    let people = pack
        .people
        .iter()
        .filter(|one| one.account)
        .map(|one| DemoPerson {
            name: one.name.clone(),
            number: Private::<CitizenNo>::new(one.number.clone()),
            role: one.note.clone(),
        });
    let post = |id: &str| pack.posts.iter().find(|post| post.id == id);
    let place = |path: &str| {
        pack.organisations
            .iter()
            .find(|org| org.path.as_str() == path)
    };
    let staff = pack.staff.iter().map(|one| {
        // Who holds a post twice holds it in two places.
        let twice = |held: &PostHeld| {
            one.posts
                .iter()
                .filter(|other| other.post == held.post)
                .count()
                > 1
        };
        let posts = one.posts.iter().filter_map(|held| {
            let name = &post(&held.post)?.name;
            let org = place(held.org.as_str()).filter(|_| twice(held));
            Some(match org {
                Some(org) => (
                    format!("{}（{}）", name.zh, org.name.zh),
                    format!("{} ({})", name.en, org.name.en),
                ),
                None => (name.zh.clone(), name.en.clone()),
            })
        });
        let (zh, en): (Vec<String>, Vec<String>) = posts.unzip();
        let org = place(one.org.as_str())
            .map(|org| org.name.clone())
            .unwrap_or_default();
        DemoStaff {
            account: one.account.clone(),
            name: one.name.clone(),
            role: Words {
                zh: format!("{}，{}", org.zh, zh.join("、")),
                en: format!("{}, {}", org.en, en.join(", ")),
            },
        }
    });
    (people.collect(), staff.collect())
}

/// An error of a context, told to the operator.
pub fn told(error: AppError) -> anyhow::Error {
    match error {
        AppError::Refused(refusal) => {
            let lang = kernel::Lang::En;
            let fields: Vec<String> = refusal
                .field_faults()
                .iter()
                .map(|fault| format!("{} {}", fault.pointer, fault.title(lang)))
                .collect();
            anyhow!(
                "{} {}: {} {}",
                refusal.code().id,
                refusal.title(lang),
                refusal.advice(lang),
                fields.join("; ")
            )
        }
        AppError::Broken(broken) => anyhow::Error::new(broken),
    }
}
