//! 名册: what an item says about applying for many people with one spreadsheet.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::item::Words;

/// How many are applied for with one spreadsheet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterFacts {
    /// What the spreadsheet is called, such as 职工参保名册.
    pub name: Words,
    /// People in one roster, at most [`ROSTER_ROWS_MAX`](crate::limits::ROSTER_ROWS_MAX).
    pub rows: u32,
    /// What has to be known before it is filled in, one line each.
    #[serde(default)]
    pub guide: Vec<Words>,
    /// The columns from left to right. The heading of each is the label of its field.
    pub columns: Vec<RosterColumn>,
    /// The field with the name of the person, masked in lists.
    pub shown: String,
    /// Fields in which no two rows are alike.
    #[serde(default)]
    pub unique: Vec<String>,
    /// What the checks of the rules say about a row, and how it is mended.
    #[serde(default)]
    pub checks: Vec<RosterCheck>,
}

/// A column.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterColumn {
    /// The field of the form.
    pub field: String,
    /// How it is filled in; what the form says beside the field where nothing stands here.
    #[serde(default)]
    pub note: Words,
    /// An example of what stands in a cell.
    #[serde(default)]
    pub example: String,
}

/// A check of the rules that has a place in the row.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterCheck {
    /// The `id` of the check.
    pub id: String,
    /// The field to look at; none where the whole row is meant.
    #[serde(default)]
    pub field: Option<String>,
    /// Whether it shows that the enterprise knows the person.
    #[serde(default)]
    pub proves: bool,
    /// Whether it tells of him what only those hear who know him.
    #[serde(default)]
    pub private: bool,
    /// What is wrong when it fails.
    pub fault: Words,
    /// How it is mended.
    pub mend: Words,
}
