//! From a file to a [`Definition`], or to all of its faults.

mod attributes;
mod check;
mod draft;

use std::collections::{HashMap, hash_map::Entry};

use self::draft::{Draft, DraftFlow, DraftNode, Shape};
use crate::{
    definition::{Definition, Flow, Node},
    fault::{Fault, FaultKind},
    graph::Graph,
    ids::ElementId,
    limits::NODES_MAX,
    xml::{self, Element, Space},
};

pub(crate) fn read(xml: &str, wanted: Option<&str>) -> Result<Definition, Vec<Fault>> {
    let root = xml::parse(xml).map_err(|fault| vec![fault])?;
    let process = choose(&root, wanted).map_err(|kind| vec![root.fault(kind)])?;
    let mut faults = Vec::new();
    duplicates(&root, &mut faults);
    let draft = Draft::read(process, &mut faults);
    if draft.nodes.len() > NODES_MAX {
        let nodes_max = NODES_MAX;
        return Err(vec![process.fault(FaultKind::TooManyNodes { nodes_max })]);
    }
    check::check(&draft, process, &mut faults);
    if let (true, Some(definition)) = (faults.is_empty(), build(draft, process, xml)) {
        return Ok(definition);
    }
    faults.sort_by_key(|fault| fault.line);
    Err(faults)
}

fn choose<'a>(root: &'a Element, wanted: Option<&str>) -> Result<&'a Element, FaultKind> {
    if root.space != Space::Bpmn || &*root.name != "definitions" {
        return Err(FaultKind::NotBpmn);
    }
    let all: Vec<_> = root
        .bpmn()
        .filter(|child| &*child.name == "process")
        .collect();
    if let Some(wanted) = wanted {
        let found = all
            .into_iter()
            .find(|process| process.attribute("id") == Some(wanted));
        let process = wanted.to_owned();
        return found.ok_or(FaultKind::NoSuchProcess { process });
    }
    let executable = |process: &&Element| process.attribute("isExecutable") == Some("true");
    let runnable: Vec<_> = all.iter().copied().filter(executable).collect();
    match (&*all, &*runnable) {
        ([], _) => Err(FaultKind::NoProcess),
        ([only], _) | (_, [only]) => Ok(only),
        _ => {
            let ids: Vec<_> = all
                .iter()
                .filter_map(|process| process.attribute("id"))
                .collect();
            let processes = ids.join(", ");
            Err(FaultKind::ChooseProcess { processes })
        }
    }
}

/// Ids are unique in a file (XML Schema, type ID).
fn duplicates(root: &Element, faults: &mut Vec<Fault>) {
    let mut first: HashMap<&str, u32> = HashMap::new();
    let mut open = vec![root];
    while let Some(element) = open.pop() {
        if let Some(id) = element.attribute("id") {
            match first.entry(id) {
                Entry::Vacant(free) => {
                    free.insert(element.line);
                }
                Entry::Occupied(used) => {
                    let first_line = *used.get();
                    faults.push(element.fault(FaultKind::DuplicateId { first_line }));
                }
            }
        }
        open.extend(
            element
                .children
                .iter()
                .rev()
                .filter(|child| child.space == Space::Bpmn),
        );
    }
}

fn build(draft: Draft, process: &Element, xml: &str) -> Option<Definition> {
    let edges = draft.flows.iter().filter_map(DraftFlow::edge);
    let graph = Graph::new(draft.nodes.len(), edges);
    let start = draft
        .nodes
        .iter()
        .position(|node| node.shape == Shape::Start)?;
    let order = graph.order([start]);
    let mut place = vec![0; draft.nodes.len()];
    for (at, node) in order.iter().enumerate() {
        place[*node] = at;
    }
    let mut exits = vec![Vec::new(); order.len()];
    let mut flows = Vec::new();
    for flow in draft.flows {
        let (source, target) = flow.edge()?;
        exits[place[source]].push(flows.len());
        flows.push(Flow {
            id: flow.id,
            name: flow.name,
            default: flow.default,
            condition: flow.condition,
            target: place[target],
        });
    }
    let mut drafts: Vec<Option<DraftNode>> = draft.nodes.into_iter().map(Some).collect();
    let mut nodes = Vec::new();
    for (at, exits) in order.into_iter().zip(exits) {
        let DraftNode {
            id,
            name,
            line,
            kind,
            ..
        } = drafts[at].take()?;
        let kind = kind?;
        nodes.push(Node {
            id,
            name,
            line,
            kind,
            exits,
        });
    }
    let index = nodes
        .iter()
        .enumerate()
        .map(|(at, node)| (node.id.clone(), at))
        .collect();
    Some(Definition {
        xml: xml.into(),
        process: ElementId::from(process.attribute("id")?),
        name: process.attribute("name").unwrap_or_default().to_owned(),
        nodes,
        flows,
        index,
        start: place[start],
    })
}
