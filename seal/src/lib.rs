//! National cryptography (国密) and what is built on it.
//!
//! SM3 digests, HMAC-SM3 look-up hashes, SM4-GCM encryption under data keys that a master key
//! wraps, SM2 signatures, and the audit chain with its signed anchors. Norms: GB/T 32918 (SM2),
//! GB/T 32905 (SM3), GB/T 32907 (SM4); which algorithm serves which purpose follows GB/T 39786.
//!
//! The crate is pure: keys, nonces and times are parameters, randomness is a
//! [`kernel::Entropy`]. Every secret is wiped when it is dropped, and prints as `***`.

pub mod anchor;
pub mod chain;
mod cipher;
mod data_key;
mod digest;
mod faults;
pub mod hex;
mod look_up;
mod ring;
mod signature;

pub use cipher::Nonce;
pub use data_key::{DataKey, MasterKeys, WrappedKey};
pub use digest::{Digest, canonical_json, sha256_hex, sm3, sm3_hex};
pub use faults::{BadEntropy, KeyFileFault, OpenFault, SignFault, TooLong};
pub use look_up::{LookUpHash, LookUpKeys};
pub use ring::KeyId;
pub use signature::{Signature, SigningKey, VerifyingKey};
