//! Everything published, as it is held in memory.

use std::{collections::BTreeMap, sync::Arc};

use kernel::{
    Date,
    item::{ItemCode, ItemEdition},
};
use serde_json::Value;

/// One edition with the browser's view of its form.
#[derive(Debug)]
pub(crate) struct Published {
    pub(crate) edition: Arc<ItemEdition>,
    pub(crate) form_view: Value,
}

/// An item with all its editions, the newest last.
#[derive(Debug)]
pub(crate) struct Shelved {
    pub(crate) open: bool,
    pub(crate) version: i64,
    pub(crate) editions: BTreeMap<i32, Arc<Published>>,
}

/// All items by code.
#[derive(Debug, Default)]
pub(crate) struct Shelf(pub(crate) BTreeMap<ItemCode, Shelved>);

impl Shelved {
    /// The edition in force on a day.
    pub(crate) fn on(&self, today: Date) -> Option<&Arc<Published>> {
        let newest_first = self.editions.values().rev();
        let mut effective = newest_first.filter(|one| one.edition.effective <= today);
        effective.next()
    }

    /// The newest edition, whether in force already or not.
    pub(crate) fn newest(&self) -> Option<&Arc<Published>> {
        self.editions.values().next_back()
    }
}

impl Shelf {
    /// The edition for new cases; none when the item is closed or not in force yet.
    pub(crate) fn current(&self, code: &ItemCode, today: Date) -> Option<&Arc<Published>> {
        let item = self.0.get(code).filter(|item| item.open)?;
        item.on(today)
    }

    /// A given edition.
    pub(crate) fn edition(&self, code: &ItemCode, edition: i32) -> Option<&Arc<Published>> {
        self.0.get(code)?.editions.get(&edition)
    }
}
