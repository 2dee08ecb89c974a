//! One client and what it counts.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tokio::sync::Barrier;

use crate::{
    histogram::Histogram,
    http::{Answer, Connection},
    scenario::{Scenario, Serial, Step, Values},
};

/// What was answered.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    steps: BTreeMap<String, Histogram>,
    /// Other answers than the wanted ones: `step status code` → how often.
    refused: BTreeMap<String, u64>,
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Self) {
        for (name, histogram) in &other.steps {
            self.steps.entry(name.clone()).or_default().merge(histogram);
        }
        for (what, count) in &other.refused {
            *self.refused.entry(what.clone()).or_default() += count;
        }
    }

    pub(crate) fn report(&self, scenario: &Scenario, clients: u32, seconds: f64) -> Value {
        let mut all = Histogram::default();
        self.steps
            .values()
            .for_each(|histogram| all.merge(histogram));
        let numbers = |histogram: &Histogram| {
            json!({
                "commands": histogram.total(),
                "per_second": f64::from(u32::try_from(histogram.total()).unwrap_or(u32::MAX)) / seconds,
                "p50_ms": histogram.at(500),
                "p95_ms": histogram.at(950),
                "p99_ms": histogram.at(990),
                "max_ms": histogram.at(1000),
            })
        };
        let mut report = numbers(&all);
        report["scenario"] = json!(scenario.name);
        report["clients"] = json!(clients);
        report["refused"] = json!(self.refused);
        report["steps"] = self
            .steps
            .iter()
            .map(|(name, steps)| (name.clone(), numbers(steps)))
            .collect();
        report
    }
}

/// One client.
pub(crate) struct Client {
    address: String,
    scenario: Arc<Scenario>,
    serial: Arc<Serial>,
    values: Values,
}

impl Client {
    /// The client with this index, below [`crate::scenario::CLIENTS_MAX`].
    pub(crate) fn new(
        index: u32,
        address: String,
        scenario: Arc<Scenario>,
        serial: Arc<Serial>,
    ) -> Self {
        let mut values = Values::default();
        serial.person(index, &mut values);
        Self {
            address,
            scenario,
            serial,
            values,
        }
    }

    /// The client with this index, started like this one, for another person.
    pub(crate) fn another(&self, index: u32) -> Self {
        let mut values = self.values.clone();
        self.serial.person(index, &mut values);
        Self {
            address: self.address.clone(),
            scenario: Arc::clone(&self.scenario),
            serial: Arc::clone(&self.serial),
            values,
        }
    }

    /// Walks through the start of the scenario.
    pub(crate) async fn start(&mut self) -> Result<()> {
        let scenario = Arc::clone(&self.scenario);
        let mut connection = Connection::open(&self.address).await?;
        let steps = scenario.start.iter();
        for step in steps.flat_map(|step| (0..step.repeat).map(move |_| step)) {
            let answer = self.ask(&mut connection, step).await?;
            if answer.status != step.status {
                let said = String::from_utf8_lossy(&answer.body).into_owned();
                bail!("{}: {} {said}", step.name, answer.status);
            }
            self.keep(step, &answer)?;
        }
        Ok(())
    }

    /// Waits for the others, then goes round until the time is over.
    pub(crate) async fn run(mut self, barrier: &Barrier, time: Duration) -> Result<Tally> {
        let scenario = Arc::clone(&self.scenario);
        let mut connection = Connection::open(&self.address).await?;
        barrier.wait().await;
        let end = now() + time;
        let mut tally = Tally::default();
        loop {
            for step in &scenario.round {
                let from = now();
                let answer = self.ask(&mut connection, step).await?;
                if now() >= end {
                    return Ok(tally);
                }
                if answer.status != step.status {
                    *tally.refused.entry(refusal(step, &answer)).or_default() += 1;
                    break;
                }
                let micros = u64::try_from(from.elapsed().as_micros()).unwrap_or(u64::MAX);
                tally
                    .steps
                    .entry(step.name.clone())
                    .or_default()
                    .add(micros);
                self.keep(step, &answer)?;
            }
        }
    }

