//! The server is killed under load: what it acknowledged is there once, what it did not may be sent
//! again, and nothing is half-done.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use kernel::Entropy as _;
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use store::Store;
use testkit::on_both;
use tokio::sync::Notify;

use crate::{
    binary::{Browser, Installation},
    client::Call,
    harness::{pack, stream},
    replay::{places_are_taken, replays},
};

/// People who write at the same time.
const WRITERS: usize = 12;

/// What a writer saw.
#[derive(Default)]
struct Seen {
    /// Acknowledged: case and version.
    acknowledged: Vec<(String, i64)>,
    /// The request nobody answered.
    unanswered: Option<Call>,
}

/// What all writers share.
struct Load {
    done: AtomicU64,
    kill_at: u64,
    enough: Notify,
}

/// Writes until the server is gone: opens drafts, saves, submits, withdraws.
async fn write(address: SocketAddr, person: usize, load: Arc<Load>) -> Seen {
    let mut seen = Seen::default();
    let mut browser = Browser::open(address).await.unwrap();
    let ticket = json!({ "provider": "demo", "ticket": format!("person-{}", person + 1) });
    let Ok(session) = browser
        .call(&Call::post("/session/provider", &ticket).key("sign-in-0001"))
        .await
    else {
        return seen;
    };
    let cookie = session.cookie();
    let form = &pack()
        .items
        .iter()
        .find(|item| item.facts.code.as_str() == "SB-084")
        .unwrap()
        .examples["granted"]
        .form;
    for round in 0.. {
        let mut case: Option<(String, i64)> = None;
        let steps: [(&str, Value); 5] = [
            ("", json!({ "item": "SB-084" })),
            ("form", json!({ "data": {} })),
            ("form", json!({ "data": form })),
            (
                "submit",
                json!({ "declaration": true, "electronic_service": true }),
            ),
            ("withdraw", json!({ "reason": "" })),
        ];
        for (step, (act, body)) in steps.into_iter().enumerate() {
            let key = format!("crash-{person:03}-{round:05}-{step}");
            let call = match &case {
                None => Call::post("/cases", &body),
                Some((id, version)) => {
                    let path = format!("/cases/{id}/{act}");
                    let call = if act == "form" {
                        Call::put(path, &body)
                    } else {
                        Call::post(path, &body)
                    };
                    call.version(*version)
                }
            };
            let call = call.key(&key).header("cookie", cookie.clone());
            let Ok(answer) = browser.call(&call).await else {
                seen.unanswered = Some(call);
                return seen;
            };
            assert!(answer.status < 500, "{}", answer.text);
            if answer.status != 200 {
                // Somebody who may not apply just now; a job was faster than his next act.
                break;
            }
            let id = answer.body["case_id"].as_str().unwrap().to_owned();
            let version = answer.body["version"].as_i64().unwrap();
            seen.acknowledged.push((id.clone(), version));
            case = Some((id, version));
            if load.done.fetch_add(1, Ordering::SeqCst) + 1 == load.kill_at {
                load.enough.notify_one();
            }
        }
    }
    seen
}

pub(crate) async fn column(store: &Store, sql: &str) -> Vec<String> {
    let read = store.read();
    let rows = read
        .query_all_raw(Statement::from_string(read.get_database_backend(), sql))
        .await
        .unwrap();
    rows.iter()
        .map(|row| row.try_get("", "it").unwrap())
        .collect()
}

/// Every series of numbers runs 1, 2, 3, … and its counter says how far.
async fn numbers_have_no_gaps(store: &Store) {
    let mut serials: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for number in column(
        store,
        "SELECT number AS it FROM case_file WHERE number IS NOT NULL",
    )
    .await
    {
        let (series, serial) = number.split_at(number.len() - 4);
        serials
            .entry(series.to_owned())
            .or_default()
            .push(serial.parse().unwrap());
    }
    assert!(!serials.is_empty());
    let given = serials.values().map(Vec::len).sum::<usize>().to_string();
    let counted =
        "SELECT CAST(SUM(value) AS text) AS it FROM case_counter WHERE series LIKE 'case/%'";
    assert_eq!(column(store, counted).await, [given]);
    for (series, mut found) in serials {
        found.sort_unstable();
        let wanted: Vec<u32> = (1..=u32::try_from(found.len()).unwrap()).collect();
        assert_eq!(found, wanted, "{series}");
    }
}

/// Works off what is due an hour later, when nobody holds a lease of the server that is gone and
/// whatever failed has been tried again and again.
async fn work_off(installation: &Installation) {
    let app = installation.app().await;
    let later = app.kit.clock.now().plus_seconds(3_600);
    let handlers = app.handlers();
    app.kit.store.run_due_jobs(&handlers, later).await.unwrap();
    installation.leave(app).await;
}

