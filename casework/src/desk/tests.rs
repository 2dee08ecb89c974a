//! Who may look at which case.

use kernel::{
    caller::Staff,
    ids::{Id as _, SessionId},
};
use uuid::Uuid;

use super::{Sight, looks, sight};
use crate::{
    case::Channel,
    jobs::WithdrawConsent,
    state::State,
    tests::{Play, Who, colleague},
    work::{
        decide::Said,
        hand_out::{HandOutMethod, HandOutResult},
    },
};

/// A colleague with one permission in one organisation.
fn of(permission: &str, org: &str) -> Staff {
    let Who { performer, grants } = colleague(1, &[permission]);
    let mut grants = grants.to_vec();
    for grant in &mut grants {
        grant.org = org.parse().unwrap();
    }
    Staff {
        session: SessionId::from_uuid(Uuid::nil()),
        staff: performer.staff,
        person: performer.person,
        bureau: "180100".parse().unwrap(),
        org: org.parse().unwrap(),
        name: "同事".into(),
        grants: grants.into(),
    }
}

fn benefit(channel: Channel) -> Play {
    Play::open("SB-084", channel, "2026-03-02")
}

#[test]
fn nobody_looks_at_a_draft_but_the_window_that_fills_it_in() {
    let (online, window) = (benefit(Channel::Online), benefit(Channel::Window));
    let leader = of("case.view", "180100");
    let clerk = of("case.accept", "180100/hall");
    assert_eq!(looks(&leader, &online.case), None);
    assert_eq!(looks(&leader, &window.case), None);
    assert_eq!(looks(&clerk, &online.case), None);
    assert_eq!(looks(&clerk, &window.case), Some(Sight::Whole));
}

#[test]
fn an_organisation_sees_its_own_cases_and_a_window_all_of_them() {
    let mut play = benefit(Channel::Online);
    play.submit();
    for (permission, org, sees) in [
        ("case.accept", "180100/hall", true),
        ("case.view", "180100", true),
        ("case.review", "180100/insurance", true),
        ("case.review", "180100/insurance/unemployment", true),
        ("case.review", "180100/insurance/unemployment/team-1", false),
        ("case.review", "180100/employment", false),
        ("case.view", "180100/employment", false),
        ("insight.view", "180100", false),
        // Its intake is open in the hall.
        ("case.supervise", "180100/hall", true),
    ] {
        assert_eq!(
            looks(&of(permission, org), &play.case),
            sees.then_some(Sight::Whole),
            "{permission} {org}"
        );
    }
}

#[test]
fn who_hands_out_results_sees_the_result_while_it_waits_and_afterwards_what_he_handed_out() {
    let desk = of("case.deliver", "180100/delivery");
    let elsewhere = of("case.deliver", "180100/labour");
    let mut play = benefit(Channel::Online);
    play.submit();
    play.act(WithdrawConsent { at: play.now }, None).unwrap();
    play.accept();
    play.review();
    assert_eq!(play.case.state, State::Deciding);
    assert_eq!(looks(&desk, &play.case), None);
    play.decide(Said::Grant(None));
    assert_eq!(looks(&desk, &play.case), Some(Sight::Result));
    assert_eq!(looks(&elsewhere, &play.case), None);
    let reviewer = of("case.review", "180100/insurance");
    assert_eq!(looks(&reviewer, &play.case), Some(Sight::Whole));
    let hand_out = HandOutResult {
        method: HandOutMethod::Counter,
        received_on: None,
        words: None,
    };
    let who = crate::tests::desk();
    play.act(hand_out, Some(&who)).unwrap();
    assert_eq!(looks(&desk, &play.case), None, "a colleague handed it out");
    let himself = Staff {
        staff: who.performer.staff,
        ..desk
    };
    assert_eq!(looks(&himself, &play.case), Some(Sight::Result));
    let elsewhere_now = Staff {
        grants: Vec::new().into(),
        ..himself
    };
    assert_eq!(
        looks(&elsewhere_now, &play.case),
        None,
        "no longer at the desk"
    );
}

#[test]
fn a_search_is_as_wide_as_the_sight() {
    assert_eq!(sight(&of("case.accept", "180100/hall")), None);
    let orgs = sight(&of("case.view", "180100/employment")).unwrap();
    assert_eq!(orgs, ["180100/employment".parse().unwrap()]);
    assert_eq!(sight(&of("audit.view", "180100")), Some(Vec::new()));
}
