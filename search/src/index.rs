//! Building the index and asking it.

use jieba_rs::Jieba;
use tantivy::{
    IndexReader, ReloadPolicy, TantivyDocument, TantivyError,
    collector::TopDocs,
    tokenizer::{TextAnalyzer, WhitespaceTokenizer},
};

use crate::{
    english,
    fields::{CUT, Fields, WEIGHTS},
    query, sound,
    text::{Run, pairs, runs, terms, whole},
};

/// Memory of the writer while it builds: the least that it takes.
const WRITER_BYTES: usize = 16_000_000;
/// Before a phrase as a whole, where no word begins so.
pub(crate) const WHOLE: &str = "=";

/// Hits that are weighed again: who is not among them by words alone does not fit.
const WEIGHED: usize = 100;

/// What is to be found.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What its score is multiplied by: more than one for what is meant more often.
    pub weight: f32,
    /// Its names, in Chinese.
    pub names: Vec<String>,
    /// Everyday words and short phrases for it.
    pub words: Vec<String>,
    /// Whole questions that mean it.
    pub asked: Vec<String>,
    /// What else is said of it.
    pub more: Vec<String>,
    /// English names and words.
    pub english: Vec<String>,
}

impl Default for Entry {
    fn default() -> Self {
        Self {
            weight: 1.0,
            names: Vec::new(),
            words: Vec::new(),
            asked: Vec::new(),
            more: Vec::new(),
            english: Vec::new(),
        }
    }
}

/// An entry that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// The place of the entry among those given.
    pub entry: usize,
    /// How well it fits; comparable within one question.
    pub fit: f32,
}

/// The index could not be built or read: memory is short, or the library is broken.
#[derive(Debug, thiserror::Error)]
#[error("search index: {0}")]
pub struct SearchFault(#[from] TantivyError);

/// Entries, ready to be found.
pub struct Index {
    pub(crate) fields: Fields,
    pub(crate) jieba: Jieba,
    pub(crate) reader: IndexReader,
    weights: Vec<f32>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").finish_non_exhaustive()
    }
}

impl Index {
    /// An index over these entries.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn build(entries: &[Entry]) -> Result<Self, SearchFault> {
        let (schema, fields) = Fields::schema();
        let index = tantivy::Index::create_in_ram(schema);
        let cut = TextAnalyzer::builder(WhitespaceTokenizer::default()).build();
        index.tokenizers().register(CUT, cut);
        let jieba = dictionary(entries);
        let mut writer = index.writer_with_num_threads::<TantivyDocument>(1, WRITER_BYTES)?;
        for (ordinal, entry) in (0..).zip(entries) {
            writer.add_document(document(fields, &jieba, ordinal, entry))?;
        }
        writer.commit()?;
        writer.wait_merging_threads()?;
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        Ok(Self {
            fields,
            jieba,
            reader,
            weights: entries.iter().map(|entry| entry.weight).collect(),
        })
    }

    /// The entries that fit a question best, the best first; nothing when no word of it is known.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn find(&self, question: &str, most: usize) -> Result<Vec<Hit>, SearchFault> {
        let Some(query) = query::of(self, &WEIGHTS, question) else {
            return Ok(Vec::new());
        };
        let searcher = self.reader.searcher();
        let looked_at = TopDocs::with_limit(most.max(WEIGHED)).order_by_score();
        let found = searcher.search(&query, &looked_at)?;
        let mut hits = Vec::with_capacity(found.len());
        for (score, place) in found {
            let segment = searcher.segment_reader(place.segment_ord);
            let ordinals = segment.fast_fields().u64("ordinal")?;
            let ordinal = ordinals.first(place.doc_id);
            if let Some(entry) = ordinal.and_then(|ordinal| usize::try_from(ordinal).ok()) {
                let weight = self.weights.get(entry).copied().unwrap_or(1.0);
                let fit = score * weight;
                hits.push(Hit { entry, fit });
            }
        }
        hits.sort_by(|one, other| other.fit.total_cmp(&one.fit));
        hits.truncate(most);
        Ok(hits)
    }
}

/// The dictionary of the entries' own words: whatever they are called is one word.
fn dictionary(entries: &[Entry]) -> Jieba {
    /// A word counts more than its parts.
    const OFTEN: usize = 1_000;
    /// Longer phrases are sentences.
    const WORD_CHARS_MAX: usize = 8;
    let mut jieba = Jieba::empty();
    for entry in entries {
        for phrase in entry.names.iter().chain(&entry.words) {
            for run in runs(phrase) {
                if let Run::Han(run) = run
                    && (2..=WORD_CHARS_MAX).contains(&run.chars().count())
                    && !jieba.has_word(&run)
                {
                    jieba.add_word(&run, Some(OFTEN), None);
                }
            }
        }
    }
    jieba
}

fn document(fields: Fields, jieba: &Jieba, ordinal: u64, entry: &Entry) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    document.add_u64(fields.ordinal, ordinal);
    let mut put = |field, words: Vec<String>| document.add_text(field, words.join(" "));
    let cut = |texts: &[String], as_whole: bool| {
        let mut words = Vec::new();
        for text in texts {
            for run in runs(text) {
                push_cut(&mut words, jieba, &run);
            }
            if as_whole {
                words.push(format!("{WHOLE}{}", whole(text)));
            }
        }
        words
    };
    put(fields.names, cut(&entry.names, true));
    put(fields.words, cut(&entry.words, true));
    put(fields.asked, cut(&entry.asked, false));
    put(fields.more, cut(&entry.more, false));
    let english = entry.english.iter();
    put(
        fields.english,
        english.flat_map(|text| english::stems(text)).collect(),
    );
    let phrases = entry.names.iter().chain(&entry.words);
    let mut sounds = Vec::new();
    let (mut initials, mut joined) = (Vec::new(), Vec::new());
    for run in phrases.chain(&entry.asked).flat_map(|text| runs(text)) {
        if let Run::Han(run) = run {
            sounds.extend(sound::pairs(&run));
        }
    }
    for run in entry
        .names
        .iter()
        .chain(&entry.words)
        .flat_map(|text| runs(text))
    {
        if let Run::Han(run) = run {
            initials.extend(sound::initials(&run));
            joined.extend(sound::joined(&run));
        }
    }
    put(fields.sounds, sounds);
    put(fields.initials, initials);
    put(fields.joined, joined);
    document
}

/// Letters, pairs and terms of a run of characters; other letters as they are.
fn push_cut(words: &mut Vec<String>, jieba: &Jieba, run: &Run) {
    match run {
        Run::Han(run) => {
            words.extend(run.chars().map(String::from));
            words.extend(pairs(run));
            words.extend(terms(jieba, run).into_iter().map(ToOwned::to_owned));
        }
        Run::Latin(run) => words.push(run.clone()),
    }
}
