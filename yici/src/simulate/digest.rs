//! One digest over the logical rows: what happened and where everything stands, without what differs
//! between databases (numbers of transactions) or between keys (sealed bytes).

use std::fmt::Write as _;

use anyhow::Context as _;
use store::{Store, events::Position};

/// Events read at once.
const PAGE: u32 = 2_000;

/// SM3 over the log of events, in an order both databases agree on.
///
/// The log holds everything that happened, and every state is a fold over it; rows that are not
/// folds (figures, messages) are counted in it by their own events.
///
/// # Errors
/// When the log cannot be read.
pub async fn digest(store: &Store) -> anyhow::Result<String> {
    let mut lines = Vec::new();
    let mut position = Position::default();
    loop {
        let page = store.events_after(position, PAGE).await?;
        let Some(last) = page.last() else { break };
        position = last.position();
        for event in &page {
            let body: serde_json::Value = serde_json::from_str(&event.body)
                .with_context(|| format!("body of {}/{}", event.stream_id, event.seq))?;
            let mut line = String::new();
            write!(
                line,
                "{}|{}|{}|{}|{}|{}|{}|{}",
                event.bureau,
                event.stream,
                event.stream_id,
                event.seq,
                event.kind,
                event.at_us,
                event.actor,
                seal::canonical_json(&body)
            )?;
            lines.push(line);
        }
    }
    lines.sort_unstable();
    Ok(seal::sm3_hex(lines.join("\n").as_bytes()))
}
