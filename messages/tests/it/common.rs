//! A city of two citizens, one of whom agreed to electronic service.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use http_body_util::BodyExt as _;
use httpkit::Kit;
use kernel::{
    AppError, DivisionCode, Principal, Private, Timestamp,
    caller::Actor,
    codes,
    ids::{CaseId, EmployerId, Id as _, NoticeId, PersonId, RequestId, StaffId},
    item::Words,
    ports::{Answer, Dispatch, EmployerCard, Messenger, Parties, PersonCard, Sessions, StaffCard},
};
use messages::{Messages, TOLD, Template, Texts};
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde_json::{Value, json};
use store::{
    Command, Envelope, Executor, Loads, Store, Work, jobs::Subscriptions, system::FakeClock,
};
use testkit::{Database, MONDAY, id};
use tower::ServiceExt as _;
use uuid::Uuid;

pub(crate) const ADA: u128 = 1;
pub(crate) const BEA: u128 = 2;
pub(crate) const MOBILE: &str = "13812345678";
pub(crate) const EMAIL: &str = "ada.ai@example.org";

pub(crate) fn person(n: u128) -> PersonId {
    id(n)
}

pub(crate) fn bureau() -> DivisionCode {
    "180100".parse().unwrap()
}

/// Knows Ada, whose cases are served electronically and who has a mobile, and Bea, who has neither.
#[derive(Default)]
pub(crate) struct People {
    pub lost_mobile: Mutex<bool>,
    /// Whether Ada has left an e-mail address.
    pub has_email: Mutex<bool>,
    /// Who may act for the one enterprise.
    pub agents: Mutex<BTreeSet<PersonId>>,
}

impl Parties for People {
    fn persons<'a>(&'a self, ids: &'a [PersonId]) -> Answer<'a, BTreeMap<PersonId, PersonCard>> {
        let lost = *self.lost_mobile.lock().unwrap();
        let mailed = *self.has_email.lock().unwrap();
        let card = |found: &PersonId| {
            let ada = *found == person(ADA);
            let card = PersonCard {
                id: *found,
                name: Private::new("艾达".to_owned()),
                number: Private::new("11010519491231002X".parse().unwrap()),
                mobile: (ada && !lost).then(|| Private::new(MOBILE.to_owned())),
                email: (ada && mailed).then(|| Private::new(EMAIL.to_owned())),
                electronic_service: None,
            };
            (*found, card)
        };
        let known = |found: &&PersonId| [person(ADA), person(BEA)].contains(found);
        let cards = ids.iter().filter(known).map(card).collect();
        Box::pin(async move { Ok(cards) })
    }
    fn employers<'a>(
        &'a self,
        _: &'a [EmployerId],
    ) -> Answer<'a, BTreeMap<EmployerId, EmployerCard>> {
        unreachable!("messages never asks for enterprises")
    }
    fn staff<'a>(
        &'a self,
        _: DivisionCode,
        _: &'a [StaffId],
    ) -> Answer<'a, BTreeMap<StaffId, StaffCard>> {
        unreachable!("messages never asks for staff")
    }
    fn holders<'a>(&'a self, _: DivisionCode, _: &'a str) -> Answer<'a, Vec<StaffCard>> {
        unreachable!("messages never asks for staff")
    }
    fn enrol_person<'a>(
        &'a self,
        _: &'a Private<String>,
        _: &'a Private<kernel::CitizenNo>,
        _: &'a Principal,
        _: Timestamp,
    ) -> Answer<'a, PersonCard> {
        unreachable!("messages enrols nobody")
    }
    fn enrol_employer<'a>(
        &'a self,
        _: &'a str,
        _: &'a Principal,
        _: Timestamp,
    ) -> Answer<'a, EmployerCard> {
        unreachable!("messages enrols nobody")
    }
    fn agents<'a>(
        &'a self,
        employers: &'a [EmployerId],
    ) -> Answer<'a, BTreeMap<EmployerId, BTreeSet<PersonId>>> {
        let agents = self.agents.lock().unwrap().clone();
        let known = employers.iter().filter(|_| !agents.is_empty());
        let found = known.map(|employer| (*employer, agents.clone())).collect();
        Box::pin(async move { Ok(found) })
    }
    fn has_account(&self, _: PersonId) -> Answer<'_, bool> {
        unreachable!("messages asks for no account")
    }
}

/// Takes texts; fails as often as it is told first.
#[derive(Default)]
pub(crate) struct Provider {
    pub failures: Mutex<u32>,
    pub taken: Mutex<Vec<(String, String, String)>>,
}

impl Messenger for Provider {
    fn send<'a>(&'a self, dispatch: &'a Dispatch, _now: Timestamp) -> Answer<'a, String> {
        let mut failures = self.failures.lock().unwrap();
        if *failures > 0 {
            *failures -= 1;
            return Box::pin(async { Err(AppError::refused(&codes::E1226)) });
        }
        let taken = (
            dispatch.to.reveal().clone(),
            dispatch
                .subject
                .iter()
                .chain([&dispatch.text])
                .cloned()
                .collect::<Vec<_>>()
                .join("\n"),
            dispatch.key.clone(),
        );
        self.taken.lock().unwrap().push(taken);
        Box::pin(async { Ok("receipt-1".to_owned()) })
    }
}

struct Tokens;

