//! Reads the log and keeps the counters: the counters and the reader's place change together.

use std::{collections::BTreeSet, time::Duration};

use ::store::{
    Command, Envelope, Key, Loads, Work,
    events::{self, Position},
    key,
};
use kernel::{
    AppError, DivisionCode, Principal,
    error::Broken,
    ids::{Id as _, RequestId},
};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::{
    Insight,
    fold::{Changes, CountKey, DueKey, OverrunKey},
    store::{
        cursor, item, query,
        rows::{count, due, open, overrun},
    },
    tally::Noted,
};

/// The name of this reader.
pub(crate) const READER: &str = "counts";
/// Events taken into one command: a busy second, and still a short transaction.
const EVENTS_MAX: u32 = 500;
/// How long events gather before they are counted: figures on a page need not be younger.
const GATHER: Duration = Duration::from_millis(500);
/// How often the log is looked at without news: other programs do not announce themselves here.
const QUIET: Duration = Duration::from_secs(1);

/// Counts everything the log holds by now. Returns how many events were read.
///
/// # Errors
/// When the database does not answer.
pub async fn catch_up(context: &Insight) -> Result<usize, AppError> {
    let store = &context.kit.store;
    let mut read = 0;
    loop {
        let from = query::position_of(store, READER).await?;
        let events = store.events_after(from, EVENTS_MAX).await?;
        let (Some(first), Some(last)) = (events.first(), events.last()) else {
            return Ok(read);
        };
        let noted = noted(context, &events);
        // Read after the place: whoever moved them since has moved the place too.
        let open = query::open_cases(store, &cases_of(&noted)).await?;
        let tally = Tally {
            bureau: first
                .bureau
                .parse()
                .map_err(|fault| Broken::caused("bureau of an event", fault))?,
            from,
            to: last.position(),
            at_us: last.at_us,
            changes: Changes::of(&noted, open),
        };
        context.kit.run(envelope(context), tally).await?;
        read += events.len();
    }
}

/// Counts as long as `stop` lets it.
pub async fn follow(context: Insight, mut stop: watch::Receiver<bool>) {
    let mut news = context.kit.store.news();
    while !*stop.borrow() {
        if let Err(error) = catch_up(&context).await {
            tracing::error!(?error, "the log cannot be counted; trying again");
        }
        tokio::select! {
            _ = stop.changed() => {}
            _ = news.changed() => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(QUIET) => {}
        }
    }
}

fn envelope(context: &Insight) -> Envelope {
    Envelope {
        actor: Principal::System("insight").actor(),
        request: RequestId::from_uuid(uuid::Uuid::nil()),
        station: None,
        now: context.kit.clock.now(),
        seed: (context.kit.seeds)(),
        idempotency: None,
        lease: None,
    }
}

/// The events that count.
fn noted(context: &Insight, events: &[events::Model]) -> Vec<Noted> {
    let mut noted = Vec::new();
    for event in events {
        match Noted::of(event, |item| context.domain_of(item)) {
            Ok(found) => noted.extend(found),
            // One event that cannot be read must not stop all figures.
            Err(error) => {
                tracing::error!(kind = event.kind, gid = event.gid, %error, "not counted");
            }
        }
    }
    noted
}

fn cases_of(noted: &[Noted]) -> BTreeSet<(&str, uuid::Uuid)> {
    let moving = noted.iter().filter(|noted| noted.moves_case());
    moving
        .map(|noted| (noted.bureau.as_str(), noted.case))
        .collect()
}

/// Adds what a stretch of the log changes, unless somebody has added it already.
struct Tally {
    bureau: DivisionCode,
    from: Position,
    to: Position,
    at_us: i64,
    changes: Changes,
}

/// Whether this command moved the reader.
#[derive(Debug, Serialize, Deserialize)]
struct Tallied {
    moved: bool,
}

fn count_key((bureau, grain, span, org, item, channel, hall): &CountKey) -> Key {
    key!(
        bureau.clone(),
        grain.as_str().to_owned(),
        span.clone(),
        org.clone(),
        item.clone(),
        channel.clone(),
        hall.clone()
    )
}

fn due_key((bureau, item, due_on, org, channel, hall): &DueKey) -> Key {
    key!(
        bureau.clone(),
        item.clone(),
        due_on.clone(),
        org.clone(),
        channel.clone(),
        hall.clone()
    )
}

fn overrun_key((bureau, closed_on, due_on, org, item, channel, hall): &OverrunKey) -> Key {
    key!(
        bureau.clone(),
        closed_on.clone(),
        due_on.clone(),
        org.clone(),
        item.clone(),
        channel.clone(),
        hall.clone()
    )
}

impl Command for Tally {
    type Out = Tallied;
    const NAME: &'static str = "insight.tally";
    const AUDITED: bool = false;

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }
    fn subject(&self) -> String {
        READER.to_owned()
    }
    fn lane(&self) -> u64 {
        0
    }
    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<cursor::Model>(key!(READER));
        for key in self.changes.counts.keys() {
            loads.row::<count::Model>(count_key(key));
        }
        for key in self.changes.dues.keys() {
            loads.row::<due::Model>(due_key(key));
        }
        for key in self.changes.overruns.keys() {
            loads.row::<overrun::Model>(overrun_key(key));
        }
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Tallied, AppError> {
        let place = work.get::<cursor::Model>(&key!(READER))?;
        let at = place.map_or_else(Position::default, cursor::Model::position);
        if at != self.from {
            return Ok(Tallied { moved: false });
        }
        self.add_counts(work)?;
        self.add_dues(work)?;
        self.add_overruns(work)?;
        self.keep_cases(work)?;
        work.put(cursor::Model {
            reader: READER.to_owned(),
            xid: self.to.xid,
            gid: self.to.gid,
            at_us: self.at_us,
        })?;
        Ok(Tallied { moved: true })
    }
}

impl Tally {
    fn add_counts(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        for (key, counters) in &self.changes.counts {
            let known = work.get::<count::Model>(&count_key(key))?.cloned();
            let mut row = known.unwrap_or_else(|| count::Model::empty(key.clone()));
            counters.add_to(&mut row);
            work.put(row)?;
        }
        Ok(())
    }

    fn add_dues(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        for (key, by) in &self.changes.dues {
            let known = work.get::<due::Model>(&due_key(key))?;
            let cases = known.map_or(0, |row| row.cases) + by;
            if cases == 0 {
                work.remove::<due::Model>(due_key(key));
                continue;
            }
            work.put(due::Model::new(key.clone(), cases))?;
        }
        Ok(())
    }

    fn add_overruns(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        for (key, by) in &self.changes.overruns {
            let known = work.get::<overrun::Model>(&overrun_key(key))?;
            let cases = known.map_or(0, |row| row.cases) + by;
            work.put(overrun::Model::new(key.clone(), cases))?;
        }
        Ok(())
    }

    fn keep_cases(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        for ((bureau, case), now) in &self.changes.cases {
            match now {
                Some(open) => work.put(open.clone())?,
                None => work.remove::<open::Model>(key!(bureau.clone(), *case)),
            }
        }
        for (key, name) in &self.changes.names {
            work.put(item::Model::new(key.clone(), name.clone()))?;
        }
        Ok(())
    }
}
