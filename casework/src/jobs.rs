//! What runs later: silence accepts, corrections that never came, arrival of notices, new
//! calendars, colleagues who leave.

use std::{pin::Pin, sync::Arc};

use kernel::{
    AppError, DivisionCode, Timestamp,
    ids::{CaseId, Id as _, NoticeId, StaffId},
};
use serde::Deserialize;
use serde_json::json;
use store::jobs::{Handler, Handlers, Lease, Subscriptions};

use crate::{
    apply::open::{applicant_of, ask},
    change::{Assessment, Change},
    clock::{ClockKind, DueClock},
    command::{ACCEPTANCE_DUE, Act, CORRECTION_DUE},
    desk::{Casework, Seen},
    event::{AcceptMode, CaseEvent, NoticeKind},
    state::State,
    store::{self as rows, lists},
    work::reassign::Give,
};

const ARRIVED: &str = "casework.notice_arrived";
const CALENDAR: &str = "casework.recount_clocks";
const HANDED_OVER: &str = "casework.hand_over";
/// Cases recounted in one run of the job before it queues itself again.
const RECOUNT_CASES: u64 = 200;

/// Which events casework listens to.
pub fn subscriptions() -> Subscriptions {
    Subscriptions::default()
        .on("message.arrived", ARRIVED)
        .on("calendar.edition_loaded", CALENDAR)
        .on("staff.handed_over", HANDED_OVER)
        .on("staff.left", HANDED_OVER)
}

/// The handlers of casework's jobs.
pub fn jobs(desk: &Casework) -> Handlers {
    fn handler<F>(desk: &Casework, run: F) -> Arc<dyn Handler>
    where
        F: for<'a> Fn(&'a Casework, &'a Lease) -> Done<'a> + Send + Sync + 'static,
    {
        Arc::new(Run {
            desk: desk.clone(),
            run,
        })
    }
    Handlers::from([
        (
            ACCEPTANCE_DUE,
            handler(desk, |desk, lease| Box::pin(accept_by_silence(desk, lease))),
        ),
        (
            CORRECTION_DUE,
            handler(desk, |desk, lease| Box::pin(lapse(desk, lease))),
        ),
        (
            ARRIVED,
            handler(desk, |desk, lease| Box::pin(notice_arrived(desk, lease))),
        ),
        (
            CALENDAR,
            handler(desk, |desk, lease| Box::pin(recount_clocks(desk, lease))),
        ),
        (
            HANDED_OVER,
            handler(desk, |desk, lease| Box::pin(hand_over(desk, lease))),
        ),
    ])
}

type Done<'a> = Pin<Box<dyn Future<Output = Result<(), AppError>> + Send + 'a>>;

struct Run<F> {
    desk: Casework,
    run: F,
}

impl<F> Handler for Run<F>
where
    F: for<'a> Fn(&'a Casework, &'a Lease) -> Done<'a> + Send + Sync,
{
    fn run<'a>(&'a self, lease: &'a Lease, _now: Timestamp) -> Done<'a> {
        (self.run)(&self.desk, lease)
    }
}

#[derive(Deserialize)]
struct OfCase {
    bureau: DivisionCode,
    case: CaseId,
}

async fn find(
    desk: &Casework,
    bureau: DivisionCode,
    case: CaseId,
) -> Result<Option<Seen>, AppError> {
    match rows::find_in(&desk.kit.store, bureau, case).await {
        Ok(file) => desk.opened(file).map(Some),
        Err(error) if error.code() == "E1012" => Ok(None),
        Err(error) => Err(error),
    }
}

/// Runs an act of the system that ends the job in its own transaction.
async fn act<A: Act>(
    desk: &Casework,
    lease: &Lease,
    seen: &Seen,
    act: A,
    assessment: Option<Assessment>,
) -> Result<(), AppError> {
    let envelope = desk.kit.envelope_for(lease);
    let mut command = desk.by_system(seen, &envelope, None, act)?;
    command.assessment = assessment;
    desk.kit.run(envelope, command).await.map(drop)
}

/// T8: five working days without a word accept the application, from the day of receipt.
async fn accept_by_silence(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let OfCase { bureau, case } = lease.read()?;
    let Some(seen) = find(desk, bureau, case).await? else {
        return Ok(());
    };
    let due = seen.case.running(ClockKind::Acceptance);
    let waits = matches!(
        seen.case.state,
        State::Submitted | State::PrePassed | State::Received | State::Corrected
    );
    if !waits || !due.is_some_and(|clock| clock.is_overdue(desk.now())) {
        return Ok(());
    }
    let applicant = applicant_of(desk, &seen.case).await?;
    let data = ask(desk, &seen.model, &applicant, desk.form_of(&seen).await?).await?;
    let assessment = desk.assess(&seen, &data)?;
    act(desk, lease, &seen, AcceptBySilence, Some(assessment)).await
}

struct AcceptBySilence;

impl Act for AcceptBySilence {
    const NAME: &'static str = "case.accept_by_silence";
    const NOTICES: &'static [NoticeKind] = &[NoticeKind::AcceptNotice, NoticeKind::Grant];

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        let now = change.now;
        let due = change.case.running(ClockKind::Acceptance);
        if !due.is_some_and(|clock| clock.is_overdue(now)) {
            return Ok(());
        }
        if matches!(
            change.case.state,
            State::Submitted | State::PrePassed | State::Received | State::Corrected
        ) {
            if change.case.state == State::PrePassed {
                return Ok(());
            }
            change.accept(AcceptMode::Deemed)?;
        }
        Ok(())
    }
}

