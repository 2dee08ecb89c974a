//! The order of the files of a material: pages of one paper, photographed one by one.

use std::collections::BTreeSet;

use axum::extract::State as Context;
use httpkit::{Act as Write, Authorised, Params, Refusals, Reply, Versioned};
use kernel::{
    AppError, Caller, Refusal,
    caller::{Permission, SignedIn},
    codes,
    ids::{CaseId, MaterialId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::attach::expect_slot;
use crate::{
    change::Change,
    command::{Act, Acted},
    desk::Casework,
    event::CaseEvent,
    perform::Asked,
};

/// The files of a material, in the order in which they are read.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileOrder {
    /// The material by its id in the item.
    pub material: String,
    /// All of its files.
    #[schema(max_items = 60)]
    pub files: Vec<MaterialId>,
}

/// Puts the files of a material in order.
#[utoipa::path(put, path = "/cases/{case_id}/file-order", tag = "cases", request_body = FileOrder,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn order_files(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<SignedIn>,
    Params(id): Params<CaseId>,
    write: Write<FileOrder>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::unversioned(&write);
    let done = order(&desk, &caller, id, &asked, write.body);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Puts the files of a material in order.
///
/// # Errors
/// `E1206` for a material that is not listed, `E1010` when it has other files by now.
pub async fn order<P: Permission>(
    desk: &Casework,
    caller: &Caller<P>,
    id: CaseId,
    asked: &Asked,
    order: FileOrder,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    expect_slot(caller.principal(), &seen, &order.material)?;
    desk.perform(caller, asked, &seen, OrderFiles(order), None)
        .await
}

pub(crate) struct OrderFiles(pub FileOrder);

impl Act for OrderFiles {
    const NAME: &'static str = "case.order_files";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        change.expect_filled_in()?;
        let FileOrder { material, files } = &self.0;
        let held = change.case.files.iter();
        let held = held.filter(|file| file.slot == *material);
        let held: Vec<MaterialId> = held.map(|file| file.material_id).collect();
        if held == *files {
            return Ok(());
        }
        let set = |ids: &[MaterialId]| ids.iter().copied().collect::<BTreeSet<_>>();
        if held.len() != files.len() || set(&held) != set(files) {
            return Err(Refusal::new(&codes::E1010).into());
        }
        change.emit(CaseEvent::FilesOrdered {
            slot: material.clone(),
            files: files.clone(),
        })
    }
}
