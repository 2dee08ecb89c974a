//! The contexts over one store.

use std::sync::Arc;

use axum::Router;
use casework::{Casework, Parts};
use catalog::{Catalog, pack::Pack};
use httpkit::{Kit, kit::Seeds};
use identity::{DemoProvider, Hashing, Identity, SLOW_SIGN_IN, SessionBook, Vault};
use insight::{Insight, Pace};
use kernel::{Clock, DivisionCode, item::Words, ports};
use messages::{DemoMessenger, Messages, NoMessenger, Texts};
use object_store::ObjectStore;
use registers::Registers;
use store::{
    Executor, Options, Store,
    jobs::{Handlers, Subscriptions},
    node::Node,
};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use voice::{Labels, Voice};

use crate::{
    city::{self, told},
    document, files,
    keys::Keys,
};

/// What an application is built from.
pub struct Plan<'a> {
    /// The database, with its schema up to date.
    pub store: Store,
    /// Where uploaded files lie.
    pub files: Arc<dyn ObjectStore>,
    /// Who looks for viruses in them, if anybody does.
    pub scanner: Option<Arc<dyn ports::Scanner>>,
    /// The bureau's pack.
    pub pack: &'a Pack,
    /// Keys of personal values.
    pub keys: Keys,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where seeds come from.
    pub seeds: Seeds,
    /// Whether this is a demo database.
    pub demo: bool,
    /// Whether cookies are marked `Secure`.
    pub secure: bool,
    /// The cost of password hashes.
    pub hashing: Hashing,
}

/// The contexts over one store. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// Store, executor, clock, sessions.
    pub kit: Kit,
    /// People and staff.
    pub identity: Identity,
    /// Items.
    pub catalog: Catalog,
    /// Cases.
    pub casework: Casework,
    /// Registers of other bodies.
    pub registers: Registers,
    /// Messages.
    pub messages: Messages,
    /// Ratings.
    pub voice: Voice,
    /// Figures.
    pub insight: Insight,
    /// The bureau whose pack this is.
    pub bureau: Words,
    /// The number this program holds.
    pub node: Node,
}

impl App {
    /// Puts the contexts together.
    ///
    /// # Errors
    /// When the database does not answer or a part cannot be made.
    pub async fn build(plan: Plan<'_>) -> anyhow::Result<Self> {
        let store = plan.store.clone();
        let now = plan.clock.now();
        let mut holder = [0; 16];
        holder.copy_from_slice((plan.seeds)().get(..16).unwrap_or(&[0; 16]));
        let node = store.join(uuid::Uuid::from_bytes(holder), now).await?;
        let executor = Executor::start(&store, subscriptions(), node.slot).await?;
        let city = plan.pack.city.code;
        let register_keys = registers::Keys {
            master: plan.keys.master.as_ref().clone(),
            look_up: plan.keys.look_up.clone(),
        };
        let registers =
            Registers::open(&store, &executor, register_keys, city, now, (plan.seeds)())
                .await
                .map_err(told)?;
        let book = SessionBook::new(store.clone(), executor.clone(), Arc::clone(&plan.seeds));
        let kit = Kit {
            store,
            executor,
            clock: Arc::clone(&plan.clock),
            seeds: Arc::clone(&plan.seeds),
            sessions: Arc::<SessionBook>::clone(&book),
            city,
            demo: plan.demo,
            secure: plan.secure,
        };
        Self::join(plan, kit, book, registers, node).await
    }

