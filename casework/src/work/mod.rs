//! What staff do: claim, examine, decide, hand out.

pub mod accept;
pub mod claim;
pub mod correct;
pub mod countersign;
pub mod decide;
pub mod hand_out;
pub mod make;
pub mod pre_review;
pub mod reassign;
pub mod refuse;
pub mod retry;
pub mod review;
pub mod serve;
pub mod site_check;

use std::collections::BTreeSet;

use httpkit::Faults;
use kernel::{AppError, Refusal, codes, limits};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{event::Target, model::Model};

/// One line of a notice that asks for something: a material of the closed list or a field of the
/// form, what is wrong with it, and how to mend it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefectLine {
    /// A material by its id in the item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material: Option<String>,
    /// A field of the form by its key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is wrong.
    pub defect: String,
    /// How to mend it.
    pub how_to_fix: String,
}

/// Checks the lines against the closed list (行政许可法 art. 31: nothing unrelated may be asked).
///
/// # Errors
/// `E1208` without lines, `E1206` for what is not on the list, `E1002` for words that are missing.
pub(crate) fn targets(model: &Model, lines: &[DefectLine]) -> Result<Vec<Target>, AppError> {
    if lines.is_empty() || lines.len() > limits::CORRECTION_LINES_MAX {
        return Err(AppError::refused(&codes::E1208));
    }
    let mut faults = Faults::default();
    let mut targets = BTreeSet::new();
    for (at, line) in lines.iter().enumerate() {
        faults.text(
            &format!("/lines/{at}/defect"),
            &line.defect,
            limits::TEXT_CHARS_MAX,
        );
        faults.text(
            &format!("/lines/{at}/how_to_fix"),
            &line.how_to_fix,
            limits::TEXT_CHARS_MAX,
        );
        let target = match (&line.material, &line.field) {
            (Some(id), None) if model.material(id).is_some() => Target::Material(id.clone()),
            (None, Some(key)) if model.form.keys().any(|known| known == key) => {
                Target::Field(key.clone())
            }
            (Some(other), None) | (None, Some(other)) => {
                let shown: String = other.chars().take(40).collect();
                return Err(Refusal::new(&codes::E1206).with("material", shown).into());
            }
            _ => {
                faults.add(&format!("/lines/{at}"), &codes::E1020);
                continue;
            }
        };
        targets.insert(target);
    }
    faults.done()?;
    Ok(targets.into_iter().collect())
}
