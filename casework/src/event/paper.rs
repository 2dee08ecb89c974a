//! The kinds of papers.

use serde::{Deserialize, Serialize};

/// The kinds of papers a case issues.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// 收件凭证
    Receipt,
    /// 预审意见
    PreReturn,
    /// 受理通知书
    AcceptNotice,
    /// 不予受理通知书
    RefuseAcceptance,
    /// 不需要办理告知书
    NotRequired,
    /// 一次性补正告知书
    CorrectionNotice,
    /// 准予决定书
    Grant,
    /// 不予决定书
    Deny,
    /// 终止办理告知书
    Lapse,
    /// 撤回确认书
    Withdrawal,
    /// 送达回证
    DeliveryReceipt,
    /// 举证、协助调查通知书: to the other party
    OtherPartyNotice,
    /// The other party's copy of the decision.
    OtherPartyDecision,
    /// 送达回证 of a paper of the other party.
    OtherPartyReceipt,
}

impl NoticeKind {
    /// Whether who hands results out has to do with it.
    pub const fn is_of_delivery(self) -> bool {
        matches!(self, Self::Grant | Self::Deny | Self::DeliveryReceipt) || self.is_of_other_party()
    }

    /// Whether it is addressed to the other party: the applicant has no part in it.
    pub const fn is_of_other_party(self) -> bool {
        matches!(
            self,
            Self::OtherPartyNotice | Self::OtherPartyDecision | Self::OtherPartyReceipt
        )
    }
}
