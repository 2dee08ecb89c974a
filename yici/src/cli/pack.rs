//! `yici pack check` and `yici pack load`.

use std::{path::PathBuf, process::ExitCode};

use catalog::pack::{Files, Pack as Checked};
use yici::{city, settings::Resolved};

use super::{
    say,
    start::{self, How},
};

/// What to do with a pack.
#[derive(clap::Subcommand)]
pub(crate) enum Pack {
    /// Tells every fault of a pack; exit code 1 when there is one.
    Check {
        /// Folder of the pack; the configured one if none.
        folder: Option<PathBuf>,
        /// Lists what general items do not say yet.
        #[arg(long)]
        gaps: bool,
    },
    /// Loads the configured pack into the database.
    Load,
}

pub(crate) async fn run(settings: &Resolved, command: &Pack) -> anyhow::Result<ExitCode> {
    match command {
        Pack::Check { folder, gaps } => {
            let folder = folder.clone().unwrap_or_else(|| settings.pack.clone());
            let checked = Files::read(&folder).and_then(|files| Checked::check(&files));
            match checked {
                Ok(pack) => {
                    if *gaps {
                        pack.gaps.iter().for_each(say);
                    }
                    say(format!(
                        "{}: {} items, 0 faults, {} gaps",
                        folder.display(),
                        pack.items.len(),
                        pack.gaps.len()
                    ));
                    Ok(ExitCode::SUCCESS)
                }
                Err(faults) => {
                    for fault in &faults {
                        say(fault);
                    }
                    say(format!("{}: {} faults", folder.display(), faults.len()));
                    Ok(ExitCode::FAILURE)
                }
            }
        }
        Pack::Load => {
            start::log();
            let opened = start::open(settings, How::default()).await?;
            city::load(&opened.app, &opened.pack).await?;
            opened.leave().await?;
            say(format!("{} is loaded.", settings.pack.display()));
            Ok(ExitCode::SUCCESS)
        }
    }
}
