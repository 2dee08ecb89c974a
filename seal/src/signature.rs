//! SM2 signatures with SM3 (GB/T 32918.2, curve of GB/T 32918.5), under the usual user id.
//!
//! Signing is deterministic: the secret number of each signature is derived from the key and the
//! message (as in RFC 6979, with SM3), so it can neither repeat nor leak through a weak random
//! source. Such a key pair is not a qualified one: the seal of an authority comes from a licensed
//! CA and the unified e-seal system.

use std::{fmt, str::FromStr};

use kernel::Entropy;
use serde::{Deserialize, Serialize};
use sm2::{
    SecretKey,
    dsa::{
        self,
        signature::{Signer as _, Verifier as _},
    },
};
use zeroize::Zeroizing;

use crate::{BadEntropy, KeyFileFault, SignFault, hex, ring::random_secret, sm3};

/// The user id of GB/T 35276 for signatures without an agreed one.
const USER_ID: &str = "1234567812345678";
const SECRET_LABEL: &str = "yici-signing-key-1 ";
const SECRET_FORM: &str = "yici-signing-key-1 <64 hexadecimal letters>";
const PUBLIC_LABEL: &str = "yici-verifying-key-1 ";
const PUBLIC_FORM: &str = "yici-verifying-key-1 <130 hexadecimal letters>";
/// Draws of a secret before the random source is called broken: a sound one fails a draw with a
/// probability of 2⁻³².
const DRAWS_MAX: usize = 8;

/// A signature: r and s, 32 bytes each. In JSON 128 hexadecimal letters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Signature(#[serde(with = "hex::array")] pub [u8; 64]);

/// A secret SM2 key.
///
/// As text (a key file): `yici-signing-key-1 <64 hexadecimal letters>`, the secret number in big
/// endian.
pub struct SigningKey {
    // Wiped when dropped; the key of the `dsa` module is not, so it only lives while signing.
    secret: SecretKey,
    verifying_key: VerifyingKey,
}

impl SigningKey {
    /// A fresh key.
    pub fn generate(entropy: &mut dyn Entropy) -> Result<Self, BadEntropy> {
        (0..DRAWS_MAX)
            .find_map(|_| Self::from_secret(random_secret::<32>(entropy).as_ref()))
            .ok_or(BadEntropy)
    }

    /// The key that checks its signatures.
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.verifying_key
    }

    /// Signs a message.
    pub fn sign(&self, message: &[u8]) -> Result<Signature, SignFault> {
        let signature = dsa::SigningKey::new(USER_ID, &self.secret)
            .and_then(|key| key.try_sign(message))
            .map_err(|_| SignFault)?;
        Ok(Signature(signature.to_bytes().into()))
    }

    /// The text of the key file.
    pub fn to_text(&self) -> Zeroizing<String> {
        let secret = Zeroizing::new(<[u8; 32]>::from(self.secret.to_bytes()));
        let secret = Zeroizing::new(hex::encode(secret.as_ref()));
        Zeroizing::new(format!("{SECRET_LABEL}{}\n", *secret))
    }

    fn from_secret(secret: &[u8]) -> Option<Self> {
        let secret = SecretKey::from_slice(secret).ok()?;
        let verifying_key = dsa::VerifyingKey::new(USER_ID, secret.public_key()).ok()?;
        Some(Self {
            secret,
            verifying_key: VerifyingKey(verifying_key),
        })
    }
}

impl FromStr for SigningKey {
    type Err = KeyFileFault;

    fn from_str(text: &str) -> Result<Self, KeyFileFault> {
        let form = KeyFileFault::Form {
            line: 1,
            form: SECRET_FORM,
        };
        let secret = text
            .trim_end()
            .strip_prefix(SECRET_LABEL)
            .and_then(hex::decode);
        let secret = Zeroizing::new(secret.ok_or(form)?);
        Self::from_secret(&secret).ok_or(KeyFileFault::NotAKey { line: 1 })
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A public SM2 key.
///
/// As text (a key file): `yici-verifying-key-1 <130 hexadecimal letters>`, the uncompressed point
/// (`04`, x, y).
#[derive(Clone)]
pub struct VerifyingKey(dsa::VerifyingKey);

impl VerifyingKey {
    /// Whether the signature was made over exactly this message by the secret key.
    pub fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        dsa::Signature::from_slice(&signature.0)
            .is_ok_and(|signature| self.0.verify(message, &signature).is_ok())
    }

    /// A short name of the key: the first 8 bytes of SM3 of its point, in hexadecimal.
    pub fn fingerprint(&self) -> String {
        let digest = sm3(&self.0.to_sec1_bytes());
        hex::encode(digest.first_chunk::<8>().unwrap_or(&[0; 8]))
    }
}

impl PartialEq for VerifyingKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_affine() == other.0.as_affine()
    }
}

impl Eq for VerifyingKey {}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PUBLIC_LABEL}{}", hex::encode(&self.0.to_sec1_bytes()))
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", self.fingerprint())
    }
}

impl FromStr for VerifyingKey {
    type Err = KeyFileFault;

    fn from_str(text: &str) -> Result<Self, KeyFileFault> {
        let form = KeyFileFault::Form {
            line: 1,
            form: PUBLIC_FORM,
        };
        let point = text
            .trim_end()
            .strip_prefix(PUBLIC_LABEL)
            .and_then(hex::decode);
        dsa::VerifyingKey::from_sec1_bytes(USER_ID, &point.ok_or(form)?)
            .map(Self)
            .map_err(|_| KeyFileFault::NotAKey { line: 1 })
    }
}
