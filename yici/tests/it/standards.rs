//! Standards of items: drafted, reviewed, published from a day on, suspended, ended; running cases
//! keep theirs.

use catalog::{Publication, load_pack, pack::Pack};
use kernel::ports::Items as _;
use serde_json::{Value, json};
use testkit::on_both;
use yici::city;

use crate::{
    client::{Answer, Call},
    harness::{TestApp, pack},
    story::Story,
};

const DECLARED: fn() -> Value = || json!({ "declaration": true, "electronic_service": true });

/// The version of an item.
pub(crate) async fn version(app: &TestApp, code: &str) -> i64 {
    let reader = app.staff("cenruo").await;
    let call = Call::get(format!("/workbench/items/{code}")).by(&reader);
    let answer = app.call(call).await;
    let tag = answer.headers["etag"].to_str().unwrap();
    tag.trim_matches('"').parse().unwrap()
}

/// Drafts the next edition of an item, as a pack with other words has it; gives its number.
pub(crate) async fn draft(app: &TestApp, code: &str) -> i64 {
    let mut items = pack().items.clone();
    let mut all = items.iter_mut();
    let item = all.find(|item| item.facts.code.as_str() == code).unwrap();
    item.facts.summary.zh.push_str("（新）");
    let changed = Pack {
        items,
        ..pack().clone()
    };
    let operator = city::operator().unwrap();
    let loaded = load_pack(&app.app.catalog, &operator, &changed, Publication::Draft)
        .await
        .unwrap();
    let (drafted, edition) = &loaded.editions[0];
    assert_eq!((drafted.as_str(), loaded.editions.len()), (code, 1));
    i64::from(*edition)
}

/// Does something with an edition.
pub(crate) async fn act(
    app: &TestApp,
    who: &str,
    (code, edition): (&str, i64),
    body: &Value,
) -> Answer {
    let what = if body.get("right").is_some() {
        "review"
    } else {
        "standing"
    };
    let seen = version(app, code).await;
    let path = format!("/workbench/items/{code}/editions/{edition}/{what}");
    let who = app.staff(who).await;
    app.call(Call::post(path, body).by(&who).version(seen))
        .await
}

/// An edition as staff see it.
async fn edition(app: &TestApp, who: &str, code: &str, edition: i64) -> Value {
    let who = app.staff(who).await;
    let standard = app.get(&who, &format!("/workbench/items/{code}")).await;
    let editions = standard["editions"].as_array().unwrap();
    editions
        .iter()
        .find(|one| one["edition"] == edition)
        .unwrap()
        .clone()
}

async fn guide(app: &TestApp, code: &str) -> Value {
    app.call(Call::get(format!("/items/{code}"))).await.good()
}

