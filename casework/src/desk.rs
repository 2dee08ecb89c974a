//! What every use case of casework has at hand.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use axum::extract::FromRef;
use calendar::Calendar;
use httpkit::{Kit, Place, Places};
use kernel::{
    AppError, Caller, DivisionCode, Entropy, OrgPath, Principal, Timestamp,
    caller::{Acting, Actor, Citizen, Staff},
    codes,
    error::Broken,
    ids::{CaseId, DataKeyId, EmployerId, Id as _, PersonId, StaffId},
    item::Words,
    limits,
    ports::{Items, Mailboxes, Parties, Ratings, Registers, Scanner, Subjects, Throttle},
};
use object_store::ObjectStore;
use seal::{DataKey, MasterKeys, Nonce, WrappedKey};
use store::system::SeededEntropy;

use crate::{
    case::{Case, Channel, Party, Task},
    model::{Model, Models},
    project::word,
    separation::Performer,
    shared::Shared,
    state::State,
    store::{
        self as rows, file,
        lists::{
            Counted, InboxCounts,
            cases::{self, Listed},
        },
    },
};

/// Inboxes counted at once: a count reads all open tasks of its scope, and others read too.
const COUNTS_AT_ONCE_MAX: usize = 2;

/// An agency as papers name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agency {
    /// 云川市人力资源和社会保障局
    pub name: Words,
    /// Its abbreviation in document numbers: 云人社.
    pub mark: String,
}

/// What casework is made of.
pub struct Parts {
    /// Store, executor, clock, sessions.
    pub kit: Kit,
    /// Published items.
    pub items: Arc<dyn Items>,
    /// People, enterprises, staff.
    pub parties: Arc<dyn Parties>,
    /// Registers of other bodies.
    pub registers: Arc<dyn Registers>,
    /// Message boxes of citizens.
    pub mailboxes: Arc<dyn Mailboxes>,
    /// What citizens said of their cases.
    pub ratings: Arc<dyn Ratings>,
    /// Slows down who guesses at query codes.
    pub throttle: Arc<dyn Throttle>,
    /// The calendar in force.
    pub calendar: Arc<dyn Fn() -> Arc<Calendar> + Send + Sync>,
    /// Tells people apart whom cases are about.
    pub subjects: Arc<dyn Subjects>,
    /// Keys that wrap the data key of each case.
    pub keys: Arc<MasterKeys>,
    /// Where uploaded files lie.
    pub files: Arc<dyn ObjectStore>,
    /// Who looks for viruses in uploaded files, if anybody does.
    pub scanner: Option<Arc<dyn Scanner>>,
    /// The agencies of the pack.
    pub agencies: BTreeMap<DivisionCode, Agency>,
    /// The names of their organisations, by path.
    pub organisations: BTreeMap<String, Words>,
}

/// The casework context. Cheap to clone.
#[derive(Clone)]
pub struct Casework {
    pub(crate) kit: Kit,
    pub(crate) parts: Arc<Parts>,
    pub(crate) models: Arc<Models>,
    /// Whole files in memory, on their way in.
    pub(crate) uploads: Arc<Places<Actor>>,
    /// Parts of files on their way in.
    pub(crate) file_parts: Arc<Places<Actor>>,
    /// Spreadsheets on their way in.
    pub(crate) rosters: Arc<Places<Actor>>,
    /// Megabytes of files on their way out.
    downloads: Arc<Places<Actor>>,
    /// Counts of inboxes, which whole departments ask for at once.
    pub(crate) counts: Arc<Shared<Counted, InboxCounts>>,
    /// Counts of views of the list of cases.
    pub(crate) case_counts: Arc<Shared<Listed, cases::CaseCount>>,
    /// Lists on their way out.
    pub(crate) exports: Arc<Places<Actor>>,
}

impl FromRef<Casework> for Kit {
    fn from_ref(desk: &Casework) -> Self {
        desk.kit.clone()
    }
}

