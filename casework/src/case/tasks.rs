//! Tasks of a case: held, done, confirmed by several.

use flow::Stage;
use kernel::{
    caller::{CanSupervise, Permission as _},
    ids::{StaffId, TaskId},
};
use uuid::Uuid;

use super::{Case, ProposedRefusal, Task};
use crate::event::NoticeKind;

impl Case {
    pub(super) fn site_checked(
        &mut self,
        task: TaskId,
        performer: StaffId,
        text: Option<Uuid>,
    ) -> bool {
        let Some(open) = self.open_task(task) else {
            return false;
        };
        open.confirmed.push(performer);
        let by = open.confirmed.clone();
        let enough = by.len() >= usize::from(open.opened.people);
        match (&mut self.site_check, text) {
            (_, Some(text)) => self.site_check = Some((text, by.clone())),
            (Some((_, confirmed)), None) => confirmed.clone_from(&by),
            (None, None) => return false,
        }
        if enough {
            for who in by {
                self.performed(task, who);
            }
            self.tasks.retain(|open| open.opened.task_id != task);
        } else {
            return self.hold(task, None);
        }
        true
    }

    /// Who holds a task by now; whatever a supervisor said of the one before is gone.
    pub(super) fn hold(&mut self, task: TaskId, holder: Option<StaffId>) -> bool {
        let open = self.open_task(task).map(|open| {
            open.holder = holder;
            open.given = false;
        });
        open.is_some()
    }

    pub(super) fn given(&mut self, task: TaskId, given: bool) -> bool {
        self.open_task(task)
            .map(|open| open.given = given)
            .is_some()
    }

    fn open_task(&mut self, task: TaskId) -> Option<&mut Task> {
        let mut open = self.tasks.iter_mut();
        open.find(|open| open.opened.task_id == task)
    }

    /// A clerk has refused: the task of intake waits for somebody who supervises.
    pub(super) fn refusal_proposed(
        &mut self,
        task: TaskId,
        by: StaffId,
        kind: NoticeKind,
        ground: Option<&String>,
        text_id: Option<Uuid>,
    ) -> bool {
        let Some(open) = self.open_task(task) else {
            return false;
        };
        open.holder = None;
        open.given = false;
        let supervises = CanSupervise::NAME.to_owned();
        let permission = std::mem::replace(&mut open.opened.permission, supervises);
        self.refusal = Some(ProposedRefusal {
            kind,
            ground: ground.cloned(),
            text_id,
            by,
            permission,
        });
        true
    }

    /// The second signature was not given: the clerk has his task again.
    pub(super) fn refusal_sent_back(&mut self, task: TaskId, text_id: Option<Uuid>) -> bool {
        let Some(by) = self.refusal.as_ref().map(|refusal| refusal.by) else {
            return false;
        };
        self.take_back_refusal();
        self.opinions
            .extend(text_id.map(|text| (Stage::Intake, text)));
        self.hold(task, Some(by))
    }

    /// Something else has become of a refusal that waited: the task of intake is one of the window again.
    pub(super) fn take_back_refusal(&mut self) {
        let Some(refusal) = self.refusal.take() else {
            return;
        };
        let mut tasks = self.tasks.iter_mut();
        if let Some(open) = tasks.find(|open| open.opened.stage == Stage::Intake) {
            open.opened.permission = refusal.permission;
        }
    }

    pub(super) fn performed(&mut self, task: TaskId, performer: StaffId) {
        if let Some(open) = self.tasks.iter().find(|open| open.opened.task_id == task) {
            self.performers
                .entry(open.opened.node.clone())
                .or_default()
                .push(performer);
        }
    }

    pub(super) fn close(&mut self, task: TaskId, performer: StaffId) -> bool {
        let there = self.tasks.iter().any(|open| open.opened.task_id == task);
        self.performed(task, performer);
        self.tasks.retain(|open| open.opened.task_id != task);
        there
    }

    pub(super) fn close_stage(&mut self, stage: Stage, performer: Option<StaffId>) {
        let tasks: Vec<TaskId> = self
            .tasks
            .iter()
            .filter(|open| open.opened.stage == stage)
            .map(|open| open.opened.task_id)
            .collect();
        for task in tasks {
            if let Some(performer) = performer {
                self.performed(task, performer);
            }
            self.tasks.retain(|open| open.opened.task_id != task);
        }
    }
}
