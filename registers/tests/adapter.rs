//! How the registers answer, what loading changes, and what comes back from cases.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails at that line"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use kernel::{
    AppError, CitizenNo, DivisionCode, Principal, Private, Timestamp,
    ids::{CaseId, EmployerId, Id as _, PersonId, StaffId},
    ports::{
        Answer, EmployerCard, Parties, PersonCard, Question, RegisterAnswer, Registers as _,
        StaffCard,
    },
};
use registers::{
    EmployerRecord, EmployerSituation, Facts, Keys, PersonRecord, RecordsLoaded, Registers,
    Situation,
};
use seal::{LookUpKeys, MasterKeys};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Command, Envelope, Executor, Loads, Store, Work, system::SeededEntropy};
use testkit::{Database, MONDAY, id, on_both};

const UNEMPLOYED: &str = "180103198508230050";
const REGISTERED: &str = "180102197904120020";
const FIRM: &str = "91180102MA0000162J";
const UNKNOWN: &str = "11010519491231002X";

fn keys() -> Keys {
    let mut entropy = SeededEntropy::new([3; 32]);
    Keys {
        master: MasterKeys::generate(&mut entropy),
        look_up: LookUpKeys::generate(&mut entropy),
    }
}

fn bureau() -> DivisionCode {
    "180100".parse().unwrap()
}

struct City {
    store: Store,
    executor: Executor,
    registers: Registers,
}

async fn city(database: &Database) -> City {
    let store = database.open().await;
    let executor = Executor::start(&store, registers::subscriptions(), 0)
        .await
        .unwrap();
    let registers = open(&store, &executor, keys()).await.unwrap();
    let (people, employers) = (people(), employers());
    registers
        .load(people, employers, MONDAY, [1; 32])
        .await
        .unwrap();
    City {
        store,
        executor,
        registers,
    }
}

async fn open(store: &Store, executor: &Executor, keys: Keys) -> Result<Registers, AppError> {
    Registers::open(store, executor, keys, bureau(), MONDAY, [2; 32]).await
}

fn facts(whole: &Value) -> Facts {
    let registers = whole.as_object().unwrap().iter();
    registers
        .map(|(name, facts)| (name.clone(), facts.clone()))
        .collect()
}

fn person(number: &str, registered: bool) -> PersonRecord {
    PersonRecord {
        number: number.parse().unwrap(),
        facts: facts(&json!({
            "population": {"name": "某人", "death": null},
            "insurance": {"active": false, "unemployment_months": 76, "claimed_months": 0},
            "employment": {
                "last_end_date": "2025-12-31",
                "end_reason": "contract_expired",
                "registered_unemployed": registered,
                "registered_on": null,
            },
            "benefit": {"pension": false, "unemployment_active": false},
        })),
    }
}

fn people() -> Vec<PersonRecord> {
    vec![person(UNEMPLOYED, false), person(REGISTERED, true)]
}

fn employers() -> Vec<EmployerRecord> {
    vec![EmployerRecord {
        code: FIRM.parse().unwrap(),
        facts: facts(&json!({
            "enterprise": {"name": "某公司", "status": "存续", "capital_fen": 500_000_000_u64},
        })),
    }]
}

fn question(register: &str, subject: &str) -> Question {
    Question {
        register: register.to_owned(),
        subject: Private::new(subject.to_owned()),
    }
}

async fn ask(registers: &Registers, questions: &[(&str, &str)]) -> Vec<RegisterAnswer> {
    let questions: Vec<Question> = questions.iter().map(|(r, s)| question(r, s)).collect();
    registers.ask(&questions, MONDAY).await.unwrap()
}

async fn one(registers: &Registers, register: &str, subject: &str) -> Value {
    let answers = ask(registers, &[(register, subject)]).await;
    answers[0].facts.reveal().clone()
}

on_both! {
    async fn a_batch_is_answered_in_the_order_of_its_questions(database) {
        let city = city(&database).await;
        let answers = ask(&city.registers, &[
            ("licence", FIRM),
            ("population", UNEMPLOYED),
            ("population", UNKNOWN),
            ("insurance", "no number at all"),
            ("card", REGISTERED),
            ("insurance", REGISTERED),
        ]).await;
        let facts: Vec<&Value> = answers.iter().map(|answer| answer.facts.reveal()).collect();
        assert_eq!(facts[0], &json!({"dispatch": null}));
        assert_eq!(facts[1], &json!({"name": "某人", "death": null, "citizen_no": UNEMPLOYED}));
        assert!(facts[2].is_null() && facts[3].is_null() && facts[4].is_null());
        assert_eq!(facts[5]["unemployment_months"], 76);
        assert_eq!(answers[5].source, "社保参保库");
        assert_eq!(answers[5].digest, seal::sm3_hex(seal::canonical_json(facts[5]).as_bytes()));
        let wrong = city.registers.ask(&[question("astrology", FIRM)], MONDAY).await;
        assert!(matches!(wrong, Err(AppError::Broken(_))));
    }
}

