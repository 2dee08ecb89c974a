//! What runs later: silence accepts, corrections that never came, arrival of notices, new
//! calendars, colleagues who leave, drafts that nobody goes on with, files on their way.

mod calendar;
pub(crate) mod chain;
pub(crate) mod drafts;
mod leaving;
pub(crate) mod uploads;

use std::{pin::Pin, sync::Arc};

use kernel::{
    AppError, DivisionCode, Principal, Timestamp,
    ids::{CaseId, NoticeId},
};
use serde::Deserialize;
use serde_json::json;
use store::jobs::{Handler, Handlers, Lease, Subscriptions};

#[cfg(test)]
pub(crate) use self::{calendar::Recount, leaving::TakeOver};
use self::{
    calendar::{RECOUNT, recount_clocks, recount_page},
    drafts::{OLD_DRAFT, discard_old},
    leaving::hand_over,
    uploads::{OLD_UPLOAD, discard_old as discard_old_upload, scan_file},
};
use crate::{
    apply::{open::ask_again, other::find_other_if_silent, scan::SCAN_FILE},
    case::Case,
    change::{Assessment, Change},
    clock::ClockKind,
    command::{ACCEPTANCE_DUE, ANSWER_DUE, Act, CORRECTION_DUE},
    desk::{Casework, Seen},
    event::{AcceptMode, CaseEvent, NoticeKind},
    roster,
    state::State,
    store as rows,
};

/// Who finds the other party where nobody accepts.
const BY_SILENCE: Principal = Principal::System("casework");

const ARRIVED: &str = "casework.notice_arrived";
const CALENDAR: &str = "casework.recount_clocks";
const HANDED_OVER: &str = "casework.hand_over";
const CONSENT: &str = "casework.withdraw_consent";

/// Which events casework listens to.
pub fn subscriptions() -> Subscriptions {
    Subscriptions::default()
        .on("message.arrived", ARRIVED)
        .on("message.roster_arrived", roster::ARRIVED)
        .on("calendar.edition_loaded", CALENDAR)
        .on("staff.handed_over", HANDED_OVER)
        .on("staff.left", HANDED_OVER)
        .on("person.electronic_service", CONSENT)
}

/// The handlers of casework's jobs.
pub fn jobs(desk: &Casework) -> Handlers {
    let mut all = Handlers::from([
        (
            ACCEPTANCE_DUE,
            handler(desk, |desk, lease| Box::pin(accept_by_silence(desk, lease))),
        ),
        (
            CORRECTION_DUE,
            handler(desk, |desk, lease| Box::pin(lapse(desk, lease))),
        ),
        (
            ANSWER_DUE,
            handler(desk, |desk, lease| Box::pin(fall_silent(desk, lease))),
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
            RECOUNT,
            handler(desk, |desk, lease| Box::pin(recount_page(desk, lease))),
        ),
        (
            HANDED_OVER,
            handler(desk, |desk, lease| Box::pin(hand_over(desk, lease))),
        ),
        (
            OLD_DRAFT,
            handler(desk, |desk, lease| Box::pin(discard_old(desk, lease))),
        ),
        (
            OLD_UPLOAD,
            handler(desk, |desk, lease| {
                Box::pin(discard_old_upload(desk, lease))
            }),
        ),
        (
            SCAN_FILE,
            handler(desk, |desk, lease| Box::pin(scan_file(desk, lease))),
        ),
        (
            CONSENT,
            handler(desk, |desk, lease| Box::pin(consent_changed(desk, lease))),
        ),
    ]);
    all.extend(roster::jobs(desk));
    all
}

/// A handler that runs a use case of the desk.
pub(crate) fn handler<F>(desk: &Casework, run: F) -> Arc<dyn Handler>
where
    F: for<'a> Fn(&'a Casework, &'a Lease) -> Done<'a> + Send + Sync + 'static,
{
    Arc::new(Run {
        desk: desk.clone(),
        run,
    })
}

pub(crate) type Done<'a> = Pin<Box<dyn Future<Output = Result<(), AppError>> + Send + 'a>>;

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

pub(crate) async fn find(
    desk: &Casework,
    bureau: DivisionCode,
    case: CaseId,
) -> Result<Option<Seen>, AppError> {
    match rows::find_in(&desk.kit.store, bureau, case).await {
        Ok(file) => desk.opened(file).await.map(Some),
        Err(error) if error.code() == "E1012" => Ok(None),
        Err(error) => Err(error),
    }
}

/// Runs an act of the system on the case as it was seen, and ends the job in its own transaction.
/// Another change in between refuses it; the queue tries again.
async fn act<A: Act>(
    desk: &Casework,
    lease: &Lease,
    seen: &Seen,
    act: A,
    assessment: Option<Assessment>,
) -> Result<(), AppError> {
    let envelope = desk.kit.envelope_for(lease);
    let version = Some(seen.case.version);
    let mut command = desk.by_system(seen, &envelope, version, act)?;
    command.assessment = assessment;
    desk.kit.run(envelope, command).await.map(drop)
}

