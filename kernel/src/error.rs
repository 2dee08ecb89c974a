//! Errors: what is refused, what is broken.
//!
//! Words for the caller come from [`codes`](crate::codes) alone; words for the operator live in
//! [`Broken`] and never reach a caller: the two have no common `Display`.

use std::error::Error;

use crate::{codes, codes::Code, ids::CaseId, item::Words, lang::Lang};

/// One fault of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// JSON pointer of the field, such as `/form/leave_date`.
    pub pointer: String,
    /// What is wrong with it and what to do.
    pub code: &'static Code,
    /// Values for the places in the text.
    pub args: Vec<(&'static str, String)>,
}

/// A refusal: the caller can read it and act on it. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    code: &'static Code,
    args: Vec<(&'static str, Words)>,
    fields: Vec<FieldFault>,
    retry_seconds: Option<i64>,
    case: Option<CaseId>,
}

impl Refusal {
    /// A refusal with this code.
    pub const fn new(code: &'static Code) -> Self {
        Self {
            code,
            args: Vec::new(),
            fields: Vec::new(),
            retry_seconds: None,
            case: None,
        }
    }

    /// Fills a place `{name}` of the text. Never a personal value.
    #[must_use]
    pub fn with(self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        let both = Words {
            zh: value.clone(),
            en: value,
        };
        self.worded(name, both)
    }

    /// Fills a place of the text with words of the reader's language. Never a personal value.
    #[must_use]
    pub fn worded(mut self, name: &'static str, words: Words) -> Self {
        self.args.push((name, words));
        self
    }

    /// Adds a fault of one field.
    #[must_use]
    pub fn field(mut self, pointer: impl Into<String>, code: &'static Code) -> Self {
        self.fields.push(FieldFault {
            pointer: pointer.into(),
            code,
            args: Vec::new(),
        });
        self
    }

    /// A refusal `E1002` listing all field faults.
    pub fn fields(fields: Vec<FieldFault>) -> Self {
        Self {
            fields,
            ..Self::new(&codes::E1002)
        }
    }

    /// Says after how many seconds the same request has a chance (`Retry-After`).
    #[must_use]
    pub const fn retry_in(mut self, seconds: i64) -> Self {
        self.retry_seconds = Some(seconds);
        self
    }

    /// Points to the case that stands in the way. Only one that the caller may see.
    #[must_use]
    pub const fn about_case(mut self, case: CaseId) -> Self {
        self.case = Some(case);
        self
    }

    /// The code.
    pub const fn code(&self) -> &'static Code {
        self.code
    }

    /// The values for the places of its texts.
    pub fn values(&self) -> impl Iterator<Item = (&'static str, &Words)> {
        self.args.iter().map(|(name, words)| (*name, words))
    }

    /// The faults of single fields.
    pub fn field_faults(&self) -> &[FieldFault] {
        &self.fields
    }

    /// After how many seconds the same request has a chance, where that is known.
    pub const fn retry_seconds(&self) -> Option<i64> {
        self.retry_seconds
    }

    /// The case that stands in the way.
    pub const fn case(&self) -> Option<CaseId> {
        self.case
    }

    /// Title in the reader's language.
    pub fn title(&self, lang: Lang) -> String {
        self.fill(self.code.title(lang), lang)
    }

    /// What to do, in the reader's language.
    pub fn advice(&self, lang: Lang) -> String {
        self.fill(self.code.advice(lang), lang)
    }

    fn fill(&self, text: &str, lang: Lang) -> String {
        let args = self.args.iter();
        fill(text, args.map(|(name, words)| (*name, words.get(lang))))
    }
}

impl FieldFault {
    /// What is wrong with the field, in the reader's language.
    pub fn title(&self, lang: Lang) -> String {
        fill(self.code.title(lang), self.args())
    }

    /// What to do about it, in the reader's language.
    pub fn advice(&self, lang: Lang) -> String {
        fill(self.code.advice(lang), self.args())
    }

    fn args(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let args = self.args.iter();
        args.map(|(name, value)| (*name, value.as_str()))
    }
}

fn fill<'a>(text: &str, args: impl Iterator<Item = (&'static str, &'a str)>) -> String {
    args.fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), value)
    })
}

/// Something of ours is broken: logged once where it is answered, never shown.
#[derive(Debug, thiserror::Error)]
#[error("{internal}")]
pub struct Broken {
    internal: String,
    #[source]
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Broken {
    /// A fault described for the operator, without personal values.
    pub fn new(internal: impl Into<String>) -> Self {
        Self {
            internal: internal.into(),
            source: None,
        }
    }

    /// A fault with its cause.
    pub fn caused(internal: impl Into<String>, source: impl Error + Send + Sync + 'static) -> Self {
        Self {
            internal: internal.into(),
            source: Some(Box::new(source)),
        }
    }
}

/// The one error of the shell.
#[derive(Debug)]
pub enum AppError {
    /// The caller can do something about it.
    Refused(Box<Refusal>),
    /// We must do something about it.
    Broken(Broken),
}

impl AppError {
    /// A refusal without places to fill.
    pub fn refused(code: &'static Code) -> Self {
        Refusal::new(code).into()
    }

    /// The code shown to the caller.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code.id,
            Self::Broken(_) => codes::E1900.id,
        }
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<Broken> for AppError {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}
