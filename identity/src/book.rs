//! The book of sessions: who is behind a token.
//!
//! The database knows the SM3 of a token, never the token. What was read is kept for two seconds,
//! so that a page with ten calls asks once; a change made through this node is seen at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use httpkit::kit::Seeds;
use kernel::{
    AppError, DivisionCode, Principal, Private, Timestamp,
    caller::{Acting, Citizen, Staff},
    ids::{EmployerId, Id as _, PersonId, RequestId, SessionId, StaffId},
    limits::{CITIZEN_IDLE_MINUTES, SESSION_HOURS_MAX, STAFF_IDLE_MINUTES},
    ports::{Answer, Sessions},
};
use seal::Digest;
use store::{Envelope, Executor, Store, system::SeededEntropy};

use crate::{
    directory::Directory,
    grants,
    roster::{self, bureau_of, org_of},
    session::Touch,
    store::{self as sql, session},
};

/// Seconds a principal is trusted without asking the database again: how long a revocation on
/// another node may take to be seen here.
const FRESH_SECONDS: i64 = 2;
/// Sessions kept in memory: more than one node serves in two seconds, about 20 MB.
const KEPT_MAX: usize = 20_000;
/// Seconds between two notes of activity in the database.
const TOUCH_SECONDS: i64 = 60;

/// Where a session was signed in.
pub(crate) const PORTAL: &str = "portal";
/// Where a session was signed in.
pub(crate) const WORKBENCH: &str = "workbench";

/// All sessions; the [`Sessions`] of the kit.
pub struct SessionBook {
    store: Store,
    executor: Executor,
    seeds: Seeds,
    pub(crate) directory: Directory,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    entries: HashMap<Digest, Entry>,
    /// Grows with every revocation: what was read before it must not be kept after it.
    changes: u64,
}

#[derive(Clone)]
struct Entry {
    principal: Principal,
    session: SessionId,
    bureau: DivisionCode,
    read: Timestamp,
    started: Timestamp,
    /// Last sign of life seen by this node.
    seen: Timestamp,
    /// Last sign of life in the database.
    noted: Timestamp,
}

impl Entry {
    fn has_ended(&self, now: Timestamp) -> bool {
        now >= end_of(
            matches!(self.principal, Principal::Staff(_)),
            self.started,
            self.seen,
        )
    }
}

/// When a session ends if nothing more is heard of it.
pub(crate) fn end_of(is_staff: bool, started: Timestamp, seen: Timestamp) -> Timestamp {
    let idle = if is_staff {
        STAFF_IDLE_MINUTES
    } else {
        CITIZEN_IDLE_MINUTES
    };
    seen.plus_seconds(idle * 60)
        .min(started.plus_seconds(SESSION_HOURS_MAX * 3_600))
}

/// The last sign of life of the session of a row, as far as this node knows.
pub(crate) fn seen_of_row(book: &SessionBook, row: &session::Model) -> Timestamp {
    let noted = Timestamp::from_micros(row.seen_us);
    let seen = book.seen(SessionId::from_uuid(row.session_id));
    seen.map_or(noted, |seen| seen.max(noted))
}

/// When the session of a row ends.
pub(crate) fn end_of_row(book: &SessionBook, row: &session::Model) -> Timestamp {
    end_of(
        row.staff_id.is_some(),
        Timestamp::from_micros(row.started_us),
        seen_of_row(book, row),
    )
}

/// A fresh token: 32 random bytes as hexadecimal text for the cookie.
pub(crate) fn new_token(seeds: &Seeds) -> (Private<String>, Digest) {
    // Seeds are 32 random bytes each; the stream of one is as good as the operating system.
    let token = SeededEntropy::new(seeds()).seed();
    (Private::new(seal::hex::encode(&token)), seal::sm3(&token))
}

fn hash_of(token: &str) -> Option<Digest> {
    seal::hex::decode_array::<32>(token).map(|token| seal::sm3(&token))
}

impl SessionBook {
    /// The book over this database. It is made before the kit, which holds it.
    pub fn new(store: Store, executor: Executor, seeds: Seeds) -> Arc<Self> {
        Arc::new(Self {
            directory: Directory::new(store.clone()),
            store,
            executor,
            seeds,
            kept: Mutex::default(),
        })
    }

    /// Forgets everything kept: posts, absences or agents have changed.
    pub(crate) fn forget_all(&self) {
        let mut kept = self.kept();
        kept.changes += 1;
        kept.entries.clear();
    }

    /// Forgets one session: it has ended or got a new token.
    pub(crate) fn forget(&self, session: SessionId) {
        let mut kept = self.kept();
        kept.changes += 1;
        kept.entries.retain(|_, entry| entry.session != session);
    }

    /// Forgets the sessions of these tokens: they were swept away.
    pub(crate) fn forget_tokens(&self, hashes: &[Vec<u8>]) {
        let mut kept = self.kept();
        kept.changes += 1;
        for hash in hashes {
            kept.entries.remove(hash.as_slice());
        }
    }

