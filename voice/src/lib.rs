//! Voice (好差评): what people say about the service they got.
//!
//! Owns invitations to rate (`rating_invitation`), ratings (`rating`) and their counts by day
//! (`rating_day`). A case that is closed may be rated by its owner, once, with one addition (追评);
//! nobody has to, and what is not rated stays unrated (国办发〔2019〕51号).
//!
//! Invariants: a label belongs to its level; the rater stands in no event, no audit entry and no
//! answer to staff, and neither does anything that leads to him: staff see the month and the item,
//! never the case or the day. What he wrote is sealed.
//!
//! Never here: forcing, hinting, counting silence as praise.

mod count;
mod give;
mod invite;
mod labels;
mod list;
mod mine;
mod month;
mod store;
mod words;

use std::sync::Arc;

use ::store::jobs::{Handler, Handlers, Subscriptions};
use axum::extract::FromRef;
use httpkit::Kit;
use seal::MasterKeys;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use give::{GiveRating, Given, give_rating};
pub use invite::CLOSING;
pub use labels::{LabelFaults, LabelRow, Labels, Level};
pub use list::{RatingQuery, RatingRow, Ratings, Summary, list_ratings};
pub use mine::{CaseRating, OwnRating, find_case_rating};
pub use month::Month;

/// What this context needs. Cheap to clone.
#[derive(Clone)]
pub struct Voice {
    kit: Kit,
    labels: Arc<Labels>,
    keys: Arc<MasterKeys>,
}

impl Voice {
    /// With the labels of the city and the keys that wrap data keys.
    pub fn new(kit: Kit, labels: Labels, keys: Arc<MasterKeys>) -> Self {
        Self {
            kit,
            labels: Arc::new(labels),
            keys,
        }
    }
}

impl FromRef<Voice> for Kit {
    fn from_ref(context: &Voice) -> Self {
        context.kit.clone()
    }
}

/// Its endpoints, below `/api/v1`.
pub fn routes(context: Voice) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(labels::list_rating_labels))
        .routes(routes!(give::create_rating))
        .routes(routes!(mine::show_case_rating))
        .routes(routes!(list::list_workbench_ratings))
        .with_state(context)
}

/// What runs later.
pub fn jobs(context: &Voice) -> Handlers {
    let invite: Arc<dyn Handler> = Arc::new(invite::Invite(context.clone()));
    let count: Arc<dyn Handler> = Arc::new(count::Count(context.clone()));
    [(invite::JOB, invite), (count::JOB, count)].into()
}

/// Closed cases invite; given ratings are counted.
pub fn subscriptions() -> Subscriptions {
    CLOSING
        .into_iter()
        .fold(Subscriptions::default(), |all, event| {
            all.on(event, invite::JOB)
        })
        .on("rating.given", count::JOB)
}
