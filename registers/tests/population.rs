//! The generated city: valid, distinct, and the same every time.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails at that line"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use catalog::pack::Files;
use kernel::{CitizenNo, CreditCode, Date, citizen_no::Sex};
use proptest::prelude::*;
use registers::{
    EmployerSituation, Facts, Situation,
    population::{City, Named, Population, generate},
};
use serde_json::{Value, json};

fn files() -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/yunchuan");
    Files::read(&folder).unwrap()
}

/// The demo city's description with so many people and employers.
fn params(people: u32, employers: u32) -> Population {
    let text = &files().0["population.toml"];
    let text = text.replacen("people = 6000", &format!("people = {people}"), 1);
    let text = text.replacen("employers = 300", &format!("employers = {employers}"), 1);
    Population::read(&text).unwrap()
}

fn print(city: &City) -> String {
    let people = city.people.iter().map(|person| {
        let agent_of: Vec<&str> = person.agent_of.iter().map(CreditCode::as_str).collect();
        json!([
            person.record.number.reveal(),
            person.record.facts,
            person.mobile.as_ref().map(kernel::Private::reveal),
            person.account,
            person.electronic_service,
            agent_of,
        ])
    });
    let people: Vec<Value> = people.collect();
    let employers = city
        .employers
        .iter()
        .map(|one| json!([one.code.as_str(), one.facts]));
    let employers: Vec<Value> = employers.collect();
    json!([people, employers]).to_string()
}

fn date(facts: &Facts, register: &str, name: &str) -> Option<Date> {
    let text = facts.get(register)?.get(name)?.as_str()?;
    Some(text.parse().unwrap())
}

