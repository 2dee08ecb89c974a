//! Failed sign-ins: after too many in a quarter of an hour an account, or an address, rests.
//!
//! An account that does not exist is counted and rests like any other. Subjects are keyed hashes:
//! no number and no address stands in the table. Behind one address may be a whole hall or all
//! phones of a district, so that an address that rests is slowed down at sign-in (see
//! [`crate::queue`]) and refused only where there is nothing but guessing.

use std::net::{IpAddr, Ipv6Addr};

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
/// Seconds in which failures are counted together, and for which a subject rests.
const WINDOW_SECONDS: i64 = SIGN_IN_REST_MINUTES * 60;
/// Seconds after its first failure at which a row says nothing any more: the window, and a rest
/// that began at its end.
pub(crate) const SPENT_SECONDS: i64 = 2 * WINDOW_SECONDS;

/// Where somebody tries. What fails at one door is not held against those who come to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    Portal,
    Workbench,
    SignUp,
}

impl Door {
    const fn name(self) -> &'static str {
        match self {
            Self::Portal => "portal_address",
            Self::Workbench => "workbench_address",
            Self::SignUp => "sign_up_address",
        }
    }
}

/// Something whose failures are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subject {
    pub hash: Vec<u8>,
    pub max: i32,
}

impl Subject {
    /// An account, existing or not.
    fn account(vault: &Vault, account: &str) -> Self {
        Self {
            hash: vault.blind("sign_in_account", account).to_vec(),
            max: SIGN_IN_FAILURES_MAX,
        }
    }

    /// An address that guesses at something.
    pub(crate) fn guesser(vault: &Vault, what: &str, address: ClientAddress) -> Self {
        let network = network_of(address.0).to_string();
        Self {
            hash: vault.blind(what, &network).to_vec(),
            max: ADDRESS_FAILURES_MAX,
        }
    }

    /// Refuses while it rests.
    ///
    /// # Errors
    /// `E1104`.
    pub(crate) async fn check(&self, store: &Store, now: Timestamp) -> Result<(), AppError> {
        check(sql::throttle_of(store, &self.hash).await?.as_ref(), now)
    }

    /// Whether it rests.
    pub(crate) async fn rests(&self, store: &Store, now: Timestamp) -> Result<bool, AppError> {
        let row = sql::throttle_of(store, &self.hash).await?;
        Ok(row.is_some_and(|row| seconds_left(&row, now).is_some()))
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
    /// An attempt at this account by somebody who is signed in: he has no address to be counted.
    pub(crate) fn inside(vault: &Vault, account: &str) -> Self {
        Self {
            account: Subject::account(vault, account),
            address: None,
        }
    }

    /// An attempt at this account, from outside.
    pub(crate) fn at(
        door: Door,
        vault: &Vault,
        account: &str,
        address: Option<ClientAddress>,
    ) -> Self {
        Self {
            address: address.map(|address| Subject::guesser(vault, door.name(), address)),
            ..Self::inside(vault, account)
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
            subject.check(store, now).await?;
        }
        Ok(())
    }
}

/// Whoever has one address of a network of IPv6 has all 2^64 of them.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address @ IpAddr::V4(_) => address,
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

/// The row after one more failure. The count begins anew with the first failure after a window, and
/// after a rest.
fn after_failure(
    row: Option<&throttle::Model>,
    subject: &Subject,
    now: Timestamp,
) -> throttle::Model {
    let running = row
        .filter(|row| row.rest_until_us == 0)
        .filter(|row| now.seconds_since(Timestamp::from_micros(row.since_us)) < WINDOW_SECONDS);
    let failures = running.map_or(0, |row| row.failures) + 1;
    let rest_until_us = if failures >= subject.max {
        now.plus_seconds(WINDOW_SECONDS).as_micros()
    } else {
        0
    };
    throttle::Model {
        subject: subject.hash.clone(),
        failures,
        since_us: running.map_or(now.as_micros(), |row| row.since_us),
        rest_until_us,
    }
}

/// Whether nothing follows from a row any more.
pub(crate) fn is_spent(row: &throttle::Model, now: Timestamp) -> bool {
    now.seconds_since(Timestamp::from_micros(row.since_us)) >= SPENT_SECONDS
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
    use proptest::prelude::*;
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
    fn failures_now_and_then_never_add_up() {
        let subject = Subject {
            hash: vec![1],
            max: ADDRESS_FAILURES_MAX,
        };
        let mut row = None;
        // One each nineteen seconds, for a day: what honest people behind one address mistype.
        for n in 0..4_547 {
            let now = MONDAY.plus_seconds(n * 19);
            row = Some(after_failure(row.as_ref(), &subject, now));
            assert!(check(row.as_ref(), now).is_ok(), "after {n}");
        }
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let network = |text: &str| network_of(text.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("2001:db8:1:3:3:4:5:6"), "2001:db8:1:3::");
        assert_eq!(network("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(network("203.0.113.7"), "203.0.113.7");
    }

    /// Failures in the quarter of an hour that ends with this one.
    fn lately(counted: &[i64], end: i64) -> usize {
        let within = |at: &&i64| **at > end - WINDOW_SECONDS && **at <= end;
        counted.iter().filter(within).count()
    }

    proptest! {
        #[test]
        fn a_rest_has_its_reason_ends_in_time_and_lets_nobody_guess_on(
            gaps in proptest::collection::vec(0i64..600, 1..400),
            max in 1i32..60,
            hurry in 1i64..60,
        ) {
            let subject = Subject { hash: vec![1], max };
            let most = usize::try_from(max).unwrap();
            let (mut row, mut at, mut counted, mut rest_from) = (None, 0, Vec::new(), None);
            for gap in gaps {
                at += gap / hurry;
                let now = MONDAY.plus_seconds(at);
                if check(row.as_ref(), now).is_err() {
                    let from = rest_from.unwrap();
                    prop_assert!(at < from + WINDOW_SECONDS);
                    continue;
                }
                counted.push(at);
                let next = after_failure(row.as_ref(), &subject, now);
                // Who waits long enough is at the beginning again, whatever was before.
                prop_assert!(!is_spent(&next, now));
                prop_assert!(is_spent(&next, now.plus_seconds(SPENT_SECONDS)));
                prop_assert!(lately(&counted, at) < 2 * most);
                if check(Some(&next), now).is_err() {
                    prop_assert!(lately(&counted, at) >= most);
                    rest_from = Some(at);
                }
                row = Some(next);
            }
        }
    }
}
