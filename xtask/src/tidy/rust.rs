//! Just enough Rust to tell code from comments, texts and tests.

/// The same text with comments and the insides of literals as spaces; lines stay where they are.
pub(crate) fn code(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = Vec::with_capacity(chars.len());
    let mut at = 0;
    while at < chars.len() {
        let end = blank_until(&chars, at);
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(
                chars[at..end]
                    .iter()
                    .map(|c| if *c == '\n' { '\n' } else { ' ' }),
            );
            at = end;
        }
    }
    out.into_iter().collect()
}

/// Where the comment or literal that begins here ends; `at` itself when none does.
fn blank_until(chars: &[char], at: usize) -> usize {
    let next = chars.get(at + 1).copied();
    let inside_word = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    match chars[at] {
        '/' if next == Some('/') => find(chars, at, |c| c == '\n'),
        '/' if next == Some('*') => comment_end(chars, at),
        '"' => quoted_end(chars, at + 1, '"'),
        'r' if !inside_word && matches!(next, Some('"' | '#')) => raw_end(chars, at),
        '\'' if next == Some('\\') => quoted_end(chars, at + 1, '\''),
        '\'' if chars.get(at + 2) == Some(&'\'') => at + 3,
        _ => at,
    }
}

fn find(chars: &[char], from: usize, wanted: impl Fn(char) -> bool) -> usize {
    chars[from..]
        .iter()
        .position(|c| wanted(*c))
        .map_or(chars.len(), |step| from + step)
}

fn comment_end(chars: &[char], from: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = from;
    while at + 1 < chars.len() {
        match (chars[at], chars[at + 1]) {
            ('/', '*') => depth += 1,
            ('*', '/') => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

fn quoted_end(chars: &[char], from: usize, quote: char) -> usize {
    let mut at = from;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            c if c == quote => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// `r"…"`, `r#"…"#`; `r#word` is a name.
fn raw_end(chars: &[char], at: usize) -> usize {
    let open = find(chars, at + 1, |c| c != '#');
    if chars.get(open) != Some(&'"') {
        return at;
    }
    let hashes = open - at - 1;
    let closes = |place: usize| {
        chars[place] == '"'
            && chars[place + 1..]
                .iter()
                .take(hashes)
                .filter(|c| **c == '#')
                .count()
                == hashes
    };
    (open + 1..chars.len())
        .find(|place| closes(*place))
        .map_or(chars.len(), |end| end + 1 + hashes)
}

/// Code (as [`code`] gives it) without modules marked `#[cfg(test)]`; lines stay where they are.
pub(crate) fn without_tests(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        let (before, from) = rest.split_at(at);
        let end = item_end(from);
        out.push_str(before);
        out.extend(
            from.get(..end)
                .unwrap_or(from)
                .chars()
                .filter(|c| *c == '\n'),
        );
        rest = from.get(end..).unwrap_or_default();
    }
    out + rest
}

/// Where the item that begins here ends, in bytes: at its `;` or at the brace that closes it.
pub(crate) fn item_end(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && c == '}' {
                    return at + 1;
                }
            }
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

/// A function in code.
pub(crate) struct Function<'a> {
    pub(crate) name: &'a str,
    /// Lines from `fn` to the closing brace.
    pub(crate) lines: usize,
    /// From `fn` to the closing brace or semicolon.
    pub(crate) text: &'a str,
}

/// All functions of code, in order, inner ones too.
pub(crate) fn functions(code: &str) -> Vec<Function<'_>> {
    words(code)
        .filter(|(_, word)| *word == "fn")
        .filter_map(|(at, _)| {
            let text = code.get(at..)?;
            let (_, name) = words(text).nth(1)?;
            // `fn(…)` is a type: its name does not follow at once.
            text.strip_prefix("fn")?
                .trim_start()
                .starts_with(name)
                .then_some(())?;
            let text = text.get(..item_end(text))?;
            Some(Function {
                name,
                lines: text.matches('\n').count() + 1,
                text,
            })
        })
        .collect()
}

/// The names in code, each with its place in bytes.
pub(crate) fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr().addr() - code.as_ptr().addr(), word))
}

/// The line, counted from one, of a place in bytes.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.get(..at)
        .map_or(0, |before| before.matches('\n').count())
        + 1
}

/// Whether a file holds tests only.
pub(crate) fn is_test_file(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs") || path.starts_with("testkit/")
}

#[cfg(test)]
mod tests {
    use super::{code, functions, without_tests, words};

    #[test]
    fn comments_and_texts_are_not_code() {
        let text = "let a = \"x // \\\" y\"; // axum\n/* a /* b */ c */ let c = '\"'; let l: &'a str = r#\"q\"z\"#;";
        let names: Vec<String> = words(&code(text))
            .map(|(_, word)| word.to_owned())
            .collect();
        assert_eq!(names, ["let", "a", "let", "c", "let", "l", "a", "str"]);
        assert_eq!(code(text).matches('\n').count(), 1);
    }

    #[test]
    fn test_modules_are_left_out_and_lines_stay() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() {}\n}\nfn c() {}\n";
        let code = without_tests(text);
        let found: Vec<_> = functions(&code).iter().map(|f| f.name).collect();
        assert_eq!(found, ["a", "c"]);
        assert_eq!(code.lines().position(|line| line == "fn c() {}"), Some(5));
    }

    #[test]
    fn functions_end_where_they_end() {
        let text = "trait T { fn a(&self) -> [u8; 4]; }\nfn b(f: fn(u8)) {\n  if x {\n  }\n}\n";
        let found: Vec<_> = functions(text).iter().map(|f| (f.name, f.lines)).collect();
        assert_eq!(found, [("a", 1), ("b", 4)]);
    }
}
