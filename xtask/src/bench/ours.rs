//! Our own server under load.

use std::{
    cell::Cell,
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};

use crate::{place, postgres::free_port, shell};

/// The commands that are measured.
const SCENARIO: &str = "bench/scenarios/counter.json";
/// The first start makes some weeks of history.
const FIRST_START: Duration = Duration::from_mins(3);
/// Any later start.
pub(super) const NEXT_START: Duration = Duration::from_secs(20);
/// Idle before memory is read.
const IDLE: Duration = Duration::from_secs(5);

/// A running `yici serve`, killed when dropped.
pub(crate) struct Server {
    process: Child,
    address: String,
    /// From the start of the program to the first good answer, its database filled.
    pub(crate) cold_start_ms: f64,
    /// Resident memory after some idle seconds.
    pub(crate) idle_memory_mb: f64,
    /// Runs so far: each brings other people than those before.
    runs: Cell<u32>,
}

impl Server {
    /// Starts twice: once to fill the database, and once to measure the start.
    pub(crate) fn first_start(pack: &Path, data: &Path, database: Option<&str>) -> Result<Self> {
        drop(Self::start(pack, data, database, FIRST_START)?);
        let mut server = Self::start(pack, data, database, NEXT_START)?;
        thread::sleep(IDLE);
        server.idle_memory_mb = resident_mb(server.process.id())?;
        Ok(server)
    }

    pub(super) fn start(
        pack: &Path,
        data: &Path,
        database: Option<&str>,
        patience: Duration,
    ) -> Result<Self> {
        fs::create_dir_all(data)?;
        let address = format!("127.0.0.1:{}", free_port()?);
        let log = fs::File::create(data.join("serve.log"))?;
        let mut command = Command::new(place::binary("release", "yici"));
        command.current_dir(place::root()).arg("serve");
        command
            .args(["--demo", "--listen", &address, "--pack"])
            .arg(pack)
            .arg("--data")
            .arg(data);
        if let Some(url) = database {
            command.args(["--database", url]);
        }
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let from = shell::now();
        let process = command.spawn().context("yici did not start")?;
        let mut server = Self {
            process,
            address,
            cold_start_ms: 0.0,
            idle_memory_mb: 0.0,
            runs: Cell::new(0),
        };
        while !server.is_ready() {
            if from.elapsed() > patience || server.process.try_wait()?.is_some() {
                bail!(
                    "yici did not get ready:\n{}",
                    fs::read_to_string(data.join("serve.log"))?
                );
            }
            thread::sleep(Duration::from_millis(5));
        }
        server.cold_start_ms = from.elapsed().as_secs_f64() * 1e3;
        Ok(server)
    }

    fn is_ready(&self) -> bool {
        let ask = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect(&self.address)?;
            stream.set_read_timeout(Some(Duration::from_secs(1)))?;
            write!(
                stream,
                "GET /readyz HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
                self.address
            )?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer)
        };
        ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }

    /// What `load` says of so many clients.
    pub(crate) fn load(&self, clients: u32, seconds: u32) -> Result<String> {
        self.run(SCENARIO, clients, seconds)
    }

    /// What `load` says of another scenario.
    pub(crate) fn run(&self, scenario: &str, clients: u32, seconds: u32) -> Result<String> {
        self.runs.set(self.runs.get() + 1);
        let mut load = Command::new(place::binary("release", "load"));
        load.current_dir(place::root())
            .args([scenario, &self.address]);
        load.args([clients, seconds, self.runs.get()].map(|number| number.to_string()));
        shell::output(load)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn resident_mb(process: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next());
    let kilobytes: u32 = kilobytes.context("VmRSS")?.parse()?;
    Ok(f64::from(kilobytes) / 1024.0)
}
