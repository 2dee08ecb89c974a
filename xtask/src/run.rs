//! `make run`: from a checkout to the demo city in the browser.

use std::{os::unix::process::CommandExt as _, process::Command};

use anyhow::{Context as _, Result};

use crate::{place, shell, web};

/// Builds what changed, then becomes `yici serve`.
pub(crate) fn run(database: Option<&str>) -> Result<()> {
    web::build()?;
    println!("building the program: some minutes the first time");
    shell::cargo(&[
        "build",
        "--quiet",
        "--release",
        "--locked",
        "--package",
        "yici",
    ])?;
    let mut serve = Command::new(place::binary("release", "yici"));
    serve.current_dir(place::root());
    serve.args([
        "serve",
        "--demo",
        "--pack",
        "packs/yunchuan",
        "--data",
        "var",
    ]);
    if let Some(url) = database {
        serve.args(["--database", url]);
    }
    Err(serve.exec()).context("yici did not start")
}
