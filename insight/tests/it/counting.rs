//! Counters and the figures made of them.

use std::collections::BTreeMap;

use insight::copies::{Copies, Copy};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use store::events;
use testkit::{Database, MONDAY, on_both};
use uuid::Uuid;

use crate::common::{City, happens};

const DAY: i64 = 24 * 60 * 60;

async fn counters(city: &City) -> Vec<String> {
    let mut all = Vec::new();
    for sql in [
        "SELECT grain || span || org || item || channel || ':' || received || ',' || accepted || ',' || closed || ',' || delivered || ',' \
         || granted || ',' || denied || ',' || on_time || ',' || limited || ',' || within_law || ',' || one_visit || ',' || instant || ',' || corrected || ',' \
         || working_days_sum || ',' || days_0 || days_1 || days_2 || days_3 || days_5 || ',' || stars_1 || stars_2 || stars_3 || stars_4 || stars_5 AS words \
         FROM insight_count ORDER BY 1",
        "SELECT org || coalesce(due_on, '-') || coalesce(statutory_on, '-') || CAST(waiting AS text) || visits AS words FROM insight_case ORDER BY 1",
        "SELECT org || due_on || ':' || cases AS words FROM insight_due ORDER BY 1",
        "SELECT org || due_on || closed_on || ':' || cases AS words FROM insight_overrun ORDER BY 1",
        "SELECT item || name_zh || name_en AS words FROM insight_item ORDER BY 1",
    ] {
        all.extend(city.dump(sql).await);
    }
    all
}

/// Tables of what is counted.
const COUNTED: [&str; 5] = [
    "insight_count",
    "insight_case",
    "insight_due",
    "insight_overrun",
    "insight_item",
];

async fn forget(database: &Database, tables: &[&str]) {
    let raw = sea_orm::Database::connect(&database.options().url)
        .await
        .unwrap();
    for table in tables {
        let sql = format!("DELETE FROM {table}");
        raw.execute_unprepared(&sql).await.unwrap();
    }
    raw.close().await.unwrap();
}

fn decided(on_time: bool, working_days: u32) -> Value {
    json!({"on_time": on_time, "working_days": working_days, "corrected": false})
}

/// A week in which one case is granted in time, one late, one lapses, two stay open.
async fn a_week(city: &City) {
    for n in 1..=5 {
        // Two come on line: received when they are submitted, and counted once.
        if n <= 2 {
            city.happen(happens(n, "case.submitted", json!({}))).await;
        }
        city.happen(happens(n, "case.received", json!({}))).await;
        let promise =
            json!({"mode": "regular", "promised_on": "2026-03-03", "statutory_on": "2026-04-01"});
        city.happen(happens(n, "case.accepted", promise)).await;
    }
    city.happen(happens(1, "case.granted", decided(true, 1)))
        .await;
    city.happen(happens(
        1,
        "case.delivered",
        json!({"method": "electronic"}),
    ))
    .await;
    city.happen(happens(
        1,
        "rating.given",
        json!({"stars": 5, "labels": ["510"]}),
    ))
    .await;
    city.happen(happens(
        5,
        "case.correction_noticed",
        json!({"due_on": "2026-03-10"}),
    ))
    .await;
    city.clock.set(MONDAY.plus_seconds(3 * DAY));
    city.happen(happens(2, "case.denied", decided(false, 4)))
        .await;
    city.happen(happens(3, "case.lapsed", json!({}))).await;
}

on_both! {
    async fn every_event_counts_once_however_often_the_log_is_read(database) {
        let city = City::open(&database).await;
        a_week(&city).await;
        city.count().await;
        let first = counters(&city).await;
        let day = "day2026-03-02180100/employmentonline:5,5,1,1,1,0,1,1,1,1,1,0,1,01000,00001";
        assert!(first.iter().any(|row| row == day), "{first:?}");
        let month = "item_month2026-03180100/employmentJY-009online:5,5,3,1,1,1,1,2,2,1,2,0,5,01001,00001";
        assert!(first.iter().any(|row| row == month), "{first:?}");
        assert_eq!(insight::catch_up(&city.context).await.unwrap(), 0);
        assert_eq!(counters(&city).await, first);
        // Two readers at the same time (two programs) count no more than one.
        a_week(&city).await;
        let (one, other) = tokio::join!(insight::catch_up(&city.context), insight::catch_up(&city.context));
        assert!(one.is_ok() && other.is_ok());
        city.count().await;
        let twice = counters(&city).await;
        assert_ne!(twice, first);
        // Counted again from the beginning, the same log gives the same counters.
        forget(&database, &["insight_cursor"]).await;
        forget(&database, &COUNTED).await;
        city.count().await;
        assert_eq!(counters(&city).await, twice);
    }
}

/// The events written so far by case, as the reader of the log gets them.
async fn logs(city: &City) -> BTreeMap<Uuid, Vec<events::Model>> {
    let mut logs: BTreeMap<Uuid, Vec<events::Model>> = BTreeMap::new();
    let all = city
        .store
        .events_after(events::Position::default(), 500)
        .await;
    for event in all.unwrap() {
        logs.entry(event.stream_id).or_default().push(event);
    }
    logs
}

