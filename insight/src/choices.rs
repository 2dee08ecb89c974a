//! What figures can be narrowed to: the items that were ever counted, the caller's agencies and
//! organisations, and the halls to which people came.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use httpkit::{Authorised, Refusals, Reply};
use kernel::{AppError, Caller, OrgPath, caller::CanViewInsight, item::Words};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Insight, groups::org_name, scope::View, store::query};

/// An item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ItemChoice {
    /// Its code.
    pub item: String,
    /// Its name.
    pub name: Words,
    /// Its field, such as 就业; none of an item that was withdrawn.
    pub domain: Option<String>,
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OrgChoice {
    /// Its path; that of an agency is its division code.
    pub org: String,
    /// Its name.
    pub name: Words,
}

/// What figures can be narrowed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Choices {
    /// Items by code.
    pub items: Vec<ItemChoice>,
    /// Agencies by code.
    pub bureaus: Vec<OrgChoice>,
    /// Organisations below them, by path.
    pub orgs: Vec<OrgChoice>,
    /// Halls to which somebody came, by path.
    pub halls: Vec<OrgChoice>,
}

/// What the caller can narrow figures to.
pub async fn show_choices(
    context: &Insight,
    caller: &Caller<CanViewInsight>,
) -> Result<Choices, AppError> {
    let view = View::of(caller, context.kit.city)?;
    let mut items = BTreeMap::new();
    for row in query::items_of(&context.kit.store, &view).await? {
        let name = Words {
            zh: row.name_zh,
            en: row.name_en,
        };
        let choice = ItemChoice {
            name: context.name_of(&row.item).unwrap_or(name),
            domain: context.domain_of(&row.item),
            item: row.item.clone(),
        };
        items.insert(row.item, choice);
    }
    let touched = |path: &str| path.parse::<OrgPath>().is_ok_and(|org| view.touches(&org));
    let orgs = context.names.iter().filter(|(path, _)| touched(path));
    let (orgs, bureaus) = orgs
        .map(|(path, name)| OrgChoice {
            org: path.clone(),
            name: name.clone(),
        })
        .partition(|choice| choice.org.contains('/'));
    let halls = query::halls_of(&context.kit.store, &view).await?;
    let halls = halls.into_iter().map(|org| OrgChoice {
        name: org_name(&context.names, &org),
        org,
    });
    Ok(Choices {
        halls: halls.collect(),
        items: items.into_values().collect(),
        bureaus,
        orgs,
    })
}

/// What figures can be narrowed to
#[utoipa::path(
    get, path = "/insight/choices", operation_id = "show_choices", tag = "insight",
    responses(
        (status = 200, body = Choices),
        Refusals,
    )
)]
pub(crate) async fn show_insight_choices(
    State(context): State<Insight>,
    Authorised(caller): Authorised<CanViewInsight>,
) -> Reply<Json<Choices>> {
    Ok(Json(show_choices(&context, &caller).await?))
}
