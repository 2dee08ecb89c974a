//! The context and what it holds in memory.

use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::FromRef;
use httpkit::Kit;
use kernel::{
    AppError,
    error::Broken,
    item::{ItemCode, ItemEdition, Suspension},
    ports::{Answer, Items},
};
use tokio::{sync::Mutex, task::spawn_blocking};

use crate::{
    calculator::Calculators,
    calendars::{CalendarSource, Calendars},
    finder::Finder,
    sheets::{CALCULATORS, Sheets},
    shelf::Shelf,
    store,
};

/// The catalogue. Cheap to clone; all clones see the same items.
#[derive(Clone)]
pub struct Catalog {
    pub(crate) kit: Kit,
    shelf: Arc<RwLock<Arc<Shelf>>>,
    sheets: Arc<RwLock<Arc<Sheets>>>,
    calculators: Arc<RwLock<Arc<Calculators>>>,
    calendars: Arc<Calendars>,
    /// One index at a time is made: who asks meanwhile waits for it.
    finder: Arc<Mutex<Option<Arc<Finder>>>>,
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
            sheets: Arc::default(),
            calculators: Arc::default(),
            calendars: Arc::default(),
            finder: Arc::default(),
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
            let items = store::shelf(database, heads, &self.shelf()).await?;
            *self.shelf.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(items);
        }
        let heads = store::sheet_heads(database).await?;
        if !self.sheets().are(&heads) {
            let sheets = store::sheets(database).await?;
            self.read_calculators(&sheets)?;
            *self.sheets.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(sheets);
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

    pub(crate) fn sheets(&self) -> Arc<Sheets> {
        Arc::clone(&self.sheets.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn calculators(&self) -> Arc<Calculators> {
        let calculators = self.calculators.read();
        Arc::clone(&calculators.unwrap_or_else(PoisonError::into_inner))
    }

    /// Makes the calculators of these sheets ready, if they are others than before.
    fn read_calculators(&self, sheets: &Sheets) -> Result<(), AppError> {
        if self.calculators().digest == sheets.digest(CALCULATORS) {
            return Ok(());
        }
        let calculators = Calculators::read(sheets)
            .map_err(|fault| Broken::new(format!("the sheet {CALCULATORS}: {fault}")))?;
        let held = self.calculators.write();
        *held.unwrap_or_else(PoisonError::into_inner) = Arc::new(calculators);
        Ok(())
    }

    /// Makes the index of the search, which otherwise the first question waits for.
    ///
    /// # Errors
    /// Broken when there is no memory for it.
    pub async fn prepare_search(&self) -> Result<(), AppError> {
        self.finder().await.map(drop)
    }

    /// The index of what is published now; made by whoever asks first after something changed.
    pub(crate) async fn finder(&self) -> Result<Arc<Finder>, AppError> {
        let mut known = self.finder.lock().await;
        let (items, sheets, today) = (self.shelf(), self.sheets(), self.today());
        if let Some(finder) = known
            .as_ref()
            .filter(|finder| finder.is_of(&items, &sheets, today))
        {
            return Ok(Arc::clone(finder));
        }
        let built = spawn_blocking(move || Finder::build(items, sheets, today)).await;
        let built = built.map_err(|fault| Broken::caused("search index", fault))?;
        let built = Arc::new(built.map_err(|fault| Broken::caused("search index", fault))?);
        *known = Some(Arc::clone(&built));
        Ok(built)
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

    fn known(&self, code: &ItemCode) -> Option<Arc<ItemEdition>> {
        let items = self.shelf();
        let published = items.0.get(code)?.known(self.today())?;
        Some(Arc::clone(&published.edition))
    }

    fn suspension(&self, code: &ItemCode) -> Option<Suspension> {
        self.shelf().suspension(code, self.today())
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
