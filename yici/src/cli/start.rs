//! What several commands do first: logs, keys, pack, application.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, bail};
use identity::Hashing;
use kernel::{Clock, Entropy as _, ports::Scanner};
use store::{
    Installation, Options, Purpose, Store,
    system::{SystemClock, SystemEntropy},
};
use tracing_subscriber::EnvFilter;
use uuid::Uuid;
use yici::{
    App,
    app::Plan,
    city,
    clamd::{self, Clamd},
    keys::Keys,
    settings::Resolved,
};

use super::say;

/// Sends logs to standard error: lines for people on a terminal, JSON otherwise.
pub(crate) fn log() {
    let filter = EnvFilter::try_from_env("YICI_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm=warn"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A second call, as in tests, finds the first one's subscriber: that is fine.
    if std::io::IsTerminal::is_terminal(&std::io::stderr()) {
        drop(builder.compact().try_init());
    } else {
        drop(builder.json().flatten_event(true).try_init());
    }
}

/// How an installation is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct How {
    /// Whether commits survive a power cut.
    pub durable: bool,
    /// Whether cookies are marked `Secure`.
    pub secure: bool,
    /// Whether a new database becomes a demo.
    pub demo: bool,
}

impl Default for How {
    fn default() -> Self {
        Self {
            durable: true,
            secure: true,
            demo: false,
        }
    }
}

/// A data folder and the database that belongs to it.
pub(crate) struct Site {
    pub keys: Keys,
    pub store: Store,
    pub is: Installation,
}

/// Opens keys and database, looks whether they belong together before anything is changed, and
/// brings the schema up to date.
pub(crate) async fn enter(settings: &Resolved, how: How) -> anyhow::Result<Site> {
    make_folder(&settings.data)?;
    let keys = Keys::open(&settings.data, &mut SystemEntropy)?;
    let store = open_store(settings, how).await?;
    let found = store.installation().await?;
    if let Some(found) = &found {
        fits(settings, how, found, &keys)?;
        if found.purpose == Purpose::UnfinishedDemo {
            say("The preparation of this demo broke off: it begins again.");
            store.start_over().await?;
        }
    }
    store::migrate(&store).await?;
    let mut id = [0; 16];
    SystemEntropy.fill(&mut id);
    let wanted = Installation {
        id: Uuid::from_bytes(id),
        purpose: if how.demo {
            Purpose::UnfinishedDemo
        } else {
            Purpose::Bureau
        },
        keys: keys.fingerprint(),
    };
    let is = store.claim(&wanted, SystemClock.now()).await?;
    Ok(Site { keys, store, is })
}

fn fits(settings: &Resolved, how: How, found: &Installation, keys: &Keys) -> anyhow::Result<()> {
    if found.keys != keys.fingerprint() {
        bail!(
            "this database was made with other keys ({}) than those in {}: choose the data folder that belongs to it with --data, or another database with --database",
            found.keys,
            settings.data.join("keys").display()
        );
    }
    match found.purpose {
        Purpose::Bureau if how.demo => {
            bail!("this database is a bureau's, it was not created with --demo: choose another one")
        }
        Purpose::UnfinishedDemo if !how.demo => {
            bail!("the preparation of this demo broke off: run `yici serve --demo` once more")
        }
        _ => Ok(()),
    }
}

/// Opens the database and nothing else.
pub(crate) async fn open_store(settings: &Resolved, how: How) -> anyhow::Result<Store> {
    let options = Options {
        durable: how.durable,
        ..Options::new(settings.database.clone())
    };
    Store::open(&options)
        .await
        .context("the database cannot be opened")
}

/// An opened installation.
pub(crate) struct Opened {
    pub app: App,
    pub keys: Keys,
    pub pack: catalog::pack::Pack,
    pub is: Installation,
}

impl Opened {
    /// Gives back what this program holds.
    pub(crate) async fn leave(self) -> anyhow::Result<()> {
        let store = self.app.kit.store;
        store.leave(self.app.node).await?;
        store.close().await;
        Ok(())
    }
}

/// Opens an installation.
pub(crate) async fn open(settings: &Resolved, how: How) -> anyhow::Result<Opened> {
    let site = enter(settings, how).await?;
    open_at(settings, how, site, Arc::new(SystemClock)).await
}

/// Opens an installation under this clock.
pub(crate) async fn open_at(
    settings: &Resolved,
    how: How,
    site: Site,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<Opened> {
    let pack = city::read_pack(&settings.pack)?;
    let app = App::build(Plan {
        store: site.store,
        files: settings.files.open()?,
        scanner: settings.scanner.clone().map(scanner),
        pack: &pack,
        keys: site.keys.clone(),
        clock,
        seeds: Arc::new(SystemEntropy::seed),
        demo: site.is.purpose != Purpose::Bureau,
        secure: how.secure,
        hashing: Hashing::OWASP,
    })
    .await?;
    Ok(Opened {
        app,
        keys: site.keys,
        pack,
        is: site.is,
    })
}

fn scanner(address: clamd::Address) -> Arc<dyn Scanner> {
    Arc::new(Clamd(address))
}

fn make_folder(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}
