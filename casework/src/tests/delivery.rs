//! After the decision: served, made, handed out; and the one place an applicant has for an item.

use kernel::Timestamp;

use super::{Play, clerk, day, desk, notice, supervisor};
use crate::{
    apply::{submit::SubmitCase, withdraw::WithdrawCase},
    case::{Case, Channel},
    clock::ClockKind,
    command::{Act, place},
    event::NoticeKind,
    jobs::{AcceptBySilence, Lapse, Serve, WithdrawConsent},
    state::State,
    work::{
        countersign::CountersignRefusal,
        decide::{DecideCase, Said},
        hand_out::{HandOutMethod, HandOutResult},
        refuse::{RefusalKind, Refuse},
    },
};

fn hand_out() -> HandOutResult {
    HandOutResult {
        method: HandOutMethod::Counter,
        received_on: None,
        words: Some(vec![1]),
    }
}

fn withdraw_consent(play: &Play) -> WithdrawConsent {
    WithdrawConsent { at: play.now }
}

fn granted(item: &str) -> Play {
    let mut play = Play::open(item, Channel::Online, "2026-03-02");
    play.submit();
    play.accept();
    play.review();
    play.decide(Said::Grant(None));
    play
}

/// Granted at once at the window, to be handed out.
fn granted_on_paper() -> Play {
    let mut play = Play::open("JY-009", Channel::Window, "2026-03-02");
    play.outcome = "grant";
    let receive = crate::counter::receive::ReceiveCase {
        electronic: false,
        promises: Vec::new(),
        packed: None,
        complete: true,
        now: play.now,
    };
    play.act(receive, Some(&clerk())).unwrap();
    play
}

/// What the decision of a case grants, as it is sealed in its paper.
fn sealed_grant(play: &Play) -> Option<Vec<u8>> {
    let mut papers = play.papers.iter();
    let paper = papers.find(|paper| paper.kind == NoticeKind::Grant);
    paper.unwrap().sealed.clone()
}

#[test]
fn the_decision_carries_what_it_grants() {
    let mut play = Play::open("SB-084", Channel::Online, "2026-03-02");
    play.submit();
    play.accept();
    play.review();
    play.decide(Said::Grant(Some(vec![3])));
    assert_eq!(sealed_grant(&play), Some(vec![3]), "by a person");
    let mut play = Play::open("JY-009", Channel::Online, "2026-03-02");
    play.outcome = "grant";
    play.submit();
    assert_eq!(sealed_grant(&play), Some(vec![2]), "by the rules");
}

#[test]
fn the_arrival_of_the_result_is_its_delivery() {
    let mut play = granted("SB-084");
    assert_eq!(play.case.state, State::Ready);
    assert_eq!(play.refused(hand_out(), Some(&desk())), "E1201");
    let notice_id = play.case.result_notice().unwrap();
    play.act(Serve { notice_id }, None).unwrap();
    assert_eq!(play.case.state, State::Delivered);
    assert!(
        play.act(Serve { notice_id }, None).unwrap().is_empty(),
        "once"
    );
    assert!(play.case.clocks.iter().all(|clock| !clock.runs()));
}

#[test]
fn other_papers_that_arrive_deliver_nothing() {
    let mut play = granted("SB-084");
    let notice_id = play.case.notices[0].notice_id;
    play.act(Serve { notice_id }, None).unwrap();
    assert_eq!(play.case.state, State::Ready);
    assert!(play.case.notices[0].served.is_some());
}

