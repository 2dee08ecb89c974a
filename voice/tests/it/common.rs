//! A city in which cases are closed.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use http_body_util::BodyExt as _;
use httpkit::Kit;
use kernel::{
    AppError, Clock as _, DivisionCode, Principal, Timestamp,
    caller::{Acting, Actor},
    ids::{CaseId, EmployerId, Id as _, PersonId, RequestId},
    ports::{Answer, Sessions},
};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, QueryOrder as _, QueryResult, Statement};
use seal::MasterKeys;
use serde_json::{Value, json};
use store::{
    Command, Envelope, Executor, Loads, Store, Work,
    system::{FakeClock, SeededEntropy},
};
use testkit::{Database, MONDAY, id};
use tower::ServiceExt as _;
use uuid::Uuid;
use voice::{Labels, Voice};

pub(crate) const ADA: u128 = 1;

pub(crate) fn person(n: u128) -> PersonId {
    id(n)
}

pub(crate) fn case(n: u128) -> CaseId {
    id(n)
}

struct Tokens;

impl Sessions for Tokens {
    fn resolve<'a>(&'a self, token: &'a str, _now: Timestamp) -> Answer<'a, Principal> {
        let hall = |org| testkit::staff(id(1), org, &["rating.view"]);
        let principal = match token {
            "ada" => testkit::citizen(person(ADA)),
            "bea" => testkit::citizen(person(2)),
            "agent" => match testkit::citizen(person(3)) {
                Principal::Citizen(citizen) => Principal::Citizen(kernel::caller::Citizen {
                    acting: Acting::Enterprise(id::<EmployerId>(5)),
                    ..citizen
                }),
                other => other,
            },
            "city" => hall("180100"),
            "insurance" => hall("180100/insurance"),
            "district" => hall("180102"),
            "clerk" => testkit::staff(id(1), "180100/hall", &["case.accept"]),
            _ => Principal::Stranger,
        };
        Box::pin(async move { Ok(principal) })
    }
}

pub(crate) struct City {
    pub store: Store,
    pub kit: Kit,
    pub context: Voice,
    pub clock: Arc<FakeClock>,
}

/// What is asked of the city over HTTP.
pub(crate) struct Answered {
    pub status: StatusCode,
    pub body: Value,
}

impl City {
    pub(crate) async fn open(database: &Database) -> Self {
        let store = database.open().await;
        let executor = Executor::start(&store, voice::subscriptions(), 0)
            .await
            .unwrap();
        let clock = Arc::new(FakeClock::at(MONDAY));
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
            sessions: Arc::new(Tokens),
            city: "180100".parse().unwrap(),
            demo: false,
            secure: false,
        };
        let line = |stars: i32| {
            format!(
                "{stars}\t级{stars}\t{}\t{stars}01\t标签{stars}01\tlabel {stars}01\t1",
                6 - stars
            )
        };
        let lines: Vec<String> = (1..=5).map(line).collect();
        let labels = format!(
            "star\tlevel_zh\tgbt39046_code\tlabel_code\tlabel_zh\tlabel_en\tcore\n{}",
            lines.join("\n")
        );
        let keys = MasterKeys::generate(&mut SeededEntropy::new([5; 32]));
        let context = Voice::new(kit.clone(), Labels::read(&labels).unwrap(), Arc::new(keys));
        Self {
            store,
            kit,
            context,
            clock,
        }
    }

    /// A case of `owner` is closed by an organisation, and everybody who listens has heard.
    pub(crate) async fn close(&self, n: u128, org: &str, owner: Value) {
        let bureau: DivisionCode = org.split('/').next().unwrap().parse().unwrap();
        let body = json!({
            "case_no": format!("{bureau}26030200{n}"), "item": "JY-009", "edition": 1, "kind": "instant",
            "name": {"zh": "失业登记", "en": "Registration"}, "org": org, "channel": "online",
            "state": "GRANTED", "notify": person(ADA), "owner": owner, "on_time": true,
        });
        let event = Happening {
            bureau,
            case: case(n),
            body,
        };
        let envelope = Envelope {
            actor: Actor::System("test".to_owned()),
            request: RequestId::from_uuid(Uuid::nil()),
            station: None,
            now: self.clock.now(),
            seed: (self.kit.seeds)(),
            idempotency: None,
            lease: None,
        };
        self.kit.run(envelope, event).await.unwrap();
        self.work().await;
    }

    /// A case of Ada.
    pub(crate) async fn close_for_ada(&self, n: u128, org: &str) {
        self.close(n, org, json!({"person": person(ADA)})).await;
    }

    pub(crate) async fn work(&self) -> usize {
        let handlers = voice::jobs(&self.context);
        self.store
            .run_due_jobs(&handlers, self.clock.now())
            .await
            .unwrap()
    }

    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        token: &str,
        key: &str,
        body: Value,
    ) -> Answered {
        let (router, _) = voice::routes(self.context.clone()).split_for_parts();
        let router: Router = httpkit::layer::wrap(router, &self.kit);
        let workbench = ["city", "insurance", "district", "clerk"].contains(&token);
        let surface = if workbench { "workbench" } else { "portal" };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(
                "cookie",
                format!("yici_session={token}; yici_staff={token}"),
            )
            .header("x-yici-surface", surface)
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(Body::from(body.to_string()))
            .unwrap();
        let response = router.oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap();
        Answered { status, body }
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answered {
        self.call("GET", path, token, "", json!(null)).await
    }

    /// Rates a case; `key` tells requests apart.
    pub(crate) async fn rate(&self, n: u128, token: &str, stars: i32, key: &str) -> Answered {
        let body = json!({"case_id": case(n), "stars": stars, "labels": [format!("{stars}01")],
            "text": "很快", "anonymous": false});
        self.call("POST", "/ratings", token, key, body).await
    }

    /// What raters wrote, as it stands in the table.
    pub(crate) async fn stored_ratings(&self) -> Vec<Vec<u8>> {
        let read = self.store.read();
        let sql = "SELECT words_sealed FROM rating";
        let statement = Statement::from_string(read.get_database_backend(), sql);
        let rows = read.query_all_raw(statement).await.unwrap();
        let stored = |row: &QueryResult| row.try_get("", "words_sealed").unwrap();
        rows.iter().map(stored).collect()
    }

    /// Every event and every audit entry about ratings, as stored.
    pub(crate) async fn traces(&self) -> Vec<String> {
        let events = store::events::Entity::find()
            .order_by_asc(store::events::Column::Gid)
            .all(self.store.read())
            .await
            .unwrap();
        let audit = store::audit::Entity::find()
            .all(self.store.read())
            .await
            .unwrap();
        let events = events
            .into_iter()
            .filter(|event| event.kind == "rating.given" || event.kind == "rating.added")
            .map(|event| format!("{} {} {}", event.kind, event.actor, event.body));
        let audit = audit
            .into_iter()
            .filter(|entry| entry.action == "rating.give")
            .map(|entry| format!("{} {} {}", entry.action, entry.actor, entry.subject));
        events.chain(audit).collect()
    }
}

struct Happening {
    bureau: DivisionCode,
    case: CaseId,
    body: Value,
}

impl Command for Happening {
    type Out = ();
    const NAME: &'static str = "test.happen";
    fn bureau(&self) -> DivisionCode {
        self.bureau
    }
    fn subject(&self) -> String {
        self.case.to_string()
    }
    fn lane(&self) -> u64 {
        0
    }
    fn declare(&self, _: &mut Loads<'_>) {}
    fn decide(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        let id = self.case.uuid();
        work.emit("case", id, 9, "case.granted", self.body.clone());
        Ok(())
    }
}
