//! Work of a colleague who leaves or hands over.

use std::collections::BTreeMap;

use kernel::{
    AppError, DivisionCode,
    ids::{CaseId, Id as _, StaffId, TaskId},
    ports::StaffCard,
};
use serde::Deserialize;
use store::jobs::Lease;

use super::{Heard, find, without_lease};
use crate::{
    case::Task,
    change::Change,
    command::Act,
    desk::{Casework, Seen},
    event::CaseEvent,
    separation::{self, Performer},
    store::lists,
    work::reassign::fitting,
};

#[derive(Deserialize)]
struct Leaving {
    bureau: DivisionCode,
    from: StaffId,
    #[serde(default)]
    to: Option<StaffId>,
}

/// Somebody leaves or hands over: his tasks go to the colleague named where he may do them, and back
/// to everybody otherwise.
pub(super) async fn hand_over(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let Heard { body } = lease.read::<Heard<Leaving>>()?;
    let mut holders: BTreeMap<String, Vec<StaffCard>> = BTreeMap::new();
    for row in lists::held_by(&desk.kit.store, body.bureau, body.from).await? {
        let case = CaseId::from_uuid(row.case_id);
        let Some(seen) = find(desk, body.bureau, case).await? else {
            continue;
        };
        let id = TaskId::from_uuid(row.task_id);
        let Some(task) = seen.case.task(id) else {
            continue;
        };
        let heir = match body.to {
            Some(to) => heir(desk, &mut holders, &seen, task, to).await?,
            None => None,
        };
        let act = TakeOver {
            task: id,
            from: body.from,
            to: heir,
        };
        let envelope = without_lease(desk, lease);
        let command = desk.by_system(&seen, &envelope, None, act)?;
        desk.kit.run(envelope, command).await?;
    }
    Ok(())
}

/// The colleague named, if he may do the task. Who holds a permission is asked once.
async fn heir(
    desk: &Casework,
    holders: &mut BTreeMap<String, Vec<StaffCard>>,
    seen: &Seen,
    task: &Task,
    to: StaffId,
) -> Result<Option<Performer>, AppError> {
    let permission = &task.opened.permission;
    if !holders.contains_key(permission) {
        let parties = &desk.parts.parties;
        let found = parties.holders(seen.case.bureau, permission).await?;
        holders.insert(permission.clone(), found);
    }
    let known = holders.get(permission).map_or(&[][..], Vec::as_slice);
    let agents = desk.agents_of(&seen.case).await?;
    let heir = fitting(known, &agents, seen, task).find(|card| card.id == to);
    Ok(heir.map(|card| seen.performer(card.id, card.person)))
}

/// Takes a task out of somebody's hands, if he holds it still.
pub(crate) struct TakeOver {
    pub task: TaskId,
    pub from: StaffId,
    pub to: Option<Performer>,
}

impl Act for TakeOver {
    const NAME: &'static str = "task.take_over";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        let task_id = self.task;
        let held = change.case.task(task_id).cloned();
        let Some(task) = held.filter(|task| task.holder == Some(self.from)) else {
            return Ok(());
        };
        let heir = self
            .to
            .filter(|to| separation::objection(&change.case, change.risk(), &task, *to).is_none());
        change.emit(match heir {
            Some(heir) => CaseEvent::TaskReassigned {
                task_id,
                holder: heir.staff,
                text_id: None,
            },
            None => CaseEvent::TaskReleased { task_id },
        })
    }
}
