//! One FEEL expression, parsed once and evaluated often.

use std::{collections::BTreeSet, fmt, sync::Arc};

use dsntk_feel::{
    Evaluator, FeelScope, Name, bif::is_built_in_function_name, context::FeelContext, values::Value,
};
use dsntk_feel_parser::AstNode;
use serde_json::Value as Json;

use crate::{
    check::check,
    condition,
    convert::{to_feel, to_json},
    fault::{EvalFault, Fault},
    guard::guarded,
    lex::{Kind, Token, tokens},
    limits::PROBES_MAX,
};

/// A FEEL expression. Cheap to clone; `Send + Sync`.
#[derive(Clone)]
pub struct Expression {
    text: Arc<str>,
    variables: Arc<[String]>,
    evaluator: Arc<Evaluator>,
}

impl Expression {
    /// Parses an expression whose variables are single words. Every word that is not FEEL's own is
    /// a variable, so that a mistyped one is found only by [`Expression::variables`].
    pub fn parse(text: &str) -> Result<Self, Vec<Fault>> {
        Ok(Self::of(text, &parsed(text, Start::Expression, None)?))
    }

    /// Parses an expression over the `declared` variables, which may have several words; any other
    /// variable is a fault.
    pub fn parse_over(text: &str, declared: &[&str]) -> Result<Self, Vec<Fault>> {
        let declared = declared.iter().map(|name| (*name).to_owned()).collect();
        let parsed = parsed(text, Start::Expression, Some(&declared))?;
        Ok(Self::of(text, &parsed))
    }

    /// Parses an expression of the small part of FEEL that browsers evaluate as well: names,
    /// texts, numbers, `true`, `false`, `null`, `= != < <= > >=`, `in [..]` with literals,
    /// `and`, `or`, `not(..)` and brackets. Anything else is a fault.
    pub fn parse_condition(text: &str, declared: &[&str]) -> Result<Self, Vec<Fault>> {
        let declared = declared.iter().map(|name| (*name).to_owned()).collect();
        let parsed = parsed(text, Start::Expression, Some(&declared))?;
        match condition::foreign(&parsed.tree) {
            None => Ok(Self::of(text, &parsed)),
            Some(message) => Err(vec![Fault::new(1, 1, message)]),
        }
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The variables it reads from the root of the scope, in order of their code points. A name
    /// used inside a filter may be a field of the filtered items instead.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(String::as_str)
    }

    /// The value over `scope`, a JSON object. A variable that the scope lacks is null, as FEEL has
    /// it; only the variables that the expression names are read.
    pub fn eval(&self, scope: &Json) -> Result<Json, EvalFault> {
        let value = self.value(scope)?;
        guarded(|| to_json(value))
            .ok_or_else(|| EvalFault::Engine(self.text().to_owned()))?
            .map_err(|found| EvalFault::NotJson {
                expression: self.text().to_owned(),
                found,
            })
    }

    /// Whether the condition holds over `scope`. Null is a fault that names what is missing: a rule
    /// that cannot be answered is neither met nor failed.
    pub fn test(&self, scope: &Json) -> Result<bool, EvalFault> {
        match self.value(scope)? {
            Value::Boolean(answer) => Ok(answer),
            other => Err(self.unanswered(&other, scope)),
        }
    }

    fn unanswered(&self, value: &Value, scope: &Json) -> EvalFault {
        let expression = self.text().to_owned();
        let missing: Vec<String> = self
            .variables()
            .filter(|name| scope.get(name).is_none_or(Json::is_null))
            .map(ToOwned::to_owned)
            .collect();
        if value.is_null() && !missing.is_empty() {
            EvalFault::Missing {
                expression,
                missing,
            }
        } else {
            EvalFault::NotBoolean {
                expression,
                found: value.type_of().to_string(),
            }
        }
    }

    fn value(&self, scope: &Json) -> Result<Value, EvalFault> {
        let scope = scope.as_object().ok_or(EvalFault::NoObject)?;
        let mut context = FeelContext::new();
        for variable in self.variables.iter() {
            let value = match scope.get(variable) {
                Some(json) => to_feel(json).map_err(|reason| EvalFault::Scope {
                    variable: variable.clone(),
                    reason,
                })?,
                None => Value::Null(None),
            };
            context.set_entry(&Name::from(variable), value);
        }
        let scope = FeelScope::from(context);
        guarded(|| (self.evaluator)(&scope))
            .ok_or_else(|| EvalFault::Engine(self.text().to_owned()))
    }

    fn of(text: &str, parsed: &Parsed) -> Self {
        Self {
            text: text.into(),
            variables: parsed.variables.iter().cloned().collect(),
            evaluator: Arc::new(dsntk_feel_evaluator::prepare(&parsed.tree)),
        }
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expression({})", self.text)
    }
}

/// What a FEEL text stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// A value.
    Expression,
    /// A cell of a decision table that an input is compared with.
    UnaryTests,
}

/// A text that passed every check.
pub(crate) struct Parsed {
    pub(crate) tree: AstNode,
    pub(crate) variables: BTreeSet<String>,
}