/// T11: the applicant's time has passed.
async fn lapse(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let OfCase { bureau, case } = lease.read()?;
    let Some(seen) = find(desk, bureau, case).await? else {
        return Ok(());
    };
    let due = seen.case.running(ClockKind::Correction);
    if seen.case.state != State::Correcting || !due.is_some_and(|c| c.is_overdue(desk.now())) {
        return Ok(());
    }
    act(desk, lease, &seen, Lapse, None).await
}

struct Lapse;

impl Act for Lapse {
    const NAME: &'static str = "case.lapse";
    const NOTICES: &'static [NoticeKind] = &[NoticeKind::Lapse];

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        if change.case.state != State::Correcting {
            return Ok(());
        }
        let due_on = change
            .case
            .corrections
            .last()
            .and_then(|notice| notice.due_on);
        let facts = json!({ "due_on": due_on, "lapsed_on": change.now.day() });
        let notice_id = change.issue(NoticeKind::Lapse, facts, None)?;
        change.emit(CaseEvent::Lapsed { notice_id })
    }
}

/// An event as a job payload carries it.
#[derive(Deserialize)]
struct Heard<T> {
    body: T,
}

#[derive(Deserialize)]
struct Arrival {
    case_id: CaseId,
    notice_id: NoticeId,
}

/// A notice has arrived in the message box of somebody who agreed to electronic service: that is
/// its service (民事诉讼法 art. 90 by analogy), and of a result its delivery.
async fn notice_arrived(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let Heard { body } = lease.read::<Heard<Arrival>>()?;
    let Some(seen) = find(desk, lease.bureau, body.case_id).await? else {
        return Ok(());
    };
    act(
        desk,
        lease,
        &seen,
        Serve {
            notice_id: body.notice_id,
        },
        None,
    )
    .await
}

struct Serve {
    notice_id: NoticeId,
}

impl Act for Serve {
    const NAME: &'static str = "case.serve";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        let known = change
            .case
            .notices
            .iter()
            .find(|notice| notice.notice_id == self.notice_id);
        if known.is_none_or(|notice| notice.served.is_some()) {
            return Ok(());
        }
        let (notice_id, how) = (self.notice_id, "electronic".to_owned());
        change.emit(CaseEvent::NoticeServed { notice_id, how })?;
        let waits = change.case.flow.as_ref().is_some_and(|flow| {
            flow.tokens()
                .iter()
                .any(|token| token.wait == flow::Wait::Service)
        });
        if change.case.result_notice() == Some(self.notice_id) && waits {
            return change.deliver("electronic", None, None);
        }
        Ok(())
    }
}

/// A new edition of the calendar: dates that were provisional are counted again, old and new in the
/// log.
async fn recount_clocks(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    for bureau in desk.parts.agencies.keys() {
        let mut after = uuid::Uuid::nil();
        loop {
            let store = &desk.kit.store;
            let cases = rows::provisional_after(store, *bureau, after, RECOUNT_CASES).await?;
            let Some(last) = cases.last() else { break };
            after = *last;
            for case in cases {
                let Some(seen) = find(desk, *bureau, CaseId::from_uuid(case)).await? else {
                    continue;
                };
                let envelope = store::Envelope {
                    lease: None,
                    ..desk.kit.envelope_for(lease)
                };
                let command = desk.by_system(&seen, &envelope, None, Recount)?;
                desk.kit.run(envelope, command).await?;
            }
        }
    }
    Ok(())
}

struct Recount;

impl Act for Recount {
    const NAME: &'static str = "case.recount";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        let counted: Vec<(DueClock, DueClock)> = change
            .case
            .clocks
            .iter()
            .filter_map(|old| old.recount(&change.calendar).map(|new| (old.clone(), new)))
            .collect();
        for (old, new) in counted {
            change.emit(CaseEvent::ClockRecomputed {
                clock: old.clock,
                old: old.due_on,
                new,
            })?;
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Leaving {
    bureau: DivisionCode,
    from: StaffId,
    #[serde(default)]
    to: Option<StaffId>,
}

/// Somebody leaves or hands over: his tasks go to the colleague named, or back to everybody.
async fn hand_over(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let Heard { body } = lease.read::<Heard<Leaving>>()?;
    for task in lists::held_by(&desk.kit.store, body.bureau, body.from).await? {
        let case = CaseId::from_uuid(task.case_id);
        let Some(seen) = find(desk, body.bureau, case).await? else {
            continue;
        };
        let task_id = kernel::ids::TaskId::from_uuid(task.task_id);
        let envelope = store::Envelope {
            lease: None,
            ..desk.kit.envelope_for(lease)
        };
        if let Some(to) = body.to {
            let give = Give {
                task: task_id,
                to,
                words: None,
            };
            desk.kit
                .run(
                    envelope.clone(),
                    desk.by_system(&seen, &envelope, None, give)?,
                )
                .await?;
        } else {
            let free = Free(task_id);
            desk.kit
                .run(
                    envelope.clone(),
                    desk.by_system(&seen, &envelope, None, free)?,
                )
                .await?;
        }
    }
    Ok(())
}

struct Free(kernel::ids::TaskId);

impl Act for Free {
    const NAME: &'static str = "task.free";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        match change.case.task(self.0) {
            Some(_) => change.emit(CaseEvent::TaskReleased { task_id: self.0 }),
            None => Ok(()),
        }
    }
}
