//! The whole product over a database of its own, under a clock that stands still.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::Router;
use catalog::pack::{Files, Pack};
use identity::{ClientAddress, Hashing};
use kernel::{Clock as _, Timestamp, ids::CaseId, ids::Id as _, ports::Scanner};
use metrics_exporter_prometheus::PrometheusBuilder;
use object_store::ObjectStore;
use sea_orm::{ConnectionTrait as _, QueryResult, Statement};
use serde_json::{Value, json};
use store::system::{FakeClock, SeededEntropy};
use testkit::{Database, MONDAY};
use tower::ServiceExt as _;
use yici::{App, app::Plan, city, files, keys::Keys, serve};

use crate::client::{Answer, Call, Who};

/// Passwords of tests need no protection.
pub(crate) const CHEAP: Hashing = Hashing {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
    at_once: 2,
};

/// Where the packs lie.
pub(crate) fn pack_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/yunchuan")
}

/// The pack of the demo city with its complete items.
pub(crate) fn pack() -> &'static Pack {
    static PACK: OnceLock<Pack> = OnceLock::new();
    PACK.get_or_init(|| {
        let mut files = Files::read(&pack_folder()).unwrap();
        testkit::only_complete_items(&mut files.0);
        city::check_pack(&files).unwrap()
    })
}

/// A random stream for one purpose.
pub(crate) fn stream(purpose: &str) -> SeededEntropy {
    SeededEntropy::new(seal::sm3(purpose.as_bytes()))
}

/// The product in a test.
pub(crate) struct TestApp {
    pub(crate) app: App,
    pub(crate) clock: Arc<FakeClock>,
    pub(crate) router: Router,
    pub(crate) database: Database,
    keys_given: AtomicU64,
    pub(crate) folder: tempfile::TempDir,
}

/// A city as a product finds it.
pub(crate) struct City<'a> {
    pub store: store::Store,
    pub pack: &'a Pack,
    pub keys: Keys,
    pub now: Timestamp,
}

/// An entry of the audit log.
#[derive(Clone, Debug)]
pub(crate) struct Audited {
    pub actor: String,
    pub subject: String,
    pub outcome: String,
}

fn uploads(folder: &tempfile::TempDir) -> Arc<dyn ObjectStore> {
    let place = files::Place::Folder(folder.path().join("files"));
    place.open().unwrap()
}

/// The store of a database, its schema up to date.
pub(crate) async fn migrated(options: &store::Options) -> store::Store {
    let store = store::Store::open(options).await.unwrap();
    store::migrate(&store).await.unwrap();
    store
}

impl TestApp {
    /// The product with the demo city's named people, on a Monday at nine.
    pub(crate) async fn new(database: Database) -> Self {
        Self::with_lanes(database, 2).await
    }

    /// The same with so many lanes.
    pub(crate) async fn with_lanes(database: Database, lanes: u32) -> Self {
        Self::built(database, lanes, None).await
    }

    /// The same with a virus scanner.
    pub(crate) async fn with_scanner(database: Database, scanner: Arc<dyn Scanner>) -> Self {
        Self::built(database, 1, Some(scanner)).await
    }

    async fn built(database: Database, lanes: u32, scanner: Option<Arc<dyn Scanner>>) -> Self {
        let options = store::Options {
            lanes,
            ..database.options().clone()
        };
        let city = City {
            store: migrated(&options).await,
            pack: pack(),
            keys: Keys::generate(&mut stream("keys")).unwrap(),
            now: MONDAY,
        };
        let app = Self::over(database, city, scanner).await;
        city::load_named(&app.app, pack()).await.unwrap();
        app
    }

