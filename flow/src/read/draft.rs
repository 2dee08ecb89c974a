//! The process as drawn, with references resolved and faults noted, before it is known to be right.

use std::collections::HashMap;

use super::attributes;
use crate::{
    condition::Condition,
    definition::NodeKind,
    fault::{Fault, FaultKind},
    ids::ElementId,
    xml::Element,
};

/// What a node means for the checks of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Start,
    End,
    Gateway,
    UserTask,
    /// Another task.
    Task,
    /// Not executable: it is a fault in itself, and the checks of the graph ask no more of it.
    Opaque,
}

pub(super) struct DraftNode {
    pub(super) id: ElementId,
    pub(super) name: String,
    pub(super) line: u32,
    pub(super) shape: Shape,
    /// None when it is not executable or its attributes have faults.
    pub(super) kind: Option<NodeKind>,
}

pub(super) struct DraftFlow {
    pub(super) id: ElementId,
    pub(super) name: String,
    pub(super) line: u32,
    pub(super) source: Option<usize>,
    pub(super) target: Option<usize>,
    pub(super) default: bool,
    pub(super) condition: Option<Condition>,
    /// Whether a condition stands there, valid or not.
    pub(super) conditional: bool,
}

impl DraftFlow {
    pub(super) fn edge(&self) -> Option<(usize, usize)> {
        self.source.zip(self.target)
    }
}

#[derive(Default)]
pub(super) struct Draft {
    pub(super) nodes: Vec<DraftNode>,
    pub(super) flows: Vec<DraftFlow>,
    /// Boundary events: (activity, event).
    pub(super) attached: Vec<(usize, usize)>,
}

/// Children of a process that describe and are not executed.
const DESCRIPTIVE: &[&str] = &[
    "documentation",
    "extensionElements",
    "auditing",
    "monitoring",
    "laneSet",
    "dataObject",
    "dataObjectReference",
    "dataStoreReference",
    "textAnnotation",
    "association",
    "group",
];

/// Children of a node or flow that describe, or are read elsewhere.
const DESCRIPTIVE_INSIDE: &[&str] = &[
    "documentation",
    "extensionElements",
    "auditing",
    "monitoring",
    "incoming",
    "outgoing",
];

impl Draft {
    pub(super) fn read(process: &Element, faults: &mut Vec<Fault>) -> Self {
        let mut draft = Self::default();
        if process.attribute("id").is_none() {
            faults.push(missing_id(process));
        }
        attributes::none(process, faults);
        let mut nodes = Vec::new();
        let mut flows = Vec::new();
        for child in process.bpmn() {
            let name = &*child.name;
            if DESCRIPTIVE.contains(&name) {
                attributes::none(child, faults);
            } else if child.attribute("id").is_none() {
                faults.push(missing_id(child));
            } else if name == "sequenceFlow" {
                flows.push(child);
            } else {
                draft.nodes.push(node(child, faults));
                nodes.push(child);
            }
        }
        draft.link(&nodes, &flows, faults);
        draft
    }

    fn link(&mut self, nodes: &[&Element], flows: &[&Element], faults: &mut Vec<Fault>) {
        let known = index(self.nodes.iter().map(|node| &node.id));
        let node = |id: &str| known.get(id).copied();
        for element in flows {
            let source = reference(element, "sourceRef", node, faults);
            let target = reference(element, "targetRef", node, faults);
            let from = source.map_or(Shape::Opaque, |at| self.nodes[at].shape);
            self.flows
                .push(flow(element, (source, target), from, faults));
        }
        for (at, element) in nodes.iter().enumerate() {
            if element.attribute("attachedToRef").is_some() {
                let activity = reference(element, "attachedToRef", node, faults);
                self.attached
                    .extend(activity.map(|activity| (activity, at)));
            }
        }
        let known = index(self.flows.iter().map(|flow| &flow.id));
        for (at, element) in nodes.iter().enumerate() {
            self.link_default(at, element, &known, faults);
            let named = element
                .bpmn()
                .filter(|child| matches!(&*child.name, "incoming" | "outgoing"));
            let gone = named.filter(|child| !known.contains_key(child.text.trim()));
            faults.extend(gone.map(|child| dangling(element, &child.name, child.text.trim())));
        }
    }

    fn link_default(
        &mut self,
        node: usize,
        element: &Element,
        known: &HashMap<ElementId, usize>,
        faults: &mut Vec<Fault>,
    ) {
        if element.attribute("default").is_none() {
            return;
        }
        let own = |id: &str| {
            let flow = known.get(id).copied();
            flow.filter(|flow| self.flows[*flow].source == Some(node))
        };
        if let Some(flow) = reference(element, "default", own, faults) {
            self.flows[flow].default = true;
            self.flows[flow].condition = None;
        }
    }
}

