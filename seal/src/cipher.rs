//! SM4-GCM (GB/T 32907; the mode as in RFC 8998).

use std::fmt;

use aes_gcm::{
    AesGcm,
    aead::{Aead as _, KeyInit as _, Payload, consts::U12},
};
use kernel::Entropy;
use sm4::Sm4;
use zeroize::Zeroizing;

use crate::{OpenFault, TooLong, ring::Secret};

type Sm4Gcm = AesGcm<Sm4, U12>;

pub(crate) const KEY_LEN: usize = 16;
pub(crate) const NONCE_LEN: usize = 12;

/// A number used once: two texts under one key must never share it.
///
/// It may be cloned because a batch that runs again seals the same texts with the same nonces;
/// nothing else may.
#[derive(Clone, PartialEq, Eq)]
pub struct Nonce(pub(crate) [u8; NONCE_LEN]);

impl Nonce {
    /// A fresh nonce.
    pub fn random(entropy: &mut dyn Entropy) -> Self {
        let mut bytes = [0; NONCE_LEN];
        entropy.fill(&mut bytes);
        Self(bytes)
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::hex::encode(&self.0))
    }
}

/// Appends ciphertext and tag to `header`.
pub(crate) fn seal(
    key: &Secret<KEY_LEN>,
    nonce: &Nonce,
    plain: &[u8],
    aad: &[u8],
    mut header: Vec<u8>,
) -> Result<Vec<u8>, TooLong> {
    let payload = Payload { msg: plain, aad };
    let sealed = cipher(key)
        .encrypt(&nonce.0.into(), payload)
        .map_err(|_| TooLong)?;
    header.extend(sealed);
    Ok(header)
}

pub(crate) fn open(
    key: &Secret<KEY_LEN>,
    nonce: &[u8; NONCE_LEN],
    sealed: &[u8],
    aad: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenFault> {
    let payload = Payload { msg: sealed, aad };
    let plain = cipher(key).decrypt(&(*nonce).into(), payload);
    plain
        .map(Zeroizing::new)
        .map_err(|_| OpenFault::NotAuthentic)
}

fn cipher(key: &Secret<KEY_LEN>) -> Sm4Gcm {
    let key: &[u8; KEY_LEN] = key;
    Sm4Gcm::new(key.into())
}

#[cfg(test)]
mod tests {
    use sm4::cipher::BlockCipherEncrypt as _;

    use super::*;
    use crate::hex::{decode, decode_array};

    const KEY: &str = "0123456789abcdeffedcba9876543210";

    fn key() -> Secret<KEY_LEN> {
        Zeroizing::new(decode_array(KEY).unwrap())
    }

    /// GB/T 32907-2016, example 1.
    #[test]
    fn one_block_is_encrypted_as_in_the_standard() {
        let mut block = decode_array(KEY).unwrap().into();
        Sm4::new(&(*key()).into()).encrypt_block(&mut block);
        assert_eq!(
            crate::hex::encode(&block),
            "681edf34d206965e86b3e94f536e4246"
        );
    }

    /// RFC 8998, appendix A.1.
    #[test]
    fn a_text_is_sealed_as_in_rfc_8998() {
        let nonce = Nonce(decode_array("00001234567800000000abcd").unwrap());
        let aad = decode("feedfacedeadbeeffeedfacedeadbeefabaddad2").unwrap();
        let plain = [
            [0xaa; 8], [0xbb; 8], [0xcc; 8], [0xdd; 8], [0xee; 8], [0xff; 8], [0xee; 8], [0xaa; 8],
        ]
        .concat();
        let wanted = decode(
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735\
             d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d\
             83de3541e4c2b58177e065a9bf7b62ec",
        )
        .unwrap();
        let sealed = seal(&key(), &nonce, &plain, &aad, Vec::new());
        assert_eq!(sealed.as_ref(), Ok(&wanted));
        let opened = open(&key(), &nonce.0, &wanted, &aad).unwrap();
        assert_eq!(*opened, plain);
    }
}
