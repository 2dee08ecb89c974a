//! 受审分离, and whose hands a task is in.

use super::{
    Play, Who, applicant, clerk, colleague, decider, decision, denial, model, review, reviewer,
    staff,
};
use crate::{
    case::Channel,
    event::NoticeKind,
    jobs::TakeOver,
    separation::Performer,
    state::State,
    work::{
        accept::AcceptCase,
        claim::{Claim, Release},
        decide::Said,
        reassign::Give,
        site_check::CheckSite,
    },
};
use kernel::{
    ids::{Id as _, PersonId, TaskId},
    item::{ItemType, Risk},
};
use uuid::Uuid;

const ALL: [&str; 5] = [
    "case.accept",
    "case.review",
    "case.decide",
    "case.deliver",
    "case.supervise",
];

fn accepted(item: &str) -> Play {
    let mut play = Play::open(item, Channel::Online, "2026-03-02");
    play.submit();
    play.accept();
    play
}

fn task(play: &Play) -> TaskId {
    play.case.tasks[0].opened.task_id
}

fn give(play: &Play, to: Performer) -> Give {
    Give {
        task: task(play),
        to,
        words: None,
    }
}

fn checks(words: Option<Vec<u8>>) -> CheckSite {
    CheckSite { words }
}

/// The same person with every post.
fn with_all(who: &Who) -> Who {
    let mut all = colleague(1, &ALL);
    all.performer = who.performer;
    all
}

#[test]
fn who_accepted_neither_reviews_nor_decides() {
    let mut play = accepted("SB-084");
    let acceptor = with_all(&clerk());
    assert_eq!(play.refused(review(), Some(&acceptor)), "E1202");
    let claim = Claim(task(&play));
    assert_eq!(play.refused(claim, Some(&acceptor)), "E1202");
    play.review();
    assert_eq!(
        play.refused(decision(Said::Grant(None)), Some(&acceptor)),
        "E1202"
    );
}

#[test]
fn where_risk_is_high_the_reviewer_does_not_decide() {
    let mut play = accepted("SB-084");
    play.review();
    let both = with_all(&reviewer());
    assert_eq!(
        play.refused(decision(Said::Grant(None)), Some(&both)),
        "E1203"
    );
    play.decide(Said::Grant(None));
}

#[test]
fn risk_that_is_not_given_is_medium_for_licences_and_confirmations() {
    let mut facts = model("LD-001").edition.facts.clone();
    assert_eq!((facts.item_type, facts.risk), (ItemType::Licence, None));
    for (item_type, counted) in [
        (ItemType::Licence, Risk::M),
        (ItemType::Confirmation, Risk::M),
        (ItemType::Benefit, Risk::L),
        (ItemType::Inspection, Risk::L),
        (ItemType::Award, Risk::L),
        (ItemType::Adjudication, Risk::L),
        (ItemType::OtherPower, Risk::L),
        (ItemType::PublicService, Risk::L),
    ] {
        facts.item_type = item_type;
        facts.risk = None;
        assert_eq!(facts.counted_risk(), counted, "{item_type:?}");
        for given in [Risk::L, Risk::M, Risk::H] {
            facts.risk = Some(given);
            assert_eq!(facts.counted_risk(), given, "{item_type:?}");
        }
    }
}

#[test]
fn where_risk_is_not_given_the_reviewer_of_a_licence_does_not_decide() {
    let mut play = accepted("LD-001");
    play.review();
    for (number, words) in [(2, Some(vec![1])), (3, None)] {
        let checker = colleague(number, &["case.review"]);
        play.act(checks(words), Some(&checker)).unwrap();
    }
    // By its risk, before the model has a say.
    let both = with_all(&reviewer());
    assert_eq!(
        play.refused(decision(Said::Grant(None)), Some(&both)),
        "E1203"
    );
    play.decide(Said::Grant(None));
}

