//! Cases being handled: from draft to delivery.
//!
//! Owns cases, form data, materials, the papers a case issues, and the tasks of staff. A case is a
//! fold over its events ([`case::Case::apply`]); acts decide on it without IO ([`change::Change`]),
//! driven by the BPMN model of the item's edition; the executor writes state, events, tasks and
//! papers in one transaction ([`command`]).
//!
//! Invariants: only steps the law knows ([`state::State::may_become`]); who accepted neither
//! reviews nor decides ([`separation`]); a paper not on the closed list cannot be asked for; every
//! refusal has reason, article, remedies and where to go; a running case keeps its edition.
//!
//! Never here: who people are, what items say, how messages travel, how figures are counted.

pub mod answer;
mod applications;
pub mod apply;
pub mod case;
pub mod change;
pub mod clock;
pub mod command;
mod content;
pub mod counter;
mod derived;
pub mod desk;
pub mod event;
pub mod jobs;
pub mod model;
pub mod perform;
mod project;
mod reading;
pub mod roster;
pub mod separation;
mod shared;
pub mod state;
mod store;
#[cfg(test)]
mod tests;
pub mod views;
pub mod work;

pub use apply::files_without_case;
pub use command::Acted;
pub use desk::{Agency, Casework, Parts};
pub use jobs::{jobs, subscriptions};
pub use perform::Asked;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The endpoints of casework.
pub fn routes(desk: Casework) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(apply::open::open_case))
        .routes(routes!(apply::discard::discard_draft))
        .routes(routes!(apply::save::save_form))
        .routes(routes!(
            apply::show::file_content,
            apply::attach::remove_file
        ))
        .routes(routes!(apply::submit::submit_case))
        .routes(routes!(apply::insist::insist_case))
        .routes(routes!(apply::supply::supply_corrections))
        .routes(routes!(apply::withdraw::withdraw_case))
        .routes(routes!(
            counter::open::open_case_at_counter,
            counter::drafts::list_window_drafts
        ))
        .routes(routes!(counter::receive::receive_case))
        .routes(routes!(work::claim::claim_task))
        .routes(routes!(work::claim::release_task))
        .routes(routes!(work::reassign::reassign_task))
        .routes(routes!(work::reassign::list_candidates))
        .routes(routes!(work::pre_review::pre_return_case))
        .routes(routes!(work::pre_review::pre_pass_case))
        .routes(routes!(work::accept::accept_case))
        .routes(routes!(work::correct::notice_corrections))
        .routes(routes!(work::refuse::refuse_acceptance))
        .routes(routes!(work::countersign::countersign_refusal))
        .routes(routes!(work::review::review_case))
        .routes(routes!(work::retry::retry_case))
        .routes(routes!(work::retry::list_stuck_cases))
        .routes(routes!(work::site_check::record_site_check))
        .routes(routes!(work::site_check::confirm_site_check))
        .routes(routes!(work::decide::decide_case))
        .routes(routes!(work::make::make_certificate))
        .routes(routes!(work::hand_out::hand_out_result))
        .routes(routes!(views::draft::find_draft))
        .routes(routes!(views::applicant::find_case))
        .routes(routes!(views::own::list_own_cases))
        .routes(routes!(views::own::find_own_summary))
        .routes(routes!(views::notice::find_notice))
        .routes(routes!(views::progress::query_progress))
        .routes(routes!(views::tasks::list_tasks))
        .routes(routes!(views::tasks::search_tasks))
        .routes(routes!(views::tasks::count_tasks))
        .routes(routes!(views::desk_lists::search_cases))
        .routes(routes!(views::desk_lists::list_ready))
        .routes(routes!(views::desk_lists::search_ready))
        .routes(routes!(views::staff::find_case_at_work))
        .routes(routes!(views::unmask::unmask_applicant))
        .merge(case_list())
        .merge(other_party())
        .merge(uploads())
        .merge(roster::routes())
        .with_state(desk)
}

/// The list of cases, its views, and what leaves the house of it.
fn case_list() -> OpenApiRouter<Casework> {
    OpenApiRouter::new()
        .routes(routes!(views::case_list::list_cases))
        .routes(routes!(views::case_views::count_cases))
        .routes(routes!(
            views::case_views::find_case_views,
            views::case_views::keep_case_views
        ))
        .routes(routes!(views::export::export_cases))
        .routes(routes!(views::exports::list_exports))
}

/// What the other party does and sees, and how it is served.
fn other_party() -> OpenApiRouter<Casework> {
    OpenApiRouter::new()
        .routes(routes!(answer::confirm::confirm_notice))
        .routes(routes!(answer::say::answer_case))
        .routes(routes!(
            answer::evidence::evidence_content,
            answer::evidence::remove_evidence
        ))
        .routes(routes!(views::other_party::find_other_party_case))
        .routes(routes!(views::other_party::list_other_party_cases))
        .routes(routes!(views::notice::find_other_party_notice))
        .routes(routes!(views::desk_lists::list_to_serve))
        .routes(routes!(work::serve::serve_paper))
}

/// Whole files have a limit of their own; the rest of the body is read piece by piece.
fn uploads() -> OpenApiRouter<Casework> {
    let most = kernel::limits::UPLOAD_BYTES_MAX + 64 * 1024;
    OpenApiRouter::new()
        .routes(routes!(apply::attach::attach_file))
        .routes(routes!(answer::evidence::attach_evidence))
        .layer(axum::extract::DefaultBodyLimit::max(most))
        .routes(routes!(apply::order::order_files))
        .routes(routes!(
            apply::upload::begin::begin_upload,
            apply::upload::show::list_uploads
        ))
        .routes(routes!(
            apply::upload::show::find_upload,
            apply::upload::part::take_part,
            apply::upload::cancel::cancel_upload
        ))
        .routes(routes!(apply::upload::finish::finish_upload))
}
