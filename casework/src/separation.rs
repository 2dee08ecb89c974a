//! 受审分离: who may do what in a case. Pure.

use flow::Stage;
use kernel::{
    Code, Refusal, codes,
    ids::{PersonId, StaffId},
    item::Risk,
};

use crate::case::{Case, Task};

/// A staff member as separation sees him.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Performer {
    /// Who he is at work.
    pub staff: StaffId,
    /// Who he is as a citizen.
    pub person: Option<PersonId>,
}

/// Why this person may not do this task, if there is a reason.
///
/// - Nobody handles a case in which he is applicant or agent (`E1204`).
/// - Who accepted can neither review nor decide (`E1202`).
/// - Where risk is M or H the reviewer cannot decide (`E1203`).
/// - The model of the item may exclude the performers of earlier nodes (`E1227`).
/// - A site check is confirmed by different people (`E1216`).
pub fn objection(case: &Case, risk: Risk, task: &Task, who: Performer) -> Option<&'static Code> {
    if who.person == Some(case.opening.person) {
        return Some(&codes::E1204);
    }
    let stage = task.opened.stage;
    let examines = matches!(
        stage,
        Stage::Review | Stage::SecondReview | Stage::SiteCheck | Stage::Decide
    );
    if examines && case.acceptor == Some(who.staff) {
        return Some(&codes::E1202);
    }
    if stage == Stage::Decide && risk >= Risk::M && case.reviewers.contains(&who.staff) {
        return Some(&codes::E1203);
    }
    let excluded = task
        .opened
        .exclude
        .iter()
        .filter_map(|node| case.performers.get(node));
    if excluded.flatten().any(|earlier| *earlier == who.staff) {
        return Some(&codes::E1227);
    }
    task.confirmed.contains(&who.staff).then_some(&codes::E1216)
}

/// The same as a refusal.
///
/// # Errors
/// The objection.
pub fn check(case: &Case, risk: Risk, task: &Task, who: Performer) -> Result<(), Refusal> {
    objection(case, risk, task, who).map_or(Ok(()), |code| Err(Refusal::new(code)))
}
