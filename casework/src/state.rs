//! The states of a case and the steps between them that the law knows (domain §1.2, §1.3).

use kernel::item::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! states {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $text:literal, $zh:literal, $en:literal;)*) => {
        /// The state of a case.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum State { $($(#[$doc])* $name,)* }

        impl State {
            /// Every state in the order of its code.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The two-digit code, such as 30.
            pub const fn code(self) -> u8 {
                match self { $(Self::$name => $code,)* }
            }

            /// The word in code, URL and log.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The word on the page.
            pub fn words(self) -> Words {
                match self { $(Self::$name => Words { zh: $zh.to_owned(), en: $en.to_owned() },)* }
            }
        }
    };
}

states! {
    /// 草稿
    Draft = 0, "DRAFT", "草稿", "Draft";
    /// 已提交，待预审; an application on line counts as received from here.
    Submitted = 10, "SUBMITTED", "已提交", "Submitted";
    /// 预审退回; no refusal in law.
    PreReturned = 11, "PRE_RETURNED", "请修改", "Please amend";
    /// 预审通过
    PrePassed = 12, "PRE_PASSED", "预审通过", "Pre-review passed";
    /// 已收件
    Received = 20, "RECEIVED", "已收件", "Received";
    /// 待补正
    Correcting = 21, "CORRECTING", "待补正", "Corrections needed";
    /// 补正已提交
    Corrected = 22, "CORRECTED", "补正已提交", "Corrections supplied";
    /// 已受理
    Accepted = 30, "ACCEPTED", "已受理", "Accepted";
    /// 不予受理
    NotAccepted = 38, "NOT_ACCEPTED", "不予受理", "Not accepted";
    /// 依法不需许可
    NotRequired = 39, "NOT_REQUIRED", "不需要办理", "Not required";
    /// 审查中
    Reviewing = 40, "REVIEWING", "审查中", "Under review";
    /// 待决定
    Deciding = 50, "DECIDING", "待决定", "Awaiting decision";
    /// 准予
    Granted = 60, "GRANTED", "已准予", "Granted";
    /// 不予
    Denied = 61, "DENIED", "不予批准", "Denied";
    /// 制证中
    Making = 65, "MAKING", "制证中", "Being made";
    /// 待领取、待送达
    Ready = 66, "READY", "待领取", "Ready";
    /// 已送达
    Delivered = 70, "DELIVERED", "已送达", "Delivered";
    /// 撤回申请
    Withdrawn = 90, "WITHDRAWN", "已撤回", "Withdrawn";
    /// 视为撤回：补正不来
    Lapsed = 91, "LAPSED", "视为撤回", "Lapsed";
}

impl State {
    /// Whether the law knows a step from this state to `next` (transitions T1–T20).
    pub const fn may_become(self, next: Self) -> bool {
        use State::{
            Accepted, Corrected, Correcting, Deciding, Delivered, Denied, Draft, Granted, Lapsed,
            Making, NotAccepted, NotRequired, PrePassed, PreReturned, Ready, Received, Reviewing,
            Submitted, Withdrawn,
        };
        matches!(
            (self, next),
            // T1, T4: on line, or over the counter; an instant item is received as it is submitted
            (Draft | PreReturned, Submitted | Received)
                | (Submitted, PreReturned | PrePassed | Accepted)
                | (PrePassed, Received)
                | (
                    Received | Corrected,
                    NotRequired | NotAccepted | Accepted | Correcting
                )
                | (Correcting, Corrected | Lapsed)
                | (Accepted, Reviewing | Deciding | Granted)
                | (Reviewing, Deciding)
                | (Deciding, Reviewing | Granted | Denied)
                | (Granted | Denied, Making | Ready | Delivered)
                | (Making, Ready)
                | (Ready, Delivered)
                | (
                    Submitted
                        | PreReturned
                        | PrePassed
                        | Received
                        | Correcting
                        | Corrected
                        | Accepted
                        | Reviewing
                        | Deciding,
                    Withdrawn
                )
        )
    }

    /// 办结: the case is decided or over.
    pub const fn is_closed(self) -> bool {
        matches!(
            self,
            Self::NotAccepted
                | Self::NotRequired
                | Self::Granted
                | Self::Denied
                | Self::Making
                | Self::Ready
                | Self::Delivered
                | Self::Withdrawn
                | Self::Lapsed
        )
    }

    /// Nothing more happens.
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            Self::NotAccepted
                | Self::NotRequired
                | Self::Delivered
                | Self::Withdrawn
                | Self::Lapsed
        )
    }

    /// The applicant has to do something.
    pub const fn needs_applicant(self) -> bool {
        matches!(self, Self::PreReturned | Self::Correcting)
    }

    /// The state with this word.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|state| state.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::State;

    #[test]
    fn a_decision_needs_acceptance_and_a_final_state_has_no_way_out() {
        for state in State::ALL {
            if state.is_final() {
                assert!(
                    State::ALL.iter().all(|next| !state.may_become(*next)),
                    "{state:?}"
                );
            }
            if state.code() < 30 {
                assert!(!state.may_become(State::Granted) && !state.may_become(State::Denied));
            }
        }
        assert!(!State::NotAccepted.may_become(State::Accepted));
        assert!(!State::Correcting.may_become(State::Accepted));
        assert!(!State::Granted.may_become(State::Withdrawn));
    }

    #[test]
    fn every_state_but_the_draft_can_be_reached() {
        for state in State::ALL {
            let reached = State::ALL.iter().any(|before| before.may_become(*state));
            assert_eq!(reached, *state != State::Draft, "{state:?}");
        }
    }
}
