//! `make test`: everything, and one table of what ran.

pub(crate) mod report;

use std::{
    path::Path,
    process::{Command, ExitCode},
};

use anyhow::{Result, bail};

use self::report::{Counts, Outcome, Report};
use crate::{
    api,
    browser::Browser,
    need, place,
    postgres::{Cluster, Durability},
    shell, tidy, web,
};

/// Everything that must be green before a merge.
pub(crate) fn test() -> ExitCode {
    let mut report = Report::start();
    source(&mut report);
    report.step("browser side: unit tests", |log| {
        counted(&web::npm(&["test"]), log)
    });
    report.step("browser side: build", |log| {
        plain(&web::npm(&["run", "build"]), log)?;
        web::mark_built()?;
        Ok(Outcome::once())
    });
    report.step("browser side: size budget", |log| {
        plain(&web::npm(&["run", "budget"]), log)
    });
    clippy(&mut report);
    report.step("dependencies (cargo-deny)", dependencies);
    match report.prepare("PostgreSQL", || Cluster::start(Durability::Relaxed)) {
        Some(cluster) => {
            report.step(RUST, |log| rust(&cluster, log));
            report.step(API, |_| api::compare().map(|()| Outcome::once()));
            report.step(PAGES, |log| pages(&cluster, log));
        }
        None => {
            for name in [RUST, API, PAGES] {
                report.step(name, |_| Ok(Outcome::NotChecked("no PostgreSQL".into())));
            }
        }
    }
    report.finish()
}

/// What takes a minute: for the loop of editing.
pub(crate) fn check() -> ExitCode {
    let mut report = Report::start();
    source(&mut report);
    // The program takes the built pages into itself.
    report.step("browser side: build", |_| {
        web::build().map(|()| Outcome::once())
    });
    clippy(&mut report);
    report.finish()
}

const RUST: &str = "Rust tests, SQLite and PostgreSQL";
const API: &str = "API description and client";
const PAGES: &str = "pages in Chromium";

fn source(report: &mut Report) {
    report.step("format", |log| {
        plain(
            &shell::cargo_command(&["fmt", "--all", "--", "--check"]),
            log,
        )
    });
    report.step("tidy", |_| tidy::step());
    report.step("browser side: types", |log| {
        web::install()?;
        plain(&web::npm(&["run", "typecheck"]), log)
    });
}

fn clippy(report: &mut Report) {
    let args = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "--deny",
        "warnings",
    ];
    report.step("clippy", |log| plain(&shell::cargo_command(&args), log));
}

fn dependencies(log: &Path) -> Result<Outcome> {
    if !shell::exists("cargo-deny") {
        return Ok(Outcome::NotChecked("cargo-deny is not installed".into()));
    }
    plain(&shell::cargo_command(&["deny", "--locked", "check"]), log)
}

fn rust(cluster: &Cluster, log: &Path) -> Result<Outcome> {
    need::nextest()?;
    let mut command = shell::cargo_command(&["nextest", "run", "--workspace", "--locked"]);
    command.env("YICI_TEST_POSTGRES", cluster.url("postgres"));
    // A snapshot that differs is a failure, never a new file.
    command
        .env("INSTA_UPDATE", "no")
        .env("INSTA_FORCE_PASS", "0");
    let (well, said) = shell::logged(&command, log)?;
    let on = |kind: &str| {
        let passed = said
            .lines()
            .filter(|line| line.trim_start().starts_with("PASS"));
        passed
            .filter(|line| line.trim_end().ends_with(kind))
            .count()
    };
    let note = format!(
        "{} on SQLite, {} on PostgreSQL",
        on("::sqlite"),
        on("::postgres")
    );
    Ok(Outcome::of(well, Counts::read(&said), note))
}

fn pages(cluster: &Cluster, log: &Path) -> Result<Outcome> {
    plain(
        &shell::cargo_command(&["build", "--locked", "--package", "yici"]),
        log,
    )?;
    let browser = Browser::prepare()?;
    let mut command = web::npm(&["run", "e2e"]);
    command.env("YICI_BINARY", place::binary("debug", "yici"));
    command.env("YICI_CHROMIUM", &browser.program);
    command.env("TMPDIR", &browser.temporary);
    command.env("YICI_TEST_POSTGRES", cluster.url("postgres"));
    counted(&command, log)
}

/// A program that either ends well or not.
fn plain(command: &Command, log: &Path) -> Result<Outcome> {
    let (well, _) = shell::logged(command, log)?;
    if !well {
        bail!("failed");
    }
    Ok(Outcome::once())
}

/// A program that says how many tests passed and failed.
fn counted(command: &Command, log: &Path) -> Result<Outcome> {
    let (well, said) = shell::logged(command, log)?;
    Ok(Outcome::of(well, Counts::read(&said), String::new()))
}
