//! DMN models: decision tables and literal expressions, asked by the name of a decision.

use std::{collections::BTreeMap, fmt, sync::Arc};

use dsntk_feel::{Name, context::FeelContext, values::Value};
use dsntk_model::{Decision, Definitions, DmnElement, HitPolicy, NamedElement};
use dsntk_model_evaluator::ModelEvaluator;
use serde_json::Value as Json;

use crate::{
    convert::{to_feel, to_json},
    fault::{EvalFault, Fault},
    flat,
    guard::guarded,
    model::{self, Input, Model},
    table::Twin,
};

/// A DMN model. `Send + Sync`; a clone shares the model.
#[derive(Clone)]
pub struct Decisions {
    namespace: Arc<str>,
    name: Arc<str>,
    entries: Arc<[Ready]>,
    evaluator: Arc<ModelEvaluator>,
}

struct Ready {
    name: String,
    /// What it and all it needs read from outside.
    inputs: Vec<Input>,
    /// Names of what it reads from outside itself.
    own_inputs: Vec<String>,
    /// Variable and decision name of what is decided before.
    needs: Vec<(String, String)>,
    rule_ids: Vec<Option<String>>,
    twin: Option<Twin>,
}

/// The answer of a decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The value; null when no rule matched and the table has no default.
    pub value: Json,
    /// The rules of the decision's own table that gave the value: under the hit policies UNIQUE and
    /// FIRST at most one, else all that match in the order of the table. Empty when the decision
    /// is not a table.
    pub rules: Vec<RuleHit>,
}

/// One rule of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleHit {
    /// Its number, from 1.
    pub number: usize,
    /// The `id` of the rule in the file, if it has one.
    pub id: Option<String>,
}

impl Decisions {
    /// Reads a DMN 1.3–1.5 file. All faults of the file are told at once, those of FEEL texts at
    /// their place in the file; what only the engine finds comes after those are mended.
    pub fn load(xml: &str) -> Result<Self, Vec<Fault>> {
        let model = model::read(xml)?;
        guarded(|| Self::build(xml, &model))
            .unwrap_or_else(|| Err("the DMN engine failed on this model".to_owned()))
            .map_err(|message| vec![Fault::new(1, 1, message)])
    }

    /// What names the model in records: its namespace and its name, joined by `#`.
    pub fn id(&self) -> String {
        format!("{}#{}", self.namespace, self.name)
    }

    /// The names of the decisions, in the order of the file.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|decision| decision.name.as_str())
    }

    /// The variables that a decision reads from its input, also through the decisions it needs.
    pub fn inputs(&self, name: &str) -> impl Iterator<Item = &str> {
        let decision = self.entries.iter().find(|decision| decision.name == name);
        let inputs = decision.map(|decision| decision.inputs.as_slice());
        inputs
            .unwrap_or_default()
            .iter()
            .map(|input| input.name.as_str())
    }

    /// Decides over `input`, a JSON object. A variable that is absent is null. A variable typed
    /// `date` is given as text; other typed ones must have their JSON type.
    pub fn decide(&self, name: &str, input: &Json) -> Result<Outcome, EvalFault> {
        self.over(input).decide(name)
    }

    /// For several decisions over the same input: what more than one of them needs is decided once.
    pub fn over<'a>(&'a self, input: &'a Json) -> Over<'a> {
        Over {
            decisions: self,
            input,
            known: Known::default(),
        }
    }

    fn entry(&self, name: &str) -> Option<&Ready> {
        self.entries.iter().find(|decision| decision.name == name)
    }

    fn answer(&self, decision: &Ready, known: &mut Known) -> Result<Outcome, EvalFault> {
        let context = self.context(decision, known);
        let value = self.value(decision, &context, known);
        let twin = decision.twin.as_ref();
        let hits = twin.map_or_else(Vec::new, |twin| twin.hits(context));
        let rules = match twin.map(|twin| twin.policy) {
            Some(HitPolicy::Unique | HitPolicy::Any) if hits.len() > 1 && value.is_null() => {
                return Err(EvalFault::Ambiguous {
                    decision: decision.name.clone(),
                    rules: hits,
                });
            }
            Some(HitPolicy::First) => hits.into_iter().take(1).collect(),
            _ => hits,
        };
        let value = to_json(value).map_err(|found| EvalFault::NotJson {
            expression: decision.name.clone(),
            found,
        })?;
        let id = |number: usize| decision.rule_ids.get(number - 1).cloned().flatten();
        let rules = rules.into_iter().map(|number| RuleHit {
            number,
            id: id(number),
        });
        Ok(Outcome {
            value,
            rules: rules.collect(),
        })
    }

    /// What a decision sees: its inputs, and the values of the decisions before it.
    fn context(&self, decision: &Ready, known: &mut Known) -> FeelContext {
        let mut context = FeelContext::new();
        for name in &decision.own_inputs {
            if let Some(value) = known.inputs.get(name) {
                context.set_entry(&Name::from(name), value.clone());
            }
        }
        for (variable, needed) in &decision.needs {
            let value = match known.decided.get(needed) {
                Some(value) => value.clone(),
                None => self.entry(needed).map_or(Value::Null(None), |needed| {
                    let context = self.context(needed, known);
                    self.value(needed, &context, known)
                }),
            };
            context.set_entry(&Name::from(variable), value);
        }
        context
    }

    fn value(&self, decision: &Ready, context: &FeelContext, known: &mut Known) -> Value {
        if let Some(value) = known.decided.get(&decision.name) {
            return value.clone();
        }
        let (namespace, model) = (&self.namespace, &self.name);
        let evaluated =
            self.evaluator
                .evaluate_invocable(namespace, model, &decision.name, context);
        known
            .decided
            .insert(decision.name.clone(), evaluated.clone());
        evaluated
    }

    fn build(xml: &str, model: &Model) -> Result<Self, String> {
        let definitions = dsntk_model::parse(xml).map_err(|error| error.to_string())?;
        // Built for its faults alone: it decides again whatever is needed more than once.
        ModelEvaluator::new(std::slice::from_ref(&definitions))
            .map_err(|error| error.to_string())?;
        let flat = flat::flat(xml, &definitions)?;
        let flat = dsntk_model::parse(&flat).map_err(|error| error.to_string())?;
        let evaluator =
            ModelEvaluator::new(std::slice::from_ref(&flat)).map_err(|error| error.to_string())?;
        let entries = model
            .decisions
            .iter()
            .map(|needs| ready(needs, model, &definitions))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            namespace: definitions.namespace().into(),
            name: model.name.as_str().into(),
            entries: entries.into(),
            evaluator,
        })
    }
}

