//! SM2 signatures against the standard's example, and what they refuse.

mod common;

use common::Seeded;
use kernel::Entropy;
use seal::{BadEntropy, KeyFileFault, Signature, SigningKey, VerifyingKey, hex};

/// GB/T 32918.5-2017, the example of appendix A: secret key, message and signature.
const SECRET: &str = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
const MESSAGE: &[u8] = b"message digest";
const SIGNATURE: &str = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
                         b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";

#[test]
fn the_signature_of_the_standard_is_accepted_and_no_other() {
    let key: SigningKey = format!("yici-signing-key-1 {SECRET}").parse().unwrap();
    let public = key.verifying_key();
    let point = public.to_string();
    assert!(point.starts_with("yici-verifying-key-1 0409f9df31"));
    assert!(point.ends_with("a9ad13"));

    let signature = Signature(hex::decode_array(SIGNATURE).unwrap());
    assert!(public.verifies(MESSAGE, &signature));
    assert!(!public.verifies(b"message digest ", &signature));
    for bit in 0..512 {
        let mut changed = signature;
        changed.0[bit / 8] ^= 1 << (bit % 8);
        assert!(!public.verifies(MESSAGE, &changed), "bit {bit}");
    }
}

#[test]
fn a_signature_is_made_again_the_same_and_only_its_own_key_accepts_it() {
    let key = SigningKey::generate(&mut Seeded(1)).unwrap();
    let other = SigningKey::generate(&mut Seeded(2)).unwrap();
    let signature = key.sign(MESSAGE).unwrap();
    assert_eq!(key.sign(MESSAGE), Ok(signature));
    assert!(key.verifying_key().verifies(MESSAGE, &signature));
    assert!(!other.verifying_key().verifies(MESSAGE, &signature));
    assert!(!key.verifying_key().verifies(MESSAGE, &Signature([0; 64])));
}

#[test]
fn key_files_are_read_back() {
    let key = SigningKey::generate(&mut Seeded(3)).unwrap();
    let text = key.to_text();
    let again: SigningKey = text.parse().unwrap();
    assert_eq!(again.sign(MESSAGE), key.sign(MESSAGE));

    let public = key.verifying_key();
    let again: VerifyingKey = public.to_string().parse().unwrap();
    assert_eq!(&again, public);
    assert_eq!(again.fingerprint(), public.fingerprint());
    assert_eq!(again.fingerprint().len(), 16);
}

#[test]
fn a_file_that_is_no_key_is_refused_without_repeating_it() {
    let zeros = "0".repeat(64);
    for (text, fault) in [
        (
            format!("yici-signing-key-1 {zeros}"),
            KeyFileFault::NotAKey { line: 1 },
        ),
        (
            "yici-signing-key-1 12".to_owned(),
            KeyFileFault::NotAKey { line: 1 },
        ),
    ] {
        assert_eq!(text.parse::<SigningKey>().unwrap_err(), fault);
    }
    let fault = SECRET.parse::<SigningKey>().unwrap_err();
    assert!(matches!(fault, KeyFileFault::Form { .. }));
    assert!(!fault.to_string().contains(SECRET));
    let off_the_curve = format!("yici-verifying-key-1 04{zeros}{zeros}");
    assert_eq!(
        off_the_curve.parse::<VerifyingKey>(),
        Err(KeyFileFault::NotAKey { line: 1 })
    );
}

#[test]
fn a_broken_random_source_gives_no_key() {
    struct Zeros;
    impl Entropy for Zeros {
        fn fill(&mut self, buffer: &mut [u8]) {
            buffer.fill(0);
        }
    }
    assert_eq!(SigningKey::generate(&mut Zeros).unwrap_err(), BadEntropy);
}

#[test]
fn a_secret_key_does_not_print() {
    let key = SigningKey::generate(&mut Seeded(4)).unwrap();
    assert_eq!(format!("{key:?}"), "***");
}
