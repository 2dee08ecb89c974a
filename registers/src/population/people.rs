//! People: who they are, and what each register knows of them.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use kernel::{CitizenNo, Date, Entropy, Private};
use serde_json::{Value, json};

use super::{
    Citizen, Named, Population,
    draw::{Range, chance, letter, weighted},
    employers::Firm,
    insurance::Paid,
};
use crate::{
    PersonRecord,
    dictionary::{BENEFIT, CARD, EMPLOYMENT, INSURANCE, POPULATION},
    record::Facts,
};

/// Draws of a number, a name or a mobile number before it is given up.
const ATTEMPTS_MAX: usize = 400;
/// Letters of the last place of a citizen number (GB 11643).
const CHECK_LETTERS: &str = "0123456789X";
/// Nobody above this age is without work for having never worked.
const NEVER_WORKED_BELOW: i64 = 30;

/// Who somebody is.
struct Identity {
    number: CitizenNo,
    birth: Date,
    age: i64,
    woman: bool,
    division: String,
    surname: String,
    name: String,
}

struct Generator<'a> {
    params: &'a Population,
    named: &'a Named,
    open: Vec<&'a Firm>,
    numbers: BTreeSet<CitizenNo>,
    mobiles: BTreeSet<String>,
}

pub(super) fn generate(
    params: &Population,
    named: &Named,
    firms: &[Firm],
    entropy: &mut dyn Entropy,
) -> Vec<Citizen> {
    let mut generator = Generator {
        params,
        named,
        open: firms.iter().filter(|firm| firm.open).collect(),
        numbers: named.numbers.clone(),
        mobiles: named.mobiles.clone(),
    };
    let people = (0..params.people).filter_map(|_| generator.citizen(entropy));
    people.collect()
}

impl<'a> Generator<'a> {
    fn citizen(&mut self, entropy: &mut dyn Entropy) -> Option<Citizen> {
        let who = self.identity(entropy)?;
        let mobile = self.mobile(who.age, entropy);
        let accounts = &self.params.accounts;
        let account = chance(accounts.share_with_account, entropy) && mobile.is_some();
        let agrees = chance(accounts.share_electronic_service, entropy) && account;
        let death = self.death(&who, entropy);
        let mut facts = Facts::new();
        facts.insert(POPULATION.to_owned(), self.household(&who, death, entropy)?);
        self.work(&who, death, &mut facts, entropy)?;
        if let Some(card) = self.card(entropy) {
            facts.insert(CARD.to_owned(), card);
        }
        Some(Citizen {
            record: PersonRecord {
                number: who.number,
                facts,
            },
            name: Private::new(who.name),
            mobile: mobile.map(Private::new),
            account: account && death.is_none(),
            electronic_service: agrees && death.is_none(),
            agent_of: Vec::new(),
        })
    }

    fn identity(&mut self, entropy: &mut dyn Entropy) -> Option<Identity> {
        let params = self.params;
        let divisions = params.divisions.weights.iter();
        let division = weighted(divisions.map(|(code, weight)| (code, *weight)), entropy)?;
        let sexes = params.sex.weights.iter();
        let woman = weighted(sexes.map(|(sex, weight)| (sex, *weight)), entropy)? == "女";
        let bands = params.age_band.iter().map(|band| (band, band.weight));
        let age = weighted(bands, entropy)?.age.draw(entropy);
        let days = Range { min: 0, max: 364 };
        let birthday = params.reference_date.saturating_sub(age.years());
        for _ in 0..ATTEMPTS_MAX {
            let birth = birthday.saturating_sub(days.draw(entropy).days());
            let order = params.citizen_no.order.draw(entropy);
            let Some(number) = citizen_no(division, birth, order, woman) else {
                continue;
            };
            if self.numbers.insert(number.clone()) {
                let (surname, name) = self.name(woman, entropy)?;
                return Some(Identity {
                    number,
                    birth,
                    age,
                    woman,
                    division: division.clone(),
                    surname,
                    name,
                });
            }
        }
        None
    }

    fn name(&self, woman: bool, entropy: &mut dyn Entropy) -> Option<(String, String)> {
        let names = &self.params.names;
        let given = if woman {
            &names.given_women
        } else {
            &names.given_men
        };
        for _ in 0..ATTEMPTS_MAX {
            let surnames = names.surnames.iter();
            let surname = weighted(surnames.map(|(name, weight)| (name, *weight)), entropy)?;
            let mut name = surname.clone();
            name.push(letter(given, entropy)?);
            if !chance(names.share_one_character, entropy) {
                name.push(letter(given, entropy)?);
            }
            if !self.named.names.contains(&name) {
                return Some((surname.clone(), name));
            }
        }
        None
    }

    fn mobile(&mut self, age: i64, entropy: &mut dyn Entropy) -> Option<String> {
        let mobile = &self.params.mobile;
        let share = if age < 60 {
            mobile.share_with_mobile_below_60
        } else {
            mobile.share_with_mobile_from_60
        };
        if !chance(share, entropy) {
            return None;
        }
        (0..ATTEMPTS_MAX).find_map(|_| {
            let number = format!("{}{:04}", mobile.prefix, mobile.suffix.draw(entropy));
            self.mobiles.insert(number.clone()).then_some(number)
        })
    }

    fn death(&self, who: &Identity, entropy: &mut dyn Entropy) -> Option<Date> {
        let population = &self.params.households;
        if who.age < 65 || !chance(population.share_dead_from_65, entropy) {
            return None;
        }
        let years = population.death_years_before_reference.draw(entropy);
        let days = Range { min: 0, max: 364 }.draw(entropy);
        let reference = self.params.reference_date;
        Some(
            reference
                .saturating_sub(years.years())
                .saturating_sub(days.days()),
        )
    }

