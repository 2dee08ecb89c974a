//! How items are published and served, on both databases.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails at that line"
)]

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
};

use catalog::{
    CalendarLoaded, Catalog, Publication, load_calendar, load_pack,
    pack::{Files, Pack},
};
use httpkit::{Kit, kit::Seeds};
use jiff::civil::date;
use kernel::{
    Caller, DivisionCode, Principal, Timestamp,
    caller::CanManageJobs,
    item::ItemCode,
    ports::{Answer, Items as _, Sessions},
};
use store::{Executor, Store, jobs::Subscriptions, system::FakeClock};
use testkit::{Database, MONDAY, on_both};

struct Nobody;
impl Sessions for Nobody {
    fn resolve<'a>(&'a self, _: &'a str, _: Timestamp) -> Answer<'a, Principal> {
        Box::pin(async { Ok(Principal::Stranger) })
    }
}

struct Town {
    catalog: Catalog,
    clock: Arc<FakeClock>,
    store: Store,
}

fn listeners() -> Subscriptions {
    Subscriptions::default()
        .on("catalog.edition_published", "published")
        .on("calendar.edition_loaded", "calendar")
}

/// 1, 2, 3, …: every command has ids of its own, the same in every run.
fn seeds() -> Seeds {
    let last = AtomicU8::new(0);
    Arc::new(move || [last.fetch_add(1, Ordering::SeqCst) + 1; 32])
}

async fn town(database: &Database) -> Town {
    let store = database.open().await;
    let executor = Executor::start(&store, listeners(), 0).await.unwrap();
    let clock = Arc::new(FakeClock::at(MONDAY));
    let kit = Kit {
        store: store.clone(),
        executor,
        clock: clock.clone(),
        seeds: seeds(),
        sessions: Arc::new(Nobody),
        city: "180100".parse().unwrap(),
        demo: true,
        secure: false,
    };
    let catalog = Catalog::open(kit).await.unwrap();
    Town {
        catalog,
        clock,
        store,
    }
}

fn pack() -> Pack {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/yunchuan");
    let mut files = Files::read(&folder).unwrap();
    testkit::only_items(&mut files.0, &["JY-009", "LD-001", "SB-084"]);
    Pack::check(&files).ok().unwrap()
}

fn operator() -> Caller<CanManageJobs> {
    testkit::caller(Principal::System("pack"))
}

fn code(text: &str) -> ItemCode {
    text.parse().unwrap()
}

/// The events that whoever listens heard of since he was last asked.
async fn heard(store: &Store) -> Vec<String> {
    let jobs = store.lease_jobs(MONDAY, 100).await.unwrap();
    let mut kinds: Vec<String> = jobs.into_iter().map(|job| job.kind).collect();
    kinds.sort();
    kinds
}

async fn audited(store: &Store) -> usize {
    let mut entries = 0;
    for head in store.audit_heads().await.unwrap() {
        entries += store.audit_after(head.lane, 0, 1_000).await.unwrap().len();
    }
    entries
}

on_both! {
    async fn loading_a_pack_publishes_it_once_and_again_changes_nothing(database) {
        let town = town(&database).await;
        let pack = pack();
        let first = load_pack(&town.catalog, &operator(), &pack, Publication::From(MONDAY.day())).await.unwrap();
        let published: Vec<String> = first.editions.iter().map(|(code, n)| format!("{code}/{n}")).collect();
        assert_eq!(published, ["JY-009/1", "LD-001/1", "SB-084/1"]);
        assert_eq!(first.calendar, Some(CalendarLoaded::New(1)));
        let entries = audited(&town.store).await;
        assert_eq!(heard(&town.store).await, ["calendar", "published", "published", "published"]);
        let again = load_pack(&town.catalog, &operator(), &pack, Publication::From(MONDAY.day())).await.unwrap();
        assert!(again.editions.is_empty() && again.closed.is_empty());
        assert_eq!(again.calendar, Some(CalendarLoaded::Known(1)));
        assert!(heard(&town.store).await.is_empty());
        assert_eq!(audited(&town.store).await, entries);
        // Another program sees the same from the database alone.
        let other = Catalog::open(town.catalog_kit()).await.unwrap();
        assert_eq!(other.current(&code("SB-084")), town.catalog.current(&code("SB-084")));
        assert_eq!(other.calendars().current().edition(), 1);
    }
}

