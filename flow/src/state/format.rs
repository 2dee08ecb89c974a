//! Reading of stored states: one structure per format ever written, each upgraded to the present.
//!
//! A change of [`State`] gets a new number; the structure that it replaces stays here as it was.

use serde::Deserialize;
use serde_json::Value;

use super::{FORMAT, Scope, State, Token};
use crate::ids::ElementId;

/// A stored value is not a state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateFault {
    /// It was written in a format that this version does not know.
    #[error("flow states of format {0} are not known, the newest is {FORMAT}")]
    Format(u64),
    /// It has not the shape of its format.
    #[error("not a flow state: {0}")]
    Shape(String),
    /// Its parts contradict each other.
    #[error("a flow state whose {0} do not fit together")]
    Inconsistent(&'static str),
}

impl TryFrom<Value> for State {
    type Error = StateFault;

    fn try_from(stored: Value) -> Result<Self, StateFault> {
        let format = stored.get("format").and_then(Value::as_u64);
        let state = match format {
            Some(1) => read::<Format1>(stored)?.upgrade(),
            Some(newer) => return Err(StateFault::Format(newer)),
            None => return Err(StateFault::Shape("it has no format number".to_owned())),
        };
        consistent(&state).map_or(Ok(state), |parts| Err(StateFault::Inconsistent(parts)))
    }
}

fn read<T: for<'de> Deserialize<'de>>(stored: Value) -> Result<T, StateFault> {
    serde_json::from_value(stored).map_err(|error| StateFault::Shape(error.to_string()))
}

#[derive(Deserialize)]
struct Format1 {
    next: u32,
    scopes: Vec<Scope>,
    tokens: Vec<Token>,
    taken: Vec<ElementId>,
}

impl Format1 {
    fn upgrade(self) -> State {
        State {
            format: FORMAT,
            next: self.next,
            scopes: self.scopes,
            tokens: self.tokens,
            taken: self.taken,
        }
    }
}

/// The parts that do not fit together, if any.
fn consistent(state: &State) -> Option<&'static str> {
    let scopes = || state.scopes.iter().map(|scope| scope.id.0);
    let tokens = || state.tokens.iter().map(|token| token.id.0);
    let rising = |ids: &mut dyn Iterator<Item = u32>| ids.is_sorted_by(|one, two| one < two);
    let homeless = |token: &Token| !state.scopes.iter().any(|scope| scope.id == token.scope);
    if state
        .scopes
        .first()
        .is_none_or(|scope| scope.id != State::ROOT)
        || !rising(&mut scopes())
    {
        Some("scopes")
    } else if !rising(&mut tokens()) || state.tokens.iter().any(homeless) {
        Some("tokens")
    } else if scopes().chain(tokens()).any(|id| id >= state.next) {
        Some("numbers")
    } else if !state.scopes.iter().all(|scope| scope.variables.is_object()) {
        Some("variables")
    } else {
        None
    }
}
