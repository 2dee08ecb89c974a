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

mod calculate;
mod calculator;
mod calendars;
mod catalog;
mod compare_editions;
mod difference;
mod export_pack;
mod find;
mod find_calculator;
mod find_item;
mod finder;
mod guide_page;
mod list_calculators;
mod list_items;
mod list_sheets;
mod load_calendar;
mod load_pack;
mod load_sheets;
mod move_edition;
pub mod pack;
mod put_edition;
mod sheets;
mod shelf;
mod show_edition;
mod standards;
mod standing;
mod store;
mod summarise;
mod tagged;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use calculate::{Calculate, calculate};
pub use calculator::{Calculated, CalculatorFacts, CalculatorText};
pub use calendars::{CalendarSource, Calendars};
pub use catalog::Catalog;
pub use compare_editions::EditionsCompared;
pub use difference::{Difference, differences};
pub use export_pack::export_pack;
pub use find::{FoundAll, FoundAnswer};
pub use find_calculator::CalculatorGuide;
pub use find_item::ItemGuide;
pub use guide_page::{Site, pages};
pub use list_calculators::CalculatorRow;
pub use list_items::ItemRow;
pub use load_calendar::{CalendarLoaded, load_calendar};
pub use load_pack::{PackLoaded, Publication, load_pack};
pub use put_edition::EditionMoved;
pub use sheets::{Elsewhere, Hall, LifeEvent, LifeOption, LifePart, LifeQuestion, OwnPage, Topic};
pub use show_edition::{EditionContent, SaidAt};
pub use standards::{EditionDone, EditionRow, Standard, StandardRow};
pub use standing::EditionState;
pub use summarise::CatalogSummary;

/// The endpoints of this context, relative to the API's root.
pub fn routes(catalog: Catalog) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list_items::list_items))
        .routes(routes!(find_item::find_item))
        .routes(routes!(list_calculators::list_calculators))
        .routes(routes!(
            find_calculator::find_calculator,
            calculate::post_calculate
        ))
        .routes(routes!(find::search))
        .routes(routes!(summarise::summarise))
        .routes(routes!(list_sheets::life_events))
        .routes(routes!(list_sheets::topics))
        .routes(routes!(list_sheets::halls))
        .routes(routes!(standards::list_standards))
        .routes(routes!(standards::show_standard))
        .routes(routes!(show_edition::show_edition))
        .routes(routes!(compare_editions::compare_editions))
        .routes(routes!(move_edition::review_edition))
        .routes(routes!(move_edition::change_standing))
        .with_state(catalog)
}
