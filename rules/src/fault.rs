//! What is wrong with a rule, and why an evaluation gave no answer.

use std::fmt;

/// One fault of a FEEL text or a DMN file, found when it is loaded. For the author of the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Line in the FEEL text or the DMN file, from 1.
    pub line: usize,
    /// Character in the line, from 1.
    pub column: usize,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl Fault {
    pub(crate) fn new(line: usize, column: usize, message: impl Into<String>) -> Self {
        Self {
            line,
            column,
            message: message.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

/// Why an evaluation gave no answer. It names rules and variables, never their values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvalFault {
    /// A condition was neither true nor false because variables are missing or null.
    #[error("the condition `{expression}` cannot be answered without: {}", missing.join(", "))]
    Missing {
        /// The condition.
        expression: String,
        /// Variables that the scope lacks or holds as null.
        missing: Vec<String>,
    },
    /// A condition gave something else than true or false, though every variable is known.
    #[error("the condition `{expression}` is not true or false but {found}")]
    NotBoolean {
        /// The condition.
        expression: String,
        /// The type of its value.
        found: String,
    },
    /// The result has no form in JSON, such as a range or a function.
    #[error("`{expression}` gives a {found}, which has no form in JSON")]
    NotJson {
        /// The expression or decision.
        expression: String,
        /// The type of its value.
        found: String,
    },
    /// A value of the scope has the wrong type, is too deep, too long, or a number out of range.
    #[error("the variable `{variable}` cannot be used: {reason}")]
    Scope {
        /// The variable at the root of the scope.
        variable: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The scope is not a JSON object.
    #[error("the scope is not a JSON object")]
    NoObject,
    /// The model has no decision of this name.
    #[error("there is no decision `{0}`")]
    UnknownDecision(String),
    /// Several rules of a table with the hit policy UNIQUE match: the table is wrong.
    #[error(
        "rules {} of the unique table `{decision}` match together",
        numbers(rules)
    )]
    Ambiguous {
        /// The decision.
        decision: String,
        /// Numbers of the rules, from 1.
        rules: Vec<usize>,
    },
    /// The FEEL engine stopped unexpectedly.
    #[error("the FEEL engine failed on `{0}`")]
    Engine(String),
}

fn numbers(rules: &[usize]) -> String {
    let texts: Vec<String> = rules.iter().map(ToString::to_string).collect();
    texts.join(", ")
}
