//! 名册: an enterprise applies for many people with one spreadsheet.
//!
//! The file is read row by row into the values of the item's form ([`sheet`]), each row is checked
//! against form, registers and rules, and what is in order waits until an agent confirms all of it
//! with one declaration. Then each row becomes a case through [`crate::apply`], as if it were the only
//! one. Every stage is a chain of jobs over pages of rows that ends in the transaction which writes
//! what it did: a program that stops goes on where it was, and nothing is done twice.
//!
//! What is filled in is sealed under the data key of the roster, and dropped when the case has it.

mod checking;
pub mod command;
pub mod confirm;
mod discard;
mod export;
mod jobs;
mod reading;
mod serving;
mod sheet;
pub mod stage;
mod submitting;
mod template;
pub mod upload;
pub mod views;
mod words;

pub(crate) use self::jobs::{ARRIVED, jobs};
use axum::extract::DefaultBodyLimit;
use kernel::{
    AppError,
    error::Broken,
    ids::{DataKeyId, Id as _, RosterId},
    item::Words,
};
use seal::{DataKey, WrappedKey};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
pub use stage::RosterState;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    desk::{Casework, seal_with},
    store::rosters::{roster, row},
};

/// The endpoints of rosters.
pub(crate) fn routes() -> OpenApiRouter<Casework> {
    let most = kernel::limits::ROSTER_BYTES_MAX + 64 * 1024;
    let uploads = OpenApiRouter::new()
        .routes(routes!(views::list_rosters, upload::upload_roster))
        .layer(DefaultBodyLimit::max(most));
    OpenApiRouter::new()
        .routes(routes!(template::roster_template))
        .routes(routes!(views::find_roster, discard::discard_roster))
        .routes(routes!(views::list_roster_rows))
        .routes(routes!(export::roster_faults))
        .routes(routes!(confirm::confirm_roster))
        .merge(uploads)
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RowFault {
    /// The field; none where the whole row is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// The code.
    code: String,
    /// Values of its places, in both languages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    args: Vec<(String, Words)>,
    /// The check of the rules that failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    check: Option<String>,
}

/// What was filled in, as it is sealed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Filled {
    /// The cells as they were, by field.
    cells: Map<String, Value>,
    /// What they mean.
    values: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    faults: Vec<RowFault>,
    /// Materials for which a promise stands in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    promises: Vec<String>,
}

/// The data key of a roster.
fn key_of(desk: &Casework, of: &roster::Model) -> Result<DataKey, AppError> {
    let id = DataKeyId::from_uuid(of.roster_id);
    desk.parts
        .keys
        .unwrap(id, &WrappedKey::from_bytes(of.wrapped_key.clone()))
        .map_err(|fault| Broken::caused("the key of a roster", fault).into())
}

fn open_bytes(key: &DataKey, id: uuid::Uuid, sealed: &[u8]) -> Result<Vec<u8>, AppError> {
    key.open(sealed, id.as_bytes())
        .map(|plain| plain.to_vec())
        .map_err(|fault| Broken::caused("a sealed part of a roster", fault).into())
}

fn open_row(key: &DataKey, row: &row::Model) -> Result<Filled, AppError> {
    let plain = open_bytes(key, row.roster_id, &row.sealed)?;
    serde_json::from_slice(&plain)
        .map_err(|fault| Broken::caused("a row of a roster", fault).into())
}

fn seal_row(
    key: &DataKey,
    id: RosterId,
    filled: &Filled,
    entropy: &mut dyn kernel::Entropy,
) -> Result<Vec<u8>, AppError> {
    let plain =
        serde_json::to_vec(filled).map_err(|fault| Broken::caused("a row of a roster", fault))?;
    seal_with(key, id.uuid(), &plain, entropy)
}
