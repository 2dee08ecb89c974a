//! 演示身份: lets anybody become one of the fictional people of a demo city.

use kernel::{CitizenNo, Private, item::Words, ports::Answer};

use crate::{
    Identified, IdentityProvider, ProviderIdentity,
    book::{PORTAL, WORKBENCH},
};

/// A fictional citizen.
#[derive(Clone)]
pub struct DemoPerson {
    /// Name.
    pub name: Private<String>,
    /// Citizen number.
    pub number: Private<CitizenNo>,
    /// What he is good for in a demonstration.
    pub role: Words,
}

/// A fictional colleague.
#[derive(Debug, Clone)]
pub struct DemoStaff {
    /// Account.
    pub account: String,
    /// Name.
    pub name: String,
    /// His post and organisation.
    pub role: Words,
}

/// The provider for demonstration. The context takes it in a demo database only.
pub struct DemoProvider {
    people: Vec<DemoPerson>,
    staff: Vec<DemoStaff>,
}

impl DemoProvider {
    /// A provider that vouches for these.
    pub const fn new(people: Vec<DemoPerson>, staff: Vec<DemoStaff>) -> Self {
        Self { people, staff }
    }

    fn find(&self, ticket: &str) -> Option<Identified> {
        if let Some(account) = ticket.strip_prefix("staff-") {
            let known = self.staff.iter().find(|staff| staff.account == account)?;
            return Some(Identified::Staff {
                account: known.account.clone(),
            });
        }
        let number: usize = ticket.strip_prefix("person-")?.parse().ok()?;
        let person = self.people.get(number.checked_sub(1)?)?;
        Some(Identified::Citizen {
            name: person.name.clone(),
            number: person.number.clone(),
        })
    }
}

impl IdentityProvider for DemoProvider {
    fn id(&self) -> &'static str {
        "demo"
    }

    fn name(&self) -> Words {
        Words {
            zh: "演示身份".to_owned(),
            en: "Demo identity provider".to_owned(),
        }
    }

    fn note(&self) -> Words {
        Words {
            zh: "仅用于演示城市：人物均为虚构，不核验任何人的真实身份。".to_owned(),
            en: "For the demo city only: everybody is fictional, nobody's identity is verified."
                .to_owned(),
        }
    }

    fn is_demo(&self) -> bool {
        true
    }

    fn identities(&self) -> Vec<ProviderIdentity> {
        let people = (1..).zip(&self.people).map(|(n, person)| ProviderIdentity {
            ticket: format!("person-{n}"),
            label: Words {
                zh: person.name.reveal().clone(),
                en: String::new(),
            },
            surface: PORTAL,
            role: person.role.clone(),
        });
        let staff = self.staff.iter().map(|staff| ProviderIdentity {
            ticket: format!("staff-{}", staff.account),
            label: Words {
                zh: staff.name.clone(),
                en: String::new(),
            },
            surface: WORKBENCH,
            role: staff.role.clone(),
        });
        people.chain(staff).collect()
    }

    fn redeem<'a>(&'a self, ticket: &'a str) -> Answer<'a, Option<Identified>> {
        Box::pin(async move { Ok(self.find(ticket)) })
    }
}