on_both! {
    async fn during_an_outage_every_question_is_refused(database) {
        let city = city(&database).await;
        let questions = [question("population", UNEMPLOYED)];
        city.registers.outage().begin();
        let refused = city.registers.clone().ask(&questions, MONDAY).await;
        assert_eq!(refused.unwrap_err().code(), "E1226");
        city.registers.outage().end();
        assert!(city.registers.ask(&questions, MONDAY).await.is_ok());
    }
}

on_both! {
    async fn nothing_personal_stands_in_the_open_and_another_key_opens_nothing(database) {
        let city = city(&database).await;
        let again = open(&city.store, &city.executor, keys()).await.unwrap();
        assert_eq!(one(&again, "population", UNEMPLOYED).await["name"], "某人");
        let mut entropy = SeededEntropy::new([9; 32]);
        let other = Keys {
            master: MasterKeys::generate(&mut entropy),
            look_up: LookUpKeys::generate(&mut entropy),
        };
        assert!(open(&city.store, &city.executor, other).await.is_err());
        for head in city.store.audit_heads().await.unwrap() {
            for entry in city.store.audit_after(head.lane, 0, 100).await.unwrap() {
                assert!(!entry.subject.contains(UNEMPLOYED));
            }
        }
    }
}

on_both! {
    async fn a_rotated_look_up_key_still_finds_who_was_loaded_before(database) {
        let city = city(&database).await;
        let mut rotated = keys();
        rotated.look_up.rotate(&mut SeededEntropy::new([5; 32]));
        let registers = open(&city.store, &city.executor, rotated).await.unwrap();
        assert_eq!(one(&registers, "population", UNEMPLOYED).await["name"], "某人");
        registers.load(people(), employers(), MONDAY, [6; 32]).await.unwrap();
        let found = registers.candidates(Situation::OutOfWork, 10, 0).await.unwrap();
        assert_eq!(numbers(&found), [UNEMPLOYED]);
    }
}

fn numbers(found: &[CitizenNo]) -> Vec<&str> {
    found.iter().map(CitizenNo::reveal).collect()
}

on_both! {
    async fn candidates_come_by_situation_in_the_order_of_loading(database) {
        let city = city(&database).await;
        let extra = ["180121199905060558", "180102199610210513"].map(|number| person(number, false));
        let all: Vec<PersonRecord> = people().into_iter().chain(extra).collect();
        let loaded = city.registers.load(all, employers(), MONDAY, [4; 32]).await.unwrap();
        assert_eq!(loaded, RecordsLoaded { people: 2, employers: 0 });
        let found = city.registers.candidates(Situation::OutOfWork, 10, 0).await.unwrap();
        assert_eq!(numbers(&found), [UNEMPLOYED, "180121199905060558", "180102199610210513"]);
        let rest = city.registers.candidates(Situation::OutOfWork, 1, 1).await.unwrap();
        assert_eq!(rest, found[1..2]);
        let may = city.registers.candidates(Situation::MayClaim, 10, 0).await.unwrap();
        assert_eq!(numbers(&may), [REGISTERED]);
        let firms = city.registers.employer_candidates(EmployerSituation::Licensable, 9, 0).await.unwrap();
        assert_eq!(firms[0].as_str(), FIRM);
    }
}

/// Two people and a firm.
struct Known;
impl Parties for Known {
    fn persons<'a>(&'a self, ids: &'a [PersonId]) -> Answer<'a, BTreeMap<PersonId, PersonCard>> {
        let card = |at: &PersonId| {
            let number = if *at == id(1) { UNEMPLOYED } else { REGISTERED };
            PersonCard {
                id: *at,
                name: Private::new("某人".to_owned()),
                number: Private::new(number.parse().unwrap()),
                mobile: None,
                email: None,
                electronic_service: None,
            }
        };
        let known = ids.iter().filter(|at| **at != id(3));
        let cards = known.map(|at| (*at, card(at))).collect();
        Box::pin(async { Ok(cards) })
    }

