//! What every handler has at hand.

use std::sync::Arc;

use kernel::{AppError, Clock, DivisionCode, Principal, caller::Caller, ports::Sessions};
use serde::de::DeserializeOwned;
use store::{Command, Envelope, Executor, Store, idempotency::Idempotency};

use crate::act::Repetition;

/// Where seeds of commands come from: the operating system, or a repeatable stream.
pub type Seeds = Arc<dyn Fn() -> [u8; 32] + Send + Sync>;

/// Store, executor, clock, seeds and sessions. Cheap to clone.
#[derive(Clone)]
pub struct Kit {
    /// Reading side and event log.
    pub store: Store,
    /// Writing side.
    pub executor: Executor,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Fresh seeds.
    pub seeds: Seeds,
    /// Who is behind a token.
    pub sessions: Arc<dyn Sessions>,
    /// The city: what citizens do outside of any case of an agency is filed under it.
    pub city: DivisionCode,
    /// Whether this is a demo database (accounts that everybody knows).
    pub demo: bool,
    /// Whether cookies are marked `Secure` (always outside loopback).
    pub secure: bool,
}

impl Kit {
    /// The circumstances of a command that a caller sends over HTTP.
    pub fn envelope<P>(&self, caller: &Caller<P>, repetition: &Repetition) -> Envelope {
        Envelope {
            idempotency: Some(identity_of(caller, repetition)),
            ..self.envelope_of(caller)
        }
    }

    /// Runs a use case; where it refuses a request that was carried out before, the answer of then
    /// stands. A repetition may come when checks before the command find a world that the first one
    /// has changed. Asked only after a refusal, so that it costs the others nothing.
    ///
    /// # Errors
    /// What the use case refuses; `E1008` when the key was used with another body.
    pub async fn once<P, T: DeserializeOwned>(
        &self,
        caller: &Caller<P>,
        repetition: &Repetition,
        act: impl Future<Output = Result<T, AppError>>,
    ) -> Result<T, AppError> {
        match act.await {
            Err(AppError::Refused(refusal)) => {
                let request = identity_of(caller, repetition);
                let earlier = request.earlier(&self.store, self.clock.now()).await?;
                earlier.ok_or(AppError::Refused(refusal))
            }
            done => done,
        }
    }

    /// The circumstances of a command without protection against repetition.
    pub fn envelope_of<P>(&self, caller: &Caller<P>) -> Envelope {
        let request = caller.request();
        Envelope {
            actor: caller.principal().actor(),
            request: request.id,
            station: request.station.as_deref().map(ToOwned::to_owned),
            now: self.clock.now(),
            seed: (self.seeds)(),
            idempotency: None,
            lease: None,
        }
    }

    /// The circumstances of a command that a job sends; it ends the job in its own transaction.
    pub fn envelope_for(&self, lease: &store::jobs::Lease) -> Envelope {
        Envelope {
            actor: Principal::System("job").actor(),
            request: kernel::ids::Id::from_uuid(kernel::ids::Id::uuid(lease.job)),
            station: None,
            now: self.clock.now(),
            seed: (self.seeds)(),
            idempotency: None,
            lease: Some(lease.clone()),
        }
    }

    /// Runs a command and waits until it is durable.
    ///
    /// # Errors
    /// What the command refuses.
    pub async fn run<C: Command>(
        &self,
        envelope: Envelope,
        command: C,
    ) -> Result<C::Out, AppError> {
        self.executor.run(envelope, command).await
    }
}

/// How a repetition of this request of this caller is recognised.
fn identity_of<P>(caller: &Caller<P>, repetition: &Repetition) -> Idempotency {
    let who = serde_json::to_string(&caller.principal().actor()).unwrap_or_default();
    let Repetition {
        endpoint,
        key,
        body,
    } = repetition;
    Idempotency::new(&who, endpoint, key, body)
}
