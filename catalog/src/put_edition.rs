//! One write to an item: a new edition, and where editions stand from now on.

use std::collections::BTreeMap;

use kernel::{AppError, Caller, Date, DivisionCode, Principal, codes, item::ItemCode};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Command, Loads, Work, key};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    load_pack::Content,
    shelf::Shelved,
    standing::Standing,
    store::{act, edition, item, standing},
};

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

/// What is done with one edition.
pub(crate) struct Move {
    /// The edition.
    pub edition: i32,
    /// Where it stands afterwards.
    pub standing: Standing,
    /// The name of the act.
    pub act: &'static str,
    /// The name of who does it; empty for the program.
    pub by_name: String,
    /// The day the act names.
    pub day: Option<Date>,
}

impl Move {
    /// What the program does by itself.
    pub(crate) const fn by_program(
        edition: i32,
        standing: Standing,
        act: &'static str,
        day: Option<Date>,
    ) -> Self {
        Self {
            edition,
            standing,
            act,
            by_name: String::new(),
            day,
        }
    }

    /// The kind of its event.
    fn kind(&self) -> &'static str {
        match self.act {
            "draft" => "catalog.edition_drafted",
            "review" => "catalog.edition_reviewed",
            "suspend" => "catalog.edition_suspended",
            "resume" => "catalog.edition_resumed",
            "retire" => "catalog.edition_retired",
            _ => "catalog.edition_published",
        }
    }

    /// The reason it gives.
    fn reason(&self) -> &str {
        match self.act {
            "suspend" | "retire" => &self.standing.reason,
            _ => "",
        }
    }
}

/// The name under which a caller stands in the history of an item.
pub(crate) fn name_of<P>(caller: &Caller<P>) -> String {
    match caller.principal() {
        Principal::Staff(staff) => staff.name.to_string(),
        Principal::Stranger | Principal::Citizen(_) | Principal::System(_) => String::new(),
    }
}

/// The write; refused when the item changed since it was looked at.
pub(crate) struct PutEdition {
    bureau: DivisionCode,
    code: ItemCode,
    /// Version, newest edition and its digest as they were seen.
    seen: (i64, i32, String),
    /// The digests of all editions.
    digests: BTreeMap<i32, String>,
    /// A new edition.
    pub content: Option<(i32, Content)>,
    /// What becomes of editions.
    pub moves: Vec<Move>,
}

/// Where an item stands after an act.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct EditionMoved {
    /// Version of the item.
    pub version: i64,
}

impl PutEdition {
    /// Nothing yet, for an item as it was seen.
    pub(crate) fn of(bureau: DivisionCode, code: ItemCode, seen: Option<&Shelved>) -> Self {
        let newest = seen.and_then(Shelved::newest);
        let newest = newest.map(|one| (one.edition.edition, one.edition.digest.clone()));
        let (edition, digest) = newest.unwrap_or_default();
        Self {
            bureau,
            code,
            seen: (seen.map_or(0, |item| item.version), edition, digest),
            digests: seen.map(Shelved::digests).unwrap_or_default(),
            content: None,
            moves: Vec::new(),
        }
    }

    fn digest_of(&self, edition: i32) -> Option<&String> {
        let new = self
            .content
            .as_ref()
            .filter(|(number, _)| *number == edition);
        new.map(|(_, content)| &content.digest)
            .or_else(|| self.digests.get(&edition))
    }

    fn write_content(&self, work: &mut Work<'_>, number: i32, content: &Content) {
        work.append(edition::Model {
            code: self.code.to_string(),
            edition: number,
            digest: content.digest.clone(),
            facts: content.facts.clone(),
            form: content.form.clone(),
            rules: content.rules.to_string(),
            flow: content.flow.to_string(),
            calculators: content.calculators.clone(),
        });
    }

    fn write_move(&self, work: &mut Work<'_>, moved: &Move, seq: i64) -> Result<(), AppError> {
        let (day, reason) = (moved.day.map(|day| day.to_string()), moved.reason());
        work.put(standing::Model::of(
            &self.code,
            moved.edition,
            &moved.standing,
        ))?;
        let at = &moved.standing;
        let body = json!({
            "code": self.code, "edition": moved.edition, "digest": self.digest_of(moved.edition),
            "effective": at.effective, "day": day, "reason": reason, "state": at.state, "until": at.until,
        });
        work.emit("catalog", stream_of(&self.code), seq, moved.kind(), body);
        let at_us = work.now().as_micros();
        work.append(act::Model {
            code: self.code.to_string(),
            edition: moved.edition,
            seq,
            act: moved.act.to_owned(),
            by_name: moved.by_name.clone(),
            day,
            reason: reason.to_owned(),
            at_us,
        });
        Ok(())
    }
}

impl Command for PutEdition {
    type Out = EditionMoved;
    const NAME: &'static str = "catalog.put_edition";

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
        for moved in &self.moves {
            loads.row::<standing::Model>(key!(self.code.as_str(), moved.edition));
        }
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<EditionMoved, AppError> {
        let before = work.get::<item::Model>(&key!(self.code.as_str()))?;
        let (mut version, mut newest, mut digest) = self.seen.clone();
        if before.map_or(0, |row| row.version) != version {
            return Err(AppError::refused(&codes::E1010));
        }
        if let Some((number, content)) = &self.content {
            self.write_content(work, *number, content);
            (newest, digest) = (*number, content.digest.clone());
        }
        for moved in &self.moves {
            version += 1;
            self.write_move(work, moved, version)?;
        }
        work.put(item::Model {
            code: self.code.to_string(),
            edition: newest,
            digest,
            version,
        })?;
        Ok(EditionMoved { version })
    }
}
