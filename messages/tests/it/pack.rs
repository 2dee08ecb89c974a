//! The texts of the demo city.

use std::{collections::BTreeMap, fs, path::Path};

use kernel::item::Words;
use messages::{Template, Texts};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    template: Vec<Entry>,
}

/// A template of the pack; without `sms` none is sent.
#[derive(Deserialize)]
struct Entry {
    id: String,
    title: Words,
    body: Words,
    #[serde(default)]
    sms: Words,
}

impl From<Entry> for Template {
    fn from(entry: Entry) -> Self {
        let Entry {
            id,
            title,
            body,
            sms,
        } = entry;
        Self {
            id,
            title,
            body,
            sms,
        }
    }
}

#[test]
fn the_demo_city_has_a_text_for_everything_citizens_hear_about() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/yunchuan/templates/messages.toml");
    let file: File = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let texts = Texts::new(
        file.template.into_iter().map(Into::into).collect(),
        BTreeMap::new(),
    );
    assert!(texts.is_ok(), "{}", texts.unwrap_err());
}
