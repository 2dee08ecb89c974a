//! A city in which things happen.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    http::{Request, Response},
};
use http_body_util::BodyExt as _;
use httpkit::Kit;
use insight::{Insight, OrgNames, Pace};
use kernel::{
    AppError, Clock as _, DivisionCode, Principal, Timestamp,
    caller::Actor,
    ids::{CaseId, Id as _, PersonId, RequestId},
    item::{ItemCode, ItemEdition, ItemFacts, Suspension, Words},
    ports::{Answer, Items, Sessions},
};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};
use store::{
    Command, Envelope, Executor, Loads, NewJob, Store, Work, jobs::Subscriptions, system::FakeClock,
};
use testkit::{Database, MONDAY, id};
use tower::ServiceExt as _;
use uuid::Uuid;

pub(crate) const ADA: u128 = 1;
pub(crate) const BEA: u128 = 2;

pub(crate) fn case(n: u128) -> CaseId {
    id(n)
}

/// Knows tokens until the sessions end.
#[derive(Default)]
pub(crate) struct Tokens {
    pub ended: AtomicBool,
}

impl Sessions for Tokens {
    fn resolve<'a>(&'a self, token: &'a str, _now: Timestamp) -> Answer<'a, Principal> {
        let leader = ["insight.view", "case.view", "job.manage", "audit.view"];
        let principal = match token {
            _ if self.ended.load(Ordering::SeqCst) => Principal::Stranger,
            "ada" => testkit::citizen(id::<PersonId>(ADA)),
            "bea" => testkit::citizen(id::<PersonId>(BEA)),
            "city" => testkit::staff(id(1), "180100", &leader),
            "insurance" => testkit::staff(id(2), "180100/insurance", &leader),
            "district" => testkit::staff(id(3), "180102", &leader),
            "blind" => testkit::staff(id(5), "180102", &["insight.view"]),
            "clerk" => testkit::staff(id(4), "180100/hall", &["case.accept"]),
            _ => Principal::Stranger,
        };
        Box::pin(async move { Ok(principal) })
    }
}

/// Publishes one item of employment and one of insurance.
struct Catalogue(Vec<Arc<ItemEdition>>);

impl Catalogue {
    fn new() -> Self {
        let items = [
            ("JY-009", "失业登记", "就业"),
            ("SB-084", "失业保险金申领", "社保"),
        ];
        Self(
            items
                .map(|(code, name, domain)| Arc::new(edition(code, name, domain)))
                .into(),
        )
    }
}

impl Items for Catalogue {
    fn current(&self, code: &ItemCode) -> Option<Arc<ItemEdition>> {
        self.0.iter().find(|item| item.facts.code == *code).cloned()
    }
    fn known(&self, code: &ItemCode) -> Option<Arc<ItemEdition>> {
        self.current(code)
    }
    fn suspension(&self, _: &ItemCode) -> Option<Suspension> {
        None
    }
    fn edition(&self, code: &ItemCode, _: i32) -> Option<Arc<ItemEdition>> {
        self.current(code)
    }
    fn refresh(&self) -> Answer<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}

fn edition(code: &str, name: &str, domain: &str) -> ItemEdition {
    let words = json!({"zh": "", "en": ""});
    let five = json!({"n": 5, "unit": "wd"});
    let facts = json!({
        "code": code, "name": {"zh": name, "en": "Registration"}, "domain": domain, "item_type": "20",
        "applicants": ["person"], "kind": "instant", "visits": 0, "scope": "", "conditions": [], "basis": [],
        "limits": {"start": "received", "statutory": null, "promised": null, "acceptance": five,
            "correction": five, "delivery": five, "pre_review": five},
        "materials": [], "steps": [], "result": {"name": words, "paper": false, "mark": ""}, "grounds": [],
        "faq": [], "review_organ": words, "court": words, "place": words, "hours": words, "phone": "",
        "complaint_phone": "", "registers": [], "handled_by": "employment", "one_open_case": true,
        "declaration": words,
    });
    let facts: ItemFacts = serde_json::from_value(facts).unwrap();
    ItemEdition {
        facts,
        edition: 1,
        digest: String::new(),
        form: Value::Null,
        flow: Arc::from(""),
        rules: Arc::from(""),
        calculators: BTreeMap::new(),
    }
}

