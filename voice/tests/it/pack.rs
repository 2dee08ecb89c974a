//! The labels of the demo city.

use std::{fs, path::Path};

use voice::Labels;

#[test]
fn the_demo_city_has_labels_for_every_level() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/yunchuan/rating-labels.tsv");
    let labels = Labels::read(&fs::read_to_string(path).unwrap());
    assert!(labels.is_ok(), "{}", labels.unwrap_err());
}