impl Sessions for Tokens {
    fn resolve<'a>(&'a self, token: &'a str, _now: Timestamp) -> Answer<'a, Principal> {
        let principal = match token {
            "ada" => testkit::citizen(person(ADA)),
            "bea" => testkit::citizen(person(BEA)),
            "staff" => testkit::staff(id(1), "180100/hall", &["case.view"]),
            _ => Principal::Stranger,
        };
        Box::pin(async move { Ok(principal) })
    }
}

pub(crate) struct City {
    pub store: Store,
    pub kit: Kit,
    pub context: Messages,
    pub people: Arc<People>,
    pub provider: Arc<Provider>,
    pub clock: Arc<FakeClock>,
}

pub(crate) fn texts() -> Texts {
    let words = |zh: &str, en: &str| Words {
        zh: zh.to_owned(),
        en: en.to_owned(),
    };
    let template = |id: &str| Template {
        id: id.to_owned(),
        title: words(&format!("{id}：{{item}}"), &format!("{id}: {{item}}")),
        body: words("“{item}”（{case_no}）{date}", "{item} ({case_no}) {date}"),
        sms: words(
            &format!("【{{bureau}}】{{item}} {id}"),
            &format!("[{{bureau}}] {{item}} {id}"),
        ),
    };
    let templates = TOLD.into_iter().map(template).collect();
    Texts::new(templates, [(bureau(), words("市人社局", "Bureau"))].into()).unwrap()
}

impl City {
    pub(crate) async fn open(database: &Database, demo: bool) -> Self {
        let store = database.open().await;
        let subscriptions =
            messages::subscriptions().and(Subscriptions::default().on("message.arrived", "served"));
        let executor = Executor::start(&store, subscriptions, 0).await.unwrap();
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
            demo,
            secure: false,
        };
        let (people, provider) = (Arc::new(People::default()), Arc::new(Provider::default()));
        let context = Messages::new(kit.clone(), people.clone(), provider.clone(), texts());
        Self {
            store,
            kit,
            context,
            people,
            provider,
            clock,
        }
    }

    /// Something happens to case `case`, whose applicant is `who`.
    pub(crate) async fn happen(&self, case: u128, seq: i64, kind: &'static str, who: u128) {
        self.happen_so(case, seq, kind, who, json!({})).await;
    }

    /// The same with more to say.
    pub(crate) async fn happen_so(
        &self,
        case: u128,
        seq: i64,
        kind: &'static str,
        who: u128,
        more: Value,
    ) {
        let mut body = json!({
            "case_no": "180100260302000017", "item": "JY-009", "edition": 1, "kind": "instant",
            "name": {"zh": "失业登记", "en": "Registration of unemployment"}, "org": "180100/employment",
            "channel": "online", "state": "RECEIVED", "notify": person(who),
            "owner": {"person": person(who)}, "electronic": who == ADA, "notice_id": id::<NoticeId>(case),
        });
        let fields = body.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        let event = Happening {
            case: id::<CaseId>(case),
            seq,
            kind,
            body,
        };
        self.kit.run(self.envelope(), event).await.unwrap();
    }

    pub(crate) fn envelope(&self) -> Envelope {
        Envelope {
            actor: Actor::System("test".to_owned()),
            request: RequestId::from_uuid(Uuid::nil()),
            station: None,
            now: kernel::Clock::now(self.clock.as_ref()),
            seed: (self.kit.seeds)(),
            idempotency: None,
            lease: None,
        }
    }

    /// Runs what is due and returns how many jobs ran. `served` stands for the listener to arrivals.
    pub(crate) async fn work(&self) -> usize {
        let mut handlers = messages::jobs(&self.context);
        handlers.insert("served", Arc::new(Nothing));
        let now = kernel::Clock::now(self.clock.as_ref());
        self.store.run_due_jobs(&handlers, now).await.unwrap()
    }

    /// Calls an endpoint as `token`; writes carry a key made of `key`.
    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        token: &str,
        key: &str,
    ) -> (StatusCode, Value) {
        let (router, _) = messages::routes(self.context.clone()).split_for_parts();
        let router: Router = httpkit::layer::wrap(router, &self.kit);
        let surface = if token == "staff" {
            "workbench"
        } else {
            "portal"
        };
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
            .body(Body::from("{}"))
            .unwrap();
        let response = router.oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    /// Every event of a kind, in order.
    pub(crate) async fn events(&self, kind: &str) -> Vec<Value> {
        store::events::Entity::find()
            .order_by_asc(store::events::Column::Gid)
            .all(self.store.read())
            .await
            .unwrap()
            .into_iter()
            .filter(|event| event.kind == kind)
            .map(|event| serde_json::from_str(&event.body).unwrap())
            .collect()
    }
}

struct Nothing;

impl store::jobs::Handler for Nothing {
    fn run<'a>(
        &'a self,
        _: &'a store::jobs::Lease,
        _: Timestamp,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<(), AppError>> + Send + 'a>> {
        Box::pin(async { Ok(()) })
    }
}

struct Happening {
    case: CaseId,
    seq: i64,
    kind: &'static str,
    body: Value,
}

impl Command for Happening {
    type Out = ();
    const NAME: &'static str = "test.happen";
    fn bureau(&self) -> DivisionCode {
        bureau()
    }
    fn subject(&self) -> String {
        self.case.to_string()
    }
    fn lane(&self) -> u64 {
        0
    }
    fn declare(&self, _: &mut Loads<'_>) {}
    fn decide(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        work.emit(
            "case",
            self.case.uuid(),
            self.seq,
            self.kind,
            self.body.clone(),
        );
        Ok(())
    }
}