    async fn join(
        plan: Plan<'_>,
        kit: Kit,
        book: Arc<SessionBook>,
        registers: Registers,
        node: Node,
    ) -> anyhow::Result<Self> {
        let pack = plan.pack;
        let city = pack.city.code;
        let register_port: Arc<dyn ports::Registers> = Arc::new(registers.clone());
        let (people, staff) = city::demo_people(pack);
        let identity = Identity::new(identity::Parts {
            kit: kit.clone(),
            book,
            vault: Vault::new(plan.keys.master.as_ref().clone(), plan.keys.look_up.clone()),
            registers: Arc::clone(&register_port),
            providers: vec![Arc::new(DemoProvider::new(people, staff))],
            options: identity::Options {
                city,
                hashing: plan.hashing,
                slow: SLOW_SIGN_IN,
            },
        })
        .map_err(told)?;
        let catalog = Catalog::open(kit.clone()).await.map_err(told)?;
        let parties: Arc<dyn ports::Parties> = Arc::new(identity.clone());
        let texts = texts(pack)?;
        let provider = messenger(&kit, city);
        let messages = Messages::new(kit.clone(), Arc::clone(&parties), provider, texts);
        let voice = Voice::new(kit.clone(), labels(pack)?, Arc::clone(&plan.keys.master));
        let neighbours = Neighbours {
            parties,
            registers: register_port,
            mailboxes: Arc::new(messages.clone()),
            ratings: Arc::new(voice.clone()),
            throttle: Arc::new(identity.clone()),
            subjects: Arc::new(identity.clone()),
        };
        let casework = cases(&plan, &kit, &catalog, neighbours);
        let (org_names, items) = (city::organisation_names(pack), Arc::new(catalog.clone()));
        Ok(Self {
            messages,
            voice,
            insight: Insight::new(kit.clone(), org_names, items, Pace::default()),
            kit,
            identity,
            catalog,
            casework,
            registers,
            bureau: pack.city.bureau.clone(),
            node,
        })
    }

    /// Every endpoint with its API document.
    pub fn api(&self) -> (Router, utoipa::openapi::OpenApi) {
        let api = OpenApiRouter::new()
            .merge(identity::routes(&self.identity))
            .merge(catalog::routes(self.catalog.clone()))
            .merge(casework::routes(self.casework.clone()))
            .merge(messages::routes(self.messages.clone()))
            .merge(voice::routes(self.voice.clone()))
            .merge(insight::routes(self.insight.clone()));
        OpenApiRouter::with_openapi(ApiDocument::openapi())
            .nest("/api/v1", api)
            .split_for_parts()
    }

    /// Guides as plain pages.
    pub fn guide_pages(&self, style: String) -> axum::Router {
        let site = catalog::Site {
            bureau: self.bureau.clone(),
            style,
            secure: self.kit.secure,
        };
        catalog::pages(self.catalog.clone(), site)
    }

    /// The handlers of all jobs.
    pub fn handlers(&self) -> Handlers {
        let parties: Arc<dyn ports::Parties> = Arc::new(self.identity.clone());
        let mut all = casework::jobs(&self.casework);
        all.extend(identity::jobs(&self.identity));
        let applications: Arc<dyn ports::Applications> = Arc::new(self.casework.clone());
        all.extend(registers::jobs(
            self.registers.clone(),
            parties,
            applications,
        ));
        all.extend(messages::jobs(&self.messages));
        all.extend(voice::jobs(&self.voice));
        all
    }
}

/// Who listens to which events.
pub fn subscriptions() -> Subscriptions {
    casework::subscriptions()
        .and(identity::subscriptions())
        .and(registers::subscriptions())
        .and(messages::subscriptions())
        .and(voice::subscriptions())
}

/// The contexts that casework asks.
struct Neighbours {
    parties: Arc<dyn ports::Parties>,
    registers: Arc<dyn ports::Registers>,
    mailboxes: Arc<dyn ports::Mailboxes>,
    ratings: Arc<dyn ports::Ratings>,
    throttle: Arc<dyn ports::Throttle>,
    subjects: Arc<dyn ports::Subjects>,
}

