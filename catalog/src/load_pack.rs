//! Taking in the items of a pack. An unchanged item changes nothing; a changed one becomes a new
//! edition, in force from a date on or a draft that is still to be reviewed; one that the pack no
//! longer lists ends, now and for good, unless drafts alone are wanted. What the bureau ended does not
//! come back, and an edition that comes into force later still does on its day.

use std::sync::Arc;

use kernel::{
    AppError, Caller, Date,
    caller::{Actor, CanManageJobs},
    error::Broken,
    item::ItemCode,
};
use serde_json::json;

use crate::{
    Catalog,
    load_calendar::{CalendarLoaded, load_calendar},
    load_sheets::load_sheets,
    pack::{Item, Pack},
    put_edition::{Move, PutEdition},
    shelf::Shelved,
    standing::{EditionState, Standing},
};

/// What becomes of the items of a pack that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publication {
    /// New editions are in force from this day on; sheets and calendar count at once.
    From(Date),
    /// New editions are drafts; nothing that is in force changes.
    Draft,
}

/// What loading a pack changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackLoaded {
    /// Items with the number of the edition that was published, or drafted.
    pub editions: Vec<(ItemCode, i32)>,
    /// Items that are no longer offered.
    pub closed: Vec<ItemCode>,
    /// Sheets that changed.
    pub sheets: Vec<String>,
    /// The calendar; none where drafts alone are wanted.
    pub calendar: Option<CalendarLoaded>,
}

/// Takes in a pack.
///
/// # Errors
/// `E1010` when somebody else loads at the same time.
pub async fn load_pack(
    catalog: &Catalog,
    caller: &Caller<CanManageJobs>,
    pack: &Pack,
    publication: Publication,
) -> Result<PackLoaded, AppError> {
    catalog.refresh().await?;
    let bureau = pack.city.code;
    let calendar = match publication {
        Publication::Draft => None,
        Publication::From(_) => Some(load_calendar(catalog, caller, bureau, &pack.holidays).await?),
    };
    let editions = load_items(catalog, caller, pack, publication).await?;
    let (closed, sheets) = match publication {
        Publication::Draft => Default::default(),
        Publication::From(_) => (
            close_items(catalog, caller, pack).await?,
            load_sheets(catalog, caller, bureau, &pack.sheets).await?,
        ),
    };
    catalog.refresh().await?;
    Ok(PackLoaded {
        editions,
        closed,
        sheets,
        calendar,
    })
}

async fn load_items(
    catalog: &Catalog,
    caller: &Caller<CanManageJobs>,
    pack: &Pack,
    publication: Publication,
) -> Result<Vec<(ItemCode, i32)>, AppError> {
    let (kit, shelf, today) = (&catalog.kit, catalog.shelf(), catalog.today());
    let mut editions = Vec::new();
    for one in &pack.items {
        let code = one.facts.code.clone();
        let before = shelf.0.get(&code).map(AsRef::as_ref);
        let mut command = PutEdition::of(pack.city.code, code.clone(), before);
        let content = content(one)?;
        if let Some(edition) = changes_of(&mut command, before, content, (publication, today)) {
            kit.run(kit.envelope_of(caller), command).await?;
            editions.push((code, edition));
        }
    }
    Ok(editions)
}

/// What a pack changes in an item: gives the edition that is published or drafted, if one is.
fn changes_of(
    command: &mut PutEdition,
    before: Option<&Shelved>,
    content: Content,
    (publication, today): (Publication, Date),
) -> Option<i32> {
    let in_force = before.and_then(|before| before.on_or_soon(today));
    let last = before.and_then(|before| before.last(today));
    let (now, last) = (
        in_force.map(|one| &one.standing),
        last.map(|one| &one.standing),
    );
    let published = |edition, standing: Standing, day| {
        let standing = standing.published(day).not_before(last);
        let (day, standing) = (standing.effective, standing.following(now, today));
        Move::by_program(edition, standing, "publish", day)
    };
    if in_force.is_some_and(|one| one.edition.digest == content.digest) {
        return None;
    }
    let is_ended = last.is_some_and(Standing::is_ended_by_staff);
    if is_ended && matches!(publication, Publication::From(_)) {
        return None;
    }
    let newest = before.and_then(Shelved::newest);
    let number = newest.map_or(0, |newest| newest.edition.edition) + 1;
    if let Some(newest) = newest {
        let (last, standing) = (number - 1, newest.standing.clone());
        let waits = matches!(standing.state, EditionState::Draft | EditionState::Reviewed);
        if newest.edition.digest == content.digest {
            // What the bureau ended stays so; what the pack left out comes back as it was.
            let is_left_out =
                standing.state == EditionState::Retired && !standing.is_ended_by_staff();
            let Publication::From(day) = publication else {
                return None;
            };
            if waits || is_left_out {
                command.moves.push(published(last, standing, day));
                return Some(last);
            }
            return None;
        }
        if waits {
            let standing = standing.retired(format!("已由第 {number} 版代替"), today);
            command
                .moves
                .push(Move::by_program(last, standing, "retire", None));
        }
    }
    let standing = Standing::draft(Actor::System("pack".to_owned()));
    command.moves.push(match publication {
        Publication::Draft => Move::by_program(number, standing, "draft", None),
        Publication::From(day) => published(number, standing, day),
    });
    command.content = Some((number, content));
    Some(number)
}

/// Ends the items that a pack does not list; gives their codes.
async fn close_items(
    catalog: &Catalog,
    caller: &Caller<CanManageJobs>,
    pack: &Pack,
) -> Result<Vec<ItemCode>, AppError> {
    let (kit, shelf, today) = (&catalog.kit, catalog.shelf(), catalog.today());
    let mut closed = Vec::new();
    for (code, item) in &shelf.0 {
        let is_listed = pack.items.iter().any(|one| one.facts.code == *code);
        let ends: Vec<Move> = item
            .on(today)
            .into_iter()
            .chain(item.coming(today))
            .map(|one| {
                let standing = one.standing.clone().retired(String::new(), today);
                Move::by_program(one.edition.edition, standing, "retire", None)
            })
            .collect();
        if is_listed || ends.is_empty() {
            continue;
        }
        let mut command = PutEdition::of(pack.city.code, code.clone(), Some(item));
        command.moves = ends;
        kit.run(kit.envelope_of(caller), command).await?;
        closed.push(code.clone());
    }
    Ok(closed)
}

/// The content of an edition as it is stored.
#[derive(Debug)]
pub(crate) struct Content {
    pub facts: String,
    pub form: String,
    pub rules: Arc<str>,
    pub flow: Arc<str>,
    pub calculators: String,
    pub digest: String,
}

fn content(one: &Item) -> Result<Content, AppError> {
    let facts = serde_json::to_value(&one.facts)
        .map_err(|fault| Broken::caused("facts of an item", fault))?;
    let calculators = serde_json::to_value(&one.calculators)
        .map_err(|fault| Broken::caused("calculators of an item", fault))?;
    let mut whole =
        json!({"facts": facts, "form": one.form, "rules": &*one.rules, "flow": &*one.flow});
    // Items without any keep the digest, and so the edition, that they had before there were some.
    if !one.calculators.is_empty()
        && let Some(whole) = whole.as_object_mut()
    {
        whole.insert("calculators".to_owned(), calculators.clone());
    }
    Ok(Content {
        facts: facts.to_string(),
        form: one.form.to_string(),
        rules: Arc::clone(&one.rules),
        flow: Arc::clone(&one.flow),
        calculators: calculators.to_string(),
        digest: seal::sm3_hex(seal::canonical_json(&whole).as_bytes()),
    })
}
