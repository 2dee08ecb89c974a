//! What a context asks of others. Batch by design: never one call per row.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    pin::Pin,
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    caller::{OrgPath, Principal},
    citizen_no::CitizenNo,
    division::DivisionCode,
    error::AppError,
    ids::{CaseId, EmployerId, PersonId, StaffId},
    item::{ItemCode, ItemEdition, Suspension},
    private::Private,
    time::Timestamp,
};

/// A future that a port returns.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, AppError>> + Send + 'a>>;

/// Who is behind a session token (implemented by `identity`).
pub trait Sessions: Send + Sync {
    /// The principal of a token; an unknown, ended or revoked token is `Stranger`.
    fn resolve<'a>(&'a self, token: &'a str, now: Timestamp) -> Answer<'a, Principal>;
}

/// Tells people apart who need not be known here (implemented by `identity`).
pub trait Subjects: Send + Sync {
    /// A lasting id of a person by his number, among what concerns an enterprise or everybody. The
    /// number cannot be told from it, nor one enterprise's from another's.
    fn subject(&self, among: Option<EmployerId>, number: &CitizenNo) -> uuid::Uuid;
}

/// Slows down who guesses at what only the holder of a paper knows (implemented by `identity`).
pub trait Throttle: Send + Sync {
    /// The seconds for which this address still rests after too many wrong guesses at `what`.
    fn rest<'a>(
        &'a self,
        what: &'static str,
        from: std::net::IpAddr,
        now: Timestamp,
    ) -> Answer<'a, Option<i64>>;
    /// Counts one wrong guess at `what` from this address.
    fn count<'a>(
        &'a self,
        what: &'static str,
        from: std::net::IpAddr,
        now: Timestamp,
    ) -> Answer<'a, ()>;
}

/// Message boxes (implemented by `messages`).
pub trait Mailboxes: Send + Sync {
    /// How many messages of a person are unread.
    fn unread(&self, person: PersonId) -> Answer<'_, i64>;
}

/// What citizens said of their cases (implemented by `voice`).
pub trait Ratings: Send + Sync {
    /// Which of these cases, each with the code of its agency, have been rated.
    fn rated<'a>(&'a self, cases: &'a [(String, CaseId)]) -> Answer<'a, BTreeSet<CaseId>>;
}

/// Published items (implemented by `catalog`). In memory: no IO.
pub trait Items: Send + Sync {
    /// The edition in force, whether new cases are taken or not.
    fn current(&self, code: &ItemCode) -> Option<Arc<ItemEdition>>;
    /// The edition in force, or else the last one there was: what an item is called, also after its end.
    fn known(&self, code: &ItemCode) -> Option<Arc<ItemEdition>>;
    /// Why no new cases of an item are taken, while that is so.
    fn suspension(&self, code: &ItemCode) -> Option<Suspension>;
    /// A given edition, for running cases.
    fn edition(&self, code: &ItemCode, edition: i32) -> Option<Arc<ItemEdition>>;
    /// Takes in what another program has published since: items and calendar.
    fn refresh(&self) -> Answer<'_, ()>;
}

/// A person as case pages and papers need him.
#[derive(Clone, Debug)]
pub struct PersonCard {
    /// The id.
    pub id: PersonId,
    /// Full name.
    pub name: Private<String>,
    /// Citizen number.
    pub number: Private<CitizenNo>,
    /// Mobile number, if known.
    pub mobile: Option<Private<String>>,
    /// E-mail address, if he left one.
    pub email: Option<Private<String>>,
    /// Whether he agreed to electronic service, and since when.
    pub electronic_service: Option<Timestamp>,
}

/// An enterprise as case pages and papers need it.
#[derive(Clone, Debug)]
pub struct EmployerCard {
    /// The id.
    pub id: EmployerId,
    /// Legal name.
    pub name: String,
    /// Unified social credit code.
    pub credit_code: String,
}

/// A colleague as lists need him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffCard {
    /// The id.
    pub id: StaffId,
    /// Name among colleagues.
    pub name: String,
    /// His person, for recusal.
    pub person: Option<PersonId>,
    /// Where he works.
    pub org: OrgPath,
    /// Whether he is active and not absent now.
    pub present: bool,
    /// Permissions with their organisations, as in his grants.
    pub grants: Arc<[crate::caller::Grant]>,
}