impl Casework {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self {
            kit: parts.kit.clone(),
            parts: Arc::new(parts),
            models: Arc::default(),
            uploads: Arc::new(Places::new(
                limits::UPLOADS_AT_ONCE_MAX,
                limits::UPLOADS_OF_ONE_MAX,
                limits::UPLOAD_RETRY_SECONDS,
            )),
            file_parts: Arc::new(Places::new(
                limits::PARTS_AT_ONCE_MAX,
                limits::PARTS_OF_ONE_MAX,
                limits::UPLOAD_RETRY_SECONDS,
            )),
            rosters: Arc::new(Places::new(
                limits::ROSTERS_AT_ONCE_MAX,
                limits::UPLOADS_OF_ONE_MAX,
                limits::UPLOAD_RETRY_SECONDS,
            )),
            downloads: Arc::new(Places::new(
                limits::DOWNLOADS_MB_MAX,
                limits::DOWNLOADS_OF_ONE_MB_MAX,
                limits::UPLOAD_RETRY_SECONDS,
            )),
            counts: Arc::new(Shared::new(COUNTS_AT_ONCE_MAX)),
            case_counts: Arc::new(Shared::new(COUNTS_AT_ONCE_MAX)),
            exports: Arc::new(Places::new(
                limits::EXPORTS_AT_ONCE_MAX,
                1,
                limits::EXPORT_RETRY_SECONDS,
            )),
        }
    }

    /// Room in memory for a file that is sent to somebody, as soon as there is some.
    ///
    /// # Errors
    /// None while the program runs.
    pub(crate) async fn place_for_download(
        &self,
        who: Actor,
        bytes: i64,
    ) -> Result<Place, AppError> {
        let megabytes = usize::try_from(bytes).unwrap_or(0).div_ceil(1024 * 1024);
        let most = limits::DOWNLOADS_OF_ONE_MB_MAX;
        let megabytes = u32::try_from(megabytes.clamp(1, most)).unwrap_or(1);
        self.downloads.take(who, megabytes).await
    }

    /// The calendar in force.
    pub(crate) fn calendar(&self) -> Arc<Calendar> {
        (self.parts.calendar)()
    }

    /// The compiled edition of a case. One that another program has published a moment ago is taken
    /// in first.
    pub(crate) async fn model_of(&self, case: &Case) -> Result<Arc<Model>, AppError> {
        let (item, edition) = (&case.opening.item, case.opening.edition);
        let items = self.parts.items.as_ref();
        if let Some(model) = self.models.known(item, edition) {
            return Ok(model);
        }
        if items.edition(item, edition).is_none() {
            items.refresh().await?;
        }
        self.models.get(items, item, edition)
    }

    /// The agency.
    pub(crate) fn agency(&self, bureau: DivisionCode) -> Result<&Agency, AppError> {
        self.parts
            .agencies
            .get(&bureau)
            .ok_or_else(|| Broken::new(format!("agency {bureau} is not in the pack")).into())
    }

    /// Fresh random values outside commands (nonces, keys).
    pub(crate) fn entropy(&self) -> SeededEntropy {
        SeededEntropy::new((self.kit.seeds)())
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.kit.clock.now()
    }

    /// A case as this caller may see it: citizens their own, once a window has received it, staff
    /// those of their agency in which they hold a permission to look.
    ///
    /// # Errors
    /// `E1012` when there is none, or it is none of his business; `E1204` for staff who are a party.
    pub(crate) async fn see<P>(&self, caller: &Caller<P>, id: CaseId) -> Result<Seen, AppError> {
        let file = match caller.principal() {
            Principal::Citizen(citizen) => {
                rows::find_own(&self.kit.store, id, |file| owns(citizen, file)).await?
            }
            Principal::Staff(staff) => {
                let file = rows::find_in(&self.kit.store, staff.bureau, id).await?;
                let seen = self.opened_by(staff, file).await?;
                let sight = looks(staff, &seen.case);
                let sight = sight.ok_or_else(|| AppError::refused(&codes::E1012))?;
                // He reads of his own case what every applicant reads, on the portal.
                if seen
                    .performer(staff.staff, staff.person)
                    .is_party(&seen.case)
                {
                    return Err(AppError::refused(&codes::E1204));
                }
                return Ok(Seen { sight, ..seen });
            }
            Principal::System(_) | Principal::Stranger => {
                return Err(AppError::refused(&codes::E1012));
            }
        };
        self.opened(file).await
    }

    /// A case as its other party may see it: who acts for it, from its notice on.
    ///
    /// # Errors
    /// `E1012` for everybody else, the applicant included.
    pub(crate) async fn see_as_other<P>(
        &self,
        caller: &Caller<P>,
        id: CaseId,
    ) -> Result<Seen, AppError> {
        let Principal::Citizen(citizen) = caller.principal() else {
            return Err(AppError::refused(&codes::E1012));
        };
        let me = party_of(citizen).uuid();
        let is_it = |file: &file::Model| file.other_party == Some(me);
        let file = rows::find_own(&self.kit.store, id, is_it).await?;
        self.opened(file).await
    }

    /// The person who applies or acts for the applicant, for whoever may see the case.
    ///
    /// # Errors
    /// `E1012` when it is none of the caller's business.
    pub async fn party_of<P>(&self, caller: &Caller<P>, id: CaseId) -> Result<PersonId, AppError> {
        Ok(self.see(caller, id).await?.case.opening.person)
    }

    /// A case with its model and key.
    pub(crate) async fn opened(&self, file: file::Model) -> Result<Seen, AppError> {
        let mut case: Case = serde_json::from_str(&file.body)
            .map_err(|fault| Broken::caused(format!("body of case {}", file.case_id), fault))?;
        // A program of the version before keeps the column, not what it does not know in the body.
        if let (None, Some(hall)) = (&case.opening.hall, &file.hall) {
            case.opening.hall = hall.parse().ok();
        }
        let model = self.model_of(&case).await?;
        Ok(Seen {
            file,
            case,
            model,
            agents: BTreeSet::new(),
            sight: Sight::Whole,
        })
    }

    /// The same for a staff member: who might be a party himself is looked for among its agents.
    pub(crate) async fn opened_by(
        &self,
        staff: &Staff,
        file: file::Model,
    ) -> Result<Seen, AppError> {
        let mut seen = self.opened(file).await?;
        if staff.person.is_some() {
            seen.agents = self.agents_of(&seen.case).await?;
        }
        Ok(seen)
    }

    /// Who may act for the enterprises that are a party; nobody where there are only persons.
    pub(crate) async fn agents_of(&self, case: &Case) -> Result<BTreeSet<PersonId>, AppError> {
        let other = match case.other.as_ref().map(|other| other.party) {
            Some(Party::Employer(employer)) => Some(employer),
            Some(Party::Person(_)) | None => None,
        };
        let employers: Vec<EmployerId> = case.opening.employer.into_iter().chain(other).collect();
        if employers.is_empty() {
            return Ok(BTreeSet::new());
        }
        let agents = self.parts.parties.agents(&employers).await?;
        Ok(agents.into_values().flatten().collect())
    }

    /// The data key of a case.
    pub(crate) fn key_of(&self, file: &file::Model) -> Result<DataKey, AppError> {
        let id = DataKeyId::from_uuid(file.case_id);
        self.parts
            .keys
            .unwrap(id, &WrappedKey::from_bytes(file.wrapped_key.clone()))
            .map_err(|fault| Broken::caused("the key of a case", fault).into())
    }

    /// A new data key for a case, and its wrapped form.
    pub(crate) fn new_key(
        &self,
        case: CaseId,
        entropy: &mut dyn Entropy,
    ) -> Result<(DataKey, Vec<u8>), AppError> {
        let key = DataKey::generate(DataKeyId::from_uuid(case.uuid()), entropy);
        let nonce = Nonce::random(entropy);
        let wrapped = self
            .parts
            .keys
            .wrap(&key, &nonce)
            .map_err(|fault| Broken::caused("wrap the key of a case", fault))?;
        Ok((key, wrapped.as_bytes().to_vec()))
    }

    /// The code with which a case is asked for without an account; none before it has a number. It is
    /// a credential: no event, job or log carries it.
    pub(crate) fn query_code(&self, seen: &Seen) -> Result<Option<String>, AppError> {
        if seen.case.number.is_none() {
            return Ok(None);
        }
        let plain = self.open(&seen.file, &seen.file.sealed_query_code)?;
        Ok(Some(String::from_utf8_lossy(&plain).into_owned()))
    }

    /// Seals a text under the key of a case.
    pub(crate) fn seal(&self, file: &file::Model, plain: &[u8]) -> Result<Vec<u8>, AppError> {
        let key = self.key_of(file)?;
        seal_with(&key, file.case_id, plain, &mut self.entropy())
    }

    /// Opens a sealed text of a case.
    pub(crate) fn open(&self, file: &file::Model, sealed: &[u8]) -> Result<Vec<u8>, AppError> {
        let key = self.key_of(file)?;
        key.open(sealed, file.case_id.as_bytes())
            .map(|plain| plain.to_vec())
            .map_err(|fault| Broken::caused("a sealed text of a case", fault).into())
    }
}

