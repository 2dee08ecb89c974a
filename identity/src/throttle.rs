//! Failed sign-ins: after too many an account, or an address, rests.
//!
//! An account that does not exist is counted and rests like any other. Subjects are keyed hashes:
//! no number and no address stands in the table.

use httpkit::ClientAddress;
use kernel::{
    AppError, DivisionCode, Refusal, Timestamp, codes,
    limits::{SIGN_IN_FAILURES_MAX, SIGN_IN_REST_MINUTES},
};
use serde::{Deserialize, Serialize};
use store::{Command, Loads, Store, Work, key};

use crate::{
    store::{self as sql, throttle},
    vault::Vault,
};

/// Failures from one address before it rests: a whole hall may stand behind one address.
const ADDRESS_FAILURES_MAX: i32 = 50;

/// Something whose failures are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subject {
    pub hash: Vec<u8>,
    max: i32,
}

impl Subject {
    /// An account, existing or not.
    fn account(vault: &Vault, account: &str) -> Self {
        Self {
            hash: vault.blind("sign_in_account", account).to_vec(),
            max: SIGN_IN_FAILURES_MAX,
        }
    }

    /// An address.
    fn address(vault: &Vault, address: ClientAddress) -> Self {
        Self::guesser(vault, "sign_in_address", address)
    }

    /// An address that guesses at something.
    pub(crate) fn guesser(vault: &Vault, what: &str, address: ClientAddress) -> Self {
        let address = address.0.to_canonical().to_string();
        Self {
            hash: vault.blind(what, &address).to_vec(),
            max: ADDRESS_FAILURES_MAX,
        }
    }

    /// Counts one more failure, unless it rests already: guesses that were under way when the rest
    /// began do not make it longer.
    pub(crate) fn count(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        let row = work.get::<throttle::Model>(&key!(self.hash.clone()))?;
        if check(row, work.now()).is_ok() {
            let row = after_failure(row, self, work.now());
            work.put(row)?;
        }
        Ok(())
    }
}

/// One attempt to sign in: which account, and from where if that is known. Without an address only
/// the account is throttled.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub account: Subject,
    pub address: Option<Subject>,
}

impl Attempt {
    /// An attempt at this account.
    pub(crate) fn of(vault: &Vault, account: &str, address: Option<ClientAddress>) -> Self {
        Self {
            account: Subject::account(vault, account),
            address: address.map(|address| Subject::address(vault, address)),
        }
    }

    /// Everything whose failures are counted.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = &Subject> {
        std::iter::once(&self.account).chain(&self.address)
    }

    /// Refuses while the account or the address rests.
    ///
    /// # Errors
    /// `E1104`.
    pub(crate) async fn check(&self, store: &Store, now: Timestamp) -> Result<(), AppError> {
        for subject in self.subjects() {
            check(sql::throttle_of(store, &subject.hash).await?.as_ref(), now)?;
        }
        Ok(())
    }
}

/// Refuses while a subject rests.
///
/// # Errors
/// `E1104` with the minutes left.
pub(crate) fn check(row: Option<&throttle::Model>, now: Timestamp) -> Result<(), AppError> {
    let Some(left) = row.and_then(|row| seconds_left(row, now)) else {
        return Ok(());
    };
    let minutes = (left + 59) / 60;
    Err(Refusal::new(&codes::E1104)
        .with("minutes", minutes.to_string())
        .retry_in(left)
        .into())
}

/// The seconds a subject still rests.
pub(crate) fn seconds_left(row: &throttle::Model, now: Timestamp) -> Option<i64> {
    let left = Timestamp::from_micros(row.rest_until_us).seconds_since(now);
    (left > 0).then_some(left)
}

/// The row after one more failure. Failures longer ago than a rest are forgotten.
fn after_failure(
    row: Option<&throttle::Model>,
    subject: &Subject,
    now: Timestamp,
) -> throttle::Model {
    let rest = SIGN_IN_REST_MINUTES * 60;
    let earlier = row
        .filter(|row| now.seconds_since(Timestamp::from_micros(row.failed_us)) < rest)
        .filter(|row| row.rest_until_us == 0)
        .map_or(0, |row| row.failures);
    let failures = earlier + 1;
    let rest_until_us = if failures >= subject.max {
        now.plus_seconds(rest).as_micros()
    } else {
        0
    };
    throttle::Model {
        subject: subject.hash.clone(),
        failures,
        failed_us: now.as_micros(),
        rest_until_us,
    }
}

/// Counts one failure.
pub(crate) struct CountFailure {
    pub bureau: DivisionCode,
    pub attempt: Attempt,
}

/// Nothing to tell.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Counted {}

impl Command for CountFailure {
    type Out = Counted;
    const NAME: &'static str = "session.sign_in_failed";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        let hex = seal::hex::encode(&self.attempt.account.hash);
        format!("account_{}", hex.get(..16).unwrap_or_default())
    }

    fn lane(&self) -> u64 {
        0
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        for subject in self.attempt.subjects() {
            loads.row::<throttle::Model>(key!(subject.hash.clone()));
        }
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Counted, AppError> {
        for subject in self.attempt.subjects() {
            subject.count(work)?;
        }
        Ok(Counted {})
    }
}

#[cfg(test)]
mod tests {
    use testkit::MONDAY;

    use super::*;

    #[test]
    fn five_failures_within_a_quarter_of_an_hour_make_an_account_rest() {
        let subject = Subject {
            hash: vec![1],
            max: SIGN_IN_FAILURES_MAX,
        };
        let mut row = None;
        for n in 0..5 {
            assert!(check(row.as_ref(), MONDAY.plus_seconds(n)).is_ok());
            row = Some(after_failure(
                row.as_ref(),
                &subject,
                MONDAY.plus_seconds(n),
            ));
        }
        let resting = |seconds| check(row.as_ref(), MONDAY.plus_seconds(seconds)).is_err();
        assert!(resting(5) && resting(4 + 15 * 60 - 1));
        let Err(AppError::Refused(refusal)) = check(row.as_ref(), MONDAY.plus_seconds(34)) else {
            panic!("not refused")
        };
        assert_eq!(refusal.retry_seconds(), Some(15 * 60 - 30));
        assert!(!resting(4 + 15 * 60));
        let anew = after_failure(row.as_ref(), &subject, MONDAY.plus_seconds(4 + 15 * 60));
        assert_eq!((anew.failures, anew.rest_until_us), (1, 0));
    }

    #[test]
    fn failures_far_apart_do_not_add_up() {
        let subject = Subject {
            hash: vec![1],
            max: SIGN_IN_FAILURES_MAX,
        };
        let mut row = None;
        for n in 0..20 {
            let now = MONDAY.plus_seconds(n * 15 * 60);
            row = Some(after_failure(row.as_ref(), &subject, now));
            assert!(check(row.as_ref(), now).is_ok());
        }
    }
}
