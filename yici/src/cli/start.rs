//! What several commands do first: logs, keys, pack, application.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, bail};
use identity::Hashing;
use kernel::Clock;
use store::{
    Options,
    system::{SystemClock, SystemEntropy},
};
use tracing_subscriber::EnvFilter;
use yici::{App, app::Plan, city, keys::Keys, settings::Resolved};

/// The file that says that a database was created with `--demo`.
const DEMO_MARK: &str = "demo";

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

/// An opened installation.
pub(crate) struct Opened {
    pub app: App,
    pub keys: Keys,
    pub pack: catalog::pack::Pack,
}

/// How an installation is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct How {
    /// Whether commits survive a power cut.
    pub durable: bool,
    /// Whether cookies are marked `Secure`.
    pub secure: bool,
}

impl Default for How {
    fn default() -> Self {
        Self {
            durable: true,
            secure: true,
        }
    }
}

/// Whether the data folder belongs to a demo.
pub(crate) fn is_demo(settings: &Resolved) -> bool {
    settings.data.join(DEMO_MARK).exists()
}

/// Marks a new data folder as a demo; one that holds a real database stays what it is.
pub(crate) fn mark_demo(settings: &Resolved) -> anyhow::Result<()> {
    if is_demo(settings) {
        return Ok(());
    }
    if settings.data.join("keys").exists() {
        bail!(
            "{} was not created with --demo: choose another folder with --data",
            settings.data.display()
        );
    }
    std::fs::create_dir_all(&settings.data)
        .with_context(|| format!("cannot make {}", settings.data.display()))?;
    std::fs::write(settings.data.join(DEMO_MARK), "created with --demo\n")?;
    Ok(())
}

/// Opens an installation.
pub(crate) async fn open(settings: &Resolved, how: How) -> anyhow::Result<Opened> {
    open_at(settings, how, Arc::new(SystemClock)).await
}

/// Opens an installation under another clock.
pub(crate) async fn open_at(
    settings: &Resolved,
    how: How,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<Opened> {
    make_folder(&settings.data)?;
    let pack = city::read_pack(&settings.pack)?;
    let keys = Keys::open(&settings.data, &mut SystemEntropy)?;
    let app = App::build(Plan {
        options: Options {
            durable: how.durable,
            ..Options::new(settings.database.clone())
        },
        files: settings.data.join("files"),
        pack: &pack,
        keys: keys.clone(),
        clock,
        seeds: Arc::new(SystemEntropy::seed),
        demo: is_demo(settings),
        secure: how.secure,
        hashing: Hashing::OWASP,
    })
    .await?;
    Ok(Opened { app, keys, pack })
}

fn make_folder(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}
