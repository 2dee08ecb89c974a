//! Which day counts: receipt, corrections, acceptance, silence.

use super::{Play, clerk, day, supervisor, supply, words};
use crate::{
    apply::insist::Insist,
    case::Channel,
    clock::ClockKind,
    event::{AcceptMode, NoticeKind, Target},
    jobs::{AcceptBySilence, Recount},
    state::State,
    work::{
        accept::AcceptCase,
        countersign::CountersignRefusal,
        pre_review::PreReturnCase,
        refuse::{RefusalKind, Refuse},
    },
};
use kernel::{Date, item::ClockStart};

fn due(play: &Play, kind: ClockKind) -> Date {
    play.case.running(kind).unwrap().due_on
}

fn pre_return() -> PreReturnCase {
    PreReturnCase {
        targets: vec![Target::Field("mobile".to_owned())],
        words: vec![1],
    }
}

fn refusal() -> Refuse {
    Refuse {
        kind: RefusalKind::NotAccepted,
        ground: None,
        words: vec![1],
    }
}

#[test]
fn a_licence_counts_from_acceptance_and_a_benefit_from_receipt() {
    // Thursday 26 February 2026 is followed by a working Saturday, the 28th.
    let mut licence = Play::open("LD-001", Channel::Online, "2026-02-26");
    licence.submit();
    assert_eq!(due(&licence, ClockKind::Acceptance), day("2026-03-04"));
    licence.on("2026-03-02");
    licence.accept();
    let from = licence.case.running(ClockKind::Statutory).unwrap().start;
    assert_eq!(from, day("2026-03-02"));
    assert_eq!(due(&licence, ClockKind::Statutory), day("2026-03-30"));
    assert_eq!(due(&licence, ClockKind::Promised), day("2026-03-11"));

    let mut benefit = Play::open("SB-084", Channel::Online, "2026-02-26");
    assert_eq!(
        benefit.model.edition.facts.limits.start,
        ClockStart::Received
    );
    benefit.submit();
    benefit.on("2026-03-02");
    benefit.accept();
    let statutory = benefit.case.running(ClockKind::Statutory).unwrap();
    assert_eq!(statutory.start, day("2026-02-26"));
    let promised = benefit.case.running(ClockKind::Promised).unwrap();
    assert_eq!(promised.start, day("2026-03-02"));
}

#[test]
fn corrections_restart_the_time_to_accept_and_receipt_counts_from_the_complete_set() {
    let mut play = Play::open("SB-084", Channel::Online, "2026-03-02");
    play.submit();
    play.on("2026-03-03");
    play.correct("m2");
    assert!(play.case.running(ClockKind::Acceptance).is_none());
    let stopped = play.case.clocks.iter().find(|clock| !clock.runs()).unwrap();
    assert_eq!(stopped.stopped_at, Some(play.now));
    play.on("2026-03-10");
    play.attach("m2", 1);
    play.act(supply(&play), None).unwrap();
    assert!(play.case.running(ClockKind::Correction).is_none());
    assert_eq!(due(&play, ClockKind::Acceptance), day("2026-03-17"));
    play.on("2026-03-11");
    play.accept();
    let statutory = play.case.running(ClockKind::Statutory).unwrap();
    assert_eq!(statutory.start, day("2026-03-10"));
}

#[test]
fn silence_accepts_from_the_day_of_receipt() {
    let mut play = Play::open("LD-001", Channel::Online, "2026-03-02");
    play.submit();
    play.on("2026-03-09");
    assert!(
        play.act(AcceptBySilence, None).unwrap().is_empty(),
        "the last day is not over"
    );
    play.on("2026-03-10");
    play.act(AcceptBySilence, None).unwrap();
    assert_eq!(play.case.state, State::Reviewing);
    assert_eq!(play.case.accept_mode, Some(AcceptMode::Deemed));
    assert_eq!(play.case.accepted_on, Some(day("2026-03-02")));
    assert_eq!(play.case.acceptor, None);
    let statutory = play.case.running(ClockKind::Statutory).unwrap();
    assert_eq!(statutory.start, day("2026-03-02"));
    assert_eq!(statutory.due_on, day("2026-03-30"));
    assert!(play.act(AcceptBySilence, None).unwrap().is_empty());
}

#[test]
fn silence_after_corrections_accepts_from_the_day_they_came() {
    let mut play = Play::open("LD-001", Channel::Online, "2026-03-02");
    play.submit();
    play.correct("m4");
    play.on("2026-03-10");
    play.attach("m4", 1);
    play.act(supply(&play), None).unwrap();
    play.on("2026-03-18");
    play.act(AcceptBySilence, None).unwrap();
    assert_eq!(play.case.accepted_on, Some(day("2026-03-10")));
}

