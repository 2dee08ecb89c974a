//! The posts of a staff member, each with the organisation where it holds.

use std::collections::BTreeSet;

use axum::extract::State;
use httpkit::{Act, Authorised, Faults, Params, ProblemDocument, Reply, Versioned};
use kernel::{
    AppError, DivisionCode, Lang, OrgPath, Principal, Refusal,
    caller::{Caller, CanManageStaff},
    codes,
    ids::{Id as _, StaffId},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Command, Envelope, Loads, Work, key};
use utoipa::ToSchema;

use super::{StaffChanged, change::expect, is_possible_org, managed, not_oneself};
use crate::{
    Identity,
    directory::Snapshot,
    roster::bureau_of,
    session::lane_of,
    store::{self as sql, staff_post, staff_row},
};

/// Posts of one person: more than anybody can do.
const POSTS_MAX: usize = 20;

/// A post and where it holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostIn {
    /// The post.
    pub post: String,
    /// The organisation.
    pub org: OrgPath,
}

/// Gives a staff member exactly these posts.
///
/// # Errors
/// `E1112` for incompatible posts, `E1114` for oneself, `E1010` when the version is not the one
/// seen, `E1002` for posts and organisations that do not exist or are not the caller's to give.
pub async fn assign_posts(
    context: &Identity,
    caller: &Caller<CanManageStaff>,
    envelope: Envelope,
    id: StaffId,
    version: i64,
    posts: Vec<PostIn>,
) -> Result<StaffChanged, AppError> {
    not_oneself(caller.principal(), id)?;
    let row = managed(context, caller.principal(), id).await?;
    let directory = context.directory().await?;
    let bureau = bureau_of("staff", row.staff_id, &row.bureau)?;
    let before = sql::posts_of(context.store(), bureau, &[id.uuid()]).await?;
    check(&directory, caller.principal(), &posts, &before)?;
    check_compatible(
        &directory,
        posts.iter().map(|post| post.post.as_str()),
        caller.request().lang,
    )?;
    let command = AssignPosts {
        bureau,
        staff: id,
        version,
        // Whatever changes posts changes the version: before is exact if the version still fits.
        is_current: row.version == version,
        before: before.into_iter().map(|row| (row.post, row.org)).collect(),
        after: posts
            .into_iter()
            .map(|post| (post.post, post.org.to_string()))
            .collect(),
    };
    let changed = context.kit().run(envelope, command).await;
    context.book().forget_all();
    changed
}

fn check(
    directory: &Snapshot,
    principal: &Principal,
    posts: &[PostIn],
    before: &[staff_post::Model],
) -> Result<(), AppError> {
    let mut faults = Faults::default();
    if posts.len() > POSTS_MAX {
        faults.add("/posts", &codes::E1024);
    }
    for (at, wanted) in posts.iter().enumerate() {
        let is_held = before
            .iter()
            .any(|row| row.post == wanted.post && row.org == wanted.org.as_str());
        if directory.post(&wanted.post).is_none() {
            faults.add(&format!("/posts/{at}/post"), &codes::E1024);
        }
        if !is_held && !is_possible_org(directory, principal, &wanted.org) {
            faults.add(&format!("/posts/{at}/org"), &codes::E1024);
        }
    }
    let is_kept = |row: &staff_post::Model| {
        posts
            .iter()
            .any(|post| post.post == row.post && post.org.as_str() == row.org)
    };
    for taken in before.iter().filter(|row| !is_kept(row)) {
        let org: Option<OrgPath> = taken.org.parse().ok();
        if !org.is_some_and(|org| super::may_manage(principal, &org)) {
            faults.add("/posts", &codes::E1102);
        }
    }
    faults.done()
}

/// Refuses posts that nobody may hold together.
///
/// # Errors
/// `E1112`.
fn check_compatible<'a>(
    directory: &Snapshot,
    posts: impl Iterator<Item = &'a str>,
    lang: Lang,
) -> Result<(), AppError> {
    let posts: Vec<&str> = posts.collect();
    match directory.first_conflict(&posts) {
        Some(pair) => Err(incompatible(directory, pair, lang)),
        None => Ok(()),
    }
}

/// The refusal of two posts that nobody may hold together.
pub(crate) fn incompatible(
    directory: &Snapshot,
    (first, second): (&str, &str),
    lang: Lang,
) -> AppError {
    Refusal::new(&codes::E1112)
        .with("first", directory.post_name(first, lang))
        .with("second", directory.post_name(second, lang))
        .into()
}

struct AssignPosts {
    bureau: DivisionCode,
    staff: StaffId,
    version: i64,
    is_current: bool,
    before: BTreeSet<(String, String)>,
    after: BTreeSet<(String, String)>,
}

impl AssignPosts {
    fn key(&self, (post, org): &(String, String)) -> store::Key {
        key!(self.bureau, self.staff.uuid(), post.as_str(), org.as_str())
    }
}

impl Command for AssignPosts {
    type Out = StaffChanged;
    const NAME: &'static str = "staff.assign_posts";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.staff.to_string()
    }

    fn lane(&self) -> u64 {
        lane_of(self.staff.uuid())
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<staff_row::Model>(key!(self.bureau, self.staff.uuid()));
        for held in self.before.union(&self.after) {
            loads.row::<staff_post::Model>(self.key(held));
        }
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<StaffChanged, AppError> {
        if !self.is_current {
            return Err(AppError::refused(&codes::E1010));
        }
        let mut row = expect(work, self.bureau, self.staff, self.version)?;
        for gone in self.before.difference(&self.after) {
            work.remove::<staff_post::Model>(self.key(gone));
        }
        for (post, org) in self.after.difference(&self.before) {
            work.put(staff_post::Model {
                bureau: self.bureau.to_string(),
                staff_id: self.staff.uuid(),
                post: post.clone(),
                org: org.clone(),
            })?;
        }
        row.version += 1;
        let version = row.version;
        work.put(row)?;
        let posts: Vec<_> = self
            .after
            .iter()
            .map(|(post, org)| json!({"post": post, "org": org}))
            .collect();
        let body = json!({"posts": posts});
        work.emit(
            "staff",
            self.staff.uuid(),
            version,
            "staff.posts_changed",
            body,
        );
        Ok(StaffChanged {
            staff_id: self.staff,
            version,
        })
    }
}

/// The posts to hold.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PostsIn {
    posts: Vec<PostIn>,
}

/// Give a staff member exactly these posts.
#[utoipa::path(put, path = "/staff/{staff_id}/posts", tag = "identity", request_body = PostsIn, params(
    ("staff_id" = StaffId, Path, description = "The staff member"),
    ("Idempotency-Key" = String, Header, description = "Recognises a repetition"),
    ("If-Match" = String, Header, description = "The version that was seen"),
), responses(
    (status = 200, description = "Changed", body = StaffChanged),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn update_staff_posts(
    State(context): State<Identity>,
    Authorised(caller): Authorised<CanManageStaff>,
    Params(id): Params<StaffId>,
    act: Act<PostsIn>,
) -> Reply<Versioned<StaffChanged>> {
    let version = act.version()?;
    let envelope = context.kit().envelope(&caller, &act.repetition);
    let changed = assign_posts(&context, &caller, envelope, id, version, act.body.posts).await?;
    Ok(Versioned(changed.version, changed))
}
