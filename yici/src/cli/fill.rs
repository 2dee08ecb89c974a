//! `yici fill`.

use std::process::ExitCode;

use anyhow::bail;
use store::Purpose;
use yici::{fill, settings::Resolved};

use super::{
    say,
    start::{self, How},
};

/// Copies the cases of a demo city, which must not be served meanwhile.
#[derive(clap::Args)]
pub(crate) struct Fill {
    /// How many copies.
    #[arg(long)]
    cases: u64,
    /// The seed of all choices.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// One copy in so many has its whole log.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..))]
    whole_each: u64,
}

pub(crate) async fn run(settings: &Resolved, command: &Fill) -> anyhow::Result<ExitCode> {
    start::log();
    let how = How {
        durable: false,
        ..How::default()
    };
    let opened = start::open(settings, how).await?;
    if opened.is.purpose != Purpose::Demo {
        bail!("only the database of a demo is filled: these cases are nobody's");
    }
    let plan = fill::Plan {
        cases: command.cases,
        seed: command.seed,
        whole_each: command.whole_each,
    };
    fill::fill(&opened.app, &opened.pack, plan).await?;
    opened.leave().await?;
    say(format!("{} cases were added.", command.cases));
    Ok(ExitCode::SUCCESS)
}