fn index<'a>(ids: impl Iterator<Item = &'a ElementId>) -> HashMap<ElementId, usize> {
    ids.enumerate().map(|(at, id)| (id.clone(), at)).collect()
}

fn node(element: &Element, faults: &mut Vec<Fault>) -> DraftNode {
    let name = element
        .attribute("name")
        .unwrap_or_default()
        .trim()
        .to_owned();
    let (shape, kind) = match &*element.name {
        "startEvent" => (
            Shape::Start,
            attributes::plain(element, NodeKind::Start, faults),
        ),
        "endEvent" => (
            Shape::End,
            attributes::plain(element, NodeKind::End, faults),
        ),
        "exclusiveGateway" => {
            let kind = attributes::plain(element, NodeKind::ExclusiveGateway, faults);
            (Shape::Gateway, kind)
        }
        "userTask" => (Shape::UserTask, attributes::user_task(element, faults)),
        "serviceTask" => (Shape::Task, attributes::service_task(element, faults)),
        "businessRuleTask" => (Shape::Task, attributes::business_rule_task(element, faults)),
        _ => {
            faults.push(not_executable(element, &element.name));
            (Shape::Opaque, None)
        }
    };
    if matches!(shape, Shape::UserTask | Shape::Task) && name.is_empty() {
        faults.push(element.fault(FaultKind::MissingName));
    }
    let inside = if shape == Shape::Opaque {
        Vec::new()
    } else {
        beyond(element)
    };
    let (shape, kind) = if inside.is_empty() {
        (shape, kind)
    } else {
        (Shape::Opaque, None)
    };
    faults.extend(inside);
    DraftNode {
        id: element.attribute("id").unwrap_or_default().into(),
        name,
        line: element.line,
        shape,
        kind,
    }
}

/// What an executable node carries that is not executed: triggers, loops, data mappings, …
fn beyond(element: &Element) -> Vec<Fault> {
    let children = element.bpmn().map(|child| &*child.name);
    let children = children.filter(|name| !DESCRIPTIVE_INSIDE.contains(name));
    let compensates = element.attribute("isForCompensation") == Some("true");
    let quantity = ["startQuantity", "completionQuantity"]
        .into_iter()
        .filter(|name| element.attribute(name).is_some_and(|count| count != "1"));
    children
        .chain(compensates.then_some("isForCompensation"))
        .chain(quantity)
        .map(|what| not_executable(element, what))
        .collect()
}

fn flow(
    element: &Element,
    (source, target): (Option<usize>, Option<usize>),
    from: Shape,
    faults: &mut Vec<Fault>,
) -> DraftFlow {
    attributes::none(element, faults);
    let mut condition = None;
    let mut conditional = false;
    for child in element.bpmn() {
        match &*child.name {
            "conditionExpression" if child.text.trim().is_empty() => {}
            "conditionExpression" => {
                conditional = true;
                if matches!(from, Shape::Start | Shape::UserTask | Shape::Task) || !in_feel(child) {
                    faults.push(not_executable(element, &child.name));
                    continue;
                }
                match Condition::parse(child.text.trim()) {
                    Ok(parsed) => condition = Some(parsed),
                    Err(detail) => faults.push(element.fault(FaultKind::BadCondition { detail })),
                }
            }
            name if DESCRIPTIVE_INSIDE.contains(&name) => {}
            name => faults.push(not_executable(element, name)),
        }
    }
    DraftFlow {
        id: element.attribute("id").unwrap_or_default().into(),
        name: element
            .attribute("name")
            .unwrap_or_default()
            .trim()
            .to_owned(),
        line: element.line,
        source,
        target,
        default: false,
        condition,
        conditional,
    }
}

/// An expression is FEEL unless it says otherwise.
fn in_feel(expression: &Element) -> bool {
    let language = expression.attribute("language").unwrap_or_default();
    language.is_empty() || language.to_ascii_lowercase().contains("feel")
}

fn reference(
    element: &Element,
    name: &str,
    find: impl Fn(&str) -> Option<usize>,
    faults: &mut Vec<Fault>,
) -> Option<usize> {
    let target = element.attribute(name).unwrap_or_default();
    let found = find(target);
    if found.is_none() {
        faults.push(dangling(element, name, target));
    }
    found
}

fn dangling(element: &Element, reference: &str, target: &str) -> Fault {
    let (reference, target) = (reference.to_owned(), target.to_owned());
    element.fault(FaultKind::Dangling { reference, target })
}

fn not_executable(element: &Element, what: &str) -> Fault {
    let what = what.to_owned();
    element.fault(FaultKind::NotExecutable { what })
}

fn missing_id(element: &Element) -> Fault {
    let what = element.name.as_ref().to_owned();
    element.fault(FaultKind::MissingId { what })
}
