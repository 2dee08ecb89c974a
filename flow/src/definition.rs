//! A model that passed every check and can be executed.

use std::{collections::HashMap, num::NonZeroU8, sync::Arc};

use serde_json::Value;

use crate::{
    condition::Condition,
    fault::Fault,
    ids::ElementId,
    read,
    stage::Stage,
    state::{Reason, State},
};

/// One process of a model, checked and ready to run. It never changes.
#[derive(Debug)]
pub struct Definition {
    pub(crate) xml: Arc<str>,
    pub(crate) process: ElementId,
    pub(crate) name: String,
    pub(crate) nodes: Vec<Node>,
    pub(crate) flows: Vec<Flow>,
    pub(crate) index: HashMap<ElementId, usize>,
    pub(crate) start: usize,
}

/// A node of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its id.
    pub id: ElementId,
    /// Its name; every task has one.
    pub name: String,
    /// Its line in the file, from 1.
    pub line: u32,
    /// What it is.
    pub kind: NodeKind,
    pub(crate) exits: Vec<usize>,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// Start event without trigger.
    Start,
    /// End event without result.
    End,
    /// Takes the first exit whose condition holds, else the default.
    ExclusiveGateway,
    /// Work of a person.
    UserTask(UserTask),
    /// Work of a service.
    ServiceTask {
        /// Name of the service.
        service: String,
    },
    /// A decision by rules.
    BusinessRuleTask {
        /// Name of the DMN decision.
        decision: String,
    },
}

/// Who does a user task, and as which stage of a case it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserTask {
    /// The stage of the case.
    pub stage: Stage,
    /// The permission that its performer needs, such as `case.review`.
    pub permission: String,
    /// The post whose holders it is offered to, such as `reviewer`.
    pub post: Option<String>,
    /// Where it is done, relative to the agency, such as `employment/office`.
    pub org: Option<String>,
    /// How many different persons must confirm it.
    pub people: NonZeroU8,
    /// Earlier user tasks whose performers may not do this one.
    pub exclude: Vec<ElementId>,
}

/// A sequence flow: an exit of its source.
#[derive(Debug)]
pub struct Flow {
    /// Its id.
    pub id: ElementId,
    /// Its name, often the answer to the gateway's question; may be empty.
    pub name: String,
    /// Whether the gateway takes it when no condition holds.
    pub default: bool,
    pub(crate) condition: Option<Condition>,
    pub(crate) target: usize,
}

impl Definition {
    /// Reads the process of a model: the only one, or the only executable one.
    ///
    /// # Errors
    /// All faults of the file, in order of lines. What BPMN allows and this engine does not execute
    /// is among them, so that no model is published that would not run as drawn.
    pub fn read(xml: &str) -> Result<Self, Vec<Fault>> {
        read::read(xml, None)
    }

    /// Reads the process with this id; otherwise like [`Definition::read`].
    ///
    /// # Errors
    /// All faults of the file, in order of lines.
    pub fn read_process(xml: &str, process: &str) -> Result<Self, Vec<Fault>> {
        read::read(xml, Some(process))
    }

    /// The process's id.
    pub const fn process(&self) -> &ElementId {
        &self.process
    }

    /// The process's name; may be empty.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file as it was read, with everything that is not executed (diagram, documentation,
    /// extensions of others).
    pub const fn xml(&self) -> &Arc<str> {
        &self.xml
    }

    /// All nodes, in the order in which a case meets them when it goes straight on.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The node with this id.
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.index.get(id).map(|at| &self.nodes[*at])
    }

    /// The exits of a node in the order in which their conditions are tried.
    pub fn exits(&self, node: &Node) -> impl Iterator<Item = &Flow> {
        node.exits.iter().map(|at| &self.flows[*at])
    }

    /// Where a flow leads.
    pub fn target(&self, flow: &Flow) -> &Node {
        &self.nodes[flow.target]
    }

    /// The nodes that a run has entered, in the order in which it entered them first.
    pub fn path(&self, state: &State) -> Vec<&Node> {
        let mut entered = vec![false; self.nodes.len()];
        let taken: HashMap<&ElementId, usize> = self
            .flows
            .iter()
            .map(|flow| (&flow.id, flow.target))
            .collect();
        let targets = state
            .taken()
            .iter()
            .filter_map(|flow| taken.get(flow).copied());
        std::iter::once(self.start)
            .chain(targets)
            .filter(|at| !std::mem::replace(&mut entered[*at], true))
            .map(|at| &self.nodes[at])
            .collect()
    }
}

impl Flow {
    /// Whether a token may take it: its condition holds, or it has none.
    pub(crate) fn holds(&self, variables: &Value) -> Result<bool, Reason> {
        let condition = self.condition.as_ref();
        condition.map_or(Ok(true), |condition| condition.holds(&self.id, variables))
    }
}
