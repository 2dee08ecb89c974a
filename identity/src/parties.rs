//! What other contexts may ask: cards of people, enterprises and staff, by the batch.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{
    AppError, CitizenNo, DivisionCode, Principal, Private, Timestamp, codes,
    ids::{EmployerId, Id as _, PersonId, StaffId},
    ports::{Answer, EmployerCard, Parties, PersonCard, StaffCard, Subjects},
};
use uuid::Uuid;

use crate::{
    Identity, employers,
    enrol::{self, Wanted},
    people::{self, AccountName},
    roster,
    store::{self as sql, employer, staff_row},
};

impl Subjects for Identity {
    fn subject(&self, among: Option<EmployerId>, number: &CitizenNo) -> Uuid {
        let among = among.map(|employer| employer.to_string());
        let text = format!("{}/{}", among.unwrap_or_default(), number.reveal());
        let hash = self.vault().look_up_keys().lasting("subject", &text);
        let (half, _) = hash.split_at(16);
        Uuid::from_slice(half).unwrap_or_default()
    }
}

impl Parties for Identity {
    fn persons<'a>(&'a self, ids: &'a [PersonId]) -> Answer<'a, BTreeMap<PersonId, PersonCard>> {
        Box::pin(people::cards(self, ids))
    }

    fn employers<'a>(
        &'a self,
        ids: &'a [EmployerId],
    ) -> Answer<'a, BTreeMap<EmployerId, EmployerCard>> {
        Box::pin(async move {
            if ids.is_empty() {
                return Ok(BTreeMap::new());
            }
            let rows = sql::employers(self.store(), ids).await?;
            Ok(rows.into_iter().map(card_of).collect())
        })
    }

    fn staff<'a>(
        &'a self,
        bureau: DivisionCode,
        ids: &'a [StaffId],
    ) -> Answer<'a, BTreeMap<StaffId, StaffCard>> {
        Box::pin(async move {
            let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
            let rows = match ids.as_slice() {
                [] => Vec::new(),
                ids => sql::staff_of_ids(self.store(), bureau, ids).await?,
            };
            let cards = self.staff_cards(bureau, rows).await?;
            Ok(cards.into_iter().map(|card| (card.id, card)).collect())
        })
    }

    fn holders<'a>(
        &'a self,
        bureau: DivisionCode,
        permission: &'a str,
    ) -> Answer<'a, Vec<StaffCard>> {
        Box::pin(async move {
            let rows = sql::roster(self.store(), bureau).await?;
            let mut cards = self.staff_cards(bureau, rows).await?;
            cards.retain(|card| card.grants.iter().any(|g| g.permission == permission));
            Ok(cards)
        })
    }

    fn enrol_person<'a>(
        &'a self,
        name: &'a Private<String>,
        number: &'a Private<CitizenNo>,
        by: &'a Principal,
        now: Timestamp,
    ) -> Answer<'a, PersonCard> {
        Box::pin(self.enrol(name.reveal().trim(), number.reveal(), by, now))
    }

    fn enrol_employer<'a>(
        &'a self,
        credit_code: &'a str,
        by: &'a Principal,
        now: Timestamp,
    ) -> Answer<'a, EmployerCard> {
        Box::pin(async move {
            let envelope = self.envelope_as(by.actor(), now);
            let id = employers::enrol(self, envelope, credit_code).await?;
            let rows = sql::employers(self.store(), &[id]).await?;
            let row = rows.into_iter().next();
            let row = row.ok_or_else(|| AppError::refused(&codes::E1012))?;
            Ok(card_of(row).1)
        })
    }

    fn agents<'a>(
        &'a self,
        employers: &'a [EmployerId],
    ) -> Answer<'a, BTreeMap<EmployerId, BTreeSet<PersonId>>> {
        Box::pin(async move {
            let mut agents: BTreeMap<EmployerId, BTreeSet<PersonId>> = BTreeMap::new();
            for row in sql::agents_of_all(self.store(), employers).await? {
                agents
                    .entry(EmployerId::from_uuid(row.employer_id))
                    .or_default()
                    .insert(PersonId::from_uuid(row.person_id));
            }
            Ok(agents)
        })
    }

    fn has_account(&self, person: PersonId) -> Answer<'_, bool> {
        Box::pin(async move {
            let account = sql::account_of(self.store(), person).await?;
            // A one-time password opens no box yet.
            Ok(account.is_some_and(|row| row.one_time_until_us.is_none()))
        })
    }
}

impl Identity {
    async fn staff_cards(
        &self,
        bureau: DivisionCode,
        rows: Vec<staff_row::Model>,
    ) -> Result<Vec<StaffCard>, AppError> {
        let directory = self.directory().await?;
        let members = roster::members(self.store(), &directory, bureau, rows, self.now()).await?;
        let cards = members.iter().map(|member| member.card(&directory));
        cards.collect()
    }

    async fn enrol(
        &self,
        name: &str,
        number: &CitizenNo,
        by: &Principal,
        now: Timestamp,
    ) -> Result<PersonCard, AppError> {
        let teller = match by {
            Principal::Staff(_) => enrol::Teller::Staff,
            _ => enrol::Teller::Other,
        };
        enrol::check_register(self, (name, number), teller, now).await?;
        let account = AccountName::Number(number.clone());
        let id = if let Some(known) = people::find(self, &account).await? {
            known
        } else {
            let wanted = Wanted::known_as(name, number.clone());
            enrol::save(self, self.envelope_as(by.actor(), now), wanted).await?
        };
        let card = people::card_of(self, id).await?;
        card.ok_or_else(|| AppError::refused(&codes::E1012))
    }
}

fn card_of(row: employer::Model) -> (EmployerId, EmployerCard) {
    let id = EmployerId::from_uuid(row.employer_id);
    let card = EmployerCard {
        id,
        name: row.name,
        credit_code: row.credit_code,
    };
    (id, card)
}
