//! 统一社会信用代码, GB 32100-2015: the 18-character number of an organisation.

use std::{fmt, str::FromStr};

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [usize; 17] = [
    1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
];

/// A unified social credit code with the right check character.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CreditCode([u8; 18]);

/// Why a text is not a unified social credit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CreditCodeFault {
    /// It does not have 18 characters.
    #[error("应为 18 位 / must have 18 characters")]
    Length,
    /// A character outside the alphabet (I, O, S, V, Z are never used).
    #[error("含有不允许的字符，不使用 I、O、S、V、Z / a character that is never used")]
    Character,
    /// The organisation inside it has a check character of its own, which does not fit.
    #[error(
        "组织机构代码校验位不对，请核对代码 / the organisation part does not fit, please compare the code"
    )]
    Organisation,
    /// The check character does not fit.
    #[error("校验位不对，请核对代码 / the check character does not fit, please compare the code")]
    Check,
}

impl CreditCode {
    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }
}

impl FromStr for CreditCode {
    type Err = CreditCodeFault;

    fn from_str(text: &str) -> Result<Self, CreditCodeFault> {
        let text: [u8; 18] = text
            .trim()
            .to_ascii_uppercase()
            .into_bytes()
            .try_into()
            .map_err(|_| CreditCodeFault::Length)?;
        let mut values = [0_usize; 18];
        for (value, letter) in values.iter_mut().zip(text) {
            *value = ALPHABET
                .iter()
                .position(|known| *known == letter)
                .ok_or(CreditCodeFault::Character)?;
        }
        let sum: usize = values
            .iter()
            .zip(WEIGHTS)
            .map(|(value, weight)| value * weight)
            .sum();
        if (31 - sum % 31) % 31 != values[17] {
            return Err(CreditCodeFault::Check);
        }
        if !organisation_fits(&text) {
            return Err(CreditCodeFault::Organisation);
        }
        Ok(Self(text))
    }
}

/// The check character of the organisation code in places 9 to 17, GB 11714: letters count from 10.
fn organisation_fits(text: &[u8; 18]) -> bool {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = text
        .iter()
        .skip(8)
        .zip(WEIGHTS)
        .map(|(letter, weight)| char::from(*letter).to_digit(36).unwrap_or(0) * weight)
        .sum();
    let check = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    };
    char::from(text[16]) == check
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_codes_are_accepted() {
        for text in [
            "91350100M000100Y43",
            "91110000600037341L",
            "11511301008778239R",
            "12511301452260997J",
        ] {
            assert!(text.parse::<CreditCode>().is_ok(), "{text}");
        }
    }

    #[test]
    fn each_fault_has_its_name() {
        let fault = |text: &str| text.parse::<CreditCode>().unwrap_err();
        assert_eq!(fault("1151130108778239R"), CreditCodeFault::Length);
        assert_eq!(fault("91350100M000100Y4I"), CreditCodeFault::Character);
        assert_eq!(fault("91350100M000100Y44"), CreditCodeFault::Check);
        // The last character fits the others, but the organisation code in the middle does not.
        assert_eq!(fault("91350100M000100Y56"), CreditCodeFault::Organisation);
    }
}