    fn household(
        &self,
        who: &Identity,
        death: Option<Date>,
        entropy: &mut dyn Entropy,
    ) -> Option<Value> {
        let population = &self.params.households;
        let head = if chance(population.share_own_household, entropy) {
            who.name.clone()
        } else {
            format!(
                "{}{}",
                who.surname,
                letter(&self.params.names.given_men, entropy)?
            )
        };
        let household = if chance(population.share_household_in_other_division, entropy) {
            let divisions = self.params.divisions.weights.iter();
            weighted(divisions.map(|(code, weight)| (code, *weight)), entropy)?.clone()
        } else {
            who.division.clone()
        };
        Some(json!({
            "name": who.name,
            "sex": if who.woman { "女" } else { "男" },
            "birth": who.birth.to_string(),
            "death": death.map(|day| day.to_string()),
            "household": household,
            "household_name": head,
        }))
    }

    fn card(&self, entropy: &mut dyn Entropy) -> Option<Value> {
        let card = &self.params.card;
        let with = chance(card.share_with_card, entropy);
        let banks = card.bank_weights.iter();
        let bank = weighted(banks.map(|(bank, weight)| (bank, *weight)), entropy)?;
        let tail = Range { min: 0, max: 9999 }.draw(entropy);
        let active = chance(card.share_active, entropy);
        with.then(|| json!({ "bank": bank, "tail": format!("{tail:04}"), "active": active }))
    }

    /// Insurance, employment and benefit by the state that is drawn.
    fn work(
        &self,
        who: &Identity,
        death: Option<Date>,
        facts: &mut Facts,
        entropy: &mut dyn Entropy,
    ) -> Option<()> {
        let states = &self.params.states;
        let retired_from = if who.woman {
            states.retired_from_age_women
        } else {
            states.retired_from_age_men
        };
        let weights = if who.age >= retired_from {
            &states.weights_retired_age
        } else {
            &states.weights_working_age
        };
        let drawn = weighted(
            weights.iter().map(|(state, weight)| (state, *weight)),
            entropy,
        )?;
        let state = match drawn.as_str() {
            "never_worked" if who.age >= NEVER_WORKED_BELOW => "flexible",
            other => other,
        };
        let (own, reference) = (&self.params.insurance, self.params.reference_date);
        let alive = death.is_none();
        let mut drawing = false;
        let firm = self.firm(entropy);
        match state {
            "working" => {
                let paid = Paid::draw(own, who.birth, reference, entropy);
                let insured = paid.facts(firm, reference, firm.filter(|_| alive), alive);
                facts.insert(INSURANCE.to_owned(), insured);
            }
            "unemployed" | "employer_silent" => {
                let reported = state == "unemployed";
                drawing = self.out_of_work(who, firm, reported, facts, entropy)?;
            }
            "flexible" | "retired" => {
                let paid = Paid::draw(own, who.birth, reference, entropy).pension_only();
                let insured = paid.facts(None, reference, None, false);
                facts.insert(INSURANCE.to_owned(), insured);
            }
            _ => {}
        }
        let benefit = json!({
            "pension": state == "retired" && alive,
            "unemployment_active": drawing && alive,
        });
        facts.insert(BENEFIT.to_owned(), benefit);
        Some(())
    }

    /// Whether he draws the benefit.
    fn out_of_work(
        &self,
        who: &Identity,
        firm: Option<&Firm>,
        reported: bool,
        facts: &mut Facts,
        entropy: &mut dyn Entropy,
    ) -> Option<bool> {
        let own = &self.params.employment;
        let reference = self.params.reference_date;
        let ended = reference.saturating_sub(own.months_since_end.draw(entropy).months());
        let paid = Paid::draw(&self.params.insurance, who.birth, ended, entropy);
        let elsewhere = chance(own.share_insured_elsewhere, entropy) && reported;
        let other = self.firm(entropy).filter(|_| elsewhere);
        let month = if other.is_some() { reference } else { ended };
        let insured = paid.facts(firm, month, other, other.is_some());
        facts.insert(INSURANCE.to_owned(), insured);
        if !reported {
            return Some(false);
        }
        let reasons = own.reason_weights.iter();
        let reason = weighted(reasons.map(|(reason, weight)| (reason, *weight)), entropy)?;
        let registered = chance(own.share_registered, entropy);
        let days = own.registered_days_after_end.draw(entropy);
        let on = ended.saturating_add(days.days()).min(reference);
        let employment = json!({
            "last_end_date": ended.to_string(),
            "end_reason": reason,
            "end_reason_text": own.reason_texts.get(reason),
            "end_employer": firm.map(|firm| firm.name.as_str()),
            "registered_on": registered.then(|| on.to_string()),
            "registered_unemployed": registered,
        });
        facts.insert(EMPLOYMENT.to_owned(), employment);
        let entitled = registered && reason != "quit" && other.is_none() && paid.gives_benefit();
        Some(chance(own.share_benefit_running, entropy) && entitled)
    }

    fn firm(&self, entropy: &mut dyn Entropy) -> Option<&'a Firm> {
        super::draw::one_of(&self.open, entropy).copied()
    }
}

/// The number with this order number or the next one of the right sex: odd for men, even for women.
fn citizen_no(division: &str, birth: Date, order: i64, woman: bool) -> Option<CitizenNo> {
    let wrong = (order % 2 == 0) != woman;
    let order = if wrong && order % 1000 == 999 {
        order - 1
    } else {
        order + i64::from(wrong)
    };
    let start = format!("{division}{}{order:03}", birth.strftime("%Y%m%d"));
    let mut numbers = CHECK_LETTERS
        .chars()
        .map(|last| format!("{start}{last}").parse());
    numbers.find_map(Result::ok)
}
