//! Publishing the items of a pack. An unchanged item changes nothing; a changed one becomes a new
//! edition from a date on; one that the pack no longer lists is closed.

use std::sync::Arc;

use kernel::{
    AppError, Caller, Date, DivisionCode, Timestamp, caller::CanManageJobs, error::Broken,
    item::ItemCode,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Command, Loads, Work, key};
use uuid::Uuid;

use crate::{
    Catalog,
    load_calendar::{CalendarLoaded, load_calendar},
    pack::{Item, Pack},
    store::{edition, item},
};

/// What loading a pack changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackLoaded {
    /// Items with the number of their new edition.
    pub published: Vec<(ItemCode, i32)>,
    /// Items that are no longer offered.
    pub closed: Vec<ItemCode>,
    /// The calendar.
    pub calendar: CalendarLoaded,
}

/// The content of an edition as it is stored.
#[derive(Debug)]
struct Content {
    facts: String,
    form: String,
    rules: Arc<str>,
    flow: Arc<str>,
    digest: String,
}

/// Publishes the items and the calendar of a pack; new editions are in force from `effective` on.
///
/// # Errors
/// `E1010` when somebody else loads at the same time.
pub async fn load_pack(
    catalog: &Catalog,
    caller: &Caller<CanManageJobs>,
    pack: &Pack,
    effective: Date,
) -> Result<PackLoaded, AppError> {
    catalog.refresh().await?;
    let calendar = load_calendar(catalog, caller, pack.city.code, &pack.holidays).await?;
    let shelf = catalog.shelf();
    let mut published = Vec::new();
    for one in &pack.items {
        let code = one.facts.code.clone();
        let content = content(one)?;
        let before = shelf.0.get(&code).filter(|before| before.open);
        let before = before.and_then(|before| before.newest());
        if before.is_some_and(|before| before.edition.digest == content.digest) {
            continue;
        }
        let command = PublishItem {
            bureau: pack.city.code,
            code: code.clone(),
            content,
            effective,
        };
        let out = catalog
            .kit
            .run(catalog.kit.envelope_of(caller), command)
            .await?;
        published.push((code, out.edition));
    }
    let mut closed = Vec::new();
    let gone = |code: &&ItemCode| pack.items.iter().all(|one| one.facts.code != **code);
    let open = shelf.0.iter().filter(|(_, item)| item.open);
    for code in open.map(|(code, _)| code).filter(gone) {
        let command = CloseItem {
            bureau: pack.city.code,
            code: code.clone(),
        };
        catalog
            .kit
            .run(catalog.kit.envelope_of(caller), command)
            .await?;
        closed.push(code.clone());
    }
    catalog.refresh().await?;
    Ok(PackLoaded {
        published,
        closed,
        calendar,
    })
}

fn content(one: &Item) -> Result<Content, AppError> {
    let facts = serde_json::to_value(&one.facts)
        .map_err(|fault| Broken::caused("facts of an item", fault))?;
    let whole = json!({"facts": facts, "form": one.form, "rules": &*one.rules, "flow": &*one.flow});
    Ok(Content {
        facts: facts.to_string(),
        form: one.form.to_string(),
        rules: Arc::clone(&one.rules),
        flow: Arc::clone(&one.flow),
        digest: seal::sm3_hex(seal::canonical_json(&whole).as_bytes()),
    })
}

/// The id of an item's stream of events: a digest of its code.
fn stream_of(code: &ItemCode) -> Uuid {
    stream_id(&format!("catalog:{code}"))
}

/// An id that depends on a name alone.
pub(crate) fn stream_id(name: &str) -> Uuid {
    let digest = seal::sm3(name.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(digest.split_at(16).0);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

struct PublishItem {
    bureau: DivisionCode,
    code: ItemCode,
    content: Content,
    effective: Date,
}

#[derive(Serialize, Deserialize)]
struct ItemPublished {
    edition: i32,
}

impl PublishItem {
    fn row(&self, edition: i32, now: Timestamp) -> edition::Model {
        edition::Model {
            code: self.code.to_string(),
            edition,
            digest: self.content.digest.clone(),
            effective: self.effective.to_string(),
            facts: self.content.facts.clone(),
            form: self.content.form.clone(),
            rules: self.content.rules.to_string(),
            flow: self.content.flow.to_string(),
            published_us: now.as_micros(),
        }
    }
}

impl Command for PublishItem {
    type Out = ItemPublished;
    const NAME: &'static str = "catalog.publish_item";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.code.to_string()
    }

    fn lane(&self) -> u64 {
        stream_of(&self.code).as_u64_pair().1
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<item::Model>(key!(self.code.as_str()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<ItemPublished, AppError> {
        let before = work.get::<item::Model>(&key!(self.code.as_str()))?.cloned();
        let (edition, version) = before
            .as_ref()
            .map_or((0, 0), |row| (row.edition, row.version));
        let same = before.is_some_and(|row| row.digest == self.content.digest);
        // An item that comes back as it was is open again under its edition.
        let edition = if same { edition } else { edition + 1 };
        let version = version + 1;
        if !same {
            let row = self.row(edition, work.now());
            work.append(row);
        }
        work.put(item::Model {
            code: self.code.to_string(),
            edition,
            digest: self.content.digest.clone(),
            open: true,
            version,
        })?;
        let body = json!({
            "code": self.code,
            "edition": edition,
            "digest": self.content.digest,
            "effective": self.effective,
        });
        let kind = if same {
            "catalog.item_opened"
        } else {
            "catalog.edition_published"
        };
        work.emit("catalog", stream_of(&self.code), version, kind, body);
        Ok(ItemPublished { edition })
    }
}

struct CloseItem {
    bureau: DivisionCode,
    code: ItemCode,
}

#[derive(Serialize, Deserialize)]
struct ItemClosed {
    version: i64,
}

impl Command for CloseItem {
    type Out = ItemClosed;
    const NAME: &'static str = "catalog.close_item";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.code.to_string()
    }

    fn lane(&self) -> u64 {
        stream_of(&self.code).as_u64_pair().1
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<item::Model>(key!(self.code.as_str()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<ItemClosed, AppError> {
        let mut row = work
            .require::<item::Model>(&key!(self.code.as_str()))?
            .clone();
        if !row.open {
            return Ok(ItemClosed {
                version: row.version,
            });
        }
        row.open = false;
        row.version += 1;
        let version = row.version;
        work.put(row)?;
        let body = json!({ "code": self.code });
        work.emit(
            "catalog",
            stream_of(&self.code),
            version,
            "catalog.item_closed",
            body,
        );
        Ok(ItemClosed { version })
    }
}
