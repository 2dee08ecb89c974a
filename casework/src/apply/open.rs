//! Opening a draft: an applicant on line, or a clerk for somebody at the counter.

use std::collections::BTreeSet;

use axum::extract::State as Context;
use httpkit::{Act as Write, Authorised, Refusals, Reply, Versioned};
use kernel::{
    AppError, Caller, DivisionCode, Entropy, OrgPath, Private, Timestamp,
    caller::{Acting, CanApply, Staff},
    codes,
    error::Broken,
    ids::{CaseId, Id as _, PersonId, RosterId, StaffId},
    item::{ApplicantKind, ItemCode, Words},
    mask,
    ports::{EmployerCard, PersonCard, Question, RegisterAnswer},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Command, Loads, Work, key};
use utoipa::ToSchema;

use super::other::ask_about_other;
use crate::{
    case::{Case, Channel, Opening},
    change::Assessment,
    command::Acted,
    desk::{Casework, Seen, Sight, seal_with},
    event::{CaseEvent, Recorded},
    jobs::drafts::when_old,
    model::Model,
    perform::{Asked, FormData, PackedForm, serves},
    state::State,
    store::{data, file},
};

/// What an applicant wants.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenCase {
    /// The item.
    pub item: ItemCode,
}

/// Opens a draft on line.
#[utoipa::path(post, path = "/cases", tag = "cases", request_body = OpenCase,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn open_case(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanApply>,
    write: Write<OpenCase>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::unversioned(&write);
    let done = Box::pin(open(&desk, &caller, &asked, write.body));
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// The agency that handles applications on line: the city's own.
pub(crate) fn agency_on_line(desk: &Casework) -> Result<DivisionCode, AppError> {
    desk.parts
        .agencies
        .keys()
        .next()
        .copied()
        .ok_or_else(|| Broken::new("the pack has no agency").into())
}

/// Opens a draft on line.
///
/// # Errors
/// `E1213` for an unknown item, `E1220` for the wrong kind of applicant, `E1226` when a register
/// does not answer.
pub async fn open(
    desk: &Casework,
    caller: &Caller<CanApply>,
    asked: &Asked,
    wanted: OpenCase,
) -> Result<Acted, AppError> {
    let citizen = caller.citizen()?;
    let model = desk
        .models
        .current(desk.parts.items.as_ref(), &wanted.item)?;
    let person = person_card(desk, citizen.person).await?;
    let employer = match citizen.acting {
        Acting::Myself => None,
        Acting::Enterprise(id) => desk.parts.parties.employers(&[id]).await?.remove(&id),
    };
    let applicant = Applicant { person, employer };
    let start = Start::on_line(agency_on_line(desk)?);
    draft(desk, caller, asked, &model, applicant, start).await
}

/// Opens a draft on line for one row of a roster, filled in. Doing it twice opens one.
///
/// # Errors
/// As [`open`].
pub(crate) async fn open_row(
    desk: &Casework,
    caller: &Caller<CanApply>,
    model: &Model,
    applicant: Applicant,
    row: FromRoster,
) -> Result<Acted, AppError> {
    let start = Start {
        row: Some(row),
        ..Start::on_line(agency_on_line(desk)?)
    };
    draft(desk, caller, &Asked::default(), model, applicant, start).await
}

/// Who applies.
#[derive(Clone)]
pub(crate) struct Applicant {
    pub person: PersonCard,
    pub employer: Option<EmployerCard>,
}

impl Applicant {
    const fn kind(&self) -> ApplicantKind {
        match self.employer {
            Some(_) => ApplicantKind::Enterprise,
            None => ApplicantKind::Person,
        }
    }
}

/// Where and how a draft begins.
pub(crate) struct Start {
    pub bureau: DivisionCode,
    pub channel: Channel,
    pub hall: Option<OrgPath>,
    pub opened_by: Option<StaffId>,
    pub row: Option<FromRoster>,
}

impl Start {
    /// On line, with an agency.
    pub(crate) const fn on_line(bureau: DivisionCode) -> Self {
        Self {
            bureau,
            channel: Channel::Online,
            hall: None,
            opened_by: None,
            row: None,
        }
    }

