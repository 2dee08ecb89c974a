//! The command line as it is written down: what the program prints, and how it ends.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::{Value, json};
use testkit::{Database, on_both};

use crate::{
    binary::{Browser, Installation},
    client::Call,
    crash::column,
    harness::{migrated, pack},
    simulated::smaller_pack,
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The program in the folder of the sources, where its pack lies.
fn yici(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yici"));
    command
        .current_dir(root())
        .args(arguments)
        .output()
        .unwrap()
}

/// What it prints when all is well.
#[track_caller]
fn printed(output: &Output) -> &str {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{errors}{}", out(output));
    out(output)
}

pub(crate) fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

#[test]
fn the_calendar_prints_every_day() {
    let output = yici(&["calendar", "table", "2020", "2026"]);
    let lines: Vec<&str> = printed(&output).lines().collect();
    assert_eq!(lines.len(), 7 * 365 + 2);
    assert_eq!(
        (lines[0], lines[2556]),
        ("2020-01-01\toff", "2026-12-31\twork")
    );
    for line in &lines {
        let (_, kind) = line.split_once('\t').unwrap();
        assert!(["off", "work"].contains(&kind), "{line}");
    }
    for known in [
        "2020-02-24\twork",
        "2024-02-04\twork",
        "2024-02-10\toff",
        "2024-02-18\twork",
    ] {
        assert!(lines.contains(&known), "{known}");
    }
    let backwards = yici(&["calendar", "table", "2026", "2020"]);
    assert_eq!(backwards.status.code(), Some(1));
}

#[test]
fn the_calendar_adds_periods() {
    for (start, period, end) in [
        ("2024-02-08", "5wd", "2024-02-21\n"),
        ("2024-02-08", "60cd", "2024-04-08\n"),
        ("2024-01-31", "3mon", "2024-04-30\n"),
        ("2026-12-30", "3wd", "2027-01-05\tprovisional\n"),
    ] {
        let output = yici(&["calendar", "add", start, period]);
        assert_eq!(printed(&output), end, "{start} {period}");
    }
    for (start, period, code) in [("2024-02-08", "5xx", 1), ("2024-02-30", "5wd", 2)] {
        let output = yici(&["calendar", "add", start, period]);
        assert_eq!(output.status.code(), Some(code), "{start} {period}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty());
    }
}

#[test]
fn numbers_are_checked() {
    for number in [
        "11010519491231002X",
        "11010519491231002x",
        "91350100M000100Y43",
    ] {
        assert_eq!(printed(&yici(&["id", "check", number])), "", "{number}");
    }
    for (number, reason) in [
        ("110105194912310021", "校验位不对"),
        ("11010519490231002X", "出生日期不存在"),
        ("1101051949", "应为 18 位"),
        ("91350100M000100Y44", "校验位不对"),
        ("91350100I000100Y43", "不允许的字符"),
    ] {
        let output = yici(&["id", "check", number]);
        assert_eq!(output.status.code(), Some(1), "{number}");
        assert!(out(&output).contains(reason), "{number}: {}", out(&output));
        assert_eq!(out(&output).lines().count(), 1);
    }
}

#[test]
fn the_api_document_is_the_one_that_is_kept() {
    let printed: Value = serde_json::from_str(printed(&yici(&["openapi"]))).unwrap();
    let kept = std::fs::read_to_string(root().join("openapi.json")).unwrap();
    let kept: Value = serde_json::from_str(&kept).unwrap();
    assert!(printed == kept, "`cargo xtask api` writes it anew");
}

#[test]
fn a_pack_is_checked() {
    let good = yici(&["pack", "check"]);
    assert!(
        printed(&good).contains(": 237 items, 0 faults, "),
        "{}",
        out(&good)
    );
    let folder = tempfile::tempdir().unwrap();
    smaller_pack(folder.path());
    let item = folder.path().join("items/LD-001/item.toml");
    let text = std::fs::read_to_string(&item).unwrap();
    std::fs::write(
        item,
        text.replace("item_type = \"01\"", "item_type = \"99\""),
    )
    .unwrap();
    let bad = yici(&["pack", "check", folder.path().to_str().unwrap()]);
    assert_eq!(bad.status.code(), Some(1), "{}", out(&bad));
    assert!(
        out(&bad).contains("items/LD-001/item.toml"),
        "{}",
        out(&bad)
    );
    assert!(!out(&bad).contains(" 0 faults"), "{}", out(&bad));
}

#[test]
fn the_simulator_prints_one_digest() {
    let folder = tempfile::tempdir().unwrap();
    smaller_pack(folder.path());
    let pack = folder.path().to_str().unwrap();
    let day = ["simulate", "--days", "1", "--per-day", "2", "--pack", pack];
    let run = |seed: &str| {
        let output = yici(&[&day[..], &["--seed", seed]].concat());
        printed(&output).lines().last().unwrap().to_owned()
    };
    let first = run("7");
    assert!(
        first.len() == 64 && first.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{first}"
    );
    assert_eq!(run("7"), first);
    assert_ne!(run("8"), first);
}

#[test]
fn the_doctor_finds_nothing_wrong_before_the_first_start() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let output = yici(&["doctor", "--data", data]);
    let lines: Vec<&str> = printed(&output).lines().collect();
    assert_eq!(lines.len(), 6, "{lines:?}");
    assert!(
        lines.iter().all(|line| line.starts_with("ok     ")),
        "{lines:?}"
    );
}

on_both! {
    async fn the_doctor_says_what_is_wrong(database) {
        let installation = Installation::new(database).await;
        let well = installation.run(&["doctor"]);
        assert!(printed(&well).contains("ok     database: answers; "), "{}", out(&well));
        // Another database that is there, and nothing in it.
        let empty = Database::empty(installation.database.kind).await;
        empty.open().await.close().await;
        let ill = installation.run_on(&empty, &["doctor"]);
        assert_eq!(ill.status.code(), Some(1), "{}", out(&ill));
        assert!(out(&ill).contains("WRONG  database: it has no schema: run `yici migrate`"), "{}", out(&ill));
    }
}

on_both! {
    async fn a_schema_is_brought_up_to_date_once(database) {
        let installation = Installation::new(database).await;
        let current = installation.run(&["migrate"]);
        assert_eq!(printed(&current), "The schema is up to date.\n");
        let empty = Database::empty(installation.database.kind).await;
        let first = installation.run_on(&empty, &["migrate"]);
        assert!(printed(&first).lines().all(|line| line.starts_with("applied 2026")), "{}", out(&first));
        let second = installation.run_on(&empty, &["migrate"]);
        assert_eq!(printed(&second), "The schema is up to date.\n");
    }
}

on_both! {
    async fn accounts_are_made_and_a_pack_is_loaded(database) {
        let installation = Installation::new(database).await;
        let folder = tempfile::tempdir().unwrap();
        smaller_pack(folder.path());
        let loaded = installation.run(&["pack", "load", "--pack", folder.path().to_str().unwrap()]);
        assert!(printed(&loaded).ends_with(" is loaded.\n"), "{}", out(&loaded));
        let without = installation.run(&["accounts", "staff", "lijuan"]);
        assert_eq!(without.status.code(), Some(1));
        let words = String::from_utf8_lossy(&without.stderr).into_owned();
        assert!(words.contains("YICI_PASSWORD"), "{words}");
        let number = "180121196611300479";
        for arguments in [&["accounts", "staff", "lijuan"][..], &["accounts", "citizen", "高长顺", number]] {
            let made = installation.run_with_password("Green-hills-77", arguments);
            assert_eq!(printed(&made).lines().last(), Some("The account is ready."));
        }
        // As OWASP recommends: argon2id, 19 MiB, two passes, one lane.
        let store = migrated(installation.database.options()).await;
        for (table, condition) in [("staff_account", "account = 'lijuan'"), ("person_account", "password_hash IS NOT NULL")] {
            let sql = format!("SELECT password_hash AS it FROM {table} WHERE {condition}");
            let hashes = column(&store, &sql).await;
            assert_eq!(hashes.len(), 1, "{table}");
            assert!(hashes[0].starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hashes[0]);
        }
        store.close().await;
        let server = installation.serve();
        let mut browser = Browser::open(server.address).await.unwrap();
        for (side, account) in [("staff", "lijuan"), ("citizen", number)] {
            let body = json!({ "account": account, "password": "Green-hills-77" });
            let call = Call::post(format!("/session/{side}"), &body).key("sign-in-0001");
            browser.call(&call).await.unwrap().good();
        }
        let items = browser.call(&Call::get("/items")).await.unwrap().good();
        assert_eq!(items["rows"].as_array().unwrap().len(), pack().items.len());
        drop(browser);
        server.stop();
    }
}

#[test]
fn a_word_that_is_not_known_ends_with_help() {
    for arguments in [&["serve", "--fast"][..], &["audit"], &["nothing"]] {
        let output = yici(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(words.contains("Usage: yici"), "{words}");
    }
}
