//! The fields of the index and what they weigh.

use tantivy::schema::{
    FAST, Field, IndexRecordOption, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};

/// The analyser of fields whose words are cut already.
pub(crate) const CUT: &str = "cut";

/// The fields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// Which entry it is.
    pub(crate) ordinal: Field,
    pub(crate) names: Field,
    pub(crate) words: Field,
    pub(crate) asked: Field,
    pub(crate) more: Field,
    pub(crate) english: Field,
    pub(crate) sounds: Field,
    pub(crate) initials: Field,
    pub(crate) joined: Field,
}

impl Fields {
    pub(crate) fn schema() -> (Schema, Self) {
        let mut schema = Schema::builder();
        let fields = Self {
            ordinal: schema.add_u64_field("ordinal", FAST),
            names: cut(&mut schema, "names"),
            words: cut(&mut schema, "words"),
            asked: cut(&mut schema, "asked"),
            more: cut(&mut schema, "more"),
            english: cut(&mut schema, "english"),
            sounds: cut(&mut schema, "sounds"),
            initials: cut(&mut schema, "initials"),
            joined: cut(&mut schema, "joined"),
        };
        (schema.build(), fields)
    }
}

fn cut(schema: &mut SchemaBuilder, name: &str) -> Field {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(CUT)
        .set_index_option(IndexRecordOption::WithFreqs);
    let options = TextOptions::default().set_indexing_options(indexing);
    schema.add_text_field(name, options)
}

/// What a word weighs in each field, found by trying on one half of the questions of the demo city
/// (`search/questions.tsv`, `tune`) and measured on the other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weights {
    pub(crate) names: f32,
    pub(crate) words: f32,
    pub(crate) asked: f32,
    pub(crate) more: f32,
    pub(crate) english: f32,
    /// Of a letter beside a pair.
    pub(crate) letter: f32,
    /// Of a term beside a pair.
    pub(crate) term: f32,
    /// Of a word or name as a whole.
    pub(crate) whole: f32,
    /// Of sounds that were typed as pinyin.
    pub(crate) typed: f32,
    /// Of sounds of characters that were typed: homophones.
    pub(crate) alike: f32,
    pub(crate) initials: f32,
    /// Of a word that is nearly the one that was typed.
    pub(crate) nearly: f32,
}

pub(crate) const WEIGHTS: Weights = Weights {
    names: 0.3,
    words: 0.65,
    asked: 0.8,
    more: 0.3,
    english: 2.0,
    letter: 1.0,
    term: 0.8,
    whole: 6.0,
    typed: 1.0,
    alike: 0.08,
    initials: 2.0,
    nearly: 3.0,
};
