//! Texts in one form, cut into runs of one script.

use jieba_rs::Jieba;

/// Longest text that is looked at, in characters: a question is a sentence or two.
pub(crate) const TEXT_CHARS_MAX: usize = 200;

/// Words that stand in every question and tell nothing, the longest first.
const NOISE: [&str; 47] = [
    "怎么办理",
    "请问一下",
    "想问一下",
    "麻烦问下",
    "应该怎么",
    "在哪里办",
    "有没有人",
    "能不能",
    "可不可以",
    "要不要",
    "是不是",
    "有没有",
    "怎么办",
    "怎么样",
    "为什么",
    "请问",
    "想问",
    "咨询一下",
    "一下",
    "怎么",
    "如何",
    "怎样",
    "哪里",
    "哪儿",
    "什么",
    "可以",
    "需要",
    "我们",
    "你们",
    "他们",
    "这个",
    "那个",
    "我想",
    "我要",
    "办理",
    "我",
    "要",
    "想",
    "办",
    "了",
    "的",
    "吗",
    "呢",
    "啊",
    "吧",
    "呀",
    "去",
];

/// A stretch of one script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Run {
    /// Chinese characters.
    Han(String),
    /// Letters a to z and digits.
    Latin(String),
}

pub(crate) fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

/// Small letters of ordinary width.
fn plain(letter: char) -> char {
    let letter = match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        'ü' | 'Ü' => 'v',
        _ => letter,
    };
    letter.to_ascii_lowercase()
}

/// The runs of a text; whatever is neither script separates.
pub(crate) fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut apart = true;
    for letter in text.chars().take(TEXT_CHARS_MAX).map(plain) {
        match (runs.last_mut(), apart) {
            (Some(Run::Han(run)), false) if is_han(letter) => run.push(letter),
            (Some(Run::Latin(run)), false) if letter.is_ascii_alphanumeric() => run.push(letter),
            _ if is_han(letter) => runs.push(Run::Han(letter.into())),
            _ if letter.is_ascii_alphanumeric() => runs.push(Run::Latin(letter.into())),
            _ => {
                apart = true;
                continue;
            }
        }
        apart = false;
    }
    runs
}

/// A question without the words that stand in every question; itself if nothing else is left.
pub(crate) fn without_noise(text: &str) -> String {
    let mut left = text.to_owned();
    for noise in NOISE {
        left = left.replace(noise, " ");
    }
    if runs(&left).is_empty() {
        text.to_owned()
    } else {
        left
    }
}

/// Neighbours in pairs.
pub(crate) fn pairs(run: &str) -> Vec<String> {
    let letters: Vec<char> = run.chars().collect();
    let pairs = letters.windows(2);
    pairs.map(|pair| pair.iter().collect()).collect()
}

/// The words of a run that have more than two characters: shorter ones are letters and pairs.
pub(crate) fn terms<'r>(jieba: &Jieba, run: &'r str) -> Vec<&'r str> {
    let words = jieba.cut_for_search(run, false);
    let words = words.into_iter().map(|token| token.word);
    words.filter(|word| word.chars().count() > 2).collect()
}

/// The text without anything between its letters.
pub(crate) fn whole(text: &str) -> String {
    let mut whole = String::new();
    for run in runs(text) {
        match run {
            Run::Han(run) | Run::Latin(run) => whole.push_str(&run),
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_told_apart_and_punctuation_separates() {
        let han = |text: &str| Run::Han(text.into());
        let latin = |text: &str| Run::Latin(text.into());
        assert_eq!(
            runs("社保ＫＡ丢了，Shi Ye 2026"),
            [
                han("社保"),
                latin("ka"),
                han("丢了"),
                latin("shi"),
                latin("ye"),
                latin("2026")
            ]
        );
        assert_eq!(runs(" ，。!"), []);
        assert_eq!(whole("失业·登记 A"), "失业登记a");
    }

    #[test]
    fn noise_is_left_out_unless_it_is_all_there_is() {
        assert_eq!(
            whole(&without_noise("请问一下怎么办理失业登记呢")),
            "失业登记"
        );
        assert_eq!(whole(&without_noise("怎么办")), "怎么办");
    }
}
