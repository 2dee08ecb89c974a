//! The command line.

mod accounts;
mod audit;
mod calendar;
mod doctor;
mod fill;
mod id;
mod migrate;
mod openapi;
mod pack;
mod renumber;
mod sample_roster;
mod serve;
mod simulate;
mod start;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use yici::settings::Settings;

/// Yici (一次): the public services of a municipal human-resources and social-security bureau.
#[derive(Parser)]
#[command(name = "yici", version, about)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answers requests, and works on jobs unless told not to.
    Serve(serve::Serve),
    /// Works on jobs only.
    Work,
    /// Brings the schema of the database up to date.
    Migrate,
    /// Checks or loads a bureau's pack.
    #[command(subcommand)]
    Pack(pack::Pack),
    /// Prints the API document (OpenAPI 3.1).
    Openapi,
    /// Simulates a city on a database of its own and prints a digest.
    Simulate(simulate::Simulate),
    /// Makes a demo's database large, for measurements.
    #[command(hide = true)]
    Fill(fill::Fill),
    /// Verifies the audit log.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Counts legal periods.
    #[command(subcommand)]
    Calendar(calendar::CalendarCommand),
    /// Checks numbers.
    #[command(subcommand)]
    Id(id::Id),
    /// Says what is wrong with the installation and how to mend it.
    Doctor,
    /// Gives events new numbers after a restore into another PostgreSQL cluster.
    Renumber,
    /// Writes a spreadsheet of fictional people to try rosters with; for demo databases.
    SampleRoster(sample_roster::SampleRoster),
    /// Makes accounts.
    #[command(subcommand)]
    Accounts(accounts::Accounts),
}

/// Runs what the command line asks for.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    let settings = cli.settings;
    // Some commands need neither settings nor a runtime.
    match cli.command {
        Command::Calendar(command) => return calendar::run(&settings.resolve()?, &command),
        Command::Id(command) => return Ok(id::run(&command)),
        _ => {}
    }
    let settings = settings.resolve()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve(command) => Box::pin(serve::run(&settings, command)).await,
            Command::Work => serve::work(&settings).await,
            Command::Migrate => migrate::run(&settings).await,
            Command::Pack(command) => pack::run(&settings, &command).await,
            Command::Openapi => openapi::run(&settings).await,
            Command::Simulate(command) => simulate::run(&settings, &command).await,
            Command::Fill(command) => fill::run(&settings, &command).await,
            Command::Audit(command) => audit::run(&settings, &command).await,
            Command::Doctor => doctor::run(&settings).await,
            Command::SampleRoster(command) => sample_roster::run(&settings, &command).await,
            Command::Renumber => renumber::run(&settings).await,
            Command::Accounts(command) => accounts::run(&settings, &command).await,
            Command::Calendar(_) | Command::Id(_) => Ok(ExitCode::SUCCESS),
        }
    })
}

/// Prints a line for whoever called the program.
#[expect(
    clippy::print_stdout,
    reason = "the one place that writes to standard output"
)]
pub(crate) fn say(line: impl std::fmt::Display) {
    println!("{line}");
}

/// Prints an error for whoever called the program, with its causes.
#[expect(
    clippy::print_stderr,
    reason = "the one place that writes to standard error"
)]
pub(crate) fn complain(error: &anyhow::Error) {
    eprintln!("yici: {error:#}");
}
