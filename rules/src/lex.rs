//! A first reading of a FEEL text: its tokens with their places, and everything that can be refused
//! before the parser sees it.

use crate::{
    fault::Fault,
    limits::{BRACKETS_DEPTH_MAX, NAME_RUN_MAX, TEXT_CHARS_MAX, TOKENS_MAX},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    Number,
    Text,
    Sign,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// The characters as written.
    pub(crate) text: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
    /// Byte offset after the token.
    pub(crate) end: usize,
}

impl Token {
    pub(crate) fn is(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }

    pub(crate) fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::new(self.line, self.column, message)
    }
}

/// The tokens of `text`, or all faults that can be seen without parsing.
pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, Vec<Fault>> {
    if text.chars().count() > TEXT_CHARS_MAX {
        let message = format!("longer than {TEXT_CHARS_MAX} characters");
        return Err(vec![Fault::new(1, 1, message)]);
    }
    let mut lexer = Lexer::new(text);
    while lexer.step() {}
    let Lexer {
        tokens, mut faults, ..
    } = lexer;
    if faults.is_empty() {
        faults.extend(limit_faults(&tokens));
    }
    if faults.is_empty() {
        Ok(tokens)
    } else {
        Err(faults)
    }
}

fn limit_faults(tokens: &[Token]) -> Option<Fault> {
    let Some(first) = tokens.first() else {
        return Some(Fault::new(1, 1, "the expression is empty"));
    };
    if tokens.len() > TOKENS_MAX {
        return Some(first.fault(format!("more than {TOKENS_MAX} words and signs")));
    }
    let (mut depth, mut run) = (0_usize, 0_usize);
    for token in tokens {
        match token.text.as_str() {
            "(" | "[" | "{" if token.kind == Kind::Sign => depth += 1,
            ")" | "]" | "}" if token.kind == Kind::Sign => depth = depth.saturating_sub(1),
            _ => {}
        }
        let in_name = token.kind == Kind::Word
            || ["+", "-", "*", "/", ".", "'", "**"]
                .iter()
                .any(|sign| token.is(sign));
        run = if in_name { run + 1 } else { 0 };
        if depth > BRACKETS_DEPTH_MAX {
            return Some(token.fault(format!("more than {BRACKETS_DEPTH_MAX} open brackets")));
        }
        if run > NAME_RUN_MAX {
            return Some(token.fault(format!(
                "more than {NAME_RUN_MAX} names and signs in a row; use brackets"
            )));
        }
    }
    None
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    line_start: usize,
    tokens: Vec<Token>,
    faults: Vec<Fault>,
}

impl<'t> Lexer<'t> {
    const fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            line_start: 0,
            tokens: Vec::new(),
            faults: Vec::new(),
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn column(&self) -> usize {
        let line = self.text.get(self.line_start..self.at).unwrap_or("");
        line.chars().count() + 1
    }

    /// Reads one token or one piece of space; false at the end.
    fn step(&mut self) -> bool {
        let rest = self.rest();
        let Some(next) = rest.chars().next() else {
            return false;
        };
        if next == '\n' {
            self.at += 1;
            self.line += 1;
            self.line_start = self.at;
        } else if next.is_whitespace() || next == '\u{feff}' || next == '\u{200b}' {
            self.at += next.len_utf8();
        } else if rest.starts_with("//") {
            self.at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            self.comment(rest);
        } else if next == '"' {
            self.string(rest);
        } else if next.is_ascii_digit() {
            let length = number_length(rest);
            self.push(Kind::Number, length);
        } else if is_full_width(next) {
            self.refuse(format!(
                "the full-width sign `{next}` stands outside a text; write the half-width one"
            ));
            self.at += next.len_utf8();
        } else if is_name_start(next) {
            let length = rest
                .find(|ch| !is_name_part(ch) || is_full_width(ch))
                .unwrap_or(rest.len());
            self.push(Kind::Word, length);
        } else {
            self.sign(rest, next);
        }
        true
    }

    fn sign(&mut self, rest: &str, next: char) {
        let two = ["..", "**", "!=", "<=", ">=", "->"];
        if two.iter().any(|sign| rest.starts_with(sign)) {
            self.push(Kind::Sign, 2);
        } else if "()[]{}<>=+-*/.,:@'".contains(next) {
            self.push(Kind::Sign, 1);
        } else {
            self.refuse(format!("the sign `{next}` is not part of FEEL"));
            self.at += next.len_utf8();
        }
    }