#[test]
fn who_takes_his_consent_back_before_the_decision_collects_the_result() {
    let mut play = Play::open("SB-084", Channel::Online, "2026-03-02");
    play.submit();
    play.accept();
    let seen = play.case.version;
    let before = play.now.plus_seconds(-1);
    let withdrawn = play.act(WithdrawConsent { at: before }, None);
    assert!(withdrawn.unwrap().is_empty(), "he was asked since");
    play.act(withdraw_consent(&play), None).unwrap();
    assert!(!play.case.electronic && play.case.was_seen_at(seen));
    assert!(
        play.act(withdraw_consent(&play), None).unwrap().is_empty(),
        "once"
    );
    play.review();
    play.decide(Said::Grant(None));
    assert_eq!(play.case.state, State::Ready);
    let (last, _) = play.log.last().unwrap();
    assert_eq!(last["electronic"], false);
    play.act(hand_out(), Some(&desk())).unwrap();
    assert_eq!(play.case.state, State::Delivered);
}

#[test]
fn what_is_decided_is_served_as_it_was_agreed() {
    let mut play = granted("SB-084");
    assert!(play.act(withdraw_consent(&play), None).unwrap().is_empty());
    let (last, _) = play.log.last().unwrap();
    assert_eq!(last["electronic"], true);
}

#[test]
fn whoever_saw_the_case_before_a_paper_arrived_has_seen_it() {
    let mut play = granted("SB-084");
    let (seen, notice_id) = (play.case.version, play.case.notices[0].notice_id);
    play.act(Serve { notice_id }, None).unwrap();
    assert!(play.case.version > seen);
    assert!(play.case.was_seen_at(seen));
    assert!(play.case.was_seen_at(play.case.version));
    assert!(!play.case.was_seen_at(seen - 1), "before the decision");
    assert!(!play.case.was_seen_at(play.case.version + 1), "not yet");
}

#[test]
fn a_paper_is_served_once_on_the_first_day() {
    let mut play = granted_on_paper();
    assert_eq!(play.case.state, State::Ready);
    let notice_id = play.case.result_notice().unwrap();
    play.act(Serve { notice_id }, None).unwrap();
    let first = play.now;
    play.on("2026-03-05");
    play.act(hand_out(), Some(&desk())).unwrap();
    let result = play.case.notices.iter().find(|n| n.notice_id == notice_id);
    assert_eq!(result.unwrap().served.as_ref().unwrap().0, first);
    assert_eq!(play.case.state, State::Delivered);
}

#[test]
fn what_came_by_mail_was_served_on_the_day_of_the_return_receipt() {
    let mut play = granted_on_paper();
    let mailed = |on: &str| HandOutResult {
        method: HandOutMethod::Mail,
        received_on: Some(day(on)),
        words: Some(vec![1]),
    };
    play.on("2026-03-09");
    play.act(mailed("2026-03-05"), Some(&desk())).unwrap();
    let served = Timestamp::start_of(day("2026-03-05"));
    assert_eq!(play.case.delivered_at, Some(served));
    let result = play.case.result_notice().unwrap();
    let mut notices = play.case.notices.iter();
    let notice = notices.find(|notice| notice.notice_id == result).unwrap();
    assert_eq!(notice.served, Some((served, "mail".to_owned())));
    let clock = play.case.last(ClockKind::Delivery).unwrap();
    assert_eq!(clock.stopped_at, Some(served), "not when it was noted");
    let receipt = play.papers.last().unwrap();
    assert_eq!(receipt.facts["delivered_on"], "2026-03-05");
    assert_eq!(play.replayed(), play.case);
    let mut same_day = granted_on_paper();
    same_day.on("2026-03-09");
    same_day.act(mailed("2026-03-02"), Some(&desk())).unwrap();
    let decided = same_day.case.decided_at;
    assert_eq!(same_day.case.delivered_at, decided, "not before it");
}

#[test]
fn punctuality_is_measured_at_the_decision() {
    let mut play = Play::open("SB-084", Channel::Online, "2026-03-02");
    play.submit();
    play.accept();
    play.on("2026-03-04");
    play.review();
    play.decide(Said::Grant(None));
    let late = play.case.decision.clone().unwrap();
    assert!(!late.on_time, "promised for the 3rd");
    assert_eq!(late.working_days, 2);
    assert!(play.case.running(ClockKind::Delivery).is_some());
    assert!(granted("SB-084").case.decision.unwrap().on_time);
}

