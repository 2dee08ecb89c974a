//! Search that understands people: an index in memory over a few thousand short texts, asked with
//! whole questions, single words, pinyin, initials, English, and all of them mistyped.
//!
//! Pure: entries in, an [`Index`] out; nothing is kept of what was asked. How a text is looked at:
//!
//! | part | of 失业保险金 |
//! |---|---|
//! | letters | 失, 业, 保, … |
//! | pairs | 失业, 业保, 保险, … |
//! | terms | the longest words that the entries themselves use (`jieba-rs`, whose dictionary is built from their names and words) |
//! | sounds | `si ye`, `ye bao`, …: pairs of syllables without tones, in which zh and z, ang and an are one, so that homophones and southern ears meet |
//! | initials | `sybxj` and every part of it |
//! | joined | `siyebaoxianjin`, for fuzzy comparison of what cannot be cut into syllables |
//!
//! Names, everyday words, whole questions and English are separate fields of a `tantivy` index, each
//! with its weight; an entry's score is the sum of BM25 over the fields.

mod english;
mod fields;
mod index;
mod query;
mod sound;
mod text;

pub use index::{Entry, Hit, Index, SearchFault};
