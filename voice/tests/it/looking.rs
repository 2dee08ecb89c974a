//! What staff see, and what they never see.

use serde_json::{Value, json};
use testkit::{MONDAY, on_both};

use crate::common::{ADA, City, case, person};

on_both! {
    async fn the_rater_and_the_case_appear_nowhere_for_staff(database) {
        let city = City::open(&database).await;
        city.close_for_ada(1, "180100/employment").await;
        city.clock.set(MONDAY.plus_seconds(3_661));
        city.rate(1, "ada", 5, "key-00001").await;
        city.rate(1, "ada", 1, "key-00002").await;
        city.work().await;
        let answer = city.get("/workbench/ratings", "city").await.body;
        let rows = answer["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 2);
        let fields: Vec<&String> = rows[0].as_object().unwrap().keys().collect();
        assert_eq!(fields, ["item_name", "stars", "gbt39046_code", "labels", "text", "addition", "given_in"]);
        let text = answer.to_string();
        assert!(!text.contains(&person(ADA).to_string()) && !text.contains(&case(1).to_string()));
        // The month, not the day.
        assert_eq!(rows[0]["given_in"], "2026-03");
        assert!(!text.contains("2026-03-0"), "{text}");
        let traces = city.traces().await;
        assert_eq!(traces.len(), 4, "two events and two audit entries");
        for trace in traces {
            assert!(!trace.contains(&person(ADA).to_string()) && trace.contains("rater"), "{trace}");
        }
    }
}

on_both! {
    async fn staff_see_the_ratings_of_their_organisations_only(database) {
        let city = City::open(&database).await;
        for (n, org) in [(1, "180100/employment"), (2, "180100/insurance/unemployment"), (3, "180100/insurance-cards"), (4, "180102/employment")] {
            city.close_for_ada(n, org).await;
            city.rate(n, "ada", 5, &format!("key-0000{n}")).await;
        }
        city.work().await;
        let count = |answer: &Value| (answer["rows"].as_array().unwrap().len(), answer["summary"]["rated"].clone());
        assert_eq!(count(&city.get("/workbench/ratings", "city").await.body), (3, json!(3)));
        assert_eq!(count(&city.get("/workbench/ratings", "insurance").await.body), (1, json!(1)));
        assert_eq!(count(&city.get("/workbench/ratings", "district").await.body), (1, json!(1)));
        assert_eq!(city.get("/workbench/ratings", "clerk").await.body["code"], "E1102");
        assert_eq!(city.get("/workbench/ratings", "ada").await.body["code"], "E1102");
    }
}

on_both! {
    async fn the_list_is_paged_and_filtered(database) {
        let city = City::open(&database).await;
        for n in 1..=5 {
            city.close_for_ada(n, "180100/employment").await;
            city.rate(n, "ada", i32::try_from(n).unwrap(), &format!("key-0000{n}")).await;
        }
        city.work().await;
        let mut stars = Vec::new();
        let mut path = "/workbench/ratings?limit=2".to_owned();
        loop {
            let page = city.get(&path, "city").await.body;
            stars.extend(page["rows"].as_array().unwrap().iter().map(|row| row["stars"].as_i64().unwrap()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/workbench/ratings?limit=2&cursor={next}");
        }
        stars.sort_unstable();
        assert_eq!(stars, [1, 2, 3, 4, 5]);
        let one = city.get("/workbench/ratings?stars=4", "city").await.body;
        assert_eq!(one["rows"].as_array().unwrap().len(), 1);
        let none = city.get("/workbench/ratings?to=2026-02&item=JY-009", "city").await.body;
        assert_eq!((none["rows"].clone(), none["summary"]["closed"].clone()), (json!([]), json!(0)));
        for (org, rated) in [("180100/employment,180100/cards", 5), ("180100", 5), ("180102", 0)] {
            let there = city.get(&format!("/workbench/ratings?org={org}"), "city").await.body;
            let rows = there["rows"].as_array().unwrap().len();
            assert_eq!((rows, &there["summary"]["rated"]), (rated, &json!(rated)), "{org}");
        }
        for wrong in ["org=x%20y", "stars=6", "from=2026-04", "from=2026-03-01", "to=tomorrow", "item=x", "cursor=00"] {
            let refused = city.get(&format!("/workbench/ratings?{wrong}"), "city").await;
            assert_eq!((refused.status.as_u16(), &refused.body["code"]), (400, &json!("E1014")), "{wrong}");
        }
    }
}

on_both! {
    async fn everybody_can_read_the_labels(database) {
        let city = City::open(&database).await;
        let levels = city.get("/rating-labels", "nobody").await.body;
        let best = &levels["rows"][0];
        assert_eq!((&best["stars"], &best["gbt39046_code"]), (&json!(5), &json!(1)));
        assert_eq!(best["level"], json!({"zh": "级5", "en": "Very satisfied"}));
        assert_eq!(best["labels"][0], json!({"code": "501", "text": {"zh": "标签501", "en": "label 501"}, "core": true}));
    }
}
