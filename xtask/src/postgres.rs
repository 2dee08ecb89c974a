//! A private PostgreSQL cluster in a temporary folder, gone with us.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

use crate::{guard::Guard, need, shell};

/// What happens to a commit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// It may be lost with the machine: tests.
    Relaxed,
    /// It is on the disk when it is acknowledged: benchmarks.
    Full,
}

impl Durability {
    /// Where the data goes: `/tmp` may be memory, `/var/tmp` is on a disk.
    fn folder(self) -> PathBuf {
        match self {
            Self::Relaxed => std::env::temp_dir(),
            Self::Full => PathBuf::from("/var/tmp"),
        }
    }
}

/// A running cluster.
pub(crate) struct Cluster {
    /// Where the programs of PostgreSQL are.
    pub(crate) programs: PathBuf,
    port: u16,
    folder: PathBuf,
    _guard: Guard,
}

impl Cluster {
    /// Makes and starts a cluster; as user `postgres` when we are root.
    pub(crate) fn start(durability: Durability) -> Result<Self> {
        let programs = need::postgres()?;
        let folder = durability
            .folder()
            .join(format!("yici-postgres-{}", std::process::id()));
        let path = folder
            .to_str()
            .context("the temporary folder has a strange name")?;
        let owner = if shell::is_root() { "postgres" } else { "" };
        make_folder(&folder, owner)?;
        let stop = r#"
            drop=; if [ -n "$3" ]; then drop="setpriv --reuid $3 --regid $3 --clear-groups --"; fi
            $drop "$2/pg_ctl" -D "$1/data" -m immediate -w stop
            rm -rf "$1""#;
        let guard = Guard::new(stop, &[path, programs.to_str().unwrap_or_default(), owner])?;
        let port = free_port()?;
        let cluster = Self {
            programs,
            port,
            folder,
            _guard: guard,
        };
        cluster
            .initialise(owner, durability)
            .context("PostgreSQL did not start")?;
        Ok(cluster)
    }

    /// The address of a database in it.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// The process id of the server.
    pub(crate) fn process(&self) -> Option<u32> {
        let file = fs::read_to_string(self.folder.join("data/postmaster.pid")).ok()?;
        file.lines().next()?.trim().parse().ok()
    }

    /// A client program such as `psql`, speaking to a database of this cluster.
    pub(crate) fn client(&self, program: &str, database: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command
            .env("PGHOST", "127.0.0.1")
            .env("PGPORT", self.port.to_string());
        command
            .env("PGUSER", "postgres")
            .env("PGDATABASE", database);
        command
    }

    fn initialise(&self, owner: &str, durability: Durability) -> Result<()> {
        let data = self.folder.join("data");
        let program = |name: &str| {
            let program = self.programs.join(name);
            let mut command = if owner.is_empty() {
                Command::new(program)
            } else {
                shell::as_user(owner, program)
            };
            command.current_dir(&self.folder).arg("-D").arg(&data);
            command
        };
        let mut initdb = program("initdb");
        initdb.args(["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C"]);
        if durability == Durability::Relaxed {
            initdb.arg("--no-sync");
        }
        shell::output(initdb)?;
        let mut settings = vec![
            "listen_addresses = '127.0.0.1'".to_owned(),
            format!("port = {}", self.port),
            format!("unix_socket_directories = '{}'", self.folder.display()),
            "max_connections = 300".to_owned(),
            "shared_buffers = 256MB".to_owned(),
        ];
        match durability {
            Durability::Relaxed => settings.extend(
                [
                    "fsync = off",
                    "synchronous_commit = off",
                    "full_page_writes = off",
                ]
                .map(str::to_owned),
            ),
            Durability::Full => settings.extend(
                [
                    "fsync = on",
                    "synchronous_commit = on",
                    "max_wal_size = 8GB",
                    "checkpoint_timeout = 30min",
                ]
                .map(str::to_owned),
            ),
        }
        let file = data.join("postgresql.conf");
        let given = fs::read_to_string(&file)?;
        fs::write(&file, given + &settings.join("\n") + "\n")?;
        let mut start = program("pg_ctl");
        start
            .arg("-l")
            .arg(self.folder.join("log"))
            .args(["-w", "start"]);
        start
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null());
        shell::run(start).with_context(|| self.log())
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

/// A folder that only `owner` may enter (we ourselves, when empty).
pub(crate) fn make_folder(folder: &Path, owner: &str) -> Result<()> {
    let mut install = Command::new("install");
    install.args(["-d", "-m", "700"]);
    if !owner.is_empty() {
        install.args(["-o", owner, "-g", &shell::group_of(owner)]);
    }
    install.arg(folder);
    shell::output(install).map(drop)
}

/// A loopback port that is free now.
pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
