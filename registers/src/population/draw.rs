//! Draws from the stream of random values.

use kernel::Entropy;
use serde::Deserialize;

/// A whole number from `min` to `max`, both included.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Range {
    /// The smallest.
    pub(super) min: i64,
    /// The largest.
    pub(super) max: i64,
}

impl Range {
    pub(super) const fn is_ordered(self) -> bool {
        self.min >= 0 && self.min <= self.max
    }

    pub(super) fn draw(self, entropy: &mut dyn Entropy) -> i64 {
        let width = u64::try_from(self.max - self.min)
            .unwrap_or(0)
            .saturating_add(1);
        self.min + i64::try_from(entropy.below(width)).unwrap_or(0)
    }
}

/// True with a probability from 0 to 1.
pub(super) fn chance(share: f64, entropy: &mut dyn Entropy) -> bool {
    let drawn = u32::try_from(entropy.below(1 << 32)).unwrap_or(u32::MAX);
    f64::from(drawn) / (f64::from(u32::MAX) + 1.0) < share
}

/// One of several by weight; none of nothing.
pub(super) fn weighted<'a, T>(
    choices: impl Iterator<Item = (&'a T, u32)> + Clone,
    entropy: &mut dyn Entropy,
) -> Option<&'a T>
where
    T: ?Sized + 'a,
{
    let total: u64 = choices.clone().map(|(_, weight)| u64::from(weight)).sum();
    let mut left = entropy.below(total);
    for (choice, weight) in choices {
        let weight = u64::from(weight);
        if left < weight {
            return Some(choice);
        }
        left -= weight;
    }
    None
}

/// One of a list, evenly; none of nothing.
pub(super) fn one_of<'a, T>(choices: &'a [T], entropy: &mut dyn Entropy) -> Option<&'a T> {
    let bound = u64::try_from(choices.len()).unwrap_or(0);
    choices.get(usize::try_from(entropy.below(bound)).unwrap_or(0))
}

/// One character of a text, evenly; none of an empty text.
pub(super) fn letter(text: &str, entropy: &mut dyn Entropy) -> Option<char> {
    let bound = u64::try_from(text.chars().count()).unwrap_or(0);
    text.chars()
        .nth(usize::try_from(entropy.below(bound)).unwrap_or(0))
}
