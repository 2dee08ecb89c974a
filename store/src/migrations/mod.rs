//! The one ordered list of schema steps, in files named after their day and topic.
//!
//! Every `CREATE TABLE` is followed by a line `-- distributed by COLUMN` or `-- reference`; every
//! primary and unique key of a distributed table contains that column (checked by tidy).

use crate::migrate::Migration;

macro_rules! steps {
    ($($id:literal),* $(,)?) => {
        /// All steps, oldest first.
        pub(crate) const MIGRATIONS: &[Migration] =
            &[$(Migration { id: $id, sql: include_str!(concat!($id, ".sql")) }),*];
    };
}

steps![
    "202611230600_store",
    "202611230610_identity",
    "202611230620_catalog",
    "202611230630_registers",
    "202611230640_casework",
    "202611230650_messages",
    "202611230700_voice",
    "202611230710_insight",
    "202611231000_one_time_passwords",
    "202611231100_identity_rules",
    "202611231110_rating_words",
    "202611291000_window_drafts",
    "202611291000_throttle_window",
    "202611291010_lists",
    "202611291010_running_clocks",
    "202611291020_ready_org",
    "202611291030_incidents",
    "202611291200_person_email",
    "202611291300_rating_months",
    "202611300100_catalog_sheets",
    "202611300200_catalog_calculators",
    "202611300300_casework_uploads",
    "202611300400_casework_lists",
    "202611300500_other_parties",
    "202611300600_casework_rosters",
    "202611300700_insight",
    "202611300800_catalog_standing",
];
