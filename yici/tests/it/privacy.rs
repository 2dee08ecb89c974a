//! Numbers, names and addresses stand sealed: not in the database, not in the files, not in the log.

use std::path::Path;

use serde_json::json;
use testkit::{Database, Kind, on_both};

use crate::{
    apart::apply,
    binary::{Browser, Installation},
    client::Call,
    crash::column,
    harness::migrated,
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
    apply(browser, &citizen).await;
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

/// The rows of every table as PostgreSQL prints them: texts as they are, bytes in hexadecimal.
async fn search_tables(database: &Database, found: &mut Vec<String>) {
    let store = migrated(database.options()).await;
    let tables = "SELECT CAST(table_name AS text) AS it FROM information_schema.tables \
        WHERE table_schema = 'public'";
    let tables = column(&store, tables).await;
    assert!(tables.len() > 20, "{tables:?}");
    for table in tables {
        let rows = format!("SELECT CAST(every AS text) AS it FROM {table} AS every");
        let rows = column(&store, &rows).await.concat();
        for text in PERSONAL {
            let bytes = seal::hex::encode(text.as_bytes());
            if rows.contains(text) || rows.contains(&bytes) {
                found.push(format!("{text} stands in {table}"));
            }
        }
    }
    store.close().await;
}

on_both! {
    async fn nothing_personal_stands_open_in_database_files_or_log(database) {
        let installation = Installation::new(database).await;
        let server = installation.serve();
        let mut browser = Browser::open(server.address).await.unwrap();
        live(&mut browser).await;
        drop(browser);
        server.stop();
        let mut found = Vec::new();
        match installation.database.kind {
            Kind::Sqlite => {
                let file = installation.database.options().url.trim_start_matches("sqlite:");
                search(Path::new(file).parent().unwrap(), &mut found);
            }
            Kind::Postgres => search_tables(&installation.database, &mut found).await,
        }
        search(installation.folder.path(), &mut found);
        let log = std::fs::read_to_string(installation.log()).unwrap();
        assert!(log.contains("answered"), "the log is there");
        assert_eq!(found, Vec::<String>::new());
    }
}
