//! Reads the log and keeps the counters: the counters and the reader's place change together.

use std::time::Duration;

use ::store::{
    Command, Envelope, Loads, Work,
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
    store::{cursor, daily, item, late, open, query},
    tally::{Decision, Noted, What},
};

/// The name of this reader.
const READER: &str = "figures";
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
        let Some(tally) = Tally::of(from, &events)? else {
            return Ok(read);
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

/// Counts a stretch of the log, unless somebody has counted it already.
struct Tally {
    bureau: DivisionCode,
    from: Position,
    to: Position,
    noted: Vec<Noted>,
}

/// Whether this command moved the reader.
#[derive(Debug, Serialize, Deserialize)]
struct Tallied {
    moved: bool,
}

impl Tally {
    fn of(from: Position, events: &[events::Model]) -> Result<Option<Self>, AppError> {
        let (Some(first), Some(last)) = (events.first(), events.last()) else {
            return Ok(None);
        };
        let bureau = first
            .bureau
            .parse()
            .map_err(|fault| Broken::caused("bureau of an event", fault))?;
        let mut noted = Vec::new();
        for event in events {
            match Noted::of(event) {
                Ok(found) => noted.extend(found),
                // One event that cannot be read must not stop all figures.
                Err(error) => {
                    tracing::error!(kind = event.kind, gid = event.gid, %error, "not counted");
                }
            }
        }
        Ok(Some(Self {
            bureau,
            from,
            to: last.position(),
            noted,
        }))
    }
}

fn daily_key(noted: &Noted) -> ::store::Key {
    key!(
        noted.bureau.clone(),
        noted.day.to_string(),
        noted.org.clone(),
        noted.item.clone(),
        noted.channel.clone()
    )
}

fn case_key(noted: &Noted) -> ::store::Key {
    key!(noted.bureau.clone(), noted.case)
}

fn item_key(noted: &Noted) -> ::store::Key {
    key!(noted.bureau.clone(), noted.item.clone())
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
        for noted in &self.noted {
            loads.row::<daily::Model>(daily_key(noted));
            loads.row::<item::Model>(item_key(noted));
            if noted.moves_case() {
                loads.row::<open::Model>(case_key(noted));
                loads.row::<late::Model>(case_key(noted));
            }
        }
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Tallied, AppError> {
        let place = work.get::<cursor::Model>(&key!(READER))?;
        let at = place.map_or_else(Position::default, cursor::Model::position);
        if at != self.from {
            return Ok(Tallied { moved: false });
        }
        for noted in &self.noted {
            count(work, noted)?;
            name(work, noted)?;
            move_case(work, noted)?;
        }
        work.put(cursor::Model {
            reader: READER.to_owned(),
            xid: self.to.xid,
            gid: self.to.gid,
        })?;
        Ok(Tallied { moved: true })
    }
}

fn count(work: &mut Work<'_>, noted: &Noted) -> Result<(), AppError> {
    let mut day = work
        .get::<daily::Model>(&daily_key(noted))?
        .cloned()
        .unwrap_or_else(|| daily::Model::empty(noted));
    match &noted.what {
        // Once for each case, whatever is submitted again.
        What::Received { .. } if work.get::<open::Model>(&case_key(noted))?.is_some() => {
            return Ok(());
        }
        What::Received { .. } => day.received += 1,
        What::Accepted { .. } => day.accepted += 1,
        What::Closed => day.closed += 1,
        What::Decided(decision) => day.decide(*decision),
        What::Delivered => day.delivered += 1,
        What::Rated { stars } => day.rate(*stars),
        What::Waiting | What::Resumed { .. } | What::Recounted { .. } => return Ok(()),
    }
    work.put(day)
}

impl daily::Model {
    fn decide(&mut self, decision: Decision) {
        self.closed += 1;
        self.granted += decision.granted;
        self.denied += decision.denied;
        self.on_time += decision.on_time;
        self.one_visit += decision.one_visit;
        self.instant += decision.instant;
        self.corrected += decision.corrected;
        self.working_days_sum += decision.working_days;
    }

    fn rate(&mut self, stars: i32) {
        match stars {
            1 => self.stars_1 += 1,
            2 => self.stars_2 += 1,
            3 => self.stars_3 += 1,
            4 => self.stars_4 += 1,
            5 => self.stars_5 += 1,
            _ => tracing::error!(stars, "a rating outside 1 to 5 is not counted"),
        }
    }
}

fn name(work: &mut Work<'_>, noted: &Noted) -> Result<(), AppError> {
    let Some(name) = &noted.name else {
        return Ok(());
    };
    work.put(item::Model {
        bureau: noted.bureau.clone(),
        item: noted.item.clone(),
        name_zh: name.zh.clone(),
        name_en: name.en.clone(),
    })
}

fn move_case(work: &mut Work<'_>, noted: &Noted) -> Result<(), AppError> {
    if !noted.moves_case() {
        return Ok(());
    }
    let known = work.get::<open::Model>(&case_key(noted))?.cloned();
    let mut case = known.unwrap_or_else(|| open::Model::new(noted));
    match &noted.what {
        What::Accepted { due_on } => {
            case.due_on = due_on.map(|day| day.to_string());
            case.waiting = false;
        }
        What::Waiting => case.waiting = true,
        What::Received { due_on } | What::Resumed { due_on } => {
            case.waiting = false;
            case.due_on = due_on.map(|day| day.to_string()).or(case.due_on);
        }
        What::Recounted { old, due_on } => {
            let old = old.map(|day| day.to_string());
            // Behind a promise the legal limits do not press.
            if old.is_none() || old == case.due_on {
                case.due_on = Some(due_on.to_string());
            }
        }
        What::Closed | What::Decided(_) => return close(work, noted, case),
        What::Delivered | What::Rated { .. } => return Ok(()),
    }
    work.put(case)
}

fn close(work: &mut Work<'_>, noted: &Noted, case: open::Model) -> Result<(), AppError> {
    let closed_on = noted.day.to_string();
    work.remove::<open::Model>(case_key(noted));
    match case.due_on {
        Some(due_on) if !case.waiting && due_on < closed_on => work.put(late::Model {
            bureau: case.bureau,
            case_id: case.case_id,
            org: case.org,
            item: case.item,
            due_on,
            closed_on,
        }),
        _ => Ok(()),
    }
}
