//! What goes into the machine and what comes out of it.

use std::fmt;

use kernel::Lang;
use serde_json::{Map, Value};

use crate::{
    ids::{ElementId, TokenId},
    state::{Reason, Wait},
};

/// What happened outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A user task was completed.
    Complete {
        /// The token that waited for it.
        token: TokenId,
        /// Variables to set.
        variables: Map<String, Value>,
    },
    /// A service answered or a decision was made.
    Resolve {
        /// The token that waited for it.
        token: TokenId,
        /// Variables to set.
        variables: Map<String, Value>,
    },
    /// A service or decision failed for good: the token goes into an incident.
    Fail {
        /// The token that waited for it.
        token: TokenId,
        /// What went wrong, without personal values.
        reason: String,
    },
    /// A person tries an incident again.
    Retry {
        /// The token in the incident.
        token: TokenId,
        /// Variables to set before.
        variables: Map<String, Value>,
    },
    /// A person passes over the node of an incident as if its work were done.
    Skip {
        /// The token in the incident.
        token: TokenId,
        /// The exit to take; may be left out where the node has only one, or a default.
        flow: Option<ElementId>,
    },
}

/// What is to be done, or to be known, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// A token came to a node.
    Entered {
        /// The node.
        node: ElementId,
    },
    /// A token went on from a node.
    Left {
        /// The node.
        node: ElementId,
    },
    /// Offer a user task; answer with [`Input::Complete`].
    OpenTask {
        /// The token that waits for it.
        token: TokenId,
        /// The user task.
        node: ElementId,
    },
    /// Call a service; answer with [`Input::Resolve`] or [`Input::Fail`].
    Call {
        /// The token that waits for it.
        token: TokenId,
        /// The service task.
        node: ElementId,
    },
    /// Make a decision; answer with [`Input::Resolve`] or [`Input::Fail`].
    Decide {
        /// The token that waits for it.
        token: TokenId,
        /// The business-rule task.
        node: ElementId,
    },
    /// Tell a person who can resolve it; answer with [`Input::Retry`] or [`Input::Skip`].
    Incident {
        /// The token that cannot go on.
        token: TokenId,
        /// Where it stands.
        node: ElementId,
        /// Why.
        reason: Reason,
    },
    /// The run has ended.
    Ended,
}

/// Why an input was not taken. Nothing changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StepFault {
    /// The state is a run of another process, or of an edition without the node.
    #[error("the state does not belong to this definition: there is no {0}")]
    OtherDefinition(ElementId),
    /// There is no such token: its work was done before, or the run has ended.
    #[error("there is no token {0}")]
    NoSuchToken(TokenId),
    /// The token waits for something else.
    #[error("token {0} does not wait for this")]
    NotAwaited(TokenId),
    /// The flow does not leave the node.
    #[error("flow {0} does not leave the node of the token")]
    NoSuchExit(ElementId),
    /// The node has several exits and no default: one must be named.
    #[error("the exit to take must be named")]
    ExitNeeded,
}

impl Input {
    /// The token it is for.
    pub const fn token(&self) -> TokenId {
        match self {
            Self::Complete { token, .. }
            | Self::Resolve { token, .. }
            | Self::Fail { token, .. }
            | Self::Retry { token, .. }
            | Self::Skip { token, .. } => *token,
        }
    }

    /// Whether it is what a token waits for.
    pub(crate) const fn answers(&self, wait: &Wait) -> bool {
        match self {
            Self::Complete { .. } => matches!(wait, Wait::Task),
            Self::Resolve { .. } | Self::Fail { .. } => {
                matches!(wait, Wait::Service | Wait::Decision)
            }
            Self::Retry { .. } | Self::Skip { .. } => matches!(wait, Wait::Incident(_)),
        }
    }
}

/// One line of a readable trace.
impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entered { node } => write!(f, "enter {node}"),
            Self::Left { node } => write!(f, "leave {node}"),
            Self::OpenTask { token, node } => write!(f, "open {node} {token}"),
            Self::Call { token, node } => write!(f, "call {node} {token}"),
            Self::Decide { token, node } => write!(f, "decide {node} {token}"),
            Self::Incident {
                token,
                node,
                reason,
            } => write!(f, "incident {node} {token}: {}", reason.words(Lang::En)),
            Self::Ended => f.write_str("ended"),
        }
    }
}
