//! English words by their stems.

use tantivy::tokenizer::{
    Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, StopWordFilter, TextAnalyzer,
};

/// Longest word that is looked at.
const WORD_BYTES_MAX: usize = 40;

/// Cuts English text into stems.
pub(crate) fn analyzer() -> TextAnalyzer {
    let stop = [
        "a", "an", "and", "do", "for", "how", "i", "in", "is", "my", "of", "or", "the", "to",
    ];
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(WORD_BYTES_MAX))
        .filter(LowerCaser)
        .filter(StopWordFilter::remove(stop.map(str::to_owned)))
        .filter(Stemmer::new(Language::English))
        .build()
}

/// The stems of a text.
pub(crate) fn stems(text: &str) -> Vec<String> {
    let mut analyzer = analyzer();
    let mut stream = analyzer.token_stream(text);
    let mut stems = Vec::new();
    while stream.advance() {
        stems.push(stream.token().text.clone());
    }
    stems
}
