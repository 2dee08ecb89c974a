//! Who the other party of an application is: asked about in the registers, and found when the case
//! is accepted.

use kernel::{
    AppError, CitizenNo, Principal, Private, Refusal, codes,
    item::{ApplicantKind, OtherParty as Facts},
    ports::Question,
};
use serde_json::{Map, Value, json};

use crate::{
    case::Party,
    change::applicant_kind,
    desk::{Casework, Seen},
    model::Model,
    perform::FormData,
};

/// Under which key the rules see what the registers say of the other party.
const OTHER: &str = "other";

/// Whether a source speaks of the applicant.
pub(crate) fn is_of_applicant(source: &str) -> bool {
    !source.starts_with(OTHER)
}

/// A text of a form.
fn text(form: &Value, field: &str) -> Option<String> {
    let text = form.get(field)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Number and name of the other party by the first of its fields that is filled in.
fn named(facts: &Facts, form: &Value) -> Option<(String, Option<String>)> {
    let mut fields = facts.number_fields.iter().enumerate();
    fields.find_map(|(at, field)| {
        let number = text(form, field)?;
        let name = facts
            .name_fields
            .get(at)
            .and_then(|field| text(form, field));
        Some((number, name))
    })
}

/// What the registers say of the other party that a form names; nothing of it is filled in anywhere.
///
/// # Errors
/// `E1226` when a register does not answer.
pub(crate) async fn ask_about_other(
    desk: &Casework,
    model: &Model,
    applicant: ApplicantKind,
    data: &mut FormData,
) -> Result<(), AppError> {
    let Some(facts) = model.edition.facts.other_party(applicant) else {
        return Ok(());
    };
    let mut known: Map<String, Value> = Map::new();
    for register in &facts.registers {
        known.insert(register.clone(), Value::Null);
    }
    if let Some((number, _)) = named(facts, &data.form) {
        let question = |register: &String| Question {
            register: register.clone(),
            subject: Private::new(number.clone()),
        };
        let questions: Vec<Question> = facts.registers.iter().map(question).collect();
        for answer in desk.parts.registers.ask(&questions, desk.now()).await? {
            data.sources.push(json!({
                "register": format!("{OTHER}.{}", answer.register), "source": answer.source,
                "at": answer.at, "digest": answer.digest,
            }));
            known.insert(answer.register, answer.facts.into_revealed());
        }
    }
    if let Some(registers) = data.registers.as_object_mut() {
        registers.insert(OTHER.to_owned(), Value::Object(known));
    }
    Ok(())
}

/// Who the other party is, for whoever accepts; none where the item has none.
///
/// # Errors
/// `E1241` when what the form says leads to nobody, `E1226` when a register does not answer.
pub(crate) async fn find_other(
    desk: &Casework,
    by: &Principal,
    seen: &Seen,
    form: &Value,
) -> Result<Option<Party>, AppError> {
    let item = &seen.model.edition.facts;
    let Some(facts) = item.other_party(applicant_kind(&seen.case)) else {
        return Ok(None);
    };
    match found(desk, by, facts, form).await {
        Ok(party) if is_applicant(seen, party) => Err(nobody(facts)),
        Ok(party) => Ok(Some(party)),
        Err(AppError::Refused(refusal)) if refusal.code() != &codes::E1226 => Err(nobody(facts)),
        Err(error) => Err(error),
    }
}

fn nobody(facts: &Facts) -> AppError {
    let refusal = Refusal::new(&codes::E1241);
    refusal.worded("party", facts.name.clone()).into()
}

fn is_applicant(seen: &Seen, party: Party) -> bool {
    let opening = &seen.case.opening;
    match party {
        Party::Person(person) => opening.employer.is_none() && opening.person == person,
        Party::Employer(employer) => opening.employer == Some(employer),
    }
}

async fn found(
    desk: &Casework,
    by: &Principal,
    facts: &Facts,
    form: &Value,
) -> Result<Party, AppError> {
    let parties = &desk.parts.parties;
    let (number, name) = named(facts, form).ok_or_else(|| nobody(facts))?;
    match facts.kind {
        ApplicantKind::Enterprise => {
            let card = parties.enrol_employer(&number, by, desk.now()).await?;
            Ok(Party::Employer(card.id))
        }
        ApplicantKind::Person => {
            let name = Private::new(name.ok_or_else(|| nobody(facts))?);
            let number: CitizenNo = number.parse().map_err(|_| nobody(facts))?;
            let number = Private::new(number);
            let card = parties.enrol_person(&name, &number, by, desk.now()).await?;
            Ok(Party::Person(card.id))
        }
    }
}

/// The same where silence accepts; before that, and where the form leads to nobody, there is none: what
/// the law has accepted waits for no name.
///
/// # Errors
/// `E1226` when a register does not answer.
pub(crate) async fn find_other_if_silent(
    desk: &Casework,
    by: &Principal,
    seen: &Seen,
    form: &Value,
) -> Result<Option<Party>, AppError> {
    if !seen.case.is_silent(desk.now()) {
        return Ok(None);
    }
    match find_other(desk, by, seen, form).await {
        Err(error) if error.code() == codes::E1241.id => Ok(None),
        found => found,
    }
}
