//! Working days, legal periods and the clocks that count them.
//!
//! A [`Calendar`] is one edition of the State Council's holiday notices (放假 and 调休). [`deadline`]
//! counts a legal period on it; a [`Clock`] does the same for a case, with its suspensions and its
//! one extension. Whatever depends on a day of a year whose notice is not published yet is
//! *provisional*: computed from weekends and the days fixed by law, marked so, and to be computed
//! again when the next edition is loaded.
//!
//! The counting rules are those of the Civil Code (民法典) art. 201–203 and of the Administrative
//! Licensing Law (行政许可法) art. 42, 45 and 82. The crate is pure: it reads no clock, "today" is a
//! parameter, and the text of the notices is given by the caller.

mod clock;
mod deadline;
mod edition;
mod notices;
mod period;
mod standing;
mod statutory;
mod table;

pub use clock::{Clock, ClockRefusal, Extension, Suspension};
pub use deadline::{Deadline, deadline};
pub use edition::{Calendar, Day, DayKind};
pub use notices::{Fault, FaultKind, Faults};
pub use period::{NotAPeriod, parse_period, period_text};
pub use standing::Standing;
pub use table::table;
