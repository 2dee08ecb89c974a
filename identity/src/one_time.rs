//! One-time passwords from a window: good for a day, and only for choosing a password of one's own.

use kernel::{
    AppError, Entropy, Private, Timestamp,
    caller::{Actor, Caller},
    codes,
    ids::PersonId,
};
use store::Envelope;

use crate::{
    Identity, change_password::SetPassword, check_strength, password::Turn, people, session::Owner,
    store::account,
};

/// Letters and digits that nobody takes for another on paper: no 0 O, 1 I L.
const LETTERS: &[u8] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";
/// Groups of four: twelve letters of thirty-one are more than 59 bits.
const GROUPS: usize = 3;

/// A fresh one-time password, such as `K7MP-3XQD-9TZA`.
pub(crate) fn write(entropy: &mut dyn Entropy) -> String {
    let mut text = String::new();
    for group in 0..GROUPS {
        if group > 0 {
            text.push('-');
        }
        for _ in 0..4 {
            text.push(letter(entropy));
        }
    }
    text
}

/// One letter, each equally likely: bytes beyond the last whole round are drawn again.
fn letter(entropy: &mut dyn Entropy) -> char {
    let whole = u8::MAX - u8::MAX % 31;
    loop {
        let mut byte = [0];
        entropy.fill(&mut byte);
        let [drawn] = byte;
        if drawn < whole
            && let Some(letter) = LETTERS.get(usize::from(drawn % 31))
        {
            return char::from(*letter);
        }
    }
}

/// The hash that a password may be compared with now: none once a one-time password is too old.
pub(crate) fn hash_at(row: account::Model, now: Timestamp) -> Option<String> {
    let is_good = row
        .one_time_until_us
        .is_none_or(|until| now.as_micros() < until);
    is_good.then_some(row.password_hash)
}

/// A one-time password that was given at sign-in, and what is to take its place.
pub(crate) struct Replacement {
    pub person: PersonId,
    /// The one-time password, which the new one must not contain.
    pub old: Private<String>,
    /// The hash that it fitted.
    pub verified: String,
    /// The password from now on, if one was given.
    pub new: Option<Private<String>>,
}

/// Puts a password of the person's own in the place of a one-time password; returns its hash.
///
/// # Errors
/// `E1116` when he gave none, `E1106` for a weak one.
pub(crate) async fn replace<P>(
    context: &Identity,
    caller: &Caller<P>,
    turn: &Turn,
    replacement: Replacement,
) -> Result<String, AppError> {
    let Replacement {
        person,
        old,
        verified,
        new,
    } = replacement;
    let new = new.ok_or_else(|| AppError::refused(&codes::E1116))?;
    let card = people::card_of(context, person).await?;
    let card = card.ok_or_else(|| AppError::refused(&codes::E1012))?;
    let number = Private::new(card.number.reveal().reveal().to_owned());
    for word in [number, old].into_iter().chain(card.mobile) {
        check_strength(new.reveal(), word.reveal(), "/new_password")?;
    }
    let mut salt = [0; 16];
    context.entropy().fill(&mut salt);
    let hash = turn.hash(new, salt).await?;
    let command = SetPassword {
        bureau: context.city(),
        owner: Owner::Citizen(person),
        name: None,
        verified: Some(verified),
        hash: hash.clone(),
        sessions: Vec::new(),
    };
    let envelope = Envelope {
        actor: Actor::Person(person),
        ..context.kit().envelope_of(caller)
    };
    context.kit().run(envelope, command).await.map(|_| hash)
}

#[cfg(test)]
mod tests {
    use store::system::SeededEntropy;

    use super::*;

    #[test]
    fn a_one_time_password_can_be_read_aloud_and_is_never_the_same() {
        assert_eq!(LETTERS.len(), 31);
        let mut entropy = SeededEntropy::new([3; 32]);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let text = write(&mut entropy);
            assert_eq!(text.len(), 14);
            assert!(text.split('-').all(|group| group.len() == 4));
            assert!(!text.contains(['0', 'O', '1', 'I', 'L']), "{text}");
            assert!(seen.insert(text));
        }
    }

    #[test]
    fn a_one_time_password_opens_nothing_once_its_day_is_over() {
        let now = testkit::MONDAY;
        let row = |until: Option<Timestamp>| account::Model {
            person_id: uuid::Uuid::nil(),
            password_hash: "hash".to_owned(),
            changed_us: 0,
            one_time_until_us: until.map(Timestamp::as_micros),
        };
        assert!(hash_at(row(None), now).is_some());
        assert!(hash_at(row(Some(now.plus_seconds(1))), now).is_some());
        assert!(hash_at(row(Some(now)), now).is_none());
    }
}
