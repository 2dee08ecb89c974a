//! The context and what it holds in memory.

use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::FromRef;
use httpkit::Kit;
use kernel::{
    AppError,
    item::{ItemCode, ItemEdition},
    ports::{Answer, Items},
};

use crate::{
    calendars::{CalendarSource, Calendars},
    shelf::Shelf,
    store,
};

/// The catalogue. Cheap to clone; all clones see the same items.
#[derive(Clone)]
pub struct Catalog {
    pub(crate) kit: Kit,
    shelf: Arc<RwLock<Arc<Shelf>>>,
    calendars: Arc<Calendars>,
}

impl FromRef<Catalog> for Kit {
    fn from_ref(catalog: &Catalog) -> Self {
        catalog.kit.clone()
    }
}

impl Catalog {
    /// Opens the catalogue with what the database holds.
    ///
    /// # Errors
    /// Broken when the database does not answer or holds something unreadable.
    pub async fn open(kit: Kit) -> Result<Self, AppError> {
        let catalog = Self {
            kit,
            shelf: Arc::default(),
            calendars: Arc::default(),
        };
        catalog.refresh().await?;
        Ok(catalog)
    }

    /// Reads again what is published: another program may have loaded a pack or a notice. Cheap
    /// when nothing is new.
    ///
    /// # Errors
    /// Broken when the database does not answer or holds something unreadable.
    pub async fn refresh(&self) -> Result<(), AppError> {
        let database = &self.kit.store;
        let heads = store::heads(database).await?;
        if !self.is_known(&heads) {
            let items = store::shelf(database, heads).await?;
            *self.shelf.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(items);
        }
        let edition = self.calendars.current().edition();
        if let Some(calendar) = store::calendar_after(database, edition).await? {
            self.calendars.put(calendar);
        }
        Ok(())
    }

    /// The calendar editions.
    pub fn calendars(&self) -> &Arc<Calendars> {
        &self.calendars
    }

    /// Gives the calendar in force, for contexts that do not know this one.
    pub fn calendar_source(&self) -> CalendarSource {
        let calendars = Arc::clone(&self.calendars);
        Arc::new(move || calendars.current())
    }

    pub(crate) fn shelf(&self) -> Arc<Shelf> {
        Arc::clone(&self.shelf.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn today(&self) -> kernel::Date {
        self.kit.clock.now().day()
    }

    fn is_known(&self, heads: &[store::item::Model]) -> bool {
        let items = self.shelf();
        let known = |head: &store::item::Model| {
            let code = head.code.parse::<ItemCode>().ok();
            let item = code.and_then(|code| items.0.get(&code));
            item.is_some_and(|item| item.version == head.version)
        };
        items.0.len() == heads.len() && heads.iter().all(known)
    }
}

impl Items for Catalog {
    fn current(&self, code: &ItemCode) -> Option<Arc<ItemEdition>> {
        let items = self.shelf();
        let published = items.current(code, self.today())?;
        Some(Arc::clone(&published.edition))
    }

    fn edition(&self, code: &ItemCode, edition: i32) -> Option<Arc<ItemEdition>> {
        let items = self.shelf();
        let published = items.edition(code, edition)?;
        Some(Arc::clone(&published.edition))
    }

    fn refresh(&self) -> Answer<'_, ()> {
        Box::pin(Self::refresh(self))
    }
}