    /// The last sign of life of a session, as far as this node knows.
    fn seen(&self, session: SessionId) -> Option<Timestamp> {
        let kept = self.kept();
        let entry = kept.entries.values().find(|e| e.session == session);
        entry.map(|entry| entry.seen)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn principal(&self, token: &str, now: Timestamp) -> Result<Principal, AppError> {
        let Some(hash) = hash_of(token) else {
            return Ok(Principal::Stranger);
        };
        let (fresh, changes) = self.fresh(&hash, now);
        let entry = match fresh {
            Some(entry) => Some(entry),
            None => self.read_and_keep(hash, changes, now).await?,
        };
        let Some(entry) = entry.filter(|entry| !entry.has_ended(now)) else {
            self.kept().entries.remove(&hash);
            return Ok(Principal::Stranger);
        };
        if self.must_note(&hash, now) {
            self.note(hash, &entry, now).await;
        }
        Ok(entry.principal)
    }

    async fn read_and_keep(
        &self,
        hash: Digest,
        changes: u64,
        now: Timestamp,
    ) -> Result<Option<Entry>, AppError> {
        let read = self.read(&hash, now).await?;
        Ok(read.map(|entry| self.keep(hash, entry, changes)))
    }

    fn fresh(&self, hash: &Digest, now: Timestamp) -> (Option<Entry>, u64) {
        let kept = self.kept();
        let entry = kept
            .entries
            .get(hash)
            .filter(|entry| (0..FRESH_SECONDS).contains(&now.seconds_since(entry.read)))
            .cloned();
        (entry, kept.changes)
    }

    /// Keeps what was read, unless something was revoked meanwhile. Signs of life that this node
    /// saw and has not noted yet count.
    fn keep(&self, hash: Digest, mut entry: Entry, changes: u64) -> Entry {
        let mut kept = self.kept();
        if let Some(before) = kept.entries.get(&hash) {
            entry.seen = entry.seen.max(before.seen);
            entry.noted = entry.noted.max(before.noted);
        }
        if kept.changes == changes {
            if kept.entries.len() >= KEPT_MAX {
                let now = entry.read;
                kept.entries
                    .retain(|_, old| now.seconds_since(old.seen) < TOUCH_SECONDS);
                if kept.entries.len() >= KEPT_MAX {
                    kept.entries.clear();
                }
            }
            kept.entries.insert(hash, entry.clone());
        }
        entry
    }

    /// Notes a sign of life in memory; tells whether the database should hear of it, once.
    fn must_note(&self, hash: &Digest, now: Timestamp) -> bool {
        let mut kept = self.kept();
        let Some(entry) = kept.entries.get_mut(hash) else {
            return false;
        };
        entry.seen = entry.seen.max(now);
        let due = now.seconds_since(entry.noted) >= TOUCH_SECONDS;
        if due {
            entry.noted = now;
        }
        due
    }

    async fn note(&self, hash: Digest, entry: &Entry, now: Timestamp) {
        let seed = (self.seeds)();
        let envelope = Envelope {
            actor: entry.principal.actor(),
            request: RequestId::new(now, &mut SeededEntropy::new(seed)),
            station: None,
            now,
            seed,
            idempotency: None,
            lease: None,
        };
        let touch = Touch {
            bureau: entry.bureau,
            token_hash: hash.to_vec(),
            session: entry.session,
        };
        // The request goes on without it: at worst the session ends a minute early.
        if let Err(error) = self.executor.run(envelope, touch).await {
            tracing::warn!(code = error.code(), "a sign of life was not noted");
        }
    }

    async fn read(&self, hash: &Digest, now: Timestamp) -> Result<Option<Entry>, AppError> {
        let Some(row) = sql::by_token(&self.store, hash).await? else {
            return Ok(None);
        };
        let session = SessionId::from_uuid(row.session_id);
        let principal = match (row.person_id, row.staff_id) {
            (Some(person), _) => {
                self.citizen(session, PersonId::from_uuid(person), &row)
                    .await?
            }
            (None, Some(staff)) => {
                match self
                    .staff(session, StaffId::from_uuid(staff), &row, now)
                    .await?
                {
                    Some(staff) => staff,
                    None => return Ok(None),
                }
            }
            (None, None) => return Err(sql::bad_row("session", &session, &"nobody's").into()),
        };
        let seen = Timestamp::from_micros(row.seen_us);
        Ok(Some(Entry {
            principal,
            session,
            bureau: bureau_of("session", row.session_id, &row.bureau)?,
            read: now,
            started: Timestamp::from_micros(row.started_us),
            seen,
            noted: seen,
        }))
    }

    /// A citizen; who was removed as agent acts for himself again.
    async fn citizen(
        &self,
        session: SessionId,
        person: PersonId,
        row: &session::Model,
    ) -> Result<Principal, AppError> {
        let acting = match row.employer_id.map(EmployerId::from_uuid) {
            Some(employer) if sql::is_agent(&self.store, employer, person).await? => {
                Acting::Enterprise(employer)
            }
            _ => Acting::Myself,
        };
        Ok(Principal::Citizen(Citizen {
            session,
            person,
            acting,
        }))
    }

    /// A staff member with his grants; nobody when he has left.
    async fn staff(
        &self,
        session: SessionId,
        staff: StaffId,
        row: &session::Model,
        now: Timestamp,
    ) -> Result<Option<Principal>, AppError> {
        let bureau = bureau_of("session", row.session_id, &row.bureau)?;
        let mut rows = sql::staff_of_ids(&self.store, bureau, &[staff.uuid()]).await?;
        rows.retain(|row| row.active);
        let directory = self.directory.snapshot(now).await?;
        let members = roster::members(&self.store, &directory, bureau, rows, now).await?;
        let Some(member) = members.into_iter().next() else {
            return Ok(None);
        };
        Ok(Some(Principal::Staff(Staff {
            session,
            staff,
            person: member.row.person_id.map(PersonId::from_uuid),
            bureau,
            org: org_of("staff", member.row.staff_id, &member.row.org)?,
            name: member.row.name.as_str().into(),
            grants: grants::grants(&member.held, &directory).into(),
        })))
    }
}

impl Sessions for SessionBook {
    fn resolve<'a>(&'a self, token: &'a str, now: Timestamp) -> Answer<'a, Principal> {
        Box::pin(self.principal(token, now))
    }
}
