//! Data keys, master keys and look-up keys.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod common;

use common::Seeded;
use kernel::ids::{DataKeyId, Id as _};
use proptest::prelude::*;
use seal::{
    DataKey, KeyFileFault, KeyId, LookUpKeys, MasterKeys, Nonce, OpenFault, WrappedKey, hex,
};

fn data_key(number: u128) -> DataKey {
    let id = DataKeyId::from_uuid(uuid::Uuid::from_u128(number));
    DataKey::generate(id, &mut Seeded(u64::try_from(number).unwrap()))
}

fn nonce(seed: u64) -> Nonce {
    Nonce::random(&mut Seeded(seed))
}

#[test]
fn a_data_key_comes_back_from_its_wrapping() {
    let masters = MasterKeys::generate(&mut Seeded(1));
    let key = data_key(7);
    let wrapped = masters.wrap(&key, &nonce(1)).unwrap();
    assert_eq!(wrapped.as_bytes().len(), 47);
    assert_eq!(wrapped.master_key_id(), Ok(KeyId(1)));

    let sealed = key.seal(b"6222020200112233445", b"case_data/bank_account", &nonce(2));
    let stored = WrappedKey::from_bytes(wrapped.as_bytes().to_vec());
    let again = masters.unwrap(key.id(), &stored).unwrap();
    let opened = again.open(&sealed.unwrap(), b"case_data/bank_account");
    assert_eq!(*opened.unwrap(), b"6222020200112233445");
}

#[test]
fn without_its_wrapped_key_sealed_data_is_gone() {
    let key = data_key(7);
    let sealed = key.seal(b"secret", b"", &nonce(1)).unwrap();
    let id = key.id();
    drop(key);
    // A new key with the old id is another key.
    let new = DataKey::generate(id, &mut Seeded(8));
    assert_eq!(new.open(&sealed, b""), Err(OpenFault::NotAuthentic));
}

#[test]
fn a_wrapped_key_of_another_row_or_ring_is_refused() {
    let masters = MasterKeys::generate(&mut Seeded(1));
    let (one, other) = (data_key(1), data_key(2));
    let wrapped = masters.wrap(&one, &nonce(1)).unwrap();
    assert_eq!(
        masters.unwrap(other.id(), &wrapped).unwrap_err(),
        OpenFault::NotAuthentic
    );
    let strangers = MasterKeys::generate(&mut Seeded(2));
    assert_eq!(
        strangers.unwrap(one.id(), &wrapped).unwrap_err(),
        OpenFault::NotAuthentic
    );
    let cut = WrappedKey::from_bytes(wrapped.as_bytes()[..2].to_vec());
    assert_eq!(
        masters.unwrap(one.id(), &cut).unwrap_err(),
        OpenFault::Malformed
    );
}

#[test]
fn after_a_rotation_old_keys_unwrap_and_the_new_one_wraps() {
    let mut masters = MasterKeys::generate(&mut Seeded(1));
    let before = masters.clone();
    let key = data_key(7);
    let old = masters.wrap(&key, &nonce(1)).unwrap();
    masters.rotate(&mut Seeded(2));
    assert_eq!(masters.current_id(), KeyId(2));
    let same = masters.unwrap(key.id(), &old).unwrap();
    let new = masters.wrap(&same, &nonce(2)).unwrap();
    assert_eq!(new.master_key_id(), Ok(KeyId(2)));
    assert_eq!(
        before.unwrap(key.id(), &new).unwrap_err(),
        OpenFault::NoMasterKey(KeyId(2))
    );

    let read: MasterKeys = masters.to_text().parse().unwrap();
    assert_eq!(read.current_id(), KeyId(2));
    assert!(read.unwrap(key.id(), &old).is_ok());
    assert!(read.unwrap(key.id(), &new).is_ok());
}