    /// Before the window of a clerk.
    pub(crate) fn at_counter(staff: &Staff) -> Self {
        Self {
            bureau: staff.bureau,
            channel: Channel::Window,
            hall: Some(staff.org.clone()),
            opened_by: Some(staff.staff),
            row: None,
        }
    }
}

/// The row of a roster from which a draft is made.
pub(crate) struct FromRoster {
    pub roster: RosterId,
    /// The case that it becomes.
    pub case: CaseId,
    /// The values of the form.
    pub form: Value,
}

pub(crate) async fn person_card(desk: &Casework, id: PersonId) -> Result<PersonCard, AppError> {
    desk.parts
        .parties
        .persons(&[id])
        .await?
        .remove(&id)
        .ok_or_else(|| Broken::new(format!("{id} has no card")).into())
}

/// Opens a draft for an applicant, filled in with what the registers know.
pub(crate) async fn draft<P>(
    desk: &Casework,
    caller: &Caller<P>,
    asked: &Asked,
    model: &Model,
    applicant: Applicant,
    start: Start,
) -> Result<Acted, AppError> {
    serves(model, applicant.kind())?;
    let envelope = desk.envelope(caller, asked);
    let form = start.row.as_ref().map_or(json!({}), |row| row.form.clone());
    let filled = FormData {
        form,
        ..FormData::default()
    };
    let data = ask(desk, model, &applicant, filled).await?;
    let mut entropy = store::system::SeededEntropy::new(envelope.seed);
    let id = match &start.row {
        Some(row) => row.case,
        None => CaseId::new(envelope.now, &mut entropy),
    };
    let (key, wrapped) = desk.new_key(id, &mut entropy)?;
    let code = query_code(&mut entropy);
    let secrets = Secrets {
        wrapped_key: wrapped,
        query_code: seal_with(&key, id.uuid(), code.as_bytes(), &mut entropy)?,
    };
    let opening = opening(model, &applicant, &start)?;
    let (masked, tail) = display(&applicant);
    let case = Case::open(id, start.bureau, opening, envelope.now);
    let seen = Seen {
        file: blank(&case, masked, tail, secrets)?,
        model: desk.model_of(&case).await?,
        case,
        agents: BTreeSet::new(),
        sight: Sight::Whole,
    };
    let packed = desk.pack_form(&seen, &data)?;
    let Seen { file, case, .. } = seen;
    let open = OpenDraft {
        case,
        file,
        packed,
        now: envelope.now,
    };
    desk.kit.run(envelope, open).await
}

/// What is fixed when the draft is opened.
fn opening(model: &Model, applicant: &Applicant, start: &Start) -> Result<Opening, AppError> {
    let facts = &model.edition.facts;
    Ok(Opening {
        item: facts.code.clone(),
        edition: model.edition.edition,
        name: facts.name.clone(),
        kind: facts.kind,
        org: model.handled_in(start.bureau)?,
        channel: start.channel,
        hall: start.hall.clone(),
        person: applicant.person.id,
        employer: applicant.employer.as_ref().map(|card| card.id),
        opened_by: start.opened_by,
        roster: start.row.as_ref().map(|row| row.roster),
    })
}

/// How lists show the applicant: masked name, and the last four of the number.
pub(crate) fn display(applicant: &Applicant) -> (String, String) {
    let tail = |number: &str| {
        number
            .chars()
            .skip(number.chars().count().saturating_sub(4))
            .collect()
    };
    match &applicant.employer {
        Some(card) => (card.name.clone(), tail(&card.credit_code)),
        None => (
            mask::name(applicant.person.name.reveal()),
            tail(applicant.person.number.reveal().reveal()),
        ),
    }
}

/// Asks the registers of the item and fills in what they know.
pub(crate) async fn ask(
    desk: &Casework,
    model: &Model,
    applicant: &Applicant,
    data: FormData,
) -> Result<FormData, AppError> {
    let mut asked = ask_each(desk, model, applicant, vec![data]).await?;
    asked
        .pop()
        .ok_or_else(|| Broken::new("registers answered for nobody").into())
}

