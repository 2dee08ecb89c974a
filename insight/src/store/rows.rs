//! The rows.

use ::store::{Row, events::Position};

use crate::tally::Noted;

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

/// The counters of a day.
pub(crate) mod daily {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "insight_daily")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub bureau: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub day: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub org: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub item: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub channel: String,
        pub received: i64,
        pub accepted: i64,
        pub closed: i64,
        pub delivered: i64,
        pub granted: i64,
        pub denied: i64,
        pub on_time: i64,
        pub one_visit: i64,
        pub instant: i64,
        pub corrected: i64,
        pub working_days_sum: i64,
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

/// A case that is open.
pub(crate) mod open {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "insight_open")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub bureau: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub case_id: Uuid,
        pub org: String,
        pub item: String,
        pub channel: String,
        /// The last day in time; null while there is none.
        pub due_on: Option<String>,
        /// Whether it waits for the applicant: then it is not overdue.
        pub waiting: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A case that was closed after its day.
pub(crate) mod late {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "insight_late")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub bureau: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub case_id: Uuid,
        pub org: String,
        pub item: String,
        pub due_on: String,
        pub closed_on: String,
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
impl Row for late::Model {
    const RANK: u16 = 620;
}
impl Row for item::Model {
    const RANK: u16 = 630;
}
impl Row for daily::Model {
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

impl daily::Model {
    /// A day on which nothing has been counted yet.
    pub(crate) fn empty(noted: &Noted) -> Self {
        Self {
            bureau: noted.bureau.clone(),
            day: noted.day.to_string(),
            org: noted.org.clone(),
            item: noted.item.clone(),
            channel: noted.channel.clone(),
            ..Self::default()
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
            due_on: None,
            waiting: false,
        }
    }
}
