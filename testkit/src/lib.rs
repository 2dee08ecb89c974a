//! What tests of several crates share: a migrated database of each kind, a clock that stands
//! still, callers.
//!
//! Every test that touches the database runs on both. The macro [`on_both!`] writes the two tests;
//! the one on PostgreSQL needs `YICI_TEST_POSTGRES` (a superuser's URL of a private cluster, which
//! `make test` starts) and fails with these words where it is missing: nothing is skipped silently.

mod database;
mod plan;

use std::collections::{BTreeMap, BTreeSet};

pub use database::{Database, Kind};
use kernel::{
    OrgPath, Principal, Timestamp,
    caller::{Acting, Caller, Citizen, Grant, Permission, Request, Staff},
    ids::{Id, PersonId, RequestId, SessionId, StaffId},
    lang::Lang,
};
pub use plan::plan_of;

/// Writes two tests of one body: `sqlite` and `postgres`. The body gets a [`Database`].
#[macro_export]
macro_rules! on_both {
    ($(#[$meta:meta])* async fn $name:ident($database:ident) $body:block) => {
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, clippy::allow_attributes, reason = "bodies differ in what they use")]
            use super::*;
            async fn behaviour($database: $crate::Database) $body

            #[tokio::test]
            async fn sqlite() {
                behaviour($crate::Database::create($crate::Kind::Sqlite).await).await;
            }

            #[tokio::test]
            async fn postgres() {
                behaviour($crate::Database::create($crate::Kind::Postgres).await).await;
            }
        }
    };
}

/// A working Monday morning in the demo city: 2026-03-02 09:00 in Beijing.
pub const MONDAY: Timestamp = Timestamp::from_micros(1_772_413_200_000_000);

/// The `n`-th id of a kind: readable in failures, the same in every run.
pub fn id<I: Id>(n: u128) -> I {
    I::from_uuid(uuid::Uuid::from_u128(
        0x0199_0000_0000_7000_8000_0000_0000_0000 + n,
    ))
}

/// A request without a station, in Chinese.
pub fn request() -> Request {
    Request {
        id: id::<RequestId>(1),
        lang: Lang::Zh,
        station: None,
    }
}

/// A citizen who acts for himself.
pub fn citizen(person: PersonId) -> Principal {
    Principal::Citizen(Citizen {
        session: SessionId::from_uuid(person.uuid()),
        person,
        acting: Acting::Myself,
    })
}

/// A staff member of an agency with permissions in one organisation.
///
/// # Panics
/// When the organisation is not a path that begins with a division code.
pub fn staff(staff: StaffId, org: &str, permissions: &[&str]) -> Principal {
    let org: OrgPath = org
        .parse()
        .unwrap_or_else(|_| panic!("{org} is no organisation path"));
    let root = org.as_str().split('/').next().unwrap_or_default();
    let bureau = root
        .parse()
        .unwrap_or_else(|_| panic!("{org} does not begin with an agency"));
    let grant = |permission: &&str| Grant {
        permission: (*permission).to_owned(),
        org: org.clone(),
        post: "test".to_owned(),
        deputy_for: None,
    };
    let grants: Vec<Grant> = permissions.iter().map(grant).collect();
    Principal::Staff(Staff {
        session: SessionId::from_uuid(staff.uuid()),
        staff,
        person: None,
        bureau,
        org: org.clone(),
        name: "测试".into(),
        grants: grants.into(),
    })
}

/// The proof that this principal holds `P`.
///
/// # Panics
/// When he does not.
pub fn caller<P: Permission>(principal: Principal) -> Caller<P> {
    match Caller::prove(principal, request()) {
        Ok(caller) => caller,
        Err(error) => panic!("{} is refused: {}", P::NAME, error.code()),
    }
}

/// Leaves of a pack's files, by path, only these items.
pub fn only_items(files: &mut BTreeMap<String, String>, items: &[&str]) {
    let kept = |path: &String| {
        let item = path
            .strip_prefix("items/")
            .and_then(|rest| rest.split('/').next());
        item.is_none_or(|item| items.contains(&item))
    };
    files.retain(|path, _| kept(path));
}

/// Leaves of a pack's files, by path, only the items that are complete: those with examples. The
/// others cost every test its time and change nothing for most.
pub fn only_complete_items(files: &mut BTreeMap<String, String>) {
    let example = |path: &String| {
        let folder = path.strip_suffix("examples/granted.toml")?;
        Some(folder.to_owned())
    };
    let complete: BTreeSet<String> = files.keys().filter_map(example).collect();
    let stays = |path: &String| {
        !path.starts_with("items/") || complete.iter().any(|folder| path.starts_with(folder))
    };
    files.retain(|path, _| stays(path));
}
