//! `yici sample-roster`: a spreadsheet to try rosters with.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context as _, bail};
use yici::{
    city::told,
    sample_roster::{of_item, sample},
    settings::Resolved,
};

use super::{
    say,
    start::{self, How},
};

/// Writes a spreadsheet of fictional people to enrol, and makes them known to the registers of a demo
/// city.
#[derive(clap::Args)]
pub(crate) struct SampleRoster {
    /// The file to write.
    file: PathBuf,
    /// How many people.
    #[arg(long, default_value_t = 100)]
    rows: u32,
    /// How many of them have something wrong.
    #[arg(long, default_value_t = 14)]
    faults: u32,
    /// Another number makes other people.
    #[arg(long, default_value_t = 1)]
    seed: u8,
}

/// The item that enrols people.
const ITEM: &str = "SB-003";

pub(crate) async fn run(settings: &Resolved, command: &SampleRoster) -> anyhow::Result<ExitCode> {
    start::log();
    let opened = start::open(settings, How::default()).await?;
    if !opened.app.kit.demo {
        bail!("the registers of a bureau take no fictional people: use a demo database");
    }
    let (form, facts) = of_item(&opened.pack, ITEM).context("the pack has no such roster")?;
    let now = opened.app.kit.clock.now();
    let made = sample(command.rows, command.faults, now.day(), [command.seed; 32]);
    let workbook = made.workbook(&form, &facts)?;
    let registers = &opened.app.registers;
    let seed = (opened.app.kit.seeds)();
    registers
        .load(made.people, Vec::new(), now, seed)
        .await
        .map_err(told)?;
    std::fs::write(&command.file, workbook)
        .with_context(|| format!("cannot write {}", command.file.display()))?;
    opened.leave().await?;
    for fault in &made.faults {
        say(format!("row {}: {} {}", fault.row, fault.field, fault.code));
    }
    say(format!(
        "{}: {} people, {} of them wrong",
        command.file.display(),
        command.rows,
        made.faults.len()
    ));
    Ok(ExitCode::SUCCESS)
}
