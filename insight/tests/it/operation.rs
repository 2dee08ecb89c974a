//! The operator's and the auditor's view.

use std::collections::BTreeMap;

use kernel::limits::JOB_ATTEMPTS_MAX;
use serde_json::json;
use testkit::{MONDAY, on_both};

use crate::common::{City, Hopeless, case, happens};

async fn with_dead_letter(city: &City) {
    city.run(Hopeless("180100")).await;
    let mut now = MONDAY;
    for _ in 0..JOB_ATTEMPTS_MAX {
        city.store
            .run_due_jobs(&BTreeMap::new(), now)
            .await
            .unwrap();
        now = now.plus_seconds(20_000);
    }
}

on_both! {
    async fn a_dead_letter_is_listed_sent_again_once_and_audited(database) {
        let city = City::open(&database).await;
        with_dead_letter(&city).await;
        let dead = city.get("/jobs?state=dead", "city").await;
        let row = &dead["rows"][0];
        assert_eq!((&row["kind"], &row["attempts"], &row["state"]), (&json!("test.hopeless"), &json!(JOB_ATTEMPTS_MAX), &json!("dead")));
        assert_eq!(row["last_error"], "nobody handles test.hopeless");
        assert_eq!(city.get("/jobs?state=waiting", "city").await["rows"], json!([]));
        let job = row["job_id"].as_str().unwrap().to_owned();
        let path = format!("/jobs/{job}/retry");
        assert_eq!(city.post(&path, "city", "key-00001").await, json!({"job_id": job}));
        assert_eq!(city.post(&path, "city", "key-00002").await["code"], "E1601");
        let waiting = city.get("/jobs?state=waiting", "city").await;
        assert_eq!((&waiting["rows"][0]["job_id"], &waiting["rows"][0]["attempts"]), (&json!(job), &json!(0)));
        assert_eq!(city.store.lease_jobs(MONDAY, 10).await.unwrap().len(), 1);
        let audit = city.get(&format!("/audit?subject={job}"), "city").await;
        assert_eq!((&audit["rows"][0]["action"], &audit["rows"][0]["actor"]["kind"]), (&json!("job.retry"), &json!("staff")));
    }
}

on_both! {
    async fn jobs_and_audit_of_another_agency_are_out_of_reach(database) {
        let city = City::open(&database).await;
        with_dead_letter(&city).await;
        let row = city.get("/jobs", "city").await["rows"][0].clone();
        // Before anything is refused: a refusal becomes an entry of the agency that reached too far.
        assert_eq!(city.get("/audit", "district").await["rows"], json!([]));
        assert_eq!(city.get("/jobs", "district").await["rows"], json!([]));
        let path = format!("/jobs/{}/retry", row["job_id"].as_str().unwrap());
        assert_eq!(city.post(&path, "district", "key-00001").await["code"], "E1012");
        for path in ["/jobs", "/audit"] {
            assert_eq!(city.get(path, "clerk").await["code"], "E1102");
            assert_eq!(city.get(path, "ada").await["code"], "E1102");
            assert_eq!(city.get(path, "nobody").await["code"], "E1101");
        }
    }
}

on_both! {
    async fn dead_letters_are_paged(database) {
        let city = City::open(&database).await;
        for _ in 0..5 {
            with_dead_letter(&city).await;
        }
        let mut seen = std::collections::BTreeSet::new();
        let mut path = "/jobs?state=dead&limit=2".to_owned();
        loop {
            let page = city.get(&path, "city").await;
            seen.extend(page["rows"].as_array().unwrap().iter().map(|row| row["job_id"].to_string()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/jobs?state=dead&limit=2&cursor={next}");
        }
        assert_eq!(seen.len(), 5);
        assert_eq!(city.get("/jobs?state=lost", "city").await["code"], "E1014");
    }
}

on_both! {
    async fn the_audit_log_is_searched_by_subject_and_day_newest_first(database) {
        let city = City::open(&database).await;
        for (n, hours) in [(1, 0), (2, 0), (1, 14), (1, 16)] {
            city.clock.set(MONDAY.plus_seconds(hours * 3_600));
            city.happen(happens(n, "case.received", json!({}))).await;
        }
        let path = format!("/audit?subject={}", case(1));
        let all = city.get(&path, "city").await;
        let times: Vec<&str> = all["rows"].as_array().unwrap().iter().map(|row| row["at"].as_str().unwrap()).collect();
        assert_eq!(times, ["2026-03-02T17:00:00Z", "2026-03-02T15:00:00Z", "2026-03-02T01:00:00Z"]);
        // One in the morning in Beijing is the next day.
        let day = city.get(&format!("{path}&from=2026-03-03&to=2026-03-03"), "city").await;
        assert_eq!(day["rows"].as_array().unwrap().len(), 1);
        let row = &day["rows"][0];
        assert_eq!((&row["action"], &row["outcome"], &row["actor"]), (&json!("test.happen"), &json!("done"), &json!({"kind": "system", "id": "test", "employer_id": null})));
        let first = city.get("/audit?limit=3", "city").await;
        let next = city.get(&format!("/audit?limit=3&cursor={}", first["next"].as_str().unwrap()), "city").await;
        assert_eq!((first["rows"].as_array().unwrap().len(), next["rows"].as_array().unwrap().len()), (3, 1));
        assert_eq!(city.get("/audit?from=2026-03-03&to=2026-03-01", "city").await["code"], "E1014");
        assert_eq!(city.get("/audit?subject=%00", "city").await["code"], "E1014");
    }
}
