//! Checks of the drawing as a whole.

use std::collections::HashMap;

use super::draft::{Draft, DraftFlow, Shape};
use crate::{
    definition::NodeKind,
    fault::{Fault, FaultKind},
    graph::Graph,
    xml::Element,
};

pub(super) fn check(draft: &Draft, process: &Element, faults: &mut Vec<Fault>) {
    let edges = draft.flows.iter().filter_map(DraftFlow::edge);
    let graph = Graph::new(
        draft.nodes.len(),
        edges.chain(draft.attached.iter().copied()),
    );
    starts(draft, process, faults);
    ends(draft, faults);
    exits(draft, faults);
    reachable(draft, &graph, faults);
    waits(draft, &graph, faults);
    exclusions(draft, &graph, faults);
}

fn fault_of(draft: &Draft, node: usize, kind: FaultKind) -> Fault {
    Fault {
        line: draft.nodes[node].line,
        element: Some(draft.nodes[node].id.clone()),
        kind,
    }
}

fn nodes(draft: &Draft, wanted: impl Fn(Shape) -> bool) -> impl Iterator<Item = usize> {
    let nodes = draft.nodes.iter().enumerate();
    nodes
        .filter(move |(_, node)| wanted(node.shape))
        .map(|(at, _)| at)
}

fn starts(draft: &Draft, process: &Element, faults: &mut Vec<Fault>) {
    let mut starts = nodes(draft, |shape| shape == Shape::Start);
    match starts.next() {
        None if !process.bpmn().any(|child| &*child.name == "startEvent") => {
            faults.push(process.fault(FaultKind::NoStart));
        }
        None => {}
        Some(first) => {
            let first = draft.nodes[first].id.clone();
            faults.extend(starts.map(|other| {
                let first = first.clone();
                fault_of(draft, other, FaultKind::SeveralStarts { first })
            }));
        }
    }
}

fn ends(draft: &Draft, faults: &mut Vec<Fault>) {
    for flow in &draft.flows {
        let shape = |end: Option<usize>| end.map(|at| draft.nodes[at].shape);
        if let (Some(Shape::Start), Some(at)) = (shape(flow.target), flow.target) {
            let flow = flow.id.clone();
            faults.push(fault_of(draft, at, FaultKind::StartEntered { flow }));
        }
        if let (Some(Shape::End), Some(at)) = (shape(flow.source), flow.source) {
            let flow = flow.id.clone();
            faults.push(fault_of(draft, at, FaultKind::EndLeft { flow }));
        }
    }
}

/// Several exits of a gateway need conditions; several exits of anything else are a parallel split.
fn exits(draft: &Draft, faults: &mut Vec<Fault>) {
    let mut of: Vec<Vec<&DraftFlow>> = draft.nodes.iter().map(|_| Vec::new()).collect();
    for flow in &draft.flows {
        if let Some(source) = flow.source {
            of[source].push(flow);
        }
    }
    for (at, exits) in of.iter().enumerate().filter(|(_, exits)| exits.len() > 1) {
        match draft.nodes[at].shape {
            Shape::Gateway => {
                let open = exits
                    .iter()
                    .filter(|flow| !flow.default && !flow.conditional);
                faults.extend(open.map(|flow| Fault {
                    line: flow.line,
                    element: Some(flow.id.clone()),
                    kind: FaultKind::NoCondition {
                        gateway: draft.nodes[at].id.clone(),
                    },
                }));
            }
            Shape::Start | Shape::UserTask | Shape::Task => {
                let what = format!("{} × sequenceFlow", exits.len());
                faults.push(fault_of(draft, at, FaultKind::NotExecutable { what }));
            }
            Shape::End | Shape::Opaque => {}
        }
    }
}

fn reachable(draft: &Draft, graph: &Graph, faults: &mut Vec<Fault>) {
    let back = graph.reversed();
    let lonely = |graph: &Graph| {
        let mut lonely = vec![true; draft.nodes.len()];
        graph.edges().for_each(|(from, _)| lonely[from] = false);
        lonely
    };
    let (no_entry, no_exit) = (lonely(&back), lonely(graph));
    let opaque = |at: &usize| draft.nodes[*at].shape == Shape::Opaque;
    let starts = nodes(draft, |shape| shape == Shape::Start)
        .chain((0..draft.nodes.len()).filter(|at| opaque(at) && no_entry[*at]));
    let ends = nodes(draft, |shape| shape == Shape::End)
        .chain((0..draft.nodes.len()).filter(|at| opaque(at) && no_exit[*at]));
    let entered = graph.reach(starts);
    let leaves = back.reach(ends);
    for at in 0..draft.nodes.len() {
        if !entered[at] {
            faults.push(fault_of(draft, at, FaultKind::Unreachable));
        }
        if !leaves[at] {
            faults.push(fault_of(draft, at, FaultKind::NoWayToEnd));
        }
    }
}

fn waits(draft: &Draft, graph: &Graph, faults: &mut Vec<Fault>) {
    let moves = |at: usize| {
        let shape = draft.nodes[at].shape;
        matches!(shape, Shape::Start | Shape::End | Shape::Gateway)
    };
    for members in graph.among(moves).loops() {
        let ids: Vec<_> = members
            .iter()
            .map(|at| draft.nodes[*at].id.as_str())
            .collect();
        let nodes = ids.join(", ");
        faults.push(fault_of(
            draft,
            members[0],
            FaultKind::LoopWithoutWait { nodes },
        ));
    }
}

/// What a task excludes must be user tasks from which it can be reached.
fn exclusions(draft: &Draft, graph: &Graph, faults: &mut Vec<Fault>) {
    let back = graph.reversed();
    let user_tasks: HashMap<_, _> = nodes(draft, |shape| shape == Shape::UserTask)
        .map(|at| (&draft.nodes[at].id, at))
        .collect();
    for (at, node) in draft.nodes.iter().enumerate() {
        let Some(NodeKind::UserTask(task)) = &node.kind else {
            continue;
        };
        if task.exclude.is_empty() {
            continue;
        }
        let before = back.reach([at]);
        for id in &task.exclude {
            let earlier = |other: &usize| *other != at && before[*other];
            if !user_tasks.get(id).is_some_and(earlier) {
                let task = id.to_string();
                faults.push(fault_of(draft, at, FaultKind::NotEarlier { task }));
            }
        }
    }
}
