use std::time::Duration;

use serde_json::{Map, json};

use super::{LICENCE, NOW, end_event, flow, flow_if, gateway_or, model, object, start_event, user};
use crate::{Definition, Input, Token, Wait, start, step};

#[expect(
    clippy::disallowed_methods,
    reason = "this test measures the engine itself"
)]
fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let begin = std::time::Instant::now();
    let result = work();
    (begin.elapsed(), result)
}

/// A chain of tasks, each followed by a gateway with a condition: `3 × pairs + 2` elements.
fn chain(pairs: usize) -> String {
    let mut elements = vec![start_event("s"), end_event("e")];
    let mut before = "s".to_owned();
    for n in 0..pairs {
        let (task, gate) = (format!("t{n}"), format!("g{n}"));
        elements.push(user(&task));
        elements.push(gateway_or(&gate, &format!("on{n}")));
        let enter = if n == 0 {
            "in".to_owned()
        } else {
            format!("on{}", n - 1)
        };
        elements.push(flow(&enter, &before, &task));
        elements.push(flow(&format!("to{n}"), &task, &gate));
        elements.push(flow_if(
            &format!("out{n}"),
            &gate,
            "e",
            &format!("stop = {n} and amount > 100"),
        ));
        before = gate;
    }
    elements.push(flow(&format!("on{}", pairs - 1), &before, "e"));
    model(&elements)
}

#[test]
fn a_model_of_500_nodes_is_read_quickly() {
    let xml = chain(249);
    let (took, definition) = timed(|| Definition::read(&xml));
    assert_eq!(definition.unwrap().nodes().len(), 500);
    println!("500 nodes with 249 conditions: {took:?}");
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[test]
fn a_run_is_quick_and_its_state_small() {
    let definition = Definition::read(LICENCE).unwrap();
    let variables = object(json!({"premises": "own", "staff": 2, "points": 80}));
    let run = || {
        let (mut state, _) = start(&definition, variables.clone(), NOW);
        while let [Token { id, wait, .. }] = state.tokens() {
            let (token, variables) = (*id, Map::new());
            let input = match wait {
                Wait::Task => Input::Complete { token, variables },
                _ => Input::Resolve { token, variables },
            };
            state = step(&definition, &state, input, NOW).unwrap().0;
        }
        state
    };
    let runs = 200;
    let (took, state) = timed(|| (0..runs).fold(run(), |_, _| run()));
    let bytes = serde_json::to_string(&state).unwrap().len();
    println!(
        "one run of five tasks: {:?}, {bytes} bytes of state",
        took / runs
    );
    assert!(bytes < 1_000, "{bytes} bytes");
}
