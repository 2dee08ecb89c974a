//! A small city for one test.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    http::{Method, Request, header},
};
use httpkit::Kit;
use identity::{
    Credentials, DemoPerson, DemoProvider, DemoStaff, Hashing, Identity, IdentityProvider,
    NewAccount, Options, Pack, PackAgent, PackOrganisation, PackPerson, PackPost, PackStaff, Parts,
    SessionBook, Vault, create_account, load_pack, routes, sign_in_citizen, sign_in_staff,
};
use kernel::{
    AppError, CitizenNo, Principal, Private, Timestamp,
    caller::{Anyone, Caller, Permission, Staff},
    item::Words,
    ports::{Answer, Question, RegisterAnswer, Registers, Sessions as _},
};
use seal::{LookUpKeys, MasterKeys};
use serde_json::{Value, json};
use store::{
    Executor, Store,
    jobs::Subscriptions,
    system::{FakeClock, SeededEntropy},
};
use testkit::{Database, MONDAY};
use tower::ServiceExt as _;

pub(crate) const WANG: (&str, &str) = ("王秀兰", "180102197904120020");
pub(crate) const CHEN: (&str, &str) = ("陈志强", "180103198508230050");
pub(crate) const LI: (&str, &str) = ("李小梅", "180102199011050060");
pub(crate) const WANG_MOBILE: &str = "13800000001";
pub(crate) const FIRM: (&str, &str) = ("云川市云帆人力资源有限公司", "91180102MA0000162J");
pub(crate) const OTHER_FIRM: (&str, &str) = ("云川市锦程机械有限公司", "91180103MA0000138G");
pub(crate) const PASSWORD: &str = "Green-hills-42";

pub(crate) struct World {
    pub identity: Identity,
    pub kit: Kit,
    pub clock: Arc<FakeClock>,
    pub book: Arc<SessionBook>,
    router: Router,
    /// Keeps the database until the test is over.
    pub database: Database,
}

/// The population register and the enterprise register.
struct FakeRegisters(BTreeMap<String, String>);

impl Registers for FakeRegisters {
    fn ask<'a>(
        &'a self,
        questions: &'a [Question],
        now: Timestamp,
    ) -> Answer<'a, Vec<RegisterAnswer>> {
        let answer = move |question: &Question| {
            let name = self.0.get(question.subject.reveal());
            RegisterAnswer {
                register: question.register.clone(),
                source: "人口库".to_owned(),
                at: now,
                facts: Private::new(name.map_or(Value::Null, |name| json!({"name": name}))),
                digest: String::new(),
            }
        };
        Box::pin(async move { Ok(questions.iter().map(answer).collect()) })
    }
}

fn words(zh: &str) -> Words {
    Words {
        zh: zh.to_owned(),
        en: String::new(),
    }
}

pub(crate) fn number(text: &str) -> CitizenNo {
    text.parse().unwrap()
}

fn pack() -> Pack {
    let organisation = |path: &str, name: &str| PackOrganisation {
        path: path.parse().unwrap(),
        name: words(name),
    };
    let post = |id: &str, name: &str, permissions: &[&str], incompatible: &[&str]| PackPost {
        id: id.to_owned(),
        name: words(name),
        permissions: permissions.iter().map(ToString::to_string).collect(),
        incompatible: incompatible.iter().map(ToString::to_string).collect(),
    };
    let staff = |account: &str, name: &str, org: &str, posts: &[(&str, &str)]| PackStaff {
        account: account.to_owned(),
        name: name.to_owned(),
        org: org.parse().unwrap(),
        posts: posts
            .iter()
            .map(|(post, org)| ((*post).to_owned(), org.parse().unwrap()))
            .collect(),
        number: None,
    };
    Pack {
        organisations: vec![
            organisation("180100", "云川市人社局"),
            organisation("180100/hall", "综合服务大厅"),
            organisation("180100/employment", "就业服务中心"),
            organisation("180100/office", "办公室"),
            organisation("180102", "东城区人社局"),
            organisation("180102/hall", "东城大厅"),
        ],
        posts: vec![
            post(
                "intake",
                "综合窗口受理岗",
                &["case.accept", "case.view", "account.reset"],
                &["reviewer"],
            ),
            post("reviewer", "业务审查岗", &["case.review", "case.view"], &[]),
            post("delivery", "出件送达岗", &["case.deliver"], &[]),
            post("staff_admin", "人员岗位管理员", &["staff.manage"], &[]),
            post("trainee", "见习岗", &[], &[]),
        ],
        staff: vec![
            staff("zhoumin", "周敏", "180100/hall", &[("intake", "180100")]),
            staff(
                "lijuan",
                "李娟",
                "180100/hall",
                &[("delivery", "180100/hall")],
            ),
            staff(
                "chenjing",
                "陈静",
                "180100/employment",
                &[("reviewer", "180100/employment")],
            ),
            staff(
                "jiangbo",
                "蒋一波",
                "180100/office",
                &[("staff_admin", "180100")],
            ),
            staff("shimin", "师敏行", "180102", &[("staff_admin", "180102")]),
            staff("hanmei", "韩玫", "180102/hall", &[("intake", "180102")]),
        ],
        people: vec![
            PackPerson {
                name: WANG.0.to_owned(),
                number: number(WANG.1),
                mobile: Some(WANG_MOBILE.to_owned()),
                electronic_service: true,
            },
            PackPerson {
                name: CHEN.0.to_owned(),
                number: number(CHEN.1),
                mobile: None,
                electronic_service: false,
            },
        ],
        agents: vec![PackAgent {
            credit_code: FIRM.1.to_owned(),
            number: number(WANG.1),
        }],
    }
}

