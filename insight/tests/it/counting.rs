//! Counters and the figures made of them.

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use testkit::{MONDAY, on_both};

use crate::common::{City, Happening, happens};

const DAY: i64 = 24 * 60 * 60;

async fn counters(city: &City) -> Vec<String> {
    let mut all = Vec::new();
    for sql in [
        "SELECT day || org || item || channel || ':' || received || ',' || accepted || ',' || closed || ',' || delivered || ',' \
         || granted || ',' || denied || ',' || on_time || ',' || one_visit || ',' || instant || ',' || corrected || ',' \
         || working_days_sum || ',' || stars_1 || stars_2 || stars_3 || stars_4 || stars_5 AS words FROM insight_daily ORDER BY 1",
        "SELECT org || coalesce(due_on, '-') || CAST(waiting AS text) AS words FROM insight_open ORDER BY 1",
        "SELECT org || due_on || closed_on AS words FROM insight_late ORDER BY 1",
        "SELECT item || name_zh || name_en AS words FROM insight_item ORDER BY 1",
    ] {
        all.extend(city.dump(sql).await);
    }
    all
}

fn decided(on_time: bool, visits: u8, working_days: u32) -> Value {
    json!({"on_time": on_time, "visits": visits, "working_days": working_days, "corrected": false})
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
    city.happen(happens(1, "case.granted", decided(true, 0, 1)))
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
    city.happen(happens(2, "case.denied", decided(false, 2, 4)))
        .await;
    city.happen(happens(3, "case.lapsed", json!({}))).await;
}

on_both! {
    async fn every_event_counts_once_however_often_the_log_is_read(database) {
        let city = City::open(&database).await;
        a_week(&city).await;
        city.count().await;
        let first = counters(&city).await;
        assert!(first.iter().any(|row| row.starts_with("2026-03-02180100/employmentJY-009online:5,5,1,1,1,0,1,1,1,0,1,00001")), "{first:?}");
        assert_eq!(insight::catch_up(&city.context).await.unwrap(), 0);
        assert_eq!(counters(&city).await, first);
        // Two readers at the same time (two programs) count no more than one.
        a_week(&city).await;
        let (one, other) = tokio::join!(insight::catch_up(&city.context), insight::catch_up(&city.context));
        assert!(one.is_ok() && other.is_ok());
        city.count().await;
        let twice = counters(&city).await;
        assert!(twice.iter().any(|row| row.contains("JY-009online:5,5,1,1,1,0,1,1,1,0,1,00001")), "{twice:?}");
        // Counted again from the beginning, the same log gives the same counters.
        let raw = sea_orm::Database::connect(&database.options().url).await.unwrap();
        for table in ["insight_cursor", "insight_daily", "insight_open", "insight_late", "insight_item"] {
            raw.execute_unprepared(&format!("DELETE FROM {table}")).await.unwrap();
        }
        raw.close().await.unwrap();
        city.count().await;
        assert_eq!(counters(&city).await, twice);
    }
}

on_both! {
    async fn todays_figures_come_with_their_numbers_and_the_week_before(database) {
        let city = City::open(&database).await;
        a_week(&city).await;
        city.clock.set(MONDAY.plus_seconds(7 * DAY));
        city.happen(happens(6, "case.received", json!({}))).await;
        city.count().await;
        let today = city.get("/insight/today", "city").await;
        assert_eq!((&today["received"], &today["closed"], &today["on_time_rate"]), (&json!(1), &json!(0), &json!(null)));
        // Case 4 passed its day; case 5 waits for the applicant.
        assert_eq!(today["overdue_now"], 1);
        let before = &today["week_before"];
        assert_eq!((&before["received"], &before["closed"], &before["delivered"]), (&json!(5), &json!(1), &json!(1)));
        assert_eq!((&before["on_time_rate"], &before["overdue_now"]), (&json!(1.0), &json!(0)));
        let received = today["spark"]["received"].as_array().unwrap();
        assert_eq!((received.len(), &received[13], &received[6]), (14, &json!(1), &json!(5)));
    }
}

on_both! {
    async fn ratings_are_told_for_thirty_whole_days_together_or_not_at_all(database) {
        let city = City::open(&database).await;
        a_week(&city).await;
        let rate = async |stars: i32, times: u128| {
            for n in 0..times {
                let given = json!({"stars": stars, "labels": []});
                city.happen(happens(100 + n, "rating.given", given)).await;
            }
            city.count().await;
        };
        let told = async || {
            let today = city.get("/insight/today", "city").await;
            let month = city.get("/insight/month", "city").await;
            let public = city.get("/insight/public", "nobody").await;
            let best = month["ratings"][0]["count"].as_i64().unwrap();
            (today["rating_mean"].clone(), today["rated"].as_i64().unwrap(), best, public["rating_mean"].clone())
        };
        // Nine in all, and then ten on a day that is not over: nothing is told.
        rate(5, 8).await;
        city.clock.set(MONDAY.plus_seconds(4 * DAY));
        assert_eq!(told().await, (json!(null), 0, 0, json!(null)));
        rate(1, 1).await;
        assert_eq!(told().await, (json!(null), 0, 0, json!(null)));
        city.clock.set(MONDAY.plus_seconds(5 * DAY));
        assert_eq!(told().await, (json!(4.6), 10, 9, json!(4.6)));
    }
}