/// No job gave up, and of each event that is told the applicant has heard once, by one short message
/// at most.
async fn told_once(store: &Store) {
    let dead = "SELECT kind || ': ' || last_error AS it FROM job WHERE state = 'dead'";
    assert_eq!(column(store, dead).await, Vec::<String>::new());
    let cases = |kind: &str| {
        format!("SELECT CAST(COUNT(*) AS text) AS it FROM event WHERE kind = '{kind}'")
    };
    let mut told = 0;
    for kind in ["case.submitted", "case.withdrawn"] {
        let happened = column(store, &cases(kind)).await;
        let heard = format!(
            "SELECT CAST(COUNT(*) AS text) AS it FROM person_message WHERE template = '{kind}'"
        );
        assert_eq!(column(store, &heard).await, happened, "{kind}");
        told += happened[0].parse::<usize>().unwrap();
    }
    assert!(told > 0);
    let posted = column(store, &cases("message.posted")).await;
    let messages = "SELECT CAST(COUNT(*) AS text) AS it FROM person_message";
    assert_eq!(column(store, messages).await, posted);
    let twice = "SELECT CAST(COUNT(*) AS text) AS it FROM message_dispatch GROUP BY message_id HAVING COUNT(*) > 1";
    assert_eq!(column(store, twice).await, Vec::<String>::new());
    let sent = "SELECT DISTINCT state AS it FROM message_dispatch";
    assert_eq!(column(store, sent).await, ["sent"]);
    let outbox = "SELECT CAST(COUNT(*) AS text) AS it FROM demo_outbox";
    let dispatched = "SELECT CAST(COUNT(*) AS text) AS it FROM message_dispatch";
    assert_eq!(column(store, outbox).await, column(store, dispatched).await);
    // The box counts what lies in it.
    let boxes = "SELECT CAST(SUM(last_seq) AS text) AS it FROM person_message_box";
    assert_eq!(column(store, boxes).await, column(store, messages).await);
}

async fn survives(installation: Installation, seed: &str) {
    let server = installation.serve();
    let mut dice = stream(seed);
    let load = Arc::new(Load {
        done: AtomicU64::new(0),
        kill_at: 120 + dice.below(200),
        enough: Notify::new(),
    });
    let writers: Vec<_> = (0..WRITERS)
        .map(|person| tokio::spawn(write(server.address, person, Arc::clone(&load))))
        .collect();
    load.enough.notified().await;
    server.kill();
    let mut given = Vec::new();
    for writer in writers {
        given.push(writer.await.unwrap());
    }

    let in_flight = given.iter().filter(|one| one.unanswered.is_some()).count();
    assert!(in_flight > WRITERS / 2, "{in_flight} requests were cut off");

    let server = installation.serve();
    let mut cases: BTreeSet<String> = BTreeSet::new();
    for one in &mut given {
        // Whoever got no answer sends the same again, in his old session, and learns what became of it.
        if let Some(call) = one.unanswered.take() {
            let mut browser = Browser::open(server.address).await.unwrap();
            let (first, second) = (
                browser.call(&call).await.unwrap(),
                browser.call(&call).await.unwrap(),
            );
            assert_eq!(
                (first.status, &first.body["case_id"]),
                (second.status, &second.body["case_id"])
            );
            if first.status == 200 {
                assert_eq!(first.body, second.body);
                let version = first.body["version"].as_i64().unwrap();
                one.acknowledged
                    .push((first.body["case_id"].as_str().unwrap().to_owned(), version));
            }
        }
        cases.extend(one.acknowledged.iter().map(|(case, _)| case.clone()));
    }
    server.stop();
    work_off(&installation).await;

    let store = Store::open(installation.database.options()).await.unwrap();
    let acknowledged: Vec<&(String, i64)> =
        given.iter().flat_map(|one| &one.acknowledged).collect();
    assert!(acknowledged.len() > 100, "{}", acknowledged.len());
    let mut longest: BTreeMap<&String, i64> = BTreeMap::new();
    for (case, version) in acknowledged {
        let known = longest.entry(case).or_default();
        assert!(
            *known < *version,
            "{case} was acknowledged twice at {version}"
        );
        *known = *version;
    }
    // Each acknowledged command left its events, and no command left them twice.
    for (case, version) in longest {
        let id: kernel::ids::CaseId = case.parse().unwrap();
        let events = store
            .history(pack().city.code, kernel::ids::Id::uuid(id))
            .await
            .unwrap();
        assert!(
            i64::try_from(events.len()).unwrap() >= version,
            "{case} lost events"
        );
        let count = |kind: &str| events.iter().filter(|event| event.kind == kind).count();
        assert!(
            count("case.submitted") <= 1 && count("case.withdrawn") <= 1,
            "{case}"
        );
    }
    let drafted = column(
        &store,
        "SELECT body AS it FROM event WHERE kind = 'case.drafted'",
    )
    .await;
    assert_eq!(
        drafted.len(),
        cases.len(),
        "each opened case was opened once"
    );
    assert_eq!(replays(&store).await, cases.len());
    places_are_taken(&store).await;
    numbers_have_no_gaps(&store).await;
    told_once(&store).await;
    store.close().await;

    let verified = installation.run(&["audit", "verify"]);
    let words = String::from_utf8(verified.stdout).unwrap();
    assert!(
        verified.status.success() && words.contains(" 0 findings"),
        "{words}"
    );
    assert!(!words.contains(" 0 anchors"), "{words}");
}

on_both! {
    async fn what_was_acknowledged_survives_a_kill(database) {
        let seed = format!("{:?}", database.kind);
        survives(Installation::new(database).await, &seed).await;
    }
}
