//! What staff see of the other party: who it is, how its papers were served, what it said.

use kernel::{AppError, Date, Timestamp, ids::NoticeId, item::Words, mask};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    applicant::PartyView,
    other_party::{OtherPartyState, PartyAnswerView, answer_of, both, evidence, kind_word},
};
use crate::{
    apply::{attach::FileView, open::person_card},
    case::Party,
    clock::ClockKind,
    desk::{Casework, Seen},
};

/// The other party as staff see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OtherSide {
    /// What it is called: 用人单位.
    pub role: Words,
    /// Who it is, masked.
    pub party: PartyView,
    /// How far it has come.
    pub state: OtherPartyState,
    /// Its notice.
    pub notice_id: NoticeId,
    /// When its notice was issued.
    pub notified_at: Timestamp,
    /// When its notice was served.
    pub served_at: Option<Timestamp>,
    /// How: `electronic`, `counter` or `mail`.
    pub served_how: Option<String>,
    /// The last day to answer, once the notice was served.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// Whether that day may move.
    pub provisional: bool,
    /// Whether it agreed to electronic service.
    pub electronic_service: bool,
    /// What it said.
    pub answer: Option<PartyAnswerView>,
    /// Its evidence.
    pub files: Vec<FileView>,
    /// The fields of the form that it is shown.
    pub shows: Vec<String>,
    /// The paper that waits to be served on it by hand or by mail.
    pub to_serve: Option<NoticeId>,
}

/// The other party of a case, if there is one.
pub(super) async fn other_side(
    desk: &Casework,
    seen: &Seen,
) -> Result<Option<OtherSide>, AppError> {
    let Some((facts, other)) = both(seen) else {
        return Ok(None);
    };
    let case = &seen.case;
    let clock = case.last(ClockKind::Answer);
    let served = case.service_of(other.notice_id);
    let (name_masked, number_masked) = shown(desk, other.party).await?;
    Ok(Some(OtherSide {
        role: facts.name.clone(),
        party: PartyView {
            kind: kind_word(facts.kind).to_owned(),
            name_masked,
            number_masked,
        },
        state: OtherPartyState::of(case, other, desk.now()),
        notice_id: other.notice_id,
        notified_at: other.notified_at,
        served_at: served.map(|(at, _)| *at),
        served_how: served.map(|(_, how)| how.clone()),
        due_on: clock.map(|clock| clock.due_on),
        provisional: clock.is_some_and(|clock| clock.provisional),
        electronic_service: other.electronic,
        answer: answer_of(desk, seen, other).await?,
        files: evidence(desk, seen).await?,
        shows: facts.shows.clone(),
        to_serve: case.to_serve().map(|paper| paper.notice_id),
    }))
}

/// Name and number as pages show them.
async fn shown(desk: &Casework, party: Party) -> Result<(String, String), AppError> {
    match party {
        Party::Person(id) => {
            let card = person_card(desk, id).await?;
            Ok((
                mask::name(card.name.reveal()),
                mask::citizen_no(card.number.reveal().reveal()),
            ))
        }
        Party::Employer(id) => {
            let mut cards = desk.parts.parties.employers(&[id]).await?;
            let card = cards.remove(&id);
            Ok(card.map_or_else(Default::default, |card| (card.name, card.credit_code)))
        }
    }
}

/// For who only serves papers: whom, and which; not what was said.
pub(super) fn only_to_serve(side: OtherSide) -> OtherSide {
    OtherSide {
        answer: None,
        files: Vec::new(),
        shows: Vec::new(),
        ..side
    }
}