impl Town {
    fn catalog_kit(&self) -> Kit {
        axum::extract::FromRef::from_ref(&self.catalog)
    }
}

on_both! {
    async fn a_changed_item_is_a_new_edition_from_its_day_and_running_cases_keep_theirs(database) {
        let town = town(&database).await;
        let mut pack = pack();
        load_pack(&town.catalog, &operator(), &pack, Publication::From(MONDAY.day())).await.unwrap();
        pack.items[0].facts.summary.zh.push('。');
        let from = date(2026, 3, 10);
        let loaded = load_pack(&town.catalog, &operator(), &pack, Publication::From(from)).await.unwrap();
        assert_eq!(loaded.editions, [(code("JY-009"), 2)]);
        let now = || town.catalog.current(&code("JY-009")).unwrap().edition;
        assert_eq!(now(), 1);
        town.clock.set(Timestamp::start_of(from));
        assert_eq!(now(), 2);
        let kept = town.catalog.edition(&code("JY-009"), 1).unwrap();
        assert_ne!(kept.facts.summary, pack.items[0].facts.summary);
        assert!(town.catalog.edition(&code("JY-009"), 3).is_none());
    }
}

on_both! {
    async fn an_item_that_the_pack_drops_is_closed_and_opens_again_when_it_returns(database) {
        let town = town(&database).await;
        let whole = pack();
        load_pack(&town.catalog, &operator(), &whole, Publication::From(MONDAY.day())).await.unwrap();
        let mut less = whole.clone();
        less.items.retain(|item| item.facts.code != code("LD-001"));
        let loaded = load_pack(&town.catalog, &operator(), &less, Publication::From(MONDAY.day())).await.unwrap();
        assert_eq!(loaded.closed, [code("LD-001")]);
        assert!(town.catalog.current(&code("LD-001")).is_none());
        assert!(town.catalog.edition(&code("LD-001"), 1).is_some());
        let loaded = load_pack(&town.catalog, &operator(), &whole, Publication::From(MONDAY.day())).await.unwrap();
        assert_eq!(loaded.editions, [(code("LD-001"), 1)]);
        assert!(town.catalog.current(&code("LD-001")).is_some());
    }
}

on_both! {
    async fn an_item_that_the_pack_drops_does_not_come_back_with_an_edition_of_a_later_day(database) {
        let town = town(&database).await;
        let whole = pack();
        let load = async |pack: &Pack, day| load_pack(&town.catalog, &operator(), pack, Publication::From(day)).await.unwrap();
        load(&whole, MONDAY.day()).await;
        let mut next = whole.clone();
        next.items.iter_mut().for_each(|item| item.facts.summary.zh.push('。'));
        let later = date(2026, 3, 10);
        load(&next, later).await;
        let mut less = whole.clone();
        less.items.retain(|item| item.facts.code != code("LD-001"));
        assert_eq!(load(&less, MONDAY.day()).await.closed, [code("LD-001")]);
        town.clock.set(Timestamp::start_of(later));
        assert!(town.catalog.current(&code("LD-001")).is_none());
        assert_eq!(town.catalog.current(&code("JY-009")).unwrap().edition, 2);
    }
}

