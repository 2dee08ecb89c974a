//! Reading a DMN file before the engine does: every FEEL text with its place, what is refused, and
//! who needs whom.

use std::collections::{BTreeMap, BTreeSet};

use dsntk_feel::bif::is_built_in_function_name;
use roxmltree::{Document, Node};

use crate::{
    expression::{Start, parsed},
    fault::Fault,
    limits::{DECISION_CHAIN_MAX, DECISION_EVALUATIONS_MAX, MODEL_BYTES_MAX, MODEL_DEPTH_MAX},
};

/// What the checked file holds.
pub(crate) struct Model {
    pub(crate) name: String,
    pub(crate) decisions: Vec<Needs>,
    pub(crate) inputs: BTreeMap<String, Input>,
}

/// One decision and what it needs, by element id.
pub(crate) struct Needs {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) decisions: Vec<String>,
    pub(crate) inputs: Vec<String>,
    /// Ids of the rules of its table, in order; none where the file gives none.
    pub(crate) rule_ids: Vec<Option<String>>,
}

/// A variable that is given from outside.
#[derive(Clone)]
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) type_ref: Option<String>,
}

const REFUSED: [(&str, &str); 11] = [
    (
        "businessKnowledgeModel",
        "functions can call themselves; use decisions",
    ),
    (
        "functionDefinition",
        "functions can call themselves; use decisions",
    ),
    (
        "decisionService",
        "services are not supported; ask for the decision",
    ),
    ("invocation", "functions can call themselves; use decisions"),
    ("import", "a model stands alone; imports are not followed"),
    (
        "importedValues",
        "a model stands alone; imports are not followed",
    ),
    ("for", "write iterations in FEEL, where they are bounded"),
    ("every", "write iterations in FEEL, where they are bounded"),
    ("some", "write iterations in FEEL, where they are bounded"),
    ("filter", "write filters in FEEL, where they are bounded"),
    (
        "knowledgeRequirement",
        "functions can call themselves; use decisions",
    ),
];

