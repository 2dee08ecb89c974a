//! What is counted, in one list: the columns, their sums, and adding up.

use sea_orm::{DbErr, QueryResult};

use super::rows::count;

/// Working days within which a decision came, as they are told apart: to the day at first, later as
/// far as people speak of it. The last counter holds what took up to three months.
pub(crate) const WITHIN_DAYS: [i64; 11] = [0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 60];

macro_rules! counters {
    ($($name:ident: $column:ident),+ $(,)?) => {
        /// Counters of one row, or sums over many.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub(crate) struct Counters { $(pub $name: i64),+ }

        impl Counters {
            /// The columns.
            pub(super) const COLUMNS: &[count::Column] = &[$(count::Column::$column),+];

            /// Both together.
            pub(crate) const fn plus(self, other: Self) -> Self {
                Self { $($name: self.$name + other.$name),+ }
            }

            /// The sums of a row of a query.
            pub(super) fn of(row: &QueryResult) -> Result<Self, DbErr> {
                Ok(Self {
                    $($name: row.try_get::<Option<i64>>("", stringify!($name))?.unwrap_or_default()),+
                })
            }

            /// Adds them to a row.
            pub(crate) const fn add_to(self, row: &mut count::Model) {
                $(row.$name += self.$name;)+
            }
        }
    };
}

counters! {
    received: Received,
    accepted: Accepted,
    closed: Closed,
    delivered: Delivered,
    granted: Granted,
    denied: Denied,
    on_time: OnTime,
    limited: Limited,
    within_law: WithinLaw,
    one_visit: OneVisit,
    instant: Instant,
    corrected: Corrected,
    working_days_sum: WorkingDaysSum,
    days_0: Days0,
    days_1: Days1,
    days_2: Days2,
    days_3: Days3,
    days_5: Days5,
    days_7: Days7,
    days_10: Days10,
    days_15: Days15,
    days_20: Days20,
    days_30: Days30,
    days_60: Days60,
    stars_1: Stars1,
    stars_2: Stars2,
    stars_3: Stars3,
    stars_4: Stars4,
    stars_5: Stars5,
}

impl Counters {
    /// The columns up to which curves are drawn.
    pub(super) const DRAWN: usize = 10;
    /// The columns that count cases; those behind them count ratings.
    pub(super) const OF_CASES: usize = 24;
    /// The columns that groups are compared by: fewer than all, for they are summed over many rows.
    pub(super) const COMPARED: usize = 13;

    /// Cases decided within each number of working days, and not within the one before.
    pub(crate) const fn paces(&self) -> [i64; 11] {
        [
            self.days_0,
            self.days_1,
            self.days_2,
            self.days_3,
            self.days_5,
            self.days_7,
            self.days_10,
            self.days_15,
            self.days_20,
            self.days_30,
            self.days_60,
        ]
    }

    /// Counts a decision under the working days it took; longer ones are counted nowhere here.
    pub(crate) fn pace(&mut self, working_days: i64) {
        let counters = [
            &mut self.days_0,
            &mut self.days_1,
            &mut self.days_2,
            &mut self.days_3,
            &mut self.days_5,
            &mut self.days_7,
            &mut self.days_10,
            &mut self.days_15,
            &mut self.days_20,
            &mut self.days_30,
            &mut self.days_60,
        ];
        let within = WITHIN_DAYS.iter().position(|days| working_days <= *days);
        if let Some(counter) = counters.into_iter().nth(within.unwrap_or(usize::MAX)) {
            *counter += 1;
        }
    }

    /// Ratings by stars, one star first.
    pub(crate) const fn stars(&self) -> [i64; 5] {
        [
            self.stars_1,
            self.stars_2,
            self.stars_3,
            self.stars_4,
            self.stars_5,
        ]
    }

    /// Counts a rating; false where there are no such stars.
    pub(crate) const fn rate(&mut self, stars: i32) -> bool {
        match stars {
            1 => self.stars_1 += 1,
            2 => self.stars_2 += 1,
            3 => self.stars_3 += 1,
            4 => self.stars_4 += 1,
            5 => self.stars_5 += 1,
            _ => return false,
        }
        true
    }
}
