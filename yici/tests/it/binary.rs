//! The real program on a data folder of its own.

use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    sync::Arc,
};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::json;
use store::system::{SystemClock, SystemEntropy};
use testkit::Database;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader as AsyncReader},
    net::TcpStream,
};
use yici::{App, app::Plan, city, files, keys::Keys};

use crate::{
    client::{Answer, Call, Who},
    harness::{CHEAP, migrated, pack, pack_folder},
};

/// The name of every installation here.
const INSTALLATION: uuid::Uuid = uuid::Uuid::from_u128(1);

/// An installation: a data folder, a database with the named people of the demo city.
pub(crate) struct Installation {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) database: Database,
    pub(crate) keys: Keys,
}

impl Installation {
    /// A demo.
    pub(crate) async fn new(database: Database) -> Self {
        Self::of(database, store::Purpose::Demo).await
    }

    /// An installation for this purpose; the people are there only in a demo.
    pub(crate) async fn of(database: Database, purpose: store::Purpose) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::open(folder.path(), &mut SystemEntropy).unwrap();
        let this = Self {
            folder,
            database,
            keys,
        };
        let app = this.app().await;
        // What the first start of a demo leaves behind, without its weeks of history.
        let is = store::Installation {
            id: INSTALLATION,
            purpose,
            keys: this.keys.fingerprint(),
        };
        app.kit.store.claim(&is, app.kit.clock.now()).await.unwrap();
        city::load_named(&app, pack()).await.unwrap();
        this.leave(app).await;
        this
    }

    /// The product over this installation, in this process.
    pub(crate) async fn app(&self) -> App {
        App::build(Plan {
            store: migrated(self.database.options()).await,
            files: files::Place::Folder(self.folder.path().join("files"))
                .open()
                .unwrap(),
            scanner: None,
            pack: pack(),
            keys: self.keys.clone(),
            clock: Arc::new(SystemClock),
            seeds: Arc::new(SystemEntropy::seed),
            demo: true,
            secure: false,
            hashing: CHEAP,
        })
        .await
        .unwrap()
    }

    pub(crate) async fn leave(&self, app: App) {
        app.kit.store.leave(app.node).await.unwrap();
        app.kit.store.clone().close().await;
    }

    /// The folder of the anchors.
    pub(crate) fn anchors(&self) -> PathBuf {
        yici::anchors::folder_of(self.folder.path(), INSTALLATION)
    }

    /// The log of the server that was started last.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yici"));
        command
            .current_dir(self.folder.path())
            .args(arguments)
            .arg("--data")
            .arg(self.folder.path())
            .env("YICI_DATABASE", &self.database.options().url)
            .env("YICI_PACK", pack_folder())
            .env("YICI_LOG", "debug");
        command
    }

    /// Runs a command of the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// The same over another database.
    pub(crate) fn run_on(&self, database: &Database, arguments: &[&str]) -> Output {
        let mut command = self.command(arguments);
        command.env("YICI_DATABASE", &database.options().url);
        command.output().unwrap()
    }

    /// The same with a password for new accounts.
    pub(crate) fn run_with_password(&self, password: &str, arguments: &[&str]) -> Output {
        let mut command = self.command(arguments);
        command.env("YICI_PASSWORD", password).output().unwrap()
    }

    /// Starts a program that works on jobs only.
    pub(crate) fn work(&self) -> Program {
        let log = std::fs::File::create(self.folder.path().join("worker.log")).unwrap();
        Program(self.command(&["work"]).stderr(log).spawn().unwrap())
    }

    /// Starts the server on a free port.
    pub(crate) fn serve(&self) -> Server {
        self.serve_with(&[])
    }

    /// The same with more flags.
    pub(crate) fn serve_with(&self, flags: &[&str]) -> Server {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.args(flags);
        let log = std::fs::File::create(self.log()).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| {
            let line = line.unwrap();
            let (_, address) = line.split_once("portal      http://")?;
            address.trim_end_matches('/').parse().ok()
        });
        // Whoever prints must have somebody who reads.
        std::thread::spawn(move || lines.for_each(drop));
        Server {
            program: Program(child),
            address: address.unwrap(),
        }
    }
}

/// A running program.
pub(crate) struct Program(Child);

impl Program {
    /// Asks it to stop, and waits.
    pub(crate) fn stop(mut self) {
        let id = self.0.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // A failing test leaves nothing running.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A running server.
pub(crate) struct Server {
    program: Program,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Ends it as a power cut would.
    pub(crate) fn kill(mut self) {
        self.program.0.kill().unwrap();
        self.program.0.wait().unwrap();
    }

    /// Asks it to stop, and waits.
    pub(crate) fn stop(self) {
        self.program.stop();
    }
}

/// A browser: one connection, kept open.
pub(crate) struct Browser {
    stream: AsyncReader<TcpStream>,
}

impl Browser {
    pub(crate) async fn open(address: SocketAddr) -> std::io::Result<Self> {
        Ok(Self {
            stream: AsyncReader::new(TcpStream::connect(address).await?),
        })
    }

    /// Signs in through the provider of the demo city.
    pub(crate) async fn sign_in(&mut self, ticket: &str, surface: &'static str) -> Who {
        let body = json!({ "provider": "demo", "ticket": ticket });
        let call = Call::post("/session/provider", &body).key("sign-in-0001");
        let answer = self.call(&call).await.unwrap();
        Who {
            surface,
            cookie: answer.cookie(),
        }
    }

    /// Sends a request; an error means that nobody knows whether it was done.
    pub(crate) async fn call(&mut self, call: &Call) -> std::io::Result<Answer> {
        let mut head = format!("{} {} HTTP/1.1\r\nhost: yici\r\n", call.method, call.path);
        for (name, value) in &call.headers {
            head = format!("{head}{name}: {value}\r\n");
        }
        head = format!("{head}content-length: {}\r\n\r\n", call.content.len());
        // In one piece: a server that refuses by the head alone closes the connection on a body
        // that is still on its way.
        let request = [head.as_bytes(), &call.content].concat();
        self.stream.get_mut().write_all(&request).await?;
        let status = self.line().await?;
        let status: u16 = status
            .split(' ')
            .nth(1)
            .and_then(|text| text.parse().ok())
            .ok_or_else(cut)?;
        let mut headers = HeaderMap::new();
        loop {
            let line = self.line().await?;
            let Some((name, value)) = line.split_once(": ") else {
                break;
            };
            headers.append(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        let length = headers
            .get("content-length")
            .and_then(|value| value.to_str().ok());
        let mut content = vec![0; length.and_then(|text| text.parse().ok()).unwrap_or(0)];
        self.stream.read_exact(&mut content).await?;
        Ok(Answer::new(status, headers, &content))
    }

    async fn line(&mut self) -> std::io::Result<String> {
        let mut line = String::new();
        self.stream.read_line(&mut line).await?;
        if !line.ends_with("\r\n") {
            return Err(cut());
        }
        Ok(line.trim_end().to_owned())
    }
}

fn cut() -> std::io::Error {
    std::io::ErrorKind::UnexpectedEof.into()
}