/// Reads and checks a DMN file.
pub(crate) fn read(xml: &str) -> Result<Model, Vec<Fault>> {
    if xml.len() > MODEL_BYTES_MAX {
        let message = format!("longer than {MODEL_BYTES_MAX} bytes");
        return Err(vec![Fault::new(1, 1, message)]);
    }
    let document = Document::parse(xml).map_err(|error| {
        let place = error.pos();
        let (line, column) = (size(place.row), size(place.col));
        vec![Fault::new(line, column, format!("not XML: {error}"))]
    })?;
    let mut reading = Reading {
        document: &document,
        faults: Vec::new(),
    };
    let model = reading.model();
    if reading.faults.is_empty() {
        Ok(model)
    } else {
        reading
            .faults
            .sort_by_key(|fault| (fault.line, fault.column));
        Err(reading.faults)
    }
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

pub(crate) fn is(node: &Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

fn attribute(node: &Node<'_, '_>, name: &str) -> String {
    node.attribute(name).unwrap_or("").trim().to_owned()
}

struct Reading<'d, 'x> {
    document: &'d Document<'x>,
    faults: Vec<Fault>,
}

impl<'d> Reading<'d, '_> {
    fn refuse(&mut self, node: &Node<'_, '_>, message: impl Into<String>) {
        let place = self.document.text_pos_at(node.range().start);
        let (line, column) = (size(place.row), size(place.col));
        self.faults.push(Fault::new(line, column, message));
    }

    fn model(&mut self) -> Model {
        let root = self.document.root_element();
        self.refuse_elements(root);
        let inputs = self.inputs(root);
        let decisions = self.decisions(root);
        self.check_names(root);
        self.check_graph(root, &decisions, &inputs);
        self.check_texts(root, &decisions, &inputs);
        Model {
            name: attribute(&root, "name"),
            decisions,
            inputs,
        }
    }

    fn refuse_elements(&mut self, root: Node<'d, '_>) {
        for node in root.descendants().filter(Node::is_element) {
            let name = node.tag_name().name();
            let kind = node.attribute("kind").unwrap_or("FEEL");
            if kind != "FEEL" && ["functionDefinition", "encapsulatedLogic"].contains(&name) {
                self.refuse(&node, format!("external functions ({kind}) are refused"));
            } else if let Some((_, why)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
                self.refuse(&node, format!("`{name}` is refused: {why}"));
            }
            let language = node.attribute("expressionLanguage").unwrap_or("FEEL");
            if !language.to_ascii_uppercase().contains("FEEL") {
                self.refuse(&node, format!("the language `{language}` is not FEEL"));
            }
            if node.ancestors().count() > MODEL_DEPTH_MAX {
                self.refuse(
                    &node,
                    format!("nested deeper than {MODEL_DEPTH_MAX} elements"),
                );
                return;
            }
        }
    }

    fn inputs(&mut self, root: Node<'d, '_>) -> BTreeMap<String, Input> {
        let mut inputs = BTreeMap::new();
        for node in root.children().filter(|node| is(node, "inputData")) {
            let Some(variable) = node.children().find(|child| is(child, "variable")) else {
                self.refuse(&node, "the input has no variable");
                continue;
            };
            let input = Input {
                name: attribute(&variable, "name"),
                type_ref: variable.attribute("typeRef").map(ToOwned::to_owned),
            };
            if inputs.insert(attribute(&node, "id"), input).is_some() {
                self.refuse(&node, "another element has this id");
            }
        }
        inputs
    }

    fn decisions(&mut self, root: Node<'d, '_>) -> Vec<Needs> {
        let mut decisions: Vec<Needs> = Vec::new();
        for node in root.children().filter(|node| is(node, "decision")) {
            let needs = Needs {
                id: attribute(&node, "id"),
                name: attribute(&node, "name"),
                decisions: references(node, "requiredDecision"),
                inputs: references(node, "requiredInput"),
                rule_ids: rule_ids(node),
            };
            if decisions
                .iter()
                .any(|other| other.id == needs.id || other.name == needs.name)
            {
                self.refuse(&node, "another decision has this id or name");
            }
            decisions.push(needs);
        }
        if decisions.is_empty() {
            self.refuse(&root, "the model has no decision");
        }
        decisions
    }

    fn check_names(&mut self, root: Node<'d, '_>) {
        for node in root.descendants().filter(|node| is(node, "variable")) {
            let name = attribute(&node, "name");
            if is_built_in_function_name(&name) {
                self.refuse(
                    &node,
                    format!("`{name}` is a function of FEEL, choose another name"),
                );
            }
        }
    }

    fn check_graph(
        &mut self,
        root: Node<'d, '_>,
        decisions: &[Needs],
        inputs: &BTreeMap<String, Input>,
    ) {
        for needs in decisions {
            let node = element(root, &needs.id);
            for id in &needs.inputs {
                if !inputs.contains_key(id) {
                    self.refuse(&node, format!("the required input `{id}` does not exist"));
                }
            }
            for id in &needs.decisions {
                if !decisions.iter().any(|other| other.id == *id) {
                    self.refuse(
                        &node,
                        format!("the required decision `{id}` does not exist"),
                    );
                }
            }
            match evaluations(needs, decisions, 0) {
                None => self.refuse(
                    &node,
                    format!("needs itself, or more than {DECISION_CHAIN_MAX} decisions in a row"),
                ),
                Some(count) if count > DECISION_EVALUATIONS_MAX => self.refuse(
                    &node,
                    format!("needs more than {DECISION_EVALUATIONS_MAX} evaluations of decisions"),
                ),
                Some(_) => {}
            }
        }
    }

    fn check_texts(
        &mut self,
        root: Node<'d, '_>,
        decisions: &[Needs],
        inputs: &BTreeMap<String, Input>,
    ) {
        for node in root.descendants().filter(|node| is(node, "text")) {
            let parent = node.parent().map_or("", |parent| parent.tag_name().name());
            let start = match parent {
                "literalExpression" | "inputExpression" | "outputEntry" => Start::Expression,
                "inputEntry" | "inputValues" | "outputValues" | "defaultOutputEntry"
                | "allowedValues" | "typeConstraint" => Start::UnaryTests,
                _ => continue,
            };
            let owner = node.ancestors().find(|above| is(above, "decision"));
            let mut names = BTreeSet::from(["?".to_owned()]);
            if let Some(owner) = owner {
                names.extend(names_within(owner, root, decisions, inputs));
            }
            self.check_text(node, start, &names);
        }
    }

    fn check_text(&mut self, node: Node<'d, '_>, start: Start, names: &BTreeSet<String>) {
        let text: String = node.children().filter_map(|child| child.text()).collect();
        let at = node.first_child().unwrap_or(node).range().start;
        let place = self.document.text_pos_at(at);
        let (line, column) = (size(place.row), size(place.col));
        if let Err(faults) = parsed(&text, start, Some(names)) {
            self.faults.extend(faults.into_iter().map(|fault| Fault {
                column: if fault.line == 1 {
                    column + fault.column - 1
                } else {
                    fault.column
                },
                line: line + fault.line - 1,
                message: fault.message,
            }));
        }
    }
}

fn element<'d, 'x>(root: Node<'d, 'x>, id: &str) -> Node<'d, 'x> {
    root.children()
        .find(|node| node.attribute("id").map(str::trim) == Some(id))
        .unwrap_or(root)
}

fn references(node: Node<'_, '_>, kind: &str) -> Vec<String> {
    node.children()
        .filter(|child| is(child, "informationRequirement"))
        .flat_map(|requirement| requirement.children().filter(|child| is(child, kind)))
        .map(|required| {
            attribute(&required, "href")
                .trim_start_matches('#')
                .to_owned()
        })
        .collect()
}

fn rule_ids(decision: Node<'_, '_>) -> Vec<Option<String>> {
    decision
        .children()
        .filter(|child| is(child, "decisionTable"))
        .flat_map(|table| table.children().filter(|child| is(child, "rule")))
        .map(|rule| rule.attribute("id").map(ToOwned::to_owned))
        .collect()
}

/// The variables that the texts of a decision may name.
fn names_within(
    decision: Node<'_, '_>,
    root: Node<'_, '_>,
    decisions: &[Needs],
    inputs: &BTreeMap<String, Input>,
) -> BTreeSet<String> {
    let id = attribute(&decision, "id");
    let Some(needs) = decisions.iter().find(|needs| needs.id == id) else {
        return BTreeSet::new();
    };
    let given = needs
        .inputs
        .iter()
        .filter_map(|id| inputs.get(id))
        .map(|input| input.name.clone());
    let decided = needs.decisions.iter().flat_map(|id| {
        let required = element(root, id);
        required
            .children()
            .filter(|child| is(child, "variable"))
            .collect::<Vec<_>>()
    });
    let within = decision
        .descendants()
        .filter(|node| is(node, "contextEntry"))
        .flat_map(|entry| entry.children().filter(|child| is(child, "variable")));
    let named = decided
        .chain(within)
        .map(|variable| attribute(&variable, "name"));
    given.chain(named).collect()
}

/// How many decisions are evaluated for this one; none when the chain has no end.
fn evaluations(needs: &Needs, decisions: &[Needs], depth: usize) -> Option<usize> {
    if depth >= DECISION_CHAIN_MAX {
        return None;
    }
    let mut count = 1_usize;
    for id in &needs.decisions {
        if let Some(required) = decisions.iter().find(|other| other.id == *id) {
            count += evaluations(required, decisions, depth + 1)?;
        }
        if count > DECISION_EVALUATIONS_MAX {
            break;
        }
    }
    Some(count)
}
