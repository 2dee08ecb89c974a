//! Review of a draft; publication, suspension and the end of an edition.

use std::time::Duration;

use axum::extract::State;
use httpkit::{Act, Authorised, Faults, Params, ProblemDocument, Reply, Versioned};
use kernel::{
    AppError, Caller, Date, OrgPath, Principal,
    caller::{CanPublishItems, CanReviewItems, Permission},
    codes,
    item::ItemCode,
    limits::LINE_CHARS_MAX,
};
use serde::Deserialize;
use store::Envelope;
use utoipa::ToSchema;

use crate::{
    Catalog,
    put_edition::{EditionMoved, Move, PutEdition, name_of},
    standing::EditionAct,
};

/// How far ahead a day may lie.
const AHEAD_MAX: Duration = Duration::from_hours(366 * 24);

/// Whether somebody holds a permission in the root of the city's own agency: an item is offered in all
/// of the city.
pub(crate) fn standards_of_the_city(
    catalog: &Catalog,
    principal: &Principal,
    permission: &str,
) -> bool {
    let root = catalog.kit.city.to_string().parse::<OrgPath>();
    let Principal::Staff(staff) = principal else {
        return false;
    };
    root.is_ok_and(|root| staff.may(permission, &root))
}

/// Does something with an edition.
///
/// # Errors
/// `E1102` for who holds the permission in a part of the city only, `E1012` for an edition that is not
/// there, `E1010` when the item changed since it was seen,
/// `E1044` when the last step was the caller's own, `E1045` when its state does not allow it.
pub(crate) async fn move_edition<P: Permission>(
    catalog: &Catalog,
    caller: &Caller<P>,
    envelope: Envelope,
    (code, number, seen): (ItemCode, i32, i64),
    act: EditionAct,
) -> Result<EditionMoved, AppError> {
    if !standards_of_the_city(catalog, caller.principal(), P::NAME) {
        return Err(AppError::refused(&codes::E1102));
    }
    catalog.refresh().await?;
    let (shelf, today) = (catalog.shelf(), catalog.today());
    let item = shelf.0.get(&code);
    let item = item.ok_or_else(|| AppError::refused(&codes::E1213))?;
    let one = item.editions.get(&number);
    let one = one.ok_or_else(|| AppError::refused(&codes::E1012))?;
    if item.version != seen {
        return Err(AppError::refused(&codes::E1010));
    }
    let in_force = item.is_in_force(number, today);
    let actor = caller.principal().actor();
    let after = one.standing.after(&act, &actor, (today, in_force));
    let mut standing = after.map_err(AppError::refused)?;
    if matches!(act, EditionAct::Publish { .. }) {
        let before = item.on(today).map(|before| &before.standing);
        standing = standing.following(before, today);
    }
    let moved = |edition, standing| Move {
        edition,
        standing,
        act: act.name(),
        by_name: name_of(caller),
        day: act.day(),
    };
    let mut command = PutEdition::of(catalog.kit.city, code, Some(item));
    if in_force && !matches!(act, EditionAct::Publish { .. }) {
        // What citizens are told of the item holds for the editions to come as well.
        for coming in item.coming(today) {
            let after = coming.standing.clone().with(&standing, today);
            command.moves.push(moved(coming.edition.edition, after));
        }
    }
    command.moves.insert(0, moved(number, standing));
    let moved = catalog.kit.run(envelope, command).await?;
    catalog.refresh().await?;
    Ok(moved)
}

/// What a review found.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewIn {
    /// Whether the draft is right; one that is not is withdrawn.
    right: bool,
    /// What is wrong with it.
    #[serde(default)]
    reason: String,
}

impl ReviewIn {
    fn read(self) -> Result<EditionAct, AppError> {
        if self.right {
            return Ok(EditionAct::Review);
        }
        Ok(EditionAct::SendBack {
            reason: reason(Faults::default(), &self.reason)?,
        })
    }
}

