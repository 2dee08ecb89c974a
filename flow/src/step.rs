//! The token machine: from a state and an input to the next state and what is to be done.
//!
//! It is pure: the same definition, state, input and time always give the same result. A token is
//! never lost: when it cannot go on it stays where it is, in an incident that a person resolves.

use kernel::{Timestamp, limits::FLOW_STEPS_MAX};
use serde_json::{Map, Value};

use crate::{
    definition::{Definition, Flow, Node, NodeKind},
    ids::{ElementId, ScopeId, TokenId},
    io::{Effect, Input, StepFault},
    state::{Reason, State, Token, Wait},
};

/// Starts a run with these variables.
pub fn start(
    definition: &Definition,
    variables: Map<String, Value>,
    now: Timestamp,
) -> (State, Vec<Effect>) {
    let mut state = State::new(definition.process.clone(), variables);
    let token = state.number();
    let scope = State::ROOT;
    let mut run = Run {
        definition,
        state,
        effects: Vec::new(),
        now,
        token,
        scope,
    };
    let node = &definition.nodes[definition.start];
    run.entered(node);
    let next = run.execute(node);
    run.walk(node, next);
    (run.state, run.effects)
}

/// Takes an input.
///
/// # Errors
/// The input does not fit the state; the state stays as it is.
pub fn step(
    definition: &Definition,
    state: &State,
    input: Input,
    now: Timestamp,
) -> Result<(State, Vec<Effect>), StepFault> {
    if state.process() != definition.process() {
        return Err(StepFault::OtherDefinition(state.process().clone()));
    }
    let id = input.token();
    let token = state.token(id).ok_or(StepFault::NoSuchToken(id))?;
    let node = definition.node(token.node.as_str());
    let node = node.ok_or_else(|| StepFault::OtherDefinition(token.node.clone()))?;
    if !input.answers(&token.wait) {
        return Err(StepFault::NotAwaited(id));
    }
    let mut run = Run {
        definition,
        state: state.clone(),
        effects: Vec::new(),
        now,
        token: id,
        scope: token.scope,
    };
    let next = match input {
        Input::Complete { variables, .. } | Input::Resolve { variables, .. } => {
            run.state.assign(token.scope, variables);
            run.go_on(node)
        }
        Input::Fail { reason, .. } => Move::Wait(Wait::Incident(Reason::Failed { text: reason })),
        Input::Retry { variables, .. } => {
            run.state.assign(token.scope, variables);
            run.execute(node)
        }
        Input::Skip { flow, .. } => skip(definition, node, flow)?,
    };
    run.walk(node, next);
    Ok((run.state, run.effects))
}

/// How a token goes on from a node.
enum Move<'a> {
    Follow(&'a Flow),
    Wait(Wait),
    /// The token is consumed.
    Finish,
}

/// One token on its way to its next rest.
struct Run<'a> {
    definition: &'a Definition,
    state: State,
    effects: Vec<Effect>,
    now: Timestamp,
    token: TokenId,
    scope: ScopeId,
}

impl<'a> Run<'a> {
    fn walk(&mut self, mut node: &'a Node, mut next: Move<'a>) {
        let mut passed = 0;
        loop {
            match next {
                Move::Wait(wait) => return self.rest(node, wait),
                Move::Finish => return self.finish(node),
                Move::Follow(flow) => {
                    self.left(node);
                    self.state.take(&flow.id);
                    node = self.definition.target(flow);
                    self.entered(node);
                    passed += 1;
                    next = if passed > FLOW_STEPS_MAX {
                        Move::Wait(Wait::Incident(Reason::TooManySteps))
                    } else {
                        self.execute(node)
                    };
                }
            }
        }
    }

    /// What happens when a token has come to a node.
    fn execute(&self, node: &'a Node) -> Move<'a> {
        match node.kind {
            NodeKind::Start | NodeKind::End | NodeKind::ExclusiveGateway => self.go_on(node),
            NodeKind::UserTask(_) => Move::Wait(Wait::Task),
            NodeKind::ServiceTask { .. } => Move::Wait(Wait::Service),
            NodeKind::BusinessRuleTask { .. } => Move::Wait(Wait::Decision),
        }
    }

    /// What happens when the work of a node is done.
    fn go_on(&self, node: &'a Node) -> Move<'a> {
        if node.kind == NodeKind::End {
            return Move::Finish;
        }
        let variables = self.state.variables_of(self.scope);
        for flow in self.definition.exits(node).filter(|flow| !flow.default) {
            match flow.holds(variables) {
                Ok(true) => return Move::Follow(flow),
                Ok(false) => {}
                Err(reason) => return Move::Wait(Wait::Incident(reason)),
            }
        }
        let default = self.definition.exits(node).find(|flow| flow.default);
        default.map_or(Move::Wait(Wait::Incident(Reason::NoExit)), Move::Follow)
    }

    fn rest(&mut self, node: &Node, wait: Wait) {
        let (token, id) = (self.token, node.id.clone());
        self.effects.push(match wait.clone() {
            Wait::Task => Effect::OpenTask { token, node: id },
            Wait::Service => Effect::Call { token, node: id },
            Wait::Decision => Effect::Decide { token, node: id },
            Wait::Incident(reason) => Effect::Incident {
                token,
                node: id,
                reason,
            },
        });
        self.state.put(Token {
            id: token,
            scope: self.scope,
            node: node.id.clone(),
            since: self.now,
            wait,
        });
    }

    fn finish(&mut self, node: &Node) {
        self.left(node);
        self.state.consume(self.token);
        if self.state.ended() {
            self.effects.push(Effect::Ended);
        }
    }

    fn entered(&mut self, node: &Node) {
        let node = node.id.clone();
        self.effects.push(Effect::Entered { node });
    }

    fn left(&mut self, node: &Node) {
        let node = node.id.clone();
        self.effects.push(Effect::Left { node });
    }
}

/// The way past the node of an incident.
fn skip<'a>(
    definition: &'a Definition,
    node: &'a Node,
    wanted: Option<ElementId>,
) -> Result<Move<'a>, StepFault> {
    let exits: Vec<_> = definition.exits(node).collect();
    if let Some(wanted) = wanted {
        let exit = exits.into_iter().find(|flow| flow.id == wanted);
        return exit.map(Move::Follow).ok_or(StepFault::NoSuchExit(wanted));
    }
    match exits[..] {
        [] => Ok(Move::Finish),
        [only] => Ok(Move::Follow(only)),
        _ => {
            let default = exits.into_iter().find(|flow| flow.default);
            default.map(Move::Follow).ok_or(StepFault::ExitNeeded)
        }
    }
}
