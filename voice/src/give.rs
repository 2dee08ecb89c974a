//! Rates a closed case, or adds to the rating once (追评).

use std::sync::Arc;

use ::store::{Command, Envelope, Loads, Work, key};
use axum::{Json, extract::State};
use httpkit::{Act, Authorised, Faults, Refusals, Reply};
use kernel::{
    AppError, Caller, DivisionCode,
    caller::{Acting, Actor, CanApply, Citizen},
    codes,
    error::Broken,
    ids::{CaseId, Id as _, RatingId},
    limits,
};
use seal::MasterKeys;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    Voice,
    labels::{Labels, gbt39046_code},
    month::Month,
    store::{self, invitation, rating},
    words::seal_words,
};

/// Who rates, as it stands in events and audit: rater data are confidential (国办发〔2019〕51号).
const RATER: &str = "rater";

/// The first rating.
pub(crate) const FIRST: i32 = 1;
/// Its addition.
pub(crate) const ADDITION: i32 = 2;

/// What the owner of a case says.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveRating {
    /// The closed case.
    pub case_id: CaseId,
    /// 5 best, 1 worst.
    #[schema(minimum = 1, maximum = 5)]
    pub stars: i32,
    /// Codes of labels of this level.
    pub labels: Vec<String>,
    /// In the rater's own words.
    pub text: Option<String>,
    /// Whether he wants no call back. Staff never see the rater either way.
    pub anonymous: bool,
}

/// What was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Given {
    /// The case.
    pub case_id: CaseId,
    /// Whether this was the addition to an earlier rating.
    pub addition: bool,
}

/// Rates a case of the caller: the first time a rating, the second time its addition.
pub async fn give_rating(
    context: &Voice,
    caller: &Caller<CanApply>,
    envelope: Envelope,
    given: GiveRating,
) -> Result<Given, AppError> {
    let citizen = caller.citizen()?;
    let labels = labels_of(&context.labels, &given)?;
    let mut faults = Faults::default();
    let text = given.text.as_deref().unwrap_or_default();
    let words = faults.optional("/text", text, limits::TEXT_CHARS_MAX);
    faults.done()?;
    let invitation = store::invitation_of(&context.kit.store, given.case_id)
        .await?
        .ok_or_else(|| AppError::refused(&codes::E1401))?;
    if !is_owner(&invitation, citizen) {
        return Err(AppError::refused(&codes::E1012));
    }
    let bureau = invitation
        .bureau
        .parse()
        .map_err(|fault| Broken::caused("bureau of an invitation", fault))?;
    let give = Give {
        bureau,
        case: given.case_id,
        stars: given.stars,
        labels,
        words,
        anonymous: given.anonymous,
        keys: Arc::clone(&context.keys),
    };
    let envelope = Envelope {
        actor: Actor::System(RATER.to_owned()),
        ..envelope
    };
    context.kit.run(envelope, give).await
}

/// Whether a citizen, in the role he chose, owns the case.
pub(crate) fn is_owner(invitation: &invitation::Model, citizen: &Citizen) -> bool {
    match citizen.acting {
        Acting::Myself => invitation.owner_person == Some(citizen.person.uuid()),
        Acting::Enterprise(employer) => invitation.owner_employer == Some(employer.uuid()),
    }
}

fn labels_of(labels: &Labels, given: &GiveRating) -> Result<Vec<String>, AppError> {
    let Some(level) = labels.level(given.stars) else {
        let mut faults = Faults::default();
        faults.add("/stars", &codes::E1024);
        return Err(faults
            .done()
            .err()
            .unwrap_or_else(|| AppError::refused(&codes::E1002)));
    };
    let belongs = |code: &String| level.labels.iter().any(|label| label.code == *code);
    if !given.labels.iter().all(belongs) {
        return Err(AppError::refused(&codes::E1402));
    }
    let mut codes = given.labels.clone();
    codes.sort_unstable();
    codes.dedup();
    Ok(codes)
}

