//! Random models that are right by construction, drawings that need not be, and random inputs.

use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{Index, select},
};
use serde_json::{Map, Value, json};

use super::{end_event, flow, flow_if, gateway, gateway_or, model, service, start_event, user};
use crate::{Definition, Input, State, TokenId, Wait};

#[derive(Debug, Clone)]
pub(super) enum Block {
    Task(&'static str),
    /// One branch per condition, and perhaps a default that leads past them.
    Choice(Vec<(&'static str, Vec<Block>)>, bool),
    Loop(Vec<Block>, &'static str),
}

/// Among them some that are not boolean or name a variable that is rarely there.
const CONDITIONS: &[&str] = &[
    "x = 1",
    "x > y",
    "y < 3 and x != 2",
    "not(x = 0)",
    "x + 1",
    "\"yes\"",
    "rare = 1",
    "true",
    "false",
    "x = null",
];

fn block() -> impl Strategy<Value = Block> {
    let task = select(vec!["user", "service", "rule"]).prop_map(Block::Task);
    task.prop_recursive(3, 24, 4, |inner| {
        let branch = (select(CONDITIONS), vec(inner.clone(), 0..3));
        prop_oneof![
            (vec(branch, 1..4), any::<bool>())
                .prop_map(|(branches, or)| Block::Choice(branches, or)),
            (vec(inner, 0..3), select(CONDITIONS))
                .prop_map(|(body, again)| Block::Loop(body, again)),
        ]
    })
}

/// A valid model.
pub(super) fn valid() -> impl Strategy<Value = String> {
    vec(block(), 0..6).prop_map(|blocks| {
        let mut drawing = Drawing::default();
        drawing.elements.push(start_event("s"));
        let exits = drawing.blocks(&blocks, vec![Exit::of("s")]);
        drawing.elements.push(end_event("e"));
        drawing.connect(exits, "e");
        model(&drawing.elements)
    })
}

/// A chain of nodes with more flows at random, most of them from gateways and with a condition.
/// About half of these drawings are valid.
pub(super) fn any_drawing() -> impl Strategy<Value = String> {
    let kind = select(vec!["user", "service", "rule", "gate", "gate"]);
    let condition = option::weighted(0.95, select(CONDITIONS));
    let more = (
        prop::bool::weighted(0.95),
        any::<Index>(),
        any::<Index>(),
        condition,
    );
    (vec(kind, 1..8), vec(more, 0..5)).prop_map(|(kinds, more)| {
        let mut ids: Vec<_> = (0..kinds.len()).map(|at| format!("n{at}")).collect();
        let kinds_of = ids.iter().zip(&kinds);
        let gates = kinds_of.filter(|(_, kind)| **kind == "gate");
        let gates: Vec<String> = gates.map(|(id, _)| id.clone()).collect();
        let mut drawing = Drawing::default();
        for (from_gate, source, target, condition) in &more {
            let from = if *from_gate && !gates.is_empty() {
                &gates
            } else {
                &ids
            };
            let (source, condition) = (source.get(from).clone(), *condition);
            let id = format!("more{}", drawing.elements.len());
            drawing.connect(
                vec![Exit {
                    id,
                    source,
                    condition,
                }],
                target.get(&ids[..]).as_str(),
            );
        }
        for (id, kind) in ids.iter().zip(&kinds) {
            drawing.elements.push(match *kind {
                "gate" => gateway_or(id, &format!("{id}_out")),
                kind => node_of(kind, id),
            });
        }
        drawing.elements.extend([start_event("s"), end_event("e")]);
        ids.insert(0, "s".to_owned());
        ids.push("e".to_owned());
        for pair in ids.windows(2) {
            drawing.connect(vec![Exit::of(&pair[0])], &pair[1]);
        }
        model(&drawing.elements)
    })
}

fn node_of(kind: &str, id: &str) -> String {
    match kind {
        "user" => user(id),
        "service" => service(id),
        "rule" => format!("<businessRuleTask id='{id}' name='{id}' y:decision='{id}'/>"),
        _ => gateway(id),
    }
}

/// A flow that has no target yet.
struct Exit {
    id: String,
    source: String,
    condition: Option<&'static str>,
}

impl Exit {
    fn of(source: &str) -> Self {
        let (id, source) = (format!("{source}_out"), source.to_owned());
        Self {
            id,
            source,
            condition: None,
        }
    }
}

#[derive(Default)]
struct Drawing {
    elements: Vec<String>,
    nodes: usize,
}

impl Drawing {
    fn id(&mut self) -> String {
        self.nodes += 1;
        format!("n{}", self.nodes)
    }

    fn connect(&mut self, exits: Vec<Exit>, target: &str) {
        for Exit {
            id,
            source,
            condition,
        } in exits
        {
            self.elements.push(match condition {
                Some(condition) => flow_if(&id, &source, target, condition),
                None => flow(&id, &source, target),
            });
        }
    }

    fn blocks(&mut self, blocks: &[Block], entries: Vec<Exit>) -> Vec<Exit> {
        blocks
            .iter()
            .fold(entries, |entries, block| self.block(block, entries))
    }

    fn block(&mut self, block: &Block, entries: Vec<Exit>) -> Vec<Exit> {
        let id = self.id();
        self.connect(entries, &id);
        match block {
            Block::Task(kind) => {
                self.elements.push(node_of(kind, &id));
                vec![Exit::of(&id)]
            }
            Block::Choice(branches, or) => {
                let mut exits = Vec::new();
                for (at, (condition, blocks)) in branches.iter().enumerate() {
                    let condition = Some(*condition);
                    let entry = Exit {
                        id: format!("{id}_{at}"),
                        source: id.clone(),
                        condition,
                    };
                    exits.extend(self.blocks(blocks, vec![entry]));
                }
                if *or {
                    self.elements.push(gateway_or(&id, &format!("{id}_out")));
                    exits.push(Exit::of(&id));
                } else {
                    self.elements.push(gateway(&id));
                }
                exits
            }
            Block::Loop(body, again) => {
                self.elements.push(gateway(&id));
                let waits = self.block(&Block::Task("user"), vec![Exit::of(&id)]);
                let exits = self.blocks(body, waits);
                let test = self.id();
                self.connect(exits, &test);
                self.elements
                    .push(gateway_or(&test, &format!("{test}_out")));
                self.elements
                    .push(flow_if(&format!("{test}_again"), &test, &id, again));
                vec![Exit::of(&test)]
            }
        }
    }
}

/// What somebody tries; most of it fits what the run waits for.
#[derive(Debug, Clone)]
pub(super) struct Try {
    fits: bool,
    verb: u8,
    token: u32,
    exit: usize,
    variables: Map<String, Value>,
}

pub(super) fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = (
        prop::bool::weighted(0.8),
        0_u8..8,
        0_u32..4,
        0_usize..4,
        variables(),
    );
    let one = one.prop_map(|(fits, verb, token, exit, variables)| Try {
        fits,
        verb,
        token,
        exit,
        variables,
    });
    vec(one, 0..40)
}

pub(super) fn variables() -> impl Strategy<Value = Map<String, Value>> {
    let value = prop_oneof![
        6 => (0..4).prop_map(|number| json!(number)),
        1 => select(vec![json!(null), json!("a"), json!(true), json!([1]), json!({"a": 1})]),
    ];
    let name = select(vec!["x", "x", "y", "y", "rare"]).prop_map(ToOwned::to_owned);
    vec((name, value), 0..3).prop_map(|pairs| pairs.into_iter().collect())
}

impl Try {
    pub(super) fn input(&self, definition: &Definition, state: &State) -> Input {
        let waiting = state.tokens().first().filter(|_| self.fits);
        let token = waiting.map_or(TokenId(self.token), |token| token.id);
        let variables = self.variables.clone();
        let node = waiting.and_then(|token| definition.node(token.node.as_str()));
        let flow = node.and_then(|node| definition.exits(node).nth(self.exit));
        let flow = flow.map(|flow| flow.id.clone());
        match (waiting.map(|token| &token.wait), self.verb) {
            (Some(Wait::Task), _) | (None, 0) => Input::Complete { token, variables },
            (Some(Wait::Service | Wait::Decision), 1..) | (None, 1) => {
                Input::Resolve { token, variables }
            }
            (Some(Wait::Service | Wait::Decision), 0) | (None, 2) => Input::Fail {
                token,
                reason: "it rains".to_owned(),
            },
            (Some(Wait::Incident(_)), 0..4) | (None, 3) => Input::Retry { token, variables },
            (Some(Wait::Incident(_)) | None, _) => Input::Skip { token, flow },
        }
    }
}
