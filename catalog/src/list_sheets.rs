//! Life events, topics and halls as anybody sees them.

use axum::{extract::State, http::HeaderMap};
use httpkit::{Authorised, Reply, Rows};
use kernel::caller::Anyone;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Catalog, Hall, LifeEvent, Topic,
    sheets::{HALLS, LIFE_EVENTS, TOPICS},
    tagged::Tagged,
};

fn list<T: DeserializeOwned + Serialize>(
    catalog: &Catalog,
    name: &str,
    headers: &HeaderMap,
) -> Tagged<Rows<T>> {
    let sheets = catalog.sheets();
    Tagged::new(sheets.digest(name), headers, Rows::all(sheets.list(name)))
}

/// Life events with the items they lead to.
#[utoipa::path(
    get,
    path = "/life-events",
    tag = "catalog",
    responses(
        (status = 200, body = Rows<LifeEvent>, headers(("ETag" = String, description = "Digest of the list"))),
        (status = 304, description = "The reader has this list already"),
    )
)]
pub(crate) async fn life_events(
    State(catalog): State<Catalog>,
    _caller: Authorised<Anyone>,
    headers: HeaderMap,
) -> Reply<Tagged<Rows<LifeEvent>>> {
    Ok(list(&catalog, LIFE_EVENTS, &headers))
}

/// Fields in which items are sorted.
#[utoipa::path(
    get,
    path = "/topics",
    tag = "catalog",
    responses(
        (status = 200, body = Rows<Topic>, headers(("ETag" = String, description = "Digest of the list"))),
        (status = 304, description = "The reader has this list already"),
    )
)]
pub(crate) async fn topics(
    State(catalog): State<Catalog>,
    _caller: Authorised<Anyone>,
    headers: HeaderMap,
) -> Reply<Tagged<Rows<Topic>>> {
    Ok(list(&catalog, TOPICS, &headers))
}

/// Halls with their addresses and hours.
#[utoipa::path(
    get,
    path = "/halls",
    tag = "catalog",
    responses(
        (status = 200, body = Rows<Hall>, headers(("ETag" = String, description = "Digest of the list"))),
        (status = 304, description = "The reader has this list already"),
    )
)]
pub(crate) async fn halls(
    State(catalog): State<Catalog>,
    _caller: Authorised<Anyone>,
    headers: HeaderMap,
) -> Reply<Tagged<Rows<Hall>>> {
    Ok(list(&catalog, HALLS, &headers))
}
