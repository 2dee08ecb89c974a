//! How far a roster is, and how far its rows are.

use kernel::{AppError, Refusal, codes, error::Broken, item::Words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::store::rosters::roster;

/// How far a roster is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RosterState {
    /// The file is being read.
    Reading,
    /// The rows are compared with the registers.
    Checking,
    /// It waits for confirmation.
    Checked,
    /// The rows become cases.
    Submitting,
    /// All rows became cases.
    Finished,
    /// The file could not be read.
    Refused,
}

impl RosterState {
    /// Every state.
    const ALL: [Self; 6] = [
        Self::Reading,
        Self::Checking,
        Self::Checked,
        Self::Submitting,
        Self::Finished,
        Self::Refused,
    ];

    /// The word in the database.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Checking => "checking",
            Self::Checked => "checked",
            Self::Submitting => "submitting",
            Self::Finished => "finished",
            Self::Refused => "refused",
        }
    }

    /// The word on the page.
    pub(super) fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Reading => ("正在读取", "Being read"),
            Self::Checking => ("正在核对", "Being checked"),
            Self::Checked => ("等您确认", "Waiting for you to confirm"),
            Self::Submitting => ("正在提交", "Being submitted"),
            Self::Finished => ("已提交", "Submitted"),
            Self::Refused => ("读不了", "Not readable"),
        };
        Words {
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    }

    /// The state of a row of the database.
    pub(super) fn of(row: &roster::Model) -> Result<Self, AppError> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == row.state)
            .ok_or_else(|| Broken::new(format!("a roster is {}", row.state)).into())
    }
}

/// Refuses when a roster is in another state.
pub(super) fn expect(row: &roster::Model, wanted: &[RosterState]) -> Result<(), AppError> {
    let state = RosterState::of(row)?;
    if wanted.contains(&state) {
        return Ok(());
    }
    Err(Refusal::new(&codes::E1078)
        .worded("state", state.words())
        .into())
}

/// How far a row is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// Its cells fit the form.
    Read,
    /// Something must be mended.
    Bad,
    /// Everything agrees.
    Good,
    /// Something cannot be told: a person looks at it.
    Doubtful,
    /// It became a case.
    Opened,
    /// It could not become a case.
    Failed,
}

impl RowState {
    const ALL: [Self; 6] = [
        Self::Read,
        Self::Bad,
        Self::Good,
        Self::Doubtful,
        Self::Opened,
        Self::Failed,
    ];

    /// The word in the database.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Bad => "bad",
            Self::Good => "good",
            Self::Doubtful => "doubtful",
            Self::Opened => "opened",
            Self::Failed => "failed",
        }
    }

    /// The state of a row of the database.
    pub(super) fn of(text: &str) -> Result<Self, AppError> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| Broken::new(format!("a row of a roster is {text}")).into())
    }
}
