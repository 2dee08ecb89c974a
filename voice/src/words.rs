//! What a rater wrote. He may have written down names and numbers, so it is sealed like everything
//! personal: under a data key of its own, which a master key wraps. Destroying the key erases it.

use kernel::{
    Entropy,
    error::Broken,
    ids::{CaseId, DataKeyId, Id as _, RatingId},
};
use seal::{DataKey, MasterKeys, Nonce, WrappedKey};

use crate::store::rating;

/// Sealed words and their wrapped key.
pub(crate) struct SealedWords {
    pub wrapped: Vec<u8>,
    pub sealed: Vec<u8>,
}

/// Seals what was written about a case; nothing written is nothing kept.
pub(crate) fn seal_words(
    keys: &MasterKeys,
    place: (CaseId, i32),
    rating: RatingId,
    words: &str,
    entropy: &mut dyn Entropy,
) -> Result<Option<SealedWords>, Broken> {
    if words.is_empty() {
        return Ok(None);
    }
    let key = DataKey::generate(DataKeyId::from_uuid(rating.uuid()), entropy);
    let cannot = |fault| Broken::caused("words of a rating cannot be sealed", fault);
    let wrapped = keys.wrap(&key, &Nonce::random(entropy)).map_err(cannot)?;
    let sealed = key
        .seal(words.as_bytes(), &aad(place), &Nonce::random(entropy))
        .map_err(cannot)?;
    Ok(Some(SealedWords {
        wrapped: wrapped.as_bytes().to_vec(),
        sealed,
    }))
}

/// What was written, if anything.
pub(crate) fn open_words(keys: &MasterKeys, row: &rating::Model) -> Result<Option<String>, Broken> {
    let (Some(wrapped), Some(sealed)) = (&row.words_wrapped, &row.words_sealed) else {
        return Ok(None);
    };
    let cannot = |fault| Broken::caused("words of a rating cannot be opened", fault);
    let id = DataKey::id_of(sealed).map_err(cannot)?;
    let key = keys
        .unwrap(id, &WrappedKey::from_bytes(wrapped.clone()))
        .map_err(cannot)?;
    let plain = key
        .open(sealed, &aad((CaseId::from_uuid(row.case_id), row.part)))
        .map_err(cannot)?;
    String::from_utf8(plain.to_vec())
        .map(Some)
        .map_err(|fault| Broken::caused("words of a rating", fault))
}

/// Ties the words to their row.
fn aad((case, part): (CaseId, i32)) -> Vec<u8> {
    [
        b"rating".as_slice(),
        case.uuid().as_bytes(),
        &part.to_be_bytes(),
    ]
    .concat()
}
