//! Guessing at things that are no accounts, such as query codes: after too many wrong guesses an
//! address rests, by the same rule as at sign-in.

use std::net::IpAddr;

use httpkit::ClientAddress;
use kernel::{
    AppError, DivisionCode, Timestamp,
    caller::Actor,
    ports::{Answer, Throttle},
};
use store::{Command, Loads, Work, key};

use crate::{
    Identity,
    store::{self as sql, throttle},
    throttle::{Counted, Subject, seconds_left},
};

impl Throttle for Identity {
    fn rest<'a>(
        &'a self,
        what: &'static str,
        from: IpAddr,
        now: Timestamp,
    ) -> Answer<'a, Option<i64>> {
        Box::pin(async move {
            let subject = Subject::guesser(self.vault(), what, ClientAddress(from));
            let row = sql::throttle_of(self.store(), &subject.hash).await?;
            Ok(row.and_then(|row| seconds_left(&row, now)))
        })
    }

    fn count<'a>(&'a self, what: &'static str, from: IpAddr, now: Timestamp) -> Answer<'a, ()> {
        Box::pin(async move {
            let command = CountGuess {
                bureau: self.city(),
                what,
                subject: Subject::guesser(self.vault(), what, ClientAddress(from)),
            };
            let envelope = self.envelope_as(Actor::Stranger, now);
            self.kit().run(envelope, command).await.map(drop)
        })
    }
}

/// Counts one wrong guess.
struct CountGuess {
    bureau: DivisionCode,
    what: &'static str,
    subject: Subject,
}

impl Command for CountGuess {
    type Out = Counted;
    const NAME: &'static str = "guess.failed";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        let hex = seal::hex::encode(&self.subject.hash);
        format!("{}_{}", self.what, hex.get(..16).unwrap_or_default())
    }

    fn lane(&self) -> u64 {
        0
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<throttle::Model>(key!(self.subject.hash.clone()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Counted, AppError> {
        self.subject.count(work)?;
        Ok(Counted {})
    }
}