on_both! {
    async fn a_draft_is_reviewed_and_published_from_its_day_and_a_running_case_keeps_its_edition(database) {
        let app = TestApp::new(database).await;
        app.at("2026-03-02T09:00:00");
        let mut story = Story::named(&app, "SB-084", "granted");
        story.draft().await;
        let mut running = Story::named(&app, "SB-084", "denied");
        running.submit(true).await.good();
        let number = draft(&app, "SB-084").await;
        let next = ("SB-084", number);
        assert_eq!(edition(&app, "cenruo", "SB-084", number).await["acts"], json!(["review"]));
        assert_eq!(edition(&app, "wenli", "SB-084", number).await["acts"], json!(["retire"]));
        let publish = json!({ "act": "publish", "effective": "2026-03-10" });
        act(&app, "wenli", next, &publish).await.refused(409, "E1045");
        act(&app, "cenruo", next, &json!({ "right": true })).await.good();
        act(&app, "cenruo", next, &json!({ "right": true })).await.refused(409, "E1045");
        let late = json!({ "act": "publish", "effective": "2026-03-01" });
        act(&app, "wenli", next, &late).await.refused(422, "E1002");
        act(&app, "wenli", next, &publish).await.good();
        assert_eq!(guide(&app, "SB-084").await["edition"], 1);

        app.at("2026-03-10T09:00:00");
        assert_eq!(guide(&app, "SB-084").await["edition"], 2);
        assert_eq!(edition(&app, "wenli", "SB-084", 1).await["state"], "retired");
        let history = edition(&app, "wenli", "SB-084", 2).await["history"].clone();
        let told: Vec<(&str, &str)> = history.as_array().unwrap().iter()
            .map(|one| (one["act"].as_str().unwrap(), one["by"].as_str().unwrap())).collect();
        assert_eq!(told, [("draft", ""), ("review", "岑若溪"), ("publish", "闻立行")]);
        let path = format!("/cases/{}", story.case);
        assert_eq!(app.get(&story.applicant().await, &path).await["edition"], 1);

        // A draft that lay is moved to what is in force, and shown again first.
        let whose = story.applicant().await;
        app.act(&whose, &story.case, "submit", &DECLARED()).await.refused(409, "E1236");
        let moved = app.get(&whose, &path).await;
        assert_eq!((&moved["edition"], &moved["state"]), (&json!(2), &json!("DRAFT")));
        app.act(&whose, &story.case, "submit", &DECLARED()).await.good();

        // What was submitted before keeps to the edition it was submitted under.
        running.act("zhoumin", "pre-pass", &json!({})).await.good();
        running.accept("zhoumin").await.good();
        let path = format!("/cases/{}", running.case);
        assert_eq!(app.get(&running.applicant().await, &path).await["edition"], 1);

        let mut later = Story::named(&app, "SB-084", "corrected");
        let whose = later.draft().await;
        assert_eq!(app.get(&whose, &format!("/cases/{}", later.case)).await["edition"], 2);
    }
}

on_both! {
    async fn a_suspended_item_takes_no_new_application_says_why_and_goes_on_by_itself(database) {
        let app = TestApp::new(database).await;
        app.at("2026-03-02T09:00:00");
        let mut running = Story::named(&app, "JY-009", "denied");
        running.submit(true).await.good();
        let mut begun = Story::named(&app, "JY-009", "granted");
        let applicant = begun.draft().await;
        let suspend = json!({ "act": "suspend", "reason": "系统升级。", "until": "2026-03-04" });
        act(&app, "cenruo", ("JY-009", 1), &suspend).await.refused(403, "E1102");
        act(&app, "wenli", ("JY-009", 1), &suspend).await.good();

        let told = app.act(&applicant, &begun.case, "submit", &DECLARED()).await.refused(409, "E1043");
        let detail = told["detail"].as_str().unwrap();
        assert!(detail.contains("系统升级。预计到 2026-03-04。"), "{detail}");
        let call = Call::post("/cases", &json!({ "item": "JY-009" })).by(&app.citizen("180103198508230050").await);
        app.call(call).await.refused(409, "E1043");
        assert_eq!(guide(&app, "JY-009").await["suspended"], json!({ "reason": "系统升级", "until": "2026-03-04" }));
        let rows = app.call(Call::get("/items")).await.good()["rows"].clone();
        let row = rows.as_array().unwrap().iter().find(|row| row["code"] == "JY-009").cloned();
        assert_eq!(row.unwrap()["open"], false);
        let page = app.call(Call::outside("/guide/JY-009")).await.text;
        assert!(page.contains("暂停办理") && !page.contains("/items/JY-009/apply"));
        // What runs goes on.
        running.review("chenjing", "deny").await.good();

        app.at("2026-03-05T09:00:00");
        assert_eq!(guide(&app, "JY-009").await["suspended"], Value::Null);
        app.act(&begun.applicant().await, &begun.case, "submit", &DECLARED()).await.good();
    }
}

on_both! {
    async fn an_item_that_the_bureau_ends_is_gone_and_loading_the_pack_again_does_not_bring_it_back(database) {
        let app = TestApp::new(database).await;
        let end = json!({ "act": "retire", "reason": "法律修改，不再办理" });
        act(&app, "wenli", ("JY-009", 1), &end).await.good();
        app.call(Call::get("/items/JY-009")).await.refused(404, "E1213");
        act(&app, "wenli", ("JY-009", 1), &end).await.refused(409, "E1045");
        city::load_named(&app.app, pack()).await.unwrap();
        app.call(Call::get("/items/JY-009")).await.refused(404, "E1213");
        let known = app.app.catalog.known(&"JY-009".parse().unwrap()).unwrap();
        assert_eq!(known.edition, 1, "figures and lists go on calling it by its name");
        assert_eq!(edition(&app, "wenli", "JY-009", 1).await["reason"], "法律修改，不再办理");
    }
}

