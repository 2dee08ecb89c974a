//! The API description and the browser's client: generated, committed, compared.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context as _, Result, bail};

use crate::{place, shell, web};

fn committed() -> PathBuf {
    place::root().join("openapi.json")
}

/// What the handlers say now.
fn described() -> Result<String> {
    // The program takes the built pages into itself.
    web::build()?;
    shell::cargo(&["build", "--quiet", "--locked", "--package", "yici"])?;
    let mut yici = Command::new(place::binary("debug", "yici"));
    yici.arg("openapi").current_dir(place::root());
    shell::output(yici)
}

/// Writes both again.
pub(crate) fn write() -> Result<()> {
    fs::write(committed(), described()?)?;
    shell::run(web::npm(&["run", "api"]))
}

/// Fails when the committed description differs from the handlers, or the client from it.
pub(crate) fn compare() -> Result<()> {
    let found = fs::read_to_string(committed()).context("openapi.json")?;
    let wanted = described()?;
    if found != wanted {
        let line = found
            .lines()
            .zip(wanted.lines())
            .position(|(old, new)| old != new);
        let line = line.unwrap_or_else(|| found.lines().count().min(wanted.lines().count())) + 1;
        bail!("openapi.json differs from the handlers from line {line} on: run `cargo xtask api`");
    }
    shell::output(web::npm(&["run", "api:check"])).map(drop)
}