fn demo() -> Arc<dyn IdentityProvider> {
    let people = [WANG, LI].map(|(name, no)| DemoPerson {
        name: Private::new(name.to_owned()),
        number: Private::new(number(no)),
        role: words("可领失业保险金"),
    });
    let staff = DemoStaff {
        account: "zhoumin".to_owned(),
        name: "周敏".to_owned(),
        role: words("综合窗口"),
    };
    Arc::new(DemoProvider::new(people.into(), vec![staff]))
}

/// What differs between nodes.
pub(crate) struct Node {
    pub demo: bool,
    pub vault: Vault,
}

/// Keys that are the same in every test.
pub(crate) fn look_up_keys() -> LookUpKeys {
    LookUpKeys::generate(&mut SeededEntropy::new([3; 32]))
}

pub(crate) fn vault(look_up: LookUpKeys) -> Vault {
    let mut entropy = SeededEntropy::new([4; 32]);
    Vault::new(MasterKeys::generate(&mut entropy), look_up)
}

impl World {
    /// The city with everybody's account.
    pub(crate) async fn new(database: Database) -> Self {
        let node = Node {
            demo: true,
            vault: vault(look_up_keys()),
        };
        let world = Self::on(database, node).await;
        load_pack(&world.identity, &pack()).await.unwrap();
        for account in [
            "zhoumin", "lijuan", "chenjing", "jiangbo", "shimin", "hanmei",
        ] {
            let staff = NewAccount::Staff {
                account: account.to_owned(),
                password: secret(PASSWORD),
            };
            create_account(&world.identity, staff).await.unwrap();
        }
        for (name, no) in [WANG, CHEN] {
            let citizen = NewAccount::Citizen {
                name: secret(name),
                number: Private::new(number(no)),
                mobile: None,
                password: secret(PASSWORD),
            };
            create_account(&world.identity, citizen).await.unwrap();
        }
        world
    }

    /// A program on this database, which may be in use already.
    pub(crate) async fn on(database: Database, node: Node) -> Self {
        let store = database.open().await;
        let (identity, kit, clock, book) = start(store, node, 0).await;
        let (router, _) = routes(&identity).split_for_parts();
        Self {
            router: httpkit::layer::wrap(router, &kit),
            identity,
            kit,
            clock,
            book,
            database,
        }
    }

    /// A second program on the same database, with the same clock time as the first had.
    pub(crate) async fn second_node(&self, vault: Vault) -> (Identity, Arc<SessionBook>) {
        let node = Node { demo: true, vault };
        let (identity, _, _, book) = start(self.database.open().await, node, 1).await;
        (identity, book)
    }

    pub(crate) fn pack() -> Pack {
        pack()
    }

    pub(crate) fn now(&self) -> Timestamp {
        kernel::Clock::now(&*self.clock)
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, seconds: i64) {
        self.clock.set(self.now().plus_seconds(seconds));
    }

    /// A citizen's token.
    pub(crate) async fn citizen(&self, account: &str) -> String {
        self.try_citizen(account, PASSWORD).await.unwrap()
    }

    pub(crate) async fn try_citizen(
        &self,
        account: &str,
        password: &str,
    ) -> Result<String, AppError> {
        let signed_in =
            sign_in_citizen(&self.identity, &stranger(), credentials(account, password)).await?;
        Ok(signed_in.token.into_revealed())
    }

    /// A staff member's token.
    pub(crate) async fn staff(&self, account: &str) -> String {
        self.try_staff(account, PASSWORD).await.unwrap()
    }

    pub(crate) async fn try_staff(
        &self,
        account: &str,
        password: &str,
    ) -> Result<String, AppError> {
        let signed_in =
            sign_in_staff(&self.identity, &stranger(), credentials(account, password)).await?;
        Ok(signed_in.token.into_revealed())
    }

    /// Who is behind a token now.
    pub(crate) async fn who(&self, token: &str) -> Principal {
        self.book.resolve(token, self.now()).await.unwrap()
    }

    /// The staff member behind a token now.
    pub(crate) async fn colleague(&self, token: &str) -> Staff {
        match self.who(token).await {
            Principal::Staff(staff) => staff,
            other => panic!("{other:?} is no colleague"),
        }
    }