/// Seals a text under a key; the id of the case is bound into it.
pub(crate) fn seal_with(
    key: &DataKey,
    case: uuid::Uuid,
    plain: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, AppError> {
    let nonce = Nonce::random(entropy);
    key.seal(plain, case.as_bytes(), &nonce)
        .map_err(|fault| Broken::caused("seal a text of a case", fault).into())
}

/// A case in sight.
pub(crate) struct Seen {
    pub file: file::Model,
    pub case: Case,
    pub model: Arc<Model>,
    /// Who may act for an enterprise that is a party, where that was asked.
    pub agents: BTreeSet<PersonId>,
    /// How much of it.
    pub sight: Sight,
}

/// How much of a case somebody sees.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sight {
    /// Everything.
    Whole,
    /// What is handed out, and to whom.
    Result,
}

impl Seen {
    /// A staff member as separation sees him in this case.
    pub(crate) fn performer(&self, staff: StaffId, person: Option<PersonId>) -> Performer {
        Performer {
            staff,
            person,
            agent: person.is_some_and(|person| self.agents.contains(&person)),
        }
    }
}

/// As whom a citizen acts.
pub(crate) const fn party_of(citizen: &Citizen) -> Party {
    match citizen.acting {
        Acting::Myself => Party::Person(citizen.person),
        Acting::Enterprise(employer) => Party::Employer(employer),
    }
}

