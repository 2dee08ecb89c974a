//! Organisations and posts become what the pack says.

use kernel::{AppError, DivisionCode};
use serde::{Deserialize, Serialize};
use store::{Command, Loads, Work, key};

use super::{Pack, PackOrganisation, PackPost, loader};
use crate::{
    Identity,
    store::{self as sql, organisation, post, post_permission},
};

/// Writes the reference tables.
pub(super) async fn load(context: &Identity, pack: &Pack) -> Result<(), AppError> {
    let wanted = |row: &post_permission::Model| {
        pack.posts
            .iter()
            .any(|post| post.id == row.post && post.permissions.contains(&row.permission))
    };
    let held = sql::permissions(context.store()).await?;
    let command = LoadReference {
        bureau: context.city(),
        organisations: pack.organisations.clone(),
        posts: pack.posts.clone(),
        taken: held.into_iter().filter(|row| !wanted(row)).collect(),
    };
    let envelope = context.envelope_as(loader(), context.now());
    context.kit().run(envelope, command).await?;
    context.book().directory.forget();
    Ok(())
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Written {}

struct LoadReference {
    bureau: DivisionCode,
    organisations: Vec<PackOrganisation>,
    posts: Vec<PackPost>,
    /// Permissions that a post carries no more.
    taken: Vec<post_permission::Model>,
}

impl LoadReference {
    fn permissions(&self) -> impl Iterator<Item = post_permission::Model> {
        self.posts.iter().flat_map(|post| {
            post.permissions
                .iter()
                .map(|permission| post_permission::Model {
                    post: post.id.clone(),
                    permission: permission.clone(),
                })
        })
    }
}

fn key_of(row: &post_permission::Model) -> store::Key {
    key!(row.post.as_str(), row.permission.as_str())
}

impl Command for LoadReference {
    type Out = Written;
    const NAME: &'static str = "staff.load_posts";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        "posts".to_owned()
    }

    fn lane(&self) -> u64 {
        0
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        for organisation in &self.organisations {
            loads.row::<organisation::Model>(key!(organisation.path.as_str()));
        }
        for post in &self.posts {
            loads.row::<post::Model>(key!(post.id.as_str()));
        }
        for row in self.permissions().chain(self.taken.iter().cloned()) {
            loads.row::<post_permission::Model>(key_of(&row));
        }
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Written, AppError> {
        for one in &self.organisations {
            work.put(organisation::Model {
                path: one.path.to_string(),
                name_zh: one.name.zh.clone(),
                name_en: one.name.en.clone(),
            })?;
        }
        for (place, one) in (1..).zip(&self.posts) {
            work.put(post::Model {
                post: one.id.clone(),
                place,
                name_zh: one.name.zh.clone(),
                name_en: one.name.en.clone(),
                incompatible: serde_json::json!(one.incompatible).to_string(),
            })?;
        }
        for row in self.permissions() {
            work.put(row)?;
        }
        for row in &self.taken {
            work.remove::<post_permission::Model>(key_of(row));
        }
        Ok(Written {})
    }
}
