//! Many clients at once, each with one connection, walking through a scenario of prepared requests.
//!
//! `load SCENARIO.json ADDRESS CLIENTS SECONDS SERIAL` prints one JSON object. `SERIAL` makes the
//! people and keys of this run others than those of the runs before, on the same database.
//! `load people RUNS` prints the citizen numbers of all people that so many runs act for.

#![expect(
    clippy::print_stdout,
    reason = "a command line tool speaks by printing"
)]

mod client;
mod histogram;
mod http;
mod scenario;

use std::{fs, sync::Arc, time::Duration};

use anyhow::{Context as _, Result, bail};
use tokio::{sync::Barrier, task::JoinSet};

use self::{
    client::{Client, Tally},
    scenario::{CLIENTS_MAX, Scenario, Serial},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [word, runs] = args.as_slice()
        && word == "people"
    {
        let runs: u32 = runs.parse().context("RUNS")?;
        (0..(runs + 1) * CLIENTS_MAX).for_each(|n| println!("{}", scenario::citizen_no(n)));
        return Ok(());
    }
    let [file, address, clients, seconds, serial] = args.as_slice() else {
        bail!(
            "usage: load SCENARIO.json ADDRESS CLIENTS SECONDS SERIAL, or load people RUNS; RUNS from 1"
        );
    };
    let scenario = fs::read_to_string(file).with_context(|| file.clone())?;
    let scenario: Arc<Scenario> =
        Arc::new(serde_json::from_str(&scenario).with_context(|| file.clone())?);
    let clients: u32 = clients.parse().context("CLIENTS")?;
    if clients > CLIENTS_MAX {
        bail!("at most {CLIENTS_MAX} clients");
    }
    let seconds: f64 = seconds.parse().context("SECONDS")?;
    let serial = Arc::new(Serial::new(serial.parse().context("SERIAL")?));

    let barrier = Arc::new(Barrier::new(clients as usize));
    // Signed in once for all: an account has a few sessions, not one for each of so many clients.
    let mut first = Client::new(0, address.clone(), Arc::clone(&scenario), serial);
    first.start().await?;
    let mut running = JoinSet::new();
    for index in 0..clients {
        let client = first.another(index);
        let barrier = Arc::clone(&barrier);
        running.spawn(async move { client.run(&barrier, Duration::from_secs_f64(seconds)).await });
    }
    let mut all = Tally::default();
    while let Some(tally) = running.join_next().await {
        // A client that cannot start would leave the others waiting: the first fault ends the run.
        all.add(&tally??);
    }
    println!("{}", all.report(&scenario, clients, seconds));
    Ok(())
}