    fn comment(&mut self, rest: &str) {
        let length = rest.find("*/").map_or(rest.len(), |end| end + 2);
        for (offset, _) in rest
            .char_indices()
            .filter(|(offset, ch)| *offset < length && *ch == '\n')
        {
            self.line += 1;
            self.line_start = self.at + offset + 1;
        }
        self.at += length;
    }

    fn string(&mut self, rest: &str) {
        let mut escaped = false;
        for (offset, ch) in rest.char_indices().skip(1) {
            match ch {
                _ if ('\n'..='\r').contains(&ch) => break,
                '"' if !escaped => return self.push(Kind::Text, offset + 1),
                _ => escaped = ch == '\\' && !escaped,
            }
        }
        self.refuse("the text has no closing \" on its line".to_owned());
        self.at = self.text.len();
    }

    fn push(&mut self, kind: Kind, length: usize) {
        let token = Token {
            kind,
            text: self.rest().get(..length).unwrap_or("").to_owned(),
            line: self.line,
            column: self.column(),
            end: self.at + length,
        };
        self.tokens.push(token);
        self.at += length;
    }

    fn refuse(&mut self, message: String) {
        let fault = Fault::new(self.line, self.column(), message);
        self.faults.push(fault);
    }
}

/// Digits, a fraction and an exponent; the dots of a range are left alone.
fn number_length(rest: &str) -> usize {
    let digits = |from: usize| {
        let tail = rest.get(from..).unwrap_or("");
        from + tail
            .find(|ch: char| !ch.is_ascii_digit())
            .unwrap_or(tail.len())
    };
    let byte = |at: usize| rest.as_bytes().get(at).copied().unwrap_or(b' ');
    let mut end = digits(0);
    if byte(end) == b'.' && byte(end + 1).is_ascii_digit() {
        end = digits(end + 1);
    }
    if matches!(byte(end), b'e' | b'E') {
        let sign = usize::from(matches!(byte(end + 1), b'+' | b'-'));
        end = digits(end + 1 + sign);
    }
    end
}

/// Chinese punctuation and full-width signs: the FEEL grammar would take them as letters.
fn is_full_width(ch: char) -> bool {
    matches!(ch,
        '\u{2018}'..='\u{201f}' | '\u{3001}'..='\u{3004}' | '\u{3008}'..='\u{3020}'
        | '\u{3030}' | '\u{ff01}'..='\u{ff65}')
}

/// DMN 1.3 grammar rule 28.
fn is_name_start(ch: char) -> bool {
    matches!(ch, '?' | 'A'..='Z' | '_' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}'
        | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}'
        | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}'
        | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

/// DMN 1.3 grammar rule 29.
fn is_name_part(ch: char) -> bool {
    is_name_start(ch)
        || ch.is_ascii_digit()
        || matches!(ch, '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        let tokens = tokens(text).unwrap();
        tokens.into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn tokens_are_words_numbers_texts_and_signs() {
        assert_eq!(
            texts("月收入 >= 2.5e3 and x in [1..10] // 说明\n or \"a\\\"，\" != y.z"),
            [
                "月收入",
                ">=",
                "2.5e3",
                "and",
                "x",
                "in",
                "[",
                "1",
                "..",
                "10",
                "]",
                "or",
                "\"a\\\"，\"",
                "!=",
                "y",
                ".",
                "z"
            ]
        );
    }

    #[test]
    fn every_foreign_sign_is_told_with_its_place() {
        let faults = tokens("a = 1，\n b ＝ 2; #").unwrap_err();
        let places: Vec<_> = faults
            .iter()
            .map(|fault| (fault.line, fault.column))
            .collect();
        assert_eq!(places, [(1, 6), (2, 4), (2, 7), (2, 9)]);
    }

    #[test]
    fn an_open_text_is_told_where_it_begins() {
        let faults = tokens("a = \"没有结束").unwrap_err();
        assert_eq!((faults[0].line, faults[0].column), (1, 5));
    }

    #[test]
    fn size_nesting_and_rows_are_limited() {
        assert!(tokens("").is_err());
        assert!(tokens(&"a".repeat(TEXT_CHARS_MAX + 1)).is_err());
        assert!(tokens(&"1,".repeat(TOKENS_MAX)).is_err());
        assert!(tokens(&"(".repeat(BRACKETS_DEPTH_MAX + 1)).is_err());
        assert!(tokens(&"a+".repeat(NAME_RUN_MAX)).is_err());
    }
}
