//! The calendar edition in force, shared with whoever counts days.

use std::sync::{Arc, PoisonError, RwLock};

use calendar::Calendar;

/// Gives the calendar in force; contexts that count days take it without knowing this one.
pub type CalendarSource = Arc<dyn Fn() -> Arc<Calendar> + Send + Sync>;

/// Holds the calendar in force. A reader keeps the edition it has taken.
#[derive(Debug, Default)]
pub struct Calendars(RwLock<Arc<Calendar>>);

impl Calendars {
    /// The edition in force; edition 0, all provisional, before one was loaded.
    pub fn current(&self) -> Arc<Calendar> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn put(&self, calendar: Calendar) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(calendar);
    }
}