#[test]
fn the_model_keeps_steps_apart_where_risk_alone_would_not() {
    let mut play = Play::open("JY-009", Channel::Online, "2026-03-02");
    play.submit();
    play.review();
    let both = with_all(&reviewer());
    assert_eq!(
        play.refused(decision(Said::Grant(None)), Some(&both)),
        "E1227"
    );
}

#[test]
fn nobody_handles_his_own_case() {
    let mut play = Play::open("LD-001", Channel::Online, "2026-03-02");
    play.submit();
    let mut party = colleague(8, &ALL);
    party.performer.person = Some(applicant());
    let missing = Vec::new();
    assert_eq!(play.refused(AcceptCase { missing }, Some(&party)), "E1204");
    assert_eq!(play.refused(Claim(task(&play)), Some(&party)), "E1204");
    let to = party.performer;
    assert_eq!(play.refused(give(&play, to), Some(&clerk())), "E1223");
}

#[test]
fn a_site_check_takes_two() {
    let mut play = accepted("LD-001");
    play.review();
    let (first, second) = (
        colleague(2, &["case.review"]),
        colleague(3, &["case.review"]),
    );
    assert_eq!(
        play.refused(checks(None), Some(&first)),
        "E1201",
        "nothing to confirm"
    );
    play.act(checks(Some(vec![1])), Some(&first)).unwrap();
    assert_eq!(play.refused(checks(Some(vec![1])), Some(&second)), "E1201");
    assert_eq!(play.refused(checks(None), Some(&first)), "E1216");
    assert_eq!(
        play.refused(give(&play, first.performer), Some(&clerk())),
        "E1223"
    );
    let acceptor = with_all(&clerk());
    assert_eq!(play.refused(checks(None), Some(&acceptor)), "E1202");
    play.act(checks(None), Some(&second)).unwrap();
    assert_eq!(play.case.state, State::Deciding);
    let checker = with_all(&second);
    assert_eq!(
        play.refused(decision(Said::Grant(None)), Some(&checker)),
        "E1227"
    );
}

#[test]
fn a_task_in_somebodys_hands_is_his() {
    let mut play = accepted("SB-084");
    let (one, other) = (
        colleague(2, &["case.review"]),
        colleague(3, &["case.review"]),
    );
    play.act(Claim(task(&play)), Some(&one)).unwrap();
    assert!(play.act(Claim(task(&play)), Some(&one)).unwrap().is_empty());
    assert_eq!(play.refused(Claim(task(&play)), Some(&other)), "E1210");
    assert_eq!(play.refused(review(), Some(&other)), "E1210");
    assert_eq!(play.refused(Release(task(&play)), Some(&other)), "E1211");
    play.act(Release(task(&play)), Some(&one)).unwrap();
    play.act(review(), Some(&other)).unwrap();
    assert_eq!(play.case.reviewers, [staff(3)]);
}

#[test]
fn a_post_of_another_organisation_does_not_count() {
    let mut play = accepted("SB-084");
    let mut elsewhere = colleague(2, &["case.review"]);
    let mut grants = elsewhere.grants.to_vec();
    grants[0].org = "180100/labour".parse().unwrap();
    elsewhere.grants = grants.into();
    assert_eq!(play.refused(review(), Some(&elsewhere)), "E1102");
}

#[test]
fn who_leaves_hands_over_what_the_heir_may_do() {
    let mut play = accepted("SB-084");
    play.act(Claim(task(&play)), Some(&reviewer())).unwrap();
    let over = |play: &Play, from, to: Option<Who>| TakeOver {
        task: task(play),
        from: staff(from),
        to: to.map(|who| who.performer),
    };
    let nothing = over(&play, 9, Some(colleague(3, &[])));
    assert!(play.act(nothing, None).unwrap().is_empty(), "it is not his");
    let heir = over(&play, 2, Some(colleague(3, &[])));
    play.act(heir, None).unwrap();
    assert_eq!(play.case.tasks[0].holder, Some(staff(3)));
    // The acceptor cannot inherit a review: it goes back to everybody.
    let acceptor = over(&play, 3, Some(clerk()));
    play.act(acceptor, None).unwrap();
    assert_eq!(play.case.tasks[0].holder, None);
}

