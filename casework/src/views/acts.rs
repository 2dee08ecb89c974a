//! What a colleague may do with a case now, and what not and why.

use flow::Stage;
use kernel::{Timestamp, caller::Staff, item::Words};

use super::staff::BlockedAct;
use crate::{
    case::{Case, Channel},
    desk::Seen,
    separation,
    state::State,
};

/// The acts of a stage in a state.
fn acts_of(case: &Case, stage: Stage) -> &'static [&'static str] {
    match (stage, case.state) {
        (Stage::Intake, _) if case.refusal.is_some() => &["countersign_refusal"],
        (Stage::Intake, State::Submitted) => &[
            "pre_pass",
            "pre_return",
            "accept",
            "correct",
            "refuse_acceptance",
        ],
        (Stage::Intake, State::Received | State::Corrected) => {
            &["accept", "correct", "refuse_acceptance"]
        }
        (Stage::Review | Stage::SecondReview, State::Reviewing) => &["review"],
        (Stage::SiteCheck, State::Reviewing)
            if case
                .task_at(Stage::SiteCheck)
                .is_some_and(|task| task.confirmed.is_empty()) =>
        {
            &["site_check"]
        }
        (Stage::SiteCheck, State::Reviewing) => &["confirm_site_check"],
        (Stage::Decide, State::Deciding) => &["decide"],
        (Stage::Make, State::Making) => &["make"],
        (Stage::HandOut, _) => &["hand_out"],
        _ => &[],
    }
}

/// What the caller may do now, and what not and why.
pub(super) fn acts(staff: &Staff, seen: &Seen, now: Timestamp) -> (Vec<String>, Vec<BlockedAct>) {
    let case = &seen.case;
    let mut next = Vec::new();
    let mut blocked = Vec::new();
    if case.state == State::Draft
        && case.opening.channel == Channel::Window
        && staff.scopes("case.accept").next().is_some()
    {
        next.push("receive".to_owned());
    }
    if case.incident().is_some() && staff.may("case.supervise", &case.opening.org) {
        next.push("retry".to_owned());
    }
    let who = seen.performer(staff.staff, staff.person);
    let risk = seen.model.edition.facts.counted_risk();
    for task in &case.tasks {
        let held = task.holder.is_some_and(|holder| holder != staff.staff);
        let objection = if !staff.may(&task.opened.permission, &task.opened.task_org) {
            Some(&kernel::codes::E1102)
        } else if held {
            Some(&kernel::codes::E1210)
        } else {
            let unheard = Case::hears_first(task.opened.stage) && case.awaits_answer(now);
            let unheard = unheard.then_some(&kernel::codes::E1240);
            separation::objection(case, risk, task, who).or(unheard)
        };
        for act in acts_of(case, task.opened.stage) {
            match objection {
                None => next.push((*act).to_owned()),
                Some(code) => blocked.push(BlockedAct {
                    act: (*act).to_owned(),
                    code: code.id.to_owned(),
                    why: Words {
                        zh: code.title(kernel::Lang::Zh).to_owned(),
                        en: code.title(kernel::Lang::En).to_owned(),
                    },
                }),
            }
        }
        if staff.may("case.supervise", &task.opened.task_org) {
            next.push("reassign".to_owned());
        }
    }
    if case.is_served_by(|permission, org| staff.may(permission, org)) {
        next.push("serve_paper".to_owned());
    }
    (next, blocked)
}
