use serde_json::{Map, Value, json};

use super::{
    LICENCE, NOW, end_event, flow, flow_if, gateway, gateway_or, model, play, start_event, user,
};
use crate::{Definition, Input, Reason, State, StepFault, TokenId, Wait, start, step};

fn licence() -> Definition {
    Definition::read(LICENCE).unwrap()
}

/// A gateway with three exits, after a task; `x` decides.
fn fork(conditions: [&str; 2], default: Option<&str>) -> Definition {
    let gate = default.map_or_else(|| gateway("g"), |default| gateway_or("g", default));
    let mut elements = vec![
        start_event("s"),
        user("t"),
        gate,
        flow("f", "s", "t"),
        flow("h", "t", "g"),
        flow_if("one", "g", "a", conditions[0]),
        flow_if("two", "g", "b", conditions[1]),
        end_event("a"),
        end_event("b"),
    ];
    if let Some(default) = default {
        elements.extend([flow(default, "g", "c"), end_event("c")]);
    }
    Definition::read(&model(&elements)).unwrap()
}

fn only(state: &State) -> (&str, &Wait) {
    let [token] = state.tokens() else {
        panic!("one token, not {:?}", state.tokens())
    };
    (token.node.as_str(), &token.wait)
}

#[test]
fn a_run_stops_at_each_task_and_ends_once() {
    let (state, trace) = play(
        &licence(),
        json!({"premises": "own", "staff": 2}),
        "resolve Check {\"known\": true}
         complete Intake {}
         complete Review {}
         resolve Rules {\"points\": 80}
         complete Decide {\"granted\": true}",
    );
    assert_eq!(
        trace,
        "enter Received; leave Received; enter Check; call Check #1; \
         | leave Check; enter Intake; open Intake #1; \
         | leave Intake; enter Review; open Review #1; \
         | leave Review; enter Visit; leave Visit; enter Rules; decide Rules #1; \
         | leave Rules; enter Complete; leave Complete; enter Decide; open Decide #1; \
         | leave Decide; enter Done; leave Done; ended; "
    );
    assert!(state.ended());
    assert_eq!(
        *state.variables(),
        json!({"premises": "own", "staff": 2, "known": true, "points": 80, "granted": true})
    );
}

#[test]
fn a_loop_is_walked_until_its_condition_fails_and_the_path_tells_each_node_once() {
    let definition = licence();
    let (state, trace) = play(
        &definition,
        json!({"premises": "leased", "staff": 3}),
        "resolve Check {}
         complete Intake {}
         complete Review {}
         complete Site_check {}
         resolve Rules {\"points\": 59}
         complete Review {\"premises\": \"own\"}
         resolve Rules {\"points\": 60}",
    );
    assert_eq!(trace.matches("open Review").count(), 2);
    assert_eq!(trace.matches("open Site_check").count(), 1);
    assert_eq!(only(&state), ("Decide", &Wait::Task));
    let path: Vec<_> = definition
        .path(&state)
        .iter()
        .map(|node| node.id.as_str())
        .collect();
    assert_eq!(
        path,
        [
            "Received",
            "Check",
            "Intake",
            "Review",
            "Visit",
            "Site_check",
            "Rules",
            "Complete",
            "Decide"
        ]
    );
    assert!(state.taken().iter().any(|flow| flow.as_str() == "No_visit"));
}

#[test]
fn a_gateway_takes_the_first_exit_that_holds_else_the_default() {
    let definition = fork(["x > 5", "x > 3"], Some("else"));
    for (x, end) in [(9, "a"), (4, "b"), (1, "c")] {
        let (state, trace) = play(
            &definition,
            json!({}),
            &format!("complete t {{\"x\": {x}}}"),
        );
        assert!(
            state.ended() && trace.contains(&format!("enter {end}; ")),
            "{trace}"
        );
    }
}

#[test]
fn a_condition_without_answer_is_an_incident_that_a_person_resolves() {
    let definition = fork(["x > 5", "y > 3"], Some("else"));
    let (state, trace) = play(&definition, json!({"y": 1}), "complete t {}");
    assert!(trace.ends_with("incident g #1: the condition of flow one lacks variables: x; "));
    let missing = Reason::MissingVariables {
        flow: "one".into(),
        variables: vec!["x".to_owned()],
    };
    assert_eq!(only(&state), ("g", &Wait::Incident(missing)));

    let script = "complete t {}
        retry g {\"x\": null}
        retry g {\"x\": 9}";
    let (state, trace) = play(&definition, json!({"y": 1}), script);
    assert!(state.ended() && trace.contains("enter a; "), "{trace}");
    let (state, trace) = play(&definition, json!({"y": 1}), "complete t {}\nskip g");
    assert!(
        state.ended() && trace.contains("enter c; "),
        "the default is taken: {trace}"
    );
    let (state, trace) = play(&definition, json!({"y": 1}), "complete t {}\nskip g two");
    assert!(state.ended() && trace.contains("enter b; "), "{trace}");
}

#[test]
fn names_that_a_condition_binds_itself_are_not_missed() {
    let some = "some n in list satisfies n.size > 3";
    let filter = "count(list[size > 8]) = 1";
    let definition = fork([some, filter], Some("else"));
    for (size, end) in [(4, "a"), (1, "c")] {
        let variables = json!({"list": [{"size": size}]});
        let (state, trace) = play(&definition, variables, "complete t {}");
        assert!(
            state.ended() && trace.contains(&format!("enter {end}; ")),
            "{trace}"
        );
    }
}

#[test]
fn a_condition_that_is_not_boolean_and_a_gateway_without_exit_are_incidents() {
    let reason = |definition: &Definition, x: Value| {
        let (state, _) = play(definition, json!({"x": x}), "complete t {}");
        match only(&state) {
            ("g", Wait::Incident(reason)) => reason.clone(),
            other => panic!("{other:?}"),
        }
    };
    let number = fork(["x + 1", "x > 3"], None);
    assert!(
        matches!(reason(&number, json!(1)), Reason::NotBoolean { flow, .. } if flow.as_str() == "one")
    );
    let narrow = fork(["x > 5", "x > 3"], None);
    assert_eq!(reason(&narrow, json!(1)), Reason::NoExit);
    let (state, _) = play(&narrow, json!({"x": 1}), "complete t {}");
    let skip = |flow: Option<&str>| {
        let input = Input::Skip {
            token: TokenId(1),
            flow: flow.map(Into::into),
        };
        step(&narrow, &state, input, NOW)
    };
    assert_eq!(skip(None).unwrap_err(), StepFault::ExitNeeded);
    assert_eq!(
        skip(Some("f")).unwrap_err(),
        StepFault::NoSuchExit("f".into())
    );
    assert!(skip(Some("two")).unwrap().0.ended());
}

#[test]
fn a_failed_service_is_tried_again_or_passed_over() {
    let (state, trace) = play(
        &licence(),
        json!({}),
        "fail Check 登记系统没有应答\nretry Check {}",
    );
    assert!(trace.ends_with("| incident Check #1: it failed: 登记系统没有应答; | call Check #1; "));
    assert_eq!(only(&state), ("Check", &Wait::Service));
    let (state, _) = play(&licence(), json!({}), "fail Check x\nskip Check");
    assert_eq!(only(&state), ("Intake", &Wait::Task));
}

#[test]
fn more_nodes_than_the_limit_without_a_wait_are_an_incident_that_can_go_on() {
    let count = kernel::limits::FLOW_STEPS_MAX + 5;
    let mut elements = vec![start_event("g0"), end_event("end")];
    elements.extend((1..count).map(|n| gateway(&format!("g{n}"))));
    elements.extend(
        (1..count).map(|n| flow(&format!("f{n}"), &format!("g{}", n - 1), &format!("g{n}"))),
    );
    elements.push(flow("last", &format!("g{}", count - 1), "end"));
    let definition = Definition::read(&model(&elements)).unwrap();
    let (state, _) = start(&definition, Map::new(), NOW);
    let (node, wait) = only(&state);
    assert_eq!(*wait, Wait::Incident(Reason::TooManySteps));
    let (state, trace) = play(&definition, json!({}), &format!("retry {node} {{}}"));
    assert!(state.ended());
    for n in 0..count {
        assert_eq!(trace.matches(&format!("enter g{n}; ")).count(), 1, "g{n}");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let definition = licence();
    let (state, _) = start(&definition, Map::new(), NOW);
    let refuse = |input| step(&definition, &state, input, NOW).unwrap_err();
    let (token, variables) = (TokenId(1), Map::new());
    let not_awaited = StepFault::NotAwaited(token);
    assert_eq!(
        refuse(Input::Complete {
            token,
            variables: variables.clone()
        }),
        not_awaited
    );
    assert_eq!(
        refuse(Input::Retry {
            token,
            variables: variables.clone()
        }),
        not_awaited
    );
    assert_eq!(refuse(Input::Skip { token, flow: None }), not_awaited);
    let token = TokenId(7);
    assert_eq!(
        refuse(Input::Complete { token, variables }),
        StepFault::NoSuchToken(token)
    );

    let other = fork(["x > 5", "x > 3"], None);
    let input = Input::Resolve {
        token: TokenId(1),
        variables: Map::new(),
    };
    let fault = step(&other, &state, input.clone(), NOW).unwrap_err();
    assert_eq!(fault, StepFault::OtherDefinition("Licence".into()));
    let edition = Definition::read(&LICENCE.replace("\"Check\"", "\"Checked\"")).unwrap();
    let fault = step(&edition, &state, input, NOW).unwrap_err();
    assert_eq!(fault, StepFault::OtherDefinition("Check".into()));
}

#[test]
fn a_token_knows_since_when_it_waits() {
    let definition = licence();
    let (state, _) = start(&definition, Map::new(), NOW);
    assert_eq!(state.tokens()[0].since, NOW);
    let later = NOW.plus_seconds(60);
    let input = Input::Resolve {
        token: TokenId(1),
        variables: Map::new(),
    };
    let (state, _) = step(&definition, &state, input, later).unwrap();
    assert_eq!(state.tokens()[0].since, later);
}
