//! SM3 digests (GB/T 32905) of bytes and of JSON, and the digest that a browser can make.

use serde_json::{Map, Value};
use sm3::{Digest as _, Sm3};

/// An SM3 digest.
pub type Digest = [u8; 32];

/// The SM3 digest of some bytes.
pub fn sm3(bytes: &[u8]) -> Digest {
    Sm3::digest(bytes).into()
}

/// The SM3 digest of some bytes as 64 lower-case hexadecimal letters.
pub fn sm3_hex(bytes: &[u8]) -> String {
    crate::hex::encode(&sm3(bytes))
}

/// The SHA-256 digest (FIPS 180-4) of some bytes as 64 lower-case hexadecimal letters: browsers make
/// no other. It tells whether a file arrived as it was sent, and protects nothing.
pub fn sha256_hex(bytes: &[u8]) -> String {
    crate::hex::encode(&sha2::Sha256::digest(bytes))
}

/// The one text of a JSON value that digests are taken of: no white space, the keys of every object
/// in the order of their UTF-8 bytes, numbers as `serde_json` prints them (so `1` and `1.0`
/// differ), text with the shortest escapes.
pub fn canonical_json(value: &Value) -> String {
    sorted(value).to_string()
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(key, _)| *key);
            let fields = fields.into_iter().map(|(k, v)| (k.clone(), sorted(v)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// GB/T 32905-2016, and OpenSSL 3 for the empty text.
    #[test]
    fn the_digest_is_that_of_the_standard() {
        for (text, wanted) in [
            (
                "abc",
                "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
            ),
            (
                "",
                "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b",
            ),
        ] {
            assert_eq!(sm3_hex(text.as_bytes()), wanted);
        }
    }

    /// FIPS 180-2, appendix B.1.
    #[test]
    fn the_digest_of_browsers_is_that_of_its_standard() {
        let wanted = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_hex(b"abc"), wanted);
    }

    #[test]
    fn equal_json_has_one_text_whatever_the_order_of_its_keys() {
        let one = json!({"b": [1, {"y": null, "x": "姓\n"}], "a": true, "B": 1.5});
        let other = json!({"B": 1.5, "a": true, "b": [1, {"x": "姓\n", "y": null}]});
        let text = r#"{"B":1.5,"a":true,"b":[1,{"x":"姓\n","y":null}]}"#;
        assert_eq!(canonical_json(&one), text);
        assert_eq!(canonical_json(&other), text);
        assert_ne!(
            canonical_json(&json!([2, 1])),
            canonical_json(&json!([1, 2]))
        );
    }
}