/// People, enterprises and staff (implemented by `identity`).
pub trait Parties: Send + Sync {
    /// Cards of persons; unknown ids are missing from the answer.
    fn persons<'a>(&'a self, ids: &'a [PersonId]) -> Answer<'a, BTreeMap<PersonId, PersonCard>>;
    /// Cards of enterprises; unknown ids are missing from the answer.
    fn employers<'a>(
        &'a self,
        ids: &'a [EmployerId],
    ) -> Answer<'a, BTreeMap<EmployerId, EmployerCard>>;
    /// Cards of staff of one agency; unknown ids are missing from the answer.
    fn staff<'a>(
        &'a self,
        bureau: DivisionCode,
        ids: &'a [StaffId],
    ) -> Answer<'a, BTreeMap<StaffId, StaffCard>>;
    /// Staff of an agency who hold a permission somewhere.
    fn holders<'a>(
        &'a self,
        bureau: DivisionCode,
        permission: &'a str,
    ) -> Answer<'a, Vec<StaffCard>>;
    /// The person with this number, created when the counter meets him first. The name must fit
    /// the population register (`E1113`).
    fn enrol_person<'a>(
        &'a self,
        name: &'a Private<String>,
        number: &'a Private<CitizenNo>,
        by: &'a Principal,
        now: Timestamp,
    ) -> Answer<'a, PersonCard>;
    /// The enterprise with this credit code, created from the register when met first.
    fn enrol_employer<'a>(
        &'a self,
        credit_code: &'a str,
        by: &'a Principal,
        now: Timestamp,
    ) -> Answer<'a, EmployerCard>;
    /// Who may act for these enterprises now; those without agents are missing from the answer.
    fn agents<'a>(
        &'a self,
        employers: &'a [EmployerId],
    ) -> Answer<'a, BTreeMap<EmployerId, BTreeSet<PersonId>>>;
    /// Whether a person has an account, and so a message box that he can open.
    fn has_account(&self, person: PersonId) -> Answer<'_, bool>;
}

/// What was applied for, for whoever carries out what was granted (implemented by `casework`).
pub trait Applications: Send + Sync {
    /// The values of the form of a case as they stand; none when there is no such case.
    fn form(&self, bureau: DivisionCode, case: CaseId) -> Answer<'_, Option<Private<Value>>>;
}

/// One question to a register.
#[derive(Clone, Debug)]
pub struct Question {
    /// Such as `population`, `insurance`, `employment`, `enterprise`.
    pub register: String,
    /// The citizen number or credit code asked about.
    pub subject: Private<String>,
}

/// What a register says.
#[derive(Clone, Debug)]
pub struct RegisterAnswer {
    /// Which register.
    pub register: String,
    /// Chinese name of the source for the page, such as 社保参保库.
    pub source: String,
    /// When it was asked.
    pub at: Timestamp,
    /// The facts, keyed as the register's dictionary says; `Null` when it knows nothing.
    pub facts: Private<Value>,
    /// SM3 of the canonical facts: events refer to answers by it.
    pub digest: String,
}

/// Registers of other bodies (adapters in `registers`).
pub trait Registers: Send + Sync {
    /// Answers in the order of the questions.
    fn ask<'a>(
        &'a self,
        questions: &'a [Question],
        now: Timestamp,
    ) -> Answer<'a, Vec<RegisterAnswer>>;
}

/// A way to reach a person outside the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 短信
    Sms,
    /// 电子邮件
    Email,
}

/// One text to one address.
#[derive(Clone, Debug)]
pub struct Dispatch {
    /// How.
    pub channel: Channel,
    /// Mobile number or e-mail address.
    pub to: Private<String>,
    /// The subject of an e-mail.
    pub subject: Option<String>,
    /// The words.
    pub text: String,
    /// The same key is never sent twice by a provider that keeps its word.
    pub key: String,
}

/// What a virus scanner says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found.
    Clean,
    /// A virus was found.
    Infected {
        /// Its name in the scanner's signatures.
        virus: String,
    },
    /// The scanner does not answer, or cannot tell.
    Unavailable,
}

/// A virus scanner (adapters in the program).
pub trait Scanner: Send + Sync {
    /// Looks at the whole content of a file.
    fn scan<'a>(&'a self, content: &'a [u8]) -> Pin<Box<dyn Future<Output = Verdict> + Send + 'a>>;
}

/// A provider of SMS and e-mail (adapters in `messages`).
pub trait Messenger: Send + Sync {
    /// Hands a text over; returns the provider's receipt.
    fn send<'a>(&'a self, dispatch: &'a Dispatch, now: Timestamp) -> Answer<'a, String>;
}
