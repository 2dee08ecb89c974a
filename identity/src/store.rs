//! SQL of this context: its rows and the questions asked of them. Nothing of it leaves the crate.

mod people;
mod rows;
mod sessions;
mod staff;

pub(crate) use people::{
    account_of, agents_of, agents_of_all, consents_of, employer_by_code, employers, find_person,
    is_agent, keys_of, persons, roles_of,
};
pub(crate) use rows::{
    absence, account, agent, consent, employer, employer_code, lookup, organisation, person,
    person_key, post, post_permission, session, staff_account, staff_post, throttle,
};
pub(crate) use sessions::{
    by_id, by_token, counted_before, of_person, of_staff, started_before, throttle_of,
};
pub(crate) use staff::{
    absence_by_id, absences_from, absences_of, account_by_name, covering, covers_of, listed,
    organisations, permissions, posts, posts_of, roster, staff_by_id, staff_by_ids, staff_of_ids,
    today_absent,
};

pub(crate) use rows::staff as staff_row;

use std::fmt::Display;

use store::StoreError;

/// A stored value that cannot be read back.
pub(crate) fn bad_row(table: &'static str, key: &dyn Display, fault: &dyn Display) -> StoreError {
    StoreError::BadRow {
        table,
        key: key.to_string(),
        fault: fault.to_string(),
    }
}
