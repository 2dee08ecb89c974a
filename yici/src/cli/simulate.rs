//! `yici simulate`.

use std::process::ExitCode;

use kernel::Date;
use yici::{settings::Resolved, simulate};

use super::{say, start};

/// Simulates a city on a database of its own.
#[derive(clap::Args)]
pub(crate) struct Simulate {
    /// How many days.
    #[arg(long, default_value_t = 30)]
    days: u32,
    /// The seed: the same seed gives the same digest.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// The first day.
    #[arg(long, default_value = "2026-03-02")]
    from: Date,
    /// Applications on an ordinary working day.
    #[arg(long, default_value_t = 30)]
    per_day: u32,
}

pub(crate) async fn run(settings: &Resolved, command: &Simulate) -> anyhow::Result<ExitCode> {
    start::log();
    let embedded =
        settings.database == format!("sqlite:{}", settings.data.join("yici.db").display());
    let folder = std::env::temp_dir().join(format!("yici-simulate-{}", std::process::id()));
    let database = if embedded {
        format!("sqlite:{}", folder.join("yici.db").display())
    } else {
        settings.database.clone()
    };
    let plan = simulate::Alone {
        database,
        folder: folder.clone(),
        pack: settings.pack.clone(),
        from: command.from,
        days: command.days,
        seed: command.seed,
        per_day: command.per_day,
        habits: simulate::Habits::default(),
    };
    let outcome = Box::pin(simulate::alone(plan)).await;
    drop(std::fs::remove_dir_all(&folder));
    let (report, digest) = outcome?;
    say(format!("{report:?}"));
    say(digest);
    Ok(ExitCode::SUCCESS)
}
