//! Requests and jobs in programs of their own: `yici serve --no-jobs` beside `yici work`.

use std::time::Duration;

use serde_json::json;
use testkit::on_both;

use crate::{
    binary::{Browser, Installation},
    client::{Call, Who},
    crash::column,
    harness::{migrated, pack},
};

/// Longer than anybody waits for a registration that a rule grants.
const WAIT_MAX: Duration = Duration::from_mins(1);

/// An application for what a rule grants at once, sent in; tells the path of its case.
pub(crate) async fn apply(browser: &mut Browser, who: &Who) -> String {
    let items = &pack().items;
    let item = items.iter().find(|one| one.facts.code.as_str() == "JY-009");
    let form = &item.unwrap().examples["granted"].form;
    let open = Call::post("/cases", &json!({ "item": "JY-009" }));
    let opened = browser.call(&open.key("open-0001").by(who)).await.unwrap();
    let path = format!("/cases/{}", opened.good()["case_id"].as_str().unwrap());
    let save = Call::put(format!("{path}/form"), &json!({ "data": form })).version(2);
    let saved = browser.call(&save.key("save-0001").by(who)).await.unwrap();
    saved.good();
    let submit = json!({ "declaration": true, "electronic_service": true });
    let submit = Call::post(format!("{path}/submit"), &submit).version(3);
    let sent = browser.call(&submit.key("submit-01").by(who)).await;
    sent.unwrap().good();
    path
}

/// How many jobs of a database wait, how often one was taken, and what came of them for citizens.
async fn jobs(installation: &Installation) -> [i64; 3] {
    let store = migrated(installation.database.options()).await;
    let sql = "SELECT CAST(COUNT(*) AS text) AS it FROM job \
        UNION ALL SELECT CAST(COALESCE(SUM(attempts), 0) AS text) FROM job \
        UNION ALL SELECT CAST(COUNT(*) AS text) FROM person_message";
    let counts = column(&store, sql).await;
    store.close().await;
    [0, 1, 2].map(|at| counts[at].parse().unwrap())
}

/// Whether the applicant has heard that he has what he applied for.
async fn granted(browser: &mut Browser, who: &Who, path: &str) -> bool {
    let unread = Call::get("/messages/unread").by(who);
    let unread = browser.call(&unread).await.unwrap().good()["count"].as_i64();
    let case = browser.call(&Call::get(path).by(who)).await.unwrap().good();
    unread.unwrap() > 0 && case["outcome"] == "granted"
}

on_both! {
    async fn jobs_are_left_to_a_program_of_their_own(database) {
        let installation = Installation::new(database).await;
        let server = installation.serve_with(&["--no-jobs"]);
        let mut browser = Browser::open(server.address).await.unwrap();
        let who = browser.sign_in("person-2", "portal").await;
        let path = apply(&mut browser, &who).await;
        drop(browser);
        server.stop();
        let [waiting, taken, messages] = jobs(&installation).await;
        assert!(waiting > 0);
        assert_eq!((taken, messages), (0, 0), "a program that was told not to took jobs");

        let server = installation.serve_with(&["--no-jobs"]);
        let worker = installation.work();
        let mut browser = Browser::open(server.address).await.unwrap();
        let hears = async { while !granted(&mut browser, &who, &path).await {} };
        let heard = tokio::time::timeout(WAIT_MAX, hears).await;
        assert!(heard.is_ok(), "`yici work` did not work");
        drop(browser);
        server.stop();
        worker.stop();
    }
}