struct Give {
    bureau: DivisionCode,
    case: CaseId,
    stars: i32,
    labels: Vec<String>,
    words: String,
    anonymous: bool,
    keys: Arc<MasterKeys>,
}

impl Give {
    fn key(&self, part: i32) -> ::store::Key {
        key!(self.bureau, self.case.uuid(), part)
    }

    fn row(
        &self,
        invitation: invitation::Model,
        part: i32,
        id: RatingId,
        work: &mut Work<'_>,
    ) -> Result<rating::Model, AppError> {
        let now = work.now();
        let place = (self.case, part);
        let words = seal_words(&self.keys, place, id, &self.words, work.entropy())?;
        let (words_wrapped, words_sealed) =
            words.map(|words| (words.wrapped, words.sealed)).unzip();
        Ok(rating::Model {
            bureau: invitation.bureau,
            case_id: invitation.case_id,
            part,
            rating_id: id.uuid(),
            stars: self.stars,
            labels: serde_json::to_string(&self.labels)
                .map_err(|fault| Broken::caused("labels of a rating", fault))?,
            words_wrapped,
            words_sealed,
            anonymous: self.anonymous,
            given_in: Month::of(now.day()).to_string(),
            given_us: now.as_micros(),
            item: invitation.item,
            name_zh: invitation.name_zh,
            name_en: invitation.name_en,
            org: invitation.org,
        })
    }
}

impl Command for Give {
    type Out = Given;
    const NAME: &'static str = "rating.give";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }
    fn subject(&self) -> String {
        // The case would lead to the rater.
        "rating".to_owned()
    }
    fn lane(&self) -> u64 {
        self.case.uuid().as_u64_pair().1
    }
    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<invitation::Model>(key!(self.bureau, self.case.uuid()));
        loads.row::<rating::Model>(self.key(FIRST));
        loads.row::<rating::Model>(self.key(ADDITION));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Given, AppError> {
        let is_free =
            |part| Ok::<bool, AppError>(work.get::<rating::Model>(&self.key(part))?.is_none());
        let (part, kind) = if is_free(FIRST)? {
            (FIRST, "rating.given")
        } else if is_free(ADDITION)? {
            (ADDITION, "rating.added")
        } else {
            return Err(AppError::refused(&codes::E1403));
        };
        let invitation = work
            .require::<invitation::Model>(&key!(self.bureau, self.case.uuid()))?
            .clone();
        let now = work.now();
        // The id holds the month only: the day may lead to whoever was closed on it.
        let id = RatingId::new(Month::of(now.day()).start(), work.entropy());
        let event = json!({
            "case_id": self.case, "item": invitation.item, "org": invitation.org,
            "channel": invitation.channel, "hall": invitation.hall.as_deref().unwrap_or_default(), "stars": self.stars,
            "gbt39046_code": gbt39046_code(self.stars), "labels": self.labels,
        });
        let row = self.row(invitation, part, id, work)?;
        work.put(row)?;
        work.emit("rating", id.uuid(), 1, kind, event);
        Ok(Given {
            case_id: self.case,
            addition: part == ADDITION,
        })
    }
}

/// Rate a closed case
#[utoipa::path(
    post, path = "/ratings", operation_id = "give_rating", tag = "voice",
    params(("Idempotency-Key" = String, Header, description = "8 to 64 letters, digits, - or _")),
    request_body = GiveRating,
    responses(
        (status = 200, body = Given),
        Refusals,
    )
)]
pub(crate) async fn create_rating(
    State(context): State<Voice>,
    Authorised(caller): Authorised<CanApply>,
    act: Act<GiveRating>,
) -> Reply<Json<Given>> {
    let envelope = context.kit.envelope(&caller, &act.repetition);
    Ok(Json(
        give_rating(&context, &caller, envelope, act.body).await?,
    ))
}