on_both! {
    async fn who_looked_before_somebody_else_acted_is_told(database) {
        let app = TestApp::new(database).await;
        let seen = version(&app, "JY-009").await;
        let suspend = json!({ "act": "suspend", "reason": "系统升级" });
        act(&app, "wenli", ("JY-009", 1), &suspend).await.good();
        let who = app.staff("wenli").await;
        let path = "/workbench/items/JY-009/editions/1/standing";
        let late = Call::post(path, &json!({ "act": "resume" })).by(&who).version(seen);
        app.call(late).await.refused(409, "E1010");
        act(&app, "wenli", ("JY-009", 1), &json!({ "act": "resume" })).await.good();
    }
}

on_both! {
    async fn whose_post_covers_a_district_alone_changes_nothing_in_all_of_the_city(database) {
        let app = TestApp::new(database).await;
        let chief = app.staff("shimin").await;
        let rows = app.get(&chief, "/staff?org=180102").await["rows"].clone();
        let row = rows.as_array().unwrap().iter().find(|row| row["account"] == "hanmei").unwrap().clone();
        let path = format!("/staff/{}/posts", row["staff_id"].as_str().unwrap());
        let posts = json!({ "posts": [{ "post": "standards_publisher", "org": "180102" }] });
        app.call(Call::put(path, &posts).by(&chief).version(row["version"].as_i64().unwrap())).await.good();
        let end = json!({ "act": "retire", "reason": "本区不再办理" });
        act(&app, "hanmei", ("JY-009", 1), &end).await.refused(403, "E1102");
        assert_eq!(edition(&app, "hanmei", "JY-009", 1).await["acts"], json!([]));
        assert_eq!(edition(&app, "wenli", "JY-009", 1).await["acts"], json!(["suspend", "retire"]));
    }
}

on_both! {
    async fn a_review_sends_back_drafts_and_ends_nothing_in_force(database) {
        let app = TestApp::new(database).await;
        let wrong = json!({ "right": false, "reason": "材料名称有误" });
        act(&app, "cenruo", ("SB-084", 1), &wrong).await.refused(409, "E1045");
        let number = draft(&app, "SB-084").await;
        act(&app, "cenruo", ("SB-084", number), &json!({ "right": false })).await.refused(422, "E1002");
        act(&app, "cenruo", ("SB-084", number), &wrong).await.good();
        let sent_back = edition(&app, "cenruo", "SB-084", number).await;
        assert_eq!((&sent_back["state"], &sent_back["reason"]), (&json!("retired"), &json!("材料名称有误")));
        assert_eq!(guide(&app, "SB-084").await["edition"], 1);
    }
}

on_both! {
    async fn an_edition_that_comes_later_is_suspended_and_resumed_with_the_one_before(database) {
        let app = TestApp::new(database).await;
        app.at("2026-03-02T09:00:00");
        let next = ("SB-084", draft(&app, "SB-084").await);
        act(&app, "cenruo", next, &json!({ "right": true })).await.good();
        act(&app, "wenli", next, &json!({ "act": "publish", "effective": "2026-03-10" })).await.good();
        let suspend = json!({ "act": "suspend", "reason": "系统升级" });
        act(&app, "wenli", ("SB-084", 1), &suspend).await.good();
        app.at("2026-03-10T09:00:00");
        let told = guide(&app, "SB-084").await;
        assert_eq!((&told["edition"], &told["suspended"]["reason"]), (&json!(2), &json!("系统升级")));
        act(&app, "wenli", next, &json!({ "act": "resume" })).await.good();
        assert_eq!(guide(&app, "SB-084").await["suspended"], Value::Null);
    }
}