/// One thing that happens to a case.
pub(crate) struct Happening {
    pub case: u128,
    pub org: &'static str,
    pub kind: &'static str,
    pub who: u128,
    pub extra: Value,
}

/// Something happens to a case of Ada, handled by the employment centre of the city.
pub(crate) fn happens(case: u128, kind: &'static str, extra: Value) -> Happening {
    Happening {
        case,
        org: "180100/employment",
        kind,
        who: ADA,
        extra,
    }
}

pub(crate) struct City {
    pub store: Store,
    pub kit: Kit,
    pub context: Insight,
    pub clock: Arc<FakeClock>,
    pub tokens: Arc<Tokens>,
    next: AtomicU64,
}

impl City {
    pub(crate) async fn open(database: &Database) -> Self {
        let store = database.open().await;
        let executor = Executor::start(&store, Subscriptions::default(), 0)
            .await
            .unwrap();
        let (clock, tokens) = (Arc::new(FakeClock::at(MONDAY)), Arc::new(Tokens::default()));
        let count = AtomicU64::new(0);
        let kit = Kit {
            store: store.clone(),
            executor,
            clock: clock.clone(),
            seeds: Arc::new(move || {
                let mut seed = [0; 32];
                let n = count.fetch_add(1, Ordering::SeqCst);
                seed[..8].copy_from_slice(&n.to_le_bytes());
                seed
            }),
            sessions: tokens.clone(),
            city: "180100".parse().unwrap(),
            demo: false,
            secure: false,
        };
        let name = |zh: &str, en: &str| Words {
            zh: zh.to_owned(),
            en: en.to_owned(),
        };
        let names = [
            ("180100", name("云川市人社局", "Yunchuan Bureau")),
            (
                "180100/employment",
                name("就业服务中心", "Employment Service Centre"),
            ),
            (
                "180100/insurance",
                name("社会保险中心", "Social Insurance Centre"),
            ),
            ("180102", name("东城区人社局", "Dongcheng Bureau")),
        ];
        let names: OrgNames = names.map(|(path, name)| (path.to_owned(), name)).into();
        let pace = Pace {
            poll: Duration::from_millis(5),
            recheck: Duration::from_millis(20),
            ..Pace::default()
        };
        Self {
            context: Insight::new(kit.clone(), names, Arc::new(Catalogue::new()), pace),
            store,
            kit,
            clock,
            tokens,
            next: AtomicU64::new(1),
        }
    }

    pub(crate) async fn happen(&self, happening: Happening) {
        self.happen_all(vec![happening]).await;
    }

    /// Several things happen in one transaction.
    pub(crate) async fn happen_all(&self, happenings: Vec<Happening>) {
        let events = happenings
            .into_iter()
            .map(|it| {
                let mut body = json!({
                    "case_no": "180100260302000017", "item": "JY-009", "edition": 1, "kind": "instant",
                    "name": {"zh": "失业登记", "en": "Registration"}, "org": it.org, "channel": "online",
                    "state": "RECEIVED", "notify": id::<PersonId>(it.who),
                    "owner": {"person": id::<PersonId>(it.who)},
                });
                for (key, value) in it.extra.as_object().unwrap() {
                    body[key] = value.clone();
                }
                let stream = it.kind.split('.').next().unwrap();
                // Streams are told apart by their ids, as in the product.
                let stream_id = match stream {
                    "case" => case(it.case),
                    _ => case(it.case + 1_000_000),
                };
                let seq = i64::try_from(self.next.fetch_add(1, Ordering::SeqCst)).unwrap();
                (stream, stream_id.uuid(), seq, it.kind, body, it.org)
            })
            .collect();
        self.run(Batch(events)).await;
    }