#[test]
fn a_return_goes_back_to_review_and_a_denial_says_why() {
    let mut play = accepted("SB-084");
    play.review();
    play.decide(Said::Return);
    assert_eq!(play.case.state, State::Reviewing);
    play.review();
    assert_eq!(
        play.refused(decision(Said::Return), Some(&decider())),
        "E1233"
    );
    play.act(decision(Said::Deny(denial())), Some(&decider()))
        .unwrap();
    assert_eq!(play.case.state, State::Denied);
    let paper = play
        .papers
        .iter()
        .find(|paper| paper.kind == NoticeKind::Deny)
        .unwrap();
    assert!(paper.sealed.is_some());
}

#[test]
fn a_supervisor_who_gives_the_decision_allows_another_return() {
    let mut play = accepted("SB-084");
    play.review();
    play.decide(Said::Return);
    play.review();
    let mut given = give(&play, decider().performer);
    play.act(given, Some(&clerk())).unwrap();
    assert!(!play.case.may_return(), "nobody has said why");
    given = give(&play, decider().performer);
    given.words = Some(vec![1]);
    play.act(given, Some(&clerk())).unwrap();
    play.decide(Said::Return);
    assert_eq!((play.case.state, play.case.returns), (State::Reviewing, 2));
    play.review();
    assert_eq!(
        play.refused(decision(Said::Return), Some(&decider())),
        "E1233",
        "it was good for one return"
    );
}

/// The same natural person under another account.
fn again(who: &Who, number: u128, person: PersonId) -> (Who, Who) {
    let mut first = with_all(who);
    let mut second = colleague(number, &ALL);
    first.performer.person = Some(person);
    second.performer.person = Some(person);
    (first, second)
}

#[test]
fn somebody_with_two_accounts_is_one() {
    let one = PersonId::from_uuid(Uuid::from_u128(8_000));
    let two = PersonId::from_uuid(Uuid::from_u128(8_001));
    let (acceptor, second) = again(&clerk(), 11, one);
    let mut play = Play::open("LD-001", Channel::Online, "2026-03-02");
    play.submit();
    let missing = Vec::new();
    play.act(AcceptCase { missing }, Some(&acceptor)).unwrap();
    assert_eq!(play.refused(review(), Some(&second)), "E1202");
    assert_eq!(play.refused(Claim(task(&play)), Some(&second)), "E1202");
    let to = second.performer;
    assert_eq!(play.refused(give(&play, to), Some(&clerk())), "E1223");
    let (reviewer, other) = again(&reviewer(), 12, two);
    play.act(review(), Some(&reviewer)).unwrap();
    // Two accounts of one person are not the two persons of a site check.
    play.act(checks(Some(vec![1])), Some(&reviewer)).unwrap();
    assert_eq!(play.refused(checks(None), Some(&other)), "E1216");
    let third = colleague(13, &["case.review"]);
    play.act(checks(None), Some(&third)).unwrap();
    assert_eq!(
        play.refused(decision(Said::Grant(None)), Some(&second)),
        "E1202"
    );
    assert_eq!(
        play.refused(decision(Said::Grant(None)), Some(&other)),
        "E1203"
    );
    assert_eq!(play.replayed(), play.case);
}

#[test]
fn who_may_act_for_the_enterprise_handles_none_of_its_cases() {
    let mut play = Play::open("LD-001", Channel::Online, "2026-03-02");
    play.submit();
    let mut agent = colleague(8, &ALL);
    agent.performer.agent = true;
    let missing = Vec::new();
    assert_eq!(play.refused(AcceptCase { missing }, Some(&agent)), "E1204");
    assert_eq!(play.refused(Claim(task(&play)), Some(&agent)), "E1204");
}
