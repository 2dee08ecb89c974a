//! 公民身份号码, GB 11643-1999; it is also the social-security number (社会保险经办条例 art. 6).

use std::{fmt, str::FromStr};

use crate::time::Date;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK: [u8; 11] = *b"10X98765432";

/// A citizen number of 18 characters with a date that exists and the right check character.
/// It is personal: it has no `Display`; [`CitizenNo::reveal`] gives the text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CitizenNo {
    text: [u8; 18],
    birth: Date,
}

/// Sex as the 17th digit tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// 女
    Female,
    /// 男
    Male,
}

/// Why a text is not a citizen number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CitizenNoFault {
    /// It has neither 18 nor 15 characters.
    #[error("应为 18 位（旧证 15 位） / must have 18 characters (15 on old cards)")]
    Length,
    /// A character other than a digit, or other than X at the end.
    #[error("只能是数字，末位可以是 X / digits only, the last may be X")]
    Character,
    /// The date of birth does not exist.
    #[error("出生日期不存在 / the date of birth does not exist")]
    Birth,
    /// The date of birth is later than today.
    #[error("出生日期在今天之后 / the date of birth is in the future")]
    Future,
    /// The check character does not fit.
    #[error("校验位不对，请核对号码 / the check character does not fit, please compare the number")]
    Check,
}

impl CitizenNo {
    /// Reads an 18- or 15-character number; `today` refuses births in the future.
    pub fn parse(text: &str, today: Date) -> Result<Self, CitizenNoFault> {
        let number: Self = text.parse()?;
        if number.birth > today {
            Err(CitizenNoFault::Future)
        } else {
            Ok(number)
        }
    }

    /// The 18 characters. The word shows that a personal value is being read.
    pub fn reveal(&self) -> &str {
        std::str::from_utf8(&self.text).unwrap_or("")
    }

    /// The date of birth.
    pub const fn birth(&self) -> Date {
        self.birth
    }

    /// Female or male by the order number.
    pub fn sex(&self) -> Sex {
        if self.text[16].is_multiple_of(2) {
            Sex::Female
        } else {
            Sex::Male
        }
    }

    /// The six-digit area code of first registration. Codes of abolished counties stay valid.
    pub fn area(&self) -> &str {
        self.reveal().get(..6).unwrap_or("")
    }
}

fn check_character(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    CHECK
        .get(usize::try_from(sum % 11).unwrap_or(0))
        .copied()
        .unwrap_or(b'0')
}

fn number_of(digits: &[u8]) -> i16 {
    digits
        .iter()
        .fold(0, |sum, digit| sum * 10 + i16::from(digit - b'0'))
}

impl FromStr for CitizenNo {
    type Err = CitizenNoFault;

    fn from_str(text: &str) -> Result<Self, CitizenNoFault> {
        let given = text.trim().to_ascii_uppercase().into_bytes();
        let widened = match given.len() {
            18 => given,
            // Old cards: the century is missing, and there is no check character.
            15 if given.iter().all(u8::is_ascii_digit) => {
                let mut wide = [&given[..6], b"19", &given[6..]].concat();
                wide.push(check_character(&wide));
                wide
            }
            15 => return Err(CitizenNoFault::Character),
            _ => return Err(CitizenNoFault::Length),
        };
        let text: [u8; 18] = widened.try_into().map_err(|_| CitizenNoFault::Length)?;
        if !text[..17].iter().all(u8::is_ascii_digit)
            || !(text[17].is_ascii_digit() || text[17] == b'X')
        {
            return Err(CitizenNoFault::Character);
        }
        let month = i8::try_from(number_of(&text[10..12])).map_err(|_| CitizenNoFault::Birth)?;
        let day = i8::try_from(number_of(&text[12..14])).map_err(|_| CitizenNoFault::Birth)?;
        let birth =
            Date::new(number_of(&text[6..10]), month, day).map_err(|_| CitizenNoFault::Birth)?;
        if check_character(&text[..17]) != text[17] {
            return Err(CitizenNoFault::Check);
        }
        Ok(Self { text, birth })
    }
}

impl fmt::Debug for CitizenNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CitizenNo(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_standard_are_accepted() {
        for text in [
            "11010519491231002X",
            "11010519491231002x",
            "440524188001010014",
        ] {
            assert!(text.parse::<CitizenNo>().is_ok(), "{text}");
        }
        let number: CitizenNo = "11010519491231002X".parse().unwrap();
        assert_eq!(number.birth(), jiff::civil::date(1949, 12, 31));
        assert_eq!(number.sex(), Sex::Female);
        assert_eq!(format!("{number:?}"), "CitizenNo(***)");
    }

    #[test]
    fn an_old_number_of_fifteen_digits_is_widened() {
        let number: CitizenNo = "110105491231002".parse().unwrap();
        assert_eq!(number.reveal(), "11010519491231002X");
    }

    #[test]
    fn each_fault_has_its_name() {
        let fault = |text: &str| text.parse::<CitizenNo>().unwrap_err();
        assert_eq!(fault("1101051949123100"), CitizenNoFault::Length);
        assert_eq!(fault("1101051949123100AX"), CitizenNoFault::Character);
        assert_eq!(fault("11010519490231002X"), CitizenNoFault::Birth);
        assert_eq!(fault("110105194912310021"), CitizenNoFault::Check);
        let today = jiff::civil::date(1949, 12, 30);
        assert_eq!(
            CitizenNo::parse("11010519491231002X", today),
            Err(CitizenNoFault::Future)
        );
    }
}