on_both! {
    async fn a_copy_counts_as_its_log_would(database) {
        let city = City::open(&database).await;
        a_week(&city).await;
        city.count().await;
        let followed = counters(&city).await;
        let logs = logs(&city).await;
        let count = async |days, bureau: &str| {
            let mut copies = Copies::default();
            for (id, log) in &logs {
                let copy = Copy {
                    bureau: bureau.to_owned(),
                    case: *id,
                    org: format!("{bureau}/employment"),
                    item: "JY-009".to_owned(),
                    name: kernel::item::Words { zh: "失业登记".to_owned(), en: "Registration".to_owned() },
                    hall: String::new(),
                    days,
                    presses: None,
                };
                copies.add(&city.context, &city.context.case_log(log).unwrap(), &copy);
            }
            copies.write(&city.context).await.unwrap();
        };
        // Other days, another agency: nothing that was counted changes, and nothing is read again.
        count(-7, "180102").await;
        assert_eq!(insight::catch_up(&city.context).await.unwrap(), 0);
        let both = counters(&city).await;
        let day = "day2026-02-23180102/employmentonline:5,5,1,1,1,0,1,1,1,1,1,0,1,01000,00001";
        assert!(both.iter().any(|row| row == day), "{both:?}");
        assert!(followed.iter().all(|row| both.contains(row)));
        assert_eq!(both.len(), 2 * followed.len());
        // The same days in the same agency: twice as much, and without the log as much as with it.
        forget(&database, &["insight_case"]).await;
        count(0, "180100").await;
        let twice = city.get("/insight/figures?bureau=180100", "city").await;
        assert_eq!((&twice["figures"]["received"], &twice["figures"]["open"]), (&json!(10), &json!(4)));
        forget(&database, &COUNTED).await;
        count(0, "180100").await;
        assert_eq!(counters(&city).await, followed);
    }
}

on_both! {
    async fn an_event_that_cannot_be_read_stops_nothing(database) {
        let city = City::open(&database).await;
        city.happen(happens(1, "case.received", json!({"org": 7}))).await;
        city.happen(happens(2, "case.received", json!({}))).await;
        city.count().await;
        assert_eq!(city.get("/insight/figures", "city").await["figures"]["received"], 1);
        let open = city.dump("SELECT org AS words FROM insight_case").await;
        assert_eq!(open, ["180100/employment"]);
    }
}

on_both! {
    async fn a_follower_counts_what_happens_while_it_runs(database) {
        let city = City::open(&database).await;
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let follower = tokio::spawn(insight::follow(city.context.clone(), stopped));
        city.happen(happens(1, "case.received", json!({}))).await;
        while city.get("/insight/figures", "city").await["figures"]["received"] != 1 {
            tokio::task::yield_now().await;
        }
        stop.send(true).unwrap();
        follower.await.unwrap();
    }
}

on_both! {
    async fn the_published_figures_are_for_everybody_and_counted_once_a_minute(database) {
        let city = City::open(&database).await;
        a_week(&city).await;
        city.count().await;
        let public = city.get("/insight/public", "nobody").await;
        assert_eq!((&public["one_visit_rate"], &public["on_time_rate"]), (&json!(1.0), &json!(0.5)));
        assert_eq!((&public["mean_working_days"], &public["rating_mean"]), (&json!(2.5), &json!(null)));
        city.happen(happens(4, "case.granted", decided(true, 1))).await;
        city.count().await;
        assert_eq!(city.get("/insight/public", "nobody").await, public);
        city.clock.set(MONDAY.plus_seconds(3 * DAY + 60));
        assert_eq!(city.get("/insight/public", "nobody").await["basis"]["on_time"], json!({"numerator": 2, "denominator": 3}));
    }
}

on_both! {
    async fn a_limit_counted_anew_moves_the_day_on_which_a_case_is_late(database) {
        let city = City::open(&database).await;
        // One waits for acceptance, one was accepted without a promise, one with.
        for n in 1..=3 {
            let clocks = json!({"clocks": [{"clock": "acceptance", "due_on": "2026-03-09"}]});
            city.happen(happens(n, "case.received", clocks)).await;
        }
        let statutory = json!({"mode": "regular", "statutory_on": "2026-03-10"});
        city.happen(happens(2, "case.accepted", statutory)).await;
        let promised = json!({"mode": "regular", "promised_on": "2026-03-05", "statutory_on": "2026-03-10"});
        city.happen(happens(3, "case.accepted", promised)).await;
        for (n, clock, old, new) in [
            (1, "acceptance", "2026-03-09", "2026-03-11"),
            (2, "statutory", "2026-03-10", "2026-03-12"),
            (3, "statutory", "2026-03-10", "2026-03-12"),
            (3, "promised", "2026-03-05", "2026-03-06"),
        ] {
            let body = json!({"clock": clock, "old": old, "new": {"due_on": new}});
            city.happen(happens(n, "case.clock_recomputed", body)).await;
        }
        city.count().await;
        let days = city.dump("SELECT due_on AS words FROM insight_due WHERE item <> '' ORDER BY 1").await;
        assert_eq!(days, ["2026-03-06", "2026-03-11", "2026-03-12"]);
        let law = city.dump("SELECT coalesce(statutory_on, '-') AS words FROM insight_case ORDER BY 1").await;
        assert_eq!(law, ["-", "2026-03-12", "2026-03-12"]);
    }
}
