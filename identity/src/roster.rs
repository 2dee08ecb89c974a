//! Staff with what they hold at one moment, read for many at once.

use std::{collections::BTreeMap, sync::Arc};

use kernel::{
    AppError, DivisionCode, OrgPath, Timestamp,
    ids::{Id as _, PersonId, StaffId},
    ports::StaffCard,
};
use store::{Store, StoreError};
use uuid::Uuid;

use crate::{
    directory::Snapshot,
    grants::{self, Held},
    store::{self as sql, staff_post, staff_row},
};

/// A staff member, his posts and whether he is absent.
pub(crate) struct Member {
    pub row: staff_row::Model,
    pub held: Vec<Held>,
    pub absent: bool,
}

impl Member {
    /// The card that other contexts get.
    ///
    /// # Errors
    /// Broken when where he works is no path of an organisation.
    pub(crate) fn card(&self, directory: &Snapshot) -> Result<StaffCard, AppError> {
        Ok(StaffCard {
            id: StaffId::from_uuid(self.row.staff_id),
            name: self.row.name.clone(),
            person: self.row.person_id.map(PersonId::from_uuid),
            org: org_of("staff", self.row.staff_id, &self.row.org)?,
            present: self.row.active && !self.absent,
            grants: Arc::from(grants::grants(&self.held, directory)),
        })
    }
}

/// These staff of one agency with what they hold at `now`.
pub(crate) async fn members(
    store: &Store,
    directory: &Snapshot,
    bureau: DivisionCode,
    rows: Vec<staff_row::Model>,
    now: Timestamp,
) -> Result<Vec<Member>, AppError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.staff_id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let day = now.day();
    let covering = sql::covering(store, bureau, &ids, day).await?;
    let absentees: Vec<Uuid> = covering.iter().map(|absence| absence.staff_id).collect();
    let absentees = active_of(store, bureau, absentees).await?;
    let everybody: Vec<Uuid> = ids.iter().chain(&absentees).copied().collect();
    let mut posts: BTreeMap<Uuid, Vec<Held>> = BTreeMap::new();
    for row in sql::posts_of(store, bureau, &everybody).await? {
        posts.entry(row.staff_id).or_default().push(held(&row)?);
    }
    let away: Vec<Uuid> = sql::today_absent(store, bureau, &ids, day)
        .await?
        .into_iter()
        .map(|absence| absence.staff_id)
        .collect();
    let of = |id: &Uuid| posts.get(id).cloned().unwrap_or_default();
    let members = rows.into_iter().map(|row| {
        let covered = covering
            .iter()
            .filter(|absence| absence.deputy_id == row.staff_id)
            .filter(|absence| absentees.contains(&absence.staff_id))
            .flat_map(|absence| on_behalf(of(&absence.staff_id), absence.staff_id))
            .collect();
        Member {
            held: grants::held(of(&row.staff_id), covered, directory),
            absent: away.contains(&row.staff_id),
            row,
        }
    });
    Ok(members.collect())
}

fn on_behalf(posts: Vec<Held>, absent: Uuid) -> impl Iterator<Item = Held> {
    posts.into_iter().map(move |post| Held {
        deputy_for: Some(StaffId::from_uuid(absent)),
        ..post
    })
}

/// Nobody deputises for somebody who has left.
async fn active_of(
    store: &Store,
    bureau: DivisionCode,
    ids: Vec<Uuid>,
) -> Result<Vec<Uuid>, StoreError> {
    if ids.is_empty() {
        return Ok(ids);
    }
    let rows = sql::staff_of_ids(store, bureau, &ids).await?;
    Ok(rows
        .into_iter()
        .filter(|row| row.active)
        .map(|row| row.staff_id)
        .collect())
}

fn held(row: &staff_post::Model) -> Result<Held, StoreError> {
    Ok(Held {
        post: row.post.clone(),
        org: org_of("staff_post", row.staff_id, &row.org)?,
        deputy_for: None,
    })
}

/// The organisation path of a row.
pub(crate) fn org_of(table: &'static str, key: Uuid, org: &str) -> Result<OrgPath, StoreError> {
    org.parse()
        .map_err(|fault| sql::bad_row(table, &key, &fault))
}

/// The agency of a row.
pub(crate) fn bureau_of(
    table: &'static str,
    key: Uuid,
    bureau: &str,
) -> Result<DivisionCode, StoreError> {
    bureau
        .parse()
        .map_err(|fault| sql::bad_row(table, &key, &fault))
}
