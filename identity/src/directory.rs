//! Organisations and posts, kept in memory: they are few, and every page names them.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use kernel::{AppError, Lang, Timestamp, item::Words};
use store::{Store, StoreError};

use crate::store as sql;

/// Seconds after which the snapshot is read again: another node may have loaded a new pack.
const FRESH_SECONDS: i64 = 2;

/// A post and what it carries.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    pub id: String,
    pub name: Words,
    pub permissions: Vec<String>,
    pub incompatible: Vec<String>,
}

/// All organisations and posts at one moment.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    /// Names by path, in the order of paths.
    pub organisations: BTreeMap<String, Words>,
    /// Posts in the order of the pack.
    pub posts: Vec<Post>,
}

impl Snapshot {
    pub(crate) fn post(&self, id: &str) -> Option<&Post> {
        self.posts.iter().find(|post| post.id == id)
    }

    pub(crate) fn post_name(&self, id: &str, lang: Lang) -> String {
        self.post(id)
            .map_or_else(|| id.to_owned(), |post| say(&post.name, lang))
    }

    pub(crate) fn org_name(&self, path: &str, lang: Lang) -> String {
        self.organisations
            .get(path)
            .map_or_else(|| path.to_owned(), |name| say(name, lang))
    }

    /// Whether nobody may hold both posts.
    pub(crate) fn are_incompatible(&self, one: &str, other: &str) -> bool {
        let names = |post: &str, wanted: &str| {
            self.post(post)
                .is_some_and(|post| post.incompatible.iter().any(|id| id == wanted))
        };
        names(one, other) || names(other, one)
    }

    /// The first pair of posts among these that nobody may hold together.
    pub(crate) fn first_conflict<'a>(&self, posts: &[&'a str]) -> Option<(&'a str, &'a str)> {
        posts.iter().enumerate().find_map(|(at, one)| {
            posts
                .iter()
                .skip(at + 1)
                .find(|other| self.are_incompatible(one, other))
                .map(|other| (*one, *other))
        })
    }
}

/// Words in the reader's language, Chinese where the other is not written yet.
pub(crate) fn say(words: &Words, lang: Lang) -> String {
    match lang {
        Lang::En if !words.en.is_empty() => words.en.clone(),
        _ => words.zh.clone(),
    }
}

/// The snapshot, read again when it is old.
pub(crate) struct Directory {
    store: Store,
    kept: Mutex<Option<(Timestamp, Arc<Snapshot>)>>,
}

impl Directory {
    pub(crate) fn new(store: Store) -> Self {
        Self {
            store,
            kept: Mutex::new(None),
        }
    }

    pub(crate) async fn snapshot(&self, now: Timestamp) -> Result<Arc<Snapshot>, AppError> {
        if let Some((at, snapshot)) = self.kept().as_ref()
            && (0..FRESH_SECONDS).contains(&now.seconds_since(*at))
        {
            return Ok(Arc::clone(snapshot));
        }
        let snapshot = Arc::new(read(&self.store).await?);
        *self.kept() = Some((now, Arc::clone(&snapshot)));
        Ok(snapshot)
    }

    /// Forgets the snapshot after a change.
    pub(crate) fn forget(&self) {
        *self.kept() = None;
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Option<(Timestamp, Arc<Snapshot>)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn read(store: &Store) -> Result<Snapshot, StoreError> {
    let mut carried: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in sql::permissions(store).await? {
        carried.entry(row.post).or_default().push(row.permission);
    }
    let mut posts = Vec::new();
    for row in sql::posts(store).await? {
        let incompatible = serde_json::from_str(&row.incompatible)
            .map_err(|fault| sql::bad_row("post", &row.post, &fault))?;
        posts.push(Post {
            permissions: carried.remove(&row.post).unwrap_or_default(),
            id: row.post,
            name: words(row.name_zh, row.name_en),
            incompatible,
        });
    }
    let organisations = sql::organisations(store)
        .await?
        .into_iter()
        .map(|row| (row.path, words(row.name_zh, row.name_en)))
        .collect();
    Ok(Snapshot {
        organisations,
        posts,
    })
}

fn words(zh: String, en: String) -> Words {
    Words { zh, en }
}
