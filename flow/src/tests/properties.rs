use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Map, Value};

use super::{LICENCE, NOW, random, told};
use crate::{Definition, Effect, NodeKind, State, Token, Wait, start, step};

/// At rest there is one token that waits for something its node can bring, or the run has ended.
fn at_rest(definition: &Definition, state: &State, effects: &[Effect]) {
    let last = effects.last().expect("every step has an effect");
    let [Token { id, node, wait, .. }] = state.tokens() else {
        assert!(state.ended(), "{:?}", state.tokens());
        assert_eq!(*last, Effect::Ended);
        return;
    };
    let (token, kind) = (
        *id,
        &definition
            .node(node.as_str())
            .expect("a node of the model")
            .kind,
    );
    let node = node.clone();
    let expected = match (wait, kind) {
        (Wait::Task, NodeKind::UserTask(_)) => Effect::OpenTask { token, node },
        (Wait::Service, NodeKind::ServiceTask { .. }) => Effect::Call { token, node },
        (Wait::Decision, NodeKind::BusinessRuleTask { .. }) => Effect::Decide { token, node },
        (Wait::Incident(reason), _) => Effect::Incident {
            token,
            node,
            reason: reason.clone(),
        },
        other => panic!("{other:?}"),
    };
    assert_eq!(*last, expected);
}

/// A token enters and leaves nodes in turns and goes only where a flow leads.
fn along_flows(definition: &Definition, effects: &[Effect]) {
    let mut here: Option<&str> = None;
    for effect in effects {
        match effect {
            Effect::Entered { node } => {
                if let Some(left) = here.take() {
                    let left = definition.node(left).unwrap();
                    let leads = |flow| definition.target(flow).id == *node;
                    assert!(definition.exits(left).any(leads), "{} to {node}", left.id);
                }
            }
            Effect::Left { node } => assert_eq!(here.replace(node.as_str()), None),
            _ => {}
        }
    }
}

fn run(
    definition: &Definition,
    variables: &Map<String, Value>,
    tries: &[random::Try],
) -> (State, Vec<Effect>) {
    let (mut state, mut all) = start(definition, variables.clone(), NOW);
    at_rest(definition, &state, &all);
    for (seconds, attempt) in (1..).zip(tries) {
        let input = attempt.input(definition, &state);
        let Ok((next, effects)) = step(definition, &state, input, NOW.plus_seconds(seconds)) else {
            continue;
        };
        at_rest(definition, &next, &effects);
        let stored = serde_json::to_value(&next).unwrap();
        assert_eq!(State::try_from(stored).unwrap(), next);
        state = next;
        all.extend(effects);
    }
    along_flows(definition, &all);
    (state, all)
}

/// Something a careless editor does to a file.
fn damage(text: &str, at: usize, length: usize, put: &str) -> String {
    let letters: Vec<_> = text.chars().collect();
    let from = at % letters.len();
    let to = (from + length).min(letters.len());
    letters[..from]
        .iter()
        .copied()
        .chain(put.chars())
        .chain(letters[to..].iter().copied())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_token_is_lost_or_doubled_and_a_run_repeats(
        xml in random::valid(), variables in random::variables(), tries in random::tries(),
    ) {
        let definition = Definition::read(&xml).expect("the model is valid");
        let (state, effects) = run(&definition, &variables, &tries);
        let (again, effects_again) = run(&Definition::read(&xml).unwrap(), &variables, &tries);
        prop_assert_eq!(told(&effects), told(&effects_again));
        prop_assert_eq!(serde_json::to_string(&state).unwrap(), serde_json::to_string(&again).unwrap());
        let entered = |id: &str| effects.iter().any(|effect| matches!(effect, Effect::Entered { node } if node.as_str() == id));
        let path: Vec<_> = definition.path(&state).iter().map(|node| node.id.as_str()).collect();
        for node in definition.nodes() {
            prop_assert_eq!(entered(node.id.as_str()), path.contains(&node.id.as_str()));
        }
    }

    #[test]
    fn any_drawing_is_refused_or_runs(
        xml in random::any_drawing(), variables in random::variables(), tries in random::tries(),
    ) {
        match Definition::read(&xml) {
            Ok(definition) => _ = run(&definition, &variables, &tries),
            Err(faults) => {
                prop_assert!(!faults.is_empty());
                let lines: Vec<_> = faults.iter().map(|fault| fault.line).collect();
                prop_assert!(lines.is_sorted());
            }
        }
    }

    #[test]
    fn a_damaged_file_is_read_or_refused(
        damages in vec((any::<usize>(), 0_usize..60, select(vec!["", "<", ">", "\"", "&", "&lt;", "/", "id", "<bpmn:task/>", "]]>", "\0", "务"])), 1..4)
    ) {
        let xml = damages.iter().fold(LICENCE.to_owned(), |xml, (at, length, put)| damage(&xml, *at, *length, put));
        let lines = u32::try_from(xml.lines().count()).unwrap();
        if let Err(faults) = Definition::read(&xml) {
            prop_assert!(!faults.is_empty());
            prop_assert!(faults.iter().all(|fault| (1..=lines).contains(&fault.line)));
        }
    }

    #[test]
    fn any_stored_state_and_any_input_are_taken_or_refused(
        node in select(vec!["Received", "Check", "Visit", "Complete", "Done", "Nowhere"]),
        wait in select(vec!["\"task\"", "\"service\"", "\"decision\"", "{\"incident\":\"no_exit\"}"]),
        tokens in vec(0_u32..4, 0..4), scope in 0_u32..2, next in 0_u32..6, tries in random::tries(),
    ) {
        let definition = Definition::read(LICENCE).unwrap();
        let tokens: Vec<_> = tokens.iter().map(|id| format!(
            "{{\"id\":{id},\"scope\":{scope},\"node\":\"{node}\",\"since\":\"2026-01-05T08:00:00Z\",\"wait\":{wait}}}"
        )).collect();
        let text = format!(
            "{{\"format\":1,\"next\":{next},\"scopes\":[{{\"id\":0,\"element\":\"Licence\",\"variables\":{{}}}}],\"tokens\":[{}],\"taken\":[\"gone\"]}}",
            tokens.join(",")
        );
        if let Ok(mut state) = serde_json::from_str::<State>(&text) {
            for attempt in tries {
                let before = state.tokens().len();
                let input = attempt.input(&definition, &state);
                if let Ok((next, effects)) = step(&definition, &state, input, NOW) {
                    let finished = effects.iter().any(|effect| matches!(effect, Effect::Left { node } if node.as_str() == "Done"));
                    prop_assert_eq!(next.tokens().len() + usize::from(finished), before);
                    state = next;
                }
            }
        }
    }
}