    async fn ask(&mut self, connection: &mut Connection, step: &Step) -> Result<Answer> {
        self.serial.key(&mut self.values);
        let mut headers = String::new();
        for (name, value) in &step.headers {
            headers = headers + name + ": " + &self.values.fill(value) + "\r\n";
        }
        let body = step.body.as_ref().map_or_else(String::new, |body| {
            headers += "content-type: application/json\r\n";
            self.values.fill(&body.to_string())
        });
        connection
            .ask(&step.method, &self.values.fill(&step.path), &headers, &body)
            .await
    }

    fn keep(&mut self, step: &Step, answer: &Answer) -> Result<()> {
        for (word, from) in &step.capture {
            let lost = || format!("{}: the answer has no {from}", step.name);
            let value = if let Some(name) = from.strip_prefix("header:") {
                answer.header(name).with_context(lost)?.to_owned()
            } else {
                let body: Value = serde_json::from_slice(&answer.body)?;
                match body.pointer(from).with_context(lost)? {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                }
            };
            self.values.set(word, value);
        }
        Ok(())
    }
}

fn refusal(step: &Step, answer: &Answer) -> String {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let code = body.get("code").and_then(Value::as_str).unwrap_or_default();
    format!("{} {} {code}", step.name, answer.status)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
        sync::Barrier,
    };

    use super::Client;
    use crate::scenario::{Scenario, Serial};

    /// Answers every request with a version one higher; refuses where `If-Match` lags behind.
    async fn counting_server(listener: TcpListener) {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (mut version, mut buffer) = (0, [0; 4096]);
        loop {
            let read = stream.read(&mut buffer).await.unwrap();
            if read == 0 {
                (stream, _) = listener.accept().await.unwrap();
                continue;
            }
            let asked = String::from_utf8_lossy(&buffer[..read]).into_owned();
            let good = version == 0 || asked.contains(&format!("if-match: \"{version}\""));
            version += 1;
            let (status, body) = if good {
                (200, r#"{"id":"case_7"}"#)
            } else {
                (409, r#"{"code":"E1010"}"#)
            };
            let answer = format!(
                "HTTP/1.1 {status} x\r\nETag: \"{version}\"\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    }

    async fn run(scenario: &str) -> serde_json::Value {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(counting_server(listener));
        let scenario: Arc<Scenario> = Arc::new(serde_json::from_str(scenario).unwrap());
        let mut first = Client::new(0, address, Arc::clone(&scenario), Arc::new(Serial::new(1)));
        first.start().await.unwrap();
        let tally = first
            .another(0)
            .run(&Barrier::new(1), Duration::from_millis(50))
            .await
            .unwrap();
        tally.report(&scenario, 1, 0.05)
    }

    #[tokio::test]
    async fn versions_are_carried_from_answer_to_request() {
        let report = run(r#"{"name": "x",
            "start": [{"name": "open", "method": "POST", "path": "/", "body": {"n": "{key}"}, "capture": {"version": "header:etag", "id": "/id"}}],
            "round": [{"name": "save", "method": "PUT", "path": "/{id}", "headers": {"if-match": "{version}"}, "capture": {"version": "header:etag"}}]}"#).await;
        assert!(report["commands"].as_u64() > Some(0), "{report}");
        assert_eq!(report["refused"], serde_json::json!({}));
    }

    #[tokio::test]
    async fn a_refused_request_is_no_command() {
        let report = run(r#"{"name": "x", "round": [{"name": "save", "method": "PUT", "path": "/", "headers": {"if-match": "\"0\""}}]}"#).await;
        assert_eq!(
            report["commands"], 1,
            "the first is answered, the others come too late"
        );
        assert!(
            report["refused"]["save 409 E1010"].as_u64() > Some(0),
            "{report}"
        );
    }
}
