//! Why a token is in an incident.

use kernel::Lang;
use serde::{Deserialize, Serialize};

use crate::ids::ElementId;

/// Why a token cannot go on by itself. It names elements and variables, never their values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The service or decision failed.
    Failed {
        /// What the caller said about it.
        text: String,
    },
    /// A condition needs variables that the run does not have.
    MissingVariables {
        /// The flow with the condition.
        flow: ElementId,
        /// Their names.
        variables: Vec<String>,
    },
    /// A condition is neither true nor false.
    NotBoolean {
        /// The flow with the condition.
        flow: ElementId,
        /// The FEEL type of its value.
        found: String,
    },
    /// A condition cannot be evaluated.
    Condition {
        /// The flow with the condition.
        flow: ElementId,
        /// What the evaluator met.
        fault: String,
    },
    /// No condition holds and there is no default.
    NoExit,
    /// More than [`kernel::limits::FLOW_STEPS_MAX`] nodes were passed without a wait.
    TooManySteps,
}

impl Reason {
    /// What happened, in the reader's language.
    pub fn words(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::Failed { text } => (format!("处理失败：{text}"), format!("it failed: {text}")),
            Self::MissingVariables { flow, variables } => {
                let names = variables.join(", ");
                (
                    format!("顺序流 {flow} 的条件缺少变量：{names}"),
                    format!("the condition of flow {flow} lacks variables: {names}"),
                )
            }
            Self::NotBoolean { flow, found } => (
                format!("顺序流 {flow} 的条件结果不是真或假，而是 {found}"),
                format!("the condition of flow {flow} is not true or false but {found}"),
            ),
            Self::Condition { flow, fault } => (
                format!("顺序流 {flow} 的条件无法计算：{fault}"),
                format!("the condition of flow {flow} cannot be evaluated: {fault}"),
            ),
            Self::NoExit => (
                "没有一个条件成立，也没有默认流".to_owned(),
                "no condition holds and there is no default".to_owned(),
            ),
            Self::TooManySteps => (
                "连续经过的节点太多，没有等待".to_owned(),
                "too many nodes were passed without a wait".to_owned(),
            ),
        };
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}