/// Parses and checks a FEEL text.
pub(crate) fn parsed(
    text: &str,
    start: Start,
    declared: Option<&BTreeSet<String>>,
) -> Result<Parsed, Vec<Fault>> {
    let tokens = tokens(text)?;
    if let Some(token) = tokens.iter().find(|token| token.text == "external") {
        return Err(vec![token.fault("external functions are refused")]);
    }
    let names = parse_names(&tokens, declared);
    let Some(tree) = parse_tree(text, start, &names) else {
        return Err(vec![syntax_fault(text, start, &names, &tokens)]);
    };
    let checked = check(&tree, start, declared);
    if checked.faults.is_empty() {
        return Ok(Parsed {
            tree,
            variables: checked.variables,
        });
    }
    Err(checked
        .faults
        .into_iter()
        .map(|(word, message)| match place(&tokens, &word) {
            Some(token) => token.fault(message),
            None => Fault::new(1, 1, message),
        })
        .collect())
}

/// The token that is this word or begins it, else the first.
fn place<'t>(tokens: &'t [Token], word: &str) -> Option<&'t Token> {
    let first_word = word.split(' ').next().unwrap_or(word);
    let find = |text: &str| tokens.iter().find(|token| token.text == text);
    find(word).or_else(|| find(first_word)).or(tokens.first())
}

/// The names that the parser must know: FEEL names may hold spaces and signs, and an unknown name
/// reaches as far as it can. So every word is declared, but not the words of a function's name.
fn parse_names(tokens: &[Token], declared: Option<&BTreeSet<String>>) -> Vec<String> {
    let mut names: Vec<String> = declared.into_iter().flatten().cloned().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if token.kind != Kind::Word {
            at += 1;
            continue;
        }
        let words = function_words(tokens.get(at..).unwrap_or_default());
        if words == 0 && !is_type_word(tokens, at) && !KEYWORDS.contains(&token.text.as_str()) {
            names.push(token.text.clone());
        }
        at += words.max(1);
    }
    names
}

/// How many words at the beginning are the name of a function that is called.
fn function_words(tokens: &[Token]) -> usize {
    let mut name = String::new();
    let mut longest = 0;
    // The longest names, such as `years and months duration`, have four words.
    for (count, token) in tokens.iter().take(4).enumerate() {
        if token.kind != Kind::Word {
            break;
        }
        if count > 0 {
            name.push(' ');
        }
        name.push_str(&token.text);
        let called = tokens.get(count + 1).is_some_and(|next| next.is("("));
        if called && is_built_in_function_name(&name) {
            longest = count + 1;
        }
    }
    longest
}

fn is_type_word(tokens: &[Token], at: usize) -> bool {
    let before = |steps: usize| at.checked_sub(steps).and_then(|at| tokens.get(at));
    (1..=5).any(|steps| {
        before(steps).is_some_and(|of| of.text == "of")
            && before(steps + 1).is_some_and(|instance| instance.text == "instance")
            && (1..steps).all(|step| before(step).is_some_and(|word| word.kind == Kind::Word))
    })
}

const KEYWORDS: [&str; 19] = [
    "and",
    "between",
    "else",
    "every",
    "external",
    "false",
    "for",
    "if",
    "in",
    "instance",
    "null",
    "of",
    "or",
    "return",
    "satisfies",
    "some",
    "then",
    "true",
    "item",
];

fn parse_tree(text: &str, start: Start, names: &[String]) -> Option<AstNode> {
    let mut context = FeelContext::new();
    for name in names {
        context.set_null(Name::from(name));
    }
    let scope = FeelScope::from(context);
    guarded(|| match start {
        Start::Expression => dsntk_feel_parser::parse_expression(&scope, text, false).ok(),
        Start::UnaryTests => dsntk_feel_parser::parse_unary_tests(&scope, text, false).ok(),
    })?
}

/// The parser does not tell where it stopped. The longest beginning that can be read, perhaps with
/// one more operand and with its open brackets closed, ends before the place.
fn syntax_fault(text: &str, start: Start, names: &[String], tokens: &[Token]) -> Fault {
    let mut open: Vec<&str> = Vec::new();
    let mut readable = 0;
    for (index, token) in tokens.iter().enumerate().take(PROBES_MAX) {
        if token.kind == Kind::Sign {
            match token.text.as_str() {
                "(" => open.push(")"),
                "[" => open.push("]"),
                "{" => open.push("}"),
                ")" | "]" | "}" => _ = open.pop(),
                _ => {}
            }
        }
        let beginning = text.get(..token.end).unwrap_or(text);
        let closing: String = open.iter().rev().copied().collect();
        let reads = |next: &str| {
            let whole = format!("{beginning}{next}{closing}");
            parse_tree(&whole, start, names).is_some()
        };
        if reads("") || reads(" 1") {
            readable = index + 1;
        }
    }
    match (tokens.get(readable), tokens.last()) {
        (Some(token), _) => token.fault(format!("cannot be read from `{}` on", token.text)),
        (None, Some(last)) => last.fault("something is missing after this"),
        (None, None) => Fault::new(1, 1, "the expression is empty"),
    }
}
