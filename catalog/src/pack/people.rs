//! Named demo people and enterprises.

use kernel::{CitizenNo, CreditCode, Private};

use super::{
    Employer, Person,
    fault::Faults,
    read::Files,
    source::words,
    tsv::{Line, lines},
};

pub(super) const PEOPLE: &str = "people.tsv";
pub(super) const EMPLOYERS: &str = "employers.tsv";

pub(super) const PEOPLE_COLUMNS: [&str; 8] = [
    "citizen_no",
    "name",
    "mobile",
    "account",
    "electronic_service",
    "agent_of",
    "case_zh",
    "case_en",
];
pub(super) const EMPLOYER_COLUMNS: [&str; 6] =
    ["code", "name", "division", "agents", "case_zh", "case_en"];

pub(super) fn people(files: &Files, faults: &mut Faults) -> Vec<Person> {
    lines(files, PEOPLE, &PEOPLE_COLUMNS, faults)
        .iter()
        .filter_map(|line| person(line, faults))
        .collect()
}

fn person(line: &Line<'_>, faults: &mut Faults) -> Option<Person> {
    let number: Option<CitizenNo> = line.value("citizen_no", faults);
    let name = line.filled("name", faults).to_owned();
    let mobile = line.text("mobile");
    let digits = mobile.bytes().all(|byte| byte.is_ascii_digit());
    let whole = mobile.len() == 11 && digits && mobile.starts_with('1');
    if !whole && !mobile.is_empty() {
        line.fault(faults, "`mobile` is not a mobile number of 11 digits");
    }
    let account = line.value("account", faults).unwrap_or_default();
    let electronic_service = line.value("electronic_service", faults).unwrap_or_default();
    if account && mobile.is_empty() {
        line.fault(faults, "an account needs a mobile number");
    }
    let note = words(
        line.filled("case_zh", faults),
        line.filled("case_en", faults),
    );
    Some(Person {
        number: number?,
        name: Private::new(name),
        mobile: (!mobile.is_empty()).then(|| Private::new(mobile.to_owned())),
        account,
        electronic_service,
        agent_of: codes(line, faults),
        note,
    })
}

fn codes(line: &Line<'_>, faults: &mut Faults) -> Vec<CreditCode> {
    let mut codes = Vec::new();
    for text in line.list("agent_of") {
        match text.parse() {
            Ok(code) => codes.push(code),
            Err(fault) => line.fault(faults, format!("`agent_of`: {fault}")),
        }
    }
    codes
}

pub(super) fn employers(files: &Files, faults: &mut Faults) -> Vec<Employer> {
    lines(files, EMPLOYERS, &EMPLOYER_COLUMNS, faults)
        .iter()
        .filter_map(|line| employer(line, faults))
        .collect()
}

fn employer(line: &Line<'_>, faults: &mut Faults) -> Option<Employer> {
    let code: Option<CreditCode> = line.value("code", faults);
    let name = line.filled("name", faults).to_owned();
    let division = line.value("division", faults);
    let note = words(
        line.filled("case_zh", faults),
        line.filled("case_en", faults),
    );
    Some(Employer {
        code: code?,
        name,
        division: division?,
        note,
    })
}