/// The same for several forms of one applicant, asked together.
pub(crate) async fn ask_each(
    desk: &Casework,
    model: &Model,
    applicant: &Applicant,
    forms: Vec<FormData>,
) -> Result<Vec<FormData>, AppError> {
    let mut questions = Vec::new();
    let mut counts = Vec::with_capacity(forms.len());
    for data in &forms {
        let of_form = questions_of(model, applicant, &data.form);
        counts.push(of_form.len());
        questions.extend(of_form);
    }
    let answers = desk.parts.registers.ask(&questions, desk.now()).await?;
    let mut answers = answers.into_iter();
    let mut filled = Vec::with_capacity(forms.len());
    for (data, count) in forms.into_iter().zip(counts) {
        let own: Vec<RegisterAnswer> = answers.by_ref().take(count).collect();
        let mut data = answered(model, data, own, desk.now());
        ask_about_other(desk, model, applicant.kind(), &mut data).await?;
        filled.push(data);
    }
    Ok(filled)
}

/// What is asked of the registers for a form: of those that know persons, about the one whom the item
/// is about.
fn questions_of(model: &Model, applicant: &Applicant, form: &Value) -> Vec<Question> {
    const OF_ENTERPRISES: [&str; 2] = ["enterprise", "licence"];
    let facts = &model.edition.facts;
    let person = match &facts.about {
        None => Some(applicant.person.number.reveal().reveal().to_owned()),
        Some(field) => model
            .citizen_no(field, form)
            .map(|number| number.reveal().to_owned()),
    };
    let enterprise = applicant
        .employer
        .as_ref()
        .map(|card| card.credit_code.clone());
    let question = |register: &String| {
        let subject = if OF_ENTERPRISES.contains(&register.as_str()) {
            enterprise.clone()
        } else {
            person.clone()
        };
        Some(Question {
            register: register.clone(),
            subject: Private::new(subject?),
        })
    };
    let asked = facts.registers.iter();
    asked
        .filter(|register| !facts.derived.contains_key(*register))
        .filter_map(question)
        .collect()
}

/// A form with what the registers said, and what follows from it.
fn answered(
    model: &Model,
    data: FormData,
    answers: Vec<RegisterAnswer>,
    now: Timestamp,
) -> FormData {
    let mut registers = serde_json::Map::new();
    let mut sources = Vec::new();
    for answer in answers {
        sources.push(json!({
            "register": answer.register, "source": answer.source, "at": answer.at, "digest": answer.digest,
        }));
        registers.insert(answer.register, answer.facts.into_revealed());
    }
    for register in &model.edition.facts.registers {
        registers.entry(register.clone()).or_insert(Value::Null);
    }
    let mut registers = Value::Object(registers);
    derive(model, &mut registers, &mut sources, now);
    let facts = model.form.prefill(&registers);
    FormData {
        form: data.form,
        facts,
        registers,
        sources,
    }
}

/// Puts what calculators find in the answers beside them, with source and digest like theirs.
fn derive(model: &Model, registers: &mut Value, sources: &mut Vec<Value>, now: Timestamp) {
    for derived in &model.derived {
        let facts = derived.answer(registers);
        let digest = seal::sm3_hex(seal::canonical_json(&facts).as_bytes());
        sources.push(json!({
            "register": derived.name, "source": derived.source.zh, "at": now, "digest": digest,
        }));
        if let Some(registers) = registers.as_object_mut() {
            registers.insert(derived.name.clone(), facts);
        }
    }
}

/// Asks the registers again; where one does not answer, what was said before stands: no limit waits
/// for registers.
pub(crate) async fn ask_again(
    desk: &Casework,
    seen: &Seen,
    kept: FormData,
) -> Result<FormData, AppError> {
    let applicant = applicant_of(desk, &seen.case).await?;
    match ask(desk, &seen.model, &applicant, kept.clone()).await {
        Err(error) if error.code() == codes::E1226.id => Ok(kept),
        asked => asked,
    }
}

/// The applicant of a case.
pub(crate) async fn applicant_of(desk: &Casework, case: &Case) -> Result<Applicant, AppError> {
    let person = person_card(desk, case.opening.person).await?;
    let employer = match case.opening.employer {
        Some(id) => desk.parts.parties.employers(&[id]).await?.remove(&id),
        None => None,
    };
    Ok(Applicant { person, employer })
}

/// What a case has from its first moment, and nobody reads in its row.
struct Secrets {
    wrapped_key: Vec<u8>,
    query_code: Vec<u8>,
}