#[test]
fn a_key_file_names_the_line_that_is_wrong_but_not_its_key() {
    let key = "0123456789abcdeffedcba9876543210";
    let read = |text: String| text.parse::<MasterKeys>().unwrap_err();
    let good = format!("# made for the demo\n\nyici-master-key-1 1 {key}\n");
    assert!(good.parse::<MasterKeys>().is_ok());
    assert_eq!(read(String::new()), KeyFileFault::Empty);
    let twice = KeyFileFault::Twice {
        line: 4,
        id: KeyId(1),
    };
    assert_eq!(read(format!("{good}yici-master-key-1 1 {key}")), twice);
    for wrong in [
        format!("yici-look-up-key-1 1 {key}"),
        format!("yici-master-key-1 0 {key}"),
        format!("yici-master-key-1 70000 {key}"),
        format!("yici-master-key-1 2 {key}00"),
        format!("yici-master-key-1 2 {key} 3"),
    ] {
        let fault = read(format!("{good}{wrong}"));
        assert!(
            matches!(fault, KeyFileFault::Form { line: 4, .. }),
            "{wrong}"
        );
        assert!(!fault.to_string().contains(key));
    }
}

#[test]
fn a_look_up_hash_is_hmac_sm3_over_field_and_value() {
    let key: String = (0..32_u8).map(|byte| hex::encode(&[byte])).collect();
    let keys: LookUpKeys = format!("yici-look-up-key-1 5 {key}").parse().unwrap();
    let found = keys.hash("citizen_no", "11010519491231002X");
    assert_eq!(found.key_id, KeyId(5));
    // OpenSSL 3, HMAC with SM3.
    assert_eq!(
        hex::encode(&found.hash),
        "7323edaf7642d1f676cc13fe74acacb8530054ed5a148925a0557e0a31c6671c"
    );
    assert_ne!(found, keys.hash("guardian_no", "11010519491231002X"));
    assert_ne!(found, keys.hash("citizen_no", "110105194912310021"));
}

#[test]
fn a_search_during_a_rotation_finds_old_and_new_rows() {
    let mut keys = LookUpKeys::generate(&mut Seeded(1));
    let old_row = keys.hash("citizen_no", "11010519491231002X");
    keys.rotate(&mut Seeded(2));
    let new_row = keys.hash("citizen_no", "11010519491231002X");
    assert_eq!(keys.current_id(), KeyId(2));
    let search = keys.hashes("citizen_no", "11010519491231002X");
    assert_eq!(search, [new_row, old_row]);
    let read: LookUpKeys = keys.to_text().parse().unwrap();
    assert_eq!(read.hashes("citizen_no", "11010519491231002X"), search);
}

#[test]
fn keys_do_not_print() {
    let masters = MasterKeys::generate(&mut Seeded(1));
    let keys = LookUpKeys::generate(&mut Seeded(1));
    let key = data_key(0);
    let wrapped = masters.wrap(&key, &nonce(1)).unwrap();
    assert_eq!(
        format!("{masters:?} {keys:?} {wrapped:?}"),
        "*** *** WrappedKey(***)"
    );
    assert_eq!(
        format!("{key:?}"),
        "DataKey(key_00000000000000000000000000, ***)"
    );
}

proptest! {
    #[test]
    fn what_is_sealed_opens_again(
        plain in proptest::collection::vec(any::<u8>(), 0..300),
        aad in proptest::collection::vec(any::<u8>(), 0..40),
        seed in any::<u64>(),
    ) {
        let key = data_key(7);
        let sealed = key.seal(&plain, &aad, &nonce(seed)).unwrap();
        prop_assert_eq!(sealed.len(), plain.len() + 45);
        prop_assert_eq!(DataKey::id_of(&sealed), Ok(key.id()));
        prop_assert_eq!(&*key.open(&sealed, &aad).unwrap(), &plain);
    }

    #[test]
    fn another_key_other_associated_data_and_every_changed_bit_are_refused(
        plain in proptest::collection::vec(any::<u8>(), 0..60), position in any::<prop::sample::Index>(),
    ) {
        let key = data_key(7);
        let sealed = key.seal(&plain, b"a", &nonce(3)).unwrap();
        prop_assert_eq!(key.open(&sealed, b"b"), Err(OpenFault::NotAuthentic));
        prop_assert_eq!(data_key(8).open(&sealed, b"a"), Err(OpenFault::OtherKey));
        let bit = position.index(sealed.len() * 8);
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(key.open(&changed, b"a").is_err());
        let cut = position.index(sealed.len());
        prop_assert!(key.open(&sealed[..cut], b"a").is_err());
    }

    #[test]
    fn arbitrary_bytes_never_open(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let masters = MasterKeys::generate(&mut Seeded(1));
        let key = data_key(7);
        prop_assert!(key.open(&bytes, b"").is_err());
        prop_assert!(masters.unwrap(key.id(), &WrappedKey::from_bytes(bytes)).is_err());
    }
}
