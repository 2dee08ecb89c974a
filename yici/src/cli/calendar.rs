//! `yici calendar add` and `yici calendar table`.

use std::{io::Write as _, process::ExitCode};

use anyhow::{Context as _, anyhow, bail};
use calendar::{Calendar, deadline, parse_period, table};
use kernel::Date;
use yici::settings::Resolved;

use super::say;

/// Counting with the holiday notices of the pack.
#[derive(clap::Subcommand)]
pub(crate) enum CalendarCommand {
    /// The last day of a period: `add 2024-02-08 5wd`, `60cd`, `3mon`.
    Add {
        /// The day that is not counted.
        start: Date,
        /// The period.
        period: String,
    },
    /// Every day of these years, working or off.
    Table {
        /// The first year.
        first: i16,
        /// The last year.
        last: i16,
    },
}

pub(crate) fn run(settings: &Resolved, command: &CalendarCommand) -> anyhow::Result<ExitCode> {
    let file = settings.pack.join("holidays.tsv");
    let text = std::fs::read_to_string(&file)
        .with_context(|| format!("cannot read {}: name the pack with --pack", file.display()))?;
    let calendar =
        Calendar::read(1, &text).map_err(|faults| anyhow!("{}: {faults}", file.display()))?;
    match command {
        CalendarCommand::Add { start, period } => {
            say(deadline(*start, parse_period(period)?, &calendar));
        }
        CalendarCommand::Table { first, last } if last < first => {
            bail!("the last year is before the first: try `calendar table {last} {first}`")
        }
        CalendarCommand::Table { first, last } => {
            let mut out = std::io::stdout().lock();
            for line in table(&calendar, *first, *last) {
                writeln!(out, "{line}")?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
