//! One reader of the log per program, and everybody who listens to it.

use std::{sync::Arc, time::Duration};

use ::store::events::Position;
use httpkit::Places;
use kernel::{AppError, Principal, codes, ids::SessionId, limits};
use tokio::sync::{Notify, broadcast, watch};

use crate::{Insight, audience::News};

/// Batches a slow page may fall behind before it reads the log itself.
const BATCHES_KEPT: usize = 256;
/// Events read at once.
pub(crate) const EVENTS_MAX: u32 = 500;
/// How long events gather after a hint: under load one read serves many commits.
const GATHER: Duration = Duration::from_millis(10);

/// How often live pages look, sign and check. Tests are faster than people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// How often the log is read while somebody listens.
    pub poll: Duration,
    /// How often a silent connection gets a sign of life.
    pub heartbeat: Duration,
    /// How often it is asked whether the session still lives.
    pub recheck: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            poll: Duration::from_millis(50),
            heartbeat: Duration::from_secs(15),
            recheck: Duration::from_mins(1),
        }
    }
}

/// A stretch of the log. Whoever stands before `after` has missed something.
#[derive(Debug, Clone)]
pub(crate) enum Batch {
    Events {
        after: Position,
        to: Position,
        news: Vec<News>,
    },
    /// The program is ending.
    Closing,
}

/// The listeners.
pub(crate) struct Live {
    pub pace: Pace,
    sender: broadcast::Sender<Arc<Batch>>,
    wake: Notify,
    citizens: Places<SessionId>,
    staff: Places<SessionId>,
}

/// A place among the listeners; leaving it makes room.
pub(crate) struct Place {
    pub receiver: broadcast::Receiver<Arc<Batch>>,
    _place: httpkit::Place,
}

impl Live {
    pub(crate) fn new(pace: Pace) -> Self {
        Self {
            pace,
            sender: broadcast::Sender::new(BATCHES_KEPT),
            wake: Notify::new(),
            citizens: places(limits::LIVE_PAGES_MAX),
            staff: places(limits::LIVE_PAGES_OF_STAFF_MAX),
        }
    }

    /// A place for one more page of a session; citizens take none from staff.
    ///
    /// # Errors
    /// `E1901` when all are taken, or the session has its share.
    pub(crate) fn join(&self, who: &Principal) -> Result<Place, AppError> {
        let place = match who {
            Principal::Citizen(citizen) => self.citizens.try_take(citizen.session),
            Principal::Staff(staff) => self.staff.try_take(staff.session),
            Principal::Stranger | Principal::System(_) => Err(AppError::refused(&codes::E1101)),
        }?;
        let receiver = self.sender.subscribe();
        self.wake.notify_one();
        Ok(Place {
            receiver,
            _place: place,
        })
    }

    fn tell(&self, batch: Batch) {
        // Nobody may be listening any more; then nobody needs to know.
        drop(self.sender.send(Arc::new(batch)));
    }
}

fn places(all: usize) -> Places<SessionId> {
    let of_one = limits::LIVE_PAGES_OF_SESSION_MAX;
    Places::new(all, of_one, limits::LIVE_RETRY_SECONDS)
}

/// Reads the log for all live pages of this program until `stop` says so; sleeps while nobody
/// listens.
pub async fn serve_live(context: Insight, mut stop: watch::Receiver<bool>) {
    let (store, live) = (&context.kit.store, &context.live);
    let mut news = store.news();
    let mut position = None;
    while !*stop.borrow() {
        if live.sender.receiver_count() == 0 {
            position = None;
            tokio::select! {
                _ = stop.changed() => {}
                () = live.wake.notified() => {}
            }
            continue;
        }
        match read_on(&context, position).await {
            Ok(place) => position = Some(place),
            Err(error) => tracing::error!(%error, "live pages cannot read the log; trying again"),
        }
        tokio::select! {
            _ = stop.changed() => {}
            _ = news.changed() => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(live.pace.poll) => {}
        }
    }
    live.tell(Batch::Closing);
}

/// Tells what came after a place, or where the log ends now; returns the new place.
async fn read_on(
    context: &Insight,
    position: Option<Position>,
) -> Result<Position, ::store::StoreError> {
    let store = &context.kit.store;
    let Some(mut after) = position else {
        let end = store.events_end().await?;
        // An empty batch lets those who stand further back notice it.
        context.live.tell(Batch::Events {
            after: end,
            to: end,
            news: Vec::new(),
        });
        return Ok(end);
    };
    loop {
        let events = store.events_after(after, EVENTS_MAX).await?;
        let Some(last) = events.last() else {
            return Ok(after);
        };
        let to = last.position();
        context.live.tell(Batch::Events {
            after,
            to,
            news: events.iter().filter_map(News::of).collect(),
        });
        after = to;
    }
}
