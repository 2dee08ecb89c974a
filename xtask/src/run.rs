//! `make run`: from a checkout to the demo city in the browser.

use std::{env, net::TcpListener, os::unix::process::CommandExt as _, process::Command};

use anyhow::{Context as _, Result, bail};

use crate::{place, shell, web};

/// Builds what changed, then becomes `yici serve`.
pub(crate) fn run(database: Option<&str>) -> Result<()> {
    let listen = env::var("YICI_LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    // Better now than after the build.
    if let Err(fault) = TcpListener::bind(&listen) {
        bail!(
            "{listen} cannot be used ({fault}): stop what uses it, or YICI_LISTEN=127.0.0.1:8081 make run"
        );
    }
    web::build()?;
    println!("building the program: some minutes the first time");
    shell::cargo(&["build", "--release", "--locked", "--package", "yici"])?;
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
