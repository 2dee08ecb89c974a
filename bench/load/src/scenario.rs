//! What each client does: a plain file of requests.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::atomic::{AtomicU64, Ordering},
};

use serde::Deserialize;
use serde_json::Value;

/// A scenario.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    /// Its name in the results.
    pub(crate) name: String,
    /// Once for each client, before the clock runs.
    #[serde(default)]
    pub(crate) start: Vec<Step>,
    /// Again and again until the time is over. Each answered request is one command, or one reading.
    pub(crate) round: Vec<Step>,
}

/// One request. `{word}` in path, headers and body is replaced by a value: one captured from an
/// earlier answer of this client, or one of
///
/// - `{key}`: fresh for each request, for `Idempotency-Key`;
/// - `{citizen_no}`, `{mobile}`: of the person for whom this client acts in this run.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// Its name in the results.
    pub(crate) name: String,
    pub(crate) method: String,
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) body: Option<Value>,
    /// The status of an answer that counts.
    #[serde(default = "ok")]
    pub(crate) status: u16,
    /// How often it is sent in the start, one after the other.
    #[serde(default = "once")]
    pub(crate) repeat: u32,
    /// What to keep of the answer: word → `header:etag` (up to a `;`) or a JSON pointer `/case_id`.
    #[serde(default)]
    pub(crate) capture: BTreeMap<String, String>,
}

const fn ok() -> u16 {
    200
}

const fn once() -> u32 {
    1
}

/// The values of one client.
#[derive(Debug, Default, Clone)]
pub(crate) struct Values(BTreeMap<String, String>);

impl Values {
    pub(crate) fn set(&mut self, word: &str, value: impl Into<String>) {
        self.0.insert(word.to_owned(), value.into());
    }

    /// Replaces `{word}` where the word is known; all other braces stay (JSON has many).
    pub(crate) fn fill(&self, template: &str) -> String {
        let mut out = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let known = after
                .split_once('}')
                .and_then(|(word, tail)| Some((self.0.get(word)?, tail)));
            if let Some((value, tail)) = known {
                out.push_str(value);
                rest = tail;
            } else {
                out.push('{');
                rest = after;
            }
        }
        out + rest
    }
}

/// Keys and people that no other run on this database uses.
#[derive(Debug)]
pub(crate) struct Serial {
    run: u32,
    next: AtomicU64,
}

/// The most clients that one run may have.
pub(crate) const CLIENTS_MAX: u32 = 64;

impl Serial {
    pub(crate) const fn new(run: u32) -> Self {
        Self {
            run,
            next: AtomicU64::new(0),
        }
    }

    /// A key of its own for a request.
    pub(crate) fn key(&self, values: &mut Values) {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        values.set("key", format!("load-{}-{n}", self.run));
    }

    /// The person for whom a client acts.
    pub(crate) fn person(&self, client: u32, values: &mut Values) {
        let n = self.run * CLIENTS_MAX + client;
        values.set("citizen_no", citizen_no(n));
        values.set("mobile", format!("139{n:08}"));
    }
}

/// A citizen number of the demo city (GB 11643 with its check digit), another for each `n` below a
/// million. The demo city's own people have other days of birth.
pub(crate) fn citizen_no(n: u32) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &str = "10X98765432";
    let (order, day) = (n % 99 + 1, n / 99 % 28 + 1);
    let (month, year) = (n / 99 / 28 % 12 + 1, n / 99 / 28 / 12 % 40 + 1966);
    let mut number = String::from("180102");
    let _ = write!(number, "{year:04}{month:02}{day:02}{order:03}");
    let sum: u32 = number
        .chars()
        .zip(WEIGHTS)
        .map(|(c, weight)| c.to_digit(10).unwrap_or(0) * weight)
        .sum();
    let check = CHECKS.chars().nth((sum % 11) as usize);
    number.extend(check);
    number
}

#[cfg(test)]
mod tests {
    use super::{Serial, Values, citizen_no};

    #[test]
    fn known_words_are_filled_and_other_braces_stay() {
        let mut values = Values::default();
        values.set("case_id", "case_1");
        let filled = values.fill(r#"{"id":"{case_id}","x":{"y":1}} {other}"#);
        assert_eq!(filled, r#"{"id":"case_1","x":{"y":1}} {other}"#);
    }

    #[test]
    fn numbers_have_their_check_digit_and_do_not_repeat() {
        // 11010519491231002X is the example of GB 11643: the same sum by the same weights.
        assert_eq!(citizen_no(0).len(), 18);
        let many: std::collections::BTreeSet<String> = (0..20_000).map(citizen_no).collect();
        assert_eq!(many.len(), 20_000);
        assert!(many.iter().all(|number| number.len() == 18));
    }

    #[test]
    fn two_runs_share_no_person() {
        let (mut a, mut b) = (Values::default(), Values::default());
        Serial::new(1).person(63, &mut a);
        Serial::new(2).person(0, &mut b);
        assert_ne!(a.fill("{citizen_no}"), b.fill("{citizen_no}"));
    }
}
