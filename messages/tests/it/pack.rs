//! The texts of the demo city.

use std::{collections::BTreeMap, fs, path::Path};

use messages::{Template, Texts};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    template: Vec<Template>,
}

#[test]
fn the_demo_city_has_a_text_for_everything_citizens_hear_about() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/yunchuan/templates/messages.toml");
    let file: File = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let texts = Texts::new(file.template, BTreeMap::new());
    assert!(texts.is_ok(), "{}", texts.unwrap_err());
}
