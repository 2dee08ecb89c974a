//! What can go wrong with keys and sealed bytes. No fault repeats a secret.

use crate::KeyId;

/// Why sealed bytes cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenFault {
    /// They are too short, or of an unknown format.
    #[error("these are not sealed bytes of a known format")]
    Malformed,
    /// They name another data key.
    #[error("the bytes are sealed under another data key")]
    OtherKey,
    /// They name a master key that the ring does not hold.
    #[error("master key {0} is not in the ring")]
    NoMasterKey(KeyId),
    /// They, their key or their associated data were changed.
    #[error("the bytes do not fit their key and their associated data")]
    NotAuthentic,
}

/// A text longer than the 64 GiB that SM4-GCM can seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is too long to be sealed")]
pub struct TooLong;

/// A random source that does not give key material: it repeats one unusable value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the random source gives no usable key")]
pub struct BadEntropy;

/// A signature could not be made. With a sound key this does not happen in practice: its
/// probability is about 2⁻²⁵⁶.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no signature could be made")]
pub struct SignFault;

/// Why a key file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileFault {
    /// A line does not have the form of its file.
    #[error("line {line}: expected “{form}”")]
    Form {
        /// Line of the file, from 1.
        line: usize,
        /// What a line looks like.
        form: &'static str,
    },
    /// The number is not a key of this algorithm.
    #[error("line {line}: this is not a key of the algorithm")]
    NotAKey {
        /// Line of the file, from 1.
        line: usize,
    },
    /// Two keys of a ring have the same id.
    #[error("line {line}: key {id} was given before")]
    Twice {
        /// Line of the file, from 1.
        line: usize,
        /// The id.
        id: KeyId,
    },
    /// The file holds no key.
    #[error("the file holds no key")]
    Empty,
}
