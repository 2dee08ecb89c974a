//! Passwords: what makes one good enough, and how they are hashed (argon2id).
//!
//! Hashing is slow and hungry on purpose, so it runs beside the async runtime, a few at a time, and
//! a bounded number may wait.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordVerifier as _, Version,
    password_hash::PasswordHasher as _,
};
use kernel::{AppError, Private, Refusal, codes, error::Broken};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Fewest characters (GB/T 22239 8.1.4.1 a).
const CHARS_MIN: usize = 10;
/// Most bytes: longer texts cost work and add nothing.
const BYTES_MAX: usize = 256;
/// Sign-ins that may wait for a hash: with two at a time about two seconds of work.
const WAITING_MAX: usize = 64;
/// Passwords that meet the form and are the first to be tried.
const COMMON: [&str; 8] = [
    "Password123",
    "Password123!",
    "Passw0rd123",
    "Qwerty12345",
    "Qwer123456",
    "Admin123456",
    "Aa12345678",
    "Abcd123456",
];

/// The cost of one hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hashing {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Parallel lanes.
    pub lanes: u32,
    /// Hashes that run at the same time on this node.
    pub at_once: usize,
}

impl Hashing {
    /// Production: the OWASP recommendation for argon2id (19 MiB, two passes, one lane).
    pub const OWASP: Self = Self {
        memory_kib: 19 * 1024,
        passes: 2,
        lanes: 1,
        at_once: 2,
    };
}

/// Checks the rules: at least ten characters of three kinds, without the account name.
///
/// # Errors
/// `E1106`.
pub fn check_strength(password: &str, account: &str, pointer: &str) -> Result<(), AppError> {
    let kinds: [fn(char) -> bool; 4] = [
        |c| c.is_ascii_uppercase(),
        |c| c.is_ascii_lowercase(),
        |c| c.is_ascii_digit(),
        |c| !c.is_ascii_alphanumeric(),
    ];
    let found = kinds
        .iter()
        .filter(|kind| password.chars().any(kind))
        .count();
    let holds_account =
        !account.is_empty() && password.to_lowercase().contains(&account.to_lowercase());
    let common = COMMON
        .iter()
        .any(|known| known.eq_ignore_ascii_case(password));
    let long_enough = password.chars().count() >= CHARS_MIN && password.len() <= BYTES_MAX;
    if long_enough && found >= 3 && !holds_account && !common {
        Ok(())
    } else {
        Err(Refusal::new(&codes::E1106)
            .field(pointer, &codes::E1106)
            .into())
    }
}

/// Hashes and compares passwords.
#[derive(Clone)]
pub(crate) struct Hasher {
    argon2: Argon2<'static>,
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// Compared with when there is nothing to compare with, so that the work is the same.
    dummy: Arc<str>,
}

/// The right to hash now. While it is held, nobody else's guess runs in its place.
pub(crate) struct Turn {
    hasher: Hasher,
    _running: OwnedSemaphorePermit,
    _waiting: OwnedSemaphorePermit,
}

impl Hasher {
    pub(crate) fn new(hashing: Hashing) -> Result<Self, AppError> {
        let params = Params::new(hashing.memory_kib, hashing.passes, hashing.lanes, None)
            .map_err(|fault| Broken::new(format!("parameters of argon2: {fault}")))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let dummy = hash_with(&argon2, b"nobody", &[7; 16])?;
        Ok(Self {
            argon2,
            running: Arc::new(Semaphore::new(hashing.at_once.max(1))),
            waiting: Arc::new(Semaphore::new(WAITING_MAX)),
            dummy: dummy.into(),
        })
    }

    /// Waits for its turn.
    ///
    /// # Errors
    /// `E1901` when too many are waiting.
    pub(crate) async fn turn(&self) -> Result<Turn, AppError> {
        let busy = || Refusal::new(&codes::E1901).with("seconds", "2");
        let waiting = Arc::clone(&self.waiting)
            .try_acquire_owned()
            .map_err(|_| busy())?;
        let running = Arc::clone(&self.running)
            .acquire_owned()
            .await
            .map_err(|_| busy())?;
        Ok(Turn {
            hasher: self.clone(),
            _running: running,
            _waiting: waiting,
        })
    }
}

impl Turn {
    /// The hash of a new password.
    pub(crate) async fn hash(
        &self,
        password: Private<String>,
        salt: [u8; 16],
    ) -> Result<String, AppError> {
        let argon2 = self.hasher.argon2.clone();
        aside(move || hash_with(&argon2, password.reveal().as_bytes(), &salt)).await?
    }

    /// Whether the password fits the hash. Without a hash the answer is no, after the same work.
    pub(crate) async fn fits(
        &self,
        password: Private<String>,
        hash: Option<String>,
    ) -> Result<bool, AppError> {
        let argon2 = self.hasher.argon2.clone();
        let dummy = Arc::clone(&self.hasher.dummy);
        aside(move || {
            let parsed = PasswordHash::new(hash.as_deref().unwrap_or(&dummy))
                .map_err(|_| Broken::new("a stored password hash cannot be read"))?;
            let bytes = password.reveal().as_bytes();
            // An over-long text is never anybody's password.
            let bytes = bytes.get(..bytes.len().min(BYTES_MAX + 1)).unwrap_or(bytes);
            let fits = argon2.verify_password(bytes, &parsed).is_ok();
            Ok(fits && hash.is_some())
        })
        .await?
    }
}

async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|fault| Broken::caused("hashing stopped", fault).into())
}

fn hash_with(argon2: &Argon2<'_>, password: &[u8], salt: &[u8; 16]) -> Result<String, AppError> {
    argon2
        .hash_password_with_salt(password, salt)
        .map(|hash| hash.to_string())
        .map_err(|fault| Broken::new(format!("argon2: {fault}")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_needs_length_three_kinds_and_no_account_name() {
        let check = |password: &str| check_strength(password, "zhoumin", "/password");
        for good in [
            "Yunchuan-2026",
            "山高水长-Abc12",
            "lower-case-9",
            "Tr0ub4dor&3",
        ] {
            assert!(check(good).is_ok(), "{good}");
        }
        for weak in [
            "Short-1",
            "onlylowercase1",
            "ZHOUMIN-2026x",
            "Password123",
            "1234567890",
        ] {
            assert_eq!(check(weak).unwrap_err().code(), "E1106", "{weak}");
        }
        assert!(check(&format!("Aa1-{}", "x".repeat(300))).is_err());
    }
}
