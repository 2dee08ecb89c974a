//! 送达 to the other party: by hand or by mail, signed for, where it has not confirmed its notice on
//! line or takes no electronic service.

use axum::extract::State as Context;
use httpkit::{Act as Write, Authorised, Params, Refusals, Reply, Versioned};
use kernel::{
    AppError, Caller, Date,
    caller::{CanDeliver, Permission as _},
    codes,
    error::Broken,
    ids::{CaseId, NoticeId},
};

use super::hand_out::{HandOut, HandOutMethod, Received, received};
use crate::{
    apply::open::person_card,
    case::{Case, Party},
    change::{Change, Service},
    command::{Act, Acted},
    desk::{Casework, Seen},
    event::NoticeKind,
    perform::Asked,
};

/// Notes that a paper of the other party was served.
#[utoipa::path(post, path = "/cases/{case_id}/notices/{notice_id}/serve", tag = "work", request_body = HandOut,
    params(("case_id" = CaseId, Path), ("notice_id" = NoticeId, Path), ("Idempotency-Key" = String, Header),
        ("If-Match" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn serve_paper(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanDeliver>,
    Params((id, notice_id)): Params<(CaseId, NoticeId)>,
    write: Write<HandOut>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::over_http(&write)?;
    let done = serve(&desk, &caller, (id, notice_id), &asked, write.body);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Notes that a paper of the other party was served by hand or by mail.
///
/// # Errors
/// `E1244` when it does not wait for that; `E1221`, and `E1002` with `E1034`, as for results.
pub async fn serve(
    desk: &Casework,
    caller: &Caller<CanDeliver>,
    (id, notice_id): (CaseId, NoticeId),
    asked: &Asked,
    given: HandOut,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    expect_waiting(&seen.case, notice_id)?;
    let person = match other_of(&seen)? {
        Party::Person(person) => Some(person_card(desk, person).await?.name),
        Party::Employer(_) => None,
    };
    let name = person.as_ref().map(|name| name.reveal().as_str());
    let today = desk.now().day();
    let issued = seen.case.to_serve().map(|paper| paper.since.day());
    let Received { on, words } = received(&given, name, issued.unwrap_or(today), today)?;
    let act = ServePaper {
        notice_id,
        method: given.method,
        on,
        words: desk.seal_json(&seen, &words)?,
    };
    desk.perform(caller, asked, &seen, act, None).await
}

fn other_of(seen: &Seen) -> Result<Party, AppError> {
    let other = seen.case.other.as_ref().map(|other| other.party);
    other.ok_or_else(|| Broken::new("the case has no other party").into())
}

fn expect_waiting(case: &Case, notice_id: NoticeId) -> Result<(), AppError> {
    match case.to_serve() {
        Some(paper) if paper.notice_id == notice_id => Ok(()),
        _ => Err(AppError::refused(&codes::E1244)),
    }
}

pub(crate) struct ServePaper {
    pub notice_id: NoticeId,
    pub method: HandOutMethod,
    pub on: Option<Date>,
    pub words: Vec<u8>,
}

impl Act for ServePaper {
    const NAME: &'static str = "case.serve_other_party";
    const NOTICES: &'static [NoticeKind] = &[NoticeKind::OtherPartyReceipt];

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        expect_waiting(&change.case, self.notice_id)?;
        let org = change.case.serving_org();
        if !org.is_some_and(|org| change.may(CanDeliver::NAME, &org)) {
            return Err(AppError::refused(&codes::E1102));
        }
        if change.acting()?.is_party(&change.case) {
            return Err(AppError::refused(&codes::E1204));
        }
        change.serve_other(
            self.notice_id,
            Service {
                how: self.method.as_str(),
                on: self.on,
                agreed: false,
                received: Some(self.words.clone()),
            },
        )
    }
}