#[test]
fn what_the_applicant_does_at_a_window_on_one_day_is_one_visit() {
    let mut play = granted_on_paper();
    assert_eq!(play.case.visits, 1);
    play.act(hand_out(), Some(&desk())).unwrap();
    assert_eq!(play.case.visits, 1, "the result was ready at once");
    let mut later = granted_on_paper();
    later.on("2026-03-04");
    later.act(hand_out(), Some(&desk())).unwrap();
    assert_eq!(later.case.visits, 2);
    assert_eq!(later.replayed(), later.case);
    // Corrections come on line or to the window.
    for (who, visits) in [(None, 0), (Some(clerk()), 1)] {
        let mut play = Play::open("LD-001", Channel::Online, "2026-03-02");
        play.submit();
        play.correct("m4");
        play.attach("m4", 1);
        play.act(super::supply(&play), who.as_ref()).unwrap();
        assert_eq!(play.case.visits, visits);
        assert_eq!(play.replayed(), play.case);
    }
}

/// What an act does with the place: needed, taken, freed.
fn placed<A: Act>(before: &Case, after: &Play) -> (bool, bool, bool) {
    let place = place::<A>(before, &after.case);
    (place.needed, place.taken, place.freed)
}

#[test]
fn a_case_takes_the_place_of_its_item_with_its_number_and_frees_it_when_it_closes() {
    const TAKEN: (bool, bool, bool) = (true, true, false);
    const FREED: (bool, bool, bool) = (false, false, true);
    let mut play = Play::open("SB-084", Channel::Online, "2026-03-02");
    let draft = play.case.clone();
    play.submit();
    assert_eq!(placed::<SubmitCase>(&draft, &play), TAKEN);
    let open = play.case.clone();

    play.act(WithdrawCase { words: None }, None).unwrap();
    assert_eq!(placed::<WithdrawCase>(&open, &play), FREED);

    play.case = open.clone();
    let refuse = Refuse {
        kind: RefusalKind::NotAccepted,
        ground: None,
        words: vec![1],
    };
    play.act(refuse, Some(&clerk())).unwrap();
    let proposed = play.case.clone();
    play.act(CountersignRefusal::Sign(Some(vec![1])), Some(&supervisor()))
        .unwrap();
    assert_eq!(placed::<CountersignRefusal>(&proposed, &play), FREED);

    play.case = open;
    play.act(notice("m2"), Some(&clerk())).unwrap();
    let correcting = play.case.clone();
    play.on("2026-06-01");
    play.act(Lapse, None).unwrap();
    assert_eq!(placed::<Lapse>(&correcting, &play), FREED);

    let mut decided = Play::open("SB-084", Channel::Online, "2026-03-02");
    decided.submit();
    decided.on("2026-03-20");
    let open = decided.case.clone();
    decided.act(AcceptBySilence, None).unwrap();
    assert_eq!(
        placed::<AcceptBySilence>(&open, &decided),
        (false, false, false)
    );
    decided.review();
    let deciding = decided.case.clone();
    decided.decide(Said::Grant(None));
    assert_eq!(placed::<DecideCase>(&deciding, &decided), FREED);
}

#[test]
fn what_is_granted_at_once_needs_the_place_and_keeps_it_free() {
    let mut play = Play::open("JY-009", Channel::Online, "2026-03-02");
    let draft = play.case.clone();
    play.outcome = "grant";
    play.submit();
    assert_eq!(placed::<SubmitCase>(&draft, &play), (true, false, false));
}

#[test]
fn withdrawing_ends_with_the_decision() {
    let mut play = Play::open("LD-001", Channel::Online, "2026-03-02");
    play.submit();
    play.accept();
    play.review();
    play.act(WithdrawCase { words: None }, None).unwrap();
    assert_eq!(play.case.state, State::Withdrawn);
    let mut decided = granted("SB-084");
    assert_eq!(decided.refused(WithdrawCase { words: None }, None), "E1218");
}
