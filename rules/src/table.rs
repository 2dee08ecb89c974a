//! Which rules of a decision table match. The engine tells only the outputs, so each table gets a
//! twin with the same conditions whose only output is the number of the rule.

use dsntk_feel::{Evaluator, FeelScope, Name, context::FeelContext, values::Value};
use dsntk_model::{
    BuiltinAggregator, Decision, DecisionRule, DecisionTable, ExpressionInstance, HitPolicy,
    OutputClause, OutputEntry,
};
use dsntk_model_evaluator::build_decision_table_evaluator;

/// The twin of a table.
pub(crate) struct Twin {
    pub(crate) policy: HitPolicy,
    evaluator: Evaluator,
}

impl Twin {
    /// The twin of the decision's table; none when the decision is not a table. `names` are the
    /// variables that its conditions may use.
    pub(crate) fn of(decision: &Decision, names: &[String]) -> Result<Option<Self>, String> {
        let Some(ExpressionInstance::DecisionTable(table)) = decision.decision_logic() else {
            return Ok(None);
        };
        let mut context = FeelContext::new();
        for name in names {
            context.set_null(Name::from(name));
        }
        let evaluator = build_decision_table_evaluator(&context.into(), &numbered(table))
            .map_err(|error| error.to_string())?;
        Ok(Some(Self {
            policy: table.hit_policy(),
            evaluator,
        }))
    }

    /// The numbers of the matching rules, from 1, in the order of the table.
    pub(crate) fn hits(&self, context: FeelContext) -> Vec<usize> {
        let Value::List(numbers) = (self.evaluator)(&FeelScope::from(context)) else {
            return Vec::new();
        };
        let numbers = numbers.into_iter().map(|number| number.to_string());
        numbers.filter_map(|number| number.parse().ok()).collect()
    }
}

fn numbered(table: &DecisionTable) -> DecisionTable {
    let rules = table
        .rules()
        .enumerate()
        .map(|(index, rule)| DecisionRule {
            input_entries: rule.input_entries.clone(),
            output_entries: vec![OutputEntry {
                text: (index + 1).to_string(),
            }],
            annotation_entries: Vec::new(),
        })
        .collect();
    let output = OutputClause {
        type_ref: None,
        name: None,
        allowed_output_values: None,
        default_output_entry: None,
    };
    DecisionTable::new(
        None,
        table.input_clauses().cloned().collect(),
        vec![output],
        Vec::new(),
        rules,
        HitPolicy::Collect(BuiltinAggregator::List),
        None,
        table.preferred_orientation().clone(),
        None,
    )
}