/// T8: five working days without a word accept the application, from the day of receipt.
async fn accept_by_silence(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let OfCase { bureau, case } = lease.read()?;
    let Some(seen) = find(desk, bureau, case).await? else {
        return Ok(());
    };
    if !silence_accepts(&seen.case, desk.now()) {
        return Ok(());
    }
    let kept = desk.form_of(&seen).await?;
    let data = ask_again(desk, &seen, kept).await?;
    let mut assessment = desk.assess(&seen, &data)?;
    let form = data.whole(&seen.model);
    assessment.other = find_other_if_silent(desk, &BY_SILENCE, &seen, &form).await?;
    act(desk, lease, &seen, AcceptBySilence, Some(assessment)).await
}

/// Whether the time to accept has passed while the office had the case. What was returned waits for
/// its applicant: silence accepts it when he insists.
fn silence_accepts(case: &Case, now: Timestamp) -> bool {
    let due = case.running(ClockKind::Acceptance);
    let waits = matches!(
        case.state,
        State::Submitted | State::Received | State::Corrected
    );
    waits && due.is_some_and(|clock| clock.is_overdue(now))
}

pub(crate) struct AcceptBySilence;

impl Act for AcceptBySilence {
    const NAME: &'static str = "case.accept_by_silence";
    const NOTICES: &'static [NoticeKind] = &[NoticeKind::AcceptNotice, NoticeKind::Grant];

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        if silence_accepts(&change.case, change.now) {
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
    if !is_lapsed(&seen.case, desk.now()) {
        return Ok(());
    }
    act(desk, lease, &seen, Lapse, None).await
}

fn is_lapsed(case: &Case, now: Timestamp) -> bool {
    let due = case.running(ClockKind::Correction);
    case.state == State::Correcting && due.is_some_and(|clock| clock.is_overdue(now))
}

pub(crate) struct Lapse;

impl Act for Lapse {
    const NAME: &'static str = "case.lapse";
    const NOTICES: &'static [NoticeKind] = &[NoticeKind::Lapse];

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        if !is_lapsed(&change.case, change.now) {
            return Ok(());
        }
        let due = change.case.running(ClockKind::Correction);
        let due_on = due.map(|clock| clock.due_on);
        let facts = json!({ "due_on": due_on, "lapsed_on": change.now.day() });
        let notice_id = change.issue(NoticeKind::Lapse, facts, None)?;
        change.emit(CaseEvent::Lapsed { notice_id })
    }
}

/// The other party's time has passed: the reviewer sees that it said nothing (工伤保险条例 art. 19).
async fn fall_silent(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let OfCase { bureau, case } = lease.read()?;
    let Some(seen) = find(desk, bureau, case).await? else {
        return Ok(());
    };
    if !seen.case.is_unanswered(desk.now()) {
        return Ok(());
    }
    act(desk, lease, &seen, FallSilent, None).await
}

pub(crate) struct FallSilent;

impl Act for FallSilent {
    const NAME: &'static str = "case.fall_silent";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        if change.case.is_unanswered(change.now) {
            change.emit(CaseEvent::OtherPartySilent)?;
        }
        Ok(())
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

pub(crate) struct Serve {
    pub notice_id: NoticeId,
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
        // The other party confirms its notice itself, or is served by hand: its time begins with that.
        let others = change.case.other.as_ref().map(|other| other.notice_id);
        if others == Some(self.notice_id) {
            return Ok(());
        }
        let (notice_id, how) = (self.notice_id, "electronic".to_owned());
        change.emit(CaseEvent::NoticeServed {
            notice_id,
            how,
            on: None,
        })?;
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

/// The circumstances of one of several commands of a job: none of them ends it.
pub(crate) fn without_lease(desk: &Casework, lease: &Lease) -> store::Envelope {
    store::Envelope {
        lease: None,
        ..desk.kit.envelope_for(lease)
    }
}

#[derive(Deserialize)]
struct OfPerson {
    id: uuid::Uuid,
    at: Timestamp,
    body: Agreed,
}

#[derive(Deserialize)]
struct Agreed {
    agreed: bool,
}

/// Somebody took his consent to electronic service back: that counts in all his open cases, but not in
/// those for which he was asked since.
async fn consent_changed(desk: &Casework, lease: &Lease) -> Result<(), AppError> {
    let OfPerson { id, at, body } = lease.read()?;
    if body.agreed {
        return Ok(());
    }
    for file in rows::open_of_person(&desk.kit.store, id).await? {
        let seen = desk.opened(file).await?;
        let envelope = without_lease(desk, lease);
        let command = desk.by_system(&seen, &envelope, None, WithdrawConsent { at })?;
        desk.kit.run(envelope, command).await?;
    }
    Ok(())
}

pub(crate) struct WithdrawConsent {
    /// When he took it back.
    pub at: Timestamp,
}

impl Act for WithdrawConsent {
    const NAME: &'static str = "case.withdraw_consent";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        // What is decided was served, or is on its way, as it was agreed then.
        let case = &change.case;
        let asked_since = case.asked_at.is_some_and(|asked| asked > self.at);
        if !case.electronic || case.state.is_closed() || asked_since {
            return Ok(());
        }
        change.emit(CaseEvent::ConsentWithdrawn)
    }
}
