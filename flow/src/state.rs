//! The state of one run: small, versioned, readable; it is stored with the case.
//!
//! Tokens stand on nodes and belong to scopes; a scope has the variables. At rest every token
//! waits for something ([`Wait`]); a run without tokens has ended.

mod format;
mod reason;

use std::sync::Arc;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use self::{format::StateFault, reason::Reason};
use crate::ids::{ElementId, ScopeId, TokenId};

/// The number of the format that this version writes.
pub const FORMAT: u16 = 1;

/// The state of one run of a process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Value")]
pub struct State {
    format: u16,
    /// The number of the next token or scope.
    next: u32,
    /// In order of birth; the first is the process itself and stays to the end.
    scopes: Vec<Scope>,
    /// In order of birth.
    tokens: Vec<Token>,
    /// Each sequence flow that was taken, in the order in which it was taken first.
    taken: Vec<ElementId>,
}

/// Where variables live: the process itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Scope {
    id: ScopeId,
    /// The element that opened it.
    element: ElementId,
    /// A JSON object; shared between states until it changes.
    variables: Arc<Value>,
}

/// One place where a run stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Token {
    /// Its number.
    pub id: TokenId,
    /// The scope whose variables it sees.
    pub scope: ScopeId,
    /// The node it stands on.
    pub node: ElementId,
    /// Since when it waits there.
    pub since: Timestamp,
    /// What it waits for.
    pub wait: Wait,
}

/// What a token waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// A person completes the task.
    Task,
    /// The service answers.
    Service,
    /// The decision is made.
    Decision,
    /// A person resolves the incident.
    Incident(Reason),
}

impl State {
    /// The scope of the process itself.
    pub(crate) const ROOT: ScopeId = ScopeId(0);

    pub(crate) fn new(process: ElementId, variables: Map<String, Value>) -> Self {
        Self {
            format: FORMAT,
            next: 1,
            scopes: vec![Scope {
                id: Self::ROOT,
                element: process,
                variables: Arc::new(Value::Object(variables)),
            }],
            tokens: Vec::new(),
            taken: Vec::new(),
        }
    }

    /// The format it is written in.
    pub const fn format(&self) -> u16 {
        self.format
    }

    /// The id of the process it is a run of.
    pub fn process(&self) -> &ElementId {
        &self.root().element
    }

    /// The variables of the process: a JSON object. They stay after the end.
    pub fn variables(&self) -> &Value {
        &self.root().variables
    }

    /// All tokens in order of birth.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The token with this number.
    pub fn token(&self, id: TokenId) -> Option<&Token> {
        let at = self.tokens.binary_search_by_key(&id, |token| token.id);
        self.tokens.get(at.ok()?)
    }

    /// The sequence flows that were taken, each once, in the order in which they were taken first.
    pub fn taken(&self) -> &[ElementId] {
        &self.taken
    }

    /// Whether the run has ended.
    pub const fn ended(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The number for a new token.
    pub(crate) const fn number(&mut self) -> TokenId {
        let id = TokenId(self.next);
        self.next += 1;
        id
    }

    /// The variables that a scope sees.
    pub(crate) fn variables_of(&self, scope: ScopeId) -> &Value {
        let scope = self.scopes.iter().find(|known| known.id == scope);
        &scope.unwrap_or(self.root()).variables
    }

    /// Sets variables of a scope, each replacing the one of the same name.
    pub(crate) fn assign(&mut self, scope: ScopeId, variables: Map<String, Value>) {
        let scope = self.scopes.iter_mut().find(|known| known.id == scope);
        if let (Some(scope), false) = (scope, variables.is_empty())
            && let Value::Object(known) = Arc::make_mut(&mut scope.variables)
        {
            known.extend(variables);
        }
    }

    /// Notes that a flow was taken.
    pub(crate) fn take(&mut self, flow: &ElementId) {
        if !self.taken.contains(flow) {
            self.taken.push(flow.clone());
        }
    }

    /// Puts a token where it stands now.
    pub(crate) fn put(&mut self, token: Token) {
        match self
            .tokens
            .binary_search_by_key(&token.id, |token| token.id)
        {
            Ok(at) => self.tokens[at] = token,
            Err(at) => self.tokens.insert(at, token),
        }
    }

    /// Takes a token away.
    pub(crate) fn consume(&mut self, id: TokenId) {
        self.tokens.retain(|token| token.id != id);
    }

    fn root(&self) -> &Scope {
        &self.scopes[0]
    }
}
