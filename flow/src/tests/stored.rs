use serde_json::{Value, json};

use super::{LICENCE, play};
use crate::{Definition, State, StateFault};

fn stored() -> Value {
    let definition = Definition::read(LICENCE).unwrap();
    let script = "resolve Check {}\ncomplete Intake {}\ncomplete Review {}";
    let (state, _) = play(&definition, json!({"staff": 3}), script);
    serde_json::to_value(&state).unwrap()
}

#[test]
fn format_1_stays_readable_as_it_was_written() {
    let format_1 = json!({
        "format": 1,
        "next": 2,
        "scopes": [{"id": 0, "element": "Licence", "variables": {"staff": 3}}],
        "tokens": [{
            "id": 1,
            "scope": 0,
            "node": "Visit",
            "since": "2026-01-05T08:00:00Z",
            "wait": {"incident": {"missing_variables": {"flow": "Yes_visit", "variables": ["premises"]}}},
        }],
        "taken": ["To_check", "To_intake", "To_review", "To_visit"],
    });
    assert_eq!(stored(), format_1);
    let state = State::try_from(format_1.clone()).unwrap();
    assert_eq!(serde_json::to_value(&state).unwrap(), format_1);
    let text = format_1.to_string();
    assert_eq!(serde_json::from_str::<State>(&text).unwrap(), state);
}

#[test]
fn an_unknown_format_is_refused() {
    let with = |format: Value| {
        let mut state = stored();
        state["format"] = format;
        State::try_from(state).unwrap_err()
    };
    assert_eq!(with(json!(2)), StateFault::Format(2));
    assert!(matches!(with(json!("1")), StateFault::Shape(_)));
}

#[test]
fn a_state_whose_parts_contradict_each_other_is_refused() {
    let changed = |pointer: &str, value: Value| {
        let mut state = stored();
        *state.pointer_mut(pointer).expect("there is such a part") = value;
        State::try_from(state).unwrap_err()
    };
    assert_eq!(
        changed("/scopes", json!([])),
        StateFault::Inconsistent("scopes")
    );
    assert_eq!(
        changed("/scopes/0/id", json!(1)),
        StateFault::Inconsistent("scopes")
    );
    assert_eq!(
        changed("/tokens/0/scope", json!(3)),
        StateFault::Inconsistent("tokens")
    );
    assert_eq!(
        changed("/next", json!(1)),
        StateFault::Inconsistent("numbers")
    );
    assert_eq!(
        changed("/scopes/0/variables", json!([])),
        StateFault::Inconsistent("variables")
    );
    assert!(matches!(
        changed("/tokens/0/wait", json!("sleep")),
        StateFault::Shape(_)
    ));
    let mut twice = stored();
    let token = twice["tokens"][0].clone();
    twice["tokens"].as_array_mut().unwrap().push(token);
    assert_eq!(
        State::try_from(twice),
        Err(StateFault::Inconsistent("tokens"))
    );
}