fn cases(plan: &Plan<'_>, kit: &Kit, catalog: &Catalog, neighbours: Neighbours) -> Casework {
    Casework::new(Parts {
        kit: kit.clone(),
        items: Arc::new(catalog.clone()),
        parties: neighbours.parties,
        registers: neighbours.registers,
        mailboxes: neighbours.mailboxes,
        ratings: neighbours.ratings,
        throttle: neighbours.throttle,
        calendar: catalog.calendar_source(),
        subjects: neighbours.subjects,
        keys: Arc::clone(&plan.keys.master),
        files: Arc::clone(&plan.files),
        scanner: plan.scanner.clone(),
        agencies: city::agencies(plan.pack),
        organisations: city::organisation_names(plan.pack),
    })
}

/// Who sends short messages. A demo city shows what it would have sent; anywhere else nothing is
/// sent until an adapter of a provider stands here.
fn messenger(kit: &Kit, city: DivisionCode) -> Arc<dyn ports::Messenger> {
    if kit.demo {
        Arc::new(DemoMessenger::new(kit.clone(), city))
    } else {
        Arc::new(NoMessenger)
    }
}

/// What citizens are told, by which agency.
fn texts(pack: &Pack) -> anyhow::Result<Texts> {
    let agencies = city::agencies(pack);
    let names = agencies
        .iter()
        .map(|(code, agency)| (*code, agency.name.clone()))
        .collect();
    Ok(Texts::new(templates(pack), names)?)
}

fn templates(pack: &Pack) -> Vec<messages::Template> {
    let template = |one: &catalog::pack::Template| messages::Template {
        id: one.id.clone(),
        title: one.title.clone(),
        body: one.body.clone(),
        sms: one.sms.clone(),
    };
    pack.templates.iter().map(template).collect()
}

fn labels(pack: &Pack) -> anyhow::Result<Labels> {
    let mut text =
        String::from("star\tlevel_zh\tgbt39046_code\tlabel_code\tlabel_zh\tlabel_en\tcore\n");
    for label in &pack.rating_labels {
        let core = u8::from(label.core);
        let fields = [
            label.stars.to_string(),
            label.level.clone(),
            label.standard_code.clone(),
            label.code.clone(),
            label.text.zh.clone(),
            label.text.en.clone(),
            core.to_string(),
        ];
        text.push_str(&fields.join("\t"));
        text.push('\n');
    }
    Ok(Labels::read(&text)?)
}

/// The name of the bureau, for pages and the API document.
pub fn bureau_name(pack: &Pack) -> (DivisionCode, Words) {
    (pack.city.code, pack.city.bureau.clone())
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Yici",
        description = "One window, one network, one visit: the public services of a municipal \
            human-resources and social-security bureau. Every write carries `Idempotency-Key`; \
            changes of an aggregate carry `If-Match`; refusals are problem documents (RFC 9457).",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/"))
)]
struct ApiDocument;

impl App {
    /// The API document, from an application over an empty database in `folder`.
    ///
    /// # Errors
    /// When the pack has faults or the folder cannot be written.
    pub async fn document(
        pack: &std::path::Path,
        folder: &std::path::Path,
    ) -> anyhow::Result<serde_json::Value> {
        let pack = city::read_pack(pack)?;
        std::fs::create_dir_all(folder)?;
        let database = format!("sqlite:{}", folder.join("yici.db").display());
        let store = Store::open(&Options {
            durable: false,
            ..Options::new(database)
        })
        .await?;
        store::migrate(&store).await?;
        let app = Self::build(Plan {
            store,
            files: files::Place::Folder(folder.join("files")).open()?,
            scanner: None,
            pack: &pack,
            keys: Keys::generate(&mut store::system::SystemEntropy)?,
            clock: Arc::new(store::system::SystemClock),
            seeds: Arc::new(store::system::SystemEntropy::seed),
            demo: true,
            secure: false,
            hashing: Hashing::OWASP,
        })
        .await?;
        let (_, document) = app.api();
        app.kit.store.clone().close().await;
        Ok(document::complete(serde_json::to_value(document)?))
    }
}
