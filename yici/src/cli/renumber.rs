//! `yici renumber`.

use std::process::ExitCode;

use yici::settings::Resolved;

use super::{
    say,
    start::{How, open_store},
};

/// Tables that keep how far readers of the event log have come.
const PLACES: [&str; 1] = ["insight_cursor"];

pub(crate) async fn run(settings: &Resolved) -> anyhow::Result<ExitCode> {
    let store = open_store(settings, How::default()).await?;
    let misplaced = store.events_misplaced().await?;
    store.renumber_events(&PLACES).await?;
    store.close().await;
    say(format!(
        "{misplaced} events were out of reach; all are in order."
    ));
    Ok(ExitCode::SUCCESS)
}
