//! Conditions of sequence flows. The only file that names the crate `rules`.

use rules::{EvalFault, Expression};
use serde_json::Value;

use crate::{ids::ElementId, state::Reason};

/// A FEEL condition over the variables of a scope.
#[derive(Debug)]
pub(crate) struct Condition {
    expression: Expression,
    /// The variables that must be there. FEEL reads an absent one as null, and `null = "a"` is
    /// false: a mistyped name would quietly take the default exit.
    needed: Vec<String>,
}

impl Condition {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let expression = Expression::parse(text).map_err(|faults| {
            let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
            faults.join("; ")
        })?;
        // Names in the brackets of a filter may be fields of the filtered items.
        let filters = text.contains('[');
        let variables = expression.variables().filter(|_| !filters);
        let needed = variables.map(ToOwned::to_owned).collect();
        Ok(Self { expression, needed })
    }

    /// Whether the condition of `flow` holds over these variables.
    pub(crate) fn holds(&self, flow: &ElementId, variables: &Value) -> Result<bool, Reason> {
        let absent = |name: &&String| variables.get(name.as_str()).is_none();
        let absent: Vec<_> = self.needed.iter().filter(absent).cloned().collect();
        let flow = flow.clone();
        if !absent.is_empty() {
            return Err(Reason::MissingVariables {
                flow,
                variables: absent,
            });
        }
        self.expression
            .test(variables)
            .map_err(|fault| match fault {
                EvalFault::Missing { missing, .. } => Reason::MissingVariables {
                    flow,
                    variables: missing,
                },
                EvalFault::NotBoolean { found, .. } => Reason::NotBoolean { flow, found },
                other => Reason::Condition {
                    flow,
                    fault: other.to_string(),
                },
            })
    }
}
