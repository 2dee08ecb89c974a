//! Named people and enterprises fit each other and their registers.

use serde_json::Value;

use super::{row, second_row};
use crate::pack::{
    Pack,
    agency::STAFF,
    fault::Faults,
    people::{EMPLOYERS, PEOPLE},
    read::Files,
};

pub(super) fn check(files: &Files, pack: &Pack, faults: &mut Faults) {
    people(files, pack, faults);
    employers(files, pack, faults);
    registers(pack, faults);
    for member in &pack.staff {
        let known = |number| pack.person_registers.contains_key(number);
        if !member.number.as_ref().is_none_or(known) {
            let line = row(files, STAFF, &member.account);
            faults.add(STAFF, line, "the citizen number is in no register");
        }
    }
}

fn people(files: &Files, pack: &Pack, faults: &mut Faults) {
    for (at, person) in pack.people.iter().enumerate() {
        let number = person.number.reveal();
        let line = row(files, PEOPLE, number);
        if let Some(line) = second_row(files, PEOPLE, number) {
            faults.add(PEOPLE, line, "the number stands in the file twice");
        }
        let known = pack.person_registers.get(&person.number);
        let registered = known.and_then(|facts| facts.get("population")?.get("name"));
        if registered.and_then(Value::as_str) != Some(person.name.reveal().as_str()) {
            faults.add(
                PEOPLE,
                line,
                "the population register has no such name and number",
            );
        }
        let mut before = pack.people.iter().take(at);
        if person.mobile.is_some() && before.any(|other| other.mobile == person.mobile) {
            faults.add(PEOPLE, line, "somebody else has this mobile number");
        }
        for code in &person.agent_of {
            if pack.employers.iter().all(|employer| employer.code != *code) {
                faults.add(PEOPLE, line, format!("there is no enterprise {code}"));
            }
        }
    }
}

fn employers(files: &Files, pack: &Pack, faults: &mut Faults) {
    for employer in &pack.employers {
        let code = employer.code.as_str();
        let line = row(files, EMPLOYERS, code);
        if let Some(line) = second_row(files, EMPLOYERS, code) {
            faults.add(EMPLOYERS, line, "the code stands in the file twice");
        }
        if pack
            .divisions
            .iter()
            .all(|division| division.code != employer.division)
        {
            let message = format!("there is no division {}", employer.division);
            faults.add(EMPLOYERS, line, message);
        }
        let known = pack.employer_registers.get(&employer.code);
        let registered = known.and_then(|facts| facts.get("enterprise")?.get("name"));
        if registered.and_then(Value::as_str) != Some(employer.name.as_str()) {
            faults.add(
                EMPLOYERS,
                line,
                "the enterprise register has no such name and code",
            );
        }
        agents(files, pack, code, line, faults);
    }
}

/// Both files name the same agents.
fn agents(files: &Files, pack: &Pack, code: &str, line: Option<usize>, faults: &mut Faults) {
    let rows = files.get(EMPLOYERS).unwrap_or_default().lines();
    let mut own = rows.filter(|row| row.split('\t').next() == Some(code));
    let cell = own.next().and_then(|row| row.split('\t').nth(3));
    let mut named: Vec<&str> = cell.unwrap_or_default().split(';').collect();
    named.retain(|number| !number.is_empty());
    named.sort_unstable();
    let agents = pack
        .people
        .iter()
        .filter(|person| person.agent_of.iter().any(|of| of.as_str() == code));
    let mut acting: Vec<&str> = agents.map(|person| person.number.reveal()).collect();
    acting.sort_unstable();
    if named != acting {
        let message = format!("`agents` and the people with `agent_of` in {PEOPLE} differ");
        faults.add(EMPLOYERS, line, message);
    }
}

fn registers(pack: &Pack, faults: &mut Faults) {
    let folder = "registers";
    for number in pack.person_registers.keys() {
        if pack.people.iter().all(|person| person.number != *number) {
            let message = format!("a subject is not in {PEOPLE} (area {})", number.area());
            faults.add(folder, None, message);
        }
    }
    for code in pack.employer_registers.keys() {
        if pack.employers.iter().all(|employer| employer.code != *code) {
            faults.add(folder, None, format!("{code} is not in {EMPLOYERS}"));
        }
    }
}
