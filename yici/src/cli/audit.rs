//! `yici audit verify`.

use std::process::ExitCode;

use anyhow::bail;
use kernel::Clock as _;
use store::{
    Options, Store,
    system::{SystemClock, SystemEntropy},
};
use yici::{anchors, keys::Keys, settings::Resolved};

use super::say;

/// What to do with the audit log.
#[derive(clap::Subcommand)]
pub(crate) enum Audit {
    /// Finds changes, gaps, reordering and truncation up to the last anchor; exit code 1 when there
    /// are any.
    Verify,
}

pub(crate) async fn run(settings: &Resolved, command: &Audit) -> anyhow::Result<ExitCode> {
    let Audit::Verify = command;
    if !settings.data.join("keys").exists() {
        bail!(
            "{} is no data folder of a program that has run",
            settings.data.display()
        );
    }
    let keys = Keys::open(&settings.data, &mut SystemEntropy)?;
    let store = Store::open(&Options::new(settings.database.clone())).await?;
    let Some(is) = store.installation().await? else {
        bail!("this database has never been started: there is no log to verify");
    };
    let folder = anchors::folder_of(&settings.data, is.id);
    let keys = keys.verifying(&settings.data)?;
    let verified = anchors::verify(&store, &keys, &folder, SystemClock.now()).await?;
    for finding in &verified.findings {
        say(finding);
    }
    say(format!(
        "{} entries in {} chains, {} anchors, {} findings",
        verified.entries,
        verified.chains,
        verified.anchors,
        verified.findings.len()
    ));
    let clean = verified.findings.is_empty();
    Ok(if clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
