//! 现场核查 (行政许可法 art. 34): two or more staff; one writes the record, others confirm it. A site
//! check does not stop the clock.

use axum::extract::State as Context;
use flow::Stage;
use httpkit::{Act as Write, Authorised, Faults, Params, Refusals, Reply, Versioned};
use kernel::{
    AppError, Caller, Timestamp,
    caller::CanReview,
    codes,
    ids::CaseId,
    limits::{LINE_CHARS_MAX, TEXT_CHARS_MAX},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    apply::insist::Nothing,
    change::Change,
    command::{Act, Acted},
    desk::Casework,
    event::CaseEvent,
    perform::Asked,
    state::State,
};

/// The record of a site check.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteCheck {
    /// Where.
    pub place: String,
    /// When.
    pub at: Timestamp,
    /// What was found.
    pub facts: String,
}

/// Writes the record of a site check.
#[utoipa::path(post, path = "/cases/{case_id}/site-check", tag = "work", request_body = SiteCheck,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn record_site_check(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanReview>,
    Params(id): Params<CaseId>,
    write: Write<SiteCheck>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::over_http(&write)?;
    let done = site_check(&desk, &caller, id, &asked, write.body);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Writes the record of a site check.
///
/// # Errors
/// `E1002` for a record without place or facts, or from the future.
pub async fn site_check(
    desk: &Casework,
    caller: &Caller<CanReview>,
    id: CaseId,
    asked: &Asked,
    given: SiteCheck,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    let mut faults = Faults::default();
    let place = faults.text("/place", &given.place, LINE_CHARS_MAX);
    let facts = faults.text("/facts", &given.facts, TEXT_CHARS_MAX);
    if given.at > desk.now() {
        faults.add("/at", &codes::E1027);
    }
    faults.done()?;
    let record = json!({ "place": place, "at": given.at, "facts": facts });
    let act = CheckSite {
        words: desk.seal_words(&seen, &record)?,
    };
    desk.perform(caller, asked, &seen, act, None).await
}

/// Confirms the record of a site check that a colleague wrote.
#[utoipa::path(post, path = "/cases/{case_id}/site-check/confirm", tag = "work", request_body = Nothing,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn confirm_site_check(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanReview>,
    Params(id): Params<CaseId>,
    write: Write<Nothing>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::over_http(&write)?;
    let done = confirm(&desk, &caller, id, &asked);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Confirms the record of a site check that a colleague wrote.
///
/// # Errors
/// `E1216` when the caller wrote or confirmed it himself, `E1201` when there is no record.
pub async fn confirm(
    desk: &Casework,
    caller: &Caller<CanReview>,
    id: CaseId,
    asked: &Asked,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    desk.perform(caller, asked, &seen, CheckSite { words: None }, None)
        .await
}

pub(crate) struct CheckSite {
    /// The sealed record; none confirms the one that is there.
    pub words: Option<Vec<u8>>,
}

impl Act for CheckSite {
    const NAME: &'static str = "case.site_check";

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        change.expect_state(&[State::Reviewing])?;
        let recorded = change
            .case
            .task_at(Stage::SiteCheck)
            .is_some_and(|t| !t.confirmed.is_empty());
        if recorded == self.words.is_some() {
            return change.expect_state(&[]);
        }
        let task = change.held_task(Stage::SiteCheck)?;
        let text_id = change.keep_text("site_check", self.words.clone());
        change.emit(CaseEvent::SiteChecked {
            task_id: task.opened.task_id,
            performer: change.acting()?.staff,
            text_id,
        })?;
        if change.case.task(task.opened.task_id).is_some() {
            return Ok(());
        }
        change.finish(&task, json!({ "site_checked": true }))
    }
}
