//! Whose figures are shown.

use kernel::{
    AppError, Caller, Date, DivisionCode, OrgPath, Permission as _, caller::CanViewInsight,
};

/// What the caller may count.
#[derive(Debug, Clone)]
pub(crate) enum View {
    /// The whole city: only what is published.
    Everything,
    /// The organisations of a staff member's posts.
    Staff {
        bureau: DivisionCode,
        scopes: Vec<OrgPath>,
    },
}

impl View {
    /// What the posts of the caller let him see.
    pub(crate) fn of(caller: &Caller<CanViewInsight>) -> Result<Self, AppError> {
        let staff = caller.staff()?;
        Ok(Self::Staff {
            bureau: staff.bureau,
            scopes: staff.scopes(CanViewInsight::NAME).cloned().collect(),
        })
    }
}

/// The day so many days before.
pub(crate) fn days_before(day: Date, days: i32) -> Date {
    (0..days).fold(day, |day, _| day.yesterday().unwrap_or(day))
}

/// The days from one to another, both included.
pub(crate) fn days_from(first: Date, last: Date) -> Vec<Date> {
    let mut days = vec![first];
    while let Some(day) = days.last().filter(|day| **day < last) {
        match day.tomorrow() {
            Ok(next) => days.push(next),
            Err(_) => break,
        }
    }
    days
}
