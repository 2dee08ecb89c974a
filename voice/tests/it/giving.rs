//! Who may rate, how often, and with which labels.

use kernel::ids::EmployerId;
use serde_json::json;
use testkit::{id, on_both};

use crate::common::{ADA, City, case, person};

on_both! {
    async fn the_owner_rates_once_and_adds_once(database) {
        let city = City::open(&database).await;
        city.close_for_ada(1, "180100/employment").await;
        let path = format!("/cases/{}/rating", case(1));
        let before = city.get(&path, "ada").await.body;
        assert_eq!((&before["can_rate"], &before["can_add"], &before["rating"]), (&json!(true), &json!(false), &json!(null)));
        let first = city.rate(1, "ada", 5, "key-00001").await;
        assert_eq!(first.body, json!({"case_id": case(1), "addition": false}));
        // The same request again gets the same answer and adds nothing.
        assert_eq!(city.rate(1, "ada", 5, "key-00001").await.body, first.body);
        assert_eq!(city.rate(1, "ada", 2, "key-00002").await.body["addition"], true);
        assert_eq!(city.rate(1, "ada", 2, "key-00003").await.body["code"], "E1403");
        let after = city.get(&path, "ada").await.body;
        assert_eq!((&after["can_rate"], &after["can_add"]), (&json!(false), &json!(false)));
        let rating = &after["rating"];
        assert_eq!((&rating["stars"], &rating["gbt39046_code"]), (&json!(5), &json!(1)));
        assert_eq!(rating["labels"], json!(["标签501"]));
        assert_eq!(rating["text"], "很快");
        assert_eq!((&after["addition"]["stars"], &after["addition"]["gbt39046_code"]), (&json!(2), &json!(4)));
    }
}

on_both! {
    async fn only_the_owner_in_his_role_rates_and_only_what_is_closed(database) {
        let city = City::open(&database).await;
        city.close_for_ada(1, "180100/employment").await;
        city.close(2, "180100/labour", json!({"employer": id::<EmployerId>(5), "agent": person(ADA)})).await;
        let refused = city.rate(1, "bea", 5, "key-00001").await;
        assert_eq!((refused.status.as_u16(), &refused.body["code"]), (404, &json!("E1012")));
        assert_eq!(city.get(&format!("/cases/{}/rating", case(1)), "bea").await.body["code"], "E1012");
        // The agent acts for the enterprise; for himself he is not its owner.
        assert_eq!(city.rate(2, "ada", 5, "key-00001").await.body["code"], "E1012");
        assert_eq!(city.rate(2, "agent", 4, "key-00001").await.status, 200);
        assert_eq!(city.rate(3, "ada", 5, "key-00002").await.body["code"], "E1401");
        let early = city.get(&format!("/cases/{}/rating", case(3)), "ada").await;
        assert_eq!((early.status.as_u16(), &early.body["can_rate"], &early.body["can_add"]), (200, &json!(false), &json!(false)));
        assert_eq!(city.rate(1, "nobody", 5, "key-00001").await.body["code"], "E1101");
        assert_eq!(city.rate(1, "clerk", 5, "key-00001").await.body["code"], "E1102");
    }
}

on_both! {
    async fn labels_belong_to_their_level_and_every_field_is_checked(database) {
        let city = City::open(&database).await;
        city.close_for_ada(1, "180100/employment").await;
        let send = |body| city.call("POST", "/ratings", "ada", "key-00001", body);
        let rating = |stars: i64, labels| json!({"case_id": case(1), "stars": stars, "labels": labels, "anonymous": true});
        assert_eq!(send(rating(5, json!(["501", "401"]))).await.body["code"], "E1402");
        assert_eq!(send(rating(0, json!([]))).await.body["faults"][0]["pointer"], "/stars");
        assert_eq!(send(rating(99_999_999_999, json!([]))).await.status, 422);
        let mut long = rating(5, json!([]));
        long["text"] = json!("长".repeat(kernel::limits::TEXT_CHARS_MAX + 1));
        assert_eq!(send(long).await.body["faults"][0]["pointer"], "/text");
        let mut other = rating(5, json!([]));
        other["person_id"] = json!("person_1");
        assert_eq!(send(other).await.body["faults"][0]["code"], "E1029");
        // No label and no text is a rating too.
        assert_eq!(send(rating(3, json!([]))).await.status, 200);
    }
}

on_both! {
    async fn what_was_written_is_shown_to_staff_and_stands_nowhere_in_the_clear(database) {
        let city = City::open(&database).await;
        city.close_for_ada(1, "180100/employment").await;
        for (text, key) in [("窗口的小李帮我填的，电话13800000001", "key-00001"), ("后来也很好", "key-00002")] {
            let given = json!({"case_id": case(1), "stars": 5, "labels": [], "text": text, "anonymous": true});
            assert_eq!(city.call("POST", "/ratings", "ada", key, given).await.status, 200);
        }
        city.work().await;
        let shown = city.get("/workbench/ratings", "city").await.body;
        let mut texts: Vec<_> = shown["rows"].as_array().unwrap().iter().map(|row| row["text"].as_str().unwrap()).collect();
        texts.sort_unstable();
        assert_eq!(texts, ["后来也很好", "窗口的小李帮我填的，电话13800000001"]);
        let own = city.get(&format!("/cases/{}/rating", case(1)), "ada").await.body;
        assert_eq!(own["addition"]["text"], "后来也很好");
        let stored = city.stored_ratings().await;
        assert_eq!(stored.len(), 2);
        for words in ["13800000001", "后来也很好"] {
            let bytes = words.as_bytes();
            assert!(stored.iter().all(|sealed| !sealed.windows(bytes.len()).any(|part| part == bytes)), "{words}");
        }
    }
}

on_both! {
    async fn a_case_that_is_not_rated_stays_unrated(database) {
        let city = City::open(&database).await;
        city.close_for_ada(1, "180100/employment").await;
        city.close_for_ada(2, "180100/employment").await;
        assert_eq!(city.rate(1, "ada", 1, "key-00001").await.status, 200);
        city.work().await;
        let summary = &city.get("/workbench/ratings", "city").await.body["summary"];
        assert_eq!(summary, &json!({"rated": 1, "closed": 2, "stars": {"1": 1, "2": 0, "3": 0, "4": 0, "5": 0}}));
    }
}

on_both! {
    async fn an_invitation_told_twice_counts_one_closed_case(database) {
        let city = City::open(&database).await;
        city.close_for_ada(1, "180100/employment").await;
        let handlers = voice::jobs(&city.context);
        let lease = store::jobs::Lease {
            bureau: "180100".parse().unwrap(), job: id(9), fence: 1, attempts: 1, kind: "voice.invite".into(),
            payload: json!({"id": kernel::ids::Id::uuid(case(1)), "at": testkit::MONDAY, "body": {
                "item": "JY-009", "name": {"zh": "失业登记"}, "org": "180100/employment", "channel": "online",
                "notify": person(ADA), "owner": {"person": person(ADA)}}}).to_string(),
            ended: store::jobs::Ended::default(),
        };
        assert!(handlers["voice.invite"].run(&lease, testkit::MONDAY).await.is_err(), "its lease was never given");
        let summary = &city.get("/workbench/ratings", "city").await.body["summary"];
        assert_eq!(summary["closed"], 1);
    }
}
