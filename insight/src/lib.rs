//! Insight (运行监测): key figures, live pages, the operator's view.
//!
//! Owns counters by day (`insight_daily`), the open cases with their dates (`insight_open`), those
//! that were closed late (`insight_late`) and how far the log was read (`insight_cursor`). It reads
//! events only: a reader tails the log, and the counters and its place are written by one command,
//! so every event counts exactly once, however often the reader starts anew.
//!
//! Invariants: each rate of cases comes with the numbers it is made of; ratings are told for thirty
//! whole days together or not at all; days are Beijing days; a live page
//! gets what its caller may see and nothing else, and never more than references.
//!
//! Never here: correcting a figure by hand, or asking another context for its rows.

mod audience;
mod figures;
mod follow;
mod live;
mod month;
pub mod operation;
mod public;
mod satisfaction;
mod scope;
mod store;
mod stream;
mod tally;
mod today;

use std::{collections::BTreeMap, sync::Arc};

use axum::extract::FromRef;
use httpkit::Kit;
use kernel::item::Words;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use figures::{Basis, Figures, Share};
pub use follow::{catch_up, follow};
pub use live::{Pace, serve_live};
pub use month::{
    ChannelFigures, DayFigures, ItemFigures, Month, OrgFigures, StarCount, show_month,
};
pub use public::{PublicFigures, show_public};
pub use today::{Spark, Today, show_today};

/// Names of organisations by path.
pub type OrgNames = BTreeMap<String, Words>;

/// What this context needs. Cheap to clone.
#[derive(Clone)]
pub struct Insight {
    kit: Kit,
    names: Arc<OrgNames>,
    live: Arc<live::Live>,
    public: Arc<public::Cache>,
}

impl Insight {
    /// With the names of the city's organisations and the pace of live pages.
    pub fn new(kit: Kit, names: OrgNames, pace: Pace) -> Self {
        Self {
            kit,
            names: Arc::new(names),
            live: Arc::new(live::Live::new(pace)),
            public: Arc::default(),
        }
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
        .routes(routes!(today::show_insight_today))
        .routes(routes!(month::show_insight_month))
        .routes(routes!(public::show_insight_public))
        .routes(routes!(stream::open_stream))
        .routes(routes!(operation::jobs::list_jobs_page))
        .routes(routes!(operation::jobs::retry_dead_job))
        .routes(routes!(operation::audit::list_audit_page))
        .with_state(context)
}
