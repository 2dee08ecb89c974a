//! Finding and opening people.

use std::collections::BTreeMap;

use kernel::{
    AppError, CitizenNo, Date, Private, Timestamp,
    ids::{Id as _, PersonId},
    ports::PersonCard,
};

use crate::{
    Identity,
    store::{self as sql, person, person_key},
    vault::{CITIZEN_NO, MOBILE, Values},
};

/// The consent to electronic service, as it stands in `person_consent`.
pub(crate) const ELECTRONIC_SERVICE: &str = "electronic_service";
/// Characters of a name: minority names and foreigners' names are long (GA/T 517: 50).
pub(crate) const NAME_CHARS_MAX: usize = 50;

/// What somebody may sign in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AccountName {
    Number(CitizenNo),
    Mobile(String),
}

impl AccountName {
    /// Reads a citizen number or a mobile number.
    pub(crate) fn parse(text: &str, today: Date) -> Option<Self> {
        let text = text.trim();
        if is_mobile(text) {
            return Some(Self::Mobile(text.to_owned()));
        }
        CitizenNo::parse(text, today).ok().map(Self::Number)
    }

    const fn field(&self) -> &'static str {
        match self {
            Self::Number(_) => CITIZEN_NO,
            Self::Mobile(_) => MOBILE,
        }
    }

    fn value(&self) -> &str {
        match self {
            Self::Number(number) => number.reveal(),
            Self::Mobile(mobile) => mobile,
        }
    }
}

/// Eleven digits, beginning with 1 and no 0, 1 or 2 after it.
pub(crate) fn is_mobile(text: &str) -> bool {
    text.len() == 11
        && text.bytes().all(|digit| digit.is_ascii_digit())
        && matches!(text.as_bytes(), [b'1', b'3'..=b'9', ..])
}

/// The person who has this number, if we know him.
pub(crate) async fn find(
    context: &Identity,
    name: &AccountName,
) -> Result<Option<PersonId>, AppError> {
    let hashes = context.vault().hashes(name.field(), name.value());
    Ok(sql::find_person(context.store(), name.field(), &hashes).await?)
}

/// The rows of these people with the keys that open them; the erased are missing.
async fn rows(
    context: &Identity,
    ids: &[PersonId],
) -> Result<Vec<(person::Model, person_key::Model)>, AppError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let keys = sql::keys_of(context.store(), ids).await?;
    let mut keys: BTreeMap<_, _> = keys.into_iter().map(|key| (key.person_id, key)).collect();
    let rows = sql::persons(context.store(), ids).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let key = keys.remove(&row.person_id)?;
            Some((row, key))
        })
        .collect())
}

/// The cards of these people; unknown and erased ones are missing.
pub(crate) async fn cards(
    context: &Identity,
    ids: &[PersonId],
) -> Result<BTreeMap<PersonId, PersonCard>, AppError> {
    let consents = match ids {
        [] => Vec::new(),
        ids => sql::consents_of(context.store(), ELECTRONIC_SERVICE, ids).await?,
    };
    let mut cards = BTreeMap::new();
    for (row, key) in rows(context, ids).await? {
        let agreed = consents
            .iter()
            .find(|consent| consent.person_id == row.person_id && consent.agreed)
            .map(|consent| Timestamp::from_micros(consent.since_us));
        let id = PersonId::from_uuid(row.person_id);
        let values = context.vault().open(&row, &key)?;
        cards.insert(id, card(id, values, agreed)?);
    }
    Ok(cards)
}

fn card(
    id: PersonId,
    values: Values,
    electronic_service: Option<Timestamp>,
) -> Result<PersonCard, AppError> {
    let number = values
        .number
        .parse()
        .map_err(|fault| sql::bad_row("person", &id, &fault))?;
    Ok(PersonCard {
        id,
        name: Private::new(values.name),
        number: Private::new(number),
        mobile: values.mobile.map(Private::new),
        email: values.email.map(Private::new),
        electronic_service,
    })
}

/// The card of one person.
pub(crate) async fn card_of(
    context: &Identity,
    id: PersonId,
) -> Result<Option<PersonCard>, AppError> {
    Ok(cards(context, &[id]).await?.remove(&id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_a_citizen_number_or_a_mobile_number() {
        let today = testkit::MONDAY.day();
        let parse = |text| AccountName::parse(text, today);
        assert_eq!(
            parse(" 13800000001 "),
            Some(AccountName::Mobile("13800000001".into()))
        );
        assert!(matches!(
            parse("11010519491231002x"),
            Some(AccountName::Number(_))
        ));
        for wrong in [
            "",
            "12800000001",
            "1380000000",
            "110105194912310021",
            "zhoumin",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
