//! 受审分离: who may do what in a case. Pure.
//!
//! People are told apart by who they are, not by their accounts: somebody with two accounts is one.

use flow::Stage;
use kernel::{
    Code, Refusal, codes,
    ids::{PersonId, StaffId},
    item::Risk,
};

use crate::case::{Case, Party, Task};

/// A staff member as separation sees him.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Performer {
    /// Who he is at work.
    pub staff: StaffId,
    /// Who he is as a citizen, if that is known.
    pub person: Option<PersonId>,
    /// Whether he may act for an enterprise that is a party.
    pub agent: bool,
}

impl Performer {
    /// Whether he is applicant, other party, or agent of one of them in this case.
    pub fn is_party(&self, case: &Case) -> bool {
        let other = case.other.as_ref().map(|other| other.party);
        let is = |person| self.person == Some(person);
        self.agent
            || is(case.opening.person)
            || matches!(other, Some(Party::Person(person)) if is(person))
    }

    /// Whether he is the one who acted under this account.
    fn is(&self, case: &Case, earlier: StaffId) -> bool {
        let same_person = || {
            let person = case.people.get(&earlier);
            person.is_some() && person == self.person.as_ref()
        };
        self.staff == earlier || same_person()
    }
}

/// Why this person may not do this task, if there is a reason.
///
/// - Nobody handles a case in which he is applicant, other party or agent (`E1204`).
/// - Who accepted can neither review nor decide (`E1202`).
/// - Where risk is M or H the reviewer cannot decide (`E1203`).
/// - Who refused acceptance does not sign a second time (`E1234`).
/// - The model of the item may exclude the performers of earlier nodes (`E1227`).
/// - A site check is confirmed by different people (`E1216`).
pub fn objection(case: &Case, risk: Risk, task: &Task, who: Performer) -> Option<&'static Code> {
    if who.is_party(case) {
        return Some(&codes::E1204);
    }
    let barred = barred(case, risk, task);
    let found = barred.iter().find(|(earlier, _)| who.is(case, *earlier));
    found.map(|(_, code)| *code)
}

/// The same as a refusal.
///
/// # Errors
/// The objection.
pub fn check(case: &Case, risk: Risk, task: &Task, who: Performer) -> Result<(), Refusal> {
    objection(case, risk, task, who).map_or(Ok(()), |code| Err(Refusal::new(code)))
}

/// Under which accounts people did what keeps them from this task, the gravest reason first.
pub fn barred(case: &Case, risk: Risk, task: &Task) -> Vec<(StaffId, &'static Code)> {
    let mut barred = Vec::new();
    let mut bar = |staff: &mut dyn Iterator<Item = &StaffId>, code| {
        barred.extend(staff.map(|staff| (*staff, code)));
    };
    let stage = task.opened.stage;
    if matches!(
        stage,
        Stage::Review | Stage::SecondReview | Stage::SiteCheck | Stage::Decide
    ) {
        bar(&mut case.acceptor.iter(), &codes::E1202);
    }
    if stage == Stage::Decide && risk >= Risk::M {
        bar(&mut case.reviewers.iter(), &codes::E1203);
    }
    if stage == Stage::Intake {
        let refused = case.refusal.as_ref().map(|refusal| refusal.by);
        bar(&mut refused.iter(), &codes::E1234);
    }
    let nodes = task.opened.exclude.iter();
    let performers = nodes.filter_map(|node| case.performers.get(node));
    bar(&mut performers.flatten(), &codes::E1227);
    bar(&mut task.confirmed.iter(), &codes::E1216);
    barred
}
