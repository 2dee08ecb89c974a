//! The rows.

use ::store::{Row, events::Position};

use kernel::item::Words;

use crate::{
    fold::{CountKey, DueKey, ItemKey, OverrunKey},
    tally::Noted,
};

/// How finely a row of counters tells things apart. Reading few rows is what makes a page quick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grain {
    /// A day, all items together.
    Day,
    /// A day and the items of a field.
    DomainDay,
    /// A day and an item.
    ItemDay,
    /// A week and an item.
    ItemWeek,
    /// A month and an item.
    ItemMonth,
}

impl Grain {
    /// As it is stored.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::DomainDay => "domain_day",
            Self::ItemDay => "item_day",
            Self::ItemWeek => "item_week",
            Self::ItemMonth => "item_month",
        }
    }
}

/// How far a reader of the log has come.
pub(crate) mod cursor {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "insight_cursor")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub reader: String,
        pub xid: i64,
        pub gid: i64,
        /// When the event there happened.
        pub at_us: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// The names of items, as the latest event has them.
pub(crate) mod item {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "insight_item")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub bureau: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub item: String,
        pub name_zh: String,
        pub name_en: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Counters of a span of time: a day or a month.
pub(crate) mod count {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "insight_count")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub bureau: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub grain: String,
        /// `2026-03-02`, the Monday of a week, or `2026-03`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub span: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub org: String,
        /// Empty where all items are counted together; the field where its items are.
        #[sea_orm(primary_key, auto_increment = false)]
        pub item: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub channel: String,
        /// The hall to which somebody came; empty on line.
        #[sea_orm(primary_key, auto_increment = false)]
        pub hall: String,
        pub received: i64,
        pub accepted: i64,
        pub closed: i64,
        pub delivered: i64,
        pub granted: i64,
        pub denied: i64,
        pub on_time: i64,
        /// Decided, with a limit of the law.
        pub limited: i64,
        /// Of these, in time.
        pub within_law: i64,
        pub one_visit: i64,
        pub instant: i64,
        pub corrected: i64,
        pub working_days_sum: i64,
        pub days_0: i64,
        pub days_1: i64,
        pub days_2: i64,
        pub days_3: i64,
        pub days_5: i64,
        pub days_7: i64,
        pub days_10: i64,
        pub days_15: i64,
        pub days_20: i64,
        pub days_30: i64,
        pub days_60: i64,
        pub stars_1: i64,
        pub stars_2: i64,
        pub stars_3: i64,
        pub stars_4: i64,
        pub stars_5: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A case that is open, or whose result has not arrived: what the counters need to know of it.
pub(crate) mod open {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "insight_case")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub bureau: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub case_id: Uuid,
        pub org: String,
        pub item: String,
        pub channel: String,
        pub hall: String,
        /// The last day in time; null while there is none.
        pub due_on: Option<String>,
        /// The last day of the law; null while there is none.
        pub statutory_on: Option<String>,
        /// Whether it waits for the applicant: then it is not overdue.
        pub waiting: bool,
        /// Whether it was decided: then it is no longer open.
        pub decided: bool,
        /// Days on which somebody came to a window for it.
        pub visits: i64,
        /// The last of them.
        pub came_on: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// How many open cases have one last day.
pub(crate) mod due {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "insight_due")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub bureau: String,
        /// Empty where all items are counted together.
        #[sea_orm(primary_key, auto_increment = false)]
        pub item: String,
        /// Empty where none presses: no day is set, or they wait for the applicant.
        #[sea_orm(primary_key, auto_increment = false)]
        pub due_on: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub org: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub channel: String,
        /// The hall to which somebody came; empty on line.
        #[sea_orm(primary_key, auto_increment = false)]
        pub hall: String,
        pub cases: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// How many cases were closed on a day after their last day.
pub(crate) mod overrun {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "insight_overrun")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub bureau: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub closed_on: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub due_on: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub org: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub item: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub channel: String,
        /// The hall to which somebody came; empty on line.
        #[sea_orm(primary_key, auto_increment = false)]
        pub hall: String,
        pub cases: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

impl Row for cursor::Model {
    const RANK: u16 = 600;
}
impl Row for open::Model {
    const RANK: u16 = 610;
}
impl Row for due::Model {
    const RANK: u16 = 615;
}
impl Row for overrun::Model {
    const RANK: u16 = 620;
}
impl Row for item::Model {
    const RANK: u16 = 630;
}
impl Row for count::Model {
    const RANK: u16 = 640;
}

impl cursor::Model {
    /// The place as the log names it.
    pub(crate) const fn position(&self) -> Position {
        Position {
            xid: self.xid,
            gid: self.gid,
        }
    }
}

impl item::Model {
    /// The name of an item.
    pub(crate) fn new((bureau, item): ItemKey, name: Words) -> Self {
        Self {
            bureau,
            item,
            name_zh: name.zh,
            name_en: name.en,
        }
    }
}

impl count::Model {
    /// Nothing counted yet.
    pub(crate) fn empty((bureau, grain, span, org, item, channel, hall): CountKey) -> Self {
        Self {
            bureau,
            grain: grain.as_str().to_owned(),
            span,
            org,
            item,
            channel,
            hall,
            ..Self::default()
        }
    }
}

impl due::Model {
    /// So many cases.
    pub(crate) fn new((bureau, item, due_on, org, channel, hall): DueKey, cases: i64) -> Self {
        Self {
            bureau,
            item,
            due_on,
            org,
            channel,
            hall,
            cases,
        }
    }
}

impl overrun::Model {
    /// So many cases.
    pub(crate) fn new(
        (bureau, closed_on, due_on, org, item, channel, hall): OverrunKey,
        cases: i64,
    ) -> Self {
        Self {
            bureau,
            closed_on,
            due_on,
            org,
            item,
            channel,
            hall,
            cases,
        }
    }
}

impl open::Model {
    /// A case seen for the first time.
    pub(crate) fn new(noted: &Noted) -> Self {
        Self {
            bureau: noted.bureau.clone(),
            case_id: noted.case,
            org: noted.org.clone(),
            item: noted.item.clone(),
            channel: noted.channel.clone(),
            hall: noted.hall.clone(),
            due_on: None,
            statutory_on: None,
            waiting: false,
            decided: false,
            visits: 0,
            came_on: None,
        }
    }

    /// Somebody came to a window on a day; whatever he does there that day is one visit.
    pub(crate) fn come(&mut self, day: String) {
        if self.came_on.as_ref() != Some(&day) {
            self.visits += 1;
            self.came_on = Some(day);
        }
    }

    /// The day that presses, none while it waits for the applicant.
    pub(crate) fn pressing(&self) -> Option<&str> {
        self.due_on.as_deref().filter(|_| !self.waiting)
    }
}
