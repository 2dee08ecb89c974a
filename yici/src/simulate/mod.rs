//! `yici simulate`: a city of citizens and staff with their mistakes drives the real use cases under a
//! clock that stands still between them.
//!
//! Arrivals, choices and mistakes each draw from a random stream of their own, so that changing one
//! does not shift the others. The same seed gives the same rows on both databases; a digest over
//! the logical rows says so.

mod cast;
mod day;
mod digest;
mod staff;
mod walk;

use std::sync::Arc;

use anyhow::Context as _;
use jiff::civil;
use kernel::{Clock as _, Date, Timestamp};
use store::system::{FakeClock, SeededEntropy};

pub use digest::digest;

use crate::App;

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Days simulated.
    pub days: u32,
    /// Cases opened.
    pub opened: u32,
    /// Cases granted.
    pub granted: u32,
    /// Cases denied.
    pub denied: u32,
    /// Ratings given.
    pub rated: u32,
    /// Acts that the product refused, as people must expect.
    pub refused: u32,
}

/// How often people do what they should not, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Habits {
    /// Drafts that are put aside for ever.
    pub given_up: u64,
    /// Enterprises that forget a paper.
    pub papers_forgotten: u64,
    /// Applicants who react when it is too late.
    pub too_late: u64,
    /// Applications on line that lie in the hall until silence accepts them.
    pub overlooked: u64,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            given_up: 4,
            papers_forgotten: 20,
            too_late: 10,
            overlooked: 1,
        }
    }
}

/// One run.
pub struct Run<'a> {
    /// The product.
    pub app: &'a App,
    /// The pack it was loaded from.
    pub pack: &'a catalog::pack::Pack,
    /// Its clock.
    pub clock: Arc<FakeClock>,
    /// The first day.
    pub from: Date,
    /// How many days.
    pub days: u32,
    /// The seed.
    pub seed: u64,
    /// Applications on an ordinary working day.
    pub per_day: u32,
    /// How people are.
    pub habits: Habits,
}

/// A random stream for one purpose.
pub(crate) fn stream(seed: u64, purpose: &str) -> SeededEntropy {
    SeededEntropy::new(seal::sm3(format!("{seed}/{purpose}").as_bytes()))
}

impl Run<'_> {
    /// Simulates day after day.
    ///
    /// # Errors
    /// When the product breaks; refusals are part of life.
    pub async fn go(self) -> anyhow::Result<Report> {
        let mut city = cast::City::gather(self.app, self.pack, self.seed).await?;
        let mut report = Report::default();
        let mut day = self.from;
        for _ in 0..self.days {
            self.clock.set(Timestamp::from_beijing(day.at(8, 30, 0, 0)));
            let today = day::Day {
                run: &self,
                city: &mut city,
                report: &mut report,
                date: day,
            };
            today.live().await.with_context(|| format!("on {day}"))?;
            day = day.tomorrow().context("the calendar ends")?;
            report.days += 1;
        }
        Ok(report)
    }
}

/// The first day of a history of `days` that ends yesterday.
///
/// # Errors
/// When it would begin before the calendar.
pub fn first_day(today: Date, days: u32) -> anyhow::Result<Date> {
    Ok(today.checked_sub(jiff::Span::new().try_days(days)?)?)
}

/// An instant of a day.
pub(crate) fn at(day: Date, seconds: u64) -> Timestamp {
    let start = Timestamp::from_beijing(civil::DateTime::from_parts(day, civil::time(0, 0, 0, 0)));
    start.plus_seconds(i64::try_from(seconds).unwrap_or(0))
}

/// A run on a database of its own.
pub struct Alone {
    /// An empty database.
    pub database: String,
    /// A folder for files; it may be deleted afterwards.
    pub folder: std::path::PathBuf,
    /// Folder of the pack.
    pub pack: std::path::PathBuf,
    /// The first day.
    pub from: Date,
    /// How many days.
    pub days: u32,
    /// The seed of everything: keys, ids, choices.
    pub seed: u64,
    /// Applications on an ordinary working day.
    pub per_day: u32,
    /// How people are.
    pub habits: Habits,
}

/// Makes a city from a seed, lives in it, and digests what happened. Everything random comes from the
/// seed, and one lane decides: the same seed gives the same digest on both databases.
///
/// # Errors
/// When the database is not empty or the product breaks.
pub async fn alone(plan: Alone) -> anyhow::Result<(Report, String)> {
    let app_clock = Arc::new(FakeClock::at(Timestamp::start_of(plan.from)));
    let pack = crate::city::read_pack(&plan.pack)?;
    std::fs::create_dir_all(&plan.folder)?;
    let keys = crate::keys::Keys::generate(&mut stream(plan.seed, "keys"))?;
    let seeds = std::sync::Mutex::new(stream(plan.seed, "seeds"));
    let store = empty(plan.database, &keys, app_clock.now(), plan.seed).await?;
    let app = App::build(crate::app::Plan {
        store,
        files: crate::files::Place::Folder(plan.folder.join("files")).open()?,
        scanner: None,
        pack: &pack,
        keys,
        clock: Arc::<FakeClock>::clone(&app_clock),
        seeds: Arc::new(move || seeds.lock().map_or([0; 32], |mut stream| stream.seed())),
        demo: true,
        secure: false,
        hashing: identity::Hashing::OWASP,
    })
    .await?;
    crate::city::load(&app, &pack).await?;
    let run = Run {
        app: &app,
        pack: &pack,
        clock: app_clock,
        from: plan.from,
        days: plan.days,
        seed: plan.seed,
        per_day: plan.per_day,
        habits: plan.habits,
    };
    let report = run.go().await?;
    let digest = digest(&app.kit.store).await?;
    app.kit.store.clone().close().await;
    Ok((report, digest))
}

/// Opens a database in which nothing is yet, and takes it for this run.
async fn empty(
    url: String,
    keys: &crate::keys::Keys,
    now: Timestamp,
    seed: u64,
) -> anyhow::Result<store::Store> {
    let store = store::Store::open(&store::Options {
        lanes: 1,
        durable: false,
        ..store::Options::new(url)
    })
    .await?;
    if store.installation().await?.is_some() {
        anyhow::bail!("something stands in this database already: simulate needs an empty one");
    }
    store::migrate(&store).await?;
    let this = store::Installation {
        id: uuid::Uuid::from_u64_pair(seed, 0),
        purpose: store::Purpose::Demo,
        keys: keys.fingerprint(),
    };
    store.claim(&this, now).await?;
    Ok(store)
}
