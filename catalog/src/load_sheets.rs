//! Publishing the sheets of a pack: a changed one takes the place of the one before, one that the
//! pack no longer has is closed.

use std::collections::BTreeMap;

use kernel::{AppError, Caller, DivisionCode, caller::CanManageJobs};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Command, Loads, Work, key};

use crate::{Catalog, put_edition::stream_id, store::sheet};

/// Publishes sheets; gives the names of those that changed.
pub(crate) async fn load_sheets(
    catalog: &Catalog,
    caller: &Caller<CanManageJobs>,
    bureau: DivisionCode,
    sheets: &BTreeMap<String, Value>,
) -> Result<Vec<String>, AppError> {
    let before = catalog.sheets();
    let gone = before.0.keys().filter(|name| !sheets.contains_key(*name));
    let wanted = sheets.iter().map(|(name, content)| (name, Some(content)));
    let mut changed = Vec::new();
    for (name, content) in wanted.chain(gone.map(|name| (name, None))) {
        let content = content.map(seal::canonical_json);
        let digest = content.as_ref().map(|text| seal::sm3_hex(text.as_bytes()));
        let known = before.0.get(name).map(|sheet| &sheet.digest);
        if known == digest.as_ref() {
            continue;
        }
        let command = PutSheet {
            bureau,
            name: name.clone(),
            content: content.zip(digest),
        };
        catalog
            .kit
            .run(catalog.kit.envelope_of(caller), command)
            .await?;
        changed.push(name.clone());
    }
    Ok(changed)
}

struct PutSheet {
    bureau: DivisionCode,
    name: String,
    /// The text and its digest; none closes the sheet.
    content: Option<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct SheetPut {
    version: i64,
}

impl Command for PutSheet {
    type Out = SheetPut;
    const NAME: &'static str = "catalog.put_sheet";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        format!("sheet/{}", self.name)
    }

    fn lane(&self) -> u64 {
        stream_id(&self.subject()).as_u64_pair().1
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<sheet::Model>(key!(self.name.as_str()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<SheetPut, AppError> {
        let before = work
            .get::<sheet::Model>(&key!(self.name.as_str()))?
            .cloned();
        let version = before.as_ref().map_or(0, |row| row.version) + 1;
        let (content, digest) = self.content.clone().unwrap_or_default();
        let body = json!({ "name": self.name, "digest": digest });
        let kind = if self.content.is_some() {
            "catalog.sheet_published"
        } else {
            "catalog.sheet_closed"
        };
        work.put(sheet::Model {
            name: self.name.clone(),
            digest,
            content,
            open: self.content.is_some(),
            loaded_us: work.now().as_micros(),
            version,
        })?;
        let stream = stream_id(&self.subject());
        work.emit("catalog", stream, version, kind, body);
        Ok(SheetPut { version })
    }
}
