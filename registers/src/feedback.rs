//! What granted cases change in the registers: somebody is registered as unemployed, draws a
//! benefit, or holds a licence. Each is a job, because other bodies keep these registers.

use std::sync::Arc;

use jiff::ToSpan as _;
use kernel::{
    AppError, CitizenNo, Date, DivisionCode, Timestamp,
    ids::{CaseId, EmployerId, Id as _, PersonId},
    ports::{Applications, EmployerCard, Parties},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{
    Command, Envelope, Loads, Work,
    jobs::{Handler, Handlers, Lease, Subscriptions},
    key,
};

use crate::{
    EmployerSituation, Registers, Situation,
    adapter::envelope,
    dictionary::{BENEFIT, EMPLOYMENT, INSURANCE, LICENCE},
    record::Facts,
    store::{enterprise, person},
    vault::Vault,
};

const CASE_GRANTED: &str = "registers.case_granted";
/// 失业登记
const REGISTRATION: &str = "JY-009";
/// 失业保险金申领
const BENEFIT_CLAIM: &str = "SB-084";
/// 劳务派遣经营许可
const DISPATCH_LICENCE: &str = "LD-001";
/// 企业职工参保登记
const ENROLMENT: &str = "SB-003";
/// Months that a dispatch licence is valid (劳务派遣行政许可实施办法 art. 14).
const DISPATCH_MONTHS: i64 = 36;

/// The jobs of this adapter. `parties` tells the numbers behind ids, `applications` what a case is
/// about.
pub fn jobs(
    registers: Registers,
    parties: Arc<dyn Parties>,
    applications: Arc<dyn Applications>,
) -> Handlers {
    let handler: Arc<dyn Handler> = Arc::new(CaseGranted {
        registers,
        parties,
        applications,
    });
    Handlers::from([(CASE_GRANTED, handler)])
}

/// The events this adapter listens to.
pub fn subscriptions() -> Subscriptions {
    Subscriptions::default().on("case.granted", CASE_GRANTED)
}

struct CaseGranted {
    registers: Registers,
    parties: Arc<dyn Parties>,
    applications: Arc<dyn Applications>,
}

/// The part of the event that matters here.
#[derive(Deserialize)]
struct Granted {
    id: uuid::Uuid,
    at: Timestamp,
    body: GrantedBody,
}

#[derive(Deserialize)]
struct GrantedBody {
    item: String,
    case_no: Option<String>,
    owner: Owner,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Owner {
    Person { person: PersonId },
    Enterprise { employer: EmployerId },
}

/// What becomes of the facts.
enum Change {
    /// Registered as unemployed on a day.
    Registered(Date),
    /// Draws unemployment benefit.
    Drawing,
    /// Holds a licence for labour dispatch.
    Licensed { no: String, from: Date },
    /// An employer pays his insurance.
    Enrolled { employer: EmployerCard },
}

impl Handler for CaseGranted {
    fn run<'a>(
        &'a self,
        lease: &'a Lease,
        now: Timestamp,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<(), AppError>> + Send + 'a>> {
        Box::pin(self.take_over(lease, now))
    }
}

impl CaseGranted {
    async fn take_over(&self, lease: &Lease, now: Timestamp) -> Result<(), AppError> {
        let granted: Granted = lease.read()?;
        let day = granted.at.day();
        let envelope = Envelope {
            lease: Some(lease.clone()),
            ..envelope(now, seed_of(lease))
        };
        match (granted.body.item.as_str(), granted.body.owner) {
            (REGISTRATION, Owner::Person { person }) => {
                self.person(envelope, person, Change::Registered(day)).await
            }
            (BENEFIT_CLAIM, Owner::Person { person }) => {
                self.person(envelope, person, Change::Drawing).await
            }
            (DISPATCH_LICENCE, Owner::Enterprise { employer }) => {
                let no = granted.body.case_no.unwrap_or_default();
                let change = Change::Licensed { no, from: day };
                self.enterprise(envelope, employer, change).await
            }
            (ENROLMENT, Owner::Enterprise { employer }) => {
                let case = CaseId::from_uuid(granted.id);
                self.enrolled(envelope, lease.bureau, case, employer).await
            }
            _ => Ok(()),
        }
    }

    /// The employee whom a case is about is insured with the enterprise.
    async fn enrolled(
        &self,
        envelope: Envelope,
        bureau: DivisionCode,
        case: CaseId,
        employer: EmployerId,
    ) -> Result<(), AppError> {
        let mut cards = self.parties.employers(&[employer]).await?;
        let form = self.applications.form(bureau, case).await?;
        let (Some(employer), Some(form)) = (cards.remove(&employer), form) else {
            return Ok(());
        };
        let number = form.reveal().get("citizen_no");
        let number = number.and_then(Value::as_str);
        let Some(number) = number.and_then(|text| text.parse::<CitizenNo>().ok()) else {
            return Ok(());
        };
        let change = Change::Enrolled { employer };
        self.change(envelope, case.to_string(), &number, change)
            .await
    }

    async fn person(
        &self,
        envelope: Envelope,
        person: PersonId,
        change: Change,
    ) -> Result<(), AppError> {
        let cards = self.parties.persons(&[person]).await?;
        let Some(card) = cards.get(&person) else {
            return Ok(());
        };
        let number = card.number.reveal();
        self.change(envelope, person.to_string(), number, change)
            .await
    }

    async fn change(
        &self,
        envelope: Envelope,
        subject: String,
        number: &CitizenNo,
        change: Change,
    ) -> Result<(), AppError> {
        let vault = Arc::clone(&self.registers.vault);
        let command = ChangePerson {
            bureau: self.registers.bureau,
            subject,
            hashes: vault.hashes(number).collect(),
            vault,
            change,
        };
        self.registers
            .executor
            .run(envelope, command)
            .await
            .map(drop)
    }

    async fn enterprise(
        &self,
        envelope: Envelope,
        employer: EmployerId,
        change: Change,
    ) -> Result<(), AppError> {
        let cards = self.parties.employers(&[employer]).await?;
        let Some(card) = cards.get(&employer) else {
            return Ok(());
        };
        let command = ChangeEnterprise {
            bureau: self.registers.bureau,
            code: card.credit_code.clone(),
            change,
        };
        self.registers
            .executor
            .run(envelope, command)
            .await
            .map(drop)
    }
}

/// A seed that no other run of a job has: the job and its fencing token name the run.
fn seed_of(lease: &Lease) -> [u8; 32] {
    let mut name = b"registers.case_granted".to_vec();
    name.extend_from_slice(lease.job.uuid().as_bytes());
    name.extend_from_slice(&lease.fence.to_be_bytes());
    seal::sm3(&name)
}

impl Change {
    fn apply(&self, facts: &mut Facts) {
        match self {
            Self::Registered(day) => {
                let empty = json!({
                    "last_end_date": null,
                    "end_reason": null,
                    "end_reason_text": null,
                    "end_employer": null,
                });
                let known = facts.entry(EMPLOYMENT.to_owned()).or_insert(empty);
                set(known, "registered_unemployed", true.into());
                set(known, "registered_on", day.to_string().into());
            }
            Self::Drawing => {
                let empty = json!({ "pension": false });
                let known = facts.entry(BENEFIT.to_owned()).or_insert(empty);
                set(known, "unemployment_active", true.into());
            }
            Self::Licensed { no, from } => {
                let until = from.saturating_add(DISPATCH_MONTHS.months());
                let dispatch = json!({ "no": no, "valid_until": until.to_string() });
                let known = facts.entry(LICENCE.to_owned()).or_insert_with(|| json!({}));
                set(known, "dispatch", dispatch);
            }
            Self::Enrolled { employer } => {
                let empty = json!({
                    "unemployment_months": 0,
                    "pension_months": 0,
                    "last_employer": null,
                    "last_employer_code": null,
                    "last_paid_month": null,
                    "claimed_months": 0,
                    "monthly_benefit_fen": 0,
                });
                let known = facts.entry(INSURANCE.to_owned()).or_insert(empty);
                set(known, "active", true.into());
                set(known, "active_employer", employer.name.as_str().into());
            }
        }
    }
}

fn set(facts: &mut Value, name: &str, value: Value) {
    if let Some(facts) = facts.as_object_mut() {
        facts.insert(name.to_owned(), value);
    }
}

#[derive(Serialize, Deserialize)]
struct Changed {
    version: i64,
}

struct ChangePerson {
    bureau: DivisionCode,
    /// The person, or the case that is about him.
    subject: String,
    hashes: Vec<Vec<u8>>,
    vault: Arc<Vault>,
    change: Change,
}

impl Command for ChangePerson {
    type Out = Changed;
    const NAME: &'static str = "registers.change_person";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.subject.clone()
    }

    fn lane(&self) -> u64 {
        let hash = self.hashes.first().and_then(|hash| hash.first_chunk());
        hash.map_or(0, |bytes: &[u8; 8]| u64::from_be_bytes(*bytes))
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        for hash in &self.hashes {
            loads.row::<person::Model>(key!(hash.clone()));
        }
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Changed, AppError> {
        let mut found = None;
        for hash in &self.hashes {
            found = found.or(work.get::<person::Model>(&key!(hash.clone()))?.cloned());
        }
        // Somebody whom the registers do not know, such as a person from another city.
        let Some(mut row) = found else {
            return Ok(Changed { version: 0 });
        };
        let mut record = self.vault.open(&row)?;
        self.change.apply(&mut record.facts);
        let situation = Situation::of(&record.facts);
        situation.as_str().clone_into(&mut row.situation);
        row.sealed = self.vault.seal(&record, &row.number_hash, work.entropy())?;
        row.version += 1;
        let version = row.version;
        work.put(row)?;
        Ok(Changed { version })
    }
}

struct ChangeEnterprise {
    bureau: DivisionCode,
    code: String,
    change: Change,
}

impl Command for ChangeEnterprise {
    type Out = Changed;
    const NAME: &'static str = "registers.change_enterprise";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.code.clone()
    }

    fn lane(&self) -> u64 {
        0
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<enterprise::Model>(key!(self.code.as_str()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Changed, AppError> {
        let key = key!(self.code.as_str());
        let Some(mut row) = work.get::<enterprise::Model>(&key)?.cloned() else {
            return Ok(Changed { version: 0 });
        };
        let mut facts: Facts = serde_json::from_str(&row.facts)
            .map_err(|fault| kernel::error::Broken::caused("facts of an enterprise", fault))?;
        self.change.apply(&mut facts);
        let situation = EmployerSituation::of(&facts);
        situation.as_str().clone_into(&mut row.situation);
        row.facts = seal::canonical_json(&json!(facts));
        row.version += 1;
        let version = row.version;
        work.put(row)?;
        Ok(Changed { version })
    }
}
