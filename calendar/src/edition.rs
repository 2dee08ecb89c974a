//! One edition of the calendar: which days are worked.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Date;

use crate::{
    notices::{self, Faults, Moved, is_weekend},
    statutory,
};

/// Whether a day is worked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DayKind {
    /// 工作日
    Work,
    /// 休息日
    Off,
}

impl DayKind {
    /// `work` or `off`, as in the file of notices.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Off => "off",
        }
    }
}

/// What a calendar says of one day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Day<'a> {
    /// Whether it is worked.
    pub kind: DayKind,
    /// The notice of its year is not published: the answer may still change.
    pub provisional: bool,
    /// The holiday that moves it; none for an ordinary weekday or weekend.
    pub name: Option<&'a str>,
}

impl Day<'_> {
    /// Whether it is a working day.
    pub fn is_working(&self) -> bool {
        self.kind == DayKind::Work
    }
}

/// One edition of the calendar: the State Council's notices as far as they were known when it was
/// loaded.
///
/// The notice of a year may move the last days of December before it; a date near the end of the
/// last published year is therefore computed again, like a provisional one, when an edition is
/// loaded. The default calendar knows no notice at all: every day of it is provisional.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    edition: i32,
    days: BTreeMap<Date, Moved>,
    published: BTreeSet<i16>,
}

impl Calendar {
    /// Reads an edition from its file: tab-separated, with the header `date kind name`, where kind
    /// is `off` or `work`.
    pub fn read(edition: i32, tsv: &str) -> Result<Self, Faults> {
        let notices = notices::read(tsv)?;
        Ok(Self {
            edition,
            days: notices.days,
            published: notices.published,
        })
    }

    /// The number of the edition, as the caller gave it: 1, 2, 3, …; 0 where none was loaded.
    pub fn edition(&self) -> i32 {
        self.edition
    }

    /// The years whose notice this edition holds, in order.
    pub fn published_years(&self) -> impl Iterator<Item = i16> + '_ {
        self.published.iter().copied()
    }

    /// What is known of a day. In a year without notice the weekends and the days fixed by law
    /// (全国年节及纪念日放假办法) are off.
    pub fn day(&self, day: Date) -> Day<'_> {
        let provisional = !self.published.contains(&day.year());
        if let Some(moved) = self.days.get(&day) {
            return Day {
                kind: moved.kind,
                provisional,
                name: Some(&moved.name),
            };
        }
        let festival = provisional.then(|| statutory::festival(day)).flatten();
        let off = festival.is_some() || is_weekend(day);
        Day {
            kind: if off { DayKind::Off } else { DayKind::Work },
            provisional,
            name: festival,
        }
    }

    /// Whether a day is a working day, as far as is known.
    pub fn is_working_day(&self, day: Date) -> bool {
        self.day(day).is_working()
    }

    /// How many working days lie after the day `after`, up to and including the day `through`:
    /// 0 when `through` is not later.
    pub fn working_days(&self, after: Date, through: Date) -> u32 {
        count_days(after, through, |day| self.is_working_day(day))
    }
}

/// How many days after `after`, up to and including `through`, count.
pub(crate) fn count_days(after: Date, through: Date, counts: impl Fn(Date) -> bool) -> u32 {
    let mut counted = 0;
    let mut day = after;
    while day < through {
        day = next_day(day);
        counted += u32::from(counts(day));
    }
    counted
}

/// The next day; the last representable day stays where it is.
pub(crate) fn next_day(day: Date) -> Date {
    day.tomorrow().unwrap_or(Date::MAX)
}
