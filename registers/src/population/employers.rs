//! Employers, and the people who may act for them.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use kernel::{CreditCode, Date, Entropy};
use serde_json::{Value, json};

use super::{
    Citizen, Named, Population,
    draw::{Range, chance, letter, one_of, weighted},
};
use crate::{
    EmployerRecord,
    dictionary::{ENTERPRISE, LICENCE},
    record::Facts,
};

/// Draws of a name before an employer is left out: names may run short.
const ATTEMPTS_MAX: usize = 200;
/// Letters of the last place of a credit code (GB 32100), and of an organisation code (GB 11714).
const CODE_LETTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
/// The trade that needs a licence for labour dispatch.
const DISPATCH_TRADE: &str = "人力资源";
/// First number of generated licences: those below belong to the named enterprises.
const LICENCE_SERIAL: u32 = 1001;

/// An employer while people are generated who work for it.
pub(super) struct Firm {
    pub(super) record: EmployerRecord,
    pub(super) name: String,
    /// Whether it is in business.
    pub(super) open: bool,
}

pub(super) fn generate(params: &Population, named: &Named, entropy: &mut dyn Entropy) -> Vec<Firm> {
    let mut taken = named.employer_names.clone();
    let mut firms = Vec::new();
    for index in 0..params.employers {
        let serial = params.employer.serial.saturating_add(index);
        firms.extend(firm(params, named, serial, &mut taken, entropy));
    }
    firms
}

fn firm(
    params: &Population,
    named: &Named,
    serial: u32,
    taken: &mut BTreeSet<String>,
    entropy: &mut dyn Entropy,
) -> Option<Firm> {
    let own = &params.employer;
    let divisions = params.divisions.weights.iter();
    let division = weighted(divisions.map(|(code, weight)| (code, *weight)), entropy)?;
    let trade = weighted(own.trade.iter().map(|trade| (trade, trade.weight)), entropy)?;
    let code = credit_code(division, serial)?;
    let name = name(params, division, &trade.word, taken, entropy)?;
    let statuses = own.status_weights.iter();
    let status = weighted(statuses.map(|(status, weight)| (status, *weight)), entropy)?;
    let bands = own.capital.iter().map(|band| (band, band.weight));
    let capital_fen = weighted(bands, entropy)?.yuan.draw(entropy) * 100;
    let founded = founded(own.founded_year, params.reference_date, entropy);
    let street = one_of(&own.names.streets, entropy)?;
    let number = own.street_number.draw(entropy);
    let prefix = own.prefixes.get(division)?;
    let facts = json!({
        "name": name,
        "code": code.as_str(),
        "legal_person": person_name(params, entropy)?,
        "capital_fen": capital_fen,
        "status": status,
        "founded": founded.to_string(),
        "address": format!("{prefix}{street}{number}号"),
        "scope_text": trade.scope,
    });
    let dispatch = if trade.word == DISPATCH_TRADE {
        licence(params, serial, entropy)
    } else {
        Value::Null
    };
    if named.codes.contains(&code) {
        return None;
    }
    Some(Firm {
        open: status == "存续",
        record: EmployerRecord {
            code,
            facts: Facts::from([
                (ENTERPRISE.to_owned(), facts),
                (LICENCE.to_owned(), json!({ "dispatch": dispatch })),
            ]),
        },
        name,
    })
}

fn name(
    params: &Population,
    division: &str,
    trade: &str,
    taken: &mut BTreeSet<String>,
    entropy: &mut dyn Entropy,
) -> Option<String> {
    let own = &params.employer;
    let prefix = own.prefixes.get(division)?;
    for _ in 0..ATTEMPTS_MAX {
        let first = letter(&own.names.first, entropy)?;
        let second = letter(&own.names.second, entropy)?;
        let form = one_of(&own.names.forms, entropy)?;
        let name = format!("{prefix}{first}{second}{trade}{form}");
        if first != second && taken.insert(name.clone()) {
            return Some(name);
        }
    }
    None
}

fn person_name(params: &Population, entropy: &mut dyn Entropy) -> Option<String> {
    let surnames = params.names.surnames.iter();
    let surname = weighted(surnames.map(|(name, weight)| (name, *weight)), entropy)?;
    let given = letter(&params.names.given_men, entropy)?;
    Some(format!("{surname}{given}"))
}

fn founded(years: Range, latest: Date, entropy: &mut dyn Entropy) -> Date {
    let year = i16::try_from(years.draw(entropy)).unwrap_or(latest.year());
    let days = Range { min: 0, max: 364 };
    let first = Date::new(year, 1, 1).unwrap_or(latest);
    first.saturating_add(days.draw(entropy).days()).min(latest)
}

fn licence(params: &Population, serial: u32, entropy: &mut dyn Entropy) -> Value {
    if !chance(params.licence.share_with_dispatch, entropy) {
        return Value::Null;
    }
    let reference = params.reference_date;
    let months = params.licence.valid_months;
    let expired = chance(params.licence.share_expired, entropy);
    let left = Range {
        min: 1,
        max: months.max(1),
    };
    let left = left.draw(entropy).months();
    let until = if expired {
        reference.saturating_sub(left)
    } else {
        reference.saturating_add(left)
    };
    let year = until.saturating_sub(months.months()).year();
    let number = LICENCE_SERIAL + serial.saturating_sub(params.employer.serial);
    json!({
        "no": format!("云川派字第{year}{number:04}号"),
        "valid_until": until.to_string(),
    })
}

/// `91`, the division, an organisation code, and the last letter that makes it right.
fn credit_code(division: &str, serial: u32) -> Option<CreditCode> {
    let body = format!("MA{:06}", serial % 1_000_000);
    let start = format!("91{division}{body}{}", organisation_check(&body));
    let mut codes = CODE_LETTERS
        .chars()
        .map(|last| format!("{start}{last}").parse());
    codes.find_map(Result::ok)
}

/// The check letter of an organisation code, GB 11714.
fn organisation_check(body: &str) -> char {
    let values = body.chars().map(|letter| letter.to_digit(36).unwrap_or(0));
    let sum: u32 = values
        .zip(ORGANISATION_WEIGHTS)
        .map(|(value, weight)| value * weight)
        .sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}

/// Gives some employers an agent: a generated person with an account.
pub(super) fn appoint_agents(
    params: &Population,
    firms: &[Firm],
    people: &mut [Citizen],
    entropy: &mut dyn Entropy,
) {
    let able: Vec<usize> = (0..people.len())
        .filter(|at| people.get(*at).is_some_and(|person| person.account))
        .collect();
    for firm in firms.iter().filter(|firm| firm.open) {
        if !chance(params.employer.share_with_agent, entropy) {
            continue;
        }
        let agent = one_of(&able, entropy).and_then(|at| people.get_mut(*at));
        if let Some(agent) = agent {
            agent.agent_of.push(firm.record.code.clone());
        }
    }
}
