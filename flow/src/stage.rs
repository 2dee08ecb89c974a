//! The stages of a case that a user task can stand for.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! stages {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// The stage of a case that a user task stands for.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Stage {
            $($(#[$doc])* $name,)*
        }

        impl Stage {
            /// Every stage in the order of a case.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The word in a model, such as `second_review`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

stages! {
    /// 受理
    Intake = "intake";
    /// 审查
    Review = "review";
    /// 复核
    SecondReview = "second_review";
    /// 现场核查
    SiteCheck = "site_check";
    /// 决定
    Decide = "decide";
    /// 制证
    Make = "make";
    /// 出件
    HandOut = "hand_out";
}

/// A text is not a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a stage of a case")]
pub struct NotAStage;

impl FromStr for Stage {
    type Err = NotAStage;
    fn from_str(text: &str) -> Result<Self, NotAStage> {
        let named = |stage: &&Self| stage.as_str() == text;
        Self::ALL.iter().find(named).copied().ok_or(NotAStage)
    }
}
