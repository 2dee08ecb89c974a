//! Every edition, as it is held in memory.

use std::{collections::BTreeMap, sync::Arc};

use kernel::{
    Date,
    item::{ItemCode, ItemEdition, Suspension},
};
use serde_json::Value;

use crate::standing::{EditionState, Standing};

/// One edition with the browser's view of its form, and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Published {
    pub(crate) edition: Arc<ItemEdition>,
    pub(crate) form_view: Arc<Value>,
    pub(crate) standing: Standing,
}

impl Published {
    /// What tells this edition, as it stands on a day, from others.
    pub(crate) fn digest(&self, today: Date) -> String {
        match self.standing.suspension(today) {
            None => self.edition.digest.clone(),
            Some(why) => {
                let text = format!("{}{}{:?}", self.edition.digest, why.reason, why.until);
                seal::sm3_hex(text.as_bytes())
            }
        }
    }
}

/// An item with all its editions, the newest last.
#[derive(Debug, Clone)]
pub(crate) struct Shelved {
    pub(crate) version: i64,
    pub(crate) editions: BTreeMap<i32, Arc<Published>>,
}

/// All items by code.
#[derive(Debug, Default)]
pub(crate) struct Shelf(pub(crate) BTreeMap<ItemCode, Arc<Shelved>>);

impl Shelved {
    /// The edition whose day came last, whatever became of it; of one day the newest.
    pub(crate) fn last(&self, today: Date) -> Option<&Arc<Published>> {
        let editions = self.editions.values();
        let begun = editions.filter(|one| one.standing.has_begun(today));
        begun.max_by_key(|one| (one.standing.effective, one.edition.edition))
    }

    /// The edition in force on a day; none where the item has ended or not begun.
    pub(crate) fn on(&self, today: Date) -> Option<&Arc<Published>> {
        self.last(today)
            .filter(|one| one.standing.state != EditionState::Retired)
    }

    /// The editions that come into force later.
    pub(crate) fn coming(&self, today: Date) -> impl Iterator<Item = &Arc<Published>> {
        let editions = self.editions.values();
        editions.filter(move |one| one.standing.is_coming(today))
    }

    /// The edition in force, or else the next whose day is known.
    pub(crate) fn on_or_soon(&self, today: Date) -> Option<&Arc<Published>> {
        match self.last(today) {
            Some(last) if last.standing.state == EditionState::Retired => None,
            Some(last) => Some(last),
            None => self.coming(today).next(),
        }
    }

    /// What an item is called by: the edition whose day came last, or else the newest.
    pub(crate) fn known(&self, today: Date) -> Option<&Arc<Published>> {
        self.last(today).or_else(|| self.newest())
    }

    /// The digests of all editions.
    pub(crate) fn digests(&self) -> BTreeMap<i32, String> {
        let editions = self.editions.iter();
        editions
            .map(|(number, one)| (*number, one.edition.digest.clone()))
            .collect()
    }

    /// The newest edition, wherever it stands.
    pub(crate) fn newest(&self) -> Option<&Arc<Published>> {
        self.editions.values().next_back()
    }

    /// The state of an edition on a day: one that a newer one followed is retired.
    pub(crate) fn state_of(&self, one: &Published, today: Date) -> EditionState {
        let last = self.last(today).map_or(0, |last| last.edition.edition);
        if one.standing.has_begun(today) && one.edition.edition != last {
            return EditionState::Retired;
        }
        one.standing.state_on(today)
    }

    /// Whether new cases fall under an edition on a day.
    pub(crate) fn is_in_force(&self, edition: i32, today: Date) -> bool {
        self.on(today)
            .is_some_and(|one| one.edition.edition == edition)
    }
}

impl Shelf {
    /// The edition in force; none when the item has ended or not begun.
    pub(crate) fn current(&self, code: &ItemCode, today: Date) -> Option<&Arc<Published>> {
        self.0.get(code)?.on(today)
    }

    /// Why no new cases of an item are taken, while that is so.
    pub(crate) fn suspension(&self, code: &ItemCode, today: Date) -> Option<Suspension> {
        self.current(code, today)?.standing.suspension(today)
    }

    /// A given edition.
    pub(crate) fn edition(&self, code: &ItemCode, edition: i32) -> Option<&Arc<Published>> {
        self.0.get(code)?.editions.get(&edition)
    }
}
