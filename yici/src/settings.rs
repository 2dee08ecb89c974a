//! Settings: flags before environment (`YICI_*`) before `yici.toml` before defaults.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::{Context as _, bail};
use serde::Deserialize;

use crate::{clamd, files};

/// Where everything is.
#[derive(Debug, Clone, clap::Args)]
pub struct Settings {
    /// Folder of the embedded database, keys, uploads and anchors.
    #[arg(long, env = "YICI_DATA", global = true)]
    pub data: Option<PathBuf>,
    /// `postgres://…`; the embedded SQLite database of the data folder if none.
    #[arg(long, env = "YICI_DATABASE", global = true)]
    pub database: Option<String>,
    /// Where uploaded files lie: a folder, or `s3://BUCKET/PREFIX`; `files` in the data folder if none.
    #[arg(long, env = "YICI_FILES", global = true)]
    pub files: Option<String>,
    /// Who looks for viruses in uploads, a clamd: `tcp://HOST:PORT` or `unix:/PATH`; nobody if none.
    #[arg(long, env = "YICI_SCANNER", global = true)]
    pub scanner: Option<String>,
    /// Folder of the bureau's pack.
    #[arg(long, env = "YICI_PACK", global = true)]
    pub pack: Option<PathBuf>,
    /// File with settings.
    #[arg(long, env = "YICI_CONFIG", global = true)]
    pub config: Option<PathBuf>,
}

/// What `yici.toml` may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    data: Option<PathBuf>,
    database: Option<String>,
    files: Option<String>,
    scanner: Option<String>,
    pack: Option<PathBuf>,
    listen: Option<SocketAddr>,
}

/// Settings with every gap filled.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// Folder of the embedded database, keys, files and anchors.
    pub data: PathBuf,
    /// URL of the database.
    pub database: String,
    /// Where uploaded files lie.
    pub files: files::Place,
    /// Who looks for viruses in them.
    pub scanner: Option<clamd::Address>,
    /// Folder of the bureau's pack.
    pub pack: PathBuf,
    /// Address to listen on, if the file gives one.
    pub listen: Option<SocketAddr>,
}

impl Settings {
    /// Fills the gaps.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn resolve(&self) -> anyhow::Result<Resolved> {
        let file = self.file()?;
        let data = self
            .data
            .clone()
            .or(file.data)
            .unwrap_or_else(|| PathBuf::from("var"));
        let embedded = format!("sqlite:{}", data.join("yici.db").display());
        let database = self.database.clone().or(file.database).unwrap_or(embedded);
        if !(database.starts_with("sqlite:") || database.starts_with("postgres")) {
            bail!("the database is sqlite:PATH or postgres://USER@HOST/NAME");
        }
        let files = match self.files.clone().or(file.files) {
            Some(place) => place.parse()?,
            None => files::Place::Folder(data.join("files")),
        };
        let scanner = self.scanner.clone().or(file.scanner);
        let scanner = scanner.map(|address| address.parse()).transpose()?;
        Ok(Resolved {
            database,
            files,
            scanner,
            data,
            pack: self
                .pack
                .clone()
                .or(file.pack)
                .unwrap_or_else(|| PathBuf::from("packs/yunchuan")),
            listen: file.listen,
        })
    }

    fn file(&self) -> anyhow::Result<File> {
        let path = match &self.config {
            Some(path) => path.clone(),
            None if PathBuf::from("yici.toml").is_file() => PathBuf::from("yici.toml"),
            None => return Ok(File::default()),
        };
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is not as it should be", path.display()))
    }
}
