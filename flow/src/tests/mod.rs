//! How models are read and runs behave, seen from outside.

mod machine;
mod properties;
mod random;
mod reading;
mod speed;
mod stored;

use std::fmt::Write;

use kernel::Timestamp;
use serde_json::{Map, Value};

use crate::{Definition, Effect, Input, State, start, step};

/// An application for a licence, as a modeller saves it.
const LICENCE: &str = include_str!("models/licence.bpmn");

const NOW: Timestamp = Timestamp::from_micros(1_767_600_000_000_000);

/// A model with these elements in its process; the first of them stands in line 2.
fn model(elements: &[String]) -> String {
    format!(
        "<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL' xmlns:y='https://yici.example/bpmn'><process id='P'>\n{}\n</process></definitions>",
        elements.join("\n")
    )
}

fn start_event(id: &str) -> String {
    format!("<startEvent id='{id}'/>")
}

fn end_event(id: &str) -> String {
    format!("<endEvent id='{id}'/>")
}

fn user(id: &str) -> String {
    format!("<userTask id='{id}' name='{id}' y:stage='review' y:permission='case.review'/>")
}

fn service(id: &str) -> String {
    format!("<serviceTask id='{id}' name='{id}' y:service='{id}'/>")
}

fn gateway(id: &str) -> String {
    format!("<exclusiveGateway id='{id}'/>")
}

fn gateway_or(id: &str, default: &str) -> String {
    format!("<exclusiveGateway id='{id}' default='{default}'/>")
}

fn flow(id: &str, source: &str, target: &str) -> String {
    format!("<sequenceFlow id='{id}' sourceRef='{source}' targetRef='{target}'/>")
}

fn flow_if(id: &str, source: &str, target: &str, condition: &str) -> String {
    format!(
        "<sequenceFlow id='{id}' sourceRef='{source}' targetRef='{target}'><conditionExpression><![CDATA[{condition}]]></conditionExpression></sequenceFlow>"
    )
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("{other} is not an object"),
    }
}

/// Runs a script: one input per line, `VERB NODE ARGUMENT`; gives the readable trace.
fn play(definition: &Definition, variables: Value, script: &str) -> (State, String) {
    let (mut state, effects) = start(definition, object(variables), NOW);
    let mut trace = told(&effects);
    for line in script
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let mut words = line.splitn(3, ' ');
        let mut word = || words.next().unwrap_or_default();
        let (verb, node, argument) = (word(), word(), word());
        let at = |token: &&crate::Token| token.node.as_str() == node;
        let token = state.tokens().iter().find(at).expect("a token there").id;
        let variables = || object(serde_json::from_str(argument).expect("variables"));
        let input = match verb {
            "complete" => Input::Complete {
                token,
                variables: variables(),
            },
            "resolve" => Input::Resolve {
                token,
                variables: variables(),
            },
            "fail" => Input::Fail {
                token,
                reason: argument.to_owned(),
            },
            "retry" => Input::Retry {
                token,
                variables: variables(),
            },
            "skip" => Input::Skip {
                token,
                flow: (!argument.is_empty()).then(|| argument.into()),
            },
            other => panic!("no verb {other}"),
        };
        let (next, effects) = step(definition, &state, input, NOW).expect("the input fits");
        state = next;
        write!(trace, "| {}", told(&effects)).expect("text grows");
    }
    (state, trace)
}

fn told(effects: &[Effect]) -> String {
    effects
        .iter()
        .fold(String::new(), |told, effect| format!("{told}{effect}; "))
}
