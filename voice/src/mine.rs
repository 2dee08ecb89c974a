//! What the owner of a case sees of his own rating.

use std::collections::BTreeSet;

use axum::{Json, extract::State};
use httpkit::{Authorised, Params, Refusals, Reply};
use kernel::{
    AppError, Caller, Timestamp,
    caller::CanApply,
    codes,
    error::Broken,
    ids::CaseId,
    ports::{Answer, Ratings},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Voice,
    give::{ADDITION, FIRST, is_owner},
    labels::gbt39046_code,
    store::{self, rating},
    words::open_words,
};

/// One's own rating.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OwnRating {
    /// 5 best, 1 worst.
    pub stars: i32,
    /// 1 best, 5 worst (GB/T 39046 A.8).
    pub gbt39046_code: i32,
    /// The words of the labels.
    pub labels: Vec<String>,
    /// In one's own words.
    pub text: Option<String>,
    /// Whether one wants no call back.
    pub anonymous: bool,
    /// When.
    pub at: Timestamp,
}

/// The rating of a case and what can still be said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseRating {
    /// The case.
    pub case_id: CaseId,
    /// Whether it can be rated now.
    pub can_rate: bool,
    /// Whether the rating can still be added to, once.
    pub can_add: bool,
    /// The rating.
    pub rating: Option<OwnRating>,
    /// Its addition.
    pub addition: Option<OwnRating>,
}

/// The rating of a case of the caller. Nothing can be said of a case that nobody was asked about yet.
///
/// # Errors
/// `E1012` for cases of others.
pub async fn find_case_rating(
    context: &Voice,
    caller: &Caller<CanApply>,
    case_id: CaseId,
) -> Result<CaseRating, AppError> {
    let citizen = caller.citizen()?;
    let Some(invitation) = store::invitation_of(&context.kit.store, case_id).await? else {
        return Ok(CaseRating {
            case_id,
            can_rate: false,
            can_add: false,
            rating: None,
            addition: None,
        });
    };
    if !is_owner(&invitation, citizen) {
        return Err(AppError::refused(&codes::E1012));
    }
    let rows = store::ratings_of(&context.kit.store, &invitation.bureau, case_id).await?;
    let part = |part: i32| {
        let row = rows.iter().find(|row| row.part == part);
        row.map(|row| own(context, row)).transpose()
    };
    let (rating, addition) = (part(FIRST)?, part(ADDITION)?);
    Ok(CaseRating {
        case_id,
        can_rate: rating.is_none(),
        can_add: rating.is_some() && addition.is_none(),
        rating,
        addition,
    })
}

impl Ratings for Voice {
    fn rated<'a>(&'a self, cases: &'a [(String, CaseId)]) -> Answer<'a, BTreeSet<CaseId>> {
        Box::pin(async move { Ok(store::rated(&self.kit.store, cases).await?) })
    }
}

fn own(context: &Voice, row: &rating::Model) -> Result<OwnRating, AppError> {
    Ok(OwnRating {
        stars: row.stars,
        gbt39046_code: gbt39046_code(row.stars),
        labels: label_words(context, row)?,
        text: open_words(&context.keys, row)?,
        anonymous: row.anonymous,
        at: Timestamp::from_micros(row.given_us),
    })
}

/// The words of the labels of a rating.
pub(crate) fn label_words(context: &Voice, row: &rating::Model) -> Result<Vec<String>, AppError> {
    let codes: Vec<String> = serde_json::from_str(&row.labels)
        .map_err(|fault| Broken::caused("labels of a rating", fault))?;
    Ok(context.labels.words(&codes))
}

/// My rating of a case
#[utoipa::path(
    get, path = "/cases/{case_id}/rating", operation_id = "find_case_rating", tag = "voice",
    params(("case_id" = CaseId, Path, description = "The case")),
    responses(
        (status = 200, body = CaseRating),
        Refusals,
    )
)]
pub(crate) async fn show_case_rating(
    State(context): State<Voice>,
    Authorised(caller): Authorised<CanApply>,
    Params(case_id): Params<CaseId>,
) -> Reply<Json<CaseRating>> {
    Ok(Json(find_case_rating(&context, &caller, case_id).await?))
}
