//! A bureau's standards as files: read, checked, and handed on as data.
//!
//! [`Files::read`] takes the texts of a folder, [`Pack::check`] reads and cross-checks them and
//! tells everything that is wrong at once, each fault with its file and line. Nothing here touches
//! the database: [`crate::load_pack`] does.

mod agency;
mod calculators;
mod check;
pub(crate) mod export;
mod fault;
mod items;
mod kinds;
mod people;
mod read;
mod registers;
mod sheets;
mod source;
#[cfg(test)]
mod tests;
mod tsv;
mod wording;

use std::{collections::BTreeMap, sync::Arc};

use kernel::{
    CitizenNo, CreditCode, DivisionCode, OrgPath, Private,
    item::{ItemFacts, KeptCalculator, Words},
};
use serde_json::{Map, Value};

pub use fault::Fault;
use fault::Faults;
pub use read::Files;

use crate::calculator::CalculatorText;

/// What registers know of one subject, by the name of the register.
pub type RegisterFacts = BTreeMap<String, Value>;

/// A whole pack that passed every check.
#[derive(Clone)]
pub struct Pack {
    /// The city and its bureau.
    pub city: City,
    /// Administrative divisions.
    pub divisions: Vec<Division>,
    /// Organisations of all agencies.
    pub organisations: Vec<Organisation>,
    /// Posts and what they may do.
    pub posts: Vec<Post>,
    /// Staff of all agencies.
    pub staff: Vec<StaffMember>,
    /// Named demo citizens.
    pub people: Vec<Person>,
    /// Named demo enterprises.
    pub employers: Vec<Employer>,
    /// What the registers know of the named people.
    pub person_registers: BTreeMap<CitizenNo, RegisterFacts>,
    /// What the registers know of the named enterprises.
    pub employer_registers: BTreeMap<CreditCode, RegisterFacts>,
    /// The file that describes the generated rest of the city (crate `registers` reads it).
    pub population: String,
    /// Labels of ratings.
    pub rating_labels: Vec<RatingLabel>,
    /// The holiday notices (crate `calendar` reads them).
    pub holidays: String,
    /// What citizens are told.
    pub templates: Vec<Template>,
    /// Service items.
    pub items: Vec<Item>,
    /// Calculators.
    pub calculators: Vec<CalculatorText>,
    /// What is said beside the items, by name: everyday words, life events.
    pub sheets: BTreeMap<String, Value>,
    /// What general items do not say yet: 以窗口公布为准.
    pub gaps: Vec<Fault>,
}

/// The city whose standards these are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct City {
    /// Its division code, which is also the code of its agency.
    pub code: DivisionCode,
    /// Its name.
    pub name: Words,
    /// The bureau.
    pub bureau: Words,
    /// The telephone for every question.
    pub hotline: String,
    /// Whether its people and colleagues are made up: a pack for demos only.
    pub fictional: bool,
}

/// An administrative division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// Its code.
    pub code: DivisionCode,
    /// Its name.
    pub name: Words,
    /// The division it belongs to.
    pub parent: Option<DivisionCode>,
}

/// A place in an agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its path.
    pub path: OrgPath,
    /// Its name.
    pub name: Words,
}

/// A post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Such as `reviewer`.
    pub id: String,
    /// Its name.
    pub name: Words,
    /// Names of permissions.
    pub permissions: Vec<String>,
    /// Posts that nobody may hold beside it.
    pub incompatible: Vec<String>,
}

/// A post held in an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostHeld {
    /// The post.
    pub post: String,
    /// Where, and below.
    pub org: OrgPath,
}

/// A staff member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMember {
    /// The name he signs in with.
    pub account: String,
    /// His name among colleagues.
    pub name: String,
    /// His agency.
    pub bureau: DivisionCode,
    /// His place.
    pub org: OrgPath,
    /// His posts.
    pub posts: Vec<PostHeld>,
    /// Who he is as a citizen, for recusal.
    pub number: Option<CitizenNo>,
}