#[test]
fn what_came_too_late_is_not_said_any_more() {
    let mut play = Play::open("LD-001", Channel::Online, "2026-03-02");
    play.submit();
    play.on("2026-03-10");
    assert_eq!(play.refused(super::notice("m4"), Some(&clerk())), "E1231");
    assert_eq!(play.refused(refusal(), Some(&clerk())), "E1231");
    assert_eq!(play.refused(pre_return(), Some(&clerk())), "E1231");
    // The clerk who comes before the job finds what the law has done, papers or not.
    let missing = vec![words("章程", "Articles")];
    play.act(AcceptCase { missing }, Some(&clerk())).unwrap();
    assert_eq!(play.case.accept_mode, Some(AcceptMode::Deemed));
    assert_eq!(play.case.accepted_on, Some(day("2026-03-02")));
}

#[test]
fn pre_review_stops_no_clock_and_insisting_keeps_the_date() {
    let mut play = Play::open("LD-001", Channel::Online, "2026-03-02");
    play.submit();
    let received = play.case.received_at;
    play.act(pre_return(), Some(&clerk())).unwrap();
    assert_eq!(due(&play, ClockKind::Acceptance), day("2026-03-09"));
    play.on("2026-03-05");
    play.act(Insist, None).unwrap();
    assert_eq!(play.case.state, State::Received);
    assert_eq!(play.case.received_at, received);
    assert_eq!(due(&play, ClockKind::Acceptance), day("2026-03-09"));
}

#[test]
fn who_insists_after_the_time_to_accept_is_accepted() {
    let mut play = Play::open("LD-001", Channel::Online, "2026-03-02");
    play.submit();
    play.act(pre_return(), Some(&clerk())).unwrap();
    play.on("2026-03-16");
    assert!(
        play.act(AcceptBySilence, None).unwrap().is_empty(),
        "it waits for its applicant"
    );
    play.act(Insist, None).unwrap();
    assert_eq!(play.case.accept_mode, Some(AcceptMode::Deemed));
    assert_eq!(play.case.accepted_on, Some(day("2026-03-02")));
}

#[test]
fn who_amends_after_a_pre_return_keeps_the_day_he_came() {
    let mut play = Play::open("LD-001", Channel::Online, "2026-03-02");
    play.submit();
    let (number, received) = (play.case.number.clone(), play.case.received_at);
    play.act(pre_return(), Some(&clerk())).unwrap();
    play.on("2026-03-05");
    play.submit();
    assert_eq!(play.case.number, number, "the number stays");
    assert_eq!(play.case.received_at, received);
    assert_eq!(due(&play, ClockKind::Acceptance), day("2026-03-09"));
    // The promise to look at it is given anew.
    assert_eq!(due(&play, ClockKind::PreReview), day("2026-03-06"));
    play.on("2026-03-06");
    play.act(pre_return(), Some(&clerk())).unwrap();
    play.on("2026-03-07");
    play.submit();
    assert_eq!(due(&play, ClockKind::Acceptance), day("2026-03-09"));
}

#[test]
fn who_amends_after_the_time_to_accept_is_accepted() {
    let mut play = Play::open("LD-001", Channel::Online, "2026-03-02");
    play.submit();
    play.act(pre_return(), Some(&clerk())).unwrap();
    play.on("2026-03-16");
    play.submit();
    assert_eq!(play.case.accept_mode, Some(AcceptMode::Deemed));
    assert_eq!(
        play.case.accepted_on,
        Some(day("2026-03-16")),
        "the complete set came that day"
    );
    assert_eq!(play.replayed(), play.case);
}

#[test]
fn a_pre_return_tells_everything_once() {
    let mut play = Play::open("LD-001", Channel::Online, "2026-03-02");
    play.submit();
    play.act(pre_return(), Some(&clerk())).unwrap();
    play.attach("m4", 1);
    play.submit();
    let lines = |slot: &str| PreReturnCase {
        targets: vec![Target::Material(slot.to_owned())],
        words: vec![1],
    };
    assert_eq!(play.refused(lines("m3"), Some(&clerk())), "E1207");
    play.act(lines("m4"), Some(&clerk())).unwrap();
    play.submit();
    // What was new then is told by now.
    play.act(lines("m4"), Some(&clerk())).unwrap();
}

