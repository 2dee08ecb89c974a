//! Service items: their editions, materials and guides, and the calendar editions.
//!
//! Owns what is published: the tables `catalog_*`, the reading of packs ([`pack`]), and the public
//! guide. An edition is never changed and never deleted: running cases keep the one they were
//! accepted under, and an item that is no longer offered is closed. What is in force is held in
//! memory ([`Catalog`] is [`kernel::ports::Items`]) and read from the database when the program
//! starts, never from files.
//!
//! Never here: cases, people, who handles what. Posts, staff and demo people of a pack are read
//! here and written by `identity` and `registers`.

mod calendars;
mod catalog;
mod find_item;
mod list_items;
mod load_calendar;
mod load_pack;
pub mod pack;
mod shelf;
mod store;
mod tagged;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use calendars::{CalendarSource, Calendars};
pub use catalog::Catalog;
pub use find_item::ItemGuide;
pub use list_items::ItemRow;
pub use load_calendar::{CalendarLoaded, load_calendar};
pub use load_pack::{PackLoaded, load_pack};

/// The endpoints of this context, relative to the API's root.
pub fn routes(catalog: Catalog) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list_items::list_items))
        .routes(routes!(find_item::find_item))
        .with_state(catalog)
}