/// A reason that must be there; it stands before a full stop of the page's own.
fn reason(mut faults: Faults, text: &str) -> Result<String, AppError> {
    let text = text.trim().trim_end_matches(['。', '.']);
    let text = faults.text("/reason", text, LINE_CHARS_MAX);
    faults.done()?;
    Ok(text)
}

/// What becomes of an edition.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum StandingIn {
    /// A reviewed edition comes into force.
    Publish {
        /// From this day on: today or later.
        #[schema(format = Date)]
        effective: String,
    },
    /// No new cases are taken; those that run go on.
    Suspend {
        /// What citizens read.
        reason: String,
        /// The last day; none is until further notice.
        #[schema(format = Date)]
        #[serde(default)]
        until: Option<String>,
    },
    /// New cases are taken again.
    Resume,
    /// It ends: a draft is withdrawn, an item in force is not offered any more.
    Retire {
        /// Why.
        reason: String,
    },
}

impl StandingIn {
    fn read(self, today: Date) -> Result<EditionAct, AppError> {
        let mut faults = Faults::default();
        let day = |faults: &mut Faults, pointer: &str, text: &str| {
            let day: Option<Date> = faults.parse(pointer, text, &codes::E1027);
            let last = today.saturating_add(AHEAD_MAX);
            if day.is_some_and(|day| day < today || day > last) {
                faults.between(pointer, today, last);
            }
            day.unwrap_or(today)
        };
        Ok(match self {
            Self::Publish { effective } => {
                let effective = day(&mut faults, "/effective", &effective);
                faults.done()?;
                EditionAct::Publish { effective }
            }
            Self::Suspend { reason: why, until } => {
                let until = until.map(|until| day(&mut faults, "/until", &until));
                let reason = reason(faults, &why)?;
                EditionAct::Suspend { reason, until }
            }
            Self::Resume => EditionAct::Resume,
            Self::Retire { reason: why } => EditionAct::Retire {
                reason: reason(faults, &why)?,
            },
        })
    }
}

/// Finds a draft right, or withdraws it.
#[utoipa::path(post, path = "/workbench/items/{code}/editions/{edition}/review", tag = "standards",
    request_body = ReviewIn,
    params(("code" = ItemCode, Path), ("edition" = i32, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses(
        (status = 200, body = EditionMoved),
        (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
    ))]
pub(crate) async fn review_edition(
    State(catalog): State<Catalog>,
    Authorised(caller): Authorised<CanReviewItems>,
    Params((code, number)): Params<(ItemCode, i32)>,
    write: Act<ReviewIn>,
) -> Reply<Versioned<EditionMoved>> {
    let seen = (code, number, write.version()?);
    let envelope = catalog.kit.envelope(&caller, &write.repetition);
    let act = write.body.read()?;
    let act = move_edition(&catalog, &caller, envelope, seen, act);
    let moved = catalog.kit.once(&caller, &write.repetition, act).await?;
    Ok(Versioned(moved.version, moved))
}

/// Publishes, suspends, resumes or ends an edition.
#[utoipa::path(post, path = "/workbench/items/{code}/editions/{edition}/standing", tag = "standards",
    request_body = StandingIn,
    params(("code" = ItemCode, Path), ("edition" = i32, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses(
        (status = 200, body = EditionMoved),
        (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
    ))]
pub(crate) async fn change_standing(
    State(catalog): State<Catalog>,
    Authorised(caller): Authorised<CanPublishItems>,
    Params((code, number)): Params<(ItemCode, i32)>,
    write: Act<StandingIn>,
) -> Reply<Versioned<EditionMoved>> {
    let seen = (code, number, write.version()?);
    let envelope = catalog.kit.envelope(&caller, &write.repetition);
    let act = write.body.read(catalog.today())?;
    let act = move_edition(&catalog, &caller, envelope, seen, act);
    let moved = catalog.kit.once(&caller, &write.repetition, act).await?;
    Ok(Versioned(moved.version, moved))
}
