//! Numbers, names and addresses stand sealed: not in the database, not in the files, not in the log.

use std::path::Path;

use serde_json::json;
use testkit::{Database, Kind};

use crate::{
    binary::{Browser, Installation},
    client::Call,
    harness::pack,
};

/// What must not be found anywhere: a number, names, mobiles, an address, words of an opinion.
const PERSONAL: [&str; 9] = [
    "180103198508230050",
    "180121196611300479",
    "陈志强",
    "高长顺",
    "13800000002",
    "13800000077",
    "铸锻路22号",
    "Yunchuan-2026",
    "家里有事",
];

/// An application on line, one at the counter, and mistakes in between.
async fn live(browser: &mut Browser) {
    let citizen = browser.sign_in("person-2", "portal").await;
    let item = pack()
        .items
        .iter()
        .find(|one| one.facts.code.as_str() == "JY-009")
        .unwrap();
    let form = item.examples["granted"].form.clone();
    let opened = browser
        .call(
            &Call::post("/cases", &json!({ "item": "JY-009" }))
                .key("open-0001")
                .by(&citizen),
        )
        .await
        .unwrap()
        .good();
    let path = format!("/cases/{}", opened["case_id"].as_str().unwrap());
    let save = Call::put(format!("{path}/form"), &json!({ "data": form })).version(2);
    browser
        .call(&save.key("save-0001").by(&citizen))
        .await
        .unwrap()
        .good();
    let submit = json!({ "declaration": true, "electronic_service": true });
    let submit = Call::post(format!("{path}/submit"), &submit)
        .version(3)
        .key("submit-01")
        .by(&citizen);
    browser.call(&submit).await.unwrap().good();
    let clerk = browser.sign_in("staff-lijuan", "workbench").await;
    let applicant =
        json!({ "kind": "person", "name": "高长顺", "citizen_no": "180121196611300479" });
    let counter = Call::post(
        "/counter/cases",
        &json!({ "item": "JY-009", "applicant": applicant }),
    );
    let opened = browser
        .call(&counter.key("counter-1").by(&clerk))
        .await
        .unwrap()
        .good();
    let path = format!("/cases/{}", opened["case_id"].as_str().unwrap());
    let data = json!({ "data": { "mobile": "13800000077", "address": "云川市西岭区铸锻路22号" } });
    let save = Call::put(format!("{path}/form"), &data)
        .version(2)
        .key("save-0002")
        .by(&clerk);
    browser.call(&save).await.unwrap().good();
    for (path, body) in [
        (
            "/session/citizen",
            json!({ "account": "180103198508230050", "password": "Yunchuan-2026" }),
        ),
        (
            "/accounts",
            json!({ "name": "陈志强", "citizen_no": "180103198508230050", "mobile": "13800000077", "password": "Yunchuan-2026" }),
        ),
        (
            "/cases",
            json!({ "item": "JY-009", "陈志强": "180103198508230050" }),
        ),
    ] {
        let answer = browser
            .call(&Call::post(path, &body).key("wrong-001").by(&citizen))
            .await
            .unwrap();
        assert!(answer.status < 500, "{path}: {}", answer.text);
    }
    let reader = browser.sign_in("staff-chenjing", "workbench").await;
    let search = Call::post(
        "/workbench/case-searches",
        &json!({ "query": "180103198508230050" }),
    );
    browser.call(&search.by(&reader)).await.unwrap().good();
}

fn search(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            search(&path, found);
            continue;
        }
        let content = std::fs::read(&path).unwrap();
        for text in PERSONAL {
            let bytes = text.as_bytes();
            if content.windows(bytes.len()).any(|part| part == bytes) {
                found.push(format!("{text} stands in {}", path.display()));
            }
        }
    }
}

#[tokio::test]
async fn nothing_personal_stands_open_in_database_files_or_log() {
    let installation = Installation::new(Database::create(Kind::Sqlite).await).await;
    let server = installation.serve();
    let mut browser = Browser::open(server.address).await.unwrap();
    live(&mut browser).await;
    drop(browser);
    server.stop();
    let database = installation
        .database
        .options()
        .url
        .trim_start_matches("sqlite:")
        .to_owned();
    let mut found = Vec::new();
    search(Path::new(&database).parent().unwrap(), &mut found);
    search(installation.folder.path(), &mut found);
    assert!(
        std::fs::read_to_string(installation.log())
            .unwrap()
            .contains("answered"),
        "the log is there"
    );
    assert_eq!(found, Vec::<String>::new());
}