impl fmt::Debug for Decisions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decisions({})", self.id())
    }
}

fn ready(needs: &model::Needs, model: &Model, definitions: &Definitions) -> Result<Ready, String> {
    let decision = definitions
        .get_decision(&needs.id)
        .ok_or_else(|| format!("the decision `{}` has no id", needs.name))?;
    let required: Vec<(String, String)> = needs
        .decisions
        .iter()
        .filter_map(|id| definitions.get_decision(id))
        .map(|required| (variable_of(required), required.name().to_owned()))
        .collect();
    let inputs = inputs_of(needs, model);
    let own = needs.inputs.iter().filter_map(|id| model.inputs.get(id));
    let own_inputs: Vec<String> = own.map(|input| input.name.clone()).collect();
    let variables = required.iter().map(|(variable, _)| variable.clone());
    let names: Vec<String> = own_inputs.iter().cloned().chain(variables).collect();
    Ok(Ready {
        name: needs.name.clone(),
        twin: Twin::of(decision, &names)?,
        inputs: inputs.into_values().collect(),
        own_inputs,
        needs: required,
        rule_ids: needs.rule_ids.clone(),
    })
}

fn variable_of(decision: &Decision) -> String {
    decision.variable().name().to_owned()
}

/// The inputs of a decision and of all it needs, by id. The chain has an end: it was checked.
fn inputs_of(needs: &model::Needs, model: &Model) -> BTreeMap<String, Input> {
    let mut inputs: BTreeMap<String, Input> = needs
        .inputs
        .iter()
        .filter_map(|id| Some((id.clone(), model.inputs.get(id)?.clone())))
        .collect();
    for id in &needs.decisions {
        if let Some(required) = model.decisions.iter().find(|other| other.id == *id) {
            inputs.extend(inputs_of(required, model));
        }
    }
    inputs
}

/// Decisions over one input.
pub struct Over<'a> {
    decisions: &'a Decisions,
    input: &'a Json,
    known: Known,
}

impl Over<'_> {
    /// Decides as [`Decisions::decide`].
    pub fn decide(&mut self, name: &str) -> Result<Outcome, EvalFault> {
        let decision = self.decisions.entry(name);
        let decision = decision.ok_or_else(|| EvalFault::UnknownDecision(name.to_owned()))?;
        self.known.learn(&decision.inputs, self.input)?;
        guarded(|| self.decisions.answer(decision, &mut self.known))
            .unwrap_or_else(|| Err(EvalFault::Engine(name.to_owned())))
    }
}

/// What is known while decisions are made over one input.
#[derive(Default)]
struct Known {
    /// By name of the variable.
    inputs: BTreeMap<String, Value>,
    /// By name of the decision.
    decided: BTreeMap<String, Value>,
}

impl Known {
    fn learn(&mut self, inputs: &[Input], json: &Json) -> Result<(), EvalFault> {
        let json = json.as_object().ok_or(EvalFault::NoObject)?;
        for input in inputs {
            if self.inputs.contains_key(&input.name) {
                continue;
            }
            let value = typed(json.get(&input.name), input.type_ref.as_deref());
            let value = value.map_err(|reason| EvalFault::Scope {
                variable: input.name.clone(),
                reason,
            })?;
            self.inputs.insert(input.name.clone(), value);
        }
        Ok(())
    }
}

fn typed(json: Option<&Json>, type_ref: Option<&str>) -> Result<Value, &'static str> {
    let json = json.unwrap_or(&Json::Null);
    match (type_ref, json) {
        (_, Json::Null) => Ok(Value::Null(None)),
        (Some("string"), json) if !json.is_string() => Err("it is not a text"),
        (Some("number"), json) if !json.is_number() => Err("it is not a number"),
        (Some("boolean"), json) if !json.is_boolean() => Err("it is neither true nor false"),
        (Some("date"), Json::String(text)) => text
            .parse()
            .map(Value::Date)
            .map_err(|_| "it is not a date"),
        (Some("date"), _) => Err("it is not a date"),
        (_, json) => to_feel(json),
    }
}