/// A named demo citizen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// His number.
    pub number: CitizenNo,
    /// His name.
    pub name: Private<String>,
    /// His mobile number.
    pub mobile: Option<Private<String>>,
    /// Whether he has an account on the portal.
    pub account: bool,
    /// Whether he agreed to electronic service.
    pub electronic_service: bool,
    /// Enterprises he may act for.
    pub agent_of: Vec<CreditCode>,
    /// What he is an example of.
    pub note: Words,
}

/// A named demo enterprise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Employer {
    /// Its code.
    pub code: CreditCode,
    /// Its name.
    pub name: String,
    /// Where it is registered.
    pub division: DivisionCode,
    /// What it is an example of.
    pub note: Words,
}

/// One label of a rating.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatingLabel {
    /// 5 (very satisfied) to 1.
    pub stars: u8,
    /// The name of the level.
    pub level: String,
    /// The level's code in GB/T 39046.
    pub standard_code: String,
    /// The label's code.
    pub code: String,
    /// The label.
    pub text: Words,
    /// Whether it is one of the core labels.
    pub core: bool,
}

/// What citizens are told about one kind of event.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// The kind of event.
    pub id: String,
    /// Title of the message.
    pub title: Words,
    /// Its text.
    pub body: Words,
    /// The short message; left out where the message box is enough.
    #[serde(default)]
    pub sms: Words,
}

/// One service item with everything that belongs to it.
#[derive(Debug, Clone)]
pub struct Item {
    /// The facts.
    pub facts: ItemFacts,
    /// The form document.
    pub form: Value,
    /// DMN XML.
    pub rules: Arc<str>,
    /// BPMN XML.
    pub flow: Arc<str>,
    /// Example applications by name.
    pub examples: BTreeMap<String, Example>,
    /// The calculators of its derived registers, by the name of the register.
    pub calculators: BTreeMap<String, KeptCalculator>,
}

/// An example application: a story that is also a test.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// `granted` or `denied`.
    pub expect: String,
    /// Citizen number of who applies, or of the agent.
    pub applicant: String,
    /// Credit code of the enterprise he acts for.
    pub employer: Option<String>,
    /// Citizen number of the other party, or of the agent who acts for it.
    #[serde(default)]
    pub other_party: Option<String>,
    /// `online` or `window`.
    pub channel: String,
    /// Values of the form.
    #[serde(default)]
    pub form: Map<String, Value>,
    /// Materials supplied with the application.
    #[serde(default)]
    pub materials: Vec<String>,
    /// What happens, in order.
    pub act: Vec<ExampleAct>,
}

/// One act of an example.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
pub struct ExampleAct {
    /// What is done.
    #[serde(rename = "do")]
    pub verb: String,
    /// `applicant`, `other_party`, or the account of a staff member.
    pub by: String,
    /// State of the case afterwards.
    pub state: String,
    /// The body of the act as in the API.
    #[serde(flatten)]
    pub body: Map<String, Value>,
}

impl Pack {
    /// Reads and checks a pack.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of files and lines.
    pub fn check(files: &Files) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        let pack = read_all(files, &mut faults);
        if let Some(pack) = &pack {
            check::whole(files, pack, &mut faults);
        }
        match (pack, faults.done()) {
            (Some(pack), (faults, gaps)) if faults.is_empty() => Ok(Self { gaps, ..pack }),
            (_, (faults, _)) => Err(faults),
        }
    }
}

fn read_all(files: &Files, faults: &mut Faults) -> Option<Pack> {
    let city = agency::city(files, faults);
    let people = people::people(files, faults);
    let employers = people::employers(files, faults);
    let calculators = calculators::calculators(files, faults);
    let mut items = items::items(files, faults);
    calculators::keep(&mut items, &calculators);
    let pack = Pack {
        divisions: agency::divisions(files, faults),
        organisations: agency::organisations(files, faults),
        posts: agency::posts(files, faults),
        staff: agency::staff(files, faults),
        person_registers: registers::of_people(files, faults),
        employer_registers: registers::of_employers(files, faults),
        population: wording::population(files, faults),
        rating_labels: wording::rating_labels(files, faults),
        holidays: wording::holidays(files, faults),
        templates: wording::templates(files, faults),
        sheets: sheets::sheets(files, &calculators, faults),
        items,
        calculators,
        gaps: Vec::new(),
        city: city?,
        people,
        employers,
    };
    Some(pack)
}