on_both! {
    async fn the_month_shows_days_items_channels_and_organisations(database) {
        let city = City::open(&database).await;
        a_week(&city).await;
        city.happen(Happening { org: "180100/insurance/unemployment", ..happens(7, "case.received", json!({"channel": "window"})) }).await;
        city.count().await;
        let month = city.get("/insight/month", "city").await;
        let days = month["days"].as_array().unwrap();
        assert_eq!(days.len(), 30);
        assert_eq!(days[29], json!({"day": "2026-03-05", "received": 1, "accepted": 0, "closed": 2, "overdue": 1}));
        // Three were past their day on the 4th: two of them were closed on the 5th.
        assert_eq!((&days[28]["overdue"], &days[27]["overdue"]), (&json!(3), &json!(0)));
        assert_eq!(month["by_item"][0]["name"], json!({"zh": "失业登记", "en": "Registration"}));
        assert_eq!((&month["by_item"][0]["mean_working_days"], &month["by_item"][0]["received"]), (&json!(2.5), &json!(6)));
        assert_eq!(month["by_channel"], json!([{"channel": "online", "received": 5}, {"channel": "window", "received": 1}]));
        assert_eq!(month["by_org"], json!([
            {"org": "180100/employment", "name": "就业服务中心", "open": 2, "overdue": 1},
            {"org": "180100/insurance/unemployment", "name": "180100/insurance/unemployment", "open": 1, "overdue": 0}]));
    }
}

on_both! {
    async fn figures_stay_within_the_organisations_of_the_caller(database) {
        let city = City::open(&database).await;
        for (n, org) in [(1, "180100/employment"), (2, "180100/insurance/unemployment"), (3, "180100/insurance-cards"), (4, "180102/employment")] {
            city.happen(Happening { org, ..happens(n, "case.received", json!({})) }).await;
        }
        city.count().await;
        for (token, received) in [("city", 3), ("insurance", 1), ("district", 1)] {
            assert_eq!(city.get("/insight/today", token).await["received"], received, "{token}");
            assert_eq!(city.get("/insight/month", token).await["by_org"].as_array().unwrap().len(), received, "{token}");
        }
        for token in ["clerk", "ada"] {
            assert_eq!(city.get("/insight/today", token).await["code"], "E1102");
        }
        assert_eq!(city.get("/insight/month", "nobody").await["code"], "E1101");
    }
}

on_both! {
    async fn the_published_figures_are_for_everybody_and_counted_once_a_minute(database) {
        let city = City::open(&database).await;
        a_week(&city).await;
        city.count().await;
        let public = city.get("/insight/public", "nobody").await;
        assert_eq!((&public["one_visit_rate"], &public["on_time_rate"]), (&json!(0.5), &json!(0.5)));
        assert_eq!((&public["mean_working_days"], &public["rating_mean"]), (&json!(2.5), &json!(null)));
        city.happen(happens(4, "case.granted", decided(true, 1, 1))).await;
        city.count().await;
        assert_eq!(city.get("/insight/public", "nobody").await, public);
        city.clock.set(MONDAY.plus_seconds(3 * DAY + 60));
        assert_eq!(city.get("/insight/public", "nobody").await["basis"]["on_time"], json!({"numerator": 2, "denominator": 3}));
    }
}

on_both! {
    async fn an_event_that_cannot_be_read_stops_nothing(database) {
        let city = City::open(&database).await;
        city.happen(happens(1, "case.received", json!({"org": 7}))).await;
        city.happen(happens(2, "case.received", json!({}))).await;
        city.count().await;
        assert_eq!(city.get("/insight/today", "city").await["received"], 1);
        let open = city.dump("SELECT org AS words FROM insight_open").await;
        assert_eq!(open, ["180100/employment"]);
    }
}

on_both! {
    async fn a_follower_counts_what_happens_while_it_runs(database) {
        let city = City::open(&database).await;
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let follower = tokio::spawn(insight::follow(city.context.clone(), stopped));
        city.happen(happens(1, "case.received", json!({}))).await;
        while city.get("/insight/today", "city").await["received"] != 1 {
            tokio::task::yield_now().await;
        }
        stop.send(true).unwrap();
        follower.await.unwrap();
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
        let days = city.dump("SELECT due_on AS words FROM insight_open ORDER BY 1").await;
        assert_eq!(days, ["2026-03-06", "2026-03-11", "2026-03-12"]);
    }
}