    fn employers<'a>(
        &'a self,
        ids: &'a [EmployerId],
    ) -> Answer<'a, BTreeMap<EmployerId, EmployerCard>> {
        let card = |at: &EmployerId| EmployerCard {
            id: *at,
            name: "某公司".to_owned(),
            credit_code: FIRM.to_owned(),
        };
        let cards = ids.iter().map(|at| (*at, card(at))).collect();
        Box::pin(async { Ok(cards) })
    }

    fn staff<'a>(
        &'a self,
        _: DivisionCode,
        _: &'a [StaffId],
    ) -> Answer<'a, BTreeMap<StaffId, StaffCard>> {
        Box::pin(async { Ok(BTreeMap::new()) })
    }

    fn holders<'a>(&'a self, _: DivisionCode, _: &'a str) -> Answer<'a, Vec<StaffCard>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn enrol_person<'a>(
        &'a self,
        _: &'a Private<String>,
        _: &'a Private<CitizenNo>,
        _: &'a Principal,
        _: Timestamp,
    ) -> Answer<'a, PersonCard> {
        unreachable!("the registers enrol nobody")
    }

    fn enrol_employer<'a>(
        &'a self,
        _: &'a str,
        _: &'a Principal,
        _: Timestamp,
    ) -> Answer<'a, EmployerCard> {
        unreachable!("the registers enrol nobody")
    }

    fn agents<'a>(
        &'a self,
        _: &'a [EmployerId],
    ) -> Answer<'a, BTreeMap<EmployerId, BTreeSet<PersonId>>> {
        unreachable!("the registers ask for no agent")
    }
    fn has_account(&self, _: PersonId) -> Answer<'_, bool> {
        unreachable!("the registers ask for no account")
    }
}

/// What was applied for: an employee by his number.
struct Employee(Option<&'static str>);

impl kernel::ports::Applications for Employee {
    fn form(&self, _: DivisionCode, _: CaseId) -> Answer<'_, Option<Private<Value>>> {
        let form = self
            .0
            .map(|number| Private::new(json!({ "citizen_no": number })));
        Box::pin(async { Ok(form) })
    }
}

/// Grants a case, as casework does.
struct Grant {
    case: CaseId,
    body: Value,
}

#[derive(Serialize, Deserialize)]
struct Granted;

impl Command for Grant {
    type Out = Granted;
    const NAME: &'static str = "case.decide";
    fn bureau(&self) -> DivisionCode {
        bureau()
    }
    fn subject(&self) -> String {
        self.case.to_string()
    }
    fn lane(&self) -> u64 {
        0
    }
    fn declare(&self, _: &mut Loads<'_>) {}
    fn decide(&self, work: &mut Work<'_>) -> Result<Granted, AppError> {
        work.emit(
            "case",
            self.case.uuid(),
            1,
            "case.granted",
            self.body.clone(),
        );
        Ok(Granted)
    }
}

async fn grant(city: &City, case: u128, body: Value) {
    let envelope = Envelope {
        actor: kernel::caller::Actor::System("test".to_owned()),
        request: id(case),
        station: None,
        now: MONDAY,
        seed: [u8::try_from(case).unwrap(); 32],
        idempotency: None,
        lease: None,
    };
    let case = id::<CaseId>(case);
    city.executor
        .run(envelope, Grant { case, body })
        .await
        .unwrap();
    let handlers = registers::jobs(
        city.registers.clone(),
        Arc::new(Known),
        Arc::new(Employee(None)),
    );
    assert_eq!(city.store.run_due_jobs(&handlers, MONDAY).await.unwrap(), 1);
    assert!(
        city.store
            .lease_jobs(MONDAY.plus_seconds(86_400), 9)
            .await
            .unwrap()
            .is_empty()
    );
}

on_both! {
    async fn granted_cases_come_back_and_loading_the_pack_again_does_not_undo_them(database) {
        let city = city(&database).await;
        let owner = |person: u128| json!({"person": id::<PersonId>(person)});
        grant(&city, 11, json!({"item": "JY-009", "case_no": "a", "owner": owner(1)})).await;
        grant(&city, 12, json!({"item": "SB-084", "case_no": "b", "owner": owner(2)})).await;
        let firm = json!({"employer": id::<EmployerId>(1), "agent": id::<PersonId>(1)});
        grant(&city, 13, json!({"item": "LD-001", "case_no": "派2026-1", "owner": firm})).await;
        grant(&city, 14, json!({"item": "JY-009", "case_no": null, "owner": owner(3)})).await;
        grant(&city, 15, json!({"item": "XX-001", "case_no": null, "owner": owner(1)})).await;

        let again = city.registers.load(people(), employers(), MONDAY, [8; 32]).await.unwrap();
        assert_eq!(again, RecordsLoaded::default());
        let employment = one(&city.registers, "employment", UNEMPLOYED).await;
        assert_eq!(employment["registered_unemployed"], true);
        assert_eq!(employment["registered_on"], "2026-03-02");
        assert_eq!(employment["last_end_date"], "2025-12-31");
        let benefit = one(&city.registers, "benefit", REGISTERED).await;
        assert_eq!(benefit, json!({"pension": false, "unemployment_active": true}));
        let licence = one(&city.registers, "licence", FIRM).await;
        assert_eq!(licence, json!({"dispatch": {"no": "派2026-1", "valid_until": "2029-03-02"}}));
        let may = city.registers.candidates(Situation::MayClaim, 9, 0).await.unwrap();
        assert_eq!(numbers(&may), [UNEMPLOYED]);
        let licensed = city.registers.employer_candidates(EmployerSituation::Licensed, 9, 0).await.unwrap();
        assert_eq!(licensed.len(), 1);
    }
}
