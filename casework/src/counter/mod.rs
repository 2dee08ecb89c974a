//! 一窗受理: a clerk handles any item for somebody who has neither account nor phone.

pub mod drafts;
pub mod open;
pub mod receive;