/// Eight letters and digits that nobody confuses when they are read aloud.
fn query_code(entropy: &mut dyn Entropy) -> String {
    const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKLMNPQRSTUVWX";
    (0..8)
        .map(|_| {
            let at = usize::try_from(entropy.below(30)).unwrap_or(0);
            char::from(ALPHABET.get(at).copied().unwrap_or(b'2'))
        })
        .collect()
}

fn blank(
    case: &Case,
    applicant_masked: String,
    number_tail: String,
    secrets: Secrets,
) -> Result<file::Model, AppError> {
    Ok(file::Model {
        bureau: case.bureau.to_string(),
        case_id: case.id.uuid(),
        version: case.version,
        state: State::Draft.as_str().to_owned(),
        number: None,
        item: case.opening.item.to_string(),
        edition: case.opening.edition,
        name_zh: case.opening.name.zh.clone(),
        name_en: case.opening.name.en.clone(),
        person_id: case.opening.person.uuid(),
        employer_id: case.opening.employer.map(kernel::ids::Id::uuid),
        applicant_masked,
        number_tail,
        org: case.opening.org.to_string(),
        channel: crate::project::word(&case.opening.channel),
        hall: case.opening.hall.as_ref().map(ToString::to_string),
        received_us: None,
        expected_on: None,
        provisional: false,
        calendar: None,
        ready_us: None,
        ready_org: None,
        stuck_us: None,
        accepted_on: None,
        decided_on: None,
        closed_on: None,
        delivered_on: None,
        on_time: None,
        within_law: None,
        one_visit: None,
        instant: None,
        corrected: None,
        due_on: None,
        opened_by: None,
        other_party: None,
        serve_us: None,
        serve_org: None,
        closed_us: None,
        updated_us: case.opened_at.as_micros(),
        wrapped_key: secrets.wrapped_key,
        sealed_query_code: secrets.query_code,
        body: serde_json::to_string(case).map_err(|fault| Broken::caused("a case", fault))?,
    })
}

/// Writes a new draft.
struct OpenDraft {
    case: Case,
    file: file::Model,
    packed: PackedForm,
    now: Timestamp,
}

impl Command for OpenDraft {
    type Out = Acted;
    const NAME: &'static str = "case.open";

    fn bureau(&self) -> DivisionCode {
        self.case.bureau
    }

    fn subject(&self) -> String {
        self.case.id.to_string()
    }

    fn lane(&self) -> u64 {
        self.case.id.uuid().as_u64_pair().1
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<file::Model>(key!(self.case.bureau, self.case.id.uuid()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Acted, AppError> {
        let key = key!(self.case.bureau, self.case.id.uuid());
        // A row of a roster becomes one case, however often it is tried.
        if let Some(row) = work.get::<file::Model>(&key)? {
            let before: Case = serde_json::from_str(&row.body)
                .map_err(|fault| Broken::caused(format!("body of {}", self.case.id), fault))?;
            return Ok(Acted::of(&before));
        }
        let mut case = self.case.clone();
        let first = Recorded {
            event: CaseEvent::Drafted(Box::new(case.opening.clone())),
            by: None,
            flow: None,
        };
        work.emit("case", case.id.uuid(), 1, "case.drafted", first.body(&case));
        let saved = Recorded {
            event: CaseEvent::DataSaved {
                data_version: 1,
                digest: self.packed.digest(),
            },
            by: None,
            flow: None,
        };
        case.apply(&saved, self.now)
            .map_err(|fault| Broken::caused("a new draft", fault))?;
        work.emit(
            "case",
            case.id.uuid(),
            case.version,
            "case.data_saved",
            saved.body(&case),
        );
        work.append(data::Model {
            bureau: case.bureau.to_string(),
            case_id: case.id.uuid(),
            version: 1,
            plain: self.packed.plain.clone(),
            sealed: self.packed.sealed.clone(),
            at_us: self.now.as_micros(),
        });
        let acted = Acted::of(&case);
        work.job(when_old(&case, self.now));
        work.put(crate::project::file(&case, self.file.clone(), self.now)?)?;
        Ok(acted)
    }
}

/// What a submission brings into its act.
pub(crate) struct Prepared {
    /// The form, whole.
    pub form: Value,
    pub packed: Option<PackedForm>,
    pub assessment: Assessment,
    /// Names of papers that must be there and are not.
    pub missing: Vec<Words>,
}