    /// The product over a city that is there.
    pub(crate) async fn over(
        database: Database,
        city: City<'_>,
        scanner: Option<Arc<dyn Scanner>>,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FakeClock::at(city.now));
        let seeds = Mutex::new(stream("seeds"));
        let app = App::build(Plan {
            store: city.store,
            files: uploads(&folder),
            scanner,
            pack: city.pack,
            keys: city.keys,
            clock: Arc::<FakeClock>::clone(&clock),
            seeds: Arc::new(move || seeds.lock().unwrap().seed()),
            demo: true,
            secure: false,
            hashing: CHEAP,
        })
        .await
        .unwrap();
        let figures = PrometheusBuilder::new().build_recorder().handle();
        let router = serve::router(&app, figures, &serve::Proxies::default());
        Self {
            app,
            clock,
            router,
            database,
            keys_given: AtomicU64::new(0),
            folder,
        }
    }

    /// Where its uploads lie.
    pub(crate) fn files(&self) -> Arc<dyn ObjectStore> {
        uploads(&self.folder)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Moves the clock to a time of the day in Beijing, such as `2026-03-04T10:00:00`.
    pub(crate) fn at(&self, time: &str) {
        self.clock.set(format!("{time}+08:00").parse().unwrap());
    }

    pub(crate) fn later(&self, seconds: i64) {
        self.clock.set(self.now().plus_seconds(seconds));
    }

    /// Sends a request. A write without a key against repetition gets a fresh one.
    pub(crate) async fn call(&self, call: Call) -> Answer {
        let call = if call.method.is_safe() || call.has("idempotency-key") {
            call
        } else {
            let n = self.keys_given.fetch_add(1, Ordering::SeqCst);
            call.key(&format!("test-key-{n:08}"))
        };
        self.send(call).await
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, call: Call) -> Answer {
        let mut request = call.request();
        request
            .extensions_mut()
            .insert(ClientAddress(IpAddr::from([127, 0, 0, 1])));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let content = if parts
            .headers
            .get("content-type")
            .is_some_and(|kind| kind == "text/event-stream")
        {
            // A live page never ends by itself.
            Vec::new()
        } else {
            axum::body::to_bytes(body, usize::MAX)
                .await
                .unwrap()
                .to_vec()
        };
        Answer::new(parts.status.as_u16(), parts.headers, &content)
    }

    /// Sends a request, and goes away when the answer begins.
    pub(crate) async fn begin(&self, call: Call) {
        let mut request = call.request();
        request
            .extensions_mut()
            .insert(ClientAddress(IpAddr::from([127, 0, 0, 1])));
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
    }

    /// Signs in through the demo provider.
    pub(crate) async fn sign_in(&self, ticket: &str) -> Who {
        let body = json!({ "provider": "demo", "ticket": ticket });
        let answer = self.call(Call::post("/session/provider", &body)).await;
        let cookie = answer.cookie();
        let surface = if answer.good()["kind"] == "staff" {
            "workbench"
        } else {
            "portal"
        };
        Who { surface, cookie }
    }

    pub(crate) async fn staff(&self, account: &str) -> Who {
        self.sign_in(&format!("staff-{account}")).await
    }

    /// A citizen for himself.
    pub(crate) async fn citizen(&self, number: &str) -> Who {
        let mut people = pack().people.iter().filter(|one| one.account);
        let at = people
            .position(|one| one.number.reveal() == number)
            .unwrap();
        self.sign_in(&format!("person-{}", at + 1)).await
    }

    /// A citizen as agent of an enterprise.
    pub(crate) async fn agent(&self, number: &str, credit_code: &str) -> Who {
        let who = self.citizen(number).await;
        let session = self.call(Call::get("/session").by(&who)).await.good();
        let name = &pack()
            .employers
            .iter()
            .find(|one| one.code.as_str() == credit_code)
            .unwrap()
            .name;
        let roles = session["citizen"]["roles"].as_array().unwrap();
        let role = roles
            .iter()
            .find(|role| role["name"] == name.as_str())
            .unwrap();
        let body = json!({ "employer_id": role["employer_id"] });
        let answer = self
            .call(Call::put("/session/acting", &body).by(&who))
            .await;
        let cookie = answer.cookie();
        answer.good();
        Who { cookie, ..who }
    }

    pub(crate) async fn get(&self, who: &Who, path: &str) -> Value {
        self.call(Call::get(path).by(who)).await.good()
    }

    /// Writes against the version that stands there.
    pub(crate) async fn act(&self, who: &Who, case: &str, act: &str, body: &Value) -> Answer {
        let version = self.version(case).await;
        self.call(
            Call::post(format!("/cases/{case}/{act}"), body)
                .version(version)
                .by(who),
        )
        .await
    }

    /// The version of a case: the number of its events.
    pub(crate) async fn version(&self, case: &str) -> i64 {
        let row = &self
            .rows(&format!(
                "SELECT version FROM case_file WHERE case_id = {}",
                self.uuid(case)
            ))
            .await[0];
        row.try_get("", "version").unwrap()
    }

    pub(crate) async fn state(&self, case: &str) -> String {
        let row = &self
            .rows(&format!(
                "SELECT state FROM case_file WHERE case_id = {}",
                self.uuid(case)
            ))
            .await[0];
        row.try_get("", "state").unwrap()
    }

    /// The id of a case as a literal of this database.
    pub(crate) fn uuid(&self, case: &str) -> String {
        let id: CaseId = case.parse().unwrap();
        if self.app.kit.store.is_postgres() {
            format!("'{}'", id.uuid())
        } else {
            format!("x'{}'", id.uuid().simple())
        }
    }

    pub(crate) async fn rows(&self, sql: &str) -> Vec<QueryResult> {
        let read = self.app.kit.store.read();
        read.query_all_raw(Statement::from_string(read.get_database_backend(), sql))
            .await
            .unwrap()
    }

    /// Changes rows behind the product's back.
    pub(crate) async fn execute(&self, sql: &str) {
        let database = sea_orm::Database::connect(self.database.options().url.clone())
            .await
            .unwrap();
        database.execute_unprepared(sql).await.unwrap();
        database.close().await.unwrap();
    }

    /// The audit entries of an action. Nobody waits for the note of a refusal, but one lane takes
    /// them in order: a wrong password comes after all of them.
    pub(crate) async fn audited(&self, action: &str) -> Vec<Audited> {
        let wrong = json!({ "account": "nobody", "password": "Wrong-hills-42" });
        let answer = self.call(Call::post("/session/staff", &wrong)).await;
        answer.refused(401, "E1103");
        let sql = format!(
            "SELECT actor, subject, outcome FROM audit_entry WHERE action = '{action}' ORDER BY lane, seq"
        );
        let read = |row: &QueryResult| Audited {
            actor: row.try_get("", "actor").unwrap(),
            subject: row.try_get("", "subject").unwrap(),
            outcome: row.try_get("", "outcome").unwrap(),
        };
        self.rows(&sql).await.iter().map(read).collect()
    }

    /// The bodies of all events of a kind, oldest first.
    pub(crate) async fn events(&self, kind: &str) -> Vec<Value> {
        let sql = format!("SELECT body FROM event WHERE kind = '{kind}' ORDER BY at_us, seq");
        let bodies = self.rows(&sql).await;
        let read =
            |row: &QueryResult| serde_json::from_str(&row.try_get::<String>("", "body").unwrap());
        bodies.iter().map(|row| read(row).unwrap()).collect()
    }

    /// Runs all jobs that are due. None may fail.
    pub(crate) async fn run_jobs(&self) {
        self.app
            .kit
            .store
            .run_due_jobs(&self.app.handlers(), self.now())
            .await
            .unwrap();
        let failed = self
            .rows("SELECT kind, last_error FROM job WHERE last_error <> ''")
            .await;
        if let Some(row) = failed.first() {
            let (kind, error): (String, String) = (
                row.try_get("", "kind").unwrap(),
                row.try_get("", "last_error").unwrap(),
            );
            panic!("job {kind} failed: {error}");
        }
    }
}
