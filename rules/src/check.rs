//! What a parsed FEEL text may do: which names it uses, which functions it calls, how long it runs.

use std::collections::BTreeSet;

use dsntk_feel::bif::is_built_in_function_name;
use dsntk_feel_parser::AstNode;

use crate::{
    expression::Start,
    limits::{ITERATION_STEPS_MAX, LIST_ITEMS_MAX},
    tree::{children, name_of, too_high, whole_of},
};

/// What a checked tree needs.
pub(crate) struct Checked {
    /// Variables that the scope must give.
    pub(crate) variables: BTreeSet<String>,
    /// Faults: the word that shows the place, and the message.
    pub(crate) faults: Vec<(String, String)>,
}

/// Checks a tree. `declared` are the variables that may be used; none allows every name.
pub(crate) fn check(tree: &AstNode, start: Start, declared: Option<&BTreeSet<String>>) -> Checked {
    let mut walk = Walk {
        declared,
        bound: Vec::new(),
        in_filter: 0,
        in_tests: usize::from(start == Start::UnaryTests),
        called: BTreeSet::new(),
        checked: Checked {
            variables: BTreeSet::new(),
            faults: Vec::new(),
        },
    };
    if too_high(tree) {
        walk.refuse("", "the expression is nested too deeply; split it");
        return walk.checked;
    }
    walk.visit(tree);
    if steps(tree) > ITERATION_STEPS_MAX {
        walk.refuse(
            "",
            format!("iterations of more than {ITERATION_STEPS_MAX} steps"),
        );
    }
    let both: Vec<String> = walk
        .called
        .intersection(&walk.checked.variables)
        .cloned()
        .collect();
    for name in both {
        let message = format!("`{name}` is a function and cannot be a variable as well");
        walk.refuse(&name, message);
    }
    walk.checked
}

struct Walk<'c> {
    declared: Option<&'c BTreeSet<String>>,
    bound: Vec<String>,
    in_filter: usize,
    in_tests: usize,
    called: BTreeSet<String>,
    checked: Checked,
}

impl Walk<'_> {
    fn refuse(&mut self, word: &str, message: impl Into<String>) {
        let fault = (word.to_owned(), message.into());
        if !self.checked.faults.contains(&fault) {
            self.checked.faults.push(fault);
        }
    }

    fn visit(&mut self, node: &AstNode) {
        match node {
            AstNode::Name(name) => self.variable(name.as_str()),
            AstNode::FunctionInvocation(function, arguments) => {
                self.call(function);
                self.visit(arguments);
            }
            AstNode::FunctionDefinition(..) | AstNode::FunctionBody(..) => {
                self.refuse("function", "functions cannot be defined in a rule");
            }
            AstNode::Path(value, _)
            | AstNode::InstanceOf(value, _)
            | AstNode::NamedParameter(_, value) => self.visit(value),
            AstNode::Filter(list, condition) => {
                self.visit(list);
                self.in_filter += 1;
                self.visit(condition);
                self.in_filter -= 1;
            }
            AstNode::In(value, tests) => {
                self.visit(value);
                self.in_tests += 1;
                self.visit(tests);
                self.in_tests -= 1;
            }
            test if is_unary(test) && self.in_tests == 0 => {
                self.refuse("", "a comparison has no left side");
            }
            AstNode::QualifiedName(segments) => {
                if let Some(name) = segments.first().and_then(name_of) {
                    self.variable(name);
                }
            }
            AstNode::For(head, body) | AstNode::Some(head, body) | AstNode::Every(head, body) => {
                self.binding(children(head), body);
            }
            AstNode::Context(entries) => self.context(entries),
            other => children(other)
                .into_iter()
                .for_each(|part| self.visit(part)),
        }
    }

    /// `for`, `some`, `every`: each head binds its first part for the heads after it and the body.
    fn binding(&mut self, heads: Vec<&AstNode>, body: &AstNode) {
        let before = self.bound.len();
        for head in heads {
            let parts = children(head);
            if matches!(head, AstNode::IterationContextInterval(..)) {
                self.interval(&parts);
            }
            for part in parts.iter().skip(1) {
                self.visit(part);
            }
            let bound = parts.first().and_then(|part| name_of(part));
            self.bound.extend(bound.map(ToOwned::to_owned));
        }
        self.visit(body);
        self.bound.truncate(before);
    }

    fn interval(&mut self, parts: &[&AstNode]) {
        if parts.iter().skip(1).any(|end| whole_of(end).is_none()) {
            let message = "the ends of an interval to go through must be written as whole numbers";
            self.refuse("for", message);
        }
    }

    fn context(&mut self, entries: &[AstNode]) {
        let before = self.bound.len();
        for entry in entries {
            if let AstNode::ContextEntry(key, value) = entry {
                self.visit(value);
                self.bound.extend(name_of(key).map(ToOwned::to_owned));
            }
        }
        self.bound.truncate(before);
    }

    fn variable(&mut self, name: &str) {
        if self.bound.iter().any(|bound| bound == name) {
            return;
        }
        let known = self.declared.is_none_or(|declared| declared.contains(name));
        // Inside a filter the fields of the filtered items are names too.
        if !known && self.in_filter == 0 {
            self.refuse(name, format!("there is no variable `{name}` here"));
        }
        if name == "partial" {
            self.refuse(name, "`partial` grows without a bound and cannot be used");
        }
        if self.in_filter == 0 || name != "item" {
            self.checked.variables.insert(name.to_owned());
        }
    }

    fn call(&mut self, function: &AstNode) {
        match name_of(function) {
            Some(name @ ("now" | "today")) => self.refuse(
                name,
                format!("`{name}()` reads a clock; take the date from a variable"),
            ),
            Some(name) if self.bound.iter().any(|bound| bound == name) => {
                self.refuse(name, format!("`{name}` is a variable, not a function"));
            }
            Some(name) if is_built_in_function_name(name) => {
                self.called.insert(name.to_owned());
            }
            Some(name) => self.refuse(name, format!("there is no function `{name}`")),
            None => self.refuse("(", "only functions of FEEL can be called"),
        }
    }
}

