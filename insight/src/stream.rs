//! The live page of one caller: what happens to what he may see, as it happens.

use std::{collections::VecDeque, convert::Infallible};

use ::store::events::Position;
use axum::{
    extract::{OriginalUri, State},
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, stream};
use httpkit::{
    Authorised, Refusals, Reply,
    caller::{Surface, cookie},
};
use kernel::{AppError, Principal, caller::SignedIn};
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, Interval, interval_at},
};

use crate::{
    Insight,
    audience::{News, Told, Topic},
    live::{Batch, EVENTS_MAX, Place},
};

/// Events read for a page that comes back after a while; past this it is told to load anew.
const RESUME_EVENTS_MAX: u32 = 2_000;

struct Page {
    context: Insight,
    token: String,
    principal: Principal,
    place: Place,
    position: Position,
    waiting: VecDeque<Event>,
    recheck: Interval,
}

impl Page {
    /// The next event; none when the page ends.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some((Ok(event), self));
            }
            tokio::select! {
                got = self.place.receiver.recv() => match got.as_deref() {
                    Ok(Batch::Events { after, to, news }) => {
                        self.take(*after, *to, news).await.ok()?;
                    }
                    // The next batch shows what is missing.
                    Err(RecvError::Lagged(_)) => {}
                    Ok(Batch::Closing) | Err(RecvError::Closed) => return None,
                },
                _ = self.recheck.tick() => self.check_session().await?,
            }
        }
    }

    async fn take(&mut self, after: Position, to: Position, news: &[News]) -> Result<(), AppError> {
        if after > self.position {
            self.catch_up(after).await?;
        }
        for news in news {
            self.tell(news);
        }
        self.position = self.position.max(to);
        Ok(())
    }

    /// Reads what this page has missed up to a place; too much of it is told as one.
    async fn catch_up(&mut self, to: Position) -> Result<(), AppError> {
        let mut read = 0;
        while self.position < to && read < RESUME_EVENTS_MAX {
            let events = self
                .context
                .kit
                .store
                .events_after(self.position, EVENTS_MAX)
                .await?;
            let Some(last) = events.last().map(::store::events::Model::position) else {
                return Ok(());
            };
            events
                .iter()
                .filter_map(News::of)
                .for_each(|news| self.tell(&news));
            self.position = self.position.max(last);
            read += EVENTS_MAX;
        }
        if self.position < to {
            self.position = to;
            for topic in [Topic::Cases, Topic::Tasks, Topic::Messages] {
                let told = Told {
                    kind: "stream.missed".to_owned(),
                    case_id: None,
                    task_id: None,
                };
                self.waiting.extend(event_of(topic, to, &told));
            }
        }
        Ok(())
    }

    fn tell(&mut self, news: &News) {
        if news.position <= self.position {
            return;
        }
        self.position = news.position;
        if let Some(topic) = news.topic_for(&self.principal) {
            self.waiting
                .extend(event_of(topic, news.position, &news.told));
        }
    }

    /// Asks whether the session still lives, and what its holder may do by now.
    async fn check_session(&mut self) -> Option<()> {
        let kit = &self.context.kit;
        let found = kit.sessions.resolve(&self.token, kit.clock.now()).await;
        match found {
            Ok(Principal::Stranger) | Err(_) => None,
            Ok(principal) => {
                self.principal = principal;
                Some(())
            }
        }
    }
}

fn event_of(topic: Topic, at: Position, told: &Told) -> Option<Event> {
    let data = serde_json::to_string(told).ok()?;
    let id = format!("{}-{}", at.xid, at.gid);
    Some(Event::default().event(topic.name()).id(id).data(data))
}

/// Where the page was when it was interrupted, if it says so.
fn last_seen(headers: &HeaderMap) -> Option<Position> {
    let text = headers.get("last-event-id")?.to_str().ok()?;
    let (xid, gid) = text.split_once('-')?;
    Some(Position {
        xid: xid.parse().ok()?,
        gid: gid.parse().ok()?,
    })
}

async fn open(
    context: Insight,
    principal: Principal,
    token: String,
    seen: Option<Position>,
) -> Result<Page, AppError> {
    let place = context.live.join(&principal)?;
    // Read after joining: what is written from now on comes by batch or shows as a gap.
    let end = context.kit.store.events_end().await?;
    let every = context.live.pace.recheck;
    let mut page = Page {
        token,
        principal,
        place,
        position: seen.unwrap_or(end).min(end),
        waiting: VecDeque::new(),
        recheck: interval_at(Instant::now() + every, every),
        context,
    };
    page.catch_up(end).await?;
    Ok(page)
}

/// What happens, as it happens
///
/// Server-sent events `cases`, `tasks` and `messages`; the data is a kind and ids. The stream ends
/// with the session.
#[utoipa::path(
    get, path = "/stream", operation_id = "open_stream", tag = "insight",
    params(
        ("surface" = Option<String>, Query, description = "`workbench` for staff: a browser sends no headers here"),
        ("Last-Event-ID" = Option<String>, Header, description = "Where the page was interrupted"),
    ),
    responses(
        (status = 200, description = "Events", body = Told, content_type = "text/event-stream"),
        Refusals,
    )
)]
pub(crate) async fn open_stream(
    State(context): State<Insight>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Authorised(caller): Authorised<SignedIn>,
) -> Reply<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let surface = Surface::of(&headers, uri.query());
    let token = cookie(&headers, surface.cookie()).unwrap_or_default();
    let heartbeat = context.live.pace.heartbeat;
    let page = open(
        context,
        caller.principal().clone(),
        token.to_owned(),
        last_seen(&headers),
    )
    .await?;
    let events = stream::unfold(page, Page::next);
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(heartbeat)))
}