#[test]
fn an_instant_item_is_granted_by_its_table_alone() {
    let mut play = Play::open("JY-009", Channel::Online, "2026-03-02");
    play.outcome = "grant";
    play.submit();
    let decision = play.case.decision.clone().unwrap();
    assert_eq!(decision.decider, None);
    assert!(decision.by_rule.unwrap().ends_with("R1 v1"));
    assert_eq!(play.case.accept_mode, Some(AcceptMode::Automatic));
    assert!(
        play.papers
            .iter()
            .all(|paper| paper.kind != NoticeKind::AcceptNotice)
    );

    let mut doubtful = Play::open("JY-009", Channel::Online, "2026-03-02");
    doubtful.submit();
    assert_eq!(doubtful.case.state, State::Reviewing);
    assert_eq!(doubtful.case.acceptor, None);
}

#[test]
fn a_new_calendar_moves_running_clocks_and_says_so() {
    let mut play = Play::open("LD-001", Channel::Online, "2026-12-30");
    play.submit();
    play.accept();
    let old = play.case.running(ClockKind::Statutory).unwrap().clone();
    assert!(old.provisional);
    let next = format!("{}2027-01-04\toff\t元旦\n", super::text("holidays.tsv"));
    play.calendar = std::sync::Arc::new(calendar::Calendar::read(2, &next).unwrap());
    let events = play.act(Recount, None).unwrap();
    assert!(events.iter().all(|kind| *kind == "case.clock_recomputed"));
    let new = play.case.running(ClockKind::Statutory).unwrap();
    assert_ne!(new.due_on, old.due_on);
    assert_eq!((new.start, new.calendar), (old.start, 2));
    assert!(play.act(Recount, None).unwrap().is_empty(), "once");
    let stopped = play.case.clocks.iter().find(|clock| !clock.runs()).unwrap();
    assert_eq!(stopped.calendar, 1, "what stopped stays as it was counted");
    assert_eq!(play.replayed(), play.case);
}

#[test]
fn a_refusal_takes_effect_with_a_second_signature() {
    let mut play = Play::open("LD-001", Channel::Online, "2026-03-02");
    play.submit();
    play.act(refusal(), Some(&clerk())).unwrap();
    assert_eq!(play.case.state, State::Received, "nothing is decided yet");
    let refused = |play: &Play| {
        let mut papers = play.papers.iter();
        papers.any(|paper| paper.kind == NoticeKind::RefuseAcceptance)
    };
    assert!(!refused(&play));
    assert!(play.case.running(ClockKind::Acceptance).is_some());
    let sign = || CountersignRefusal::Sign(Some(vec![1]));
    assert_eq!(play.refused(sign(), Some(&clerk())), "E1102");
    let mut same = supervisor();
    same.performer = clerk().performer;
    assert_eq!(play.refused(sign(), Some(&same)), "E1234");
    assert_eq!(play.refused(refusal(), Some(&supervisor())), "E1201");
    let wordless = CountersignRefusal::Sign(None);
    assert_eq!(play.refused(wordless, Some(&supervisor())), "E1201");
    play.act(sign(), Some(&supervisor())).unwrap();
    assert_eq!(play.case.state, State::NotAccepted);
    assert!(play.case.refusal.is_none() && play.case.tasks.is_empty());
    let paper = play.papers.last().unwrap();
    assert_eq!(
        (paper.kind, paper.sealed.as_deref()),
        (NoticeKind::RefuseAcceptance, Some(&[1][..]))
    );
    assert_eq!(play.replayed(), play.case);
}

#[test]
fn a_refusal_that_is_not_signed_is_the_clerks_again() {
    let mut play = Play::open("LD-001", Channel::Online, "2026-03-02");
    play.submit();
    let back = || CountersignRefusal::SendBack(Some(vec![2]));
    assert_eq!(play.refused(back(), Some(&supervisor())), "E1201");
    play.act(refusal(), Some(&clerk())).unwrap();
    play.act(back(), Some(&supervisor())).unwrap();
    assert_eq!(play.case.state, State::Received);
    assert_eq!(play.case.tasks[0].holder, Some(clerk().performer.staff));
    play.accept();
    assert_eq!(play.case.state, State::Reviewing);
    assert_eq!(play.replayed(), play.case);
}

#[test]
fn silence_accepts_while_a_refusal_waits() {
    let mut play = Play::open("LD-001", Channel::Online, "2026-03-02");
    play.submit();
    play.act(refusal(), Some(&clerk())).unwrap();
    play.on("2026-03-10");
    let sign = CountersignRefusal::Sign(Some(vec![1]));
    assert_eq!(play.refused(sign, Some(&supervisor())), "E1231");
    play.act(AcceptBySilence, None).unwrap();
    assert_eq!(play.case.accept_mode, Some(AcceptMode::Deemed));
    assert!(play.case.refusal.is_none());
}
