//! The context and what it hands to the program.

use std::sync::Arc;

use axum::extract::FromRef;
use httpkit::{Kit, act::Repetition};
use kernel::{
    AppError, DivisionCode, Timestamp,
    caller::{Actor, Caller, Permission},
    ids::{Id as _, RequestId},
    ports::Registers,
};
use store::{
    Envelope, Store,
    jobs::{Handlers, Subscriptions},
    system::SeededEntropy,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    act_for, agents,
    book::SessionBook,
    change_password, consent,
    directory::Snapshot,
    email, own_sessions,
    password::{Hasher, Hashing},
    provider::{self, IdentityProvider},
    reset_password, sign_in, sign_up, staff,
    vault::Vault,
    views,
};

/// Settings of the context.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The city: events and audit entries about citizens stand under it.
    pub city: DivisionCode,
    /// The cost of password hashes.
    pub hashing: Hashing,
}

/// What the context is made of.
pub struct Parts {
    /// Store, executor, clock; its `sessions` are the book.
    pub kit: Kit,
    /// The book of sessions.
    pub book: Arc<SessionBook>,
    /// Keys of personal values.
    pub vault: Vault,
    /// The population register and the enterprise register.
    pub registers: Arc<dyn Registers>,
    /// Outside identity providers; those for demonstration count in a demo database only.
    pub providers: Vec<Arc<dyn IdentityProvider>>,
    /// Settings.
    pub options: Options,
}

/// The context. Cheap to clone.
#[derive(Clone)]
pub struct Identity {
    inner: Arc<Inner>,
}

struct Inner {
    kit: Kit,
    book: Arc<SessionBook>,
    vault: Vault,
    registers: Arc<dyn Registers>,
    providers: Vec<Arc<dyn IdentityProvider>>,
    hasher: Hasher,
    city: DivisionCode,
}

impl Identity {
    /// Puts the context together.
    ///
    /// # Errors
    /// When the cost of password hashes is outside what argon2 takes.
    pub fn new(parts: Parts) -> Result<Self, AppError> {
        let Parts {
            kit,
            book,
            vault,
            registers,
            mut providers,
            options,
        } = parts;
        providers.retain(|provider| kit.demo || !provider.is_demo());
        Ok(Self {
            inner: Arc::new(Inner {
                kit,
                book,
                vault,
                registers,
                providers,
                hasher: Hasher::new(options.hashing)?,
                city: options.city,
            }),
        })
    }

    pub(crate) fn kit(&self) -> &Kit {
        &self.inner.kit
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.kit.store
    }

    pub(crate) fn book(&self) -> &SessionBook {
        &self.inner.book
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.inner.vault
    }

    pub(crate) fn registers(&self) -> &dyn Registers {
        &*self.inner.registers
    }

    pub(crate) fn providers(&self) -> &[Arc<dyn IdentityProvider>] {
        &self.inner.providers
    }

    pub(crate) fn hasher(&self) -> &Hasher {
        &self.inner.hasher
    }

    pub(crate) fn city(&self) -> DivisionCode {
        self.inner.city
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.kit.clock.now()
    }

    /// A stream of random values of its own.
    pub(crate) fn entropy(&self) -> SeededEntropy {
        SeededEntropy::new((self.inner.kit.seeds)())
    }

    pub(crate) async fn directory(&self) -> Result<Arc<Snapshot>, AppError> {
        self.inner.book.directory.snapshot(self.now()).await
    }

    /// The circumstances of a command that somebody has sent to another context.
    pub(crate) fn envelope_as(&self, actor: Actor, now: Timestamp) -> Envelope {
        let seed = (self.inner.kit.seeds)();
        Envelope {
            actor,
            request: RequestId::new(now, &mut SeededEntropy::new(seed)),
            station: None,
            now,
            seed,
            idempotency: None,
            lease: None,
        }
    }

    /// The circumstances of a repeatable command whose body holds something personal: what is kept
    /// to recognise a repetition is a keyed digest, which nobody can try guesses on.
    pub(crate) fn blind_envelope<P: Permission>(
        &self,
        caller: &Caller<P>,
        repetition: &Repetition,
    ) -> Envelope {
        let digest = self
            .inner
            .vault
            .blind("body", &seal::sm3_hex(&repetition.body));
        let blind = Repetition {
            body: digest.to_vec().into(),
            ..repetition.clone()
        };
        self.inner.kit.envelope(caller, &blind)
    }
}

impl FromRef<Identity> for Kit {
    fn from_ref(context: &Identity) -> Self {
        context.inner.kit.clone()
    }
}

/// The endpoints, relative to `/api/v1`.
pub fn routes(context: &Identity) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(views::find_session, own_sessions::delete_session))
        .routes(routes!(provider::list_identity_providers))
        .routes(routes!(sign_in::create_citizen_session))
        .routes(routes!(sign_in::create_staff_session))
        .routes(routes!(sign_in::create_provider_session))
        .routes(routes!(act_for::update_acting))
        .routes(routes!(own_sessions::list_own_sessions))
        .routes(routes!(own_sessions::delete_own_session))
        .routes(routes!(sign_up::create_account))
        .routes(routes!(change_password::update_password))
        .routes(routes!(reset_password::create_password_reset))
        .routes(routes!(consent::update_electronic_service))
        .routes(routes!(email::update_email))
        .routes(routes!(
            agents::list_employer_agents,
            agents::create_employer_agent
        ))
        .routes(routes!(agents::delete_employer_agent))
        .routes(routes!(staff::list_organisations))
        .routes(routes!(staff::list_posts))
        .routes(routes!(staff::list_staff_rows, staff::create_staff_member))
        .routes(routes!(staff::update_staff_member))
        .routes(routes!(staff::update_staff_posts))
        .routes(routes!(staff::create_hand_over))
        .routes(routes!(staff::list_absence_rows, staff::create_absence))
        .routes(routes!(staff::delete_absence))
        .with_state(context.clone())
}

/// Work that runs later: nothing.
pub fn jobs(_context: &Identity) -> Handlers {
    Handlers::new()
}

/// What the context listens to: nothing.
pub fn subscriptions() -> Subscriptions {
    Subscriptions::default()
}
