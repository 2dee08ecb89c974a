//! The staff of a simulated day.

use kernel::{
    Caller, DivisionCode, Principal, Timestamp,
    caller::{Permission, Request, Staff},
    ids::{Id, RequestId, SessionId},
    lang::Lang,
    ports::{Parties, StaffCard},
};
use store::system::SeededEntropy;

use crate::{App, city::told};

/// A colleague at work.
#[derive(Clone)]
pub(crate) struct Colleague(pub StaffCard);

/// Colleagues of an agency who hold a permission, in the order of their ids.
pub(crate) async fn holders(
    app: &App,
    bureau: DivisionCode,
    permission: &str,
) -> anyhow::Result<Vec<Colleague>> {
    let mut cards = app
        .identity
        .holders(bureau, permission)
        .await
        .map_err(told)?;
    cards.retain(|card| card.present);
    cards.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(cards.into_iter().map(Colleague).collect())
}

/// A request of the simulator.
pub(crate) fn request(entropy: &mut SeededEntropy, now: Timestamp) -> Request {
    Request {
        id: RequestId::new(now, entropy),
        lang: Lang::Zh,
        station: None,
    }
}

impl Colleague {
    /// The proof that he may.
    pub(crate) fn prove<P: Permission>(
        &self,
        bureau: DivisionCode,
        request: Request,
    ) -> anyhow::Result<Caller<P>> {
        let staff = Staff {
            session: SessionId::from_uuid(self.0.id.uuid()),
            staff: self.0.id,
            person: self.0.person,
            bureau,
            org: self.0.org.clone(),
            name: self.0.name.as_str().into(),
            grants: self.0.grants.clone(),
        };
        Caller::prove(Principal::Staff(staff), request).map_err(told)
    }
}