fn owns(citizen: &Citizen, file: &file::Model) -> bool {
    if file.state == State::Draft.as_str() && file.channel == word(&Channel::Window) {
        return false;
    }
    match citizen.acting {
        Acting::Myself => file.employer_id.is_none() && file.person_id == citizen.person.uuid(),
        Acting::Enterprise(employer) => file.employer_id == Some(employer.uuid()),
    }
}

/// The permission of those who make certificates and hand results out.
const DELIVERING: &str = "case.deliver";

/// Permissions that let a staff member look at the cases of an organisation.
const LOOKING: [&str; 4] = ["case.view", "case.review", "case.decide", "case.supervise"];

/// The organisations whose cases a staff member may look at; none means those of the whole agency:
/// every window serves it.
pub(crate) fn sight(staff: &Staff) -> Option<Vec<OrgPath>> {
    if staff.scopes("case.accept").next().is_some() {
        return None;
    }
    let scopes = LOOKING.iter().flat_map(|name| staff.scopes(name));
    Some(scopes.cloned().collect())
}

/// How much of this case a staff member may look at: a draft is seen by whoever takes it in at the
/// counter; later it is seen by the windows and by those who look after the organisation or after its
/// open task. Who makes certificates and hands results out sees the result while that is his task, and
/// afterwards what he handed out himself: he prints the receipt that was signed.
fn looks(staff: &Staff, case: &Case) -> Option<Sight> {
    let sight = sight(staff);
    if case.state == State::Draft {
        let takes_in = sight.is_none() && case.opening.channel == Channel::Window;
        return takes_in.then_some(Sight::Whole);
    }
    let Some(orgs) = sight else {
        return Some(Sight::Whole);
    };
    let supervises = |task: &Task| staff.may("case.supervise", &task.opened.task_org);
    let does = |task: &Task| staff.may(&task.opened.permission, &task.opened.task_org);
    let delivers = |task: &Task| task.opened.permission == DELIVERING;
    let handles = |task: &Task| supervises(task) || (does(task) && !delivers(task));
    let within = orgs.iter().any(|org| org.contains(&case.opening.org));
    if within || case.tasks.iter().any(handles) {
        Some(Sight::Whole)
    } else if case.tasks.iter().any(does)
        || case.is_served_by(|permission, org| staff.may(permission, org))
        || handed_out(staff, case)
    {
        Some(Sight::Result)
    } else {
        None
    }
}

/// Whether somebody of the delivery desk handed this result out, or served it on the other party.
fn handed_out(staff: &Staff, case: &Case) -> bool {
    let delivers = staff.scopes(DELIVERING).next().is_some();
    let served = case.other.as_ref().map(|other| &other.served_by);
    let served_it = served.is_some_and(|by| by.contains(&staff.staff));
    delivers && (case.handed_out_by == Some(staff.staff) || served_it)
}

#[cfg(test)]
mod tests;