on_both! {
    async fn another_notice_is_the_next_calendar_edition_and_whoever_counts_is_told(database) {
        let town = town(&database).await;
        let bureau: DivisionCode = "180100".parse().unwrap();
        let pack = pack();
        let source = town.catalog.calendar_source();
        assert_eq!(source().edition(), 0);
        let text = &pack.holidays;
        let cut: String = text.lines().filter(|line| !line.starts_with("2026")).fold(String::new(), |all, line| all + line + "\n");
        let first = load_calendar(&town.catalog, &operator(), bureau, &cut).await.unwrap();
        let second = load_calendar(&town.catalog, &operator(), bureau, text).await.unwrap();
        assert_eq!((first, second), (CalendarLoaded::New(1), CalendarLoaded::New(2)));
        assert_eq!(source().edition(), 2);
        assert!(source().published_years().any(|year| year == 2026));
        assert_eq!(heard(&town.store).await, ["calendar", "calendar"]);
        assert!(load_calendar(&town.catalog, &operator(), bureau, "nonsense").await.is_err());
        assert_eq!(source().edition(), 2);
    }
}

on_both! {
    async fn a_sheet_takes_the_place_of_the_one_before_and_is_closed_when_the_pack_has_it_no_more(database) {
        let town = town(&database).await;
        let mut pack = pack();
        pack.sheets = [("words".to_owned(), serde_json::json!([{"item": "JY-009", "words": ["失业"], "asked": [], "english": []}]))].into();
        let load = async |pack: &Pack| load_pack(&town.catalog, &operator(), pack, Publication::From(MONDAY.day())).await.unwrap().sheets;
        assert_eq!(load(&pack).await, ["words"]);
        assert!(load(&pack).await.is_empty());
        pack.sheets.insert("words".to_owned(), serde_json::json!([]));
        pack.sheets.insert("halls".to_owned(), serde_json::json!([]));
        assert_eq!(load(&pack).await, ["halls", "words"]);
        pack.sheets.clear();
        assert_eq!(load(&pack).await, ["halls", "words"]);
        assert!(load(&pack).await.is_empty());
        pack.sheets.insert("halls".to_owned(), serde_json::json!([]));
        assert_eq!(load(&pack).await, ["halls"]);
    }
}

on_both! {
    async fn what_is_in_force_leaves_as_a_pack_that_loads_without_changing_anything(database) {
        let town = town(&database).await;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/yunchuan");
        let mut files = Files::read(&folder).unwrap();
        testkit::only_items(&mut files.0, &["JY-001", "JY-009", "LD-001", "SB-084"]);
        let pack = Pack::check(&files).ok().unwrap();
        let load = async |pack: &Pack, publication| load_pack(&town.catalog, &operator(), pack, publication).await.unwrap();
        let today = Publication::From(MONDAY.day());
        // In force is something else than what the folder says, in items of both sorts and in sheets.
        let mut less = files.clone();
        less.0.retain(|path, _| !path.starts_with("items/SB-084/"));
        let mut other = Pack::check(&less).ok().unwrap();
        for item in other.items.iter_mut().filter(|item| item.facts.code != code("LD-001")) {
            item.facts.scope.push_str("（试点）");
        }
        for sheet in other.sheets.values_mut() {
            sheet.as_array_mut().unwrap().truncate(3);
        }
        load(&other, today).await;
        load(&pack, Publication::Draft).await;

        let out = catalog::export_pack(&town.catalog, (&files, &pack)).await.unwrap();
        let read = Pack::check(&out).map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap();
        let codes: Vec<&str> = read.items.iter().map(|item| item.facts.code.as_str()).collect();
        assert_eq!(codes, ["JY-001", "JY-009", "LD-001"]);
        let again = load(&read, today).await;
        assert!(again.editions.is_empty() && again.closed.is_empty(), "{again:?}");
        assert!(again.sheets.is_empty(), "{again:?}");
        // What is the same stays as it was written, and a general item keeps to the files of its kind.
        assert_eq!(out.0["items/LD-001/item.toml"], files.0["items/LD-001/item.toml"]);
        assert!(!out.0.contains_key("items/JY-001/flow.bpmn") && !out.0.contains_key("items/JY-001/form.json"));
    }
}