    /// The proof that whoever is behind a token may.
    pub(crate) async fn caller<P: Permission>(&self, token: &str) -> Caller<P> {
        testkit::caller(self.who(token).await)
    }

    pub(crate) fn envelope<P>(&self, caller: &Caller<P>) -> store::Envelope {
        self.kit.envelope_of(caller)
    }

    /// One call over HTTP: status, cookie and body of the answer.
    pub(crate) async fn call(&self, call: Call<'_>) -> Answered {
        let mut request = Request::builder()
            .method(call.method)
            .uri(call.path)
            .header("idempotency-key", call.key.unwrap_or("key-00000001"));
        if let Some((name, token)) = call.cookie {
            request = request.header(header::COOKIE, format!("other=1; {name}={token}"));
            if name == "yici_staff" {
                request = request.header("x-yici-surface", "workbench");
            }
        }
        if let Some(version) = call.version {
            request = request.header(header::IF_MATCH, format!("\"{version}\""));
        }
        let body = match call.body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        let request = request.body(body).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let text = |name| {
            let value = parts.headers.get(name)?.to_str().ok()?;
            Some(value.to_owned())
        };
        Answered {
            status: parts.status.as_u16(),
            cookie: text(header::SET_COOKIE),
            kind: text(header::CONTENT_TYPE).unwrap_or_default(),
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        }
    }
}

async fn start(
    store: Store,
    node: Node,
    number: i64,
) -> (Identity, Kit, Arc<FakeClock>, Arc<SessionBook>) {
    static SEED: AtomicU64 = AtomicU64::new(1);
    let seeds: httpkit::kit::Seeds = Arc::new(|| {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&SEED.fetch_add(1, Ordering::SeqCst).to_le_bytes());
        seed
    });
    let executor = Executor::start(&store, Subscriptions::default(), number)
        .await
        .unwrap();
    let clock = Arc::new(FakeClock::at(MONDAY));
    let book = SessionBook::new(store.clone(), executor.clone(), Arc::clone(&seeds));
    let kit = Kit {
        store,
        executor,
        clock: clock.clone(),
        seeds,
        sessions: book.clone(),
        city: "180100".parse().unwrap(),
        demo: node.demo,
        secure: true,
    };
    let known = [WANG, CHEN, LI, FIRM, OTHER_FIRM].map(|(name, no)| (no.into(), name.into()));
    let identity = Identity::new(Parts {
        kit: kit.clone(),
        book: Arc::clone(&book),
        vault: node.vault,
        registers: Arc::new(FakeRegisters(known.into())),
        providers: vec![demo()],
        options: Options {
            city: "180100".parse().unwrap(),
            hashing: Hashing {
                memory_kib: 8,
                passes: 1,
                lanes: 1,
                at_once: 2,
            },
            slow: Duration::ZERO,
        },
    });
    (identity.unwrap(), kit, clock, book)
}

/// A call over HTTP.
pub(crate) struct Call<'a> {
    pub method: Method,
    pub path: &'a str,
    pub cookie: Option<(&'a str, &'a str)>,
    pub body: Option<Value>,
    pub version: Option<i64>,
    pub key: Option<&'a str>,
}

impl<'a> Call<'a> {
    pub(crate) const fn new(method: Method, path: &'a str) -> Self {
        Self {
            method,
            path,
            cookie: None,
            body: None,
            version: None,
            key: None,
        }
    }

    pub(crate) fn body(self, body: Value) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }

    pub(crate) fn citizen(self, token: &'a str) -> Self {
        Self {
            cookie: Some(("yici_session", token)),
            ..self
        }
    }

    pub(crate) fn staff(self, token: &'a str) -> Self {
        Self {
            cookie: Some(("yici_staff", token)),
            ..self
        }
    }

    pub(crate) fn version(self, version: i64) -> Self {
        Self {
            version: Some(version),
            ..self
        }
    }

    pub(crate) fn key(self, key: &'a str) -> Self {
        Self {
            key: Some(key),
            ..self
        }
    }
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answered {
    pub status: u16,
    pub cookie: Option<String>,
    pub kind: String,
    pub body: Value,
}

impl Answered {
    /// The token in the cookie.
    pub(crate) fn token(&self) -> String {
        let cookie = self.cookie.as_deref().unwrap();
        let (_, rest) = cookie.split_once('=').unwrap();
        rest.split(';').next().unwrap().to_owned()
    }

    /// Status and code of a problem document.
    pub(crate) fn problem(&self) -> (u16, &str) {
        assert_eq!(self.kind, "application/problem+json", "{self:?}");
        (self.status, self.body["code"].as_str().unwrap())
    }
}

pub(crate) fn secret(text: &str) -> Private<String> {
    Private::new(text.to_owned())
}

pub(crate) fn credentials(account: &str, password: &str) -> Credentials {
    Credentials {
        account: account.to_owned(),
        password: secret(password),
        new_password: None,
        address: None,
    }
}

pub(crate) fn stranger() -> Caller<Anyone> {
    testkit::caller(Principal::Stranger)
}
