//! Insight (运行监测): key figures, live pages, the operator's view.
//!
//! Owns counters by day, week and month (`insight_count`), the open cases as far as counting needs them
//! (`insight_case`), how many of them have which last day (`insight_due`), how many were closed late
//! (`insight_overrun`) and how far the log was read (`insight_cursor`). It reads events only: a reader
//! tails the log, and the counters and its place are written by one command, so every event counts
//! exactly once, however often the reader starts anew. Nothing that a page shows counts cases.
//!
//! Invariants: each rate of cases comes with the numbers it is made of, each figure with its definition;
//! ratings are told for thirty whole days or whole months together or not at all; days are Beijing days;
//! a live page gets what its caller may see and nothing else, and never more than references.
//!
//! Never here: correcting a figure by hand, or asking another context for its rows.

mod audience;
mod board;
mod choices;
pub mod copies;
mod definitions;
mod figures;
mod fold;
mod follow;
mod groups;
mod live;
pub mod operation;
mod period;
mod public;
mod satisfaction;
mod scope;
mod store;
mod stream;
mod tally;

use std::{collections::BTreeMap, sync::Arc};

use axum::extract::FromRef;
use httpkit::Kit;
use kernel::{
    OrgPath,
    item::{ItemCode, Words},
    ports::Items,
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub use board::{Board, DayFigures, FigureQuery, Rated, StarCount, show_figures};
pub use choices::{Choices, ItemChoice, OrgChoice, show_choices};
pub use definitions::{DEFINITIONS, Definition, Figure};
pub use figures::{Basis, Figures, Share};
pub use follow::{catch_up, follow};
pub use groups::Group;
pub use live::{Pace, serve_live};
pub use period::Span;
pub use public::{PublicFigures, show_public};

/// Names of organisations by path.
pub type OrgNames = BTreeMap<String, Words>;

/// What this context needs. Cheap to clone.
#[derive(Clone)]
pub struct Insight {
    kit: Kit,
    names: Arc<OrgNames>,
    items: Arc<dyn Items>,
    live: Arc<live::Live>,
    public: Arc<public::Cache>,
}

impl Insight {
    /// With the names of the city's organisations, its items, and the pace of live pages.
    pub fn new(kit: Kit, names: OrgNames, items: Arc<dyn Items>, pace: Pace) -> Self {
        Self {
            kit,
            names: Arc::new(names),
            items,
            live: Arc::new(live::Live::new(pace)),
            public: Arc::default(),
        }
    }

    /// The agencies of the city.
    fn agencies(&self) -> Vec<OrgPath> {
        let roots = self.names.keys().filter(|path| !path.contains('/'));
        roots.filter_map(|path| path.parse().ok()).collect()
    }

    /// The name of an item, also of one that has ended.
    fn name_of(&self, code: &str) -> Option<Words> {
        let code: ItemCode = code.parse().ok()?;
        let edition = self.items.known(&code)?;
        Some(edition.facts.name.clone())
    }

    /// The field of an item, also of one that has ended.
    fn domain_of(&self, code: &str) -> Option<String> {
        let code: ItemCode = code.parse().ok()?;
        let edition = self.items.known(&code)?;
        Some(edition.facts.domain.clone())
    }
}

impl FromRef<Insight> for Kit {
    fn from_ref(context: &Insight) -> Self {
        context.kit.clone()
    }
}

/// Its endpoints, below `/api/v1`.
pub fn routes(context: Insight) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(board::show_insight_figures))
        .routes(routes!(choices::show_insight_choices))
        .routes(routes!(definitions::show_insight_definitions))
        .routes(routes!(public::show_insight_public))
        .routes(routes!(stream::open_stream))
        .routes(routes!(operation::jobs::list_jobs_page))
        .routes(routes!(operation::jobs::retry_dead_job))
        .routes(routes!(operation::audit::list_audit_page))
        .with_state(context)
}