/// A comparison with the value to the left of `in`, or with the input of a table's column.
fn is_unary(node: &AstNode) -> bool {
    matches!(
        node,
        AstNode::UnaryEq(_)
            | AstNode::UnaryNe(_)
            | AstNode::UnaryLt(_)
            | AstNode::UnaryLe(_)
            | AstNode::UnaryGt(_)
            | AstNode::UnaryGe(_)
    )
}

/// An upper bound for the steps that an evaluation takes.
fn steps(node: &AstNode) -> u64 {
    match node {
        // The engine copies the results so far in every round of a `for`.
        AstNode::For(head, body) => {
            let rounds = all_rounds(head);
            rounds.saturating_mul(rounds.saturating_add(steps(body)))
        }
        AstNode::Some(head, body) | AstNode::Every(head, body) => {
            all_rounds(head).saturating_mul(steps(body))
        }
        AstNode::Filter(list, condition) => length(list).saturating_mul(steps(condition)),
        other => children(other)
            .into_iter()
            .map(steps)
            .fold(1, u64::saturating_add),
    }
}

fn all_rounds(heads: &AstNode) -> u64 {
    let rounds = children(heads).into_iter().map(rounds);
    rounds.fold(1, u64::saturating_mul)
}

fn rounds(head: &AstNode) -> u64 {
    match head {
        AstNode::IterationContextInterval(_, start, end) => span(start, end),
        AstNode::IterationContextSingle(_, list) | AstNode::QuantifiedContext(_, list) => {
            length(list)
        }
        _ => 1,
    }
}

fn length(list: &AstNode) -> u64 {
    if let AstNode::Range(start, end) = list
        && let (AstNode::IntervalStart(start, _), AstNode::IntervalEnd(end, _)) = (&**start, &**end)
    {
        return span(start, end);
    }
    steps(list).max(u64::try_from(LIST_ITEMS_MAX).unwrap_or(u64::MAX))
}

fn span(start: &AstNode, end: &AstNode) -> u64 {
    match (whole_of(start), whole_of(end)) {
        (Some(start), Some(end)) => start.abs_diff(end).saturating_add(1),
        _ => u64::MAX,
    }
}
