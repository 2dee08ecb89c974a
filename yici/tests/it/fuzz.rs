//! Random requests, from a seed: whatever comes, nothing breaks and nothing is half-done.

use axum::http::Method;
use kernel::Entropy as _;
use serde_json::{Map, Value, json};
use store::system::SeededEntropy;
use testkit::on_both;

use crate::{
    client::Call,
    harness::{TestApp, stream},
    replay::replays,
    roles::{
        ROLES,
        fixtures::{Content, Fixtures, stage_of},
        operations,
    },
};

/// Requests to each endpoint.
const ROUNDS: u64 = 30;
/// Texts that have broken programs before.
const TEXTS: [&str; 16] = [
    "",
    " ",
    "\u{0}",
    "a\u{0}b",
    "'; DROP TABLE event; --",
    "😀",
    "\u{202E}abc",
    "\u{FEFF}",
    "%00",
    "../../etc/passwd",
    "2026-02-30",
    "9999-12-31",
    "case_00000000000000000000000000",
    "-1",
    "\r\n\t",
    "null",
];

fn pick<'a, T>(dice: &mut SeededEntropy, from: &'a [T]) -> &'a T {
    &from[usize::try_from(dice.below(from.len() as u64)).unwrap()]
}

fn nasty(dice: &mut SeededEntropy) -> Value {
    match dice.below(9) {
        0 => Value::Null,
        1 => json!(i64::MIN),
        2 => json!(u64::MAX),
        3 => json!(1e300),
        4 => json!([[[]]]),
        5 => json!({ "": {} }),
        6 => json!("字".repeat(3_000)),
        7 => json!(dice.below(2) == 0),
        _ => json!(pick(dice, &TEXTS)),
    }
}

/// The same body with something changed somewhere.
fn mutated(dice: &mut SeededEntropy, body: &Value) -> Value {
    match body {
        Value::Object(fields) if !fields.is_empty() && dice.below(8) > 0 => {
            let mut fields: Map<String, Value> = fields.clone();
            let keys: Vec<String> = fields.keys().cloned().collect();
            let key = pick(dice, &keys).clone();
            match dice.below(6) {
                0 => drop(fields.remove(&key)),
                1 => drop(fields.insert(pick(dice, &TEXTS).to_string(), nasty(dice))),
                _ => {
                    let inner = mutated(dice, &fields[&key]);
                    fields.insert(key, inner);
                }
            }
            Value::Object(fields)
        }
        Value::Array(list) if !list.is_empty() && dice.below(4) > 0 => {
            let mut list = list.clone();
            let at = usize::try_from(dice.below(list.len() as u64)).unwrap();
            list[at] = mutated(dice, &list[at]);
            if dice.below(4) == 0 {
                list = std::iter::repeat_n(list[at].clone(), 150).collect();
            }
            Value::Array(list)
        }
        _ => nasty(dice),
    }
}

fn encoded(text: &str) -> String {
    let bytes: Vec<String> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    bytes.concat()
}

fn query(dice: &mut SeededEntropy) -> String {
    const NAMES: [&str; 17] = [
        "cursor",
        "limit",
        "query",
        "view",
        "item",
        "stage",
        "channel",
        "from",
        "to",
        "order",
        "which",
        "org",
        "state",
        "stars",
        "subject",
        "applicant",
        "surface",
    ];
    const VALUES: [&str; 10] = [
        "all",
        "open",
        "dead",
        "person",
        "intake",
        "2026-03-02",
        "0",
        "5",
        "7b7d",
        "workbench",
    ];
    let count = dice.below(4);
    let pairs: Vec<String> = (0..count)
        .map(|_| {
            let name = *pick(dice, &NAMES);
            let value = if dice.below(2) == 0 {
                *pick(dice, &VALUES)
            } else {
                *pick(dice, &TEXTS)
            };
            format!("{name}={}", encoded(value))
        })
        .collect();
    pairs.join("&")
}

/// A call with an id, the query, the version or the body changed.
fn twisted(
    dice: &mut SeededEntropy,
    method: &Method,
    path: &str,
    content: Content,
    version: Option<i64>,
) -> Call {
    let mut path = path.to_owned();
    if dice.below(4) == 0 {
        let parts: Vec<&str> = path.split('/').collect();
        let at = usize::try_from(dice.below(parts.len() as u64)).unwrap();
        let mut parts: Vec<String> = parts.into_iter().map(ToOwned::to_owned).collect();
        let text = *pick(dice, &TEXTS);
        parts[at] = encoded(text);
        path = parts.join("/");
    }
    if dice.below(2) == 0 {
        let joint = if path.contains('?') { '&' } else { '?' };
        path = format!("{path}{joint}{}", query(dice));
    }
    let mut call = Call::new(
        method.clone(),
        if path.starts_with('/') {
            path
        } else {
            format!("/{path}")
        },
    );
    call = match content {
        Content::Nothing => call,
        Content::File => {
            let bytes: Vec<u8> = (0..dice.below(400))
                .map(|n| u8::try_from(n % 251).unwrap())
                .collect();
            call.file(
                pick::<&str>(dice, &["a.png", "", "\u{202E}gnp.exe", "a\"b.png"]),
                &bytes,
            )
        }
        Content::Part => {
            let offset = usize::try_from(dice.below(3)).unwrap();
            let bytes = vec![b'%'; usize::try_from(dice.below(200)).unwrap()];
            call.part(offset, &bytes)
        }
        Content::Json(body) => call.json(&mutated(dice, &body)),
    };
    match (version, dice.below(5)) {
        (_, 0) => call.header("if-match", "\"-1\""),
        (_, 1) | (None, _) => call,
        (Some(version), _) => call.version(version),
    }
}

on_both! {
    async fn no_request_breaks_the_program(database) {
        let app = TestApp::new(database).await;
        let mut fixtures = Fixtures::new(&app).await;
        let mut dice = stream("fuzz");
        for operation in operations(&app) {
            let (method, path) = &operation;
            let stage = stage_of(method, path);
            for round in 0..ROUNDS {
                app.later(1);
                let (name, role) = *pick(&mut dice, &ROLES);
                let who = role.sign_in(&app).await;
                let target = fixtures.target(&app, &operation, stage, who.as_ref()).await;
                let mut call = twisted(&mut dice, method, &target.path, target.content, target.version);
                if let Some(who) = &who {
                    call = call.by(who);
                }
                let shown = format!("{name}, round {round}: {} {} {}", call.method, call.path, String::from_utf8_lossy(&call.content));
                let answer = app.call(call).await;
                assert!(answer.status < 500, "{shown}\n{} {}", answer.status, answer.text);
                if answer.status >= 400 {
                    assert!(answer.code().starts_with('E'), "{shown}\n{}", answer.text);
                } else if *method != Method::GET {
                    fixtures.used(&app, path, stage).await;
                }
            }
        }
        // Whatever was done is whole.
        replays(&app.app.kit.store).await;
    }
}
