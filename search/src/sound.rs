//! How characters sound, and what pinyin without tones, initials and mistakes in both have in common.

use std::{collections::HashSet, sync::LazyLock};

use pinyin::{ToPinyin as _, ToPinyinMulti as _};

/// Readings of one character that are looked at: the rarer ones mislead.
const READINGS_MAX: usize = 2;
/// Longest initials that are kept whole: nobody types more.
const INITIALS_MAX: usize = 9;
/// Characters of a phrase whose pinyin is kept in one word.
const JOINED_CHARS_MAX: usize = 8;

/// The syllables of pinyin, as anybody types them.
static SYLLABLES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let letters = ('\u{4e00}'..='\u{9fff}').filter_map(|letter| letter.to_pinyin());
    letters.map(pinyin::Pinyin::plain).collect()
});

/// Endings and beginnings that many do not tell apart.
const ALIKE: [(&str, &str); 6] = [
    ("zh", "z"),
    ("ch", "c"),
    ("sh", "s"),
    ("ang", "an"),
    ("eng", "en"),
    ("ing", "in"),
];

/// Letters of pinyin as they are heard.
pub(crate) fn heard(pinyin: &str) -> String {
    let mut heard = pinyin.replace('ü', "v");
    for (from, to) in ALIKE {
        heard = heard.replace(from, to);
    }
    heard
}

/// The usual sound of a character.
pub(crate) fn sound(letter: char) -> Option<String> {
    letter.to_pinyin().map(|one| heard(one.plain()))
}

/// All sounds of a character that are looked at.
fn sounds(letter: char) -> Vec<String> {
    let Some(readings) = letter.to_pinyin_multi() else {
        return Vec::new();
    };
    let mut sounds: Vec<String> = Vec::new();
    for reading in readings.into_iter().take(READINGS_MAX) {
        let sound = heard(reading.plain());
        if !sounds.contains(&sound) {
            sounds.push(sound);
        }
    }
    sounds
}

/// Pairs of neighbouring sounds of a run of characters, in every reading.
pub(crate) fn pairs(run: &str) -> Vec<String> {
    let letters: Vec<Vec<String>> = run.chars().map(sounds).collect();
    let mut pairs = Vec::new();
    for two in letters.windows(2) {
        let [first, second] = two else { continue };
        for one in first {
            pairs.extend(second.iter().map(|other| format!("{one}_{other}")));
        }
    }
    pairs
}

/// Every part of the initials of a run, of two letters and more.
pub(crate) fn initials(run: &str) -> Vec<String> {
    let letters = run.chars().map(|letter| letter.to_pinyin());
    let initials: Vec<&str> = letters
        .map(|one| one.map_or("", pinyin::Pinyin::first_letter))
        .collect();
    let mut parts = Vec::new();
    for from in 0..initials.len() {
        for length in 2..=INITIALS_MAX {
            if let Some(part) = initials.get(from..from + length) {
                parts.push(part.concat());
            }
        }
    }
    parts
}

/// The whole pinyin of a short phrase in one word.
pub(crate) fn joined(run: &str) -> Option<String> {
    let letters = run.chars().count();
    if !(2..=JOINED_CHARS_MAX).contains(&letters) {
        return None;
    }
    let sounds = run.chars().map(|letter| letter.to_pinyin());
    let sounds: Option<Vec<&str>> = sounds.map(|one| one.map(pinyin::Pinyin::plain)).collect();
    Some(heard(&sounds?.concat()))
}

/// Cuts letters into syllables, as few as possible; what is left over at the end may be the beginning
/// of one, as while typing.
pub(crate) fn syllables(letters: &str) -> Option<Vec<String>> {
    /// Letters of the longest syllable, such as zhuang.
    const SYLLABLE_MAX: usize = 6;
    let letters: Vec<char> = letters.chars().collect();
    // The fewest syllables that end at each place, with the place where the last one begins.
    let mut best: Vec<Option<(usize, usize)>> = vec![None; letters.len() + 1];
    *best.first_mut()? = Some((0, 0));
    for end in 1..=letters.len() {
        for start in end.saturating_sub(SYLLABLE_MAX)..end {
            let syllable: String = letters.get(start..end)?.iter().collect();
            let Some((count, _)) = best.get(start).copied().flatten() else {
                continue;
            };
            let shorter = best
                .get(end)
                .copied()
                .flatten()
                .is_none_or(|(known, _)| count + 1 < known);
            let umlaut = syllable.replace('v', "ü");
            let is_one = [&syllable, &umlaut]
                .into_iter()
                .any(|syllable| SYLLABLES.contains(syllable.as_str()));
            if shorter && is_one {
                *best.get_mut(end)? = Some((count + 1, start));
            }
        }
    }
    let end = (0..=letters.len()).rev().find(|end| {
        let reached = best.get(*end).copied().flatten().is_some();
        let rest = letters.get(*end..).unwrap_or_default();
        let begins = rest.iter().all(|letter| !"aeiouv".contains(*letter));
        reached && begins && rest.len() <= 2
    })?;
    let mut cut = Vec::new();
    let mut place = end;
    while place > 0 {
        let (_, start) = best.get(place).copied().flatten()?;
        let syllable: String = letters.get(start..place)?.iter().collect();
        cut.push(heard(&syllable));
        place = start;
    }
    cut.reverse();
    (!cut.is_empty()).then_some(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn homophones_and_southern_ears_sound_the_same() {
        for (said, heard) in [
            ("失业", "si_ye"),
            ("湿叶", "si_ye"),
            ("重新", "cong_xin"),
            ("证心", "zen_xin"),
        ] {
            assert!(pairs(said).contains(&heard.to_owned()), "{said}");
        }
    }

    #[test]
    fn pinyin_is_cut_into_syllables_and_other_letters_are_not() {
        assert_eq!(syllables("shiyejin").unwrap(), ["si", "ye", "jin"]);
        assert_eq!(syllables("shiyeji").unwrap(), ["si", "ye", "ji"]);
        assert_eq!(syllables("shiyebaoxianj").unwrap().len(), 4);
        assert_eq!(syllables("nv").unwrap(), ["nv"]);
        assert_eq!(syllables("job"), None);
        assert_eq!(syllables("sbk"), None);
    }

    #[test]
    fn initials_have_every_part() {
        let parts = initials("社保卡");
        assert_eq!(parts, ["sb", "sbk", "bk"]);
        assert_eq!(joined("社保卡").unwrap(), "sebaoka");
        assert_eq!(joined("卡"), None);
    }
}
