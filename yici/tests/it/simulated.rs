//! The simulator: the same seed is the same city, whatever the database.

use std::path::Path;

use kernel::{Date, Timestamp};
use testkit::{Database, Kind};
use yici::{
    city,
    keys::Keys,
    simulate::{self, Habits, Report},
};

use crate::{
    crash::column,
    drill::{lead_to_their_cases, lead_to_their_ratings},
    harness::{City, TestApp, pack_folder, stream},
    replay::{places_are_taken, replays},
};

/// A pack with fewer people than the demo city, so that a test is quick.
pub(crate) fn smaller_pack(to: &Path) {
    copy(&pack_folder(), to);
    // General items cost time and are of no matter here.
    for item in std::fs::read_dir(to.join("items")).unwrap() {
        let item = item.unwrap().path();
        if !item.join("examples").exists() {
            std::fs::remove_dir_all(item).unwrap();
        }
    }
    let file = to.join("population.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let fewer = text
        .replace("\npeople = 6000\n", "\npeople = 400\n")
        .replace("\nemployers = 300\n", "\nemployers = 60\n");
    assert_ne!(fewer, text);
    std::fs::write(file, fewer).unwrap();
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A month or so with few applications and many mistakes.
const WEEKS: Span = Span {
    from: "2026-03-30",
    days: 32,
    per_day: 5,
    habits: Habits {
        given_up: 10,
        papers_forgotten: 70,
        too_late: 60,
        overlooked: 25,
    },
};

/// Some days as they are.
const DAYS: Span = Span {
    from: "2026-03-02",
    days: 3,
    per_day: 6,
    habits: Habits {
        given_up: 4,
        papers_forgotten: 20,
        too_late: 10,
        overlooked: 1,
    },
};

/// How long a city lives, and how.
struct Span {
    from: &'static str,
    days: u32,
    per_day: u32,
    habits: Habits,
}

impl Span {
    fn last(&self) -> Date {
        let first: Date = self.from.parse().unwrap();
        (1..self.days).fold(first, |day, _| day.tomorrow().unwrap())
    }
}

/// A city that has lived.
struct Lived {
    report: Report,
    digest: String,
    database: Database,
}

impl Lived {
    /// How many events of a kind there were.
    async fn count(&self, kind: &str) -> usize {
        let store = self.database.open().await;
        let sql = format!("SELECT kind AS it FROM event WHERE kind = '{kind}'");
        let found = column(&store, &sql).await.len();
        store.close().await;
        found
    }
}

async fn lived(kind: Kind, seed: u64, span: &Span) -> Lived {
    let database = Database::create(kind).await;
    let folder = tempfile::tempdir().unwrap();
    smaller_pack(&folder.path().join("pack"));
    let plan = simulate::Alone {
        database: database.options().url.clone(),
        folder: folder.path().join("data"),
        pack: folder.path().join("pack"),
        from: span.from.parse().unwrap(),
        days: span.days,
        seed,
        per_day: span.per_day,
        habits: span.habits,
    };
    let (report, digest) = Box::pin(simulate::alone(plan)).await.unwrap();
    let store = database.open().await;
    assert!(
        replays(&store).await > 10,
        "something happened, and its events tell it"
    );
    places_are_taken(&store).await;
    figures_are_a_recount(&store).await;
    let pack = city::read_pack(&folder.path().join("pack")).unwrap();
    let city = City {
        store,
        pack: &pack,
        keys: Keys::generate(&mut stream(&format!("{seed}/keys"))).unwrap(),
        now: Timestamp::start_of(span.last()).plus_seconds(20 * 60 * 60),
    };
    let app = TestApp::over(database, city, None).await;
    figures_lead_to_lists(&app, span).await;
    app.app.kit.store.clone().close().await;
    Lived {
        report,
        digest,
        database: app.database,
    }
}

/// What the figures of the city say is what their lists hold, until its last day and when it is over.
async fn figures_lead_to_lists(app: &TestApp, span: &Span) {
    let city = ("liushaohua", "180100");
    let last = span.last().to_string();
    for days in [
        (span.from, &*last),
        (span.from, span.from),
        (&*last, &*last),
    ] {
        lead_to_their_cases(app, city, days).await;
    }
    assert!(lead_to_their_cases(app, city, (span.from, &last)).await > 50);
    // The months must be over before their ratings are told.
    app.clock
        .set(Timestamp::start_of(span.last()).plus_days(20));
    lead_to_their_cases(app, city, (span.from, &last)).await;
    let rated = lead_to_their_ratings(app, city).await;
    assert!(span.days < 30 || rated > 0, "nobody rated");
}

/// What the counters say is what a recount over the log says, however they are cut.
async fn figures_are_a_recount(store: &store::Store) {
    let ends = "'case.granted','case.denied','case.not_accepted','case.not_required','case.lapsed','case.withdrawn'";
    for (figure, kinds) in [
        ("received", "'case.submitted','case.received'"),
        ("accepted", "'case.accepted'"),
        ("closed", ends),
        ("granted", "'case.granted'"),
        ("denied", "'case.denied'"),
        ("delivered", "'case.delivered'"),
    ] {
        let events = format!(
            "SELECT CAST(count(DISTINCT stream_id) AS text) AS it FROM event WHERE kind IN ({kinds})"
        );
        let events = column(store, &events).await;
        for grain in ["day", "domain_day", "item_day", "item_week", "item_month"] {
            let counted = format!(
                "SELECT CAST(coalesce(sum({figure}), 0) AS text) AS it FROM insight_count WHERE grain = '{grain}'"
            );
            assert_eq!(column(store, &counted).await, events, "{figure} by {grain}");
        }
    }
    let open = "SELECT CAST(count(*) AS text) AS it FROM case_file WHERE received_us IS NOT NULL AND closed_us IS NULL";
    for items in ["item = ''", "item <> ''"] {
        let due = format!(
            "SELECT CAST(coalesce(sum(cases), 0) AS text) AS it FROM insight_due WHERE {items}"
        );
        assert_eq!(
            column(store, &due).await,
            column(store, open).await,
            "{items}"
        );
    }
}

#[tokio::test]
async fn the_same_seed_is_the_same_city_on_both_databases() {
    assert_eq!(DAYS.habits, Habits::default());
    let first = lived(Kind::Sqlite, 7, &DAYS).await;
    assert!(
        first.report.opened > 10 && first.report.granted > 0,
        "{:?}",
        first.report
    );
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let again = lived(kind, 7, &DAYS).await;
        assert_eq!(
            (again.report, again.digest),
            (first.report.clone(), first.digest.clone())
        );
    }
    assert_ne!(lived(Kind::Sqlite, 8, &DAYS).await.digest, first.digest);
}

#[tokio::test]
async fn weeks_with_holidays_silence_and_lapse_are_the_same_on_both_databases() {
    let first = lived(Kind::Sqlite, 7, &WEEKS).await;
    for kind in [
        "case.correction_noticed",
        "case.lapsed",
        "case.granted",
        "case.delivered",
        "rating.given",
    ] {
        let count = first.count(kind).await;
        assert!(count > 0, "no {kind} in {:?}", first.report);
    }
    let silent =
        "SELECT kind AS it FROM event WHERE kind = 'case.accepted' AND body LIKE '%\"deemed\"%'";
    let store = first.database.open().await;
    assert!(!column(&store, silent).await.is_empty(), "silence accepts");
    store.close().await;
    let again = lived(Kind::Postgres, 7, &WEEKS).await;
    assert_eq!((again.report, again.digest), (first.report, first.digest));
}