fn check(city: &City) {
    let reference: Date = "2026-01-31".parse().unwrap();
    let numbers: BTreeSet<&CitizenNo> = city.people.iter().map(|one| &one.record.number).collect();
    assert_eq!(numbers.len(), city.people.len());
    let mobiles: Vec<_> = city
        .people
        .iter()
        .filter_map(|one| one.mobile.as_ref())
        .collect();
    let distinct: BTreeSet<&String> = mobiles.iter().map(|one| one.reveal()).collect();
    assert_eq!(distinct.len(), mobiles.len());
    for person in &city.people {
        let (number, facts) = (&person.record.number, &person.record.facts);
        assert!(CitizenNo::parse(number.reveal(), reference).is_ok());
        assert!(number.area().starts_with("1801"));
        let woman = facts["population"]["sex"] == "女";
        assert_eq!(number.sex() == Sex::Female, woman);
        assert_eq!(date(facts, "population", "birth"), Some(number.birth()));
        assert!(date(facts, "population", "death").is_none_or(|day| day <= reference));
        assert!(date(facts, "employment", "last_end_date").is_none_or(|day| day <= reference));
        assert!(date(facts, "employment", "registered_on").is_none_or(|day| day <= reference));
        if let Some(insurance) = facts.get("insurance") {
            let months = |name: &str| insurance[name].as_u64().unwrap();
            assert!(months("unemployment_months") <= months("pension_months"));
            assert!(months("claimed_months") <= 24);
        }
        assert!(person.account || !person.electronic_service && person.agent_of.is_empty());
    }
    let codes: BTreeSet<&CreditCode> = city.employers.iter().map(|one| &one.code).collect();
    assert_eq!(codes.len(), city.employers.len());
    for employer in &city.employers {
        assert!(employer.code.as_str().parse::<CreditCode>().is_ok());
        assert!(employer.code.as_str().starts_with("911801"));
        let founded = date(&employer.facts, "enterprise", "founded").unwrap();
        assert!(founded <= reference);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_generated_city_is_valid_distinct_and_repeatable(seed in any::<u64>()) {
        let params = params(150, 20);
        let city = generate(&params, seed, &Named::default());
        prop_assert_eq!((city.people.len(), city.employers.len()), (150, 20));
        check(&city);
        prop_assert_eq!(print(&city), print(&generate(&params, seed, &Named::default())));
        let other = generate(&params, seed.wrapping_add(1), &Named::default());
        prop_assert_ne!(print(&city), print(&other));
    }

    #[test]
    fn whoever_is_named_is_not_generated_again(seed in any::<u64>()) {
        let params = params(60, 10);
        let first = generate(&params, seed, &Named::default());
        let named = Named {
            numbers: first.people.iter().map(|one| one.record.number.clone()).collect(),
            names: first.people.iter().map(|one| one.name.reveal().clone()).collect(),
            mobiles: first.people.iter().filter_map(|one| Some(one.mobile.as_ref()?.reveal().clone())).collect(),
            ..Named::default()
        };
        for person in generate(&params, seed, &named).people {
            prop_assert!(!named.numbers.contains(&person.record.number));
            prop_assert!(!named.names.contains(person.name.reveal()));
            prop_assert!(person.mobile.is_none_or(|mobile| !named.mobiles.contains(mobile.reveal())));
        }
    }
}

#[test]
fn the_whole_demo_city_has_people_in_every_situation() {
    let params = params(6000, 300);
    let city = generate(&params, params.seed, &Named::default());
    assert_eq!(city.people.len(), 6000);
    assert!(city.employers.len() >= 290, "{}", city.employers.len());
    check(&city);
    let mut people: BTreeMap<Situation, usize> = BTreeMap::new();
    for person in &city.people {
        *people
            .entry(Situation::of(&person.record.facts))
            .or_default() += 1;
    }
    for situation in Situation::ALL {
        assert!(
            people.get(situation).is_some_and(|many| *many >= 10),
            "{situation:?}: {people:?}"
        );
    }
    let mut employers: BTreeMap<EmployerSituation, usize> = BTreeMap::new();
    for employer in &city.employers {
        *employers
            .entry(EmployerSituation::of(&employer.facts))
            .or_default() += 1;
    }
    assert!(
        EmployerSituation::ALL
            .iter()
            .all(|one| employers.contains_key(one)),
        "{employers:?}"
    );
    assert!(city.people.iter().any(|person| !person.agent_of.is_empty()));
}

/// The generator and the tables of the pack speak of the same facts.
#[test]
fn generated_facts_have_the_columns_of_the_pack() {
    let files = files();
    let params = params(800, 60);
    let city = generate(&params, 1, &Named::default());
    for register in ["population", "insurance", "employment", "benefit", "card"] {
        let header = files.0[&format!("registers/{register}.tsv")]
            .lines()
            .next()
            .unwrap();
        let wanted: BTreeSet<&str> = header.split('\t').skip(1).collect();
        let mut seen = 0;
        for facts in city
            .people
            .iter()
            .filter_map(|one| one.record.facts.get(register))
        {
            let found: BTreeSet<&str> = facts
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            assert_eq!(found, wanted, "{register}");
            seen += 1;
        }
        assert!(seen > 50, "{register}");
    }
    let header = files.0["registers/enterprise.tsv"].lines().next().unwrap();
    let wanted: BTreeSet<&str> = header.split('\t').collect();
    for employer in &city.employers {
        let facts = employer.facts["enterprise"].as_object().unwrap();
        assert_eq!(
            facts.keys().map(String::as_str).collect::<BTreeSet<_>>(),
            wanted
        );
    }
}

#[test]
fn what_is_wrong_with_the_parameters_is_told() {
    let text = files().0["population.toml"].clone();
    let faults = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        let faults = Population::read(&text.replacen(from, to, 1)).unwrap_err();
        faults
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert!(faults("format = 1", "format = 2").contains("the format is 1"));
    assert!(faults("share_active = 0.90", "share_active = 1.90").contains("card.share_active"));
    assert!(faults("min = 1, max = 11", "min = 12, max = 11").contains("insurance.short_months"));
    assert!(faults("180121 = 20", "180199 = 20").contains("employer.prefixes has no 180199"));
    let unknown = faults("share_short = ", "share_shrt = ");
    assert!(
        unknown.contains("share_shrt") && unknown.split(':').next().unwrap().parse::<u32>().is_ok()
    );
}
