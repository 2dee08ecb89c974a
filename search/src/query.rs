//! A question as a query.

use tantivy::{
    Term,
    query::{BooleanQuery, BoostQuery, ConstScoreQuery, FuzzyTermQuery, Query, TermQuery},
    schema::{Field, IndexRecordOption},
};

use crate::{
    english,
    fields::Weights,
    index::{Index, WHOLE},
    sound,
    text::{Run, pairs, runs, terms, whole, without_noise},
};

/// Shorter words are not compared fuzzily: too many are near.
const FUZZY_FROM: usize = 5;
/// From here on two letters may be wrong.
const FUZZY_TWO_FROM: usize = 9;
/// Initials that people type.
const INITIALS: std::ops::RangeInclusive<usize> = 2..=9;

/// The clauses gathered so far.
struct Clauses(Vec<Box<dyn Query>>);

impl Clauses {
    fn term(&mut self, field: Field, word: &str, weight: f32) {
        let term = Term::from_field_text(field, word);
        let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
        self.0
            .push(Box::new(BoostQuery::new(Box::new(query), weight)));
    }

    fn nearly(&mut self, field: Field, word: &str, weight: f32) {
        if word.len() < FUZZY_FROM {
            return;
        }
        let wrong = if word.len() < FUZZY_TWO_FROM { 1 } else { 2 };
        let query = FuzzyTermQuery::new(Term::from_field_text(field, word), wrong, true);
        self.0
            .push(Box::new(ConstScoreQuery::new(Box::new(query), weight)));
    }
}

/// The query of a question; none when it has no letter.
pub(crate) fn of(index: &Index, weights: &Weights, question: &str) -> Option<BooleanQuery> {
    let mut clauses = Clauses(Vec::new());
    let kept = without_noise(question);
    let runs = runs(&kept);
    characters(index, weights, &runs, &mut clauses);
    let mut wholes = vec![whole(&kept), whole(question)];
    wholes.dedup();
    for whole in wholes {
        let whole = format!("{WHOLE}{whole}");
        clauses.term(index.fields.names, &whole, weights.whole);
        clauses.term(index.fields.words, &whole, weights.whole);
    }
    sounds(index, weights, &runs, &mut clauses);
    latin(index, weights, &runs, &mut clauses);
    (!runs.is_empty()).then(|| BooleanQuery::union(clauses.0))
}

fn characters(index: &Index, weights: &Weights, runs: &[Run], clauses: &mut Clauses) {
    let fields = [
        (index.fields.names, weights.names),
        (index.fields.words, weights.words),
        (index.fields.asked, weights.asked),
        (index.fields.more, weights.more),
    ];
    let mut put = |word: &str, weight: f32| {
        for (field, own) in fields {
            clauses.term(field, word, own * weight);
        }
    };
    for run in runs {
        match run {
            Run::Han(run) => {
                for letter in run.chars() {
                    put(&String::from(letter), weights.letter);
                }
                for pair in pairs(run) {
                    put(&pair, 1.0);
                }
                for term in terms(&index.jieba, run) {
                    put(term, weights.term);
                }
            }
            Run::Latin(run) => put(run, 1.0),
        }
    }
}

/// The sounds of the whole question in order; pinyin and characters may be mixed.
fn sounds(index: &Index, weights: &Weights, runs: &[Run], clauses: &mut Clauses) {
    let mut heard: Vec<Option<(String, bool)>> = Vec::new();
    for run in runs {
        match run {
            Run::Han(run) => {
                heard.extend(
                    run.chars()
                        .map(|letter| Some((sound::sound(letter)?, false))),
                );
            }
            Run::Latin(run) => match sound::syllables(run) {
                Some(syllables) => {
                    heard.extend(syllables.into_iter().map(|sound| Some((sound, true))));
                }
                None => heard.push(None),
            },
        }
    }
    for pair in heard.windows(2) {
        if let [Some((one, typed)), Some((other, too))] = pair {
            let weight = if *typed || *too {
                weights.typed
            } else {
                weights.alike
            };
            clauses.term(index.fields.sounds, &format!("{one}_{other}"), weight);
        }
    }
}

/// Initials, pinyin with mistakes, English.
fn latin(index: &Index, weights: &Weights, runs: &[Run], clauses: &mut Clauses) {
    let typed: Vec<&str> = runs
        .iter()
        .filter_map(|run| match run {
            Run::Latin(run) => Some(run.as_str()),
            Run::Han(_) => None,
        })
        .collect();
    if typed.is_empty() {
        return;
    }
    let all = typed.concat();
    let mut as_initials = vec![all.as_str()];
    if typed.len() > 1 {
        as_initials.extend(&typed);
    }
    for letters in as_initials {
        if INITIALS.contains(&letters.len()) {
            clauses.term(index.fields.initials, letters, weights.initials);
        }
    }
    let heard = sound::heard(&all);
    clauses.term(index.fields.joined, &heard, weights.nearly);
    clauses.nearly(index.fields.joined, &heard, weights.nearly);
    for stem in english::stems(&typed.join(" ")) {
        clauses.term(index.fields.english, &stem, weights.english);
        clauses.nearly(index.fields.english, &stem, weights.english);
    }
}
