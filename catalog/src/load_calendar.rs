//! Loading a holiday notice: a new edition of the calendar. Whoever has provisional dates listens
//! to `calendar.edition_loaded` and counts them again.

use calendar::Calendar;
use kernel::{AppError, Caller, DivisionCode, caller::CanManageJobs, error::Broken};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Command, Loads, Work, key};

use crate::{
    Catalog,
    put_edition::stream_id,
    store::{newest_notices, notices},
};

/// What loading a notice changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarLoaded {
    /// The notices were known already, as this edition.
    Known(i32),
    /// They are a new edition.
    New(i32),
}

/// Loads the text of the holiday notices.
///
/// # Errors
/// Broken when the text is not a file of notices (check it first: `calendar::Calendar::read`);
/// `E1010` when somebody else loads one at the same time.
pub async fn load_calendar(
    catalog: &Catalog,
    caller: &Caller<CanManageJobs>,
    bureau: DivisionCode,
    holidays: &str,
) -> Result<CalendarLoaded, AppError> {
    let newest = newest_notices(&catalog.kit.store).await?;
    let digest = seal::sm3_hex(holidays.as_bytes());
    let edition = match newest {
        Some(newest) if newest.digest == digest => {
            return Ok(CalendarLoaded::Known(newest.edition));
        }
        Some(newest) => newest.edition + 1,
        None => 1,
    };
    let calendar = Calendar::read(edition, holidays)
        .map_err(|faults| Broken::caused("holiday notices", faults))?;
    let command = LoadCalendar {
        bureau,
        edition,
        digest,
        holidays: holidays.to_owned(),
        published_years: calendar.published_years().collect(),
    };
    let loaded = catalog
        .kit
        .run(catalog.kit.envelope_of(caller), command)
        .await?;
    catalog.refresh().await?;
    Ok(CalendarLoaded::New(loaded.edition))
}

struct LoadCalendar {
    bureau: DivisionCode,
    edition: i32,
    digest: String,
    holidays: String,
    published_years: Vec<i16>,
}

#[derive(Serialize, Deserialize)]
struct Loaded {
    edition: i32,
}

impl Command for LoadCalendar {
    type Out = Loaded;
    const NAME: &'static str = "calendar.load";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        format!("calendar/{}", self.edition)
    }

    fn lane(&self) -> u64 {
        stream_id("calendar").as_u64_pair().1
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<notices::Model>(key!(self.edition));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Loaded, AppError> {
        if work.get::<notices::Model>(&key!(self.edition))?.is_some() {
            return Err(AppError::refused(&kernel::codes::E1010));
        }
        work.put(notices::Model {
            edition: self.edition,
            digest: self.digest.clone(),
            holidays: self.holidays.clone(),
            loaded_us: work.now().as_micros(),
        })?;
        let body = json!({
            "edition": self.edition,
            "digest": self.digest,
            "published_years": self.published_years,
        });
        let seq = i64::from(self.edition);
        work.emit(
            "calendar",
            stream_id("calendar"),
            seq,
            "calendar.edition_loaded",
            body,
        );
        Ok(Loaded {
            edition: self.edition,
        })
    }
}
