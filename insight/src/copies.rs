//! Counts cases that were copied without their log, for measurements: by the same fold, as if the log of
//! the model had happened to the copy.
//!
//! The reader of the log never meets these cases, and its place does not move: what has a log is counted
//! by following it, what has none is counted here, and nothing is counted by both. Counters that are made
//! anew from the log lose these cases.

use std::collections::BTreeMap;

use ::store::{copy::Known, events};
use kernel::{AppError, Date, Timestamp, item::Words};
use uuid::Uuid;

use crate::{
    Insight,
    fold::Changes,
    store::rows::{count, due, item, open, overrun},
    tally::{Noted, What},
};

/// The log of a case, as far as it is counted.
#[derive(Debug, Clone, Default)]
pub struct CaseLog(Vec<Noted>);

/// What a copy has of its own.
#[derive(Debug, Clone)]
pub struct Copy {
    /// Its agency.
    pub bureau: String,
    /// Its id.
    pub case: Uuid,
    /// The organisation that handles it.
    pub org: String,
    /// Its item.
    pub item: String,
    /// The name of the item.
    pub name: Words,
    /// The hall to which somebody came; empty on line.
    pub hall: String,
    /// Days by which everything happens later.
    pub days: i64,
    /// The day by which it must be done, where it is another than the model's.
    pub presses: Option<Date>,
}

/// A rating of a case.
#[derive(Debug, Clone)]
pub struct Rating {
    /// The agency of the case.
    pub bureau: String,
    /// The organisation that handled it.
    pub org: String,
    /// Its item.
    pub item: String,
    /// How it came in.
    pub channel: String,
    /// The hall to which somebody came; empty on line.
    pub hall: String,
    /// When it was rated.
    pub day: Date,
    /// 5 best, 1 worst.
    pub stars: i32,
}

/// What copies add to the figures, until it is written.
#[derive(Debug, Default)]
pub struct Copies(Changes);

impl Insight {
    /// Reads the log of a case.
    ///
    /// # Errors
    /// When an event that counts has another shape.
    pub fn case_log(&self, log: &[events::Model]) -> Result<CaseLog, serde_json::Error> {
        let noted = log.iter().map(|event| Noted::of(event, |_| None));
        let noted: Result<Vec<_>, _> = noted.collect();
        Ok(CaseLog(noted?.into_iter().flatten().collect()))
    }
}

impl CaseLog {
    /// What would have been noted of a copy.
    fn of_copy(&self, copy: &Copy, domain: Option<&str>) -> Vec<Noted> {
        let later = |day: Date| later(day, copy.days);
        let moved = self.0.iter().map(|noted| Noted {
            bureau: copy.bureau.clone(),
            case: copy.case,
            day: later(noted.day),
            org: copy.org.clone(),
            item: copy.item.clone(),
            domain: domain.map(str::to_owned),
            channel: noted.channel.clone(),
            hall: copy.hall.clone(),
            name: Some(copy.name.clone()),
            what: noted.what.clone().with_days(later),
        });
        let mut noted: Vec<Noted> = moved.collect();
        if let (Some(due_on), Some(last)) = (copy.presses, noted.last().cloned()) {
            noted.push(Noted {
                what: What::Resumed {
                    due_on: Some(due_on),
                    at_window: false,
                },
                ..last
            });
        }
        noted
    }
}

impl Copies {
    /// Counts a copy of a case.
    pub fn add(&mut self, context: &Insight, log: &CaseLog, copy: &Copy) {
        let domain = context.domain_of(&copy.item);
        let noted = log.of_copy(copy, domain.as_deref());
        self.0.take(&noted, BTreeMap::new());
    }

    /// Counts a rating whose event stands in no log.
    pub fn rate(&mut self, context: &Insight, rating: &Rating) {
        let noted = Noted {
            bureau: rating.bureau.clone(),
            case: Uuid::nil(),
            day: rating.day,
            org: rating.org.clone(),
            domain: context.domain_of(&rating.item),
            item: rating.item.clone(),
            channel: rating.channel.clone(),
            hall: rating.hall.clone(),
            name: None,
            what: What::Rated {
                stars: rating.stars,
            },
        };
        self.0.take(&[noted], BTreeMap::new());
    }

    /// Adds everything to what is counted, at once, and begins anew.
    ///
    /// # Errors
    /// When the database does not answer; nothing was added then.
    pub async fn write(&mut self, context: &Insight) -> Result<(), AppError> {
        let changes = std::mem::take(&mut self.0);
        let writing = context.kit.store.writing().await?;
        let cases = changes.cases.into_values().flatten().collect();
        writing.rows::<open::Model>(cases, Known::Refused).await?;
        let dues = changes.dues.into_iter().filter(|(_, cases)| *cases != 0);
        let dues = dues.map(|(key, cases)| due::Model::new(key, cases));
        writing.rows(dues.collect(), Known::Added).await?;
        let late = changes.overruns.into_iter();
        let late = late.map(|(key, cases)| overrun::Model::new(key, cases));
        writing.rows(late.collect(), Known::Added).await?;
        let names = changes.names.into_iter();
        let names = names.map(|(key, name)| item::Model::new(key, name));
        writing.rows(names.collect(), Known::Replaced).await?;
        let counts = changes.counts.into_iter().map(|(key, counters)| {
            let mut row = count::Model::empty(key);
            counters.add_to(&mut row);
            row
        });
        writing.rows(counts.collect(), Known::Added).await?;
        Ok(writing.done().await?)
    }
}

/// So many days later in Beijing.
fn later(day: Date, days: i64) -> Date {
    Timestamp::start_of(day).plus_days(days).day()
}
