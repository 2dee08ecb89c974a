//! Masking (脱敏) of personal values for lists and pages.

/// Two characters: 张\*; three and more: 张\*明 (first and last stay).
pub fn name(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    match letters.as_slice() {
        [] => String::new(),
        [only] => only.to_string(),
        [first, _] => format!("{first}*"),
        [first, middle @ .., last] => format!("{first}{}{last}", "*".repeat(middle.len())),
    }
}

/// 110105\*\*\*\*\*\*\*\*002X: six and four characters stay.
pub fn citizen_no(number: &str) -> String {
    keep(number, 6, 4)
}

/// 138\*\*\*\*1234: three and four digits stay.
pub fn mobile(number: &str) -> String {
    keep(number, 3, 4)
}

/// \*\*\*\*\*\*\*\*\*\*\*\*1234: the last four digits stay.
pub fn bank_account(number: &str) -> String {
    keep(number, 0, 4)
}

/// a\*\*\*@example.org: the first letter and the domain stay.
pub fn email(address: &str) -> String {
    match address.split_once('@') {
        Some((local, domain)) => format!("{}***@{domain}", local.chars().next().unwrap_or('*')),
        None => "***".to_owned(),
    }
}

fn keep(text: &str, head: usize, tail: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    let hidden = letters.len().saturating_sub(head + tail);
    if hidden == 0 {
        return "*".repeat(letters.len());
    }
    letters
        .iter()
        .enumerate()
        .map(|(at, letter)| {
            if at < head || at >= head + hidden {
                *letter
            } else {
                '*'
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn masked_values_keep_only_their_ends() {
        assert_eq!(super::name("张明"), "张*");
        assert_eq!(super::name("欧阳小明"), "欧**明");
        assert_eq!(
            super::citizen_no("11010519491231002X"),
            "110105********002X"
        );
        assert_eq!(super::mobile("13812341234"), "138****1234");
        assert_eq!(
            super::bank_account("6222021234567890128"),
            "***************0128"
        );
        assert_eq!(super::bank_account("12"), "**");
        assert_eq!(super::email("ada@example.org"), "a***@example.org");
    }
}
