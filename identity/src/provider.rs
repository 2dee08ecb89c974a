//! Identity providers outside the product: the national identity platform, a province's, a bank's.

use axum::extract::State;
use httpkit::{Authorised, ProblemDocument, Reply, Rows};
use kernel::{CitizenNo, Private, caller::Anyone, item::Words, ports::Answer};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Identity;

/// Whom a provider vouches for.
pub enum Identified {
    /// A citizen with his verified name and number.
    Citizen {
        /// Name as on the card.
        name: Private<String>,
        /// Citizen number.
        number: Private<CitizenNo>,
    },
    /// A staff member by his account.
    Staff {
        /// The account.
        account: String,
    },
}

/// An identity that a provider offers openly. Only providers for demonstration do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProviderIdentity {
    /// What to hand in to become this one.
    pub ticket: String,
    /// Who it is.
    pub label: Words,
    /// `portal` or `workbench`.
    pub surface: &'static str,
    /// What is special about him.
    pub role: Words,
}

/// Somebody else who knows who a person is.
pub trait IdentityProvider: Send + Sync {
    /// Its id in addresses.
    fn id(&self) -> &'static str;
    /// Its name on the sign-in page.
    fn name(&self) -> Words;
    /// What to know before using it.
    fn note(&self) -> Words;
    /// Whether it is for demonstration; such a provider exists in a demo database only.
    fn is_demo(&self) -> bool;
    /// The identities it offers openly.
    fn identities(&self) -> Vec<ProviderIdentity>;
    /// Whom a ticket stands for; none when the provider does not know it.
    fn redeem<'a>(&'a self, ticket: &'a str) -> Answer<'a, Option<Identified>>;
}

/// A provider as the sign-in page shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ProviderRow {
    id: &'static str,
    name: Words,
    demo: bool,
    note: Words,
    identities: Vec<ProviderIdentity>,
}

/// The identity providers of this city.
#[utoipa::path(get, path = "/identity-providers", tag = "identity", responses(
    (status = 200, description = "The providers", body = Rows<ProviderRow>),
    (status = "4XX", description = "Refused", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn list_identity_providers(
    State(context): State<Identity>,
    _: Authorised<Anyone>,
) -> Reply<Rows<ProviderRow>> {
    let rows = context.providers().iter().map(|provider| ProviderRow {
        id: provider.id(),
        name: provider.name(),
        demo: provider.is_demo(),
        note: provider.note(),
        identities: provider.identities(),
    });
    Ok(Rows::all(rows.collect()))
}