    /// Several things happen, in one transaction for each agency.
    pub(crate) async fn happen_in_agencies(&self, happenings: Vec<Happening>) {
        let is_city = |one: &Happening| one.org.starts_with("180100");
        let (city, district): (Vec<_>, Vec<_>) = happenings.into_iter().partition(is_city);
        for part in [city, district] {
            if !part.is_empty() {
                self.happen_all(part).await;
            }
        }
    }

    pub(crate) async fn run<C: Command>(&self, command: C) -> C::Out {
        let envelope = Envelope {
            actor: Actor::System("test".to_owned()),
            request: RequestId::from_uuid(Uuid::nil()),
            station: None,
            now: self.clock.now(),
            seed: (self.kit.seeds)(),
            idempotency: None,
            lease: None,
        };
        self.kit.run(envelope, command).await.unwrap()
    }

    /// Counts everything written so far.
    pub(crate) async fn count(&self) {
        self.store.events_settled().await.unwrap();
        insight::catch_up(&self.context).await.unwrap();
    }

    /// The column `words` of every row.
    pub(crate) async fn dump(&self, sql: &str) -> Vec<String> {
        let read = self.store.read();
        let statement = Statement::from_string(read.get_database_backend(), sql);
        let rows = read.query_all_raw(statement).await.unwrap();
        rows.iter()
            .map(|row| row.try_get("", "words").unwrap())
            .collect()
    }

    pub(crate) async fn request(
        &self,
        method: &str,
        path: &str,
        token: &str,
        headers: &[(&str, &str)],
    ) -> Response<Body> {
        let (router, _) = insight::routes(self.context.clone()).split_for_parts();
        let router: Router = httpkit::layer::wrap(router, &self.kit);
        let workbench = !["ada", "bea", "nobody"].contains(&token);
        let surface = if workbench { "workbench" } else { "portal" };
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(
                "cookie",
                format!("yici_session={token}; yici_staff={token}"),
            )
            .header("x-yici-surface", surface)
            .header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        router
            .oneshot(request.body(Body::from("{}")).unwrap())
            .await
            .unwrap()
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Value {
        body(self.request("GET", path, token, &[]).await).await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, key: &str) -> Value {
        let headers = [("idempotency-key", key)];
        body(self.request("POST", path, token, &headers).await).await
    }
}

async fn body(response: Response<Body>) -> Value {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&bytes).unwrap()
}

type Written = (&'static str, Uuid, i64, &'static str, Value, &'static str);

struct Batch(Vec<Written>);

impl Command for Batch {
    type Out = ();
    const NAME: &'static str = "test.happen";
    fn bureau(&self) -> DivisionCode {
        self.0[0].5.split('/').next().unwrap().parse().unwrap()
    }
    fn subject(&self) -> String {
        CaseId::from_uuid(self.0[0].1).to_string()
    }
    fn lane(&self) -> u64 {
        0
    }
    fn declare(&self, _: &mut Loads<'_>) {}
    fn decide(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        for (stream, id, seq, kind, body, _) in &self.0 {
            work.emit(stream, *id, *seq, kind, body.clone());
        }
        Ok(())
    }
}

/// Queues a job that nobody handles.
pub(crate) struct Hopeless(pub &'static str);

impl Command for Hopeless {
    type Out = ();
    const NAME: &'static str = "test.hopeless";
    fn bureau(&self) -> DivisionCode {
        self.0.parse().unwrap()
    }
    fn subject(&self) -> String {
        "job".to_owned()
    }
    fn lane(&self) -> u64 {
        0
    }
    fn declare(&self, _: &mut Loads<'_>) {}
    fn decide(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        work.job(NewJob::now("test.hopeless", json!({"v": 1})));
        Ok(())
    }
}
