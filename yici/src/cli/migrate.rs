//! `yici migrate`.

use std::process::ExitCode;

use store::{Options, Store, migrate};
use yici::settings::Resolved;

use super::say;

pub(crate) async fn run(settings: &Resolved) -> anyhow::Result<ExitCode> {
    std::fs::create_dir_all(&settings.data)?;
    let store = Store::open(&Options::new(settings.database.clone())).await?;
    let migrated = migrate(&store).await?;
    if migrated.applied.is_empty() {
        say("The schema is up to date.");
    }
    for step in migrated.applied {
        say(format!("applied {step}"));
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}