on_both! {
    async fn an_edition_published_during_a_suspension_is_resumed_with_the_one_before(database) {
        let app = TestApp::new(database).await;
        app.at("2026-03-02T09:00:00");
        let suspend = json!({ "act": "suspend", "reason": "系统升级" });
        let first = ("JY-009", 1);
        act(&app, "wenli", first, &suspend).await.good();
        let next = ("JY-009", draft(&app, "JY-009").await);
        act(&app, "cenruo", next, &json!({ "right": true })).await.good();
        act(&app, "wenli", next, &json!({ "act": "publish", "effective": "2026-03-12" })).await.good();
        act(&app, "wenli", first, &json!({ "act": "resume" })).await.good();
        app.at("2026-03-12T09:00:00");
        let told = guide(&app, "JY-009").await;
        assert_eq!((&told["edition"], &told["suspended"]), (&json!(2), &Value::Null));
    }
}

on_both! {
    async fn who_reviewed_an_edition_does_not_publish_it_in_another_post_either(database) {
        let app = TestApp::new(database).await;
        app.at("2026-03-02T09:00:00");
        let next = ("SB-084", draft(&app, "SB-084").await);
        act(&app, "cenruo", next, &json!({ "right": true })).await.good();
        let chief = app.staff("jiangbo").await;
        let rows = app.get(&chief, "/staff?org=180100").await["rows"].clone();
        let row = rows.as_array().unwrap().iter().find(|row| row["account"] == "cenruo").unwrap().clone();
        let path = format!("/staff/{}/posts", row["staff_id"].as_str().unwrap());
        let posts = json!({ "posts": [{ "post": "standards_publisher", "org": "180100" }] });
        app.call(Call::put(path, &posts).by(&chief).version(row["version"].as_i64().unwrap())).await.good();
        let publish = json!({ "act": "publish", "effective": "2026-03-10" });
        act(&app, "cenruo", next, &publish).await.refused(403, "E1044");
        act(&app, "wenli", next, &publish).await.good();
    }
}

on_both! {
    async fn an_item_that_is_ended_does_not_come_back_with_an_edition_of_a_later_day_nor_with_the_pack(database) {
        let app = TestApp::new(database).await;
        app.at("2026-03-02T09:00:00");
        let next = ("SB-084", draft(&app, "SB-084").await);
        act(&app, "cenruo", next, &json!({ "right": true })).await.good();
        act(&app, "wenli", next, &json!({ "act": "publish", "effective": "2026-03-10" })).await.good();
        let end = |reason: &str| json!({ "act": "retire", "reason": reason });
        act(&app, "wenli", ("SB-084", 1), &end(" 。")).await.refused(422, "E1002");
        act(&app, "wenli", ("SB-084", 1), &end("法律修改")).await.good();
        city::load_named(&app.app, pack()).await.unwrap();
        app.at("2026-03-10T09:00:00");
        app.call(Call::get("/items/SB-084")).await.refused(404, "E1213");
        assert_eq!(edition(&app, "wenli", "SB-084", 2).await["state"], "retired");
    }
}

on_both! {
    async fn editions_come_into_force_in_the_order_of_their_days(database) {
        let app = TestApp::new(database).await;
        app.at("2026-03-02T09:00:00");
        let later = ("SB-084", draft(&app, "SB-084").await);
        act(&app, "cenruo", later, &json!({ "right": true })).await.good();
        act(&app, "wenli", later, &json!({ "act": "publish", "effective": "2026-03-20" })).await.good();
        let mut urgent = pack().clone();
        let item = urgent.items.iter_mut().find(|item| item.facts.code.as_str() == "SB-084").unwrap();
        item.facts.summary.zh.push_str("（更正）");
        let operator = city::operator().unwrap();
        let today = Publication::From("2026-03-05".parse().unwrap());
        load_pack(&app.app.catalog, &operator, &urgent, today).await.unwrap();
        for (day, number) in [("2026-03-04", 1), ("2026-03-05", 3), ("2026-03-20", 2)] {
            app.at(&format!("{day}T09:00:00"));
            assert_eq!(guide(&app, "SB-084").await["edition"], number, "{day}");
        }
    }
}
