//! `yici openapi`.

use std::process::ExitCode;

use yici::{App, settings::Resolved};

use super::say;

pub(crate) async fn run(settings: &Resolved) -> anyhow::Result<ExitCode> {
    let folder = std::env::temp_dir().join(format!("yici-openapi-{}", std::process::id()));
    let document = App::document(&settings.pack, &folder).await;
    drop(std::fs::remove_dir_all(&folder));
    say(serde_json::to_string_pretty(&document?)?);
    Ok(ExitCode::SUCCESS)
}
